//! A shop's own webhook addresses (PLATFORM.md 7.2).

use serde_json::{Value, json};
use std::net::IpAddr;
use ttshop_catalogue::Method;
use url::{Host, Url};

use crate::family::{Handlers, data, nothing, shop_mut};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::{Hook, World};

/// Most characters of an address (PLATFORM.md 7.1).
const ADDRESS_LENGTH_MAX: usize = 255;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/event/202309/webhooks", get_shop_webhooks),
    (Method::Put, "/event/202309/webhooks", update_shop_webhook),
    (Method::Delete, "/event/202309/webhooks", delete_shop_webhook),
];

fn get_shop_webhooks(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_mut(call, world)?;
    let hooks: Vec<_> = shop
        .hooks
        .iter()
        .filter(|hook| hook.app == call.app)
        .map(|hook| {
            json!({
                "event_type": hook.event_type,
                "address": &*hook.address,
                "create_time": hook.created.as_millis(),
                "update_time": hook.updated.as_millis(),
            })
        })
        .collect();
    Ok(data(&json!({ "total_count": hooks.len(), "webhooks": hooks })))
}

fn update_shop_webhook(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let event_type = event_type(call)?;
    let address = call.body.get("address").and_then(Value::as_str).unwrap_or_default();
    address_is_acceptable(address, world.switches.webhook_loopback_http).map_err(Refusal::parameter)?;
    let (app, now) = (call.app, call.now);
    let shop = shop_mut(call, world)?;
    match shop.hooks.iter_mut().find(|hook| hook.app == app && hook.event_type == event_type) {
        Some(hook) => {
            hook.address = address.into();
            hook.updated = now;
        }
        None => {
            shop.hooks.push(Hook { app, event_type, address: address.into(), created: now, updated: now });
        }
    }
    Ok(nothing())
}

/// Succeeds even if nothing was set.
fn delete_shop_webhook(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let event_type = event_type(call)?;
    let app = call.app;
    shop_mut(call, world)?.hooks.retain(|hook| hook.app != app || hook.event_type != event_type);
    Ok(nothing())
}

/// Only topics that the Event API names.
fn event_type(call: &Admitted<'_>) -> Result<String, Refusal> {
    let name = call.body.get("event_type").and_then(Value::as_str).unwrap_or_default();
    let known = ttshop_catalogue::webhook_by_name(name).is_some_and(|topic| topic.named_in_event_api)
        || name == LEGACY_REVERSE_STATUS;
    if known {
        Ok(name.into())
    } else {
        Err(Refusal::parameter("Invalid parameter 'event_type'. Unknown event type."))
    }
}

/// Accepted although nothing is announced under it any more.
const LEGACY_REVERSE_STATUS: &str = "REVERSE_STATUS_UPDATE";

/// https, a domain name, no port, at most 255 characters; with `loopback`, also http to this machine (PLATFORM.md 7.1).
pub(crate) fn address_is_acceptable(address: &str, loopback: bool) -> Result<(), String> {
    let invalid = |why: &str| Err(format!("Invalid parameter 'address'. {why}"));
    if address.chars().count() > ADDRESS_LENGTH_MAX {
        return invalid("It has more than 255 characters.");
    }
    let Ok(url) = Url::parse(address) else { return invalid("It is not a URL.") };
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => return invalid("It has no host."),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return invalid("It must not carry credentials.");
    }
    match url.scheme() {
        "http" | "https" if local && loopback => Ok(()),
        "https" if url.domain().is_none_or(|name| !name.contains('.')) => {
            invalid("It must be a domain name.")
        }
        "https" if url.port().is_some() => invalid("It must not name a port."),
        "https" => Ok(()),
        _ => invalid("It must be an https URL."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_held_to_the_platforms_rule() {
        for good in ["https://hooks.example.com/tiktok", "https://example.com?secret=1"] {
            assert_eq!(address_is_acceptable(good, false), Ok(()), "{good}");
        }
        for bad in [
            "http://hooks.example.com/",
            "https://10.0.0.1/hook",
            "https://example.com:8443/hook",
            "https://localhost/hook",
            "http://127.0.0.1:9000/hook",
            "https://a:b@example.com/hook",
            "ftp://example.com/",
            "hook",
        ] {
            assert!(address_is_acceptable(bad, false).is_err(), "{bad}");
        }
        assert!(address_is_acceptable(&format!("https://example.com/{}", "x".repeat(255)), false).is_err());
    }

    #[test]
    fn this_machine_is_an_exception_on_request() {
        for local in ["http://127.0.0.1:9000/hook", "http://localhost:9000/", "http://[::1]:9000/"] {
            assert_eq!(address_is_acceptable(local, true), Ok(()), "{local}");
        }
        assert!(address_is_acceptable("http://10.0.0.1/hook", true).is_err());
    }
}
