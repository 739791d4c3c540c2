//! What every way of shipping must pass.

use ttshop_types::{Region, Timestamp};

use crate::family::fulfillment::refusal;
use crate::gateway::Refusal;
use crate::switches::Switches;
use crate::world::carrier::providers;
use crate::world::order::{Order, OrderStatus, ShippingType};
use crate::world::package::{Package, PackageStatus};
use crate::world::{LineNo, OrderNo, Shop};

/// An order whose goods the seller may send now.
pub(super) fn may_ship(shop: &Shop, order: &Order) -> Result<(), Refusal> {
    if order.terms.fulfilled_by_tiktok {
        return Err(refusal::by_platform());
    }
    match order.status {
        OrderStatus::Unpaid | OrderStatus::OnHold => return Err(refusal::status()),
        OrderStatus::Cancelled => return Err(refusal::cancelled()),
        OrderStatus::Delivered | OrderStatus::Completed => return Err(refusal::delivered()),
        OrderStatus::AwaitingShipment
        | OrderStatus::PartiallyShipping
        | OrderStatus::AwaitingCollection
        | OrderStatus::InTransit => {}
    }
    // In the US shipping rejects the request (PLATFORM.md 8.4).
    if order.times.cancel_requested.is_some() && shop.region != Region::UnitedStates {
        return Err(refusal::request_pending());
    }
    Ok(())
}

/// A package that waits for its seller.
pub(super) fn may_arrange(shop: &Shop, package: &Package, now: Timestamp) -> Result<(), Refusal> {
    match package.status {
        PackageStatus::ToFulfill => {}
        PackageStatus::Processing | PackageStatus::Fulfilling => return Err(refusal::shipped()),
        PackageStatus::Completed => return Err(refusal::delivered()),
        PackageStatus::Cancelled => return Err(refusal::cancelled()),
    }
    let orders: Vec<&Order> = package.orders.iter().filter_map(|order| shop.book.get(*order)).collect();
    orders.iter().try_for_each(|order| may_ship(shop, order))?;
    let mut lines = orders.iter().flat_map(|order| order.lines_in(package.number));
    // A ghost holds cancelled lines only.
    if lines.all(|line| line.is_cancelled()) {
        return Err(refusal::cancelled());
    }
    if package.settles.is_some_and(|settles| now < settles) {
        return Err(refusal::delivered());
    }
    Ok(())
}

/// The seller's own carrier and number; `before` is the number that is to be replaced.
pub(super) fn own_carrier(
    shop: &Shop,
    provider: &str,
    tracking_number: &str,
    before: Option<&str>,
    switches: &Switches,
) -> Result<(u64, Box<str>), Refusal> {
    let id: Option<u64> = provider.parse().ok();
    let provider = providers(&shop.region).iter().find(|provider| Some(provider.id) == id);
    let provider = provider.ok_or_else(refusal::provider)?;
    if tracking_number.is_empty() {
        return Err(refusal::provider());
    }
    if !tracking_number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(refusal::tracking_characters());
    }
    let (least, most) = provider.tracking_length;
    if !(least..=most).contains(&tracking_number.len()) {
        return Err(refusal::tracking_format());
    }
    let uses = shop.packages.uses_of(tracking_number);
    if uses >= switches.tracking_number_uses_max && before != Some(tracking_number) {
        let again = switches.tracking_number_uses_max > 1;
        return Err(if again { refusal::tracking_overused() } else { refusal::tracking_duplicate() });
    }
    Ok((provider.id, tracking_number.into()))
}

/// Only sellers that ship themselves name a carrier, and they must.
pub(super) fn carrier_fits(order: &Order, own: bool) -> Result<(), Refusal> {
    match (order.shipping_type, own) {
        (ShippingType::Seller, false) => Err(refusal::provider()),
        (ShippingType::Tiktok, true) => Err(refusal::logistics_rule()),
        (ShippingType::Seller, true) | (ShippingType::Tiktok, false) => Ok(()),
    }
}

/// The order with this id.
pub(super) fn order<'w>(shop: &'w Shop, id: &str) -> Result<&'w Order, Refusal> {
    let number = id.parse::<OrderNo>().ok();
    number.and_then(|number| shop.book.get(number)).ok_or_else(refusal::no_package)
}

/// The lines that are to go into one parcel: those that are named, or else all that are left.
pub(super) fn lines_to_ship(shop: &Shop, order: &Order, named: &[&str]) -> Result<Vec<LineNo>, Refusal> {
    let open: Vec<LineNo> = order
        .open_lines()
        .filter(|line| !order.is_arranged(line, &shop.packages))
        .map(|line| line.number)
        .collect();
    let packages = order.packages.iter().filter_map(|package| shop.packages.get(*package));
    if packages.clone().any(|package| package.is_combined()) {
        return Err(refusal::combined());
    }
    if open.is_empty() {
        return Err(refusal::orders_shipped());
    }
    if named.is_empty() {
        let parts = packages.filter(|package| package.status == PackageStatus::ToFulfill).count();
        return if parts > 1 { Err(refusal::lines_missing()) } else { Ok(open) };
    }
    let named: Vec<LineNo> = named.iter().filter_map(|id| id.parse().ok()).collect();
    let known = |line: &LineNo| order.lines.iter().any(|known| known.number == *line);
    if named.is_empty() || !named.iter().all(known) {
        return Err(refusal::lines_unknown());
    }
    if !named.iter().all(|line| open.contains(line)) {
        let cancelled = order.lines.iter().any(|line| line.is_cancelled() && named.contains(&line.number));
        return Err(if cancelled { refusal::status() } else { refusal::orders_shipped() });
    }
    Ok(named)
}
