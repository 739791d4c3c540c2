//! The world as a whole: who is in it, and how it behaves.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::reply::{ok, order_counts, shop_of};
use crate::control::tokens::app_of;
use crate::control::{ControlError, ControlRequest, Reply};
use crate::family::address_is_acceptable;
use crate::platform::Platform;
use crate::spec::{SellerSpec, ShopSpec};
use crate::switches::Switches;
use crate::world::{CategoryAsset, SellerNo, Shop, World};

/// How many shops a world may have.
const SHOPS_MAX: usize = 20_000;
/// How many products a shop may have.
const PRODUCTS_MAX: u32 = 10_000;
/// How many orders a shop may be given at its start.
const FIRST_ORDERS_MAX: u32 = 1_000_000;

/// `GET state`
pub(super) fn get_state(platform: &Platform) -> Result<Reply, ControlError> {
    let world = platform.world();
    let apps: Vec<Value> = world
        .apps
        .iter()
        .map(|app| {
            json!({
                "name": app.name,
                "app_key": app.credentials.app_key,
                "service_id": app.service_id,
                "redirect_url": app.redirect_url,
                "webhook_url": app.webhook_url.as_deref(),
                "scopes": app.scopes,
            })
        })
        .collect();
    let sellers: Vec<Value> = world
        .sellers
        .values()
        .map(|seller| {
            json!({
                "seller_id": seller.number.to_string(),
                "name": seller.name,
                "region": seller.region,
                "active": seller.active,
                "shop_ids": seller.shops.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "connected_to": (0..world.apps.len())
                    .filter(|app| world.grants.of_seller(*app, seller.number).is_some())
                    .map(|app| world.apps[app].credentials.app_key.clone())
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    let shops: Vec<Value> = world.shops.values().map(|shop| shop_view(shop, &world)).collect();
    ok(&json!({
        "seed": world.seed,
        "apps": apps,
        "sellers": sellers,
        "shops": shops,
        "creators": creators_view(&world),
        "partners": partners_view(&world),
        "due": world.due.len(),
        "deliveries": world.post.counts(),
        "calls": world.journal.total(),
    }))
}

fn creators_view(world: &World) -> Vec<Value> {
    let creators = world.creators.values().map(|creator| {
        let id = creator.number.to_string();
        json!({ "creator_id": id, "name": creator.name, "region": creator.region })
    });
    creators.collect()
}

fn partners_view(world: &World) -> Vec<Value> {
    let asset = |asset: &CategoryAsset| json!({ "category": asset.category, "cipher": asset.cipher, "market": asset.market });
    let partners = world.partners.values().map(|partner| {
        let assets: Vec<Value> = partner.assets.iter().map(asset).collect();
        let id = partner.number.to_string();
        json!({ "partner_id": id, "name": partner.name, "region": partner.region, "category_assets": assets })
    });
    partners.collect()
}

fn shop_view(shop: &Shop, world: &World) -> Value {
    let skus = |product: &crate::world::product::Product| {
        let sku = |sku: &crate::world::product::Sku| json!({ "id": sku.number.to_string(), "seller_sku": sku.seller_sku });
        product.skus.iter().map(sku).collect::<Vec<_>>()
    };
    let products: Vec<Value> = shop
        .products
        .iter()
        .map(|product| {
            json!({
                "id": product.number.to_string(), "name": product.name, "skus": skus(product),
            })
        })
        .collect();
    json!({
        "shop_id": shop.number.to_string(),
        "seller_id": shop.seller.to_string(),
        "name": shop.name,
        "region": shop.region,
        "cipher": shop.cipher,
        "active": shop.active,
        "products": products,
        "orders": order_counts(shop.number, world),
    })
}

/// `GET switches`
pub(super) fn get_switches(platform: &Platform) -> Result<Reply, ControlError> {
    ok(&json!(platform.world().switches))
}

/// `PUT switches`; what is left out stays as it is.
pub(super) fn put_switches(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let changes: serde_json::Map<String, Value> = request.json()?;
    let mut world = platform.world();
    let mut merged = json!(world.switches);
    for (name, value) in changes {
        merged[name] = value;
    }
    let switches: Switches = serde_json::from_value(merged).map_err(ControlError::Body)?;
    if switches.quota_per_second == 0 || http::StatusCode::from_u16(switches.wrong_sign_status).is_err() {
        return Err(ControlError::Invalid("a quota is at least 1, and a status between 100 and 999".into()));
    }
    world.switches = switches;
    ok(&json!(world.switches))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppChange {
    #[serde(default)]
    app_key: Option<String>,
    #[serde(default)]
    redirect_url: Option<String>,
    #[serde(default)]
    webhook_url: Option<String>,
    #[serde(default)]
    scopes: Option<Vec<String>>,
}

/// `PUT app`; what is left out stays as it is.
pub(super) fn put_app(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let change: AppChange = request.json()?;
    let mut world = platform.world();
    let app = app_of(change.app_key.as_deref(), &world)?;
    if let Some(address) = &change.webhook_url {
        address_is_acceptable(address, world.switches.webhook_loopback_http)
            .map_err(ControlError::Invalid)?;
    }
    if let Some(redirect) = &change.redirect_url {
        let url = url::Url::parse(redirect).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.ok_or_else(|| ControlError::Invalid("`redirect_url` is no http or https URL".into()))?;
    }
    let app = &mut world.apps[app];
    app.redirect_url = change.redirect_url.or_else(|| app.redirect_url.take());
    app.webhook_url = change.webhook_url.or_else(|| app.webhook_url.take());
    if let Some(mut scopes) = change.scopes {
        scopes.sort();
        app.scopes = scopes;
    }
    ok(
        &json!({ "redirect_url": app.redirect_url, "webhook_url": app.webhook_url.as_deref(), "scopes": app.scopes }),
    )
}

/// `POST sellers`
pub(super) fn add_seller(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let spec: SellerSpec = request.json()?;
    let now = platform.now();
    let mut world = platform.world();
    spec.shops.iter().try_for_each(acceptable)?;
    if world.shops.len() + spec.shops.len() > SHOPS_MAX {
        return Err(ControlError::Invalid(format!("a world has at most {SHOPS_MAX} shops")));
    }
    let seller = world.add_seller(&spec, now);
    let shops = world.sellers.get(&seller).map(|seller| seller.shops.clone()).unwrap_or_default();
    let shop_ids: Vec<String> = shops.iter().map(ToString::to_string).collect();
    ok(&json!({ "seller_id": seller.to_string(), "shop_ids": shop_ids }))
}

#[derive(Deserialize)]
struct NewShop {
    seller_id: String,
    shop: ShopSpec,
}

/// `POST shops`
pub(super) fn add_shop(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: NewShop = request.json()?;
    acceptable(&wanted.shop)?;
    let now = platform.now();
    let mut world = platform.world();
    let seller =
        wanted.seller_id.parse::<SellerNo>().ok().filter(|seller| world.sellers.contains_key(seller));
    let seller = seller.ok_or(ControlError::NotFound("seller"))?;
    if world.shops.len() >= SHOPS_MAX {
        return Err(ControlError::Invalid(format!("a world has at most {SHOPS_MAX} shops")));
    }
    let shop = world.add_shop(seller, &wanted.shop, now);
    ok(
        &json!({ "shop_id": shop.to_string(), "cipher": world.shops.get(&shop).map(|shop| shop.cipher.clone()) }),
    )
}

pub(super) fn acceptable(shop: &ShopSpec) -> Result<(), ControlError> {
    if shop.products > PRODUCTS_MAX || shop.orders > FIRST_ORDERS_MAX {
        let text =
            format!("a shop starts with at most {PRODUCTS_MAX} products and {FIRST_ORDERS_MAX} orders");
        return Err(ControlError::Invalid(text));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Activity {
    active: bool,
}

/// `PUT shops/{id}`
pub(super) fn put_shop(
    request: &ControlRequest<'_>,
    id: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let change: Activity = request.json()?;
    let mut world = platform.world();
    let shop = shop_of(id, &world)?;
    let shop = world.shops.get_mut(&shop).ok_or(ControlError::NotFound("shop"))?;
    shop.active = change.active;
    ok(&json!({ "shop_id": id, "active": change.active }))
}

/// `PUT sellers/{id}`
pub(super) fn put_seller(
    request: &ControlRequest<'_>,
    id: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let change: Activity = request.json()?;
    let mut world = platform.world();
    let seller = id.parse::<SellerNo>().ok().and_then(|seller| world.sellers.get_mut(&seller));
    seller.ok_or(ControlError::NotFound("seller"))?.active = change.active;
    ok(&json!({ "seller_id": id, "active": change.active }))
}
