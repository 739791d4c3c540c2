//! What the platform does to products, and what they really are.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::family::full_product;
use crate::platform::Platform;
use crate::world::product::life::PlatformAct;
use crate::world::product::{ProductStatus, Verdict};
use crate::world::{ProductNo, ShopNo, World};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActRequest {
    /// Why a review fails.
    #[serde(default)]
    reasons: Vec<String>,
}

/// `POST products/{id}/{transition}`
pub(super) fn act(
    request: &ControlRequest<'_>,
    product: &str,
    transition: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let wanted: ActRequest = request.json()?;
    let act = match transition {
        "approve" => PlatformAct::Judge(Verdict::Pass),
        "reject" => PlatformAct::Judge(Verdict::Fail(wanted.reasons)),
        "deactivate" | "unfreeze" => PlatformAct::Deactivate,
        "freeze" => PlatformAct::Freeze,
        _ => return Err(ControlError::NotFound("transition")),
    };
    let product: ProductNo = product.parse().map_err(|_| ControlError::NotFound("product"))?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_with(product, &world)?;
    world
        .act_on_product(shop, product, act, now)
        .map_err(|error| ControlError::Conflict(error.to_string()))?;
    let status = world.product(shop, product).map(|product| product.status.as_str());
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "product_id": product.to_string(), "status": status }))
}

/// `GET truth/products?shop_id=`: every product with its stock, whatever its status.
pub(super) fn truth(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let world = platform.world();
    let wanted = request.param("shop_id").map(|shop| shop_of(&shop, &world)).transpose()?;
    let shops = world.shops.values().filter(|shop| wanted.is_none_or(|wanted| shop.number == wanted));
    let products: Vec<Value> = shops
        .flat_map(|shop| {
            shop.products.iter().map(|product| {
                let mut shown = full_product(shop, product);
                shown["shop_id"] = json!(shop.number.to_string());
                shown["is_on_sale"] = json!(product.status == ProductStatus::Activate);
                shown
            })
        })
        .collect();
    ok(&json!({ "products": products }))
}

fn shop_with(product: ProductNo, world: &World) -> Result<ShopNo, ControlError> {
    let mut shops = world.shops.values();
    let has = |candidate: &crate::world::product::Product| candidate.number == product;
    let shop = shops.find(|shop| shop.products.iter().any(has));
    shop.map(|shop| shop.number).ok_or(ControlError::NotFound("product"))
}
