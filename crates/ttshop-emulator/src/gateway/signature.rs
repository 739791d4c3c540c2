//! Who calls, when, and whether the call is signed.

use std::sync::Arc;
use std::time::Duration;

use ttshop_sign::signed_body;
use ttshop_types::Timestamp;

use crate::gateway::{Call, Refusal, explain};
use crate::switches::Switches;
use crate::world::{Credentials, World};

/// How old a timestamp may be (PLATFORM.md 3.3).
const BEHIND_MAX: Duration = Duration::from_secs(5 * 60);
/// How far a timestamp may lie ahead (PLATFORM.md 3.3).
const AHEAD_MAX: Duration = Duration::from_secs(30);

/// The calling app. Its key is looked at before its signature (PLATFORM.md 2.1).
pub(crate) fn app(call: &Call<'_>, world: &World) -> Result<(usize, Arc<Credentials>, Switches), Refusal> {
    let app = call.param("app_key").and_then(|key| world.app_by_key(key)).ok_or_else(Refusal::app_key)?;
    Ok((app, Arc::clone(&world.apps[app].credentials), world.switches.clone()))
}

/// The app's allow list of addresses.
pub(crate) fn caller_is_allowed(call: &Call<'_>, switches: &Switches) -> Result<(), Refusal> {
    let Some(allowed) = &switches.ip_allow_list else { return Ok(()) };
    let caller = call.caller.to_string();
    if allowed.contains(&caller) { Ok(()) } else { Err(Refusal::address(call.caller)) }
}

/// From five minutes before to thirty seconds after the platform's time.
pub(crate) fn timestamp_is_current(call: &Call<'_>, now: Timestamp) -> Result<(), Refusal> {
    let text =
        call.param("timestamp").ok_or_else(|| Refusal::timestamp("The 'timestamp' is a required field."))?;
    let seconds: i64 =
        text.parse().map_err(|_| Refusal::timestamp("The 'timestamp' is not a number of seconds."))?;
    if seconds < 0 {
        return Err(Refusal::timestamp("The 'timestamp' is negative."));
    }
    let stamp = Timestamp::from_seconds(seconds);
    let now = Timestamp::from_seconds(now.as_seconds());
    let skew = |difference: Duration, side: &str| format!("the clock is {} s {side}", difference.as_secs());
    if now.since(stamp) > BEHIND_MAX {
        let refusal = Refusal::timestamp("The 'timestamp' is more than 5 minutes before the server time.");
        return Err(refusal.explained(skew(now.since(stamp), "behind")));
    }
    if stamp.since(now) > AHEAD_MAX {
        let refusal = Refusal::timestamp("The 'timestamp' is more than 30 seconds ahead of the server time.");
        return Err(refusal.explained(skew(stamp.since(now), "ahead")));
    }
    Ok(())
}

/// The signature over path, query and body.
pub(crate) fn sign_is_right(
    call: &Call<'_>,
    credentials: &Credentials,
    switches: &Switches,
) -> Result<(), Refusal> {
    let sign = call.param("sign").ok_or_else(Refusal::sign_missing)?;
    let mut params: Vec<(&str, &str)> =
        call.params.iter().map(|(key, value)| (key.as_ref(), value.as_ref())).collect();
    let body = signed_body(call.content_type(), call.bytes());
    if credentials.request_signer.verify(call.path, &mut params, body, sign) {
        return Ok(());
    }
    Err(Refusal::sign(switches.wrong_sign_status).explained(explain::signature(call, credentials)))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::gateway::Content;

    fn check(timestamp: &str, now: i64) -> Result<(), String> {
        let (headers, query) = (HeaderMap::new(), format!("timestamp={timestamp}"));
        let caller = std::net::Ipv4Addr::LOCALHOST.into();
        let call = Call::new("GET", "/", &query, &headers, Content::Whole(&[]), caller);
        timestamp_is_current(&call, Timestamp::from_seconds(now)).map_err(|refusal| refusal.message)
    }

    #[test]
    fn the_window_is_five_minutes_back_and_thirty_seconds_ahead() {
        assert_eq!(check("1000", 1_300), Ok(()));
        assert!(check("1000", 1_301).unwrap_err().contains("before"));
        assert_eq!(check("1030", 1_000), Ok(()));
        assert!(check("1031", 1_000).unwrap_err().contains("ahead"));
    }

    #[test]
    fn what_is_no_time_is_named() {
        assert!(check("-5", 1_000).unwrap_err().contains("negative"));
        assert!(check("soon", 1_000).unwrap_err().contains("not a number"));
        assert!(check("", 1_000).unwrap_err().contains("required"));
    }
}
