//! What happens to packages, and to the orders in them.

use ttshop_types::Timestamp;

use crate::webhook::{PackageChange, Topic, package_update};
use crate::world::aftersale::reasons;
use crate::world::machine::{follow, mark};
use crate::world::order::{Actor, OrderStatus};
use crate::world::package::{Arrangement, Loss, Package, PackageStatus, TrackStep};
use crate::world::product::stock;
use crate::world::{OrderNo, PackageNo, ShopNo, World};

/// Something that happens to a package.
#[derive(Clone, Debug)]
pub(crate) enum PackageAct {
    /// The seller arranges shipment.
    Arrange(Arrangement),
    /// The carrier has scanned it.
    Collect,
    /// The carrier reports something on the way.
    Report(TrackStep),
    /// It arrived.
    Deliver,
    /// It never will.
    Lose(Loss),
}

/// Why nothing happened to a package.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum PackageError {
    #[error("the package does not exist")]
    NoPackage,
    #[error("the buyer wants an order in it cancelled, and the seller has not answered")]
    CancelRequested,
    #[error("a package in `{}` allows no `{act}`", status.as_str())]
    Forbidden { status: PackageStatus, act: &'static str },
}

impl World {
    /// Lets `act` happen to a package; its orders follow.
    pub(crate) fn act_on_package(
        &mut self,
        shop: ShopNo,
        package: PackageNo,
        act: &PackageAct,
        now: Timestamp,
    ) -> Result<(), PackageError> {
        let travels = matches!(act, PackageAct::Arrange(_));
        let found = self.shops.get(&shop).and_then(|shop| shop.packages.get(package));
        let inside = found.map(|package| package.orders.clone()).unwrap_or_default();
        let status = found.map(|package| package.status);
        // What is on hold has its parcel already, and nobody ships it yet.
        let ready = |order: &OrderNo| {
            let order = self.shops.get(&shop).and_then(|shop| shop.book.get(*order));
            let open = [OrderStatus::AwaitingShipment, OrderStatus::PartiallyShipping];
            order.is_some_and(|order| open.contains(&order.status))
        };
        if let (true, Some(status)) = (travels && !inside.iter().all(ready), status) {
            return Err(PackageError::Forbidden { status, act: "ship" });
        }
        let asked = |order: &OrderNo| self.look_at_cancel_request(shop, *order).is_err();
        if travels && inside.iter().any(asked) {
            return Err(PackageError::CancelRequested);
        }
        let book = self.shops.get_mut(&shop).map(|shop| &mut shop.packages);
        let orders = book
            .and_then(|book| {
                book.change(package, |package| apply(package, act, now).map(|()| package.orders.clone()))
            })
            .ok_or(PackageError::NoPackage)??;
        for order in orders {
            if let PackageAct::Lose(_) = act {
                self.lose_lines(shop, order, package, now);
            }
            if let PackageAct::Arrange(_) = act {
                // Shipping rejects the request, where it is allowed at all (PLATFORM.md 8.4).
                self.void_pending_cancel(shop, order, now);
            }
            self.follow_packages(shop, order, now);
            if travels {
                self.void_pending_cancel(shop, order, now);
            }
        }
        Ok(())
    }

    /// Takes an order to where its packages are, and says so.
    pub(crate) fn follow_packages(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let changed = self.change_order(shop, order, now, |order, scene| {
            follow(order, scene.packages, now);
            Ok(())
        });
        if changed == Ok(true) {
            self.announce_order(shop, order, now);
            self.void_outlived_cancel(shop, order, now);
        }
    }

    /// Webhook 4: packages of a shop were cut or joined differently.
    pub(crate) fn announce_packages(
        &mut self,
        shop: ShopNo,
        change: PackageChange,
        by: Actor,
        packages: &[PackageNo],
        now: Timestamp,
    ) {
        let Some(found) = self.shops.get(&shop) else { return };
        let packages: Vec<&Package> =
            packages.iter().filter_map(|package| found.packages.get(*package)).collect();
        let data = package_update(change, by, &packages, now);
        self.announce(Topic::PACKAGE_UPDATE, shop, &data, now);
    }

    /// What was in a lost parcel is cancelled by the platform.
    fn lose_lines(&mut self, shop: ShopNo, order: OrderNo, package: PackageNo, now: Timestamp) {
        let Some(found) = self.shops.get_mut(&shop) else { return };
        let lost = found.book.get(order).map(|order| {
            let open = order.lines_in(package).filter(|line| !line.is_cancelled());
            open.map(|line| line.number).collect::<Vec<_>>()
        });
        let lost = lost.unwrap_or_default();
        let products = &mut found.products;
        found.book.change(order, |order| {
            let held = stock::held(order);
            mark(order, Actor::System, LOST, now, |line| lost.contains(&line));
            order.updated = now;
            if order.open_lines().next().is_none() {
                order.cancelled_by = Some(Actor::System);
                order.cancel_reason = Some(LOST.into());
            }
            stock::lose(products, held, order);
        });
        if !lost.is_empty() {
            self.note_cancelled(shop, order, lost, reasons::PACKAGE_LOST, now);
        }
    }
}

const LOST: &str = "Package was lost or damaged";

fn apply(package: &mut Package, act: &PackageAct, now: Timestamp) -> Result<(), PackageError> {
    let status = package.status;
    let forbidden = |act| Err(PackageError::Forbidden { status, act });
    match (act, status) {
        (PackageAct::Arrange(arrangement), PackageStatus::ToFulfill) => package.arrange(arrangement, now),
        (PackageAct::Collect, PackageStatus::Processing) => {
            package.carry(PackageStatus::Fulfilling, TrackStep::Collected, now);
        }
        (PackageAct::Report(step), PackageStatus::Fulfilling) => package.carry(status, *step, now),
        (PackageAct::Deliver, PackageStatus::Fulfilling) => {
            package.carry(PackageStatus::Completed, TrackStep::Delivered, now);
        }
        (PackageAct::Lose(loss), PackageStatus::Processing | PackageStatus::Fulfilling) => {
            package.carry(PackageStatus::Cancelled, TrackStep::Lost, now);
            if let Some(shipment) = &mut package.shipment {
                shipment.loss = Some(*loss);
            }
        }
        (PackageAct::Arrange(_), _) => return forbidden("ship"),
        (PackageAct::Collect, _) => return forbidden("collect"),
        (PackageAct::Report(_), _) => return forbidden("report"),
        (PackageAct::Deliver, _) => return forbidden("deliver"),
        (PackageAct::Lose(_), _) => return forbidden("lose"),
    }
    Ok(())
}
