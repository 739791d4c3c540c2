//! Worlds: which there are, opening and closing them, and turning one back.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::clock::{EmulatorClock, PlatformTime};
use crate::connection::Connection;
use crate::control::reply::ok;
use crate::control::world::acceptable;
use crate::control::{ControlError, ControlRequest, Reply};
use crate::gateway::Answer;
use crate::platform::{Origin, Platform, WorldName};
use crate::snapshot;
use crate::spec::WorldSpec;
use crate::switches::Switches;
use crate::worlds::{Opening, Worlds, WorldsError};

/// What a new world is to be; what is left out is as in the default world.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWorld {
    name: String,
    #[serde(default)]
    seed: Option<u64>,
    #[serde(default)]
    clock: Option<ClockMode>,
    /// Where a virtual clock begins, in seconds since 1970.
    #[serde(default)]
    now: Option<i64>,
    #[serde(default)]
    world: Option<WorldSpec>,
    #[serde(default)]
    switches: Option<Switches>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClockMode {
    Real,
    Virtual,
}

/// `GET worlds`
pub(super) fn list(worlds: &Worlds) -> Result<Reply, ControlError> {
    let list: Vec<Value> = worlds.list().iter().map(|platform| view(platform)).collect();
    ok(&json!({ "worlds": list }))
}

fn view(platform: &Platform) -> Value {
    let world = platform.world();
    json!({
        "name": platform.name.as_str(),
        "seed": world.seed,
        "clock": platform.time.mode(),
        "now": platform.now().as_seconds(),
        "app_keys": world.apps.iter().map(|app| app.credentials.app_key.as_str()).collect::<Vec<_>>(),
        "shops": world.shops.len(),
        "orders": world.shops.values().map(|shop| shop.book.len()).sum::<usize>(),
        "calls": world.journal.total(),
        "pending_deliveries": world.post.pending(),
        "control_url": platform.control_url(),
    })
}

/// `POST worlds` and `DELETE worlds/{name}`
pub(super) async fn change(
    request: &ControlRequest<'_>,
    segments: &[&str],
    worlds: &Worlds,
) -> Result<Reply, ControlError> {
    match (request.method, segments) {
        ("POST", ["worlds"]) => open(request, worlds),
        ("DELETE", ["worlds", name]) => {
            worlds.close(name).await?;
            ok(&json!({}))
        }
        _ => Err(ControlError::NoEndpoint),
    }
}

fn open(request: &ControlRequest<'_>, worlds: &Worlds) -> Result<Reply, ControlError> {
    let wanted: NewWorld = request.json()?;
    let name = WorldName::parse(&wanted.name).ok_or_else(|| {
        ControlError::Invalid("`name` is 1 to 40 of a-z, 0-9, `-` and `_`, such as `eu-west`".into())
    })?;
    let default = worlds.default_world();
    let mut origin = default.origin.clone();
    origin.seed = wanted.seed.unwrap_or(origin.seed);
    origin.spec = wanted.world.unwrap_or(origin.spec);
    origin.switches = wanted.switches.unwrap_or(origin.switches);
    if origin.spec.apps.is_empty() {
        return Err(ControlError::Invalid("a world needs an app: `\"apps\":[{}]`".into()));
    }
    origin.spec.sellers.iter().flat_map(|seller| &seller.shops).try_for_each(acceptable)?;
    let is_virtual =
        wanted.clock.map_or_else(|| default.time.is_virtual(), |clock| clock == ClockMode::Virtual);
    let begins = wanted.now.map_or_else(|| default.now(), Timestamp::from_seconds);
    let time = PlatformTime::new(match is_virtual {
        true => EmulatorClock::FrozenAt(begins),
        false if wanted.now.is_some() => {
            return Err(ControlError::Invalid("`now` needs `\"clock\":\"virtual\"`".into()));
        }
        false => EmulatorClock::Real,
    });
    let world = origin.world(&name, time.now());
    let platform = worlds.open(Opening { name, origin, world, time })?;
    connection(&platform)
}

/// `GET connection`: secrets included.
pub(super) fn connection(platform: &Platform) -> Result<Reply, ControlError> {
    ok(&json!(Connection::to(platform)))
}

/// `POST snapshot`: the whole world as JSON, secrets included.
pub(super) fn snapshot(platform: &Platform) -> Result<Reply, ControlError> {
    Ok(Reply::Answer(Answer::json(200, snapshot::write(platform))))
}

/// `POST restore`: the world of a snapshot takes the place of this one.
pub(super) fn restore(
    request: &ControlRequest<'_>,
    platform: &Arc<Platform>,
    worlds: &Worlds,
) -> Result<Reply, ControlError> {
    let saved = snapshot::read(request.body).map_err(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        ControlError::Invalid(format!("{error}{cause}"))
    })?;
    worlds.replace(platform, saved.world)?;
    ok(&json!({ "taken_at": saved.taken_at.to_rfc3339() }))
}

/// `POST reset`: the world as it began; its time goes on.
pub(super) fn reset(platform: &Arc<Platform>, worlds: &Worlds) -> Result<Reply, ControlError> {
    let Origin { seed, .. } = platform.origin;
    worlds.replace(platform, platform.origin.world(&platform.name, platform.now()))?;
    ok(&json!({ "seed": seed }))
}

impl From<WorldsError> for ControlError {
    fn from(error: WorldsError) -> Self {
        match error {
            WorldsError::Unknown => Self::NotFound("world"),
            WorldsError::NameTaken(_)
            | WorldsError::AppTaken { .. }
            | WorldsError::TooMany
            | WorldsError::Default => Self::Conflict(error.to_string()),
        }
    }
}
