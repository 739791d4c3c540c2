//! Ids: 18 or 19 digits, the same for the same thing in every answer, and the shop's own where it has such things.

use crate::contract::asked::Given;
use crate::contract::context::Context;
use crate::contract::shape::Scope;
use crate::dice::{hash, hash_more, scatter};
use crate::world::Shop;

/// What kind of thing an id names: the hash of a singular noun, because nouns are compared for every id of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Noun(u64);

const ORDER: Noun = Noun(hash(b"order"));
const PRODUCT: Noun = Noun(hash(b"product"));
const SKU: Noun = Noun(hash(b"sku"));
const PACKAGE: Noun = Noun(hash(b"package"));
const WAREHOUSE: Noun = Noun(hash(b"warehouse"));
const SHOP: Noun = Noun(hash(b"shop"));
const SELLER: Noun = Noun(hash(b"seller"));

/// The noun of a field or path segment; plurals are the noun of their singular.
pub(super) fn noun_of(word: &str) -> Noun {
    let bytes = word.as_bytes();
    Noun(match bytes {
        b"main_order" | b"main_orders" => hash(b"order"),
        [stem @ .., b'i', b'e', b's'] => hash_more(hash(stem), b"y"),
        [stem @ .., b's', b's', b'e', b's'] => hash_more(hash(stem), b"ss"),
        [.., b's', b's'] | [.., b't', b'u', b's'] => hash(bytes),
        [stem @ .., b's'] => hash(stem),
        _ => hash(bytes),
    })
}

/// The first of the numbers that a kind of thing takes its ids from.
fn base(noun: Noun) -> u64 {
    match noun {
        ORDER => 576_400_000_000_000_000,
        PACKAGE => 1_152_000_000_000_000_000,
        PRODUCT | SKU => 1_730_000_000_000_000_000,
        Noun(other) => 7_000_000_000_000_000_000 + other % 400 * SPAN,
    }
}

/// How many numbers a kind of thing has.
const SPAN: u64 = 1_000_000_000_000_000;

/// The number of the thing at `ordinal` that is listed as itself.
fn own_number(context: &Context<'_>, noun: Noun, ordinal: u64) -> u64 {
    real_number(context.shop, noun, ordinal)
        .unwrap_or_else(|| base(noun) + scatter(context.seed ^ noun.0 ^ scatter(ordinal)) % SPAN)
}

/// The number of a thing that something else refers to; a shop's own things are referred to again and again.
fn referred_number(context: &Context<'_>, noun: Noun, ordinal: u64) -> u64 {
    let kept = context.shop.map_or(0, |shop| match noun {
        PRODUCT | SKU => shop.products.len(),
        _ => 0,
    });
    let wrapped = u64::try_from(kept).ok().and_then(|kept| ordinal.checked_rem(kept));
    own_number(context, noun, wrapped.unwrap_or(ordinal))
}

fn real_number(shop: Option<&Shop>, noun: Noun, ordinal: u64) -> Option<u64> {
    let (shop, place) = (shop?, usize::try_from(ordinal).ok()?);
    match noun {
        PRODUCT => shop.products.get(place).map(|product| product.number.0),
        SKU => shop.products.get(place)?.skus.first().map(|sku| sku.number.0),
        WAREHOUSE if place == 0 => Some(shop.default_warehouse().0),
        SHOP if place == 0 => Some(shop.number.0),
        SELLER => Some(shop.seller.0),
        _ => None,
    }
}

/// The name of a shop's product.
pub(super) fn product_name<'a>(context: &Context<'a>, ordinal: u64) -> Option<&'a str> {
    let products = &context.shop?.products;
    let place = usize::try_from(ordinal).ok()?.checked_rem(products.len())?;
    products.get(place).map(|product| product.name.as_ref())
}

/// What stands for an id.
pub(super) enum Identity<'a> {
    Given(Given<'a>),
    Number(u64),
}

/// The value of `id`, or of a field that ends with `_id`.
pub(super) fn identity<'a>(context: &Context<'a>, scope: &Scope<'a>, name: &str) -> Identity<'a> {
    let Some(stem) = name.strip_suffix("_id") else {
        return own(context, scope);
    };
    let noun = noun_of(stem);
    let mut holder = Some(scope);
    while let Some(place) = holder {
        if let Some(given) = place.item.given(name) {
            return Identity::Given(given);
        }
        if place.noun == noun && place.in_list {
            return own(context, place);
        }
        holder = place.parent;
    }
    match context.asked.scalar(name) {
        Some(given) => Identity::Given(given),
        None => Identity::Number(referred_number(context, noun, scope.reference)),
    }
}

/// The id at `place` of a list of ids.
pub(super) fn listed_id(context: &Context<'_>, scope: &Scope<'_>, name: &str, place: u64) -> u64 {
    let stem = name.strip_suffix("_ids").or_else(|| name.strip_suffix("_id")).unwrap_or(name);
    own_number(context, noun_of(stem), scope.reference + place)
}

fn own<'a>(context: &Context<'a>, scope: &Scope<'a>) -> Identity<'a> {
    let asked = || (!scope.in_list).then(|| context.asked.id_of(scope.noun)).flatten();
    let given = scope.item.given("id").or_else(|| scope.item_id()).or_else(asked);
    given.map_or_else(|| Identity::Number(own_number(context, scope.noun, scope.own)), Identity::Given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_the_noun_of_their_singular() {
        for (plural, singular) in
            [("orders", "order"), ("categories", "category"), ("addresses", "address"), ("skus", "sku")]
        {
            assert_eq!(noun_of(plural), noun_of(singular), "{plural}");
        }
        assert_ne!(noun_of("status"), noun_of("statu"));
    }

    #[test]
    fn every_kind_of_id_has_18_or_19_digits_and_fits_64_bits() {
        for word in ["order", "package", "product", "category", "creator", "conversation"] {
            let most = base(noun_of(word)) + SPAN;
            assert!(most < i64::MAX.unsigned_abs(), "{word}");
            assert!((18..=19).contains(&base(noun_of(word)).to_string().len()), "{word}");
        }
    }
}
