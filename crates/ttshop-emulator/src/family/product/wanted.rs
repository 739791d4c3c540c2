//! What the body of a create or an edit asks for, and whether it may.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::family::check::{Listing, Market, faults};
use crate::family::product::view::attribute;
use crate::family::product::{code, stock};
use crate::gateway::Refusal;
use crate::money::Minor;
use crate::world::category::CategoryVersion;
use crate::world::product::{Product, ProductStatus, Version, WantedSku};
use crate::world::{Chance, Shop, SkuNo};

const PRICE_MISSING: i64 = 12_052_571;
const PRICE_INVALID: i64 = 12_052_073;
const CURRENCY: i64 = 12_052_084;
const SELLER_SKU_LONG: i64 = 12_052_054;
const SELLER_SKU_LENGTH_MAX: usize = 50;
const SKUS_ALIKE: i64 = 12_052_560;
const WAREHOUSES_DIFFER: i64 = 12_052_143;

/// Fields that are not part of a version: they say what to do with it.
const ORDERS: [&str; 6] =
    ["title", "skus", "save_mode", "idempotency_key", "category_version", "auto_translate_enabled"];

/// How a body relates to what is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// What is left out is gone, except price and stock.
    Whole,
    /// What is left out stays; but of variants, those that are left out are gone (PLATFORM.md 8.6).
    Part,
}

/// The version that `body` asks for.
pub(super) fn version(
    body: &Value,
    base: Option<&Product>,
    mode: Mode,
    shop: &Shop,
) -> Result<Version, Refusal> {
    let kept = base.filter(|_| mode == Mode::Part).map(|base| {
        let latest = base.under_review.as_deref().or(base.draft.as_deref());
        latest.cloned().unwrap_or_else(|| base.version())
    });
    let mut fields = kept.as_ref().map(|kept| kept.fields.clone()).unwrap_or_default();
    let given = body.as_object().into_iter().flatten().filter(|(name, _)| !ORDERS.contains(&name.as_str()));
    fields.extend(given.map(|(name, value)| (name.clone(), value.clone())));
    let title = match body.get("title").and_then(Value::as_str) {
        Some(title) => title.trim().to_owned(),
        None => kept.as_ref().map(|kept| kept.title.clone()).unwrap_or_default(),
    };
    let skus = match (body.get("skus").and_then(Value::as_array), kept) {
        (Some(listed), _) => {
            listed.iter().map(|sku| wanted_sku(sku, base, shop)).collect::<Result<_, _>>()?
        }
        (None, Some(kept)) => kept.skus,
        (None, None) => Vec::new(),
    };
    Ok(Version { title, fields, skus })
}

/// Variants without a number get one; the numbers are drawn last, so that a refused call draws none.
pub(super) fn number_skus(version: &mut Version, chance: &mut Chance) {
    for sku in version.skus.iter_mut().filter(|sku| sku.number == SkuNo::default()) {
        sku.number = chance.mint.sku(&mut chance.dice);
    }
}

/// Whether a version may be listed; drafts may be anything. `tree` is what the category belongs to, if the caller says so.
pub(super) fn listable(
    version: &Version,
    base: Option<&Product>,
    tree: Option<CategoryVersion>,
    market: Market<'_>,
) -> Result<(), Refusal> {
    let skus: Vec<_> = version.skus.iter().map(|sku| &sku.fields).collect();
    let listing = Listing {
        title: &version.title,
        fields: &version.fields,
        skus: &skus,
        tree,
        drawn: base.is_some_and(is_drawn),
    };
    if let Some(fault) = faults(listing, market).into_iter().next() {
        return Err(fault);
    }
    for sku in &version.skus {
        let known = base.and_then(|base| base.skus.iter().find(|known| known.number == sku.number));
        if sku.price.is_none() && known.is_none() {
            return Err(Refusal::business(PRICE_MISSING, "A new variant has no price."));
        }
    }
    Ok(())
}

/// Only products that the seed drew came past the draft without a category.
pub(super) fn is_drawn(product: &Product) -> bool {
    product.status != ProductStatus::Draft && !product.fields.contains_key("category_id")
}

fn wanted_sku(sku: &Value, base: Option<&Product>, shop: &Shop) -> Result<WantedSku, Refusal> {
    let text = |name: &str| sku.get(name).and_then(Value::as_str).unwrap_or_default();
    let known = match text("id") {
        "" => None,
        id => {
            let number = id.parse::<SkuNo>().ok();
            let found = base.and_then(|base| base.skus.iter().find(|sku| Some(sku.number) == number));
            Some(found.ok_or_else(|| {
                Refusal::business(code::SKU_UNKNOWN, format!("The product has no SKU {id}."))
            })?)
        }
    };
    if text("seller_sku").chars().count() > SELLER_SKU_LENGTH_MAX {
        return Err(Refusal::business(SELLER_SKU_LONG, "A `seller_sku` has at most 50 characters."));
    }
    let stock = sku.get("inventory").and_then(Value::as_array).map(|listed| stock::quantities(listed, shop));
    let mut fields = known.map(|known| known.fields.clone()).unwrap_or_default();
    let own = ["id", "seller_sku", "price", "inventory"];
    let given = sku.as_object().into_iter().flatten().filter(|(name, _)| !own.contains(&name.as_str()));
    fields.extend(given.map(|(name, value)| (name.clone(), value.clone())));
    let name = name_attributes(&mut fields);
    Ok(WantedSku {
        number: known.map_or_else(SkuNo::default, |known| known.number),
        seller_sku: match (sku.get("seller_sku"), known) {
            (None, Some(known)) => known.seller_sku.clone(),
            _ => text("seller_sku").to_owned(),
        },
        name: name.or_else(|| Some(known?.name.clone())).unwrap_or_else(|| "Default".into()),
        price: sku
            .get("price")
            .filter(|price| !price.is_null())
            .map(|price| amount(price, shop))
            .transpose()?,
        stock: stock.transpose()?,
        fields,
    })
}

/// Gives the sales attributes their ids; the variant's name is made of their values.
fn name_attributes(fields: &mut Map<String, Value>) -> Option<String> {
    let listed = fields.get_mut("sales_attributes").and_then(Value::as_array_mut)?;
    let mut values = Vec::new();
    for given in listed.iter_mut().filter_map(Value::as_object_mut) {
        let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (name, value) = (text("name"), text("value_name"));
        let Value::Object(made) = attribute(&name, &value, SkuNo::default()) else { continue };
        for (key, value) in made {
            given.entry(key).or_insert(value);
        }
        values.push(value);
    }
    let values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// The price of a variant, in the shop's currency.
pub(super) fn amount(price: &Value, shop: &Shop) -> Result<Minor, Refusal> {
    let text = |name: &str| price.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if text("currency").is_some_and(|currency| currency != shop.currency()) {
        let message = format!("Prices of this shop are in {}.", shop.currency());
        return Err(Refusal::business(CURRENCY, message));
    }
    let given = text("amount").or_else(|| text("sale_price"));
    let given = given.ok_or_else(|| Refusal::business(PRICE_MISSING, "A price has no `amount`."))?;
    let parsed = Minor::parse(given, shop.decimals()).filter(|amount| amount.0 > 0);
    parsed.ok_or_else(|| {
        let digits = shop.decimals();
        Refusal::business(
            PRICE_INVALID,
            format!(
                "`{given}` is no price: send a number above 0 with at most {digits} digits after the point."
            ),
        )
    })
}

/// No two variants alike, none twice, all in the same warehouses.
pub(super) fn consistent(version: &Version) -> Result<(), Refusal> {
    let mut numbers = BTreeSet::new();
    let known = version.skus.iter().filter(|sku| sku.number != SkuNo::default());
    if let Some(twice) = known.into_iter().find(|sku| !numbers.insert(sku.number)) {
        return Err(Refusal::business(code::SKU_TWICE, format!("The SKU {} is there twice.", twice.number)));
    }
    let mut looks = BTreeSet::new();
    for sku in &version.skus {
        // Of what the seed drew, nobody said how variants differ.
        let given = sku.fields.get("sales_attributes").map(ToString::to_string);
        let look = given.unwrap_or_else(|| sku.number.to_string());
        if !looks.insert(look) {
            return Err(Refusal::business(SKUS_ALIKE, "Two variants have the same sales attributes."));
        }
    }
    let mut warehouses = version
        .skus
        .iter()
        .filter_map(|sku| sku.stock.as_ref())
        .map(|stock| stock.iter().map(|(warehouse, _)| *warehouse).collect::<BTreeSet<_>>());
    let first = warehouses.next();
    if first.is_some_and(|first| warehouses.any(|other| other != first)) {
        return Err(Refusal::business(WAREHOUSES_DIFFER, "All variants are kept in the same warehouses."));
    }
    Ok(())
}
