//! A product as the API prints it: more than any one version documents; `fit` takes the rest away.

use serde_json::{Map, Value, json};

use crate::dice::hash;
use crate::world::category::{BRANDS, Category, CategoryVersion};
use crate::world::library::media::{Image, UseCase, image_url};
use crate::world::product::{Product, Sku, Version};
use crate::world::{Shop, SkuNo};

/// Sides of the pictures of products that the seed drew.
const SIDE: u32 = 800;

/// A product in a list.
pub(super) fn row(shop: &Shop, product: &Product) -> Value {
    json!({
        "id": product.number.to_string(),
        "title": product.name,
        "status": product.status.as_str(),
        "create_time": product.created.as_seconds(),
        "update_time": product.updated.as_seconds(),
        "sales_regions": [shop.region],
        "product_sync_fail_reasons": [],
        "recommended_categories": [],
        "integrated_platform_statuses": [],
        "is_not_for_sale": product.fields.get("is_not_for_sale").cloned().unwrap_or(Value::Bool(false)),
        "listing_quality_tier": quality(product),
        "audit": audit(product),
        "has_draft": product.draft.is_some(),
        "product_families": [],
        "product_tags": [],
        "selling_format": "FIXED_PRICE",
        "skus": product.offered().map(|sku| sku_view(shop, sku)).collect::<Vec<_>>(),
    })
}

/// A product with everything the seller said about it.
pub(super) fn detail(shop: &Shop, product: &Product) -> Value {
    let mut whole = with_fields(shop, &product.fields, &product.name);
    head(&mut whole, product);
    whole.insert("title".into(), json!(product.name));
    let skus: Vec<Value> = product.offered().map(|sku| sku_view(shop, sku)).collect();
    whole.insert("skus".into(), skus.into());
    Value::Object(whole)
}

/// A product as a draft or a version under review has it; price and stock are always those that count.
pub(super) fn of_version(shop: &Shop, product: &Product, version: &Version) -> Value {
    let mut whole = with_fields(shop, &version.fields, &version.title);
    head(&mut whole, product);
    whole.insert("title".into(), json!(version.title));
    let skus: Vec<Value> = version
        .skus
        .iter()
        .map(|wanted| {
            let known = product.skus.iter().find(|sku| sku.number == wanted.number);
            let mut shown = known.map_or_else(|| json!({ "id": wanted.number.to_string() }), |sku| sku_view(shop, sku));
            shown["seller_sku"] = json!(wanted.seller_sku);
            if let Some(price) = wanted.price {
                let amount = json!(price.text(shop.decimals()));
                shown["price"] = json!({ "currency": shop.currency(), "sale_price": amount, "tax_exclusive_price": amount });
            }
            if let Some(stock) = &wanted.stock {
                let listed = stock.iter().map(|(warehouse, quantity)| {
                    json!({ "warehouse_id": warehouse.to_string(), "quantity": quantity })
                });
                shown["inventory"] = listed.collect();
            }
            shown
        })
        .collect();
    whole.insert("skus".into(), skus.into());
    Value::Object(whole)
}

fn head(whole: &mut Map<String, Value>, product: &Product) {
    let facts = json!({
        "id": product.number.to_string(),
        "status": product.status.as_str(),
        "product_status": product.status.as_str(),
        "create_time": product.created.as_seconds(),
        "update_time": product.updated.as_seconds(),
        "audit": audit(product),
        "audit_failed_reasons": failures(product),
        "has_draft": product.draft.is_some(),
        "listing_quality_tier": quality(product),
        "integrated_platform_statuses": [],
        "recommended_categories": [],
        "product_families": [],
        "is_replicated": false,
        "product_types": ["NORMAL"],
    });
    if let Value::Object(facts) = facts {
        whole.extend(facts);
    }
}

/// What the seller wrote, with what the platform adds when it reads it back: chains of categories, names of brands, addresses
/// of pictures.
fn with_fields(shop: &Shop, fields: &Map<String, Value>, title: &str) -> Map<String, Value> {
    let mut whole = fields.clone();
    let seed = shop.chance.dice.seed();
    let id = fields.get("category_id").and_then(Value::as_str);
    let tree =
        if CategoryVersion::is_v2_only(&shop.region) { CategoryVersion::V2 } else { CategoryVersion::V1 };
    let tree = match id {
        Some(id) if Category::find(id, CategoryVersion::V2).is_ok() => CategoryVersion::V2,
        Some(_) => CategoryVersion::V1,
        None => tree,
    };
    if let Some(category) = id.map_or_else(|| Category::suggest(title), Category::find_any) {
        whole.insert("category_chains".into(), chain(category, tree));
    }
    let brand = fields.get("brand_id").and_then(Value::as_str);
    if let Some(brand) = brand.and_then(|id| BRANDS.iter().find(|brand| brand.id == id)) {
        whole.insert("brand".into(), json!({ "id": brand.id, "name": brand.name }));
    }
    let picture = Image { use_case: UseCase::Main, width: SIDE, height: SIDE };
    let picture = picture.uri(seed, hash(title.as_bytes()), 0);
    let mut put = |name: &str, value: Value| {
        whole.entry(name).or_insert(value);
    };
    put("description", json!(format!("<p>{title}</p>")));
    put("main_images", json!([{ "uri": picture }]));
    put("is_cod_allowed", json!(false));
    put("package_weight", json!({ "value": "0.5", "unit": "KILOGRAM" }));
    put("product_attributes", json!([]));
    put("minimum_order_quantity", json!(1));
    whole.values_mut().for_each(|value| with_addresses(value, seed));
    whole
}

fn chain(category: &'static Category, tree: CategoryVersion) -> Value {
    let steps = category.chain().into_iter().map(|step| {
        let parent = if step.parent == 0 { 0 } else { tree.id(step.parent) };
        json!({
            "id": tree.id(step.id).to_string(),
            "parent_id": parent.to_string(),
            "local_name": step.name,
            "is_leaf": step.is_leaf(),
        })
    });
    steps.collect()
}

/// Whatever has a `uri` is a picture, and pictures can be looked at.
fn with_addresses(value: &mut Value, seed: u64) {
    match value {
        Value::Object(fields) => {
            if let Some(uri) = fields.get("uri").and_then(Value::as_str) {
                let address = image_url(uri);
                let image = Image::of_uri(uri, seed);
                let mut more = json!({ "urls": [address], "thumb_urls": [address] });
                if let Some(image) = image {
                    more["width"] = image.width.into();
                    more["height"] = image.height.into();
                }
                if let Value::Object(more) = more {
                    fields.extend(more);
                }
            }
            fields.values_mut().for_each(|value| with_addresses(value, seed));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| with_addresses(value, seed)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn sku_view(shop: &Shop, sku: &Sku) -> Value {
    let amount = json!(sku.price.text(shop.decimals()));
    let mut shown = sku.fields.clone();
    let inventory = sku
        .stock
        .iter()
        .map(|stock| json!({ "warehouse_id": stock.warehouse.to_string(), "quantity": stock.available }));
    let facts = json!({
        "id": sku.number.to_string(),
        "seller_sku": sku.seller_sku,
        "price": { "currency": shop.currency(), "sale_price": amount, "tax_exclusive_price": amount },
        "inventory": inventory.collect::<Vec<_>>(),
        "status_info": { "status": "NORMAL" },
    });
    if let Value::Object(facts) = facts {
        shown.extend(facts);
    }
    shown.entry("sales_attributes").or_insert_with(|| json!([attribute("Color", &sku.name, sku.number)]));
    let seed = shop.chance.dice.seed();
    shown.values_mut().for_each(|value| with_addresses(value, seed));
    Value::Object(shown)
}

/// A property that tells variants apart; ids follow from the words.
pub(super) fn attribute(name: &str, value: &str, sku: SkuNo) -> Value {
    let id = |text: &str| (1_000_000 + hash(text.as_bytes()) % 9_000_000).to_string();
    let value_id = if value.is_empty() { sku.to_string() } else { id(value) };
    json!({ "id": id(name), "name": name, "value_id": value_id, "value_name": value })
}

fn audit(product: &Product) -> Value {
    json!({ "status": product.audit.status.as_str(), "pre_approved_reasons": [] })
}

fn failures(product: &Product) -> Value {
    if product.audit.reasons.is_empty() {
        return json!([]);
    }
    json!([{
        "position": "Product name",
        "reasons": product.audit.reasons,
        "suggestions": ["Say what it is in other words and hand it in again."],
        "listing_platform": "TIKTOK_SHOP",
    }])
}

/// More words and pictures make a better listing.
fn quality(product: &Product) -> &'static str {
    let pictures = product.fields.get("main_images").and_then(Value::as_array).map_or(1, Vec::len);
    match (product.name.len(), pictures) {
        (..25, 0..=1) => "POOR",
        (_, 0..=4) => "FAIR",
        _ => "GOOD",
    }
}
