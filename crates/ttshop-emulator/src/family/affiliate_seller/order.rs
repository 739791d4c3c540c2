//! Orders that creators brought.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::affiliate::OpenCollaboration;
use crate::world::order::{Line, Order, OrderStatus};
use crate::world::sales::{Account, Channel};
use crate::world::{Shop, World};

/// Paid orders through a creator's content, as far as their products were in a collaboration when they were placed; newest
/// first.
pub(super) fn search_seller_affiliate_orders(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let bound = |name: &str| call.body.get(name).and_then(Value::as_i64);
    let range = bound("create_time_ge").unwrap_or(0)..bound("create_time_lt").unwrap_or(i64::MAX);
    let program = call.body.get("program_id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let orders = shop.book.created_in(range);
    let orders =
        orders.filter(|order| order.times.paid.is_some() && Account::of(order) == Account::Affiliate);
    let mut found: Vec<(&Order, Vec<Promoted<'_>>)> = orders
        .map(|order| (order, promoted(shop, order)))
        .filter(|(_, lines)| {
            let of_program =
                |(open, _): &Promoted<'_>| program.is_none_or(|id| open.number.to_string() == id);
            lines.iter().any(of_program)
        })
        .collect();
    found.reverse();
    let page = page(call, world, found)?;
    let shown: Vec<Value> = page.rows.iter().map(|(order, lines)| view(shop, order, lines)).collect();
    Ok(fitted(call, json!({ "total_count": page.total, "next_page_token": page.next, "orders": shown })))
}

/// A unit with the collaboration its product was in.
type Promoted<'a> = (&'a OpenCollaboration, &'a Line);

fn promoted<'a>(shop: &'a Shop, order: &'a Order) -> Vec<Promoted<'a>> {
    let lines = order.lines.iter().filter_map(|line| {
        let product = shop.product(line.product).number;
        Some((shop.affiliate.open_at(product, order.created)?, line))
    });
    lines.collect()
}

fn view(shop: &Shop, order: &Order, lines: &[Promoted<'_>]) -> Value {
    let mut by_sku: BTreeMap<(u16, u16), Vec<Promoted<'_>>> = BTreeMap::new();
    for (open, line) in lines {
        by_sku.entry((line.product, line.sku)).or_default().push((open, line));
    }
    let skus: Vec<Value> = by_sku.values().filter_map(|units| sku(shop, order, units)).collect();
    let items = lines
        .iter()
        .map(|(open, line)| json!({ "id": line.number.to_string(), "product_id": open.product.to_string() }));
    json!({
        "id": order.number.to_string(),
        "create_time": order.created.as_seconds(),
        "delivery_time": order.times.delivered.map(|at| at.as_seconds()),
        "status": order.status.as_str(),
        "skus": skus,
        "line_items": items.collect::<Vec<_>>(),
    })
}

fn sku(shop: &Shop, order: &Order, units: &[Promoted<'_>]) -> Option<Value> {
    let (open, first) = units.first()?;
    let amount = |minor: Minor| json!({ "amount": minor.text(shop.decimals()), "currency": shop.currency() });
    let gone = |line: &Line| order.status == OrderStatus::Cancelled || line.cancelled.is_some();
    let base: Minor = units.iter().map(|(_, line)| line.sale_price()).sum();
    let kept: Minor = units.iter().filter(|(_, line)| !gone(line)).map(|(_, line)| line.sale_price()).sum();
    let refunded = units.iter().filter(|(_, line)| gone(line)).count();
    let commission = |base: Minor| Minor(base.0.saturating_mul(open.rate) / 10_000);
    let settled = order.status == OrderStatus::Completed;
    let settlement = match (settled, refunded == units.len()) {
        (_, true) => "INELIGIBLE",
        (true, false) => "SETTLED",
        (false, false) => "AWAITING",
    };
    let mut shown = json!({
        "sku_id": shop.sku(first.product, first.sku).number.to_string(),
        "product_id": open.product.to_string(),
        "open_collaboration_id": open.number.to_string(),
        "creator_username": crate::family::analytics::user_name(shop, Account::Affiliate),
        "settlement_status": settlement,
        "price": amount(first.sale_price()),
        "quantity": units.len(),
        "refunded_quantity": refunded,
        "returned_quantity": 0,
        "content_type": match Channel::of(order) {
            Channel::Live => "LIVE",
            Channel::Video => "VIDEO",
            Channel::ProductCard => "SHOP",
        },
        "commission_rate": open.rate.to_string(),
        "estimated_commission_base": amount(base),
        "estimated_paid_commission": amount(commission(base)),
        "is_carousel": false,
    });
    if settled {
        shown["actual_commission_base"] = amount(kept);
        shown["actual_paid_commission"] = amount(commission(kept));
    }
    Some(shown)
}
