//! What a refusal means. The code alone does not say it: 36009004 stands for a dozen things, told apart by its message.

use super::{codes, patterns};

/// Why the platform refused a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// Too many calls.
    Throttled,
    /// The hourly allowance of a test shop is used up.
    TestQuotaUsedUp,
    /// The access token expired; a refresh helps.
    TokenExpired,
    /// The token is not known; somebody else may have replaced it.
    TokenInvalid,
    /// The grant is gone: the seller must authorise again.
    AuthorizationLost,
    /// The token is of the wrong kind of user, or does not belong to this shop.
    TokenMismatch,
    /// The timestamp is too old or too far ahead.
    ClockSkewed,
    /// The signature is wrong or missing.
    SignatureWrong,
    /// The app key is wrong, disabled or deleted.
    AppUnknown,
    /// The app or the token lacks the scope.
    ScopeMissing,
    /// The shop cipher is missing.
    CipherMissing,
    /// A cipher was sent where none is taken.
    CipherUnexpected,
    /// The caller's address is not on the app's allow-list.
    AddressBlocked,
    /// The shop or its seller is inactive.
    ShopInactive,
    /// The version is unknown or retired.
    VersionRetired,
    /// The path or the method is unknown.
    PathUnknown,
    /// A parameter is missing or wrong.
    ParameterWrong,
    /// The platform failed; a later try may succeed.
    Transient,
    /// The platform is not done yet; asking again later helps.
    NotReady,
    /// It was done before: read the state back and treat it as done.
    AlreadyDone,
    /// The state of the thing forbids it; it may have changed since it was read.
    StateForbids,
    /// The platform does not permit it for this shop, market, category or person.
    NotPermitted,
    /// The thing does not exist, or belongs to another shop.
    NotFound,
    /// The business data is refused: an address, a price, a measure, a picture.
    DataWrong,
    /// A daily or monthly allowance is used up.
    QuotaUsedUp,
    /// The platform shows no more rows of one search.
    ResultTooLarge,
    /// Anything else: the code's own meaning counts.
    Other,
}

impl Cause {
    /// The code that stands for a dozen refusals.
    pub(super) const OVERLOADED: i64 = 36_009_004;

    /// Reads a code and, where the code is overloaded, its message.
    pub fn of(code: i64, message: &str) -> Self {
        if code == Self::OVERLOADED {
            return Self::of_bad_request(message);
        }
        let own = || codes::row(code).map(|row| row.cause);
        let told = || patterns::of_code(code).map(|pattern| pattern.cause);
        Self::of_gateway(code).or_else(own).or_else(told).unwrap_or(Self::Other)
    }

    /// Codes that the client or its caller acts on by themselves.
    pub(super) fn of_gateway(code: i64) -> Option<Self> {
        Some(match code {
            36_009_002 | 17_029_054 | 45_111_012 | 600_001_001 | 600_001_002 => Self::Throttled,
            36_009_037 => Self::TestQuotaUsedUp,
            105_002 => Self::TokenExpired,
            105_001 => Self::TokenInvalid,
            36_004_001 | 36_004_004 | 36_004_005 | 105_004 => Self::AuthorizationLost,
            101_000 => Self::TokenMismatch,
            106_001 => Self::SignatureWrong,
            105_005 => Self::ScopeMissing,
            106_013 => Self::CipherMissing,
            36_009_033 => Self::AddressBlocked,
            36_009_043 | 36_009_044 => Self::ShopInactive,
            36_009_009 | 36_009_010 => Self::PathUnknown,
            36_009_021 | 36_009_022 | 36_009_023 | 98_001_004 | Self::OVERLOADED => Self::ParameterWrong,
            36_009_014 => Self::VersionRetired,
            _ => return None,
        })
    }

    /// 36009004: the keywords hold in old and new wordings, whole messages do not.
    fn of_bad_request(message: &str) -> Self {
        let message = message.to_ascii_lowercase();
        let says = |word: &str| has_word(&message, word);
        match () {
            () if says("timestamp") => Self::ClockSkewed,
            () if says("app_key") || says("app key") => Self::AppUnknown,
            () if says("access_token") || says("access-token") || says("access token") => Self::TokenInvalid,
            () if message.contains("cipher") && message.contains("required field") => Self::CipherMissing,
            () if message.contains("cipher") || says("unexpected identifier") || says("shop_id") => {
                Self::CipherUnexpected
            }
            () if says("version") => Self::VersionRetired,
            () if says("sign") || says("signature") => Self::SignatureWrong,
            () => Self::ParameterWrong,
        }
    }

    /// What happened, in a few words.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Throttled => "too many calls",
            Self::TestQuotaUsedUp => "the hourly allowance of a test shop is used up",
            Self::TokenExpired => "the access token expired",
            Self::TokenInvalid => "the access token is not known",
            Self::AuthorizationLost => "the grant is gone",
            Self::TokenMismatch => "token and cipher do not belong together",
            Self::ClockSkewed => "the timestamp is too far off",
            Self::SignatureWrong => "the signature is wrong or missing",
            Self::AppUnknown => "the app key is wrong, disabled or deleted",
            Self::ScopeMissing => "app or token lack the scope",
            Self::CipherMissing => "the shop cipher is missing",
            Self::CipherUnexpected => "an identifier was sent where none is taken",
            Self::AddressBlocked => "the caller's address is not on the allow-list",
            Self::ShopInactive => "the shop or its seller is inactive",
            Self::VersionRetired => "the version is unknown or retired",
            Self::PathUnknown => "path or method are unknown",
            Self::ParameterWrong => "a parameter is missing or wrong",
            Self::Transient => "the platform failed",
            Self::NotReady => "the platform is not done yet",
            Self::AlreadyDone => "it was done before",
            Self::StateForbids => "the state forbids it",
            Self::NotPermitted => "it is not permitted here",
            Self::NotFound => "there is no such thing in this shop",
            Self::DataWrong => "the data is refused",
            Self::QuotaUsedUp => "an allowance is used up",
            Self::ResultTooLarge => "the search has more rows than are shown",
            Self::Other => "the platform refused",
        }
    }

    /// Whether the platform certainly did nothing.
    pub(crate) fn is_clean(self) -> bool {
        self != Self::Transient
    }
}

/// Whether `word` stands in `text` on its own, not as a part of a name such as `category_version`.
fn has_word(text: &str, word: &str) -> bool {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word).any(|(start, _)| {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(start + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(in_name) && !after.is_some_and(in_name)
    })
}
