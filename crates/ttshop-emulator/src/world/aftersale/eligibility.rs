//! Who may start what, and when (PLATFORM.md 8.4).

use serde::{Deserialize, Serialize};
use ttshop_types::Region;

use crate::switches::{MarketPolicy, Switches};
use crate::world::aftersale::stage::ReturnKind;
use crate::world::order::{Actor, OrderStatus};

/// Something that can be started.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Wish {
    Cancel,
    Return(ReturnKind),
}

/// What the platform's table says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cell {
    Yes,
    No,
    /// It depends on the market.
    Policy,
    UnitedStates,
    /// The table says no, and reasons for it exist all the same.
    Unpaid,
}

/// Whether `by` may start `wish` while the order is in `status`.
pub(crate) fn may_start(
    wish: Wish,
    by: Actor,
    status: OrderStatus,
    region: &Region,
    switches: &Switches,
) -> bool {
    let us = *region == Region::UnitedStates;
    match cell(wish, by, status) {
        Cell::Yes => !is_replacement(wish) || us || *region == Region::UnitedKingdom,
        Cell::No => false,
        Cell::Policy => match switches.aftersale_market_policy {
            MarketPolicy::UnitedStates => us,
            MarketPolicy::Everywhere => true,
            MarketPolicy::Nowhere => false,
        },
        Cell::UnitedStates => us,
        Cell::Unpaid => switches.seller_cancels_unpaid,
    }
}

/// Replacement orders exist in the United States and the United Kingdom only.
fn is_replacement(wish: Wish) -> bool {
    wish == Wish::Return(ReturnKind::Replacement)
}

fn cell(wish: Wish, by: Actor, status: OrderStatus) -> Cell {
    use OrderStatus as S;
    match (wish, by) {
        // The system cancels whatever the order's own machine lets it.
        (Wish::Cancel, Actor::System) => Cell::Yes,
        (Wish::Cancel, Actor::Buyer) => match status {
            S::Unpaid | S::OnHold | S::AwaitingShipment => Cell::Yes,
            _ => Cell::No,
        },
        (Wish::Cancel, Actor::Seller) => match status {
            S::Unpaid => Cell::Unpaid,
            // "Market policy" for the second: no market is known to forbid it.
            S::OnHold | S::AwaitingShipment => Cell::Yes,
            // The two overviews disagree; the stricter one says US only.
            S::AwaitingCollection => Cell::UnitedStates,
            _ => Cell::No,
        },
        (Wish::Return(ReturnKind::Refund), Actor::Buyer) => match status {
            S::AwaitingCollection | S::Delivered => Cell::Yes,
            S::InTransit => Cell::Policy,
            _ => Cell::No,
        },
        (Wish::Return(ReturnKind::Refund), Actor::Seller) => match status {
            S::AwaitingCollection => Cell::Yes,
            // The table has a dash for IN_TRANSIT, the list of reasons (US) names it.
            S::InTransit | S::Delivered => Cell::Policy,
            _ => Cell::No,
        },
        (Wish::Return(ReturnKind::ReturnAndRefund), Actor::Buyer) => match status {
            S::Delivered => Cell::Yes,
            S::InTransit => Cell::Policy,
            _ => Cell::No,
        },
        (Wish::Return(ReturnKind::ReturnAndRefund), Actor::Seller) if status == S::Delivered => Cell::Policy,
        (Wish::Return(ReturnKind::Replacement), Actor::Buyer) if status == S::Delivered => Cell::Yes,
        (Wish::Return(_), _) => Cell::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wish: Wish, by: Actor, region: &Region, expected: [u8; 9]) {
        let switches = Switches::default();
        for (status, expected) in OrderStatus::ALL.into_iter().zip(expected) {
            let may = may_start(wish, by, status, region, &switches);
            assert_eq!(may, expected == 1, "{wish:?} by {by:?} in {region} at {}", status.as_str());
        }
    }

    #[test]
    fn only_what_the_overview_allows_can_be_started() {
        let (us, gb, mx) = (&Region::UnitedStates, &Region::UnitedKingdom, &Region::Mexico);
        let (refund, back, again) = (
            Wish::Return(ReturnKind::Refund),
            Wish::Return(ReturnKind::ReturnAndRefund),
            Wish::Return(ReturnKind::Replacement),
        );
        // Unpaid, on hold, awaiting shipment, partially shipping, awaiting collection, in transit, delivered, completed,
        // cancelled.
        check(Wish::Cancel, Actor::Buyer, us, [1, 1, 1, 0, 0, 0, 0, 0, 0]);
        check(Wish::Cancel, Actor::Seller, us, [0, 1, 1, 0, 1, 0, 0, 0, 0]);
        check(Wish::Cancel, Actor::Seller, gb, [0, 1, 1, 0, 0, 0, 0, 0, 0]);
        check(refund, Actor::Buyer, us, [0, 0, 0, 0, 1, 1, 1, 0, 0]);
        check(refund, Actor::Buyer, mx, [0, 0, 0, 0, 1, 0, 1, 0, 0]);
        check(refund, Actor::Seller, us, [0, 0, 0, 0, 1, 1, 1, 0, 0]);
        check(refund, Actor::Seller, mx, [0, 0, 0, 0, 1, 0, 0, 0, 0]);
        check(back, Actor::Buyer, us, [0, 0, 0, 0, 0, 1, 1, 0, 0]);
        check(back, Actor::Seller, us, [0, 0, 0, 0, 0, 0, 1, 0, 0]);
        check(back, Actor::Seller, gb, [0, 0, 0, 0, 0, 0, 0, 0, 0]);
        check(again, Actor::Buyer, gb, [0, 0, 0, 0, 0, 0, 1, 0, 0]);
        check(again, Actor::Buyer, mx, [0, 0, 0, 0, 0, 0, 0, 0, 0]);
        check(again, Actor::Seller, us, [0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
