//! Buyers: names and addresses, computed from the buyer's number instead of stored.

use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
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

/// Where parcels go. It is written piece by piece: a page of orders holds a hundred of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipient<'a> {
    person: u64,
    place: u64,
    region: &'a Region,
    masked: bool,
}

#[derive(Serialize)]
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

impl<'a> Recipient<'a> {
    /// The recipient of `buyer`, after `changes` changes of the address.
    pub(crate) fn of(buyer: BuyerNo, changes: u8, region: &'a Region) -> Self {
        let place = scatter(buyer.0.wrapping_add(u64::from(changes) << 48));
        Self { person: scatter(buyer.0), place, region, masked: false }
    }

    /// The same with the private parts starred out.
    pub(crate) fn masked(self) -> Self {
        Self { masked: true, ..self }
    }

    fn private<T: fmt::Display>(self, text: T) -> Private<T> {
        Private { text, masked: self.masked }
    }
}

impl Serialize for Recipient<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let town = town(self.region);
        let first_name = FIRST_NAMES[index_below(self.person, FIRST_NAMES.len())];
        let last_name = LAST_NAMES[index_below(scatter(self.person), LAST_NAMES.len())];
        let street = STREETS[index_below(self.place, STREETS.len())];
        let house = 1 + scatter(self.place) % 240;
        let name = format_args!("{first_name} {last_name}");
        let phone = format_args!("({}){:09}", town.dial_code, self.person % 1_000_000_000);
        let line = format_args!("{house} {street}");
        let address = format_args!("{}, {}, {}, {line}", town.country, town.state, town.city);
        let postal_code = format_args!("{:05}", self.place % 100_000);
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("full_address", &self.private(address))?;
        fields.serialize_entry("phone_number", &self.private(phone))?;
        fields.serialize_entry("name", &self.private(name))?;
        fields.serialize_entry("first_name", &self.private(first_name))?;
        fields.serialize_entry("last_name", &self.private(last_name))?;
        fields.serialize_entry("address_detail", &self.private(line))?;
        fields.serialize_entry("address_line1", &self.private(line))?;
        for empty in ["first_name_local_script", "last_name_local_script", "address_line2", "address_line3"] {
            fields.serialize_entry(empty, "")?;
        }
        fields.serialize_entry("address_line4", "")?;
        fields.serialize_entry("district_info", &town.districts())?;
        fields.serialize_entry("postal_code", &self.private(postal_code))?;
        fields.serialize_entry("region_code", self.region.code())?;
        if let Some(post_town) = town.post_town {
            fields.serialize_entry("post_town", post_town)?;
        }
        fields.end()
    }
}

impl Town {
    fn districts(&self) -> [District; 3] {
        let level = |address_level, address_level_name, address_name, iso_code| District {
            address_level,
            address_level_name,
            address_name,
            iso_code,
        };
        [
            level("L0", "Country", self.country, Some(self.iso_code)),
            level("L1", "State", self.state, None),
            level("L2", "City", self.city, None),
        ]
    }
}

/// The alias under which the platform forwards mail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Email(pub(crate) BuyerNo);

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("v{:016x}@scs.tiktokw.us", scatter(self.0.0)))
    }
}

/// Text of which, if masked, only the first letter of each word is shown.
struct Private<T> {
    text: T,
    masked: bool,
}

impl<T: fmt::Display> Serialize for Private<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<T: fmt::Display> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.masked {
            let mut mask = Mask { inner: f, in_word: false };
            fmt::write(&mut mask, format_args!("{}", self.text))
        } else {
            self.text.fmt(f)
        }
    }
}

/// Stars out what is written through it.
struct Mask<'a, 'f> {
    inner: &'a mut fmt::Formatter<'f>,
    in_word: bool,
}

/// More stars than most words have letters.
const STARS: &str = "********************************";

impl fmt::Write for Mask<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut stars = 0;
        for c in text.chars() {
            let hidden = self.in_word && c != ' ' && c != ',';
            self.in_word = c != ' ';
            if hidden {
                stars += 1;
            } else {
                self.write_stars(std::mem::take(&mut stars))?;
                fmt::Write::write_char(self.inner, c)?;
            }
        }
        self.write_stars(stars)
    }
}

impl Mask<'_, '_> {
    fn write_stars(&mut self, mut count: usize) -> fmt::Result {
        while count > 0 {
            let some = count.min(STARS.len());
            self.inner.write_str(&STARS[..some])?;
            count -= some;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(recipient: Recipient<'_>, field: &str) -> String {
        serde_json::to_value(recipient).unwrap()[field].as_str().unwrap().into()
    }

    #[test]
    fn a_buyer_stays_the_same_person() {
        let (buyer, region) = (BuyerNo(4_711), Region::UnitedKingdom);
        let [before, again, after] = [0, 0, 1].map(|changes| Recipient::of(buyer, changes, &region));
        assert_eq!(serde_json::to_string(&before).unwrap(), serde_json::to_string(&again).unwrap());
        assert_eq!(text(before, "name"), text(after, "name"));
        assert_ne!(text(before, "address_line1"), text(after, "address_line1"));
        assert_eq!(text(before, "post_town"), "LEEDS");
    }

    #[test]
    fn a_masked_recipient_shows_first_letters_only() {
        let clear = Recipient::of(BuyerNo(4_711), 0, &Region::UnitedStates);
        for field in ["name", "phone_number", "address_line1", "full_address", "postal_code"] {
            let (shown, hidden) = (text(clear, field), text(clear.masked(), field));
            assert_eq!(shown.chars().count(), hidden.chars().count());
            assert!(hidden.contains("***") && shown != hidden, "{hidden}");
        }
        let masked = Private { text: format_args!("{} O'Neill, {}", "Ada", 12), masked: true };
        assert_eq!(masked.to_string(), "A** O******, 1*");
    }
}
