//! Grants and tokens, without a browser.

use serde::Deserialize;
use serde_json::json;

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::oauth::{ConsentError, agree, refuse};
use crate::platform::Platform;
use crate::world::{Holder, World};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    /// The first seller if missing.
    #[serde(default)]
    seller_id: Option<String>,
    /// A creator consents instead.
    #[serde(default)]
    creator_id: Option<String>,
    /// A partner consents instead.
    #[serde(default)]
    partner_id: Option<String>,
    /// The first app if missing.
    #[serde(default)]
    app_key: Option<String>,
    #[serde(default)]
    state: Option<String>,
    /// The seller presses Cancel instead.
    #[serde(default)]
    cancel: bool,
}

/// `POST consent`: what a click on the consent page leads to.
pub(super) fn consent(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: Consent = request.json()?;
    let now = platform.now();
    let mut world = platform.world();
    let app = app_of(wanted.app_key.as_deref(), &world)?;
    let holder = match (wanted.seller_id, wanted.creator_id, wanted.partner_id) {
        (Some(id), None, None) => id.parse().ok().map(Holder::Seller),
        (None, Some(id), None) => id.parse().ok().map(Holder::Creator),
        (None, None, Some(id)) => id.parse().ok().map(Holder::Partner),
        (None, None, None) => world.sellers.keys().next().copied().map(Holder::Seller),
        _ => return Err(ControlError::Invalid("only one of seller, creator and partner consents".into())),
    };
    let holder = holder.filter(|holder| world.name_of(*holder).is_some());
    let holder = holder.ok_or(ControlError::NotFound("seller, creator or partner"))?;
    let target = if wanted.cancel {
        refuse(&world, app, wanted.state.as_deref())
    } else {
        agree(&mut world, app, holder, wanted.state.as_deref(), now)
    };
    let target = target.map_err(|error| match error {
        ConsentError::UnknownApp => ControlError::NotFound("app"),
        ConsentError::UnknownHolder => ControlError::NotFound("seller, creator or partner"),
        ConsentError::RedirectMissing => ControlError::Conflict(error.to_string()),
    })?;
    let code = target.query_pairs().find(|(key, _)| key == "code").map(|(_, code)| code.into_owned());
    ok(&json!({ "location": target.as_str(), "code": code }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deauthorize {
    #[serde(default)]
    shop_id: Option<String>,
    /// A creator ends it instead, and type 20 tells.
    #[serde(default)]
    creator_id: Option<String>,
    /// A partner ends it instead; no webhook tells.
    #[serde(default)]
    partner_id: Option<String>,
    #[serde(default)]
    app_key: Option<String>,
}

/// `POST deauthorize`
pub(super) fn deauthorize(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: Deauthorize = request.json()?;
    let now = platform.now();
    let mut world = platform.world();
    let app = app_of(wanted.app_key.as_deref(), &world)?;
    let creator =
        |id: &String| id.parse().map(Holder::Creator).map_err(|_| ControlError::NotFound("creator"));
    let partner =
        |id: &String| id.parse().map(Holder::Partner).map_err(|_| ControlError::NotFound("partner"));
    let withdrawn = match (&wanted.shop_id, &wanted.creator_id, &wanted.partner_id) {
        (Some(shop), None, None) => {
            let shop = shop_of(shop, &world)?;
            world.deauthorize(app, shop, now)
        }
        (None, Some(id), None) => world.deauthorize_holder(app, creator(id)?, now),
        (None, None, Some(id)) => world.deauthorize_holder(app, partner(id)?, now),
        _ => {
            return Err(ControlError::Invalid("give one of `shop_id`, `creator_id` and `partner_id`".into()));
        }
    };
    drop(world);
    platform.baton.nudge();
    if withdrawn {
        ok(&json!({}))
    } else {
        Err(ControlError::Conflict("the shop, creator or partner is not connected to the app".into()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    access_token: String,
}

/// `POST tokens/expire`: from now on the token answers 105002.
pub(super) fn expire(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: TokenRequest = request.json()?;
    let now = platform.now();
    let known = platform.world().grants.expire(&wanted.access_token, now);
    if known { ok(&json!({})) } else { Err(ControlError::NotFound("token")) }
}

/// `POST tokens/revoke`: from now on the token answers 105001.
pub(super) fn revoke(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: TokenRequest = request.json()?;
    let known = platform.world().grants.revoke(&wanted.access_token);
    if known { ok(&json!({})) } else { Err(ControlError::NotFound("token")) }
}

/// The app with this key, or the first one.
pub(super) fn app_of(app_key: Option<&str>, world: &World) -> Result<usize, ControlError> {
    let app = app_key.map_or(Some(0), |key| world.app_by_key(key));
    app.filter(|app| *app < world.apps.len()).ok_or(ControlError::NotFound("app"))
}
