//! Orders follow their packages (PLATFORM.md 8.1).

use ttshop_types::Timestamp;

use crate::world::order::{Order, OrderStatus};
use crate::world::package::{PackageBook, PackageStatus};

/// Takes an order that is being shipped to where its packages are.
pub(crate) fn follow(order: &mut Order, packages: &PackageBook, now: Timestamp) {
    let reached = match order.status {
        OrderStatus::AwaitingShipment
        | OrderStatus::PartiallyShipping
        | OrderStatus::AwaitingCollection
        | OrderStatus::InTransit => reached(order, packages),
        OrderStatus::Unpaid
        | OrderStatus::OnHold
        | OrderStatus::Delivered
        | OrderStatus::Completed
        | OrderStatus::Cancelled => return,
    };
    // A lost parcel may leave only lines that are not arranged yet; no documented transition leads back from there.
    let back = order.status == OrderStatus::PartiallyShipping && reached == OrderStatus::AwaitingShipment;
    if reached == order.status || back {
        return;
    }
    order.status = reached;
    order.updated = now;
    let times = &mut order.times;
    match reached {
        OrderStatus::PartiallyShipping | OrderStatus::AwaitingCollection => times.ready_to_ship = Some(now),
        OrderStatus::InTransit => times.collected = times.collected.or(Some(now)),
        OrderStatus::Delivered => {
            times.collected = times.collected.or(Some(now));
            times.delivered = Some(now);
        }
        OrderStatus::Cancelled => times.cancelled = Some(now),
        OrderStatus::Unpaid
        | OrderStatus::OnHold
        | OrderStatus::AwaitingShipment
        | OrderStatus::Completed => {}
    }
}

/// Where the packages of all lines that were not cancelled are.
fn reached(order: &Order, packages: &PackageBook) -> OrderStatus {
    let statuses: Vec<PackageStatus> =
        order.open_lines().map(|line| order.package_status(line, packages)).collect();
    let all = |test: fn(&PackageStatus) -> bool| statuses.iter().all(test);
    if statuses.is_empty() {
        OrderStatus::Cancelled
    } else if all(|status| *status == PackageStatus::Completed) {
        OrderStatus::Delivered
    } else if all(|status| matches!(status, PackageStatus::Fulfilling | PackageStatus::Completed)) {
        OrderStatus::InTransit
    } else if all(|status| *status != PackageStatus::ToFulfill) {
        OrderStatus::AwaitingCollection
    } else if all(|status| *status == PackageStatus::ToFulfill) {
        OrderStatus::AwaitingShipment
    } else {
        OrderStatus::PartiallyShipping
    }
}
