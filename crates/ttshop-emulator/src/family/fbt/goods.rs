//! Goods.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::family::fbt::texts;
use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::{shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::fbt::Goods;
use crate::world::{GoodsNo, Shop, SkuNo, World};

/// Creates what can be created; each entry has its own outcome.
pub(super) fn create_goods(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let mut results = Vec::new();
    for entry in call.body.get("create_goods_dto_list").and_then(Value::as_array).into_iter().flatten() {
        let id = entry.get("tts_sku_id").and_then(Value::as_str).unwrap_or_default();
        let mut result = json!({ "tts_sku_id": id });
        match create(shop, id, entry) {
            Ok(number) => {
                result["is_success"] = true.into();
                result["tts_goods_id"] = number.to_string().into();
            }
            Err(why) => {
                result["is_success"] = false.into();
                result["fail_reason"] = why.into();
            }
        }
        results.push(result);
    }
    Ok(fitted(call, json!({ "create_result_info": { "create_result_list": results } })))
}

fn create(shop: &mut Shop, id: &str, entry: &Value) -> Result<GoodsNo, &'static str> {
    let sku: SkuNo = id.parse().map_err(|_| "the sku does not exist")?;
    shop.place_of_sku(sku).ok_or("the sku does not exist")?;
    if shop.fbt.goods.values().any(|goods| goods.skus.contains(&sku)) {
        return Err("the sku is bound to goods already");
    }
    let number = GoodsNo(shop.chance.mint.thing(&mut shop.chance.dice));
    let goods = Goods {
        number,
        declared: entry.clone(),
        skus: BTreeSet::from([sku]),
        on_hand: 0,
        defective: 0,
        reserved: 0,
    };
    shop.fbt.goods.insert(number, goods);
    Ok(number)
}

pub(super) fn update_goods(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let entry = call.body.get("update_goods_dto").cloned().unwrap_or_default();
    let id = entry.get("tts_goods_id").and_then(Value::as_str).unwrap_or_default();
    let found = goods_of(shop_mut(call, world)?, id);
    let mut result = json!({ "tts_goods_id": id, "is_success": found.is_some() });
    match (found, entry.as_object()) {
        (Some(goods), Some(new)) => match goods.declared.as_object_mut() {
            Some(declared) => declared.extend(new.clone()),
            None => goods.declared = entry.clone(),
        },
        _ => result["fail_reason"] = "the goods do not exist".into(),
    }
    Ok(fitted(call, json!({ "update_result_info": result })))
}

/// A SKU is bound to one kind of goods at a time.
pub(super) fn update_goods_sku_relations(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let binds = match call.body.get("operation_type").and_then(Value::as_str) {
        Some("BIND") => true,
        Some("UN_BIND") => false,
        _ => return Err(Refusal::parameter("Invalid parameter 'operation_type'.")),
    };
    let mut results = Vec::new();
    let entries = call.body.get("operate_goods_sku_relation_list").and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        let id = entry.get("tts_goods_id").and_then(Value::as_str).unwrap_or_default();
        for sku in texts(entry, "tts_sku_ids").unwrap_or_default() {
            let outcome = if binds { bind(shop, id, sku) } else { unbind(shop, id, sku) };
            let mut result = json!({ "tts_goods_id": id, "tts_sku_id": sku, "is_success": outcome.is_ok() });
            if let Err(why) = outcome {
                result["fail_reason"] = why.into();
            }
            results.push(result);
        }
    }
    Ok(fitted(call, json!({ "operate_goods_sku_relation_info": { "operate_result_list": results } })))
}

fn bind(shop: &mut Shop, id: &str, sku: &str) -> Result<(), &'static str> {
    let sku: SkuNo = sku.parse().map_err(|_| "the sku does not exist")?;
    shop.place_of_sku(sku).ok_or("the sku does not exist")?;
    if shop.fbt.goods.values().any(|goods| goods.skus.contains(&sku)) {
        return Err("the sku is bound to goods already");
    }
    goods_of(shop, id).ok_or("the goods do not exist")?.skus.insert(sku);
    Ok(())
}

fn unbind(shop: &mut Shop, id: &str, sku: &str) -> Result<(), &'static str> {
    let goods = goods_of(shop, id).ok_or("the goods do not exist")?;
    let removed = sku.parse().is_ok_and(|sku: SkuNo| goods.skus.remove(&sku));
    if removed { Ok(()) } else { Err("the sku is not bound to the goods") }
}

fn goods_of<'s>(shop: &'s mut Shop, id: &str) -> Option<&'s mut Goods> {
    shop.fbt.goods.get_mut(&id.parse().ok()?)
}

/// Newest first; what is not filtered for is all of it.
pub(super) fn search_goods_info(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let list = |name: &str| texts(&call.body, name);
    let (ids, references) = (list("goods_ids"), list("reference_codes"));
    let (skus, products) = (list("sku_ids"), list("product_ids"));
    let fits = |goods: &&Goods| {
        let sku_fits = |sku: &SkuNo| {
            let product = shop.place_of_sku(*sku).map(|(place, _)| shop.product(place).number.to_string());
            skus.as_ref().is_none_or(|ids| ids.contains(&sku.to_string().as_str()))
                && products.as_ref().is_none_or(|ids| product.is_some_and(|id| ids.contains(&id.as_str())))
        };
        ids.as_ref().is_none_or(|ids| ids.contains(&goods.number.to_string().as_str()))
            && references.as_ref().is_none_or(|codes| codes.contains(&goods.text("reference_code")))
            && ((skus.is_none() && products.is_none()) || goods.skus.iter().any(sku_fits))
    };
    let found: Vec<&Goods> = shop.fbt.goods.values().rev().filter(fits).collect();
    let page = page(call, world, found)?;
    let shown: Vec<Value> = page.rows.iter().map(|goods| view(shop, goods)).collect();
    Ok(fitted(call, json!({ "total_count": page.total, "next_page_token": page.next, "goods": shown })))
}

fn view(shop: &Shop, goods: &Goods) -> Value {
    let image = goods.text("goods_image_url");
    let skus = goods.skus.iter().filter_map(|sku| {
        let (product, place) = shop.place_of_sku(*sku)?;
        let (product, sku) = (shop.product(product), shop.sku(product, place));
        Some(json!({
            "id": sku.number.to_string(),
            "name": sku.name,
            "image_url": sku.image,
            "matched": true,
            "product": { "id": product.number.to_string(), "name": product.name, "image_url": sku.image },
            "regions": [shop.region.code()],
        }))
    });
    let codes = goods.declared.get("barcode_infos").and_then(Value::as_array);
    let codes = codes
        .into_iter()
        .flatten()
        .map(|code| json!({ "code": code.get("barcode_value"), "type": code.get("barcode_type") }));
    let size = size(&goods.declared);
    let shelf = goods.declared.get("shelf_life_attribute_info").cloned().unwrap_or_default();
    let mut shown = json!({
        "id": goods.number.to_string(),
        "name": goods.text("goods_name"),
        "image_url": image,
        "reference_code": goods.text("reference_code"),
        "barcodes": codes.collect::<Vec<_>>(),
        "skus": skus.collect::<Vec<_>>(),
        "merchant_declaration_info": size,
        "warehouse_confirmation_info": size,
        "lot_expiration_info": {
            "is_lot_control": goods.declared.get("is_lot_code"),
            "is_expiration_management": goods.declared.get("is_expiration_management"),
            "shelf_life_days": shelf.get("shelf_life"),
            "inbound_cutoff_days": shelf.get("inbound_cutoff_days"),
            "expiration_alert_days": shelf.get("expiration_alert_days"),
            "sales_cutoff_days": shelf.get("sales_cutoff_days"),
            "handling_method": shelf.get("handling_method_expired_goods"),
        },
    });
    let kept = ["is_hazmat", "hazmat_info", "is_sioc", "sioc_attribute", "goods_safety_attributes"];
    let kept = kept.iter().filter_map(|name| Some(((*name).to_owned(), goods.declared.get(*name)?.clone())));
    if let Some(fields) = shown.as_object_mut() {
        fields.extend(kept.collect::<Map<_, _>>());
    }
    shown
}

fn size(declared: &Value) -> Value {
    let size = declared.get("dimension_and_weight_base_info").cloned().unwrap_or_default();
    json!({
        "weight": { "value": size.get("weight_value"), "unit": size.get("weight_unit") },
        "dimension": {
            "width": size.get("width_value"),
            "length": size.get("length_value"),
            "height": size.get("height_value"),
            "unit": size.get("dimension_unit"),
        },
    })
}

pub(super) fn search_goods_hazmat_and_expiration_info(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let asked = texts(&call.body, "tts_sku_ids").unwrap_or_default();
    let shown = asked.iter().filter_map(|id| {
        let sku: SkuNo = id.parse().ok()?;
        let goods = shop.fbt.goods.values().find(|goods| goods.skus.contains(&sku))?;
        let declared = &goods.declared;
        Some(json!({
            "tts_sku_id": id,
            "is_hazmat": declared.get("is_hazmat"),
            "is_lot_code": declared.get("is_lot_code"),
            "is_expiration_management": declared.get("is_expiration_management"),
            "exp_base_info": declared.get("shelf_life_attribute_info"),
        }))
    });
    let shown: Vec<Value> = shown.collect();
    Ok(fitted(call, json!({ "hazmat_and_expiration_info": { "hazmat_and_expiration_dto_list": shown } })))
}
