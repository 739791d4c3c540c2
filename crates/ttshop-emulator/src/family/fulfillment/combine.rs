//! Several orders in one package: `combinable_packages/search`, `packages/combine`, `packages/{package_id}/uncombine`.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::fulfillment::body::{list, text_of, texts_of};
use crate::family::fulfillment::refusal::{self, entry};
use crate::family::fulfillment::{package_of, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::page_token::PageToken;
use crate::world::package::PackageStatus;
use crate::world::{OrderNo, PackageNo, World};

const OTHER_SHOP: i64 = 21_011_028;
const NOT_IN_GROUP: i64 = 21_011_031;
const PAGE_SIZE_DEFAULT: usize = 20;

pub(super) fn search_combinable_packages(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?.number;
    let groups = world.combinable(shop);
    let size = call.call.param("page_size").and_then(|size| size.parse().ok()).unwrap_or(PAGE_SIZE_DEFAULT);
    let search = format!("{shop}|combinable");
    let life = std::time::Duration::from_secs(world.switches.page_token_seconds);
    let after = match call.call.param("page_token") {
        Some(text) => {
            let token = PageToken::open(text, world.seed, search.as_bytes(), call.now, life);
            let unfit = || Refusal::parameter("Invalid parameter 'page_token'. It does not fit this search.");
            token.ok_or_else(unfit)?.position[0]
        }
        None => 0,
    };
    let total = u64::try_from(groups.len()).unwrap_or(u64::MAX);
    // A group is known by its oldest order, and groups are sorted by it.
    let rest: Vec<&Vec<OrderNo>> =
        groups.iter().filter(|group| group.first().is_some_and(|first| first.0 > after)).collect();
    let page = &rest[..size.min(rest.len())];
    let last = page.last().and_then(|group| group.first()).filter(|_| rest.len() > size);
    let next = last.map(|last| PageToken { position: [last.0, 0], total, issued: call.now });
    let packages: Vec<Value> = page.iter().filter_map(|group| group_value(group)).collect();
    Ok(data(&json!({
        "combinable_packages": packages,
        "next_page_token": next.map_or_else(String::new, |next| next.seal(world.seed, search.as_bytes())),
        "total_count": total,
    })))
}

/// Groups that cannot be combined do not keep the others back.
pub(super) fn combine_package(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?.number;
    let (mut packages, mut errors) = (Vec::new(), Vec::new());
    for wish in list(&call.body, "combinable_packages") {
        let id = text_of(wish, "id");
        let orders = combination(&world.combinable(shop), id, &texts_of(wish, "order_ids"));
        let combined = orders.and_then(|orders| {
            let number = world.combine_orders(shop, &orders, call.now).ok_or_else(Refusal::pairing)?;
            Ok(package_value(number, &orders))
        });
        match combined {
            Ok(package) => packages.push(package),
            Err(refusal) => errors.push(entry(&refusal, id)),
        }
    }
    Ok(data(&json!({ "packages": packages, "errors": errors })))
}

/// Before shipment only; no order named means all of them.
pub(super) fn uncombine_packages(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let package = package_of(call, shop)?;
    if !package.is_combined() || package.status != PackageStatus::ToFulfill {
        return Err(refusal::split_parameter(
            "only a combined package that is not shipped can be taken apart",
        ));
    }
    let named = texts_of(&call.body, "order_ids");
    let orders: Vec<OrderNo> = if named.is_empty() {
        package.orders.clone()
    } else {
        named.iter().filter_map(|id| id.parse().ok()).filter(|order| package.orders.contains(order)).collect()
    };
    if orders.len() < named.len() {
        return Err(refusal::lines_unknown());
    }
    let (shop, package) = (shop.number, package.number);
    let numbers = world.uncombine(shop, package, &orders, call.now);
    let packages: Vec<Value> =
        numbers.iter().zip(&orders).map(|(number, order)| package_value(*number, &[*order])).collect();
    Ok(data(&json!({ "packages": packages })))
}

/// The orders of the group `id` that are to be combined; none named means all.
fn combination(groups: &[Vec<OrderNo>], id: &str, named: &[&str]) -> Result<Vec<OrderNo>, Refusal> {
    let group = groups.iter().find(|group| group_id(group).is_some_and(|known| known.to_string() == id));
    let group = group
        .ok_or_else(|| Refusal::business(OTHER_SHOP, "There is no such combinable package in this shop."))?;
    let named: Vec<Option<OrderNo>> = named.iter().map(|id| id.parse().ok()).collect();
    let orders: Vec<OrderNo> = if named.is_empty() {
        group.clone()
    } else {
        group.iter().copied().filter(|order| named.contains(&Some(*order))).collect()
    };
    if orders.len() < named.len() || orders.len() < 2 {
        let why = "An order is not in the combinable package, or it would be alone.";
        return Err(Refusal::business(NOT_IN_GROUP, why));
    }
    Ok(orders)
}

fn group_value(group: &[OrderNo]) -> Option<Value> {
    Some(package_value(group_id(group)?, group))
}

/// A package to be has an id of its own, which lasts as long as its oldest order can be combined.
fn group_id(group: &[OrderNo]) -> Option<PackageNo> {
    Some(PackageNo(group.first()?.0.saturating_add(COMBINABLE)))
}

/// From the ids of orders to those of packages.
const COMBINABLE: u64 = 578_000_000_000_000_000;

fn package_value(number: PackageNo, orders: &[OrderNo]) -> Value {
    let orders: Vec<String> = orders.iter().map(ToString::to_string).collect();
    json!({ "id": number.to_string(), "order_ids": orders })
}
