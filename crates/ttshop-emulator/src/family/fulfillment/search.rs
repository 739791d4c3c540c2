//! `POST /fulfillment/202309/packages/search`

use std::ops::Range;
use std::time::Duration;

use serde_json::{Value, json};

use crate::family::data;
use crate::family::fulfillment::{package_value, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::page_token::PageToken;
use crate::world::book::SortField;
use crate::world::package::{Package, PackageFilter, PackageStatus};
use crate::world::{PackageNo, World};

/// Packages on a page when the caller does not say.
const PAGE_SIZE_DEFAULT: usize = 20;

pub(super) fn search_package(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let mut filter = filter(call)?;
    let size = call.call.param("page_size").and_then(|size| size.parse().ok()).unwrap_or(PAGE_SIZE_DEFAULT);
    let search = format!("{}|{}|{:?}|{}", shop.number, call.body, filter.field, filter.descending);
    let life = Duration::from_secs(world.switches.page_token_seconds);
    let token = match call.call.param("page_token") {
        Some(text) => {
            Some(PageToken::open(text, world.seed, search.as_bytes(), call.now, life).ok_or_else(|| {
                Refusal::parameter("Invalid parameter 'page_token'. It does not fit this search.")
            })?)
        }
        None => None,
    };
    filter.after = token.map(|token| (token.position[0].cast_signed(), PackageNo(token.position[1])));
    let count = || u64::try_from(shop.packages.count(&filter)).unwrap_or(u64::MAX);
    let total = token.map_or_else(count, |token| token.total);
    let mut found: Vec<&Package> = shop.packages.search(&filter).take(size + 1).collect();
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|last| {
        let (time, number) = filter.key_of(last);
        PageToken { position: [time.cast_unsigned(), number.0], total, issued: call.now }
    });
    let packages: Vec<Value> = found.into_iter().map(|package| package_value(shop, package)).collect();
    Ok(data(&json!({
        "next_page_token": next.map_or_else(String::new, |next| next.seal(world.seed, search.as_bytes())),
        "total_count": total,
        "packages": packages,
    })))
}

/// `order_pay_time` is documented without a rule for combined packages; packages are made in that order, so it sorts like
/// `create_time`.
fn filter(call: &Admitted<'_>) -> Result<PackageFilter, Refusal> {
    let field = match call.call.param("sort_field") {
        Some("update_time") => SortField::Updated,
        _ => SortField::Created,
    };
    let status = call.body.get("package_status").and_then(Value::as_str).map(|word| {
        PackageStatus::parse(word)
            .ok_or_else(|| Refusal::parameter("Invalid parameter 'package_status'. Unknown status."))
    });
    Ok(PackageFilter {
        status: status.transpose()?,
        created: range(&call.body, "create_time_ge", "create_time_lt"),
        updated: range(&call.body, "update_time_ge", "update_time_lt"),
        field,
        descending: call.call.param("sort_order") != Some("ASC"),
        after: None,
    })
}

/// Lower bound inclusive, upper bound exclusive.
fn range(body: &Value, from: &str, until: &str) -> Range<i64> {
    let bound = |name: &str| body.get(name).and_then(Value::as_i64);
    bound(from).unwrap_or(0)..bound(until).unwrap_or(i64::MAX)
}
