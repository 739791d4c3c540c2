//! The platform's clock.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::control::reply::ok;
use crate::control::{ControlError, ControlRequest, Reply};
use crate::platform::Platform;

/// How far one request may advance the clock: a hundred years.
const ADVANCE_SECONDS_MAX: u64 = 100 * 365 * 24 * 3_600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    #[serde(default)]
    seconds: u64,
    #[serde(default)]
    milliseconds: u64,
}

/// `GET clock`
pub(super) fn get_clock(platform: &Platform) -> Result<Reply, ControlError> {
    ok(&clock(platform.now(), platform))
}

/// `POST clock/advance`
pub(super) async fn advance(
    request: &ControlRequest<'_>,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let wanted: Advance = request.json()?;
    if wanted.seconds > ADVANCE_SECONDS_MAX {
        return Err(ControlError::Invalid(format!("`seconds` must be at most {ADVANCE_SECONDS_MAX}")));
    }
    let duration = Duration::from_secs(wanted.seconds) + Duration::from_millis(wanted.milliseconds);
    let now = platform.baton.advance(duration).await.ok_or(ControlError::Closing)?;
    ok(&clock(now, platform))
}

/// `POST settle`
pub(super) async fn settle(platform: &Platform) -> Result<Reply, ControlError> {
    let now = platform.baton.settle().await.ok_or(ControlError::Closing)?;
    ok(&clock(now, platform))
}

fn clock(now: Timestamp, platform: &Platform) -> Value {
    let next = platform.world().due.next_at();
    json!({
        "mode": platform.time.mode(),
        "now": now.as_seconds(),
        "now_ms": now.as_millis(),
        "now_text": now.to_rfc3339(),
        "next_due_ms": next.map(Timestamp::as_millis),
    })
}
