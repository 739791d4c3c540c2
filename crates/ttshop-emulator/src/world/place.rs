//! Buyers place orders.

use ttshop_types::{Region, Timestamp};

use crate::dice::{Dice, index_below};
use crate::money::Minor;
use crate::world::aftersale::reasons;
use crate::world::machine::{Act, clock_of};
use crate::world::order::{
    Actor, Line, Order, OrderKind, OrderStatus, ShippingFees, ShippingType, Terms, Times,
};
use crate::world::product::{Product, Sku, stock};
use crate::world::{BuyerNo, Chance, OrderNo, Shop, ShopNo, SkuNo, World};

/// An order has at most this many units.
pub(crate) const LINES_MAX: u32 = 100;

/// What a buyer orders.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    /// None draws one to three units from the seed.
    pub(crate) lines: Vec<WantedLine>,
    pub(crate) shipping_type: ShippingType,
    /// None draws a stranger.
    pub(crate) buyer: Option<BuyerNo>,
    pub(crate) kind: OrderKind,
    pub(crate) terms: Terms,
    /// The order is taken to this status at once.
    pub(crate) status: OrderStatus,
    pub(crate) buyer_message: Option<Box<str>>,
}

/// Where the units of an order come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shelf {
    /// From what is for sale now.
    ForSale,
    /// They were taken long ago: what is for sale now is what they left.
    Beside,
}

/// Some units of one variant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WantedLine {
    pub(crate) sku: SkuNo,
    pub(crate) quantity: u32,
}

/// Why an order cannot be placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum PlaceError {
    #[error("the shop does not exist")]
    NoShop,
    #[error("the shop offers no such sku, or its product is not on sale")]
    NoSku,
    #[error("fewer units are in stock: set more with the inventory update operation")]
    OutOfStock,
    #[error("an order has between 1 and {LINES_MAX} units")]
    LineCount,
    #[error("the order cannot reach the status")]
    Status,
}

impl World {
    /// Places one order and announces it.
    pub(crate) fn place(
        &mut self,
        shop: ShopNo,
        placement: &Placement,
        now: Timestamp,
    ) -> Result<OrderNo, PlaceError> {
        let number = self.insert_order(shop, placement, Shelf::ForSale, now)?;
        self.announce_order(shop, number, now);
        for act in acts_to(placement.status) {
            // Without a remorse window an order is released by its payment.
            let skipped = act == Act::Release && self.switches.on_hold_seconds == 0;
            if !skipped {
                self.act(shop, number, &act, now).map_err(|_| PlaceError::Status)?;
            }
        }
        Ok(number)
    }

    /// Puts an unpaid order into the shop without a word.
    pub(crate) fn insert_order(
        &mut self,
        shop: ShopNo,
        placement: &Placement,
        shelf: Shelf,
        now: Timestamp,
    ) -> Result<OrderNo, PlaceError> {
        let shop = self.shops.get_mut(&shop).ok_or(PlaceError::NoShop)?;
        let warehouse = shop.default_warehouse();
        let lines = draw_lines(shop, &placement.lines, now)?;
        if shelf == Shelf::ForSale {
            stock::hold(&mut shop.products, &lines, warehouse).map_err(|_| PlaceError::OutOfStock)?;
        }
        let mut order = Order {
            number: shop.chance.mint.order(&mut shop.chance.dice),
            status: OrderStatus::Unpaid,
            buyer: placement.buyer.unwrap_or_else(|| shop.chance.mint.buyer(&mut shop.chance.dice)),
            created: now,
            updated: now,
            shipping_type: placement.shipping_type,
            kind: placement.kind,
            terms: placement.terms,
            warehouse,
            fees: draw_fees(&shop.region, shop.decimals(), &mut shop.chance.dice),
            times: Times::default(),
            deadlines: None,
            lines,
            packages: Vec::new(),
            cancelled_by: None,
            cancel_reason: None,
            address_changes: 0,
            buyer_message: placement.buyer_message.clone(),
        };
        if order.kind.is_free() {
            give_away(&mut order);
        }
        let number = order.number;
        if let Some((clock, at)) = clock_of(&order, &self.switches) {
            self.due.put(at, crate::world::due::Due::Order { shop: shop.number, order: number, clock });
        }
        if shelf == Shelf::Beside {
            stock::hold_beside(&mut shop.products, &order);
        }
        shop.book.insert(order);
        Ok(number)
    }
}

/// What takes a new order to a status.
pub(crate) fn acts_to(status: OrderStatus) -> Vec<Act> {
    let road = [
        (OrderStatus::OnHold, Act::Pay),
        (OrderStatus::AwaitingShipment, Act::Release),
        (OrderStatus::AwaitingCollection, Act::Arrange(Vec::new())),
        (OrderStatus::InTransit, Act::Collect),
        (OrderStatus::Delivered, Act::Deliver),
        (OrderStatus::Completed, Act::Complete),
    ];
    match status {
        OrderStatus::Cancelled => vec![Act::Cancel {
            by: Actor::Buyer,
            reason: reasons::buyer_cancel(OrderStatus::Unpaid)[0].into(),
        }],
        // One of several lines cannot be arranged without naming it.
        OrderStatus::Unpaid | OrderStatus::PartiallyShipping => Vec::new(),
        OrderStatus::OnHold
        | OrderStatus::AwaitingShipment
        | OrderStatus::AwaitingCollection
        | OrderStatus::InTransit
        | OrderStatus::Delivered
        | OrderStatus::Completed => {
            let length = road.iter().position(|(reached, _)| *reached == status).map_or(0, |place| place + 1);
            road.into_iter().take(length).map(|(_, act)| act).collect()
        }
    }
}

fn draw_lines(shop: &mut Shop, wanted: &[WantedLine], now: Timestamp) -> Result<Vec<Line>, PlaceError> {
    let wanted = if wanted.is_empty() { draw_wish(shop)? } else { wanted.to_vec() };
    let units = wanted.iter().fold(0u32, |sum, line| sum.saturating_add(line.quantity));
    if units == 0 || units > LINES_MAX {
        return Err(PlaceError::LineCount);
    }
    let mut lines = Vec::with_capacity(usize::try_from(units).unwrap_or(0));
    for line in wanted {
        let (product, sku) = shop.place_of_sku(line.sku).ok_or(PlaceError::NoSku)?;
        if !shop.product(product).is_on_sale() || shop.sku(product, sku).removed {
            return Err(PlaceError::NoSku);
        }
        for nth in 0..line.quantity {
            let mut drawn = draw_line(shop, product, sku);
            shop.promote(&mut drawn, nth, now);
            lines.push(drawn);
        }
    }
    Ok(lines)
}

/// One to three units of something that is on sale; the next one in the list where the drawn one is sold out.
fn draw_wish(shop: &mut Shop) -> Result<Vec<WantedLine>, PlaceError> {
    let offered = |product: &Product| product.is_on_sale() && product.offered().next().is_some();
    if !shop.products.iter().any(offered) {
        return Err(PlaceError::NoSku);
    }
    let dice = &mut shop.chance.dice;
    let (first, which) = (index_below(dice.number(), shop.products.len()), dice.number());
    let quantity = u32::try_from(1 + dice.below(3)).unwrap_or(1);
    let warehouse = shop.default_warehouse();
    let enough = |sku: &&Sku| {
        let stock = sku.stock.iter().find(|stock| stock.warehouse == warehouse);
        stock.is_some_and(|stock| stock.available >= quantity)
    };
    let products = shop.products[first..].iter().chain(&shop.products[..first]);
    for product in products.filter(|product| product.is_on_sale()) {
        let skus: Vec<&Sku> = product.offered().filter(enough).collect();
        if !skus.is_empty() {
            let sku = skus[index_below(which, skus.len())].number;
            return Ok(vec![WantedLine { sku, quantity }]);
        }
    }
    Err(PlaceError::OutOfStock)
}

fn draw_line(shop: &mut Shop, product: u16, sku: u16) -> Line {
    let list_price = shop.sku(product, sku).price;
    let Chance { mint, dice, .. } = &mut shop.chance;
    let percent = |dice: &mut Dice, bound| list_price.percent(i64::try_from(dice.below(bound)).unwrap_or(0));
    let seller_discount = percent(dice, 15);
    let platform_discount = percent(dice, 10);
    let sale_price = list_price - seller_discount - platform_discount;
    Line {
        number: mint.line(dice),
        product,
        sku,
        cancelled: None,
        package: None,
        list_price,
        seller_discount,
        platform_discount,
        tax: sale_price.percent(sales_tax_percent(&shop.region)),
    }
}

/// The seller pays for it (PLATFORM.md 12 #14: the total of a sample may be 0).
fn give_away(order: &mut Order) {
    order.fees = ShippingFees::default();
    for line in &mut order.lines {
        (line.seller_discount, line.platform_discount, line.tax) = (line.list_price, Minor(0), Minor(0));
    }
}

fn draw_fees(region: &Region, decimals: u32, dice: &mut Dice) -> ShippingFees {
    let list = Minor(i64::try_from(300 + dice.below(500)).unwrap_or(300));
    let list = if decimals == 0 { Minor(list.0 * 10) } else { list };
    let platform_discount = list.percent(i64::try_from(dice.below(50)).unwrap_or(0));
    let seller_discount = list.percent(i64::try_from(dice.below(20)).unwrap_or(0));
    let paid = list - platform_discount - seller_discount;
    ShippingFees { list, seller_discount, platform_discount, tax: paid.percent(sales_tax_percent(region)) }
}

/// Added to the price in the United States; other markets' prices include their tax.
pub(super) fn sales_tax_percent(region: &Region) -> i64 {
    if *region == Region::UnitedStates { 8 } else { 0 }
}
