//! Endpoints of the control API.

use std::sync::Arc;

use crate::control::{
    ControlError, ControlRequest, Reply, aftersales, conversations, directory, faults, fbt, ledger, orders,
    packages, page, products, promotions, scenarios, time, tokens, truth, webhooks, world,
};
use crate::platform::Platform;
use crate::worlds::Worlds;

/// Carries out a control request; the answer comes with the world it is about.
pub(crate) async fn control(request: &ControlRequest<'_>, worlds: &Worlds) -> (Arc<Platform>, Reply) {
    let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let (platform, result) = match segments.as_slice() {
        ["worlds"] | ["worlds", _] if request.method != "GET" => {
            (Arc::clone(worlds.default_world()), directory::change(request, &segments, worlds).await)
        }
        ["worlds"] => (Arc::clone(worlds.default_world()), directory::list(worlds)),
        ["worlds", name, rest @ ..] => match worlds.named(name) {
            Some(platform) => {
                // With a slash at its end it is a page, without one a thing to look up.
                let bare = if request.path.ends_with('/') { "" } else { "state" };
                let bare = [bare];
                let rest = if rest.is_empty() { &bare[..] } else { rest };
                let result = route(request, rest, &platform, worlds).await;
                (platform, result)
            }
            None => (Arc::clone(worlds.default_world()), Err(ControlError::NotFound("world"))),
        },
        segments => {
            let platform = Arc::clone(worlds.default_world());
            let result = route(request, segments, &platform, worlds).await;
            (platform, result)
        }
    };
    (platform, result.unwrap_or_else(|error| Reply::Answer(error.answer())))
}

async fn route(
    request: &ControlRequest<'_>,
    segments: &[&str],
    platform: &Arc<Platform>,
    worlds: &Worlds,
) -> Result<Reply, ControlError> {
    match (request.method, segments) {
        ("GET", ["state"]) => world::get_state(platform),
        ("GET", ["switches"]) => world::get_switches(platform),
        ("PUT", ["switches"]) => world::put_switches(request, platform),
        ("PUT", ["app"]) => world::put_app(request, platform),
        ("POST", ["sellers"]) => world::add_seller(request, platform),
        ("POST", ["shops"]) => world::add_shop(request, platform),
        ("PUT", ["shops", shop]) => world::put_shop(request, shop, platform),
        ("PUT", ["sellers", seller]) => world::put_seller(request, seller, platform),
        ("POST", ["consent"]) => tokens::consent(request, platform),
        ("POST", ["deauthorize"]) => tokens::deauthorize(request, platform),
        ("POST", ["tokens", "expire"]) => tokens::expire(request, platform),
        ("POST", ["tokens", "revoke"]) => tokens::revoke(request, platform),
        ("GET", ["orders"]) => page::orders(request, platform),
        ("POST", ["orders"]) => orders::place(request, platform),
        ("POST", ["orders", order, transition]) => orders::act(request, order, transition, platform),
        ("POST", ["packages", package, event]) => packages::act(request, package, event, platform),
        ("POST", ["conversations"]) => conversations::open(request, platform),
        ("POST", ["conversations", conversation, "messages"]) => {
            conversations::write(request, conversation, platform)
        }
        ("POST", ["conversations", conversation, "rate"]) => {
            conversations::rate(request, conversation, platform)
        }
        ("POST", ["conversations", conversation, "block"]) => conversations::block(conversation, platform),
        ("POST", ["fbt", "inbound_orders", order, "arrive"]) => fbt::arrive(order, platform),
        ("POST", ["fbt", "inbound_orders", order, "receive"]) => fbt::receive(request, order, platform),
        ("POST", ["promotions", "coupons"]) => promotions::add_coupon(request, platform),
        ("POST", ["promotions", "coupons", coupon, "deactivate"]) => {
            promotions::deactivate_coupon(coupon, platform)
        }
        ("POST", ["promotions", "activities", activity, "stop"]) => {
            promotions::stop_activity(activity, platform)
        }
        ("POST", ["cancellations"]) => aftersales::cancel(request, platform),
        ("POST", ["cancellations", cancellation, transition]) => {
            aftersales::act_on_cancellation(cancellation, transition, platform)
        }
        ("POST", ["adjustments"]) => ledger::adjust(request, platform),
        ("POST", ["payments", payment, "fail"]) => ledger::fail_payment(payment, platform),
        ("POST", ["returns"]) => aftersales::open_return(request, platform),
        ("POST", ["returns", case, transition]) => {
            aftersales::act_on_return(request, case, transition, platform)
        }
        ("POST", ["products", product, transition]) => products::act(request, product, transition, platform),
        ("GET", ["webhook_chaos"]) => webhooks::get_chaos(platform),
        ("PUT", ["webhook_chaos"]) => webhooks::put_chaos(request, platform),
        ("POST", ["webhooks", "emit"]) => webhooks::emit(request, platform),
        ("GET", ["deliveries"]) => webhooks::get_deliveries(request, platform),
        ("GET", ["journal"]) => webhooks::get_journal(request, platform),
        ("GET", ["faults"]) => faults::get_faults(platform),
        ("PUT", ["faults"]) => faults::put_faults(request, platform),
        ("GET", ["truth", "aftersales"]) => aftersales::truth(request, platform),
        ("GET", ["truth", "ledger"]) => ledger::truth(request, platform),
        ("GET", ["truth", "orders"]) => truth::orders(request, platform),
        ("GET", ["truth", "packages"]) => packages::truth(request, platform),
        ("GET", ["truth", "products"]) => products::truth(request, platform),
        _ => route_world(request, segments, platform, worlds).await,
    }
}

/// What is about the world as a whole: its page, its time, its snapshots.
async fn route_world(
    request: &ControlRequest<'_>,
    segments: &[&str],
    platform: &Arc<Platform>,
    worlds: &Worlds,
) -> Result<Reply, ControlError> {
    match (request.method, segments) {
        ("GET", [""]) => Ok(page::page()),
        ("GET", ["page.css"]) => Ok(page::style()),
        ("GET", ["page.js"]) => Ok(page::script()),
        ("GET", ["scenario"]) => scenarios::get_scenario(platform),
        ("POST", ["scenario"]) => scenarios::begin(request, platform),
        ("GET", ["connection"]) => directory::connection(platform),
        ("GET", ["clock"]) => time::get_clock(platform),
        ("POST", ["clock", "advance"]) => time::advance(request, platform).await,
        ("POST", ["settle"]) => time::settle(platform).await,
        ("POST", ["snapshot"]) => directory::snapshot(platform),
        ("POST", ["reset"]) => directory::reset(platform, worlds),
        ("POST", ["restore"]) => directory::restore(request, platform, worlds),
        _ => Err(ControlError::NoEndpoint),
    }
}
