//! What manufacturers and responsible persons have in common: checks, languages, searches.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::family::listing::page;
use crate::gateway::{Admitted, Refusal};
use crate::world::library::Record;
use crate::world::{ThingNo, World};

/// Codes of the two families of records.
pub(super) mod code {
    pub(crate) const NOT_IN_EU: i64 = 38_023_026;
    pub(crate) const TOO_MANY_PERSONS: i64 = 38_023_027;
    pub(crate) const EU_DIAL_CODE: i64 = 38_023_028;
    pub(crate) const TOO_MANY_MANUFACTURERS: i64 = 38_023_032;
    pub(crate) const MANUFACTURER_NAME: i64 = 38_023_033;
    pub(crate) const MANUFACTURER_ADDRESS: i64 = 38_023_034;
    pub(crate) const TRADE_NAME: i64 = 38_023_037;
    pub(crate) const PHONE_LENGTH: i64 = 38_023_041;
    pub(crate) const EMAIL: i64 = 38_023_042;
    pub(crate) const DIAL_CODE: i64 = 38_023_046;
    pub(crate) const PAGE_TOKEN: i64 = 38_023_048;
    pub(crate) const TOO_MANY_IDS: i64 = 38_023_049;
    pub(crate) const NOT_FOUND: i64 = 38_023_051;
    pub(crate) const FOREIGN: i64 = 38_023_052;
    pub(crate) const LOCALE: i64 = 38_023_057;
    pub(crate) const AVAILABILITY: i64 = 38_023_060;
    pub(crate) const PERSON_NAME: i64 = 38_023_022;
    pub(crate) const PERSON_ADDRESS: i64 = 38_023_024;
}

/// Languages of profiles. The first is ours to take when none is named.
const LOCALES: [&str; 5] = ["en-IE", "de-DE", "es-ES", "fr-FR", "it-IT"];
/// Records of a kind that a seller may have. The number is ours.
pub(super) const RECORDS_MAX: usize = 1_000;
/// Digits of a phone number (ITU-T E.164).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;

/// The language that a call writes in.
pub(super) fn locale<'c>(call: &'c Admitted<'_>) -> Result<Option<&'c str>, Refusal> {
    match call.body.get("locale").and_then(Value::as_str) {
        Some(locale) if LOCALES.contains(&locale) => Ok(Some(locale)),
        Some(locale) => {
            Err(Refusal::business(code::LOCALE, format!("The locale {locale} is not supported.")))
        }
        None => Ok(None),
    }
}

/// A record in its first language.
pub(super) fn record(number: ThingNo, locale: Option<&str>, profile: Map<String, Value>) -> Record {
    let locale = locale.unwrap_or(LOCALES[0]).to_owned();
    Record { number, first_locale: locale.clone(), profiles: BTreeMap::from([(locale, profile)]) }
}

/// The named fields of the body that were sent.
pub(super) fn sent(body: &Value, names: &[&str]) -> Map<String, Value> {
    let sent = names.iter().filter_map(|name| {
        let value = body.get(*name).filter(|value| !value.is_null())?;
        Some(((*name).to_owned(), value.clone()))
    });
    sent.collect()
}

/// A field that was sent and holds nothing but blanks.
pub(super) fn is_blank(profile: &Map<String, Value>, name: &str) -> bool {
    profile.get(name).and_then(Value::as_str).is_some_and(|text| text.trim().is_empty())
}

pub(super) fn email_is_acceptable(profile: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(email) = profile.get("email").and_then(Value::as_str) else { return Ok(()) };
    let fits = email.split_once('@').is_some_and(|(name, domain)| {
        let labels = || domain.split('.');
        !name.is_empty()
            && labels().count() > 1
            && labels().all(|label| !label.is_empty())
            && !email.contains(char::is_whitespace)
            && !domain.contains('@')
    });
    if fits { Ok(()) } else { Err(Refusal::business(code::EMAIL, "The email address is malformed.")) }
}

pub(super) fn local_number_is_acceptable(phone: &Value) -> Result<(), Refusal> {
    let number = phone.get("local_number").and_then(Value::as_str).unwrap_or_default();
    let fits = PHONE_DIGITS.contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    if fits {
        Ok(())
    } else {
        Err(Refusal::business(code::PHONE_LENGTH, "The phone number has 4 to 15 digits."))
    }
}

/// The record that a path names.
pub(super) fn find<'r>(
    id: &str,
    own: &'r mut BTreeMap<ThingNo, Record>,
    exists_elsewhere: bool,
) -> Result<&'r mut Record, Refusal> {
    let record = id.parse().ok().and_then(|number| own.get_mut(&number));
    record.ok_or_else(|| {
        if exists_elsewhere {
            Refusal::business(code::FOREIGN, format!("The record {id} belongs to another seller."))
        } else {
            Refusal::business(code::NOT_FOUND, format!("The record {id} does not exist."))
        }
    })
}

/// One page of what a search wants, newest first, in the shapes of both versions.
pub(super) fn search(
    call: &Admitted<'_>,
    world: &World,
    records: &BTreeMap<ThingNo, Record>,
    names: (&str, &str),
) -> Result<Value, Refusal> {
    let (rows_name, ids_name) = names;
    let list = |name: &str| call.body.get(name).and_then(Value::as_array);
    let size: usize = call.call.param("page_size").and_then(|size| size.parse().ok()).unwrap_or_default();
    let ids = list(ids_name).filter(|ids| !ids.is_empty());
    if ids.is_some_and(|ids| ids.len() > size) {
        return Err(Refusal::business(code::TOO_MANY_IDS, "More ids were sent than fit on a page."));
    }
    let locales = list("locales").filter(|locales| !locales.is_empty());
    if let Some(odd) = locales.into_iter().flatten().find(|it| !LOCALES.iter().any(|known| *it == known)) {
        return Err(Refusal::business(code::LOCALE, format!("The locale {odd} is not supported.")));
    }
    let keyword = call.body.get("keyword").and_then(Value::as_str).unwrap_or_default();
    let rows = records.values().rev().filter(|record| record.is_called(keyword));
    let rows = rows.filter(|record| ids.is_none_or(|ids| ids.contains(&record.number.to_string().into())));
    let rows: Vec<_> = rows.map(|record| row(record, locales)).collect();
    let invalid = |_| Refusal::business(code::PAGE_TOKEN, "The page token does not fit this search.");
    let page = page(call, world, rows).map_err(invalid)?;
    Ok(json!({ rows_name: page.rows, "total_count": page.total, "next_page_token": page.next }))
}

fn row(record: &Record, locales: Option<&Vec<Value>>) -> Value {
    let wanted = |locale: &str| locales.is_none_or(|locales| locales.iter().any(|it| it == locale));
    let profiles = record.profiles.iter().filter(|(locale, _)| wanted(locale));
    let profiles: Vec<_> = profiles
        .map(|(locale, profile)| {
            let mut profile = profile.clone();
            profile.insert("locale".into(), locale.as_str().into());
            profile
        })
        .collect();
    let mut row = record.first();
    row.insert("id".into(), record.number.to_string().into());
    row.insert("regional_profiles".into(), profiles.into());
    row.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_a_name_and_a_domain() {
        let check = |email: &str| email_is_acceptable(&sent(&json!({ "email": email }), &["email"])).is_ok();
        for good in ["a@b.example", "first.last@mail.example.com"] {
            assert!(check(good), "{good}");
        }
        for bad in ["", "a", "@b.example", "a@b", "a@b.", "a @b.example", "a@b@c.example"] {
            assert!(!check(bad), "{bad}");
        }
    }
}
