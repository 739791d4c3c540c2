//! Everybody does anything, in any order, a million times: no state is reached that is not documented, and no law breaks.
//!
//! A step picks somebody (a buyer, the seller, a carrier, the platform, the clock) and something to do, possible or not. Every few
//! steps all laws are looked at: units on the shelf, parcels and their orders, refunds and payments, what was announced.
//! The steps are spread over many short worlds, because a fault shows early and a long world only gets slower.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use ttshop_types::{Region, Timestamp};

use crate::dice::{Dice, Stream, index_below};
use crate::money::Minor;
use crate::spec::WorldSpec;
use crate::switches::Switches;
use crate::world::aftersale::laws::refunds_stay_within_what_was_paid;
use crate::world::aftersale::{Application, CancelAct, CancelWish, ReturnAct, ReturnKind, ReturnWay, Words};
use crate::world::machine::Act;
use crate::world::order::{Actor, Order, OrderKind, OrderStatus, ShippingType, Terms};
use crate::world::package::{Arrangement, Loss, PackageAct};
use crate::world::product::life::PlatformAct;
use crate::world::product::{Forbidden, Product, Verdict};
use crate::world::{OrderNo, Placement, Shop, ShopNo, World};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
/// Steps of all worlds of one test; there are four tests.
const STEPS: u64 = 250_000;
const STEPS_PER_WORLD: u64 = 1_000;
/// A world with this many orders gets no more.
const ORDERS_MAX: usize = 14;
/// How often all laws are looked at.
const LOOK_EVERY: u64 = 25;

/// What a seller does to a product.
type SellerStep = fn(&mut Product, Timestamp) -> Result<(), Forbidden>;

/// One world, and what was seen of it so far.
struct Model {
    world: World,
    shop: ShopNo,
    now: Timestamp,
    dice: Dice,
    statuses: BTreeMap<OrderNo, OrderStatus>,
    /// How often orders were found in each status.
    seen: BTreeMap<&'static str, u64>,
}

fn pick<T: Clone>(dice: &mut Dice, list: &[T]) -> Option<T> {
    list.get(index_below(dice.number(), list.len())).cloned()
}

impl Model {
    fn new(seed: u64) -> Self {
        let regions = [Region::UnitedStates, Region::UnitedKingdom, Region::Mexico, Region::Japan];
        let mut spec = WorldSpec::two_shops();
        spec.apps[0].webhook_url = Some("http://127.0.0.1:9/".into());
        spec.sellers.truncate(1);
        let shop = &mut spec.sellers[0].shops[0];
        shop.orders = 3;
        shop.region = regions[usize::try_from(seed % 4).unwrap()].clone();
        let mut world = World::from_spec(&spec, seed, 0, Switches::default(), START);
        let shop = *world.shops.keys().next().unwrap();
        // So few that they run out.
        for product in &mut world.shops.get_mut(&shop).unwrap().products {
            product.skus.iter_mut().flat_map(|sku| &mut sku.stock).for_each(|stock| stock.available = 4);
        }
        let dice = Dice::new(seed, Stream::Chaos);
        let (statuses, seen) = (BTreeMap::new(), BTreeMap::new());
        let mut model = Self { world, shop, now: START, dice, statuses, seen };
        model.statuses = model.orders().map(|order| (order.number, order.status)).collect();
        model
    }

    fn shop(&self) -> &Shop {
        &self.world.shops[&self.shop]
    }

    fn orders(&self) -> impl Iterator<Item = &Order> {
        self.shop().book.walk(None, usize::MAX).map(|(_, order)| order)
    }

    fn step(&mut self) {
        match self.dice.below(20) {
            0..=2 => self.buy(),
            3..=7 => self.act_on_order(),
            8..=10 => self.carry(),
            11..=12 => self.cancel(),
            13..=15 => self.give_back(),
            16 => self.list(),
            17 => self.pass_time(),
            _ => self.go_on(),
        }
    }

    fn buy(&mut self) {
        if self.shop().book.len() >= ORDERS_MAX {
            return;
        }
        let kinds = [OrderKind::Normal, OrderKind::Sample];
        let placement = Placement {
            buyer: None,
            lines: Vec::new(),
            shipping_type: pick(&mut self.dice, &[ShippingType::Tiktok, ShippingType::Seller]).unwrap(),
            kind: pick(&mut self.dice, &kinds).unwrap(),
            terms: Terms::default(),
            status: pick(&mut self.dice, &[OrderStatus::Unpaid, OrderStatus::AwaitingShipment]).unwrap(),
            buyer_message: None,
        };
        // Refused where the shelf is empty.
        if let Ok(order) = self.world.place(self.shop, &placement, self.now) {
            let status = self.shop().book.get(order).unwrap().status;
            self.statuses.insert(order, status);
        }
    }

    /// The likely next thing, so that orders get somewhere among all that is refused.
    fn go_on(&mut self) {
        let Some(order) = self.some_order() else { return };
        let act = match self.shop().book.get(order).unwrap().status {
            OrderStatus::Unpaid => Act::Pay,
            OrderStatus::OnHold => Act::Release,
            OrderStatus::AwaitingShipment | OrderStatus::PartiallyShipping => Act::Arrange(Vec::new()),
            OrderStatus::AwaitingCollection => Act::Collect,
            OrderStatus::InTransit => Act::Deliver,
            OrderStatus::Delivered | OrderStatus::Completed | OrderStatus::Cancelled => return,
        };
        self.world.act(self.shop, order, &act, self.now).unwrap_or_default();
    }

    fn some_order(&mut self) -> Option<OrderNo> {
        let orders: Vec<OrderNo> = self.orders().map(|order| order.number).collect();
        pick(&mut self.dice, &orders)
    }

    fn act_on_order(&mut self) {
        let Some(order) = self.some_order() else { return };
        let lines: Vec<_> =
            self.shop().book.get(order).unwrap().lines.iter().map(|line| line.number).collect();
        let some = pick(&mut self.dice, &lines).into_iter().collect();
        let by = pick(&mut self.dice, &[Actor::Buyer, Actor::Seller, Actor::System]).unwrap();
        let act = match self.dice.below(9) {
            0 => Act::Pay,
            1 => Act::Release,
            2 => Act::Arrange(Vec::new()),
            3 => Act::Arrange(some),
            4 => Act::Collect,
            5 => Act::Deliver,
            6 => Act::Cancel { by, reason: "x".into() },
            7 => Act::CancelLines { lines: some, by, reason: "x".into() },
            _ => Act::ChangeAddress,
        };
        self.world.act(self.shop, order, &act, self.now).unwrap_or_default();
    }

    fn carry(&mut self) {
        let packages: Vec<_> = self.shop().packages.walk().map(|package| package.number).collect();
        let Some(package) = pick(&mut self.dice, &packages) else { return };
        let act = match self.dice.below(5) {
            0 | 1 => PackageAct::Arrange(Arrangement::default()),
            2 => PackageAct::Collect,
            3 => PackageAct::Deliver,
            _ => PackageAct::Lose(Loss::PackageLost),
        };
        self.world.act_on_package(self.shop, package, &act, self.now).unwrap_or_default();
    }

    fn cancel(&mut self) {
        let Some(order) = self.some_order() else { return };
        let cases: Vec<_> = self.shop().aftersales.cancellations.keys().copied().collect();
        let by = pick(&mut self.dice, &[Actor::Buyer, Actor::Seller]).unwrap();
        let acts = [CancelAct::Approve, CancelAct::Reject, CancelAct::Withdraw];
        match (self.dice.below(3), pick(&mut self.dice, &cases), pick(&mut self.dice, &acts)) {
            (0, Some(number), Some(act)) => {
                self.world.act_on_cancellation(self.shop, number, act, None, self.now).unwrap_or_default();
            }
            (1, ..) => drop(self.world.request_cancel(self.shop, order, "x", self.now)),
            _ => {
                let wish = CancelWish { by, reason: "x".into(), lines: Vec::new() };
                self.world.cancel(self.shop, order, &wish, self.now).map(|_| ()).unwrap_or_default();
            }
        }
    }

    fn give_back(&mut self) {
        let cases: Vec<_> = self.shop().aftersales.returns.keys().copied().collect();
        let by = pick(&mut self.dice, &[Actor::Buyer, Actor::Seller, Actor::System]).unwrap();
        if self.dice.percent_of(65)
            && let (Some(number), Some(act)) =
                (pick(&mut self.dice, &cases), pick(&mut self.dice, &ReturnAct::ALL))
        {
            self.world.act_on_return(self.shop, number, &act.by(by), self.now).unwrap_or_default();
            return;
        }
        let Some(order) = self.some_order() else { return };
        let total = self.dice.percent_of(20).then(|| Minor(i64::try_from(self.dice.below(3_000)).unwrap()));
        let application = Application {
            order,
            kind: pick(&mut self.dice, &ReturnKind::ALL).unwrap(),
            by,
            reason: "x".into(),
            lines: Vec::new(),
            by_sku: self.dice.percent_of(30),
            total,
            way: ReturnWay::default(),
            quick: self.dice.percent_of(5),
            words: Words::default(),
        };
        drop(self.world.open_return(self.shop, &application, self.now));
    }

    /// The seller or the platform does something to a product.
    fn list(&mut self) {
        let products: Vec<_> = self.shop().products.iter().map(|product| product.number).collect();
        let Some(product) = pick(&mut self.dice, &products) else { return };
        let (now, quantity) = (self.now, u32::try_from(self.dice.below(6)).unwrap());
        let steps: [SellerStep; 4] =
            [Product::deactivate, Product::activate, Product::delete, Product::recover];
        let acts = [PlatformAct::Judge(Verdict::Pass), PlatformAct::Deactivate];
        match self.dice.below(4) {
            0 => {
                let step = pick(&mut self.dice, &steps).unwrap();
                let done = self.world.change_product(self.shop, product, now, |it| step(it, now));
                done.unwrap().unwrap_or_default();
            }
            1 => {
                let act = pick(&mut self.dice, &acts).unwrap();
                self.world.act_on_product(self.shop, product, act, now).unwrap_or_default();
            }
            _ => {
                let filled = self.world.change_product(self.shop, product, now, |it| {
                    for sku in &mut it.skus {
                        let warehouse = sku.stock[0].warehouse;
                        sku.set_stock(warehouse, quantity);
                    }
                    Ok::<_, Forbidden>(())
                });
                filled.unwrap().unwrap();
            }
        }
    }

    fn pass_time(&mut self) {
        self.now = self.now + Duration::from_secs(self.dice.below(30) * 3_600);
        while self.world.next_attempt(self.now).is_some() {}
    }

    /// Each order is where its last known status leads to by documented transitions.
    fn look_at_statuses(&mut self, context: &str) {
        let found: BTreeMap<OrderNo, OrderStatus> =
            self.orders().map(|order| (order.number, order.status)).collect();
        for (order, status) in &found {
            // Replacements come into the world without a buyer.
            let before = self.statuses.get(order).copied().unwrap_or(OrderStatus::Unpaid);
            assert!(leads_to(before, *status), "{context}: {order} went from {before:?} to {status:?}");
        }
        for status in found.values() {
            *self.seen.entry(status.as_str()).or_default() += 1;
        }
        self.statuses = found;
    }

    fn look_at_parcels(&self, context: &str) {
        let shop = self.shop();
        for package in shop.packages.walk() {
            for order in &package.orders {
                let found = shop.book.get(*order);
                let found = found
                    .unwrap_or_else(|| panic!("{context}: a parcel of {order}, which is not the shop's"));
                assert!(found.packages.contains(&package.number), "{context}: {order} denies its parcel");
            }
        }
        for order in self.orders() {
            for line in order.lines.iter().filter(|line| !line.is_cancelled()) {
                let package = line.package.map(|place| order.packages[usize::from(place)]);
                assert!(package.is_none_or(|package| shop.packages.get(package).is_some()), "{context}");
            }
        }
    }

    /// The last word about each order is what it is, and no word is said twice in a row.
    fn look_at_words(&self, context: &str) {
        let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let bodies: Vec<Value> =
            self.world.post.newest().map(|it| serde_json::from_str(&it.body).unwrap()).collect();
        for body in bodies.iter().rev().filter(|body| body["type"] == 1) {
            let text = |name: &str| body["data"][name].as_str().unwrap().to_owned();
            told.entry(text("order_id")).or_default().push(text("order_status"));
        }
        for order in self.orders() {
            let Some(words) = told.get(&order.number.to_string()) else { continue };
            assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{context}: {words:?}");
            if let Some(word) = order.status.webhook_word() {
                assert_eq!(words.last().map(String::as_str), Some(word), "{context}: {}", order.number);
            }
        }
        let known = |order: &String| self.shop().book.get(order.parse().unwrap()).is_some();
        assert!(told.keys().all(known), "{context}: an order that is not there was told of");
    }

    fn look(&mut self, context: &str) {
        assert_eq!(self.shop().stock_fault(), None, "{context}");
        self.look_at_statuses(context);
        self.look_at_parcels(context);
        refunds_stay_within_what_was_paid(self.shop(), context);
    }
}

/// Whether documented transitions lead from one status to another (PLATFORM.md 8.1), in any number of steps.
fn leads_to(from: OrderStatus, to: OrderStatus) -> bool {
    use OrderStatus::{
        AwaitingCollection, AwaitingShipment, Cancelled, Completed, Delivered, InTransit, OnHold,
        PartiallyShipping, Unpaid,
    };
    let next: &[OrderStatus] = match from {
        Unpaid => &[OnHold, AwaitingShipment, Cancelled],
        OnHold => &[AwaitingShipment, Cancelled],
        AwaitingShipment => &[PartiallyShipping, AwaitingCollection, Cancelled],
        PartiallyShipping => &[AwaitingCollection, Cancelled],
        AwaitingCollection => &[InTransit, Completed, Cancelled],
        InTransit => &[Delivered, Completed, Cancelled],
        Delivered => &[Completed],
        Completed | Cancelled => &[],
    };
    from == to || next.iter().any(|step| leads_to(*step, to))
}

fn run(first_seed: u64) {
    let mut reached: BTreeMap<&'static str, u64> = BTreeMap::new();
    for seed in first_seed..first_seed + STEPS / STEPS_PER_WORLD {
        let mut model = Model::new(seed);
        for number in 0..STEPS_PER_WORLD {
            model.step();
            if number % LOOK_EVERY == 0 {
                model.look(&format!("seed {seed}, step {number}"));
            }
        }
        let context = format!("seed {seed}, end");
        model.look(&context);
        model.look_at_words(&context);
        for (status, count) in model.seen {
            *reached.entry(status).or_default() += count;
        }
    }
    // A model that never gets somewhere proves nothing about it.
    for status in OrderStatus::ALL {
        assert!(reached.get(status.as_str()).is_some_and(|count| *count > 100), "{status:?}: {reached:?}");
    }
}

#[test]
fn a_million_steps_break_no_law_first_quarter() {
    run(0);
}

#[test]
fn a_million_steps_break_no_law_second_quarter() {
    run(10_000);
}

#[test]
fn a_million_steps_break_no_law_third_quarter() {
    run(20_000);
}

#[test]
fn a_million_steps_break_no_law_fourth_quarter() {
    run(30_000);
}
