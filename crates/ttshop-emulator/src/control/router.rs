//! Endpoints of the control API.

use crate::control::{
    ControlError, ControlRequest, Reply, index, orders, packages, promotions, time, tokens, truth, webhooks,
    worlds,
};
use crate::platform::Platform;

/// Carries out a control request.
pub(crate) async fn control(request: &ControlRequest<'_>, platform: &Platform) -> Reply {
    match route(request, platform).await {
        Ok(reply) => reply,
        Err(error) => Reply::Answer(error.answer()),
    }
}

async fn route(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    match (request.method, segments.as_slice()) {
        ("GET", [""]) => Ok(index::index(platform)),
        ("GET", ["state"]) => worlds::get_state(platform),
        ("GET", ["switches"]) => worlds::get_switches(platform),
        ("PUT", ["switches"]) => worlds::put_switches(request, platform),
        ("PUT", ["app"]) => worlds::put_app(request, platform),
        ("POST", ["sellers"]) => worlds::add_seller(request, platform),
        ("POST", ["shops"]) => worlds::add_shop(request, platform),
        ("PUT", ["shops", shop]) => worlds::put_shop(request, shop, platform),
        ("PUT", ["sellers", seller]) => worlds::put_seller(request, seller, platform),
        ("POST", ["consent"]) => tokens::consent(request, platform),
        ("POST", ["deauthorize"]) => tokens::deauthorize(request, platform),
        ("POST", ["tokens", "expire"]) => tokens::expire(request, platform),
        ("POST", ["tokens", "revoke"]) => tokens::revoke(request, platform),
        ("POST", ["orders"]) => orders::place(request, platform),
        ("POST", ["orders", order, transition]) => orders::act(request, order, transition, platform),
        ("POST", ["packages", package, event]) => packages::act(request, package, event, platform),
        ("POST", ["promotions", "coupons"]) => promotions::add_coupon(request, platform),
        ("POST", ["promotions", "coupons", coupon, "deactivate"]) => {
            promotions::deactivate_coupon(coupon, platform)
        }
        ("POST", ["promotions", "activities", activity, "stop"]) => {
            promotions::stop_activity(activity, platform)
        }
        ("GET", ["clock"]) => time::get_clock(platform),
        ("POST", ["clock", "advance"]) => time::advance(request, platform).await,
        ("POST", ["settle"]) => time::settle(platform).await,
        ("GET", ["webhook_chaos"]) => webhooks::get_chaos(platform),
        ("PUT", ["webhook_chaos"]) => webhooks::put_chaos(request, platform),
        ("GET", ["deliveries"]) => webhooks::get_deliveries(request, platform),
        ("GET", ["journal"]) => webhooks::get_journal(request, platform),
        ("GET", ["faults"]) => worlds::get_faults(platform),
        ("PUT", ["faults"]) => worlds::put_faults(request, platform),
        ("GET", ["truth", "orders"]) => truth::orders(request, platform),
        ("GET", ["truth", "packages"]) => packages::truth(request, platform),
        ("POST", ["snapshot"]) => worlds::snapshot(platform),
        ("POST", ["restore"]) => worlds::restore(request, platform),
        _ => Err(ControlError::NoEndpoint),
    }
}
