//! Scenarios: what happens in a world by itself, declared in a small file and carried out by the due queue.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::faults::FaultRule;
use crate::world::due::Due;
use crate::world::order::{OrderKind, OrderStatus, ShippingType, Terms};
use crate::world::{Placement, ShopNo, World};

/// How many orders one scenario may bring.
const ORDERS_MAX: u32 = 100_000;
/// How long a scenario may last: ten years.
const SECONDS_MAX: u64 = 10 * 366 * 86_400;

/// The scenarios that come with the emulator.
const SHIPPED: [(&str, &str); 4] = [
    ("quiet-shop", include_str!("../../scenarios/quiet-shop.toml")),
    ("live-spike", include_str!("../../scenarios/live-spike.toml")),
    ("platform-outage", include_str!("../../scenarios/platform-outage.toml")),
    ("token-trouble", include_str!("../../scenarios/token-trouble.toml")),
];

/// What is to happen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) orders: Vec<Wave>,
    #[serde(default)]
    pub(crate) incidents: Vec<Incident>,
}

/// Orders that arrive at instants drawn from the seed, over all shops in turn.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wave {
    #[serde(default)]
    at_seconds: u64,
    during_seconds: u64,
    count: u32,
    #[serde(default = "paid")]
    status: OrderStatus,
}

/// A fault that comes and, if it says so, goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Incident {
    at_seconds: u64,
    #[serde(default)]
    lasts_seconds: Option<u64>,
    pub(crate) fault: FaultRule,
}

fn paid() -> OrderStatus {
    OrderStatus::AwaitingShipment
}

/// The rest of the scenarios that began, and what came of them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Scenes {
    waiting: BTreeMap<u64, Scene>,
    next: u64,
    placed: u64,
    /// Orders that no stock was left for.
    turned_away: u64,
}

/// One thing that is to happen.
#[derive(Debug, Serialize, Deserialize)]
enum Scene {
    Order { shop: ShopNo, status: OrderStatus },
    Begin(FaultRule),
    End(FaultRule),
}

impl Scenario {
    /// The names of those that come with the emulator.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// The file of one that comes with the emulator.
    pub(crate) fn shipped(name: &str) -> Option<&'static str> {
        SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Reads a file; the text says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let scenario: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let ends = scenario.orders.iter().map(|wave| wave.at_seconds.saturating_add(wave.during_seconds));
        let incidents = scenario.incidents.iter();
        let mut ends =
            ends.chain(incidents.map(|it| it.at_seconds.saturating_add(it.lasts_seconds.unwrap_or(0))));
        let orders = scenario.orders.iter().fold(0_u32, |sum, wave| sum.saturating_add(wave.count));
        if orders > ORDERS_MAX || ends.any(|end| end > SECONDS_MAX) {
            return Err(format!(
                "a scenario has at most {ORDERS_MAX} orders and lasts at most {SECONDS_MAX} s"
            ));
        }
        Ok(scenario)
    }
}

impl Scenes {
    /// What waits, what was placed, what was turned away.
    pub(crate) fn counts(&self) -> (usize, u64, u64) {
        (self.waiting.len(), self.placed, self.turned_away)
    }
}

impl World {
    /// Puts everything that a scenario brings into the due queue.
    pub(crate) fn begin_scenario(&mut self, scenario: &Scenario, now: Timestamp) {
        let shops: Vec<ShopNo> = self.shops.keys().copied().collect();
        for wave in &scenario.orders {
            for shop in shops.iter().cycle().take(usize::try_from(wave.count).unwrap_or(0)) {
                let millis = wave.during_seconds.saturating_mul(1_000).max(1);
                let drawn = self.chance_of(Some(*shop)).dice.below(millis);
                let at = now + Duration::from_secs(wave.at_seconds) + Duration::from_millis(drawn);
                self.set_scene(at, Scene::Order { shop: *shop, status: wave.status });
            }
        }
        for incident in &scenario.incidents {
            let at = now + Duration::from_secs(incident.at_seconds);
            self.set_scene(at, Scene::Begin(incident.fault.clone()));
            if let Some(seconds) = incident.lasts_seconds {
                self.set_scene(at + Duration::from_secs(seconds), Scene::End(incident.fault.clone()));
            }
        }
    }

    fn set_scene(&mut self, at: Timestamp, scene: Scene) {
        let scenes = &mut self.scenes;
        scenes.waiting.insert(scenes.next, scene);
        self.due.put(at, Due::Scene { number: scenes.next });
        scenes.next += 1;
    }

    /// Carries out one thing of a scenario.
    pub(super) fn play_scene(&mut self, number: u64, at: Timestamp) {
        match self.scenes.waiting.remove(&number) {
            Some(Scene::Order { shop, status }) => {
                let placement = Placement {
                    lines: Vec::new(),
                    shipping_type: ShippingType::Tiktok,
                    buyer: None,
                    kind: OrderKind::Normal,
                    terms: Terms::default(),
                    status,
                    buyer_message: None,
                };
                match self.place(shop, &placement, at) {
                    Ok(_) => self.scenes.placed += 1,
                    Err(_) => self.scenes.turned_away += 1,
                }
            }
            Some(Scene::Begin(rule)) => self.faults.add(rule),
            Some(Scene::End(rule)) => self.faults.remove(&rule),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_scenarios_can_be_read() {
        for name in Scenario::names() {
            let scenario = Scenario::parse(Scenario::shipped(name).unwrap()).unwrap();
            assert!(!scenario.orders.is_empty(), "{name}");
            for incident in &scenario.incidents {
                let key = incident.fault.operation.as_deref();
                assert!(key.is_none_or(|key| ttshop_catalogue::by_key(key).is_some()), "{name}: {key:?}");
            }
        }
        assert!(Scenario::parse("title = 1").is_err());
        assert!(Scenario::parse("title = \"x\"\n[[orders]]\ncount = 200000\nduring_seconds = 1").is_err());
    }
}
