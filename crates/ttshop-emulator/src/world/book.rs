//! A shop's orders, found by id and by time.

use std::collections::HashMap;
use std::ops::Range;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ttshop_types::Timestamp;

use crate::world::order::{Order, OrderStatus, ShippingType};
use crate::world::time_index::{Key, TimeIndex};
use crate::world::{BuyerNo, OrderNo, WarehouseNo};

/// All orders of one shop.
#[derive(Debug, Default)]
pub(crate) struct OrderBook {
    /// Boxed: a table that has just grown is half empty, and an order is large.
    orders: HashMap<OrderNo, Box<Order>>,
    by_created: Indexes,
    by_updated: Indexes,
}

/// One index over all orders, and one for each status.
#[derive(Debug, Default)]
struct Indexes {
    all: TimeIndex,
    by_status: [TimeIndex; OrderStatus::ALL.len()],
}

/// Which time a search runs along.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SortField {
    Created,
    Updated,
}

/// What a search asks for.
#[derive(Clone, Debug)]
pub(crate) struct OrderFilter {
    pub(crate) status: Option<OrderStatus>,
    /// Seconds since 1970; the end is exclusive.
    pub(crate) created: Range<i64>,
    pub(crate) updated: Range<i64>,
    pub(crate) shipping_type: Option<ShippingType>,
    pub(crate) buyer: Option<BuyerNo>,
    pub(crate) cancel_requested: Option<bool>,
    pub(crate) warehouses: Option<Vec<WarehouseNo>>,
    /// Orders placed later are not visible yet.
    pub(crate) visible_until: Option<Timestamp>,
}

/// Where a page starts and how it runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageRequest {
    pub(crate) field: SortField,
    pub(crate) descending: bool,
    /// The last entry of the page before.
    pub(crate) after: Option<Key>,
    pub(crate) size: usize,
}

/// One page of a search.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) orders: Vec<&'a Order>,
    /// The last entry, if more follow.
    pub(crate) next: Option<Key>,
}

impl OrderBook {
    pub(crate) fn len(&self) -> usize {
        self.orders.len()
    }

    /// The order that was created last.
    pub(crate) fn newest_order(&self) -> Option<&Order> {
        self.newest().next()
    }

    /// All orders, newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Order> {
        let keys = self.by_created.all.descending((i64::MIN, OrderNo(0)), (i64::MAX, OrderNo(0)));
        keys.filter_map(|key| self.get(key.1))
    }

    pub(crate) fn get(&self, number: OrderNo) -> Option<&Order> {
        self.orders.get(&number).map(Box::as_ref)
    }

    pub(crate) fn insert(&mut self, order: Order) {
        self.by_created.insert(order.status, key(order.created, order.number));
        self.by_updated.insert(order.status, key(order.updated, order.number));
        self.orders.insert(order.number, Box::new(order));
    }

    /// Changes one order and keeps the indexes true, whether or not `change` succeeds.
    pub(crate) fn change<T>(&mut self, number: OrderNo, change: impl FnOnce(&mut Order) -> T) -> Option<T> {
        let order = self.orders.get_mut(&number)?;
        let (status, updated) = (order.status, key(order.updated, number));
        let result = change(order);
        let created = key(order.created, number);
        let (status_now, updated_now) = (order.status, key(order.updated, number));
        if status != status_now {
            self.by_created.by_status[status.index()].remove(created);
            self.by_created.by_status[status_now.index()].insert(created);
        }
        if status != status_now || updated != updated_now {
            self.by_updated.remove(status, updated);
            self.by_updated.insert(status_now, updated_now);
        }
        Some(result)
    }

    /// One page of what fits the filter.
    pub(crate) fn search(&self, filter: &OrderFilter, page: PageRequest) -> Page<'_> {
        let (mut from, mut until) = filter.bounds(page.field);
        match page.after {
            Some((time, number)) if page.descending => until = until.min((time, number)),
            Some((time, number)) => from = from.max((time, OrderNo(number.0.saturating_add(1)))),
            None => {}
        }
        let index = self.index(filter, page.field);
        let mut orders = Vec::with_capacity(page.size);
        let more = if page.descending {
            self.collect(index.descending(from, until), filter, page.size, &mut orders)
        } else {
            self.collect(index.ascending(from, until), filter, page.size, &mut orders)
        };
        let last = orders.last().map(|order: &&Order| match page.field {
            SortField::Created => key(order.created, order.number),
            SortField::Updated => key(order.updated, order.number),
        });
        Page { orders, next: last.filter(|_| more) }
    }

    /// How many orders fit the filter.
    pub(crate) fn count(&self, filter: &OrderFilter, field: SortField) -> usize {
        let (from, until) = filter.bounds(field);
        let index = self.index(filter, field);
        if filter.is_one_range(field) {
            return index.count(from, until);
        }
        index.ascending(from, until).filter(|(_, number)| self.fits(*number, filter)).count()
    }

    /// Orders from the oldest to the newest, `limit` of them, after `after`.
    pub(crate) fn walk(&self, after: Option<Key>, limit: usize) -> impl Iterator<Item = (Key, &Order)> {
        let from = after.map_or((i64::MIN, OrderNo(0)), |(time, number)| (time, OrderNo(number.0 + 1)));
        let keys = self.by_created.all.ascending(from, (i64::MAX, OrderNo(0))).take(limit);
        keys.filter_map(|key| Some((key, self.get(key.1)?)))
    }

    /// Orders placed within these seconds, oldest first.
    pub(crate) fn created_in(&self, seconds: Range<i64>) -> impl Iterator<Item = &Order> {
        let keys = self.by_created.all.ascending((seconds.start, OrderNo(0)), (seconds.end, OrderNo(0)));
        keys.filter_map(|(_, number)| self.get(number))
    }

    /// Orders that wait for their seller, oldest first.
    pub(crate) fn awaiting_shipment(&self) -> impl Iterator<Item = &Order> {
        let index = &self.by_created.by_status[OrderStatus::AwaitingShipment.index()];
        let keys = index.ascending((i64::MIN, OrderNo(0)), (i64::MAX, OrderNo(0)));
        keys.filter_map(|(_, number)| self.get(number))
    }

    fn index(&self, filter: &OrderFilter, field: SortField) -> &TimeIndex {
        let indexes = match field {
            SortField::Created => &self.by_created,
            SortField::Updated => &self.by_updated,
        };
        filter.status.map_or(&indexes.all, |status| &indexes.by_status[status.index()])
    }

    /// Fills a page; true if at least one more order fits.
    fn collect<'a>(
        &'a self,
        keys: impl Iterator<Item = Key>,
        filter: &OrderFilter,
        size: usize,
        page: &mut Vec<&'a Order>,
    ) -> bool {
        for order in keys.filter_map(|(_, number)| self.orders.get(&number)) {
            if filter.fits(order) {
                if page.len() == size {
                    return true;
                }
                page.push(order);
            }
        }
        false
    }

    fn fits(&self, number: OrderNo, filter: &OrderFilter) -> bool {
        self.orders.get(&number).is_some_and(|order| filter.fits(order))
    }
}

impl Indexes {
    fn insert(&mut self, status: OrderStatus, key: Key) {
        self.all.insert(key);
        self.by_status[status.index()].insert(key);
    }

    fn remove(&mut self, status: OrderStatus, key: Key) {
        self.all.remove(key);
        self.by_status[status.index()].remove(key);
    }
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self {
            status: None,
            created: 0..i64::MAX,
            updated: 0..i64::MAX,
            shipping_type: None,
            buyer: None,
            cancel_requested: None,
            warehouses: None,
            visible_until: None,
        }
    }
}

impl OrderFilter {
    fn bounds(&self, field: SortField) -> (Key, Key) {
        let range = match field {
            SortField::Created => &self.created,
            SortField::Updated => &self.updated,
        };
        ((range.start, OrderNo(0)), (range.end, OrderNo(0)))
    }

    /// Whether the index alone answers: nothing but the status and the time it runs along is asked for.
    fn is_one_range(&self, field: SortField) -> bool {
        let other = match field {
            SortField::Created => &self.updated,
            SortField::Updated => &self.created,
        };
        *other == (0..i64::MAX)
            && self.shipping_type.is_none()
            && self.buyer.is_none()
            && self.cancel_requested.is_none()
            && self.warehouses.is_none()
            && self.visible_until.is_none()
    }

    fn fits(&self, order: &Order) -> bool {
        self.created.contains(&order.created.as_seconds())
            && self.updated.contains(&order.updated.as_seconds())
            && self.shipping_type.is_none_or(|kind| order.shipping_type == kind)
            && self.buyer.is_none_or(|buyer| order.buyer == buyer)
            && self.cancel_requested.is_none_or(|asked| order.times.cancel_requested.is_some() == asked)
            && self.warehouses.as_ref().is_none_or(|list| list.contains(&order.warehouse))
            && self.visible_until.is_none_or(|until| order.created <= until)
    }
}

fn key(time: Timestamp, number: OrderNo) -> Key {
    (time.as_seconds(), number)
}

impl Serialize for OrderBook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.walk(None, usize::MAX).map(|(_, order)| order))
    }
}

impl<'de> Deserialize<'de> for OrderBook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut book = Self::default();
        for order in Vec::<Order>::deserialize(deserializer)? {
            if book.orders.contains_key(&order.number) {
                return Err(D::Error::custom("an order is there twice"));
            }
            book.insert(order);
        }
        Ok(book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::{Dice, Stream, index_below};
    use crate::world::order::{OrderKind, ShippingFees, Terms, Times};

    fn order(number: u64, dice: &mut Dice) -> Order {
        let created = Timestamp::from_seconds(i64::try_from(dice.below(500)).unwrap());
        Order {
            number: OrderNo(number),
            status: status(dice),
            buyer: BuyerNo(dice.below(5)),
            created,
            updated: created,
            shipping_type: if dice.percent_of(50) { ShippingType::Tiktok } else { ShippingType::Seller },
            kind: OrderKind::Normal,
            terms: Terms::default(),
            warehouse: WarehouseNo(dice.below(3)),
            fees: ShippingFees::default(),
            times: Times::default(),
            deadlines: None,
            lines: Vec::new(),
            packages: Vec::new(),
            cancelled_by: None,
            cancel_reason: None,
            address_changes: 0,
            buyer_message: None,
        }
    }

    fn status(dice: &mut Dice) -> OrderStatus {
        OrderStatus::ALL[index_below(dice.number(), OrderStatus::ALL.len())]
    }

    fn filter(dice: &mut Dice) -> OrderFilter {
        let mut range = |percent| {
            let from = i64::try_from(dice.below(600)).unwrap();
            if dice.percent_of(percent) { from..from + 200 } else { 0..i64::MAX }
        };
        let (created, updated) = (range(50), range(50));
        OrderFilter {
            status: dice.percent_of(50).then(|| status(dice)),
            created,
            updated,
            buyer: dice.percent_of(20).then(|| BuyerNo(dice.below(5))),
            warehouses: dice.percent_of(20).then(|| vec![WarehouseNo(0), WarehouseNo(1)]),
            ..OrderFilter::default()
        }
    }

    fn all_pages(book: &OrderBook, filter: &OrderFilter, mut page: PageRequest) -> Vec<OrderNo> {
        let mut found = Vec::new();
        loop {
            let next = book.search(filter, page);
            found.extend(next.orders.iter().map(|order| order.number));
            match next.next {
                Some(last) => page.after = Some(last),
                None => return found,
            }
        }
    }

    #[test]
    fn search_answers_like_a_plain_scan() {
        let mut dice = Dice::new(23, Stream::World);
        let mut book = OrderBook::default();
        for number in 0..1_500 {
            book.insert(order(number, &mut dice));
        }
        for _ in 0..3_000 {
            let (number, status) = (OrderNo(dice.below(1_500)), status(&mut dice));
            let at = Timestamp::from_seconds(i64::try_from(dice.below(900)).unwrap());
            book.change(number, |order| (order.status, order.updated) = (status, at));
        }
        for round in 0..200 {
            let filter = filter(&mut dice);
            let descending = dice.percent_of(50);
            let field = if dice.percent_of(50) { SortField::Created } else { SortField::Updated };
            let size = usize::try_from(1 + dice.below(100)).unwrap();
            let mut expected: Vec<&Order> =
                book.orders.values().map(Box::as_ref).filter(|order| filter.fits(order)).collect();
            expected.sort_by_key(|order| match field {
                SortField::Created => key(order.created, order.number),
                SortField::Updated => key(order.updated, order.number),
            });
            if descending {
                expected.reverse();
            }
            let expected: Vec<OrderNo> = expected
                .into_iter()
                .filter(|order| filter.status.is_none_or(|status| order.status == status))
                .map(|order| order.number)
                .collect();
            let page = PageRequest { field, descending, after: None, size };
            assert_eq!(all_pages(&book, &filter, page), expected, "round {round}: {filter:?}");
            assert_eq!(book.count(&filter, field), expected.len(), "round {round}: {filter:?}");
        }
    }
}
