//! Manufacturers.

use serde_json::{Map, Value, json};

use crate::family::fit::fitted;
use crate::family::library::compliance::{self, RECORDS_MAX, code, is_blank, locale, sent};
use crate::family::library::seller_of;
use crate::family::{data, nothing};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

const FIELDS: [&str; 5] = ["name", "registered_trade_name", "email", "phone_number", "address"];

/// `POST /product/202409/compliance/manufacturers`
pub(super) fn create_manufacturer(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let profile = sent(&call.body, &FIELDS);
    profile_is_acceptable(&profile)?;
    let locale = locale(call)?;
    let library = &mut seller_of(call, world)?.library;
    if library.manufacturers.len() >= RECORDS_MAX {
        let message = format!("The seller has {RECORDS_MAX} manufacturers already.");
        return Err(Refusal::business(code::TOO_MANY_MANUFACTURERS, message));
    }
    let number = library.mint();
    library.manufacturers.insert(number, compliance::record(number, locale, profile));
    Ok(data(&json!({ "manufacturer_id": number.to_string() })))
}

/// `POST /product/{202409,202501}/compliance/manufacturers/search`
pub(super) fn search_manufacturers(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = seller_of(call, world)?.number;
    let records = world.sellers.get(&number).map(|seller| &seller.library.manufacturers);
    let names = ("manufacturers", "manufacturer_ids");
    let found = compliance::search(call, world, records.ok_or_else(Refusal::user_type)?, names)?;
    Ok(fitted(call, found))
}

/// `POST /product/202409/compliance/manufacturers/{manufacturer_id}/partial_edit`
pub(super) fn partial_edit_manufacturer(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let changes = sent(&call.body, &FIELDS);
    profile_is_acceptable(&changes)?;
    let locale = locale(call)?;
    let id = call.path_params.get("manufacturer_id").unwrap_or_default();
    let elsewhere = id.parse().is_ok_and(|number| {
        world.sellers.values().any(|seller| seller.library.manufacturers.contains_key(&number))
    });
    let record = compliance::find(id, &mut seller_of(call, world)?.library.manufacturers, elsewhere)?;
    let locale = locale.unwrap_or(&record.first_locale).to_owned();
    record.merge(&locale, changes);
    Ok(nothing())
}

fn profile_is_acceptable(profile: &Map<String, Value>) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::business(code, message));
    if is_blank(profile, "name") {
        return refuse(code::MANUFACTURER_NAME, "The manufacturer's name is empty.");
    }
    if is_blank(profile, "address") {
        return refuse(code::MANUFACTURER_ADDRESS, "The manufacturer's address is empty.");
    }
    if is_blank(profile, "registered_trade_name") {
        return refuse(code::TRADE_NAME, "The registered trade name is empty.");
    }
    compliance::email_is_acceptable(profile)?;
    profile.get("phone_number").map_or(Ok(()), phone_is_acceptable)
}

/// A number is needed unless there is said to be none.
fn phone_is_acceptable(phone: &Value) -> Result<(), Refusal> {
    match phone.get("availability").and_then(Value::as_str) {
        Some("UNAVAILABLE") => return Ok(()),
        Some("AVAILABLE") | None => {}
        Some(_) => {
            let message = "The availability of a phone number is AVAILABLE or UNAVAILABLE.";
            return Err(Refusal::business(code::AVAILABILITY, message));
        }
    }
    let dial_code = phone.get("country_code").and_then(Value::as_str).unwrap_or_default();
    let digits = dial_code.strip_prefix('+').unwrap_or_default();
    if !(1..=4).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::business(code::DIAL_CODE, "A country code of a phone looks like +49."));
    }
    compliance::local_number_is_acceptable(phone)
}
