//! Buyer and address. The platform hides values in the field of the clear ones; a hidden value never replaces a clear one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ttshop_types::Masked;

use super::read::{list, text};

/// A buyer's value and whether the platform hid it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Shown {
    value: String,
    masked: bool,
}

impl Shown {
    fn read(order: &Value, field: &str) -> Option<Self> {
        text(order, field).map(|value| Self::from(Masked::read(value)))
    }

    fn into_masked(self) -> Masked {
        if self.masked { Masked::Hidden(self.value) } else { Masked::Clear(self.value) }
    }
}

impl From<Masked> for Shown {
    fn from(masked: Masked) -> Self {
        Self { masked: masked.clear().is_none(), value: masked.as_printed().into() }
    }
}

/// What to keep of a known value when a newer one, or none, arrives.
fn merged(known: Option<Shown>, newer: Option<Shown>) -> Option<Shown> {
    match (known, newer) {
        (Some(known), Some(newer)) => Some(known.into_masked().merged_with(newer.into_masked()).into()),
        (known, None) => known.filter(|known| !known.masked),
        (None, newer) => newer,
    }
}

macro_rules! shown_fields {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $source:literal,)* } { $($plain:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(default)]
        pub(super) struct $name {
            $($field: Option<Shown>,)*
            $($plain: $kind,)*
        }

        impl $name {
            fn read_shown(order: &Value) -> Self {
                Self { $($field: Shown::read(order, $source),)* ..Self::default() }
            }

            fn hides_something(&self) -> bool {
                [$(&self.$field),*].into_iter().flatten().any(|shown| shown.masked)
            }

            /// This, with what an earlier row still knew in the clear.
            #[must_use]
            pub(super) fn keeping(self, known: Self) -> Self {
                Self { $($field: merged(known.$field, self.$field),)* $($plain: self.$plain,)* }
            }
        }
    };
}

shown_fields! {
    /// Who bought.
    Buyer {
        email: "buyer_email",
        nickname: "buyer_nickname",
        name: "name",
        phone: "phone_number",
        tax_number: "cpf",
        tax_name: "cpf_name",
    } {
        id: Option<String>,
    }
}

shown_fields! {
    /// Where it goes.
    ShippingAddress {
        name: "name",
        first_name: "first_name",
        last_name: "last_name",
        phone: "phone_number",
        full: "full_address",
        detail: "address_detail",
        line1: "address_line1",
        line2: "address_line2",
        line3: "address_line3",
        line4: "address_line4",
        post_town: "post_town",
        postal_code: "postal_code",
    } {
        region: Option<String>,
        districts: Vec<District>,
        drop_off: Option<String>,
    }
}

/// One level of an address: state, county, town.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct District {
    level: Option<String>,
    kind: Option<String>,
    name: Option<String>,
    iso_code: Option<String>,
}

impl Buyer {
    pub(super) fn of(order: &Value) -> Self {
        let address = order.get("recipient_address").unwrap_or(&Value::Null);
        let own = Self::read_shown(order);
        let recipient = Self::read_shown(address);
        Self { name: recipient.name, phone: recipient.phone, id: text(order, "user_id"), ..own }
    }
}

impl ShippingAddress {
    pub(super) fn of(order: &Value) -> Option<Self> {
        let address = order.get("recipient_address").filter(|address| address.is_object())?;
        let districts = list(address, "district_info").iter().map(|district| District {
            level: text(district, "address_level"),
            kind: text(district, "address_level_name"),
            name: text(district, "address_name"),
            iso_code: text(district, "iso_code"),
        });
        let preferences = address.get("delivery_preferences").unwrap_or(&Value::Null);
        Some(Self {
            region: text(address, "region_code"),
            districts: districts.collect(),
            drop_off: text(preferences, "drop_off_location"),
            ..Self::read_shown(address)
        })
    }
}

/// Whether a row has to be merged with what was known before.
pub(super) fn is_hiding(buyer: &Buyer, address: Option<&ShippingAddress>) -> bool {
    buyer.hides_something() || address.is_none_or(ShippingAddress::hides_something)
}
