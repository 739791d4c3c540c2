//! The life of an order: every transition that the platform documents, and no other (PLATFORM.md 8.1, 8.4).
//!
//! [`apply`] is pure: an order, an act and the instant in, the changed order or a refusal out. Who calls it, what it
//! announces and what falls due later is decided by the world.

mod cancel;
mod follow;
mod pack;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::{Region, Timestamp};

use crate::dice::Dice;
use crate::switches::Switches;
use crate::world::LineNo;
use crate::world::aftersale::reasons;
use crate::world::number::Mint;
use crate::world::order::{Actor, Deadlines, Order, OrderKind, OrderStatus};
use crate::world::package::{PackageBook, PackageStatus, PackageTag, TrackStep, exists_after_payment};

pub(crate) use cancel::mark;
pub(crate) use follow::follow;
pub(crate) use pack::{drop_empty, leave_combined, pack, package_for};

/// Something that happens to an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Act {
    /// The buyer pays.
    Pay,
    /// The remorse window ends.
    Release,
    /// The seller arranges shipment of these lines; none means all that are left.
    Arrange(Vec<LineNo>),
    /// The carrier has scanned all parcels.
    Collect,
    /// All parcels arrived.
    Deliver,
    /// The after-sale window is over.
    Complete,
    /// Somebody cancels the whole order.
    Cancel { by: Actor, reason: Box<str> },
    /// Somebody cancels some lines.
    CancelLines { lines: Vec<LineNo>, by: Actor, reason: Box<str> },
    /// Every unit was paid back.
    EndByRefund,
    /// The buyer asks for cancellation; the seller reviews.
    RequestCancel,
    /// The buyer changes the address.
    ChangeAddress,
}

/// A clock of an order's life that runs out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderClock {
    /// Unpaid for too long.
    Payment,
    /// The remorse window.
    OnHold,
    /// `cancel_order_sla_time`.
    Shipment,
    /// No carrier scan in time.
    Collection,
    /// The after-sale window.
    AfterSale,
}

/// The transition does not exist.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an order in `{}` allows no `{act}`", status.as_str())]
pub(crate) struct Forbidden {
    pub(crate) status: OrderStatus,
    pub(crate) act: &'static str,
}

/// What a transition needs to know beyond the order.
pub(crate) struct Scene<'a> {
    pub(crate) now: Timestamp,
    pub(crate) region: &'a Region,
    pub(crate) switches: &'a Switches,
    pub(crate) packages: &'a mut PackageBook,
    pub(crate) mint: &'a mut Mint,
    pub(crate) dice: &'a mut Dice,
}

/// Carries out `act`, or leaves the order as it was.
///
/// # Errors
/// The platform documents no such transition.
pub(crate) fn apply(order: &mut Order, act: &Act, scene: &mut Scene<'_>) -> Result<(), Forbidden> {
    match act {
        Act::Pay => pay(order, scene)?,
        Act::Release => step(order, "release", &[OrderStatus::OnHold], OrderStatus::AwaitingShipment)?,
        Act::Arrange(lines) => pack::arrange(order, lines, scene)?,
        Act::Collect => {
            step(order, "collect", &[OrderStatus::AwaitingCollection], OrderStatus::InTransit)?;
            order.times.collected = Some(scene.now);
            let (from, to) = (PackageStatus::Processing, PackageStatus::Fulfilling);
            pack::carry_all(order, from, to, TrackStep::Collected, scene);
        }
        Act::Deliver => {
            step(order, "deliver", &[OrderStatus::InTransit], OrderStatus::Delivered)?;
            order.times.delivered = Some(scene.now);
            let (from, to) = (PackageStatus::Fulfilling, PackageStatus::Completed);
            pack::carry_all(order, from, to, TrackStep::Delivered, scene);
        }
        Act::Complete => step(order, "complete", &[OrderStatus::Delivered], OrderStatus::Completed)?,
        Act::Cancel { by, reason } => cancel::cancel(order, *by, reason, scene)?,
        Act::CancelLines { lines, by, reason } => cancel::cancel_lines(order, lines, *by, reason, scene)?,
        Act::EndByRefund => {
            if !order.can_end_by_refund() {
                return Err(Forbidden { status: order.status, act: "end_by_refund" });
            }
            order.status = OrderStatus::Completed;
        }
        Act::RequestCancel => {
            step(order, "request_cancel", &[OrderStatus::AwaitingShipment], OrderStatus::AwaitingShipment)?;
            order.times.cancel_requested = Some(scene.now);
        }
        Act::ChangeAddress => {
            let from = &[OrderStatus::OnHold, OrderStatus::AwaitingShipment];
            step(order, "change_address", from, order.status)?;
            pack::leave_all_combined(order, scene);
            order.address_changes = order.address_changes.saturating_add(1);
        }
    }
    order.updated = scene.now;
    Ok(())
}

/// Which clock runs in the order's present state, and when it runs out.
pub(crate) fn clock_of(order: &Order, switches: &Switches) -> Option<(OrderClock, Timestamp)> {
    let after = |start: Timestamp, seconds: u64| start + Duration::from_secs(seconds);
    match order.status {
        OrderStatus::Unpaid => {
            Some((OrderClock::Payment, after(order.created, switches.payment_timeout_seconds)))
        }
        OrderStatus::OnHold => Some((OrderClock::OnHold, hold_ends(order, switches, order.times.paid?))),
        OrderStatus::AwaitingShipment => Some((OrderClock::Shipment, order.deadlines?.cancel)),
        OrderStatus::AwaitingCollection => {
            let arranged = order.times.ready_to_ship?;
            Some((OrderClock::Collection, after(arranged, switches.collection_due_seconds)))
        }
        OrderStatus::Delivered => {
            Some((OrderClock::AfterSale, after(order.times.delivered?, switches.after_sale_seconds)))
        }
        OrderStatus::PartiallyShipping
        | OrderStatus::InTransit
        | OrderStatus::Completed
        | OrderStatus::Cancelled => None,
    }
}

/// The remorse window; a pre-order stays on hold until just before its release.
fn hold_ends(order: &Order, switches: &Switches, paid: Timestamp) -> Timestamp {
    let remorse = paid + Duration::from_secs(switches.on_hold_seconds);
    match order.kind {
        OrderKind::PreOrder { release } => {
            remorse.max(release - Duration::from_secs(switches.pre_order_lead_seconds))
        }
        OrderKind::Normal
        | OrderKind::Sample
        | OrderKind::Exchange { .. }
        | OrderKind::Replacement { .. } => remorse,
    }
}

/// What the platform does when `clock` runs out.
pub(crate) fn act_of(clock: OrderClock) -> Act {
    let cancel = |reason: &str| Act::Cancel { by: Actor::System, reason: reason.into() };
    match clock {
        OrderClock::Payment => cancel(reasons::PAYMENT_TIMED_OUT),
        OrderClock::OnHold => Act::Release,
        OrderClock::Shipment => cancel(reasons::SHIPMENT_TIMED_OUT),
        OrderClock::Collection => cancel(reasons::NEVER_SCANNED),
        OrderClock::AfterSale => Act::Complete,
    }
}

fn step(
    order: &mut Order,
    act: &'static str,
    from: &[OrderStatus],
    to: OrderStatus,
) -> Result<(), Forbidden> {
    if !from.contains(&order.status) {
        return Err(Forbidden { status: order.status, act });
    }
    order.status = to;
    Ok(())
}

fn pay(order: &mut Order, scene: &mut Scene<'_>) -> Result<(), Forbidden> {
    let holds = hold_ends(order, scene.switches, scene.now) > scene.now;
    let next = if holds { OrderStatus::OnHold } else { OrderStatus::AwaitingShipment };
    step(order, "pay", &[OrderStatus::Unpaid], next)?;
    // What is not there yet cannot be late.
    let start = match order.kind {
        OrderKind::PreOrder { release } => release.max(scene.now),
        OrderKind::Normal
        | OrderKind::Sample
        | OrderKind::Exchange { .. }
        | OrderKind::Replacement { .. } => scene.now,
    };
    let at = |seconds| start + Duration::from_secs(seconds);
    order.times.paid = Some(scene.now);
    order.deadlines = Some(Deadlines {
        ready_to_ship: at(scene.switches.rts_sla_seconds),
        in_transit: at(scene.switches.tts_sla_seconds),
        cancel: at(scene.switches.cancel_sla_seconds),
        delivery: at(scene.switches.delivery_sla_seconds),
    });
    if exists_after_payment(scene.region) {
        pack(order, PackageTag::Default, scene, |_| true);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;
    use crate::money::Minor;
    use crate::world::order::{Line, ShippingFees, ShippingType, Terms, Times};
    use crate::world::{BuyerNo, OrderNo, WarehouseNo};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn order(status: OrderStatus) -> Order {
        let line = |number| Line {
            number: LineNo(number),
            product: 0,
            sku: 0,
            cancelled: None,
            package: None,
            list_price: Minor(0),
            seller_discount: Minor(0),
            platform_discount: Minor(0),
            tax: Minor(0),
        };
        Order {
            number: OrderNo(1),
            status,
            buyer: BuyerNo(1),
            created: NOW,
            updated: NOW,
            shipping_type: ShippingType::Tiktok,
            kind: OrderKind::Normal,
            terms: Terms::default(),
            warehouse: WarehouseNo(1),
            fees: ShippingFees::default(),
            times: Times::default(),
            deadlines: None,
            lines: vec![line(1), line(2)],
            packages: Vec::new(),
            cancelled_by: None,
            cancel_reason: None,
            address_changes: 0,
            buyer_message: None,
        }
    }

    fn run(
        order: &mut Order,
        act: &Act,
        region: &Region,
        switches: &Switches,
    ) -> Result<OrderStatus, Forbidden> {
        let (mut mint, mut dice) = (Mint::default(), Dice::new(1, Stream::World));
        let mut packages = PackageBook::default();
        let mut scene =
            Scene { now: NOW, region, switches, packages: &mut packages, mint: &mut mint, dice: &mut dice };
        apply(order, act, &mut scene).map(|()| order.status)
    }

    /// Where `act` leads from each state, in the order of [`OrderStatus::ALL`]; `-` where it is forbidden.
    fn check(act: &Act, region: &Region, expected: [&str; 9]) {
        for (from, expected) in OrderStatus::ALL.into_iter().zip(expected) {
            let mut order = order(from);
            let reached = run(&mut order, act, region, &Switches::default());
            let text = reached.map_or("-", OrderStatus::as_str);
            assert_eq!(text, expected, "{act:?} from {} in {region}", from.as_str());
            if reached.is_err() {
                assert_eq!(order.status, from, "a forbidden act changes nothing");
            }
        }
    }

    #[test]
    fn only_documented_transitions_exist() {
        let us = &Region::UnitedStates;
        let cancel = |by| Act::Cancel { by, reason: "test".into() };
        let (gone, ship, way) = ("CANCELLED", "AWAITING_SHIPMENT", "AWAITING_COLLECTION");
        check(&Act::Pay, us, ["ON_HOLD", "-", "-", "-", "-", "-", "-", "-", "-"]);
        check(&Act::Release, us, ["-", ship, "-", "-", "-", "-", "-", "-", "-"]);
        check(&Act::Arrange(Vec::new()), us, ["-", "-", way, way, "-", "-", "-", "-", "-"]);
        let some = Act::Arrange(vec![LineNo(1)]);
        check(&some, us, ["-", "-", "PARTIALLY_SHIPPING", "PARTIALLY_SHIPPING", "-", "-", "-", "-", "-"]);
        check(&Act::Collect, us, ["-", "-", "-", "-", "IN_TRANSIT", "-", "-", "-", "-"]);
        check(&Act::Deliver, us, ["-", "-", "-", "-", "-", "DELIVERED", "-", "-", "-"]);
        check(&Act::Complete, us, ["-", "-", "-", "-", "-", "-", "COMPLETED", "-", "-"]);
        let done = "COMPLETED";
        check(&Act::EndByRefund, us, ["-", "-", "-", "-", done, done, done, "-", "-"]);
        check(&Act::RequestCancel, us, ["-", "-", ship, "-", "-", "-", "-", "-", "-"]);
        check(&Act::ChangeAddress, us, ["-", "ON_HOLD", ship, "-", "-", "-", "-", "-", "-"]);
        check(&cancel(Actor::Buyer), us, [gone, gone, gone, "-", "-", "-", "-", "-", "-"]);
        check(&cancel(Actor::Seller), us, ["-", gone, gone, "-", gone, "-", "-", "-", "-"]);
        check(&cancel(Actor::System), us, [gone, "-", gone, gone, gone, gone, "-", "-", "-"]);
        let gb = &Region::UnitedKingdom;
        check(&cancel(Actor::Seller), gb, ["-", gone, gone, "-", "-", "-", "-", "-", "-"]);
    }

    #[test]
    fn without_a_remorse_window_payment_releases() {
        let switches = Switches { on_hold_seconds: 0, ..Switches::default() };
        let reached = run(&mut order(OrderStatus::Unpaid), &Act::Pay, &Region::UnitedStates, &switches);
        assert_eq!(reached, Ok(OrderStatus::AwaitingShipment));
    }

    #[test]
    fn an_unknown_line_cannot_be_shipped() {
        let mut order = order(OrderStatus::AwaitingShipment);
        let act = Act::Arrange(vec![LineNo(1), LineNo(99)]);
        let refused = run(&mut order, &act, &Region::UnitedStates, &Switches::default());
        assert_eq!(refused, Err(Forbidden { status: OrderStatus::AwaitingShipment, act: "ship" }));
        assert!(order.packages.is_empty());
    }
}
