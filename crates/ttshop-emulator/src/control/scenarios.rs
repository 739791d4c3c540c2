//! Scenarios, begun from outside.

use serde::Deserialize;
use serde_json::json;

use crate::control::faults::possible;
use crate::control::reply::ok;
use crate::control::{ControlError, ControlRequest, Reply};
use crate::platform::Platform;
use crate::world::scenario::Scenario;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    /// One that comes with the emulator.
    #[serde(default)]
    name: Option<String>,
    /// The text of a file.
    #[serde(default)]
    toml: Option<String>,
}

/// `GET scenario`
pub(super) fn get_scenario(platform: &Platform) -> Result<Reply, ControlError> {
    let (waiting, placed, turned_away) = platform.world().scenes.counts();
    let names: Vec<&str> = Scenario::names().collect();
    ok(&json!({ "names": names, "waiting": waiting, "placed": placed, "turned_away": turned_away }))
}

/// `POST scenario`
pub(super) fn begin(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: Begin = request.json()?;
    let text = match (&wanted.name, &wanted.toml) {
        (Some(name), None) => Scenario::shipped(name).ok_or(ControlError::NotFound("scenario"))?,
        (None, Some(text)) => text,
        _ => return Err(ControlError::Invalid("give one of `name` and `toml`".into())),
    };
    let title = play(text, platform)?;
    let (waiting, ..) = platform.world().scenes.counts();
    ok(&json!({ "title": title, "waiting": waiting }))
}

/// Begins the scenario of a file; its title.
pub(crate) fn play(text: &str, platform: &Platform) -> Result<String, ControlError> {
    let scenario = Scenario::parse(text).map_err(ControlError::Invalid)?;
    let now = platform.now();
    let mut world = platform.world();
    let contract_only = world.switches.contract_only;
    scenario.incidents.iter().try_for_each(|incident| possible(&incident.fault, contract_only))?;
    world.begin_scenario(&scenario, now);
    drop(world);
    platform.baton.nudge();
    Ok(scenario.title)
}
