//! `POST /product/202309/global_products/{global_product_id}/publish`: a global product becomes a product of a shop.

use serde_json::{Value, json};

use crate::family::check::{Listing, Market, faults};
use crate::family::fit::fitted;
use crate::family::global::wanted::price_of;
use crate::family::global::{code, cross_border_seller, list, named};
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::{Minor, decimals_of};
use crate::world::global::{GlobalProduct, Published};
use crate::world::product::{Audit, Product, ProductStatus, Version, WantedSku};
use crate::world::{ProductNo, SellerNo, Shop, ShopNo, SkuNo, World};

/// What a hundred cents of the dollar are in the smallest unit of a currency. The rates are ours, and do not move.
const RATES: [(&str, i64); 13] = [
    ("USD", 100),
    ("EUR", 92),
    ("GBP", 79),
    ("JPY", 150),
    ("MXN", 1_720),
    ("BRL", 500),
    ("MYR", 470),
    ("PHP", 5_600),
    ("SGD", 135),
    ("THB", 3_600),
    ("VND", 25_000),
    ("IDR", 16_000),
    ("PLN", 400),
];

/// Each market by itself: what fails in one is published in the others.
pub(super) fn publish_global_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let product = named(call, world)?.clone();
    let (mut products, mut results) = (Vec::new(), Vec::new());
    for target in list(&call.body, "publish_target") {
        let region = target.get("region").and_then(Value::as_str).unwrap_or_default();
        match publish(call, world, seller, &product, target) {
            Ok(made) => {
                products.push(made);
                results.push(json!({ "region": region, "status": "SUCCESS", "fail_reasons": [] }));
            }
            Err(refusal) => results.push(json!({
                "region": region,
                "status": "FAILED",
                "fail_reasons": [{ "message": refusal.message }],
            })),
        }
    }
    Ok(fitted(call, json!({ "products": products, "publish_result": results })))
}

fn publish(
    call: &Admitted<'_>,
    world: &mut World,
    seller: SellerNo,
    product: &GlobalProduct,
    target: &Value,
) -> Result<Value, Refusal> {
    let region = target.get("region").and_then(Value::as_str).unwrap_or_default();
    let mut shops = world.shops.values();
    let shop = shops.find(|shop| shop.seller == seller && shop.cross_border && shop.region.code() == region);
    let shop = shop.filter(|shop| shop.active).ok_or_else(|| {
        Refusal::business(REGION_INACTIVE, format!("The seller has no active cross-border shop in {region}."))
    })?;
    let number = shop.number;
    let known = world.sellers.get(&seller).and_then(|it| it.library.global_products.get(&product.number));
    if known.is_some_and(|known| known.published.contains_key(&number)) {
        return Err(Refusal::business(PUBLISHED_ALREADY, format!("It was published in {region} before.")));
    }
    let (globals, version) = version(product, target, shop)?;
    let skus: Vec<_> = version.skus.iter().map(|sku| &sku.fields).collect();
    let listing =
        Listing { title: &version.title, fields: &version.fields, skus: &skus, tree: None, drawn: false };
    if let Some(fault) = faults(listing, Market::of(shop, world)?).into_iter().next() {
        return Err(fault);
    }
    let made = insert(call, world, number, version)?;
    let local = world.product(number, made.product).ok_or_else(Refusal::internal)?;
    let rows = made.skus.iter().zip(&globals).map(|(local_sku, global)| {
        let sku = local.skus.iter().find(|sku| sku.number == *local_sku);
        json!({
            "related_global_sku_id": global.to_string(),
            "id": local_sku.to_string(),
            "seller_sku": sku.map(|sku| sku.seller_sku.as_str()),
            "sale_attributes": [],
        })
    });
    let rows: Vec<_> = rows.collect();
    let id = made.product;
    let skus = globals.into_iter().zip(made.skus).collect();
    if let Some(product) =
        world.sellers.get_mut(&seller).and_then(|it| it.library.global_products.get_mut(&product.number))
    {
        product.published.insert(number, Published { product: id, skus });
        product.updated = call.now;
    }
    Ok(json!({ "region": region, "shop_id": number.to_string(), "id": id.to_string(), "skus": rows }))
}

const REGION_INACTIVE: i64 = 12_052_903;
const PUBLISHED_ALREADY: i64 = 12_019_212;
const WAREHOUSE: i64 = 12_019_016;
const RATE_UNKNOWN: i64 = 12_019_121;

/// What the product says in its new market, and the global SKUs in the order of the local ones.
fn version(product: &GlobalProduct, target: &Value, shop: &Shop) -> Result<(Vec<SkuNo>, Version), Refusal> {
    let (mut globals, mut skus) = (Vec::new(), Vec::new());
    for wanted in list(target, "skus") {
        let id = wanted.get("related_global_sku_id").and_then(Value::as_str).unwrap_or_default();
        let global = product.skus.iter().find(|sku| sku.number.to_string() == id).ok_or_else(|| {
            Refusal::business(code::SKU_UNKNOWN, format!("The global product has no SKU {id}."))
        })?;
        let mut fields = global.fields.clone();
        fields.retain(|name, _| !matches!(name.as_str(), "price" | "inventory" | "global_quantity"));
        let names = global.fields.get("sales_attributes").and_then(Value::as_array).into_iter().flatten();
        let names: Vec<&str> = names.filter_map(|it| it.get("value_name")?.as_str()).collect();
        let name = if names.is_empty() { "Default".into() } else { names.join(", ") };
        let warehouse = wanted.pointer("/inventory/warehouse_id").and_then(Value::as_str);
        let warehouse = match warehouse {
            Some(id) => {
                id.parse().ok().filter(|number| shop.warehouses.iter().any(|it| it.number == *number))
            }
            None => Some(shop.default_warehouse()),
        };
        let warehouse =
            warehouse.ok_or_else(|| Refusal::business(WAREHOUSE, "The shop has no such warehouse."))?;
        let quantity = wanted.pointer("/inventory/quantity").or_else(|| global.fields.get("global_quantity"));
        let quantity = quantity.and_then(Value::as_i64).and_then(|quantity| u32::try_from(quantity).ok());
        globals.push(global.number);
        skus.push(WantedSku {
            number: SkuNo::default(),
            seller_sku: global.text("seller_sku").to_owned(),
            name,
            price: Some(local_price(wanted, price_of(global)?, shop)?),
            stock: Some(vec![(warehouse, quantity.unwrap_or(0))]),
            fields,
        });
    }
    if skus.is_empty() {
        return Err(Refusal::business(code::SKUS_EMPTY, "The target names no SKU."));
    }
    let mut fields = product.fields.clone();
    for name in ["manufacturer_ids", "responsible_person_ids"] {
        if let Some(ids) = target.get(name) {
            fields.insert(name.into(), ids.clone());
        }
    }
    Ok((globals, Version { title: product.title.clone(), fields, skus }))
}

/// What the target says, or the global price in the shop's currency.
fn local_price(wanted: &Value, global: (Minor, &str), shop: &Shop) -> Result<Minor, Refusal> {
    let text =
        |pointer: &str| wanted.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    if text("/price/currency").is_some_and(|currency| currency != shop.currency()) {
        let message = format!("Prices of the shop are in {}.", shop.currency());
        return Err(Refusal::business(code::CURRENCY, message));
    }
    if let Some(given) = text("/price/amount").or_else(|| text("/price/sale_price")) {
        let parsed = Minor::parse(given, shop.decimals()).filter(|amount| amount.0 > 0);
        return parsed.ok_or_else(|| {
            Refusal::business(code::PRICE_INVALID, format!("`{given}` is no price in {}.", shop.currency()))
        });
    }
    converted(global, shop.currency())
        .ok_or_else(|| Refusal::business(RATE_UNKNOWN, "The price cannot be converted: send one."))
}

fn converted((amount, currency): (Minor, &str), wanted: &str) -> Option<Minor> {
    let rate = |name: &str| RATES.iter().find(|(known, _)| *known == name).map(|(_, rate)| *rate);
    if currency == wanted {
        return Some(amount);
    }
    debug_assert_eq!(decimals_of(currency), 2, "dollars and euros have cents");
    let local = amount.0.checked_mul(rate(wanted)?)? / rate(currency)?;
    Some(Minor(local.max(1)))
}

/// What came of it: the product and its SKUs in the order of the version.
struct Made {
    product: ProductNo,
    skus: Vec<SkuNo>,
}

fn insert(
    call: &Admitted<'_>,
    world: &mut World,
    shop: ShopNo,
    mut version: Version,
) -> Result<Made, Refusal> {
    let found = world.shops.get_mut(&shop).ok_or_else(Refusal::pairing)?;
    let number = found.chance.mint.product(&mut found.chance.dice);
    for sku in &mut version.skus {
        sku.number = found.chance.mint.sku(&mut found.chance.dice);
    }
    let skus = version.skus.iter().map(|sku| sku.number).collect();
    found.products.push(Product {
        number,
        name: version.title.clone(),
        fields: version.fields.clone(),
        skus: Vec::new(),
        status: ProductStatus::Draft,
        audit: Audit::default(),
        under_review: None,
        draft: None,
        created: call.now,
        updated: call.now,
    });
    world.announce_creation(shop, number, call.now);
    let submitted = world.change_product(shop, number, call.now, |product| product.submit(version, call.now));
    submitted
        .unwrap_or(Ok(()))
        .map_err(|forbidden| Refusal::business(code::STATUS, forbidden.to_string()))?;
    Ok(Made { product: number, skus })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_converted_into_the_smallest_unit() {
        let of = |currency, wanted| converted((Minor(1_230), currency), wanted).map(|amount| amount.0);
        assert_eq!(of("USD", "USD"), Some(1_230));
        assert_eq!(of("USD", "GBP"), Some(971));
        assert_eq!(of("USD", "JPY"), Some(1_845));
        assert_eq!(of("EUR", "GBP"), Some(1_056));
        assert_eq!(of("USD", "XXX"), None);
    }
}
