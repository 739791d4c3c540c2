//! Laws of money, over random worlds.

use std::time::Duration;

use ttshop_types::{Region, Timestamp};

use crate::dice::{Dice, Stream, index_below};
use crate::money::Minor;
use crate::spec::WorldSpec;
use crate::switches::Switches;
use crate::world::aftersale::{Application, CancelStatus, ReturnAct, ReturnKind, ReturnWay, Words};
use crate::world::ledger::{Amounts, Component, Group, PaymentStatus};
use crate::world::machine::Act;
use crate::world::order::{Actor, OrderKind, OrderStatus, ShippingType, Terms};
use crate::world::{Placement, Shop, ShopNo, World};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn world(seed: u64, region: &Region) -> (World, ShopNo) {
    let mut spec = WorldSpec::two_shops();
    spec.sellers.truncate(1);
    spec.sellers[0].shops[0].orders = 16;
    spec.sellers[0].shops[0].region = region.clone();
    let world = World::from_spec(&spec, seed, 0, Switches::default(), START);
    let shop = *world.shops.keys().next().unwrap();
    (world, shop)
}

fn amount(dice: &mut Dice, bound: u64) -> Minor {
    Minor(i64::try_from(dice.below(bound)).unwrap())
}

fn step(world: &mut World, shop: ShopNo, dice: &mut Dice, now: Timestamp) {
    let orders: Vec<_> = world.shops[&shop].book.walk(None, usize::MAX).map(|(_, it)| it.number).collect();
    let order = orders[index_below(dice.number(), orders.len())];
    match dice.below(8) {
        0 => {
            let statuses = [OrderStatus::Delivered, OrderStatus::InTransit, OrderStatus::AwaitingShipment];
            let placement = Placement {
                lines: Vec::new(),
                shipping_type: if dice.percent_of(30) { ShippingType::Seller } else { ShippingType::Tiktok },
                kind: if dice.percent_of(10) { OrderKind::Sample } else { OrderKind::Normal },
                terms: Terms::default(),
                status: statuses[index_below(dice.number(), 3)],
                buyer_message: None,
                buyer: None,
            };
            world.place(shop, &placement, now).unwrap();
        }
        1 | 2 => world.act(shop, order, &Act::Deliver, now).unwrap_or_default(),
        3 | 4 => {
            let lines = &world.shops[&shop].book.get(order).unwrap().lines;
            let line = lines[index_below(dice.number(), lines.len())].number;
            let application = Application {
                order,
                kind: ReturnKind::Refund,
                by: Actor::Buyer,
                reason: "x".into(),
                lines: if dice.percent_of(60) { vec![line] } else { Vec::new() },
                by_sku: false,
                total: dice.percent_of(40).then(|| amount(dice, 3_000)),
                way: ReturnWay::default(),
                quick: false,
                words: Words::default(),
            };
            if let Ok(opened) = world.open_return(shop, &application, now) {
                let act =
                    if dice.percent_of(80) { ReturnAct::ApproveRefund } else { ReturnAct::RejectRefund };
                world.act_on_return(shop, opened.returns[0], &act.by(Actor::Seller), now).unwrap();
            }
        }
        5 => {
            let sign = if dice.percent_of(50) { 1 } else { -1 };
            let sum = Minor(sign * (1 + amount(dice, 20_000).0));
            world.post_adjustment(shop, "PLATFORM_PENALTY", sum, Some(order), now);
        }
        6 => {
            let running = world.shops[&shop].ledger.payments.values();
            let running: Vec<_> = running.map(|it| it.number).collect();
            if let Some(payment) = running.last().filter(|_| dice.percent_of(30)) {
                world.fail_payment(shop, *payment);
            }
        }
        _ => {}
    }
}

/// What the buyer paid is what everybody gets.
fn money_is_conserved(amounts: &Amounts, context: &str) {
    let get = |component| amounts.get(component);
    let seller = amounts.settlement();
    let affiliates = Minor(0) - get(Component::AffiliateCommission);
    let platform = Minor(0)
        - (amounts.sum(Group::Fee) + affiliates)
        - get(Component::PlatformDiscount)
        - get(Component::PlatformDiscountRefund)
        - get(Component::ShippingDiscount)
        - get(Component::Adjustment);
    let state = get(Component::SalesTaxPayment) + get(Component::SalesTaxRefund) - amounts.sum(Group::Tax);
    let carrier = Minor(0) - get(Component::ActualShipping);
    let buyer = get(Component::CustomerPayment) + get(Component::CustomerRefund);
    let received = seller + affiliates + platform + state + carrier;
    // Refunded shipping tax is tax, refunded shipping is the seller's.
    assert_eq!(received, buyer, "{context}: {amounts:?}");
}

/// What transactions say a buyer paid in the end is what order, cancellations and returns say.
fn orders_agree(shop: &Shop, context: &str) {
    for (_, order) in shop.book.walk(None, usize::MAX) {
        let own = shop.ledger.of_order(order.number).filter(|it| it.word() == "ORDER");
        let mut amounts = Amounts::default();
        let mut count = 0;
        for transaction in own {
            amounts.add_all(&transaction.amounts());
            count += 1;
        }
        if count == 0 {
            continue;
        }
        let cancelled = shop.aftersales.cancellations_of(order.number);
        let cancelled = cancelled.filter(|it| it.status != CancelStatus::Cancelled);
        let cancelled: Minor = cancelled.map(|it| it.refund().total()).sum();
        let returned = shop.aftersales.returns_of(order.number).filter(|it| it.status.is_refunded());
        let returned: Minor = returned.map(|it| it.refund().total()).sum();
        let net = amounts.get(Component::CustomerPayment) + amounts.get(Component::CustomerRefund);
        assert_eq!(net, order.total() - cancelled - returned, "{context}: order {}", order.number);
    }
}

fn statements_and_payments_add_up(shop: &Shop, context: &str) {
    let ledger = &shop.ledger;
    let all: Minor = ledger.transactions.values().map(|it| it.amounts().settlement()).sum();
    let open: Minor = ledger.open().map(|it| it.amounts().settlement()).sum();
    let settled: Minor = ledger.statements.values().map(|it| ledger.statement_amounts(it).settlement()).sum();
    assert_eq!(all, open + settled, "{context}: a transaction is open or in one statement");
    let mut paid = Vec::new();
    for payment in ledger.payments.values() {
        assert!(ledger.payment_amount(payment).0 > 0, "{context}: a payment pays");
        if payment.status != PaymentStatus::Failed {
            paid.extend(payment.statements.iter().copied());
        }
    }
    let count = paid.len();
    paid.sort_unstable();
    paid.dedup();
    assert_eq!(paid.len(), count, "{context}: a statement is paid once");
    let unpaid = ledger.statements.values().filter(|it| !paid.contains(&it.number));
    let unpaid: Minor = unpaid.map(|it| ledger.statement_amounts(it).settlement()).sum();
    let payments = ledger.payments.values().filter(|it| it.status != PaymentStatus::Failed);
    let payments: Minor = payments.map(|it| ledger.payment_amount(it)).sum();
    assert_eq!(settled, payments + unpaid, "{context}");
}

#[test]
fn every_sum_agrees_to_the_cent() {
    let regions =
        [Region::UnitedStates, Region::UnitedKingdom, Region::Mexico, Region::Singapore, Region::Japan];
    let mut statements = 0;
    for seed in 0..40 {
        let region = &regions[usize::try_from(seed).unwrap() % regions.len()];
        let (mut world, shop) = world(seed, region);
        let mut dice = Dice::new(seed, Stream::Chaos);
        let mut now = START;
        for number in 0..120 {
            step(&mut world, shop, &mut dice, now);
            now = now + Duration::from_secs(dice.below(12) * 3_600);
            while world.next_attempt(now).is_some() {}
            let context = format!("seed {seed}, step {number}, {region}");
            statements_and_payments_add_up(&world.shops[&shop], &context);
        }
        let (found, context) = (&world.shops[&shop], format!("seed {seed}, {region}"));
        found.ledger.transactions.values().for_each(|it| money_is_conserved(&it.amounts(), &context));
        orders_agree(found, &context);
        statements += found.ledger.statements.len();
    }
    assert!(statements > 200, "{statements}");
}
