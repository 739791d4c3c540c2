//! How an order, or some of its lines, ends early (PLATFORM.md 8.4).

use ttshop_types::{Region, Timestamp};

use crate::world::LineNo;
use crate::world::machine::pack::{abandon_packages, rebuild};
use crate::world::machine::{Forbidden, Scene, follow};
use crate::world::order::{Actor, LineCancel, Order, OrderStatus};

/// Cancels the whole order.
pub(super) fn cancel(
    order: &mut Order,
    by: Actor,
    reason: &str,
    scene: &mut Scene<'_>,
) -> Result<(), Forbidden> {
    if !is_allowed(order.status, by, scene.region) {
        return Err(Forbidden { status: order.status, act: "cancel" });
    }
    order.status = OrderStatus::Cancelled;
    order.times.cancelled = Some(scene.now);
    order.cancelled_by = Some(by);
    order.cancel_reason = Some(reason.into());
    mark(order, by, reason, scene.now, |_| true);
    abandon_packages(order, scene);
    Ok(())
}

/// Cancels some lines of the order; all that are left make it the whole order.
pub(super) fn cancel_lines(
    order: &mut Order,
    chosen: &[LineNo],
    by: Actor,
    reason: &str,
    scene: &mut Scene<'_>,
) -> Result<(), Forbidden> {
    let forbidden = Forbidden { status: order.status, act: "cancel_lines" };
    let open: Vec<LineNo> = order.open_lines().map(|line| line.number).collect();
    if chosen.is_empty() || !chosen.iter().all(|line| open.contains(line)) {
        return Err(forbidden);
    }
    if open.iter().all(|line| chosen.contains(line)) {
        return cancel(order, by, reason, scene);
    }
    let arranged = order
        .open_lines()
        .any(|line| chosen.contains(&line.number) && order.is_arranged(line, scene.packages));
    // The unshipped lines of a partly shipped order are as good as awaiting shipment.
    let status = match order.status {
        OrderStatus::PartiallyShipping if !arranged => OrderStatus::AwaitingShipment,
        status => status,
    };
    // What is arranged is in a parcel that somebody waits for; no documented transition takes single lines out of it.
    // Before it is paid, an order is paid or cancelled as a whole.
    let unpaid = status == OrderStatus::Unpaid;
    if arranged || unpaid || !is_allowed(status, by, scene.region) {
        return Err(forbidden);
    }
    mark(order, by, reason, scene.now, |line| chosen.contains(&line));
    rebuild(order, chosen, scene);
    follow(order, scene.packages, scene.now);
    Ok(())
}

/// Who may cancel in which state.
fn is_allowed(status: OrderStatus, by: Actor, region: &Region) -> bool {
    match (status, by) {
        (OrderStatus::Unpaid, Actor::Buyer | Actor::System)
        | (OrderStatus::OnHold, Actor::Buyer | Actor::Seller)
        | (OrderStatus::AwaitingShipment, Actor::Buyer | Actor::Seller | Actor::System)
        | (
            OrderStatus::PartiallyShipping | OrderStatus::AwaitingCollection | OrderStatus::InTransit,
            Actor::System,
        ) => true,
        // The two overviews disagree on other markets (PLATFORM.md 8.4); the stricter one says US only.
        (OrderStatus::AwaitingCollection, Actor::Seller) => *region == Region::UnitedStates,
        (
            OrderStatus::Unpaid
            | OrderStatus::OnHold
            | OrderStatus::PartiallyShipping
            | OrderStatus::AwaitingCollection
            | OrderStatus::InTransit
            | OrderStatus::Delivered
            | OrderStatus::Completed
            | OrderStatus::Cancelled,
            _,
        ) => false,
    }
}

/// Writes who cancelled the lines, unless somebody did before.
pub(crate) fn mark(
    order: &mut Order,
    by: Actor,
    reason: &str,
    now: Timestamp,
    chosen: impl Fn(LineNo) -> bool,
) {
    for line in order.lines.iter_mut().filter(|line| !line.is_cancelled() && chosen(line.number)) {
        line.cancelled = Some(Box::new(LineCancel { by, reason: reason.into(), at: now }));
    }
}
