//! What the token endpoints answer.

use serde::Deserialize;
use ttshop_types::{OpenId, Region, SecretText, Timestamp, UnixSeconds};

/// Both tokens of one authorisation, and whose they are.
#[derive(Clone, Debug)]
pub struct TokenSet {
    /// Sent with every call; lives about a week.
    pub access_token: SecretText,
    /// When the access token expires.
    pub access_expires_at: Timestamp,
    /// Buys the next pair.
    pub refresh_token: SecretText,
    /// When the grant ends; for permanent grants, about a century from now.
    pub refresh_expires_at: Timestamp,
    /// When this pair was received, by our clock.
    pub obtained_at: Timestamp,
    /// Who authorised, as seen by this app; missing in some answers.
    pub open_id: Option<OpenId>,
    /// The seller's name, which may be empty.
    pub seller_name: String,
    /// Where the seller is at home; a cross-border seller's shops are elsewhere.
    pub seller_base_region: Option<Region>,
    /// What kind of user authorised.
    pub user_type: Option<UserType>,
    /// The scopes granted; creators may grant only some.
    pub granted_scopes: Vec<String>,
}

/// What kind of user authorised.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum UserType {
    /// A seller: 0.
    Seller,
    /// A creator: 1.
    Creator,
    /// A partner agency: 3.
    Partner,
    /// A number that is not documented.
    Unknown(i64),
}

impl From<i64> for UserType {
    fn from(number: i64) -> Self {
        match number {
            0 => Self::Seller,
            1 => Self::Creator,
            3 => Self::Partner,
            other => Self::Unknown(other),
        }
    }
}

impl From<UserType> for i64 {
    fn from(user_type: UserType) -> Self {
        match user_type {
            UserType::Seller => 0,
            UserType::Creator => 1,
            UserType::Partner => 3,
            UserType::Unknown(other) => other,
        }
    }
}

/// `data` of a token answer. Both expiries are instants, despite their names.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    access_token: String,
    access_token_expire_in: UnixSeconds,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    refresh_token_expire_in: Option<UnixSeconds>,
    #[serde(default)]
    open_id: Option<OpenId>,
    #[serde(default)]
    seller_name: Option<String>,
    #[serde(default)]
    seller_base_region: Option<String>,
    #[serde(default)]
    user_type: Option<i64>,
    #[serde(default, alias = "granted_permissions")]
    granted_scopes: Option<Vec<String>>,
}

impl TokenAnswer {
    /// The answer as a pair. A refresh may leave the refresh token out: then the `previous` one stays.
    pub(super) fn into_set(self, previous: Option<&SecretText>, now: Timestamp) -> Option<TokenSet> {
        let refresh_token = self.refresh_token.filter(|token| !token.is_empty()).map(SecretText::from);
        let access_expires_at = Timestamp::from(self.access_token_expire_in);
        Some(TokenSet {
            access_token: self.access_token.into(),
            access_expires_at,
            refresh_token: refresh_token.or_else(|| previous.cloned())?,
            refresh_expires_at: self.refresh_token_expire_in.map_or(access_expires_at, Timestamp::from),
            obtained_at: now,
            open_id: self.open_id,
            seller_name: self.seller_name.unwrap_or_default(),
            seller_base_region: self
                .seller_base_region
                .filter(|code| !code.is_empty())
                .map(|code| code.as_str().into()),
            user_type: self.user_type.map(UserType::from),
            granted_scopes: self.granted_scopes.unwrap_or_default(),
        })
    }
}
