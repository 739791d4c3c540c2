//! `POST /product/{version}/products/search`

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::product::each::texts;
use crate::family::product::shop;
use crate::family::product::view::row;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::product::{Product, ProductStatus};

/// Rows that a search reaches (PLATFORM.md 12 #29).
const ROWS_MAX: usize = 10_000;
/// Rows beyond the cap.
const CAPPED: i64 = 12_052_180;
/// How many seller SKUs, or SKU ids, a filter takes, and what it says to more.
const FILTER_MAX: usize = 10;
const SELLER_SKUS: i64 = 12_019_027;
const SKU_IDS: i64 = 12_019_087;
const CREATE_TIME: i64 = 12_019_118;
const UPDATE_TIME: i64 = 12_019_119;

pub(super) fn search_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let filter = Filter::of(&call.body)?;
    let shop = shop(call, world)?;
    let mut rows: Vec<&Product> = shop.products.iter().filter(|product| filter.fits(product)).collect();
    rows.reverse();
    let reachable = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX + 1);
    let page = page(call, world, rows)?;
    if reachable && page.next.is_empty() {
        return Err(Refusal::business(
            CAPPED,
            format!("A search reaches {ROWS_MAX} products: narrow it, for example by time."),
        ));
    }
    let products: Vec<Value> = page.rows.iter().map(|product| row(shop, product)).collect();
    let answer = json!({ "total_count": page.total, "products": products, "next_page_token": page.next });
    Ok(fitted(call, answer))
}

struct Filter<'b> {
    status: Option<ProductStatus>,
    audit: Vec<&'b str>,
    seller_skus: Vec<&'b str>,
    sku_ids: Vec<&'b str>,
    created: RangeInclusive<i64>,
    updated: RangeInclusive<i64>,
}

impl<'b> Filter<'b> {
    fn of(body: &'b Value) -> Result<Self, Refusal> {
        let status = match body.get("status").and_then(Value::as_str) {
            None | Some("ALL") => None,
            Some(word) => Some(
                ProductStatus::parse(word)
                    .ok_or_else(|| Refusal::parameter("Invalid parameter 'status'."))?,
            ),
        };
        let limited = |name: &str, code| {
            let found = texts(body, name);
            let message = || format!("`{name}` takes at most {FILTER_MAX} entries: search in several calls.");
            if found.len() > FILTER_MAX { Err(Refusal::business(code, message())) } else { Ok(found) }
        };
        Ok(Self {
            status,
            audit: texts(body, "audit_status"),
            seller_skus: limited("seller_skus", SELLER_SKUS)?,
            sku_ids: limited("sku_ids", SKU_IDS)?,
            created: range(body, "create_time", CREATE_TIME)?,
            updated: range(body, "update_time", UPDATE_TIME)?,
        })
    }

    fn fits(&self, product: &Product) -> bool {
        let audit = product.audit.status.as_str();
        let has_sku = |wanted: &[&str], of: &dyn Fn(&crate::world::product::Sku, &str) -> bool| {
            wanted.is_empty() || product.offered().any(|sku| wanted.iter().any(|text| of(sku, text)))
        };
        self.status.is_none_or(|status| product.status == status)
            && (self.audit.is_empty() || self.audit.contains(&audit))
            && has_sku(&self.seller_skus, &|sku, text| sku.seller_sku == text)
            && has_sku(&self.sku_ids, &|sku, text| sku.number.to_string() == text)
            && self.created.contains(&product.created.as_seconds())
            && self.updated.contains(&product.updated.as_seconds())
    }
}

/// Both bounds inclusive.
fn range(body: &Value, name: &str, code: i64) -> Result<RangeInclusive<i64>, Refusal> {
    let bound = |suffix: &str| body.get(format!("{name}_{suffix}")).and_then(Value::as_i64);
    let (from, until) = (bound("ge").unwrap_or(0), bound("le").unwrap_or(i64::MAX));
    if from > until {
        return Err(Refusal::business(code, format!("`{name}_ge` is later than `{name}_le`.")));
    }
    Ok(from..=until)
}
