//! Buyers: names and addresses, computed from the buyer's number instead of stored.

use serde::Serialize;
use ttshop_types::Region;

use crate::dice::{index_below, scatter};
use crate::world::BuyerNo;

const FIRST_NAMES: [&str; 12] = [
    "Ada", "Ben", "Chloé", "Daniel", "Elif", "Fatima", "George", "Hannah", "İpek", "Jürgen", "Kwame", "Linh",
];
const LAST_NAMES: [&str; 12] = [
    "Okafor", "Smith", "Nguyễn", "García", "O'Neill", "Kowalski", "Müller", "Rossi", "Tan", "Dubois",
    "Silva", "Yamada",
];
const STREETS: [&str; 8] = [
    "High Street",
    "Maple Avenue",
    "Station Road",
    "Park Lane",
    "Church Street",
    "Elm Drive",
    "Mill Lane",
    "Oak Way",
];

/// Where parcels go, as the API prints it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Recipient {
    full_address: String,
    phone_number: String,
    name: String,
    first_name: String,
    last_name: String,
    first_name_local_script: &'static str,
    last_name_local_script: &'static str,
    address_detail: String,
    address_line1: String,
    address_line2: &'static str,
    address_line3: &'static str,
    address_line4: &'static str,
    district_info: Vec<District>,
    postal_code: String,
    region_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_town: Option<&'static str>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct District {
    address_level: &'static str,
    address_level_name: &'static str,
    address_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    iso_code: Option<&'static str>,
}

/// The market's part of an address.
struct Town {
    country: &'static str,
    iso_code: &'static str,
    state: &'static str,
    city: &'static str,
    dial_code: &'static str,
    post_town: Option<&'static str>,
}

fn town(region: &Region) -> Town {
    let (country, iso_code, state, city, dial_code) = match region {
        Region::UnitedStates => ("United States", "US", "Texas", "Austin", "+1"),
        Region::UnitedKingdom => ("United Kingdom", "GB", "England", "Leeds", "+44"),
        Region::Germany => ("Germany", "DE", "Berlin", "Berlin", "+49"),
        Region::Mexico => ("Mexico", "MX", "Jalisco", "Guadalajara", "+52"),
        Region::Japan => ("Japan", "JP", "Tokyo", "Shinjuku", "+81"),
        Region::Vietnam => ("Vietnam", "VN", "Hà Nội", "Cầu Giấy", "+84"),
        _ => ("Elsewhere", "ZZ", "Central", "Springfield", "+999"),
    };
    let post_town = (*region == Region::UnitedKingdom).then_some("LEEDS");
    Town { country, iso_code, state, city, dial_code, post_town }
}

impl Recipient {
    /// The recipient of `buyer`, after `changes` changes of the address.
    pub(crate) fn of(buyer: BuyerNo, changes: u8, region: &Region) -> Self {
        let person = scatter(buyer.0);
        let place = scatter(buyer.0.wrapping_add(u64::from(changes) << 48));
        let first_name = FIRST_NAMES[index_below(person, FIRST_NAMES.len())];
        let last_name = LAST_NAMES[index_below(scatter(person), LAST_NAMES.len())];
        let street = STREETS[index_below(place, STREETS.len())];
        let town = town(region);
        let line = format!("{} {street}", 1 + scatter(place) % 240);
        let level = |address_level, address_level_name, address_name, iso_code| District {
            address_level,
            address_level_name,
            address_name,
            iso_code,
        };
        Self {
            full_address: format!("{}, {}, {}, {line}", town.country, town.state, town.city),
            phone_number: format!("({}){:09}", town.dial_code, person % 1_000_000_000),
            name: format!("{first_name} {last_name}"),
            first_name: first_name.into(),
            last_name: last_name.into(),
            first_name_local_script: "",
            last_name_local_script: "",
            address_detail: line.clone(),
            address_line1: line,
            address_line2: "",
            address_line3: "",
            address_line4: "",
            district_info: vec![
                level("L0", "Country", town.country, Some(town.iso_code)),
                level("L1", "State", town.state, None),
                level("L2", "City", town.city, None),
            ],
            postal_code: format!("{:05}", place % 100_000),
            region_code: region.code().into(),
            post_town: town.post_town,
        }
    }

    /// The same with the private parts starred out.
    pub(crate) fn masked(mut self) -> Self {
        for text in [
            &mut self.phone_number,
            &mut self.name,
            &mut self.first_name,
            &mut self.last_name,
            &mut self.address_detail,
            &mut self.address_line1,
            &mut self.full_address,
        ] {
            *text = mask(text);
        }
        self
    }
}

/// The alias under which the platform forwards mail.
pub(crate) fn email(buyer: BuyerNo) -> String {
    format!("v{:016x}@scs.tiktokw.us", scatter(buyer.0))
}

/// Keeps the first letter of each word.
fn mask(text: &str) -> String {
    let mut start = true;
    text.chars()
        .map(|c| {
            let shown = start || c == ' ' || c == ',';
            start = c == ' ';
            if shown { c } else { '*' }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buyer_stays_the_same_person() {
        let (buyer, region) = (BuyerNo(4_711), Region::UnitedKingdom);
        assert_eq!(Recipient::of(buyer, 0, &region), Recipient::of(buyer, 0, &region));
        let (before, after) = (Recipient::of(buyer, 0, &region), Recipient::of(buyer, 1, &region));
        assert_eq!(before.name, after.name);
        assert_ne!(before.address_line1, after.address_line1);
    }

    #[test]
    fn a_masked_recipient_shows_no_name() {
        let masked = Recipient::of(BuyerNo(4_711), 0, &Region::UnitedStates).masked();
        assert!(masked.name.contains("***"), "{}", masked.name);
        assert_eq!(mask("Ada O'Neill, 12"), "A** O******, 1*");
    }
}
