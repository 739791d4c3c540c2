//! What a category demands of a listing.

use serde_json::{Value, json};
use ttshop_types::Region;

use crate::family::category::leaf_of_path;
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::category::{Category, Trade};

/// Markets in which products name a manufacturer and a responsible person.
const EU_MARKETS: [&str; 5] = ["DE", "ES", "FR", "IT", "IE"];
/// Markets with cash on delivery.
const COD_MARKETS: [&str; 6] = ["ID", "MY", "PH", "SG", "TH", "VN"];

/// Whether products of the market name a manufacturer and a responsible person.
pub(in crate::family) fn is_in_eu(region: &Region) -> bool {
    EU_MARKETS.contains(&region.code())
}

/// `GET /product/202309/categories/{category_id}/rules`
pub(super) fn get_category_rules(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let region = &shop_of(call, world)?.region;
    let category = leaf_of_path(call, Some(region))?;
    let in_eu = is_in_eu(region);
    let is_apparel = category.trade == Some(Trade::Apparel);
    let rules = json!({
        "product_certifications": certifications(category),
        "size_chart": {
            "is_supported": is_apparel,
            "is_required": is_apparel,
            "measurement_and_options": if is_apparel { measurements() } else { json!([]) },
            "size_types": if is_apparel { json!(["REGULAR", "PETITE", "PLUS"]) } else { json!([]) },
        },
        "cod": { "is_supported": COD_MARKETS.contains(&region.code()) },
        "package_dimension": { "is_required": *region != Region::UnitedStates },
        "epr": { "is_required": in_eu },
        "responsible_person": { "is_required": in_eu },
        "manufacturer": { "is_required": in_eu },
        "allowed_special_product_types": if is_apparel { json!(["PRE_ORDER", "MADE_TO_ORDER"]) } else { json!([]) },
        "fees": [],
        "seller_sku": { "is_required": false },
    });
    Ok(fitted(call, rules))
}

/// `GET /product/202309/categories/{category_id}/global_rules`
pub(super) fn get_global_category_rules(call: &Admitted<'_>, _: &mut World) -> Result<Success, Refusal> {
    let category = leaf_of_path(call, None)?;
    let is_apparel = category.trade == Some(Trade::Apparel);
    let in_eu = json!({ "is_required": false, "required_regions": EU_MARKETS, "optional_regions": [] });
    let rules = json!({
        "product_certifications": certifications(category),
        "size_chart": { "is_supported": is_apparel, "is_required": is_apparel },
        "responsible_person": in_eu.clone(),
        "manufacturer": in_eu,
    });
    Ok(fitted(call, rules))
}

/// The papers that goods of the category need.
fn certifications(category: &Category) -> Value {
    let paper = |id: &str, name: &str, conditions: Value, expires: bool| {
        json!([{
            "id": id,
            "name": name,
            "is_required": conditions == json!([]),
            "document_details": format!("A photo or scan of the {name}."),
            "sample_image_url": format!("https://p16-oec-va.ibyteimg.com/emulated/{id}.jpeg"),
            "requirement_conditions": conditions,
            "required_regions": ["US"],
            "optional_regions": ["GB"],
            "expiration_date": { "is_required": expires },
        }])
    };
    match category.trade {
        Some(Trade::Electronics) => {
            let mut with_batteries = json!([{
                "condition_type": "VALUE_ID_MATCH",
                "attribute_id": "101400",
                "attribute_value_id": "1000058",
            }]);
            with_batteries[0]["region"] = "US".into();
            paper("7182427204430268001", "Battery Test Report", with_batteries, false)
        }
        Some(Trade::Food) => paper("7182427204430268002", "Food Facility Registration", json!([]), true),
        Some(Trade::Plain | Trade::Apparel | Trade::Beauty | Trade::Jewellery | Trade::Weapons) | None => {
            json!([])
        }
    }
}

fn measurements() -> Value {
    let option = |name: &str, id: &str, metric: [&str; 2], imperial: [&str; 2]| {
        json!({
            "name": name,
            "id": id,
            "role": "MEASUREMENT",
            "unit": "CENTIMETER",
            "metric_value_range": metric,
            "imperial_value_range": imperial,
        })
    };
    let options = [
        option("Chest", "7271001", ["10", "200"], ["4", "79"]),
        option("Waist", "7271002", ["10", "200"], ["4", "79"]),
        option("Length", "7271003", ["10", "250"], ["4", "98"]),
    ];
    json!([
        { "measurement_type": "BODY_MEASUREMENTS", "options": options },
        { "measurement_type": "PRODUCT_MEASUREMENTS", "options": options },
    ])
}
