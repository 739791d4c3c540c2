//! Markets of TikTok Shop.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! regions {
    ($($(#[$doc:meta])* $name:ident $code:literal $currency:literal)*) => {
        /// A market, by its ISO 3166 code. A market that opens later is kept as [`Region::Unknown`].
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Region {
            $($(#[$doc])* $name,)*
            /// A code this version does not know.
            Unknown(String),
        }

        impl Region {
            /// Every known market.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The two-letter code; `GB` for the United Kingdom.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Unknown(code) => code,
                }
            }

            /// The market's currency (ISO 4217), if the market is known.
            pub fn currency(&self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some($currency),)*
                    Self::Unknown(_) => None,
                }
            }
        }

        impl From<&str> for Region {
            fn from(code: &str) -> Self {
                match code {
                    $($code => Self::$name,)*
                    other => Self::Unknown(other.into()),
                }
            }
        }
    };
}

regions! {
    /// United States.
    UnitedStates "US" "USD"
    /// United Kingdom.
    UnitedKingdom "GB" "GBP"
    /// Ireland.
    Ireland "IE" "EUR"
    /// Germany.
    Germany "DE" "EUR"
    /// France.
    France "FR" "EUR"
    /// Spain.
    Spain "ES" "EUR"
    /// Italy.
    Italy "IT" "EUR"
    /// Indonesia.
    Indonesia "ID" "IDR"
    /// Malaysia.
    Malaysia "MY" "MYR"
    /// Philippines.
    Philippines "PH" "PHP"
    /// Singapore.
    Singapore "SG" "SGD"
    /// Thailand.
    Thailand "TH" "THB"
    /// Vietnam.
    Vietnam "VN" "VND"
    /// Japan.
    Japan "JP" "JPY"
    /// Mexico.
    Mexico "MX" "MXN"
    /// Brazil.
    Brazil "BR" "BRL"
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|code| Self::from(code.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_market_is_kept() {
        let region: Region = serde_json::from_str("\"PL\"").unwrap();
        assert_eq!(region, Region::Unknown("PL".into()));
        assert_eq!(serde_json::to_string(&region).unwrap(), "\"PL\"");
    }

    #[test]
    fn codes_round_trip() {
        for region in Region::ALL {
            assert_eq!(&Region::from(region.code()), region);
        }
    }
}
