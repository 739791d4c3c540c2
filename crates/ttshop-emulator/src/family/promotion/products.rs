//! Which products are in an activity, and for how much.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::promotion::activity::in_seconds;
use crate::family::promotion::find::{activity_of, not_found};
use crate::family::promotion::rules::{can_change, invalid};
use crate::family::promotion::{code, view};
use crate::family::{shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::product::{Product, Sku};
use crate::world::promotion::{
    Activity, ActivityKind, ActivityNews, ActivityStatus, Item, Offer, ProductLevel, SkuItem, UNLIMITED,
};
use crate::world::{ActivityNo, ProductNo, Shop, SkuNo, World};

/// Most products of one request.
const REQUEST_MAX: usize = 300;
/// Most products and variants of one activity (PLATFORM.md 4.7).
const ITEMS_MAX: usize = 10_000;
/// Most units of a limit (PLATFORM.md 4.7).
const LIMIT_MAX: i64 = 99;

pub(super) fn update_promotion_activity_products(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let number = activity_of(call, world)?;
    if call.body.get("activity_id").and_then(Value::as_str) != call.path_params.get("activity_id") {
        return Err(invalid("'activity_id' differs between path and body."));
    }
    let shop = shop_of(call, world)?;
    let activity = shop.promotions.activities.get(&number).ok_or_else(not_found)?;
    can_change(activity)?;
    let new = read_items(&Catalogue { shop, world, activity }, call)?;
    let benefits = products_of(&call.body, "benefit_product_ids")?;
    let excluded = products_of(&call.body, "exclude_product_ids")?;
    if new.is_empty() && benefits.is_empty() && excluded.is_empty() {
        return Err(Refusal::business(code::PRODUCTS_EMPTY, "The list of products is empty."));
    }
    no_conflict(shop, activity, &new)?;
    let lists = json!({
        "product_ids": new.keys().map(ToString::to_string).collect::<Vec<_>>(),
        "benefit_product_ids": benefits.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "exclude_product_ids": excluded.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    let activity = activity_mut(call, world, number)?;
    put_in(activity, new);
    activity.benefit_products.extend(benefits);
    activity.excluded_products.extend(excluded);
    if activity.item_count() > ITEMS_MAX {
        return Err(Refusal::business(code::TOO_MANY_ITEMS, "An activity has at most 10000 items."));
    }
    activity.updated = call.now;
    let before = activity.status;
    if before == ActivityStatus::Draft && activity.item_count() > 0 {
        activity.publish(call.now);
    }
    let changed = activity.status != before;
    let news = ActivityNews { updated: Some(lists), ..ActivityNews::of("UPDATE") };
    answer(call, world, number, news, changed)
}

pub(super) fn remove_promotion_activity_products(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let number = activity_of(call, world)?;
    let activity = activity_mut(call, world, number)?;
    can_change(activity)?;
    let products = products_of(&call.body, "product_ids")?;
    let skus: Vec<SkuNo> = texts(&call.body, "sku_ids").iter().filter_map(|id| id.parse().ok()).collect();
    let frozen = activity.kind == ActivityKind::Flashsale && activity.status == ActivityStatus::Ongoing;
    if frozen && !products.is_empty() {
        return Err(frozen_product());
    }
    if frozen && !skus.is_empty() {
        return Err(Refusal::business(code::FLASH_SKU_FROZEN, "The flash sale of the SKU is ongoing."));
    }
    if products.iter().any(|product| !activity.items.contains_key(product)) {
        return Err(Refusal::business(code::PRODUCT_ABSENT, "The product is not in the activity."));
    }
    let has = |sku: &SkuNo| activity.items.values().any(|item| item.skus.contains_key(sku));
    if skus.len() != texts(&call.body, "sku_ids").len() || !skus.iter().all(has) {
        return Err(Refusal::business(code::SKU_ABSENT, "The SKU is not in the activity."));
    }
    let (benefits, excluded) =
        (products_of(&call.body, "benefit_product_ids")?, products_of(&call.body, "exclude_product_ids")?);
    activity.items.retain(|product, item| {
        let had_skus = !item.skus.is_empty();
        item.skus.retain(|sku, _| !skus.contains(sku));
        !products.contains(product) && (!had_skus || !item.skus.is_empty())
    });
    activity.benefit_products.retain(|product| !benefits.contains(product));
    activity.excluded_products.retain(|product| !excluded.contains(product));
    activity.updated = call.now;
    let lists = ["product_ids", "sku_ids", "benefit_product_ids", "exclude_product_ids"]
        .map(|name| (name.to_owned(), json!(texts(&call.body, name))));
    let removed = Some(Value::Object(lists.into_iter().collect()));
    let news = ActivityNews { removed, ..ActivityNews::of("UPDATE") };
    answer(call, world, number, news, false)
}

fn answer(
    call: &Admitted<'_>,
    world: &mut World,
    number: ActivityNo,
    news: ActivityNews,
    status_changed: bool,
) -> Result<Success, Refusal> {
    let place = shop_of(call, world)?.number;
    world.announce_activity(place, number, news, call.now);
    if status_changed {
        world.announce_activity_status(place, number, call.now);
    }
    let shop = shop_of(call, world)?;
    let activity = shop.promotions.activities.get(&number).ok_or_else(not_found)?;
    let mut shown = in_seconds(call, view::activity(shop, activity));
    shown["total_count"] = activity.item_count().into();
    Ok(fitted(call, shown))
}

/// Replaces the terms of items that are there already, and keeps how much of them is used up.
fn put_in(activity: &mut Activity, new: BTreeMap<ProductNo, Item>) {
    for (number, mut item) in new {
        if let Some(old) = activity.items.get(&number) {
            item.used = old.used;
            for (sku, of_sku) in &old.skus {
                let mut kept = item.skus.get(sku).copied().unwrap_or(*of_sku);
                kept.used = of_sku.used;
                item.skus.insert(*sku, kept);
            }
        }
        activity.items.insert(number, item);
    }
}

/// What the products of a request are looked up in.
struct Catalogue<'a> {
    shop: &'a Shop,
    world: &'a World,
    activity: &'a Activity,
}

fn read_items(catalogue: &Catalogue<'_>, call: &Admitted<'_>) -> Result<BTreeMap<ProductNo, Item>, Refusal> {
    let asked = call.body.get("products").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if asked.len() > REQUEST_MAX {
        return Err(Refusal::business(code::REQUEST_TOO_LARGE, "A request names at most 300 products."));
    }
    if !asked.is_empty() && catalogue.activity.level == ProductLevel::Shop {
        return Err(invalid("An activity for the whole shop has no products."));
    }
    let frozen = catalogue.activity.kind == ActivityKind::Flashsale
        && catalogue.activity.status == ActivityStatus::Ongoing;
    let mut items = BTreeMap::new();
    for entry in asked {
        let product = product_of(catalogue, text(entry, "id"))?;
        if frozen && catalogue.activity.items.contains_key(&product.number) {
            return Err(frozen_product());
        }
        if items.insert(product.number, item(catalogue, product, entry)?).is_some() {
            return Err(Refusal::business(code::PRODUCT_TWICE, "A product is named twice."));
        }
    }
    Ok(items)
}

fn product_of<'a>(catalogue: &Catalogue<'a>, id: &str) -> Result<&'a Product, Refusal> {
    let has = |product: &&Product| product.number.to_string() == id;
    if let Some(product) = catalogue.shop.products.iter().find(has) {
        return Ok(product);
    }
    let elsewhere = catalogue.world.shops.values().flat_map(|shop| &shop.products).any(|it| has(&it));
    Err(if elsewhere {
        Refusal::business(code::PRODUCT_FOREIGN, format!("The product {id} belongs to another shop."))
    } else {
        Refusal::business(code::PRODUCT_UNKNOWN, format!("The product {id} does not exist."))
    })
}

fn item(catalogue: &Catalogue<'_>, product: &Product, entry: &Value) -> Result<Item, Refusal> {
    let skus = entry.get("skus").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (quantity_limit, quantity_per_user) = limits(entry)?;
    let item = |offer, skus| Item { offer, quantity_limit, quantity_per_user, used: 0, skus };
    if catalogue.activity.level != ProductLevel::Variation {
        if !skus.is_empty() {
            return Err(Refusal::business(
                code::SKUS_GIVEN,
                "SKUs do not belong to a product level activity.",
            ));
        }
        let cheapest = product.offered().map(|sku| sku.price).min().unwrap_or_default();
        let offer = offer(catalogue, entry, cheapest, &PRODUCT_CODES)?;
        return Ok(item(offer, BTreeMap::new()));
    }
    if skus.is_empty() {
        return Err(Refusal::business(code::SKUS_EMPTY, "A variation level activity needs SKUs."));
    }
    if !text(entry, "activity_price_amount").is_empty() || !text(entry, "discount").is_empty() {
        return Err(Refusal::business(code::OFFER_AT_PRODUCT, "Prices and discounts belong to the SKUs."));
    }
    if quantity_limit != UNLIMITED {
        return Err(Refusal::business(code::PRODUCT_LIMIT_GIVEN, "The product's quantity_limit must be -1."));
    }
    let mut items = BTreeMap::new();
    for entry in skus {
        let sku = sku_of(product, text(entry, "id"))?;
        let (quantity_limit, quantity_per_user) = limits(entry)?;
        let offer = offer(catalogue, entry, sku.price, &SKU_CODES)?;
        let new = SkuItem { offer, quantity_limit, quantity_per_user, used: 0 };
        if items.insert(sku.number, new).is_some() {
            return Err(Refusal::business(code::SKU_TWICE, "A SKU is named twice."));
        }
    }
    Ok(item(None, items))
}

fn sku_of<'a>(product: &'a Product, id: &str) -> Result<&'a Sku, Refusal> {
    let number: SkuNo = id
        .parse()
        .map_err(|_| Refusal::business(code::SKU_INVALID, format!("The SKU id '{id}' is invalid.")))?;
    let found = product.offered().find(|sku| sku.number == number);
    found.ok_or_else(|| Refusal::business(code::SKU_OF_ANOTHER, "The SKU is none of the product."))
}

fn limits(entry: &Value) -> Result<(i64, i64), Refusal> {
    let limit = |name: &str, code| {
        let limit = entry.get(name).and_then(Value::as_i64).unwrap_or(UNLIMITED);
        if limit == UNLIMITED || (1..=LIMIT_MAX).contains(&limit) {
            Ok(limit)
        } else {
            Err(Refusal::business(code, format!("'{name}' must be -1 or between 1 and 99.")))
        }
    };
    Ok((limit("quantity_limit", code::LIMIT_RANGE)?, limit("quantity_per_user", code::PER_USER_RANGE)?))
}

/// The same mistakes have one set of codes for products and another for SKUs.
struct OfferCodes {
    price_given: i64,
    discount_given: i64,
    price_missing: i64,
    discount_missing: i64,
    discount_high: i64,
    discount_low: i64,
}

const PRODUCT_CODES: OfferCodes = OfferCodes {
    price_given: code::PRODUCT_PRICE_GIVEN,
    discount_given: code::PRODUCT_DISCOUNT_GIVEN,
    price_missing: code::PRODUCT_PRICE_MISSING,
    discount_missing: code::PRODUCT_DISCOUNT_MISSING,
    discount_high: code::PRODUCT_DISCOUNT_HIGH,
    discount_low: code::PRODUCT_DISCOUNT_LOW,
};
const SKU_CODES: OfferCodes = OfferCodes {
    price_given: code::SKU_PRICE_GIVEN,
    discount_given: code::SKU_DISCOUNT_GIVEN,
    price_missing: code::SKU_PRICE_MISSING,
    discount_missing: code::SKU_DISCOUNT_MISSING,
    discount_high: code::SKU_DISCOUNT_HIGH,
    discount_low: code::SKU_DISCOUNT_LOW,
};

/// A price for fixed prices and flash sales, a discount for direct discounts, nothing for the rest.
fn offer(
    catalogue: &Catalogue<'_>,
    entry: &Value,
    list_price: Minor,
    codes: &OfferCodes,
) -> Result<Option<Offer>, Refusal> {
    let (price, discount) = (text(entry, "activity_price_amount"), text(entry, "discount"));
    let no = |code, message: &str| Err(Refusal::business(code, message));
    match catalogue.activity.kind {
        ActivityKind::FixedPrice | ActivityKind::Flashsale => {
            if !discount.is_empty() {
                return no(codes.discount_given, "The activity needs a price, not a discount.");
            }
            if price.is_empty() {
                return no(codes.price_missing, "The activity price is required.");
            }
            match Minor::parse(price, catalogue.shop.decimals()) {
                Some(price) if price > Minor(0) && price < list_price => Ok(Some(Offer::Price(price))),
                _ => no(code::PRICE_INVALID, "The activity price must be below the list price."),
            }
        }
        ActivityKind::DirectDiscount => {
            if !price.is_empty() {
                return no(codes.price_given, "The activity needs a discount, not a price.");
            }
            if discount.is_empty() {
                return no(codes.discount_missing, "The discount is required.");
            }
            match discount.parse::<i64>() {
                Ok(percent) if percent < 1 => no(codes.discount_low, "The discount is below 1 percent."),
                Ok(percent) if percent > 99 => no(codes.discount_high, "The discount is above 99 percent."),
                Ok(percent) => Ok(Some(Offer::PercentOff(percent))),
                Err(_) => Err(invalid("'discount' must be a whole number of percent.")),
            }
        }
        ActivityKind::ShippingDiscount
        | ActivityKind::BuyMoreSaveMore
        | ActivityKind::GiftWithPurchase
        | ActivityKind::BuyXGetY => Ok(None),
    }
}

/// A product is in one running or coming activity of its kind at a time.
fn no_conflict(shop: &Shop, activity: &Activity, new: &BTreeMap<ProductNo, Item>) -> Result<(), Refusal> {
    let rivals = shop.promotions.activities.values().filter(|other| {
        other.number != activity.number
            && other.status.is_live()
            && other.overlaps(activity)
            && other.kind.conflicts_with(activity.kind)
    });
    for rival in rivals {
        if let Some(product) = new.keys().find(|product| rival.items.contains_key(product)) {
            let code = match activity.kind {
                ActivityKind::BuyMoreSaveMore => code::BMSM_CONFLICT,
                _ => code::CONFLICT,
            };
            let message = format!("The product {product} is in the activity {} already.", rival.number);
            return Err(Refusal::business(code, message));
        }
    }
    Ok(())
}

fn frozen_product() -> Refusal {
    Refusal::business(code::FLASH_PRODUCT_FROZEN, "The flash sale of the product is ongoing.")
}

fn products_of(body: &Value, name: &str) -> Result<Vec<ProductNo>, Refusal> {
    let parsed: Result<BTreeSet<ProductNo>, _> = texts(body, name).into_iter().map(str::parse).collect();
    let parsed = parsed.map_err(|_| invalid(&format!("'{name}' holds something that is no id.")))?;
    Ok(parsed.into_iter().collect())
}

fn texts<'a>(body: &'a Value, name: &str) -> Vec<&'a str> {
    let list = body.get(name).and_then(Value::as_array);
    list.map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn activity_mut<'w>(
    call: &Admitted<'_>,
    world: &'w mut World,
    number: ActivityNo,
) -> Result<&'w mut Activity, Refusal> {
    shop_mut(call, world)?.promotions.activities.get_mut(&number).ok_or_else(not_found)
}
