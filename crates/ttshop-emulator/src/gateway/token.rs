//! Whose token it is, and what it may do.

use ttshop_catalogue::Operation;
use ttshop_types::Timestamp;

use crate::gateway::{Call, Refusal};
use crate::world::World;
use crate::world::grant::{GrantNo, TokenState};

/// A token is never longer (PLATFORM.md 1.10: up to a few hundred characters).
const TOKEN_LENGTH_MAX: usize = 1_024;

/// The live grant behind the token header.
pub(crate) fn grant(call: &Call<'_>, app: usize, world: &World, now: Timestamp) -> Result<GrantNo, Refusal> {
    let header = call.header("x-tts-access-token").unwrap_or_default();
    let well_formed = header.bytes().all(|byte| byte.is_ascii_graphic());
    if header.is_empty() || header.len() > TOKEN_LENGTH_MAX || !well_formed {
        return Err(Refusal::token_header());
    }
    match world.grants.state(header, now) {
        // Another app's token is worth nothing here, and nothing about it is told.
        TokenState::Live(grant) if world.grants.get(grant).app == app => Ok(grant),
        TokenState::Live(_) => Err(Refusal::token().explained("the token belongs to another app")),
        TokenState::Unknown => Err(Refusal::token().explained("no such token was issued")),
        TokenState::Expired => Err(Refusal::token_expired()),
        TokenState::Revoked => Err(Refusal::deauthorized()),
    }
}

/// Seller, creator or partner (PLATFORM.md 3.6).
pub(crate) fn user_type_fits(operation: &Operation, grant: GrantNo, world: &World) -> Result<(), Refusal> {
    let user_type = world.grants.get(grant).holder.user_type();
    let fits = operation.user_types.is_empty() || operation.user_types.contains(&user_type);
    if fits { Ok(()) } else { Err(Refusal::user_type()) }
}

/// Any of the operation's scopes, held by both the app and the token (PLATFORM.md 9).
pub(crate) fn scope_is_granted(
    operation: &Operation,
    app: usize,
    grant: GrantNo,
    world: &World,
) -> Result<(), Refusal> {
    let holds =
        |scopes: &[String], wanted: &str| scopes.binary_search_by(|scope| scope.as_str().cmp(wanted)).is_ok();
    let (enabled, granted) = (&world.apps[app].scopes, &world.grants.get(grant).scopes);
    let passes = operation.scope.is_empty()
        || operation.scope.iter().any(|scope| holds(enabled, scope) && holds(granted, scope));
    if passes {
        return Ok(());
    }
    Err(Refusal::scope().explained(format!("needs one of: {}", operation.scope.join(", "))))
}
