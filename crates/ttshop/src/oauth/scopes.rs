//! What a grant covers.

use ttshop_catalogue::Operation;

use super::{TokenSet, UserType};
use crate::Client;
use crate::dynamic;
use crate::error::Error;

/// An operation that a grant does not cover.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// The operation.
    pub operation: &'static Operation,
    /// Why it would be refused.
    pub reason: GapReason,
}

/// Why an operation would be refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum GapReason {
    /// None of its scopes, of which any would do, was granted.
    ScopeMissing(&'static [&'static str]),
    /// Only tokens of another kind of user may call it.
    UserTypeWrong,
}

impl TokenSet {
    /// Those of `operations` that the platform would refuse to this grant, to be told before the first call fails.
    ///
    /// Where the answer named no scopes or no kind of user, nothing is known and nothing is missed.
    pub fn gaps(&self, operations: impl IntoIterator<Item = &'static Operation>) -> Vec<Gap> {
        let gap = |operation| Some(Gap { operation, reason: self.gap(operation)? });
        operations.into_iter().filter_map(gap).collect()
    }

    fn gap(&self, operation: &'static Operation) -> Option<GapReason> {
        let is_theirs =
            |user: &ttshop_catalogue::UserType| self.user_type == Some(UserType::from(user.number()));
        let users = operation.user_types;
        if self.user_type.is_some() && !users.is_empty() && !users.iter().any(is_theirs) {
            return Some(GapReason::UserTypeWrong);
        }
        let granted = |scope: &&str| self.granted_scopes.iter().any(|granted| granted == *scope);
        let unknown = operation.scope.is_empty() || self.granted_scopes.is_empty();
        if unknown || operation.scope.iter().any(granted) {
            return None;
        }
        Some(GapReason::ScopeMissing(operation.scope))
    }
}

impl Client {
    /// Takes the app's access to this client's shop away. The platform tells the seller by e-mail, and all tokens for the shop
    /// are void; only the seller can undo it, by authorising again.
    ///
    /// # Errors
    /// The client has no shop, or the call fails; see [`Error`].
    pub async fn deauthorize(&self) -> Result<(), Error> {
        let operation = dynamic::find("authorization.deauthorize_shop");
        let operation = operation.expect("the catalogue has the operation, as a test shows");
        let parts = dynamic::parts(operation, serde_json::Value::Null, Vec::new());
        let parts = parts.map_err(|reason| crate::client::never_sent(operation, reason))?;
        self.send_parts(operation, parts).await.map(drop)
    }
}
