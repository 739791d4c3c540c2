//! Laws that hold whatever buyers, sellers, carriers and arbitrators do, in any order.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use ttshop_types::{Region, Timestamp};

use crate::dice::{Dice, Stream, index_below};
use crate::money::Minor;
use crate::spec::WorldSpec;
use crate::switches::Switches;
use crate::world::aftersale::stage::{ReturnAct, ReturnKind};
use crate::world::aftersale::{
    Application, CancelAct, CancelStatus, CancelWish, Deed, ReturnStatus, ReturnWay, Words,
};
use crate::world::order::{Actor, OrderKind, OrderStatus, ShippingType, Terms};
use crate::world::{Placement, Shop, ShopNo, World};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const ORDERS: usize = 12;
const STEPS: usize = 250;

/// The statuses that notifications of a type told about each case.
type Told = BTreeMap<String, Vec<String>>;

fn world(seed: u64, region: &Region) -> (World, ShopNo) {
    let mut spec = WorldSpec::two_shops();
    spec.apps[0].webhook_url = Some("http://127.0.0.1:9/".into());
    spec.sellers.truncate(1);
    spec.sellers[0].shops[0].orders = 0;
    spec.sellers[0].shops[0].region = region.clone();
    let world = World::from_spec(&spec, seed, 0, Switches::default(), START);
    let shop = *world.shops.keys().next().unwrap();
    (world, shop)
}

fn pick<T: Copy>(dice: &mut Dice, list: &[T]) -> Option<T> {
    let place = index_below(dice.number(), list.len());
    list.get(place).copied()
}

/// Somebody does something; whether it is possible is for the world to say.
fn step(world: &mut World, shop: ShopNo, dice: &mut Dice, now: Timestamp) {
    let found = &world.shops[&shop];
    let orders: Vec<_> = found.book.walk(None, usize::MAX).map(|(_, order)| order.number).collect();
    let cases: Vec<_> = found.aftersales.returns.keys().copied().collect();
    let cancellations: Vec<_> = found.aftersales.cancellations.keys().copied().collect();
    let by = pick(dice, &[Actor::Buyer, Actor::Seller, Actor::System]).unwrap();
    let Some(order) = pick(dice, &orders) else { return };
    let lines: Vec<_> = found.book.get(order).unwrap().lines.iter().map(|line| line.number).collect();
    let lines = if dice.percent_of(40) { pick(dice, &lines).into_iter().collect() } else { Vec::new() };
    match dice.below(10) {
        0 => drop(world.cancel(shop, order, &CancelWish { by, reason: "x".into(), lines }, now)),
        1 => drop(world.request_cancel(shop, order, "x", now)),
        2 => {
            let acts = [CancelAct::Approve, CancelAct::Reject, CancelAct::Withdraw];
            if let (Some(number), Some(act)) = (pick(dice, &cancellations), pick(dice, &acts)) {
                world.act_on_cancellation(shop, number, act, None, now).unwrap_or_default();
            }
        }
        3 | 4 => {
            let total = dice.percent_of(20).then(|| Minor(i64::try_from(dice.below(3_000)).unwrap()));
            let application = Application {
                order,
                kind: pick(dice, &ReturnKind::ALL).unwrap(),
                by,
                reason: "x".into(),
                lines,
                by_sku: dice.percent_of(30),
                total,
                way: ReturnWay::default(),
                quick: dice.percent_of(5),
                words: Words::default(),
            };
            drop(world.open_return(shop, &application, now));
        }
        _ => {
            if let (Some(number), Some(act)) = (pick(dice, &cases), pick(dice, &ReturnAct::ALL)) {
                let offer = Some(Minor(i64::try_from(dice.below(2_000)).unwrap()));
                world.act_on_return(shop, number, &Deed { offer, ..act.by(by) }, now).unwrap_or_default();
            }
        }
    }
}

/// Carries out what is due; notifications are left alone.
fn pass(world: &mut World, until: Timestamp) {
    while world.next_attempt(until).is_some() {}
}

/// No order gives back more than was paid for it.
pub(crate) fn refunds_stay_within_what_was_paid(shop: &Shop, context: &str) {
    for (_, order) in shop.book.walk(None, usize::MAX) {
        let returned = shop
            .aftersales
            .returns_of(order.number)
            .filter(|case| case.status.is_refunded() || case.status == ReturnStatus::RequestSuccess);
        let returned: Minor = returned.map(|case| case.refund().total()).sum();
        let cancelled = shop.aftersales.cancellations_of(order.number);
        let cancelled = cancelled.filter(|it| it.status != CancelStatus::Cancelled);
        let cancelled: Minor =
            cancelled.filter(|it| it.status != CancelStatus::Pending).map(|it| it.refund().total()).sum();
        let paid = if order.times.paid.is_some() { order.total() } else { Minor(0) };
        assert!(returned + cancelled <= paid, "{context}: {returned:?} + {cancelled:?} of {paid:?}");
        let mut returns = shop.aftersales.returns_of(order.number);
        let returns = returns.any(|case| case.claims_lines() || case.arbitration.is_some());
        if order.status == OrderStatus::Cancelled && !returns {
            assert_eq!(returned + cancelled, paid, "{context}: a cancelled order gives everything back");
        }
    }
}

fn told(world: &World, kind: u64, id: &str, status: &str) -> Told {
    let mut told = Told::new();
    let mut bodies: Vec<Value> =
        world.post.newest().map(|it| serde_json::from_str(&it.body).unwrap()).collect();
    bodies.reverse();
    for body in bodies.iter().filter(|body| body["type"] == kind) {
        let word = |name: &str| body["data"][name].as_str().unwrap().to_owned();
        told.entry(word(id)).or_default().push(word(status));
    }
    told
}

/// What was told of a return is what its records say it went through.
fn every_notification_matches_a_change(world: &World, shop: &Shop, context: &str) {
    let told_returns = told(world, 12, "return_id", "return_status");
    assert_eq!(told_returns.len(), shop.aftersales.returns.len(), "{context}");
    for case in shop.aftersales.returns.values() {
        let mut stage = case.stage();
        stage.status = case.kind.first_status();
        let mut expected = vec![stage.status.as_str().to_owned()];
        for act in case.records.iter().filter_map(|record| record.act) {
            let offers =
                matches!(act, ReturnAct::OfferPartialRefund | ReturnAct::OfferPartialRefundAfterReceivingPkg);
            stage.offered_at = if offers { Some(stage.status) } else { stage.offered_at };
            let next = stage.after(act).unwrap_or_else(|| panic!("{context}: {act:?} at {stage:?}"));
            if next != stage.status {
                expected.push(next.as_str().to_owned());
            }
            stage.status = next;
        }
        assert_eq!(stage.status, case.status, "{context}");
        assert_eq!(told_returns[&case.number.to_string()], expected, "{context}");
    }
    let told_cancellations = told(world, 11, "cancel_id", "cancel_status");
    for cancellation in shop.aftersales.cancellations.values() {
        let words = &told_cancellations[&cancellation.number.to_string()];
        assert_eq!(words.last().map(String::as_str), Some(cancellation.status.as_str()), "{context}");
        let mut seen = words.clone();
        seen.dedup();
        assert_eq!(&seen, words, "{context}: a state is told once");
    }
    let refunds = shop.aftersales.returns.values().filter(|case| case.status.is_refunded()).count();
    assert_eq!(told(world, 67, "aftersales_request_id", "refund_status").values().flatten().count(), refunds);
}

#[test]
fn random_acts_keep_every_law() {
    let regions = [Region::UnitedStates, Region::UnitedKingdom, Region::Mexico, Region::Japan];
    for seed in 0..40 {
        let region = &regions[usize::try_from(seed).unwrap() % regions.len()];
        let (mut world, shop) = world(seed, region);
        let mut dice = Dice::new(seed, Stream::Chaos);
        let mut now = START;
        for place in 0..ORDERS {
            let placement = Placement {
                buyer: None,
                lines: Vec::new(),
                shipping_type: ShippingType::Tiktok,
                kind: OrderKind::Normal,
                terms: Terms::default(),
                status: OrderStatus::ALL[[0, 1, 2, 4, 5, 6][place % 6]],
                buyer_message: None,
            };
            world.place(shop, &placement, now).unwrap();
        }
        for number in 0..STEPS {
            step(&mut world, shop, &mut dice, now);
            if dice.percent_of(15) {
                now = now + Duration::from_secs(dice.below(40) * 3_600);
                pass(&mut world, now);
            }
            let context = format!("seed {seed}, step {number}, {region}");
            refunds_stay_within_what_was_paid(&world.shops[&shop], &context);
        }
        let context = format!("seed {seed}, {region}");
        every_notification_matches_a_change(&world, &world.shops[&shop], &context);
        let text = serde_json::to_string(&world).unwrap();
        let again = serde_json::from_str::<World>(&text).unwrap().revive().unwrap();
        let book = |world: &World| serde_json::to_string(&world.shops[&shop].aftersales).unwrap();
        assert!(book(&again) == book(&world), "{context}: a snapshot loses nothing");
    }
}
