//! `POST /product/202309/products/{product_id}/prices/update`

use serde_json::Value;

use crate::family::nothing;
use crate::family::product::wanted::amount;
use crate::family::product::{code, named, shop, shop_no};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::product::Product;
use crate::world::{SkuNo, World};

/// Only what is on sale has a price that can be changed without a review (PLATFORM.md 12 #24).
pub(super) fn update_price(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let (shop, product) = (shop(call, world)?, named(call, world)?);
    if !product.is_on_sale() {
        let message =
            format!("The product is {}: only one that is on sale gets a new price.", product.status.as_str());
        return Err(Refusal::business(code::STATUS_FORBIDS, message));
    }
    let number = product.number;
    if shop.promotions.has_running(number, call.now) {
        return Err(Refusal::business(
            code::PRICE_LOCKED,
            "A running promotion holds the price: wait until it ends, or stop it.",
        ));
    }
    let listed = call.body.get("skus").and_then(Value::as_array).into_iter().flatten();
    let wanted = listed.map(|sku| {
        let id = sku.get("id").and_then(Value::as_str).unwrap_or_default();
        let known = id.parse::<SkuNo>().ok().filter(|id| product.offered().any(|sku| sku.number == *id));
        let unknown = || Refusal::business(code::SKU_UNKNOWN, format!("The product has no SKU {id}."));
        Ok((known.ok_or_else(unknown)?, amount(&sku["price"], shop)?, sku.get("list_price").cloned()))
    });
    let wanted = wanted.collect::<Result<Vec<_>, Refusal>>()?;
    let changed = world.change_product(shop_no(call)?, number, call.now, |product: &mut Product| {
        for (id, price, list_price) in wanted {
            if let Some(sku) = product.sku_mut(id) {
                sku.price = price;
                sku.fields.extend(list_price.map(|price| ("list_price".to_owned(), price)));
            }
        }
        product.updated = call.now;
        Ok::<_, Refusal>(())
    });
    changed.unwrap_or(Ok(()))?;
    world.announce_information(shop_no(call)?, number, &["price".to_owned()], call.now);
    Ok(nothing())
}
