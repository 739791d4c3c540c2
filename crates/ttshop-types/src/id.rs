//! Opaque identifiers: text inside, each kind its own type.
//!
//! The platform prints most ids as decimal strings, yet some webhooks carry them as JSON numbers beyond 2^53. Both forms
//! deserialise to the same text, and no id ever passes through a floating-point number.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(String);

        impl $name {
            /// Wraps the platform's text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text as the platform prints it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Gives the text away.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(IdVisitor).map(Self)
            }
        }
    )*};
}

id! {
    /// The public key of an app, as Partner Center shows it.
    AppKey
    /// The id in authorise URLs; it differs from the app key.
    ServiceId
    /// Who authorised, as seen by one app.
    OpenId
    /// One shop in one market.
    ShopId
    /// One order of one shop.
    OrderId
    /// One unit of one order: a quantity of three is three line items.
    LineItemId
    /// One parcel.
    PackageId
    /// One product of one shop.
    ProductId
    /// One variant of one product.
    SkuId
    /// One warehouse; an address that ships and takes returns has two.
    WarehouseId
    /// One cancellation request.
    CancelId
    /// One return, refund or replacement request.
    ReturnId
    /// `tts_notification_id`: one webhook delivery, the same in every retry.
    NotificationId
    /// The platform's name for one call; support asks for it.
    RequestId
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as text or as a whole number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u128<E: Error>(self, number: u128) -> Result<String, E> {
        Ok(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_number_are_the_same_id() {
        let text: ProductId = serde_json::from_str("\"1729592969712207008\"").unwrap();
        let number: ProductId = serde_json::from_str("1729592969712207008").unwrap();
        assert_eq!(text, number);
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"1729592969712207008\"");
    }

    #[test]
    fn a_fraction_is_no_id() {
        assert!(serde_json::from_str::<ProductId>("1.5").is_err());
        assert!(serde_json::from_str::<ProductId>("null").is_err());
    }
}
