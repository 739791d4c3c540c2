//! A replacement is a new order for the same goods that costs nothing.

use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::due::Due;
use crate::world::machine::{Act, clock_of};
use crate::world::order::{Line, Order, OrderKind, OrderStatus, ShippingFees, Times};
use crate::world::product::stock;
use crate::world::{OrderNo, ReturnNo, Shop, ShopNo, World};

impl World {
    /// Places the order that replaces the goods of a case; the buyer has nothing to pay, so it goes on at once.
    pub(super) fn place_replacement(
        &mut self,
        shop: ShopNo,
        replaced: OrderNo,
        case: ReturnNo,
        now: Timestamp,
    ) -> Option<OrderNo> {
        let found = self.shops.get_mut(&shop)?;
        let order = replacement(found, replaced, case, now)?;
        let number = order.number;
        if let Some((clock, at)) = clock_of(&order, &self.switches) {
            self.due.put(at, Due::Order { shop, order: number, clock });
        }
        // The seller has promised them: what the shelf does not hold is owed.
        if stock::hold(&mut found.products, &order.lines, order.warehouse).is_err() {
            stock::hold_beside(&mut found.products, &order);
        }
        found.book.insert(order);
        self.announce_order(shop, number, now);
        for act in [Act::Pay, Act::Release] {
            let held = self.shops.get(&shop).and_then(|shop| shop.book.get(number))?.status;
            if act == Act::Pay || held == OrderStatus::OnHold {
                let happened = self.act(shop, number, &act, now);
                debug_assert!(happened.is_ok(), "a fresh order can be paid and released: {happened:?}");
            }
        }
        Some(number)
    }
}

fn replacement(shop: &mut Shop, replaced: OrderNo, case: ReturnNo, now: Timestamp) -> Option<Order> {
    let Shop { book, aftersales, chance, .. } = shop;
    let original = book.get(replaced)?;
    let case = aftersales.returns.get(&case)?;
    let claimed = |line: &&Line| case.lines.iter().any(|claimed| claimed.line == line.number);
    let free = |line: &Line| Line {
        number: chance.mint.line(&mut chance.dice),
        package: None,
        cancelled: None,
        seller_discount: line.list_price,
        platform_discount: Minor(0),
        tax: Minor(0),
        ..line.clone()
    };
    let lines = original.lines.iter().filter(claimed).map(free).collect();
    Some(Order {
        number: chance.mint.order(&mut chance.dice),
        status: OrderStatus::Unpaid,
        created: now,
        updated: now,
        fees: ShippingFees::default(),
        times: Times::default(),
        deadlines: None,
        lines,
        packages: Vec::new(),
        cancelled_by: None,
        cancel_reason: None,
        kind: OrderKind::Replacement { source: replaced },
        ..original.clone()
    })
}
