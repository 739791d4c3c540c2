//! The checks in the platform's order.

use std::sync::MutexGuard;

use serde_json::Value;
use ttshop_catalogue::{Operation, PathParams};
use ttshop_types::Timestamp;

use crate::gateway::{Call, Refusal, content, parameters, quota, route, shop, signature, token};
use crate::platform::Platform;
use crate::world::grant::GrantNo;
use crate::world::{ShopNo, World};

/// A call that passed every check.
#[derive(Debug)]
pub(crate) struct Admitted<'a> {
    pub(crate) call: &'a Call<'a>,
    pub(crate) now: Timestamp,
    pub(crate) operation: &'static Operation,
    pub(crate) path_params: PathParams<'a>,
    pub(crate) app: usize,
    pub(crate) grant: GrantNo,
    /// The shop of the cipher, where the operation takes one.
    pub(crate) shop: Option<ShopNo>,
    /// The JSON body; `Null` where none was sent.
    pub(crate) body: Value,
}

/// Lets a call pass, or says why not. The world stays locked from the token on, so that a handler sees what the checks saw.
///
/// The order is that of PLATFORM.md 3 and 4: path, method, version, app key, caller's address, timestamp, signature, token,
/// user type, scope, cipher, quota, content type, parameters. Only the size comes earlier: what was too large to be read
/// cannot be verified.
pub(crate) fn admit<'w, 'c>(
    call: &'c Call<'c>,
    platform: &'w Platform,
    now: Timestamp,
) -> Result<(Admitted<'c>, MutexGuard<'w, World>), Refusal> {
    let (operation, path_params) = route::operation(call)?;
    route::no_stray_version(call)?;
    let (app, credentials, switches) = signature::app(call, &platform.world())?;
    signature::caller_is_allowed(call, &switches)?;
    signature::timestamp_is_current(call, now)?;
    content::size_is_acceptable(call)?;
    signature::sign_is_right(call, &credentials, &switches)?;

    let mut world = platform.world();
    let grant = token::grant(call, app, &world, now)?;
    token::user_type_fits(operation, grant, &world)?;
    token::scope_is_granted(operation, app, grant, &world)?;
    shop::no_unexpected_identifier(call, operation)?;
    let shop = shop::shop_of_cipher(call, operation, grant, &world)?;
    shop::is_active(shop, grant, &world)?;
    quota::is_left(operation, app, shop, grant, &mut world, now)?;
    content::type_fits(call, operation, &world.switches)?;
    let body = content::json(call, operation)?;
    parameters::query_is_valid(call, operation)?;
    parameters::body_is_valid(&body, operation)?;
    content::parts(call, operation, &world.switches)?;
    Ok((Admitted { call, now, operation, path_params, app, grant, shop, body }, world))
}
