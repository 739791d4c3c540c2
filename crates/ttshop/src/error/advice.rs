//! What to do about a refusal, and who must do it.

use ttshop_catalogue::error_code;

use super::Cause;

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

impl Advice {
    /// The remedy for a cause; codes without a rule of their own have none.
    pub fn on(cause: Cause) -> Option<Self> {
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
            Cause::Other => return None,
        };
        Some(Self { remedy, actor })
    }
}

/// What the catalogue knows about a code.
pub(super) fn meaning(code: i64) -> Option<&'static str> {
    error_code(code).map(|code| code.meaning)
}
