//! What happens to orders, and what is announced because of it.

use ttshop_types::Timestamp;

use crate::webhook::{PackageChange, Topic, order_status, recipient_address};
use crate::world::aftersale::{CancelWish, reasons};
use crate::world::due::Due;
use crate::world::machine::{self, Act, Forbidden, OrderClock, Scene, act_of, clock_of};
use crate::world::order::{Actor, Order, OrderStatus};
use crate::world::post::Notification;
use crate::world::product::stock;
use crate::world::{NotificationNo, OrderNo, PackageNo, ShopNo, World};

/// Why nothing happened to an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum ActError {
    #[error("the shop does not exist")]
    NoShop,
    #[error("the order does not exist")]
    NoOrder,
    #[error("the buyer wants the order cancelled, and the seller has not answered")]
    CancelRequested,
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
}

/// A notification whose attempt is due.
#[derive(Debug)]
pub(crate) struct DueAttempt {
    pub(crate) number: NotificationNo,
    pub(crate) repeat: bool,
    pub(crate) address: String,
    pub(crate) body: String,
    pub(crate) signature: String,
}

impl World {
    /// Lets `act` happen to an order, sets the clock of its new state and announces the change.
    pub(crate) fn act(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        act: &Act,
        now: Timestamp,
    ) -> Result<(), ActError> {
        match act {
            Act::Cancel { by, reason } => {
                let wish = CancelWish { by: *by, reason: reason.clone(), lines: Vec::new() };
                self.cancel(shop, order, &wish, now).map(drop)
            }
            Act::CancelLines { lines, by, reason } if !lines.is_empty() => {
                let wish = CancelWish { by: *by, reason: reason.clone(), lines: lines.clone() };
                self.cancel(shop, order, &wish, now).map(drop)
            }
            Act::RequestCancel => {
                let reason = reasons::buyer_cancel(OrderStatus::AwaitingShipment)[0];
                self.request_cancel(shop, order, reason, now).map(drop)
            }
            Act::Arrange(_) => {
                self.look_at_cancel_request(shop, order)?;
                self.act_on_order(shop, order, act, now)?;
                self.void_pending_cancel(shop, order, now);
                Ok(())
            }
            Act::Pay
            | Act::Release
            | Act::Collect
            | Act::Deliver
            | Act::Complete
            | Act::EndByRefund
            | Act::CancelLines { .. }
            | Act::ChangeAddress => {
                self.act_on_order(shop, order, act, now)?;
                self.void_outlived_cancel(shop, order, now);
                Ok(())
            }
        }
    }

    /// The same for the order alone: no case is opened or closed.
    pub(super) fn act_on_order(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        act: &Act,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let neighbours = self.neighbours(shop, order);
        let before = self.packages_of(shop, order);
        let status_changed = self.apply_act(shop, order, act, now)?;
        if status_changed {
            self.announce_order(shop, order, now);
        } else if *act == Act::ChangeAddress {
            self.announce_address(shop, order, now);
        }
        let after = self.packages_of(shop, order);
        if let Some((change, by)) = package_change(act).filter(|_| before != after) {
            let touched: Vec<PackageNo> = before
                .iter()
                .chain(after.iter().filter(|package| !before.contains(package)))
                .copied()
                .collect();
            self.announce_packages(shop, change, by, &touched, now);
        }
        for neighbour in neighbours {
            self.follow_packages(shop, neighbour, now);
        }
        Ok(())
    }

    fn packages_of(&self, shop: ShopNo, order: OrderNo) -> Vec<PackageNo> {
        let found = self.shops.get(&shop).and_then(|shop| shop.book.get(order));
        found.map_or_else(Vec::new, |order| order.packages.clone())
    }

    /// The other orders in an order's combined packages.
    fn neighbours(&self, shop: ShopNo, order: OrderNo) -> Vec<OrderNo> {
        let Some(found) = self.shops.get(&shop) else { return Vec::new() };
        let packages = found.book.get(order).map(|order| order.packages.as_slice()).unwrap_or_default();
        let packages = packages.iter().filter_map(|package| found.packages.get(*package));
        packages.flat_map(|package| &package.orders).filter(|other| **other != order).copied().collect()
    }

    /// The same without a word; true if the status changed.
    pub(crate) fn act_silently(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        act: &Act,
        now: Timestamp,
    ) -> Result<bool, ActError> {
        if let Act::Cancel { by, reason } = act {
            let wish = CancelWish { by: *by, reason: reason.clone(), lines: Vec::new() };
            return self.cancel_silently(shop, order, &wish, now).map(|()| true);
        }
        self.apply_act(shop, order, act, now)
    }

    /// The order alone changes, without a word.
    pub(super) fn apply_act(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        act: &Act,
        now: Timestamp,
    ) -> Result<bool, ActError> {
        self.change_order(shop, order, now, |order, scene| machine::apply(order, act, scene))
    }

    /// Changes an order and sets the clock of its new state; true if the status changed.
    pub(crate) fn change_order(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        now: Timestamp,
        change: impl FnOnce(&mut Order, &mut Scene<'_>) -> Result<(), Forbidden>,
    ) -> Result<bool, ActError> {
        let shop = self.shops.get_mut(&shop).ok_or(ActError::NoShop)?;
        let mut scene = Scene {
            now,
            region: &shop.region,
            switches: &self.switches,
            packages: &mut shop.packages,
            mint: &mut shop.chance.mint,
            dice: &mut shop.chance.dice,
        };
        let (due, products) = (&mut self.due, &mut shop.products);
        let number = shop.number;
        let changed = shop.book.change(order, |order| {
            let (before, held) = (order.status, stock::held(order));
            change(order, &mut scene)?;
            stock::follow(products, held, order);
            if order.status == before {
                return Ok::<_, Forbidden>(false);
            }
            if let Some((clock, at)) = clock_of(order, scene.switches) {
                due.put(at, Due::Order { shop: number, order: order.number, clock });
            }
            Ok(true)
        });
        let changed = changed.ok_or(ActError::NoOrder)??;
        let delivered = shop.book.get(order).is_some_and(|order| order.status == OrderStatus::Delivered);
        if changed && delivered {
            self.post_sale(number, order, now);
        }
        Ok(changed)
    }

    /// Carries out what is due at `until`, up to the first attempt of a notification, which is the caller's to make.
    pub(crate) fn next_attempt(&mut self, until: Timestamp) -> Option<DueAttempt> {
        while let Some((at, due)) = self.due.take(until) {
            match due {
                Due::Ledger { shop } => self.catch_up_ledger(shop, at),
                Due::Case { shop, case } => self.run_out_case(shop, case, at),
                Due::Audit { shop, product, round } => self.audit_falls_due(shop, product, round, at),
                Due::Order { shop, order, clock } => self.run_out(shop, order, clock, at),
                Due::Scene { number } => self.play_scene(number, at),
                Due::Expiry { grant } => self.warn_of_expiry(grant, at),
                Due::Activity { shop, activity } => self.activity_falls_due(shop, activity, at),
                Due::Attempt { notification, repeat } => {
                    if let Some(attempt) = self.attempt(notification, repeat) {
                        return Some(attempt);
                    }
                }
            }
        }
        None
    }

    pub(crate) fn announce_order(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let data = self.shops.get(&shop).and_then(|shop| order_status(shop.book.get(order)?));
        if let Some(data) = data {
            self.announce(Topic::ORDER_STATUS_CHANGE, shop, &data, now);
        }
    }

    fn announce_address(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let data = self.shops.get(&shop).and_then(|shop| shop.book.get(order)).map(recipient_address);
        if let Some(data) = data {
            self.announce(Topic::RECIPIENT_ADDRESS_UPDATE, shop, &data, now);
        }
    }

    /// A clock that was set for a state the order has left means nothing any more.
    fn run_out(&mut self, shop: ShopNo, order: OrderNo, clock: OrderClock, at: Timestamp) {
        let found = self.shops.get(&shop).and_then(|shop| shop.book.get(order));
        let runs = found.and_then(|order| clock_of(order, &self.switches));
        if runs.is_some_and(|(running, due)| running == clock && due <= at) {
            // The order is in the state that the clock belongs to, so the act is one of its transitions.
            let happened = self.act(shop, order, &act_of(clock), at);
            debug_assert!(happened.is_ok(), "{clock:?} of {order} ran out: {happened:?}");
        }
    }

    fn attempt(&self, number: NotificationNo, repeat: bool) -> Option<DueAttempt> {
        let Notification { app, address, body, .. } = self.post.get(number)?;
        let signer = &self.apps.get(*app)?.credentials.webhook_signer;
        let signature = signer.sign(body.as_bytes()).as_str().to_owned();
        Some(DueAttempt { number, repeat, address: address.clone(), body: body.clone(), signature })
    }
}

/// How an act cuts packages, and who does it.
fn package_change(act: &Act) -> Option<(PackageChange, Actor)> {
    match act {
        Act::Cancel { by, .. } => Some((PackageChange::OrderCancelled, *by)),
        Act::CancelLines { by, .. } => Some((PackageChange::LinesCancelled, *by)),
        Act::ChangeAddress => Some((PackageChange::AddressChanged, Actor::Buyer)),
        Act::Pay
        | Act::Release
        | Act::Arrange(_)
        | Act::Collect
        | Act::Deliver
        | Act::Complete
        | Act::EndByRefund
        | Act::RequestCancel => None,
    }
}
