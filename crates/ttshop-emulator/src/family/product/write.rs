//! Products are made and changed.

use serde_json::{Value, json};

use crate::family::category;
use crate::family::check::Market;
use crate::family::fit::fitted;
use crate::family::product::wanted::{Mode, consistent, listable, number_skus, version};
use crate::family::product::{code, named, shop, shop_no};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::category::CategoryVersion;
use crate::world::product::{Audit, Product, ProductStatus, Version};
use crate::world::{ProductNo, Shop, World};

/// No more listings today.
const QUOTA: i64 = 12_052_093;

/// What becomes of the version in the body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Save {
    Draft,
    Listing,
}

/// `POST /product/202309/products`
pub(super) fn create_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let save = save_mode(&call.body)?;
    let key = call.body.get("idempotency_key").and_then(Value::as_str).map(str::to_owned);
    let shop = shop(call, world)?;
    let known = key.as_ref().and_then(|key| shop.listing.keys.get(key)).copied();
    if let Some(product) = known.and_then(|number| super::find(shop, number)) {
        return Ok(made(call, product, &product.version()));
    }
    if shop.listing.today(call.now) >= world.switches.daily_listing_quota {
        let message = "The shop has listed as many products as it may in one day: go on tomorrow.";
        return Err(Refusal::business(QUOTA, message));
    }
    let mut version = version(&call.body, None, Mode::Whole, shop)?;
    consistent(&version)?;
    if save == Save::Listing {
        let tree = category::version(call, Some(&shop.region))?;
        listable(&version, None, Some(tree), Market::of(shop, world)?)?;
    }
    let shop_no = shop_no(call)?;
    let shop = world.shops.get_mut(&shop_no).ok_or_else(Refusal::pairing)?;
    let number = shop.chance.mint.product(&mut shop.chance.dice);
    number_skus(&mut version, &mut shop.chance);
    shop.listing.count(call.now);
    shop.listing.keys.extend(key.map(|key| (key, number)));
    shop.products.push(Product {
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
    world.announce_creation(shop_no, number, call.now);
    keep(call, world, number, version.clone(), save)?;
    let product = super::find(super::shop(call, world)?, number).ok_or_else(Refusal::internal)?;
    Ok(made(call, product, &version))
}

/// `PUT /product/{version}/products/{product_id}`
pub(super) fn edit_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    edit(call, world, Mode::Whole)
}

/// `POST /product/{version}/products/{product_id}/partial_edit`
pub(super) fn partial_edit_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    edit(call, world, Mode::Part)
}

fn edit(call: &Admitted<'_>, world: &mut World, mode: Mode) -> Result<Success, Refusal> {
    let save = save_mode(&call.body)?;
    let (shop, product) = (shop(call, world)?, named(call, world)?);
    let number = product.number;
    let mut version = version(&call.body, Some(product), mode, shop)?;
    consistent(&version)?;
    if save == Save::Listing {
        listable(&version, Some(product), named_tree(call, shop)?, Market::of(shop, world)?)?;
    }
    let changed = changed_fields(product, &version);
    let shop_no = shop_no(call)?;
    let shop = world.shops.get_mut(&shop_no).ok_or_else(Refusal::pairing)?;
    number_skus(&mut version, &mut shop.chance);
    keep(call, world, number, version.clone(), save)?;
    world.announce_information(shop_no, number, &changed, call.now);
    let product = super::find(super::shop(call, world)?, number).ok_or_else(Refusal::internal)?;
    Ok(made(call, product, &version))
}

/// The tree of the category in the body. A category that stays needs none.
fn named_tree(call: &Admitted<'_>, shop: &Shop) -> Result<Option<CategoryVersion>, Refusal> {
    let is_said = |name| call.body.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let is_named = is_said("category_id") || is_said("category_version");
    is_named.then(|| category::version(call, Some(&shop.region))).transpose()
}

fn keep(
    call: &Admitted<'_>,
    world: &mut World,
    number: ProductNo,
    version: Version,
    save: Save,
) -> Result<(), Refusal> {
    let kept = world.change_product(shop_no(call)?, number, call.now, |product| match save {
        Save::Draft => product.keep_draft(version, call.now),
        Save::Listing => product.submit(version, call.now),
    });
    kept.unwrap_or(Ok(())).map_err(|forbidden| Refusal::business(code::STATUS_FORBIDS, forbidden.to_string()))
}

/// Only these two words; `DRAFT` is refused (PLATFORM.md 8.6).
fn save_mode(body: &Value) -> Result<Save, Refusal> {
    match body.get("save_mode").and_then(Value::as_str) {
        None | Some("" | "LISTING") => Ok(Save::Listing),
        Some("AS_DRAFT") => Ok(Save::Draft),
        Some(_) => Err(Refusal::parameter("save_mode is invalid, allowed: AS_DRAFT, LISTING")),
    }
}

fn made(call: &Admitted<'_>, product: &Product, version: &Version) -> Success {
    let skus = version.skus.iter().map(|sku| {
        json!({
            "id": sku.number.to_string(),
            "seller_sku": sku.seller_sku,
            "external_sku_id": sku.fields.get("external_sku_id"),
            "sales_attributes": sku.fields.get("sales_attributes").cloned().unwrap_or_else(|| json!([])),
        })
    });
    let answer = json!({
        "product_id": product.number.to_string(),
        "skus": skus.collect::<Vec<_>>(),
        "warnings": [],
        "audit": { "status": product.audit.status.as_str() },
    });
    fitted(call, answer)
}

fn changed_fields(product: &Product, version: &Version) -> Vec<String> {
    let title = (product.name != version.title).then(|| "title".to_owned());
    let fields = version.fields.iter().filter(|(name, value)| product.fields.get(*name) != Some(value));
    let fields = fields.map(|(name, _)| name.clone());
    let skus = version.skus.iter().any(|sku| sku.price.is_some() || sku.stock.is_some());
    title.into_iter().chain(fields).chain(skus.then(|| "skus".to_owned())).collect()
}
