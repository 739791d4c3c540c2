//! What the body of a create or an edit asks for, and whether it may.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use ttshop_types::Region;

use crate::family::category;
use crate::family::check::{Listing, Market, faults};
use crate::family::global::{code, list};
use crate::gateway::{Admitted, Refusal};
use crate::money::{Minor, decimals_of};
use crate::world::global::{GlobalProduct, GlobalSku};
use crate::world::{SellerNo, SkuNo, World};

/// Characters of a `seller_sku`.
const SELLER_SKU_LENGTH_MAX: usize = 50;
/// PLATFORM.md 12 #22.
const QUANTITY_MAX: i64 = 99_999;
/// What says what to do with the rest.
const ORDERS: [&str; 3] = ["title", "skus", "category_version"];

/// What a global product is to be. Variants without a number are new.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) title: String,
    pub(super) fields: Map<String, Value>,
    pub(super) skus: Vec<GlobalSku>,
}

/// What `body` asks for; what it leaves out stays as in `kept`.
pub(super) fn wanted(
    body: &Value,
    kept: Option<&GlobalProduct>,
    known: Option<&GlobalProduct>,
) -> Result<Wanted, Refusal> {
    let mut fields = kept.map(|kept| kept.fields.clone()).unwrap_or_default();
    let given = body.as_object().into_iter().flatten().filter(|(name, _)| !ORDERS.contains(&name.as_str()));
    fields.extend(given.map(|(name, value)| (name.clone(), value.clone())));
    let title = body.get("title").and_then(Value::as_str).map(str::trim).or_else(|| Some(&kept?.title));
    let skus = match (body.get("skus").and_then(Value::as_array), kept) {
        (Some(listed), _) => listed.iter().map(|sku| wanted_sku(sku, known)).collect::<Result<_, _>>()?,
        (None, Some(kept)) => kept.skus.clone(),
        (None, None) => Vec::new(),
    };
    Ok(Wanted { title: title.unwrap_or_default().to_owned(), fields, skus })
}

fn wanted_sku(sku: &Value, known: Option<&GlobalProduct>) -> Result<GlobalSku, Refusal> {
    let given = sku.as_object().cloned().unwrap_or_default();
    let id = sku.get("id").and_then(Value::as_str).unwrap_or_default();
    if id.is_empty() {
        return Ok(GlobalSku { number: SkuNo::default(), fields: given });
    }
    let found = known.and_then(|known| known.skus.iter().find(|sku| sku.number.to_string() == id));
    let found = found.ok_or_else(|| {
        Refusal::business(code::SKU_UNKNOWN, format!("The global product has no SKU {id}."))
    })?;
    let mut fields = found.fields.clone();
    fields.extend(given.into_iter().filter(|(name, _)| name != "id"));
    Ok(GlobalSku { number: found.number, fields })
}

/// Everything that keeps it from being made.
pub(super) fn look(
    call: &Admitted<'_>,
    wanted: &Wanted,
    seller: SellerNo,
    world: &World,
) -> Result<Vec<Refusal>, Refusal> {
    let seller = world.sellers.get(&seller).ok_or_else(Refusal::user_type)?;
    // What only some markets demand is asked for when it is published there.
    let market = Market { seed: world.seed, region: &Region::UnitedKingdom, library: &seller.library };
    let skus: Vec<_> = wanted.skus.iter().map(|sku| &sku.fields).collect();
    // A check names no version, and an edit may leave it out.
    let is_created = call.operation.path.ends_with("/global_products");
    let is_said = call.body.get("category_version").and_then(Value::as_str).is_some_and(|it| !it.is_empty());
    let tree = (is_said || is_created).then(|| category::version(call, None)).transpose()?;
    let listing = Listing { title: &wanted.title, fields: &wanted.fields, skus: &skus, tree, drawn: false };
    let mut found = faults(listing, market);
    found.extend(skus_fit(&wanted.skus).err());
    Ok(found)
}

fn skus_fit(skus: &[GlobalSku]) -> Result<(), Refusal> {
    if skus.is_empty() {
        return Err(Refusal::business(code::SKUS_EMPTY, "The global product has no SKU."));
    }
    let mut attributes = BTreeSet::new();
    let mut warehouses = BTreeSet::new();
    for sku in skus {
        price_of(sku)?;
        if sku.text("seller_sku").chars().count() > SELLER_SKU_LENGTH_MAX {
            return Err(Refusal::business(code::SKU_LONG, "A `seller_sku` has at most 50 characters."));
        }
        let fields = Value::Object(sku.fields.clone());
        let named = list(&fields, "sales_attributes");
        if named.is_empty() && skus.len() > 1 {
            let message = "Several SKUs need sales attributes that tell them apart.";
            return Err(Refusal::business(code::SALES_ATTRIBUTES, message));
        }
        let names = named
            .iter()
            .map(|it| it["id"].as_str().or_else(|| it["name"].as_str()).unwrap_or_default().to_owned());
        attributes.insert(names.collect::<BTreeSet<_>>());
        let kept = list(&fields, "inventory");
        quantities_fit(kept)?;
        warehouses.insert(warehouses_of(kept).into_iter().map(str::to_owned).collect::<Vec<_>>());
    }
    if attributes.len() > 1 {
        return Err(Refusal::business(code::SKU_ATTRIBUTES, "All SKUs have the same sales attributes."));
    }
    if warehouses.len() > 1 {
        return Err(Refusal::business(code::WAREHOUSES_DIFFER, "All SKUs are kept in the same warehouses."));
    }
    Ok(())
}

/// The warehouses of a list of quantities.
pub(super) fn warehouses_of(inventory: &[Value]) -> BTreeSet<&str> {
    inventory.iter().filter_map(|entry| entry.get("global_warehouse_id")?.as_str()).collect()
}

/// PLATFORM.md 12 #22: between 1 and 99,999.
pub(super) fn quantities_fit(inventory: &[Value]) -> Result<(), Refusal> {
    let mut quantities = inventory.iter().filter_map(|entry| entry.get("quantity")?.as_i64());
    if quantities.all(|quantity| (1..=QUANTITY_MAX).contains(&quantity)) {
        return Ok(());
    }
    Err(Refusal::business(code::QUANTITY, "A quantity is a number between 1 and 99999."))
}

/// The price in its own currency: dollars or euros.
pub(super) fn price_of(sku: &GlobalSku) -> Result<(Minor, &str), Refusal> {
    let price = sku.fields.get("price");
    let text = |name: &str| price.and_then(|price| price.get(name)?.as_str()).unwrap_or_default();
    let currency = text("currency");
    if !matches!(currency, "USD" | "EUR") {
        return Err(Refusal::business(code::CURRENCY, "Global prices are in USD or EUR."));
    }
    let amount = Minor::parse(text("amount"), decimals_of(currency)).filter(|amount| amount.0 > 0);
    let amount = amount.ok_or_else(|| {
        Refusal::business(
            code::PRICE_INVALID,
            "A price is a number above 0 with at most two digits after the point.",
        )
    })?;
    Ok((amount, currency))
}
