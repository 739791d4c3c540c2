//! What to do about a refusal, and who must do it.

use ttshop_catalogue::error_code;

use super::{Cause, codes, patterns};

/// A code and its message, explained.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// What kind of refusal it is.
    pub cause: Cause,
    /// What it means, in one line.
    pub meaning: &'static str,
    /// Whether and when the same call may succeed.
    pub retryable: Retryable,
    /// What helps and who can do it; of a code that nobody knows, where to look.
    pub advice: Advice,
}

/// A remedy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Advice {
    /// What helps.
    pub remedy: &'static str,
    /// Who can do it.
    pub actor: Actor,
}

/// Who can cure a failure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Actor {
    /// Nobody: it passes.
    Time,
    /// Whoever writes the calling program.
    Developer,
    /// Whoever runs the program and owns the app in Partner Center.
    Operator,
    /// The seller, creator or partner who authorised the app.
    Seller,
    /// The platform's support, with the request id.
    Platform,
}

/// Whether and when the same call may succeed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Retryable {
    /// With a wait; the client does so by itself where it is safe.
    Soon,
    /// Hours later, or when the platform is done.
    Later,
    /// Once somebody cured the cause.
    AfterCure,
    /// Never: something else must be asked for.
    Never,
}

impl Explanation {
    /// Explains a code; the message tells overloaded codes apart.
    pub fn of(code: i64, message: &str) -> Self {
        let cause = Cause::of(code, message);
        // The catalogue's one line for the overloaded code says less than what its message told.
        let meaning = error_code(code).filter(|_| code != Cause::OVERLOADED).map(|code| code.meaning);
        Self {
            cause,
            meaning: meaning.unwrap_or_else(|| cause.summary()),
            retryable: retryable(cause),
            advice: Advice::for_code(code, message, cause),
        }
    }
}

fn retryable(cause: Cause) -> Retryable {
    match cause {
        Cause::Throttled | Cause::Transient | Cause::NotReady | Cause::TokenExpired | Cause::ClockSkewed => {
            Retryable::Soon
        }
        Cause::TestQuotaUsedUp | Cause::QuotaUsedUp => Retryable::Later,
        Cause::TokenInvalid
        | Cause::AuthorizationLost
        | Cause::SignatureWrong
        | Cause::AppUnknown
        | Cause::ScopeMissing
        | Cause::AddressBlocked
        | Cause::ShopInactive
        | Cause::StateForbids
        | Cause::NotPermitted => Retryable::AfterCure,
        Cause::TokenMismatch
        | Cause::CipherMissing
        | Cause::CipherUnexpected
        | Cause::VersionRetired
        | Cause::PathUnknown
        | Cause::ParameterWrong
        | Cause::AlreadyDone
        | Cause::NotFound
        | Cause::DataWrong
        | Cause::ResultTooLarge
        | Cause::Other => Retryable::Never,
    }
}

impl Advice {
    /// The remedy for a cause; causes of the business's own have one for each code or meaning instead.
    fn on(cause: Cause) -> Option<Self> {
        let (actor, remedy) = match cause {
            Cause::Throttled => (Actor::Time, "call less often; the client backs off by itself"),
            Cause::TestQuotaUsedUp => {
                (Actor::Time, "test shops have 1,000 calls an hour: wait for the next hour")
            }
            Cause::TokenExpired => (Actor::Operator, "refresh the access token"),
            Cause::TokenInvalid | Cause::AuthorizationLost => (Actor::Seller, "authorise the app again"),
            Cause::TokenMismatch => (
                Actor::Developer,
                "use the token of the user who owns this shop or category, and its own cipher",
            ),
            Cause::ClockSkewed => {
                (Actor::Operator, "set this machine's clock: 5 minutes behind or 30 s ahead is too far")
            }
            Cause::SignatureWrong => (
                Actor::Operator,
                "check the app secret; `ttshop sign --explain` shows where a signature goes wrong",
            ),
            Cause::AppUnknown => (Actor::Operator, "check the app key in Partner Center"),
            Cause::ScopeMissing => {
                (Actor::Operator, "enable the scope in Partner Center, then have the seller authorise again")
            }
            Cause::CipherMissing => (Actor::Developer, "name the shop: this call needs its cipher"),
            Cause::CipherUnexpected => {
                (Actor::Developer, "send no shop cipher and no shop id with this call")
            }
            Cause::AddressBlocked => (Actor::Operator, "add this machine's address to the app's allow-list"),
            Cause::ShopInactive => (Actor::Seller, "stop calling for this shop until it is active again"),
            Cause::VersionRetired => (Actor::Developer, "use the newest version of this operation"),
            Cause::PathUnknown => (Actor::Developer, "check path, version and method in the catalogue"),
            Cause::ParameterWrong => (Actor::Developer, "correct the parameter that the message names"),
            Cause::Transient => {
                (Actor::Platform, "try again later; if it lasts, send support the request id")
            }
            Cause::NotReady
            | Cause::AlreadyDone
            | Cause::StateForbids
            | Cause::NotPermitted
            | Cause::NotFound
            | Cause::DataWrong
            | Cause::QuotaUsedUp
            | Cause::ResultTooLarge
            | Cause::Other => return None,
        };
        Some(Self { remedy, actor })
    }

    /// The remedy of the code's own, or of its cause, or what its meaning or message suggests.
    fn for_code(code: i64, message: &str, cause: Cause) -> Self {
        if let Some(row) = codes::row(code) {
            return Self { remedy: row.remedy, actor: row.actor };
        }
        let on_cause = Cause::of_gateway(code).and_then(|_| Self::on(cause));
        on_cause.unwrap_or_else(|| {
            let pattern = patterns::of_code(code).unwrap_or_else(|| patterns::of_text(message));
            Self { remedy: pattern.remedy, actor: pattern.actor }
        })
    }
}
