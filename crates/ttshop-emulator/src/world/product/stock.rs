//! Units on the shelf, by variant and warehouse.
//!
//! An order holds its units from placement on (PLATFORM.md 8.1: sellers are told to hold stock already at UNPAID); they leave
//! when a carrier takes them and come back when the line is cancelled before. [`held`] says for each line of an order whether it
//! holds its unit, so whatever happens to an order, the difference between before and after is what happens to the stock.

use serde::{Deserialize, Serialize};

use crate::world::order::{Line, Order, OrderStatus};
use crate::world::product::{Product, Sku};
use crate::world::{Shop, WarehouseNo};

/// The most units of a variant in one warehouse (PLATFORM.md 12 #22).
pub(crate) const QUANTITY_MAX: u32 = 99_999;

/// Units of one variant in one warehouse.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Stock {
    pub(crate) warehouse: WarehouseNo,
    /// For sale.
    pub(crate) available: u32,
    /// Held by orders.
    pub(crate) committed: u32,
}

/// One bit for each line of an order: whether it holds its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Held(u128);

/// Fewer units are left than wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OutOfStock;

impl Stock {
    pub(crate) fn of(warehouse: WarehouseNo, available: u32) -> Self {
        Self { warehouse, available, committed: 0 }
    }
}

impl Sku {
    /// Sets the units for sale in a warehouse; those that orders hold stay held.
    pub(crate) fn set_stock(&mut self, warehouse: WarehouseNo, available: u32) {
        match self.stock.iter_mut().find(|stock| stock.warehouse == warehouse) {
            Some(stock) => stock.available = available,
            None => self.stock.push(Stock::of(warehouse, available)),
        }
    }

    /// Units for sale in all warehouses.
    pub(crate) fn available(&self) -> u64 {
        self.stock.iter().map(|stock| u64::from(stock.available)).sum()
    }

    /// Units that orders hold in all warehouses.
    pub(crate) fn committed(&self) -> u64 {
        self.stock.iter().map(|stock| u64::from(stock.committed)).sum()
    }

    fn at(&mut self, warehouse: WarehouseNo) -> &mut Stock {
        let place = self.stock.iter().position(|stock| stock.warehouse == warehouse);
        let place = place.unwrap_or_else(|| {
            self.stock.push(Stock::of(warehouse, 0));
            self.stock.len() - 1
        });
        &mut self.stock[place]
    }
}

/// Which lines of an order hold their units now. An order has at most a hundred lines.
pub(crate) fn held(order: &Order) -> Held {
    let before_the_carrier = matches!(
        order.status,
        OrderStatus::Unpaid
            | OrderStatus::OnHold
            | OrderStatus::AwaitingShipment
            | OrderStatus::PartiallyShipping
            | OrderStatus::AwaitingCollection
    );
    let holds = |line: &Line| before_the_carrier && !line.is_cancelled();
    let bits = order.lines.iter().enumerate().filter(|(_, line)| holds(line));
    Held(bits.fold(0, |bits, (place, _)| {
        bits | 1u128.checked_shl(u32::try_from(place).unwrap_or(128)).unwrap_or(0)
    }))
}

impl Held {
    fn has(self, place: usize) -> bool {
        u32::try_from(place).is_ok_and(|place| self.0.checked_shr(place).is_some_and(|bits| bits & 1 == 1))
    }
}

/// Takes the units of a new order off the shelf: all of them or none.
pub(crate) fn hold(
    products: &mut [Product],
    lines: &[Line],
    warehouse: WarehouseNo,
) -> Result<(), OutOfStock> {
    for (place, line) in lines.iter().enumerate() {
        let stock = sku_of(products, line).at(warehouse);
        if stock.available == 0 {
            for line in &lines[..place] {
                let stock = sku_of(products, line).at(warehouse);
                stock.available += 1;
                stock.committed -= 1;
            }
            return Err(OutOfStock);
        }
        stock.available -= 1;
        stock.committed += 1;
    }
    Ok(())
}

/// The units of an order that has been there all along: held, but never for sale.
pub(crate) fn hold_beside(products: &mut [Product], order: &Order) {
    let held = held(order);
    for (_, line) in order.lines.iter().enumerate().filter(|(place, _)| held.has(*place)) {
        sku_of(products, line).at(order.warehouse).committed += 1;
    }
}

/// Moves the units that an order held before and does not hold now: back for sale where the line was cancelled, away
/// where a carrier has them.
pub(crate) fn follow(products: &mut [Product], before: Held, order: &Order) {
    for line in let_go(before, order) {
        let stock = sku_of(products, line).at(order.warehouse);
        stock.committed = stock.committed.saturating_sub(1);
        stock.available = stock.available.saturating_add(u32::from(line.is_cancelled()));
    }
}

/// The same for units that nobody will see again.
pub(crate) fn lose(products: &mut [Product], before: Held, order: &Order) {
    for line in let_go(before, order) {
        let stock = sku_of(products, line).at(order.warehouse);
        stock.committed = stock.committed.saturating_sub(1);
    }
}

/// Lines that held their unit before and do not now.
fn let_go(before: Held, order: &Order) -> impl Iterator<Item = &Line> {
    let after = held(order);
    let lines = order.lines.iter().enumerate();
    lines.filter(move |(place, _)| before.has(*place) && !after.has(*place)).map(|(_, line)| line)
}

fn sku_of<'p>(products: &'p mut [Product], line: &Line) -> &'p mut Sku {
    &mut products[usize::from(line.product)].skus[usize::from(line.sku)]
}

impl Shop {
    /// Whether what is held is what the open orders name, or the first variant of which it is not: the law of the stock.
    #[cfg(test)]
    pub(crate) fn stock_fault(&self) -> Option<String> {
        let mut wanted = std::collections::BTreeMap::new();
        for (_, order) in self.book.walk(None, usize::MAX) {
            let held = held(order);
            for (_, line) in order.lines.iter().enumerate().filter(|(place, _)| held.has(*place)) {
                *wanted.entry((line.product, line.sku, order.warehouse)).or_insert(0u32) += 1;
            }
        }
        for (product, place) in self.products.iter().zip(0u16..) {
            for (sku, number) in product.skus.iter().zip(0u16..) {
                for stock in &sku.stock {
                    let held = wanted.get(&(place, number, stock.warehouse)).copied().unwrap_or(0);
                    if stock.committed != held {
                        return Some(format!(
                            "{}: orders hold {held}, the shelf says {}",
                            sku.number, stock.committed
                        ));
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use ttshop_types::Timestamp;

    use crate::dice::{Dice, Stream, index_below};
    use crate::spec::WorldSpec;
    use crate::switches::Switches;
    use crate::world::machine::Act;
    use crate::world::order::{Actor, OrderKind, OrderStatus, ShippingType, Terms};
    use crate::world::place::Placement;
    use crate::world::{LineNo, OrderNo, ShopNo, World};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn act(dice: &mut Dice, lines: &[LineNo]) -> Act {
        match dice.below(10) {
            0 => Act::Pay,
            1 => Act::Release,
            2 => Act::Arrange(Vec::new()),
            3 => Act::Arrange(lines.iter().take(1).copied().collect()),
            4 => Act::Collect,
            5 => Act::Deliver,
            6 => Act::Cancel { by: Actor::Buyer, reason: "test".into() },
            7 => Act::Cancel { by: Actor::System, reason: "test".into() },
            8 => Act::CancelLines {
                lines: lines.iter().take(1).copied().collect(),
                by: Actor::Seller,
                reason: "test".into(),
            },
            _ => Act::Complete,
        }
    }

    fn units(world: &World, shop: ShopNo) -> u64 {
        let skus = world.shops[&shop].products.iter().flat_map(|product| &product.skus);
        skus.map(|sku| sku.available() + sku.committed()).sum()
    }

    #[test]
    fn what_is_held_is_what_open_orders_name_whatever_happens() {
        for seed in 0..8 {
            let mut world = World::from_spec(&WorldSpec::two_shops(), seed, 0, Switches::default(), NOW);
            let mut dice = Dice::new(seed, Stream::Chaos);
            let shop = *world.shops.keys().next().unwrap();
            for product in &mut world.shops.get_mut(&shop).unwrap().products {
                product.skus.iter_mut().flat_map(|sku| &mut sku.stock).for_each(|stock| stock.available = 12);
            }
            let before = units(&world, shop);
            let mut orders: Vec<OrderNo> = Vec::new();
            let (mut sold_out, mut shipped) = (0, 0);
            for step in 0..600 {
                if dice.percent_of(40) {
                    let placement = Placement {
                        buyer: None,
                        lines: Vec::new(),
                        shipping_type: ShippingType::Tiktok,
                        kind: OrderKind::Normal,
                        terms: Terms::default(),
                        status: OrderStatus::Unpaid,
                        buyer_message: None,
                    };
                    match world.place(shop, &placement, NOW) {
                        Ok(order) => orders.push(order),
                        Err(_) => sold_out += 1,
                    }
                } else if !orders.is_empty() {
                    let order = orders[index_below(dice.number(), orders.len())];
                    let found = world.shops[&shop].book.get(order).unwrap();
                    let lines: Vec<LineNo> = found.lines.iter().map(|line| line.number).collect();
                    let units = u64::try_from(lines.len()).unwrap();
                    let act = act(&mut dice, &lines);
                    if world.act(shop, order, &act, NOW).is_ok() && act == Act::Collect {
                        shipped += units;
                    }
                }
                assert_eq!(world.shops[&shop].stock_fault(), None, "seed {seed}, step {step}");
            }
            assert!(sold_out > 0, "seed {seed}: the shelf was never empty");
            assert_eq!(units(&world, shop) + shipped, before, "seed {seed}: units came or went");
        }
    }
}
