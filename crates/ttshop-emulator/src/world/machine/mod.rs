//! The life of an order: every transition that the platform documents, and no other (PLATFORM.md 8.1, 8.4).
//!
//! [`apply`] is pure: an order, an act and the instant in, the changed order or a refusal out. Who calls it, what it
//! announces and what falls due later is decided by the world.

mod cancel;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::{Region, Timestamp};

use crate::dice::Dice;
use crate::switches::Switches;
use crate::world::LineNo;
use crate::world::number::Mint;
use crate::world::order::{Actor, Deadlines, Order, OrderStatus, Package, PackageStatus};

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
        Act::Arrange(lines) => arrange(order, lines, scene)?,
        Act::Collect => {
            step(order, "collect", &[OrderStatus::AwaitingCollection], OrderStatus::InTransit)?;
            order.times.collected = Some(scene.now);
            set_packages(order, PackageStatus::Fulfilling);
        }
        Act::Deliver => {
            step(order, "deliver", &[OrderStatus::InTransit], OrderStatus::Delivered)?;
            order.times.delivered = Some(scene.now);
            set_packages(order, PackageStatus::Completed);
        }
        Act::Complete => step(order, "complete", &[OrderStatus::Delivered], OrderStatus::Completed)?,
        Act::Cancel { by, reason } => cancel::cancel(order, *by, reason, scene)?,
        Act::RequestCancel => {
            step(order, "request_cancel", &[OrderStatus::AwaitingShipment], OrderStatus::AwaitingShipment)?;
            order.times.cancel_requested = Some(scene.now);
        }
        Act::ChangeAddress => {
            let from = &[OrderStatus::OnHold, OrderStatus::AwaitingShipment];
            step(order, "change_address", from, order.status)?;
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
        OrderStatus::OnHold => Some((OrderClock::OnHold, after(order.times.paid?, switches.on_hold_seconds))),
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

/// What the platform does when `clock` runs out.
pub(crate) fn act_of(clock: OrderClock) -> Act {
    let cancel = |reason: &str| Act::Cancel { by: Actor::System, reason: reason.into() };
    match clock {
        OrderClock::Payment => cancel("Buyer did not pay in time"),
        OrderClock::OnHold => Act::Release,
        OrderClock::Shipment => cancel("Seller did not ship in time"),
        OrderClock::Collection => cancel("Package was not collected in time"),
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
    let holds = scene.switches.on_hold_seconds > 0;
    let next = if holds { OrderStatus::OnHold } else { OrderStatus::AwaitingShipment };
    step(order, "pay", &[OrderStatus::Unpaid], next)?;
    let at = |seconds| scene.now + Duration::from_secs(seconds);
    order.times.paid = Some(scene.now);
    order.deadlines = Some(Deadlines {
        ready_to_ship: at(scene.switches.rts_sla_seconds),
        in_transit: at(scene.switches.tts_sla_seconds),
        cancel: at(scene.switches.cancel_sla_seconds),
        delivery: at(scene.switches.delivery_sla_seconds),
    });
    if !package_comes_with_shipment(scene.region) {
        let package = Package { number: scene.mint.package(scene.dice), status: PackageStatus::ToFulfill };
        pack(order, package, |_| true);
    }
    Ok(())
}

/// In the US and the UK a package exists only once shipment is arranged (PLATFORM.md 8.3).
fn package_comes_with_shipment(region: &Region) -> bool {
    matches!(region, Region::UnitedStates | Region::UnitedKingdom)
}

fn arrange(order: &mut Order, chosen: &[LineNo], scene: &mut Scene<'_>) -> Result<(), Forbidden> {
    let forbidden = Forbidden { status: order.status, act: "ship" };
    let open: Vec<LineNo> = order
        .lines
        .iter()
        .filter(|line| !line.cancelled && !order.is_arranged(line))
        .map(|line| line.number)
        .collect();
    let chosen = if chosen.is_empty() { &open[..] } else { chosen };
    let known = !chosen.is_empty() && chosen.iter().all(|line| open.contains(line));
    let all = open.iter().all(|line| chosen.contains(line));
    let next = if all { OrderStatus::AwaitingCollection } else { OrderStatus::PartiallyShipping };
    if !known {
        return Err(forbidden);
    }
    step(order, "ship", &[OrderStatus::AwaitingShipment, OrderStatus::PartiallyShipping], next)?;
    let waiting = order.packages.iter().position(|package| package.status == PackageStatus::ToFulfill);
    match waiting.filter(|_| all) {
        Some(place) => order.packages[place].status = PackageStatus::Processing,
        None => {
            let package =
                Package { number: scene.mint.package(scene.dice), status: PackageStatus::Processing };
            pack(order, package, |line| chosen.contains(&line));
        }
    }
    order.times.ready_to_ship = Some(scene.now);
    Ok(())
}

/// Adds a package and puts the lines that `belongs` names into it.
fn pack(order: &mut Order, package: Package, belongs: impl Fn(LineNo) -> bool) {
    let place = u8::try_from(order.packages.len()).ok();
    order.packages.push(package);
    for line in order.lines.iter_mut().filter(|line| !line.cancelled && belongs(line.number)) {
        line.package = place;
    }
}

fn set_packages(order: &mut Order, status: PackageStatus) {
    for package in &mut order.packages {
        package.status = status;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;
    use crate::money::Minor;
    use crate::world::order::{Line, ShippingFees, ShippingType, Times};
    use crate::world::{BuyerNo, OrderNo, WarehouseNo};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn order(status: OrderStatus) -> Order {
        let line = |number| Line {
            number: LineNo(number),
            product: 0,
            sku: 0,
            cancelled: false,
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
        let mut scene = Scene { now: NOW, region, switches, mint: &mut mint, dice: &mut dice };
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
