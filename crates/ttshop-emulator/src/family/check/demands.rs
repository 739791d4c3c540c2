//! What the category, the brand and the market demand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::family::category::is_in_eu;
use crate::family::check::{Listing, Market};
use crate::gateway::Refusal;
use crate::world::ThingNo;
use crate::world::category::{Attribute, AttributeKind, BRANDS, Category, Trade, attributes};
use crate::world::library::Record;

const INVITATION_ONLY: i64 = 12_052_221;
const BRAND_UNKNOWN: i64 = 12_052_026;
const BRAND_PROTECTED: i64 = 12_052_208;
const ATTRIBUTE_MISSING: i64 = 12_052_104;
const ATTRIBUTE_UNKNOWN: i64 = 12_019_030;
const ATTRIBUTE_TWICE: i64 = 12_052_254;
const ATTRIBUTE_SINGLE: i64 = 12_052_246;
const ATTRIBUTE_FIXED: i64 = 12_052_247;
const ATTRIBUTE_EMPTY: i64 = 12_052_248;
const PAPER_MISSING: i64 = 12_052_105;
const SIZE_CHART_MISSING: i64 = 12_052_673;
const SIZE_CHART_UNKNOWN: i64 = 12_052_128;

pub(super) fn look(
    listing: Listing<'_>,
    market: Market<'_>,
    category: &'static Category,
    faults: &mut Vec<Refusal>,
) {
    let mut find = |code, message: String| faults.push(Refusal::business(code, message));
    if category.permission() == "INVITE_ONLY" {
        find(INVITATION_ONLY, format!("The category {} is by invitation only.", category.name));
    }
    brand(listing, market, &mut find);
    if let Some(trade) = category.trade {
        described(listing, trade, &mut find);
        papers(listing, trade, &mut find);
        size_chart(listing, market, trade, &mut find);
    }
    people(listing, market, &mut find);
}

fn brand(listing: Listing<'_>, market: Market<'_>, find: &mut impl FnMut(i64, String)) {
    let Some(id) = listing.text("brand_id") else { return };
    match BRANDS.iter().find(|brand| brand.id == id) {
        Some(brand) if brand.protected => {
            find(BRAND_PROTECTED, format!("The brand {} asks for its owner's consent.", brand.name));
        }
        Some(_) => {}
        None if market.library.brands.iter().any(|brand| brand.number.to_string() == id) => {}
        None => find(BRAND_UNKNOWN, format!("There is no brand {id}.")),
    }
}

/// The values of the attributes that were sent, by attribute.
type Said<'a> = BTreeMap<&'a str, &'a [Value]>;

fn described(listing: Listing<'_>, trade: Trade, find: &mut impl FnMut(i64, String)) {
    let mut said = Said::new();
    for attribute in listing.list("product_attributes") {
        let id = attribute.get("id").and_then(Value::as_str).unwrap_or_default();
        let values = attribute.get("values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if said.insert(id, values).is_some() {
            find(ATTRIBUTE_TWICE, format!("The attribute {id} is there twice."));
        }
    }
    let known = || attributes(trade).filter(|attribute| attribute.kind == AttributeKind::Product);
    for (id, values) in &said {
        match known().find(|attribute| attribute.id == *id) {
            Some(attribute) => values_fit(attribute, values, find),
            None => find(ATTRIBUTE_UNKNOWN, format!("The category has no attribute {id}.")),
        }
    }
    let has =
        |id: &str, value: &str| said.get(id).is_some_and(|values| values.iter().any(|it| it["id"] == value));
    let is_needed = |attribute: &&Attribute| {
        attribute.required || attribute.only_with.is_some_and(|(id, value)| has(id, value))
    };
    for missing in known().filter(is_needed).filter(|attribute| !said.contains_key(attribute.id)) {
        if !listing.drawn {
            find(ATTRIBUTE_MISSING, format!("The attribute {} ({}) is missing.", missing.name, missing.id));
        }
    }
}

fn values_fit(attribute: &Attribute, values: &[Value], find: &mut impl FnMut(i64, String)) {
    let name = attribute.name;
    if values.len() > 1 && !attribute.multiple {
        find(ATTRIBUTE_SINGLE, format!("The attribute {name} takes one value."));
    }
    for value in values {
        let text = |field: &str| value.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        match (text("id"), text("name")) {
            (None, None) => find(ATTRIBUTE_EMPTY, format!("A value of the attribute {name} is empty.")),
            (Some(id), _) if attribute.values.iter().any(|(known, _)| *known == id) => {}
            (None, Some(_)) if attribute.customizable => {}
            _ => find(ATTRIBUTE_FIXED, format!("The attribute {name} has no such value.")),
        }
    }
}

fn papers(listing: Listing<'_>, trade: Trade, find: &mut impl FnMut(i64, String)) {
    let paper = match trade {
        Trade::Food => "7182427204430268002",
        Trade::Electronics if has_batteries(listing) => "7182427204430268001",
        Trade::Electronics
        | Trade::Plain
        | Trade::Apparel
        | Trade::Beauty
        | Trade::Jewellery
        | Trade::Weapons => return,
    };
    if !listing.drawn && !listing.list("certifications").iter().any(|given| given["id"] == paper) {
        find(PAPER_MISSING, format!("The certificate {paper} is missing."));
    }
}

fn has_batteries(listing: Listing<'_>) -> bool {
    let mut attributes = listing.list("product_attributes").iter();
    let batteries = attributes.find(|attribute| attribute["id"] == "101400");
    batteries.is_some_and(|attribute| attribute["values"][0]["id"] == "1000058")
}

fn size_chart(listing: Listing<'_>, market: Market<'_>, trade: Trade, find: &mut impl FnMut(i64, String)) {
    let chart = listing.fields.get("size_chart").filter(|chart| !chart.is_null());
    if trade == Trade::Apparel && chart.is_none() && !listing.drawn {
        find(SIZE_CHART_MISSING, "The category demands a size chart.".into());
    }
    let template = chart.and_then(|chart| chart.pointer("/template/id")?.as_str());
    let charts = &market.library.size_charts;
    if let Some(id) = template
        && !id.parse().is_ok_and(|number| charts.contains_key(&number))
    {
        find(SIZE_CHART_UNKNOWN, format!("There is no size chart {id}."));
    }
}

/// The European Union wants to know who answers for a product.
fn people(listing: Listing<'_>, market: Market<'_>, find: &mut impl FnMut(i64, String)) {
    let needed = is_in_eu(market.region) && !listing.drawn;
    let library = market.library;
    // Codes: missing, unknown or another seller's, twice.
    let mut each = |field: &str, known: &BTreeMap<ThingNo, Record>, codes: [i64; 3]| {
        let ids: Vec<&str> = listing.list(field).iter().filter_map(Value::as_str).collect();
        if needed && ids.is_empty() {
            find(codes[0], format!("The market demands `{field}`."));
        }
        for id in &ids {
            if !id.parse().is_ok_and(|number| known.contains_key(&number)) {
                find(codes[1], format!("The seller has no such record: {id} in `{field}`."));
            }
        }
        if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
            find(codes[2], format!("`{field}` names one twice."));
        }
    };
    each("manufacturer_ids", &library.manufacturers, [12_052_282, 12_052_285, 12_052_295]);
    each("responsible_person_ids", &library.responsible_persons, [12_052_287, 12_052_290, 12_052_296]);
}
