//! Packages cut, joined and filled.

use ttshop_types::Timestamp;

use crate::webhook::PackageChange;
use crate::world::machine::{Scene, drop_empty, leave_combined, pack, package_for};
use crate::world::order::{Actor, Order};
use crate::world::package::{Package, PackageStatus, PackageTag};
use crate::world::{LineNo, OrderNo, PackageNo, ShopNo, World};

impl World {
    /// Puts each group of lines into a package of its own.
    pub(crate) fn split_order(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        groups: &[Vec<LineNo>],
        now: Timestamp,
    ) -> Vec<PackageNo> {
        let packages = self.with_order(shop, order, now, |order, scene| {
            let mut cut =
                |group: &Vec<LineNo>| pack(order, PackageTag::Split, scene, |line| group.contains(&line));
            let packages: Vec<PackageNo> = groups.iter().map(&mut cut).collect();
            drop_empty(order, scene);
            order.updated = now;
            packages
        });
        let packages = packages.unwrap_or_default();
        self.announce_packages(shop, PackageChange::Split, Actor::Seller, &packages, now);
        packages
    }

    /// One package that holds these lines and no other open line of the order: the one that is there, or a new one.
    pub(crate) fn pack_lines(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        lines: &[LineNo],
        now: Timestamp,
    ) -> Option<PackageNo> {
        self.with_order(shop, order, now, |order, scene| package_for(order, lines, scene))
    }

    /// Joins orders that go to the same place.
    pub(crate) fn combine_orders(
        &mut self,
        shop: ShopNo,
        orders: &[OrderNo],
        now: Timestamp,
    ) -> Option<PackageNo> {
        let found = self.shops.get_mut(&shop)?;
        let number = found.chance.mint.package(&mut found.chance.dice);
        found.packages.insert(Package::new(number, orders.to_vec(), PackageTag::Combine, now));
        for order in orders {
            self.with_order(shop, *order, now, |order, scene| {
                let place = u8::try_from(order.packages.len()).ok();
                order.packages.push(number);
                for line in order.lines.iter_mut().filter(|line| !line.is_cancelled()) {
                    line.package = place;
                }
                drop_empty(order, scene);
                order.updated = now;
            });
        }
        self.announce_packages(shop, PackageChange::Combine, Actor::Seller, &[number], now);
        Some(number)
    }

    /// Takes orders out of a combined package, each into one of its own. What is left, if anything, keeps the package.
    pub(crate) fn uncombine(
        &mut self,
        shop: ShopNo,
        package: PackageNo,
        orders: &[OrderNo],
        now: Timestamp,
    ) -> Vec<PackageNo> {
        let mut packages = Vec::new();
        for order in orders {
            let own = self.with_order(shop, *order, now, |order, scene| {
                let place = order.packages.iter().position(|number| *number == package)?;
                order.updated = now;
                Some(leave_combined(order, place, scene))
            });
            packages.extend(own.flatten());
        }
        if let Some(found) = self.shops.get_mut(&shop)
            && found.packages.get(package).is_some_and(|package| package.orders.is_empty())
        {
            found.packages.remove(package);
        }
        self.announce_packages(shop, PackageChange::Uncombine, Actor::Seller, &packages, now);
        packages
    }

    /// Orders that could travel together (same buyer, address, warehouse and shipping), each group oldest first.
    pub(crate) fn combinable(&self, shop: ShopNo) -> Vec<Vec<OrderNo>> {
        let Some(shop) = self.shops.get(&shop) else { return Vec::new() };
        let mut groups = std::collections::BTreeMap::<_, Vec<OrderNo>>::new();
        for order in shop.book.awaiting_shipment() {
            let packages: Vec<&Package> =
                order.packages.iter().filter_map(|package| shop.packages.get(*package)).collect();
            let whole = packages.len() <= 1
                && packages.iter().all(|package| {
                    package.status == PackageStatus::ToFulfill && package.tag == PackageTag::Default
                });
            let free = order.times.cancel_requested.is_none() && !order.terms.fulfilled_by_tiktok;
            if whole && free {
                let place = (
                    order.buyer,
                    order.address_changes,
                    order.warehouse,
                    order.shipping_type.as_str(),
                    order.terms.cash_on_delivery,
                );
                groups.entry(place).or_default().push(order.number);
            }
        }
        let mut groups: Vec<Vec<OrderNo>> = groups.into_values().filter(|orders| orders.len() > 1).collect();
        for group in &mut groups {
            group.sort_unstable();
            group.truncate(COMBINED_ORDERS_MAX);
        }
        groups.sort_unstable();
        groups
    }

    /// Changes which packages an order lies in; its status stays.
    fn with_order<T>(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        now: Timestamp,
        change: impl FnOnce(&mut Order, &mut Scene<'_>) -> T,
    ) -> Option<T> {
        let mut result = None;
        let changed = self.change_order(shop, order, now, |order, scene| {
            result = Some(change(order, scene));
            Ok(())
        });
        result.filter(|_| changed.is_ok())
    }
}

/// A combined package holds at most this many orders.
const COMBINED_ORDERS_MAX: usize = 20;
