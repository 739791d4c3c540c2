//! How an order ends early (PLATFORM.md 8.4).

use ttshop_types::Region;

use crate::world::machine::{Forbidden, Scene, set_packages};
use crate::world::order::{Actor, Order, OrderStatus, PackageStatus};

/// Cancels the whole order.
pub(super) fn cancel(order: &mut Order, by: Actor, reason: &str, scene: &Scene<'_>) -> Result<(), Forbidden> {
    let allowed = match (order.status, by) {
        (OrderStatus::Unpaid, Actor::Buyer | Actor::System)
        | (OrderStatus::OnHold, Actor::Buyer | Actor::Seller)
        | (OrderStatus::AwaitingShipment, Actor::Buyer | Actor::Seller | Actor::System)
        | (
            OrderStatus::PartiallyShipping | OrderStatus::AwaitingCollection | OrderStatus::InTransit,
            Actor::System,
        ) => true,
        // The two overviews disagree on other markets (PLATFORM.md 8.4); the stricter one says US only.
        (OrderStatus::AwaitingCollection, Actor::Seller) => *scene.region == Region::UnitedStates,
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
    };
    if !allowed {
        return Err(Forbidden { status: order.status, act: "cancel" });
    }
    order.status = OrderStatus::Cancelled;
    order.times.cancelled = Some(scene.now);
    order.cancelled_by = Some(by);
    order.cancel_reason = Some(reason.into());
    for line in &mut order.lines {
        line.cancelled = true;
    }
    set_packages(order, PackageStatus::Cancelled);
    Ok(())
}
