//! What a refusal means. The code alone does not say it: 36009004 stands for a dozen things, told apart by its message.

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
    /// Anything else: the code's own meaning counts.
    Other,
}

/// Codes that the platform describes as its own passing failure.
const TRANSIENT: [i64; 42] = [
    10_002_014, 10_002_015, 10_037_002, 10_037_003, 10_037_004, 11_001_027, 11_001_031, 11_005_010,
    11_006_005, 11_006_010, 11_006_026, 11_034_023, 11_034_025, 11_034_037, 12_001_000, 12_052_881,
    12_056_001, 17_029_055, 21_001_003, 21_001_008, 21_001_011, 21_001_029, 21_001_043, 21_001_055,
    21_004_024, 21_008_300, 21_022_029, 21_022_030, 21_022_032, 21_023_022, 21_023_034, 21_034_006,
    21_042_001, 21_042_076, 25_001_028, 25_001_042, 25_001_058, 25_007_002, 36_009_003, 36_009_007,
    45_101_001, 45_101_008,
];

impl Cause {
    /// Reads a code and, where the code is overloaded, its message.
    pub fn of(code: i64, message: &str) -> Self {
        match code {
            36_009_002 | 17_029_054 | 600_001_001 | 600_001_002 => Self::Throttled,
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
            36_009_014 => Self::VersionRetired,
            36_009_009 | 36_009_010 => Self::PathUnknown,
            36_009_021 | 36_009_022 | 36_009_023 | 98_001_004 => Self::ParameterWrong,
            36_009_004 => Self::of_bad_request(message),
            _ if TRANSIENT.binary_search(&code).is_ok() => Self::Transient,
            _ => Self::Other,
        }
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
