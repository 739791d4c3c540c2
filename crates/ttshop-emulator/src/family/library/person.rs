//! Responsible persons: somebody in the European Union who answers for a product.

use serde_json::{Map, Value, json};

use crate::family::fit::fitted;
use crate::family::library::compliance::{self, RECORDS_MAX, code, is_blank, locale, sent};
use crate::family::library::seller_of;
use crate::family::{data, nothing};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

const FIELDS: [&str; 4] = ["name", "email", "phone_number", "address"];

/// Countries of the European Union: code, name, country code of its phones.
const EU: [(&str, &str, &str); 27] = [
    ("AT", "Austria", "+43"),
    ("BE", "Belgium", "+32"),
    ("BG", "Bulgaria", "+359"),
    ("CY", "Cyprus", "+357"),
    ("CZ", "Czechia", "+420"),
    ("DE", "Germany", "+49"),
    ("DK", "Denmark", "+45"),
    ("EE", "Estonia", "+372"),
    ("ES", "Spain", "+34"),
    ("FI", "Finland", "+358"),
    ("FR", "France", "+33"),
    ("GR", "Greece", "+30"),
    ("HR", "Croatia", "+385"),
    ("HU", "Hungary", "+36"),
    ("IE", "Ireland", "+353"),
    ("IT", "Italy", "+39"),
    ("LT", "Lithuania", "+370"),
    ("LU", "Luxembourg", "+352"),
    ("LV", "Latvia", "+371"),
    ("MT", "Malta", "+356"),
    ("NL", "Netherlands", "+31"),
    ("PL", "Poland", "+48"),
    ("PT", "Portugal", "+351"),
    ("RO", "Romania", "+40"),
    ("SE", "Sweden", "+46"),
    ("SI", "Slovenia", "+386"),
    ("SK", "Slovakia", "+421"),
];

/// `POST /product/202409/compliance/responsible_persons`
pub(super) fn create_responsible_person(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let profile = sent(&call.body, &FIELDS);
    profile_is_acceptable(&profile)?;
    let locale = locale(call)?;
    let library = &mut seller_of(call, world)?.library;
    if library.responsible_persons.len() >= RECORDS_MAX {
        let message = format!("The seller has {RECORDS_MAX} responsible persons already.");
        return Err(Refusal::business(code::TOO_MANY_PERSONS, message));
    }
    let number = library.mint();
    library.responsible_persons.insert(number, compliance::record(number, locale, profile));
    Ok(data(&json!({ "responsible_person_id": number.to_string() })))
}

/// `POST /product/{202409,202501}/compliance/responsible_persons/search`
pub(super) fn search_responsible_persons(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = seller_of(call, world)?.number;
    let records = world.sellers.get(&number).map(|seller| &seller.library.responsible_persons);
    let names = ("responsible_persons", "responsible_person_ids");
    let found = compliance::search(call, world, records.ok_or_else(Refusal::user_type)?, names)?;
    Ok(fitted(call, found))
}

/// `POST /product/202409/compliance/responsible_persons/{responsible_person_id}/partial_edit`
pub(super) fn partial_edit_responsible_person(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let changes = sent(&call.body, &FIELDS);
    profile_is_acceptable(&changes)?;
    let locale = locale(call)?;
    let id = call.path_params.get("responsible_person_id").unwrap_or_default();
    let elsewhere = id.parse().is_ok_and(|number| {
        world.sellers.values().any(|seller| seller.library.responsible_persons.contains_key(&number))
    });
    let record = compliance::find(id, &mut seller_of(call, world)?.library.responsible_persons, elsewhere)?;
    let locale = locale.unwrap_or(&record.first_locale).to_owned();
    record.merge(&locale, changes);
    Ok(nothing())
}

fn profile_is_acceptable(profile: &Map<String, Value>) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::business(code, message));
    if is_blank(profile, "name") {
        return refuse(code::PERSON_NAME, "The responsible person's name is empty.");
    }
    compliance::email_is_acceptable(profile)?;
    if let Some(phone) = profile.get("phone_number") {
        let dial_code = phone.get("country_code").and_then(Value::as_str).unwrap_or_default();
        if !EU.iter().any(|(_, _, known)| *known == dial_code) {
            return refuse(code::EU_DIAL_CODE, "The phone's country code is none of the European Union.");
        }
        compliance::local_number_is_acceptable(phone)?;
    }
    let Some(address) = profile.get("address") else { return Ok(()) };
    let line = |name: &str| address.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if line("street_address_line1").is_empty() || line("postal_code").is_empty() {
        return refuse(code::PERSON_ADDRESS, "The address has no street or no postal code.");
    }
    let country = line("country");
    if !EU.iter().any(|(code, name, _)| *code == country || name.eq_ignore_ascii_case(country)) {
        return refuse(code::NOT_IN_EU, "The country is none of the European Union.");
    }
    Ok(())
}
