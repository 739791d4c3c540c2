//! When the carrier comes: `handover_time_slots` of a package, and of an order.

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::family::data;
use crate::family::fulfillment::rules::{self, may_arrange, may_ship};
use crate::family::fulfillment::{package_of, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

/// A time in which the carrier comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    start: i64,
    end: i64,
    available: bool,
}

impl Slot {
    /// Whether it is this one, and still open.
    pub(super) fn is(&self, slot: (i64, i64)) -> bool {
        self.available && (self.start, self.end) == slot
    }
}

pub(super) fn get_package_handover_time_slots(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    may_arrange(shop, package_of(call, shop)?, call.now)?;
    Ok(slots(call.now))
}

pub(super) fn get_handover_timeslots(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    may_ship(shop, rules::order(shop, call.path_params.get("order_id").unwrap_or_default())?)?;
    Ok(slots(call.now))
}

fn slots(now: Timestamp) -> Success {
    let slots: Vec<Value> = pickup_slots(now)
        .into_iter()
        // `avaliable` is the platform's spelling (PLATFORM.md 12 #5).
        .map(|slot| json!({ "start_time": slot.start, "end_time": slot.end, "avaliable": slot.available }))
        .collect();
    data(&json!({
        "can_pickup": true,
        "can_drop_off": true,
        "can_van_collection": false,
        "drop_off_point_url": "https://www.tiktok.com/emulated/drop-off-points",
        "pickup_slots": slots,
    }))
}

/// Mornings and afternoons of today and the next two days; what begins within the hour is taken.
pub(super) fn pickup_slots(now: Timestamp) -> Vec<Slot> {
    let now = now.as_seconds();
    let midnight = now - now.rem_euclid(DAY);
    let day = |day: i64| {
        [(9, 12), (13, 18)].map(|(from, until)| {
            let (start, end) = (midnight + day * DAY + from * HOUR, midnight + day * DAY + until * HOUR);
            Slot { start, end, available: start >= now + HOUR }
        })
    };
    (0..3).flat_map(day).collect()
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
