//! Listings looked at before they are made, and products looked at afterwards.

use serde_json::{Value, json};

use crate::family::check::{Listing, Market, faults};
use crate::family::fit::fitted;
use crate::family::product::wanted::{Mode, consistent, version};
use crate::family::product::{number, shop, view};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::product::Version;
use crate::world::{ProductNo, Shop, World};

/// More ids than one call may name (PLATFORM.md 6.2).
const TOO_MANY_IDS: i64 = 12_019_120;
const IDS_MAX: usize = 200;
/// Titles, descriptions and pictures that say less than this could say more. The numbers are ours.
const TITLE_GOOD: usize = 25;
const DESCRIPTION_GOOD: usize = 300;
const PICTURES_GOOD: usize = 5;

/// `POST /product/202309/products/listing_check`: what creating the product would say, all of it.
pub(super) fn check_product_listing(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let wanted =
        version(&call.body, None, Mode::Whole, shop).and_then(|wanted| consistent(&wanted).map(|()| wanted));
    let (found, diagnoses) = match &wanted {
        Ok(wanted) => {
            let skus: Vec<_> = wanted.skus.iter().map(|sku| &sku.fields).collect();
            // The body names no version of the tree.
            let listing = Listing {
                title: &wanted.title,
                fields: &wanted.fields,
                skus: &skus,
                tree: None,
                drawn: false,
            };
            (faults(listing, Market::of(shop, world)?), diagnoses(wanted))
        }
        Err(refusal) => (vec![refusal.clone()], Vec::new()),
    };
    let wants_diagnosis = call.call.param("is_diagnosis_required") != Some("false");
    let reasons: Vec<_> =
        found.iter().map(|fault| json!({ "code": fault.code, "message": fault.message })).collect();
    let answer = json!({
        "check_result": if reasons.is_empty() { "PASS" } else { "FAILED" },
        "fail_reasons": reasons,
        "listing_quality": wants_diagnosis.then(|| quality(&diagnoses)),
        "diagnoses": wants_diagnosis.then_some(diagnoses),
    });
    Ok(fitted(call, answer))
}

/// `GET /product/202405/products/diagnoses`
pub(super) fn get_product_diagnoses(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let ids: Vec<&str> =
        call.call.param("product_ids").unwrap_or_default().split(',').map(str::trim).collect();
    if ids.len() > IDS_MAX {
        return Err(Refusal::business(TOO_MANY_IDS, "At most 200 products are looked at in one call."));
    }
    let shop = shop(call, world)?;
    let rows: Vec<Value> = ids.iter().map(|id| row(shop, number(id)?)).collect::<Result<_, Refusal>>()?;
    Ok(fitted(call, json!({ "products": rows })))
}

fn row(shop: &Shop, number: ProductNo) -> Result<Value, Refusal> {
    let product = super::find(shop, number);
    let product = product
        .ok_or_else(|| Refusal::business(PRODUCT_MISSING, format!("The shop has no product {number}.")))?;
    let shown = view::detail(shop, product);
    let fields = shown.as_object().cloned().unwrap_or_default();
    let diagnoses = diagnoses(&Version { title: product.name.clone(), fields, skus: Vec::new() });
    Ok(json!({
        "id": number.to_string(),
        "listing_quality": quality(&diagnoses),
        "diagnoses": diagnoses,
    }))
}

/// A product of that id is not there.
const PRODUCT_MISSING: i64 = 12_052_260;

/// What could be better.
fn diagnoses(version: &Version) -> Vec<Value> {
    let list = |name: &str| version.fields.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    let text = version.fields.get("description").and_then(Value::as_str).unwrap_or_default();
    let advice = |field: &str, code: &str, cure: &str| {
        json!({
            "field": field,
            "diagnosis_results": [{ "code": code, "how_to_solve": cure, "quality_tier": "FAIR" }],
        })
    };
    let mut found = Vec::new();
    if version.title.chars().count() < TITLE_GOOD {
        found.push(advice("TITLE", "TITLE_SHORT", "Write a title of at least 25 characters."));
    }
    if text.chars().count() < DESCRIPTION_GOOD {
        found.push(advice(
            "DESCRIPTION",
            "DESCRIPTION_SHORT",
            "Write a description of at least 300 characters.",
        ));
    }
    if list("main_images") < PICTURES_GOOD {
        found.push(advice("IMAGE", "IMAGES_FEW", "Show at least 5 pictures."));
    }
    if list("product_attributes") == 0 {
        found.push(advice("ATTRIBUTE", "ATTRIBUTES_FEW", "Name the attributes of the product."));
    }
    found
}

fn quality(diagnoses: &[Value]) -> Value {
    let tier = match diagnoses.len() {
        0 => "GOOD",
        1 | 2 => "FAIR",
        _ => "POOR",
    };
    json!({ "current_tier": tier, "remaining_recommendations": diagnoses.len() })
}
