//! Global products are made and changed.

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::global::wanted::{Wanted, look, quantities_fit, wanted, warehouses_of};
use crate::family::global::{code, cross_border_seller, list, named, products};
use crate::family::library::seller_of;
use crate::family::nothing;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::global::GlobalProduct;
use crate::world::library::Library;
use crate::world::{Chance, ProductNo, SkuNo, World};

/// `POST /product/202309/global_products`
pub(super) fn create_global_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let mut wanted = wanted(&call.body, None, None)?;
    first_fault(look(call, &wanted, seller, world)?)?;
    let library = &mut seller_of(call, world)?.library;
    let Chance { mint, dice, .. } = &mut library.chance;
    let number = mint.product(dice);
    number_skus(&mut wanted, library);
    let product = GlobalProduct {
        number,
        title: wanted.title,
        fields: wanted.fields,
        skus: wanted.skus,
        deleted: false,
        published: std::collections::BTreeMap::new(),
        created: call.now,
        updated: call.now,
    };
    let answer = made(&product);
    library.global_products.insert(number, product);
    Ok(fitted(call, answer))
}

/// `PUT /product/202309/global_products/{global_product_id}`
pub(super) fn edit_global_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    edit(call, world, false)
}

/// `PUT /product/202509/global_products/{global_product_id}/partial_edit`
pub(super) fn partial_edit_global_product(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    edit(call, world, true)
}

/// Products that were published before stay as they are; the answer names no market.
fn edit(call: &Admitted<'_>, world: &mut World, keeps: bool) -> Result<Success, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let before = named(call, world)?.clone();
    let mut wanted = wanted(&call.body, keeps.then_some(&before), Some(&before))?;
    first_fault(look(call, &wanted, seller, world)?)?;
    number_skus(&mut wanted, &mut seller_of(call, world)?.library);
    let product = named(call, world)?;
    product.title = wanted.title;
    product.fields = wanted.fields;
    product.skus = wanted.skus;
    product.updated = call.now;
    let answer = made(product);
    Ok(fitted(call, answer))
}

/// `DELETE /product/202309/global_products`: each by itself; what was published stays.
pub(super) fn delete_global_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let products = products(world, seller)?;
    let mut errors = Vec::new();
    for id in list(&call.body, "global_product_ids").iter().filter_map(Value::as_str) {
        let number: Option<ProductNo> = id.parse().ok();
        match number.and_then(|number| products.get_mut(&number)).filter(|product| !product.deleted) {
            Some(product) => {
                product.deleted = true;
                product.updated = call.now;
            }
            None => errors.push(json!({
                "code": code::MISSING,
                "message": format!("There is no global product {id}."),
                "detail": { "global_product_id": id },
            })),
        }
    }
    Ok(fitted(call, json!({ "errors": errors })))
}

/// `POST /product/202309/global_products/{global_product_id}/inventory/update`: absolute, and in all warehouses of the SKU.
pub(super) fn update_global_inventory(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let product = named(call, world)?;
    let listed = list(&call.body, "global_skus");
    if listed.is_empty() {
        return Err(Refusal::business(code::SKUS_EMPTY, "The call names no SKU."));
    }
    let mut changed = product.skus.clone();
    for entry in listed {
        let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
        let sku = changed.iter_mut().find(|sku| sku.number.to_string() == id).ok_or_else(|| {
            Refusal::business(code::SKU_UNKNOWN, format!("The global product has no SKU {id}."))
        })?;
        let inventory = list(entry, "inventory");
        quantities_fit(inventory)?;
        let before = Value::Object(sku.fields.clone());
        let known = warehouses_of(list(&before, "inventory"));
        if !known.is_empty() && known != warehouses_of(inventory) {
            let message = "An inventory update names all warehouses of the SKU and no other.";
            return Err(Refusal::business(code::WAREHOUSE_SET, message));
        }
        sku.fields.insert("inventory".into(), inventory.into());
    }
    product.skus = changed;
    product.updated = call.now;
    Ok(nothing())
}

/// `POST /product/202404/global_products/listing_check`
pub(super) fn check_global_product_listing(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let found = match wanted(&call.body, None, None) {
        Ok(wanted) => look(call, &wanted, seller, world)?,
        Err(refusal) => vec![refusal],
    };
    let reasons: Vec<_> = found.iter().map(|fault| json!({ "message": fault.message })).collect();
    let result = if reasons.is_empty() { "PASS" } else { "FAILED" };
    Ok(fitted(call, json!({ "check_result": result, "fail_reasons": reasons })))
}

fn first_fault(faults: Vec<Refusal>) -> Result<(), Refusal> {
    faults.into_iter().next().map_or(Ok(()), Err)
}

/// New variants get their numbers last, so that a refused call draws none.
fn number_skus(wanted: &mut Wanted, library: &mut Library) {
    let Chance { mint, dice, .. } = &mut library.chance;
    for sku in wanted.skus.iter_mut().filter(|sku| sku.number == SkuNo::default()) {
        sku.number = mint.sku(dice);
    }
}

fn made(product: &GlobalProduct) -> Value {
    let skus = product.skus.iter().map(|sku| {
        json!({
            "id": sku.number.to_string(),
            "seller_sku": sku.text("seller_sku"),
            "external_global_sku_id": sku.fields.get("external_global_sku_id"),
            "sales_attributes": sku.fields.get("sales_attributes").cloned().unwrap_or_else(|| json!([])),
        })
    });
    json!({
        "global_product_id": product.number.to_string(),
        "global_skus": skus.collect::<Vec<_>>(),
        "publish_results": [],
    })
}
