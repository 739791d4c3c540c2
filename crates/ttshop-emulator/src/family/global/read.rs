//! Global products are found and shown.

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::global::{cross_border_seller, list, named};
use crate::family::listing::page;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::global::GlobalProduct;

/// `GET /product/202309/global_products/{global_product_id}`
pub(super) fn get_global_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let product = named(call, world)?.clone();
    let published = product.published.iter().filter_map(|(shop, published)| {
        let mappings = published.skus.iter().map(|(global, local)| {
            json!({
                "global_sku_id": global.to_string(),
                "local_sku_id": local.to_string(),
                "sales_attribute_mappings": [],
            })
        });
        Some(json!({
            "region": world.shops.get(shop)?.region,
            "id": published.product.to_string(),
            "sku_mappings": mappings.collect::<Vec<_>>(),
        }))
    });
    let published: Vec<_> = published.collect();
    let skus = product.skus.iter().map(|sku| {
        let mut shown = sku.fields.clone();
        shown.insert("id".into(), sku.number.to_string().into());
        Value::Object(shown)
    });
    let mut shown = Value::Object(product.fields.clone());
    shown["id"] = product.number.to_string().into();
    shown["title"] = product.title.as_str().into();
    shown["skus"] = skus.collect();
    shown["products"] = published.into();
    shown["global_seller_id"] = seller.to_string().into();
    shown["create_time"] = product.created.as_seconds().into();
    shown["update_time"] = product.updated.as_seconds().into();
    shown["category"] = json!({ "id": product.fields.get("category_id") });
    if let Some(brand) = product.fields.get("brand_id") {
        shown["brand"] = json!({ "id": brand });
    }
    Ok(fitted(call, shown))
}

/// `POST /product/{202309,202312}/global_products/search`: newest first, both ends of a time included.
pub(super) fn search_global_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let body = &call.body;
    let bound = |name: &str| body.get(name).and_then(Value::as_i64);
    let within = |time: i64, from: &str, until: &str| {
        bound(from).is_none_or(|from| from <= time) && bound(until).is_none_or(|until| time <= until)
    };
    let status = body.get("status").and_then(Value::as_str).filter(|status| !status.is_empty());
    let seller_skus = list(body, "seller_skus");
    let has_sku = |product: &GlobalProduct| {
        seller_skus.is_empty()
            || product
                .skus
                .iter()
                .any(|sku| seller_skus.iter().any(|wanted| wanted == sku.text("seller_sku")))
    };
    let all = world.sellers.get(&seller).into_iter().flat_map(|it| it.library.global_products.values().rev());
    let rows = all
        .filter(|product| status.is_none_or(|status| status == product.status()))
        .filter(|product| within(product.created.as_seconds(), "create_time_ge", "create_time_le"))
        .filter(|product| within(product.updated.as_seconds(), "update_time_ge", "update_time_le"))
        .filter(|product| has_sku(product));
    let rows: Vec<_> = rows.map(row).collect();
    let page = page(call, world, rows)?;
    let answer =
        json!({ "global_products": page.rows, "total_count": page.total, "next_page_token": page.next });
    Ok(fitted(call, answer))
}

fn row(product: &GlobalProduct) -> Value {
    let skus = product.skus.iter();
    let skus = skus.map(|sku| json!({ "id": sku.number.to_string(), "seller_sku": sku.text("seller_sku") }));
    json!({
        "id": product.number.to_string(),
        "title": product.title,
        "status": product.status(),
        "skus": skus.collect::<Vec<_>>(),
        "create_time": product.created.as_seconds(),
        "update_time": product.updated.as_seconds(),
    })
}
