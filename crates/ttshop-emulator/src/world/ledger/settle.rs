//! How transactions come about, are settled and paid.

use std::time::Duration;

use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::switches::Switches;
use crate::world::due::Due;
use crate::world::ledger::book::{
    Payment, PaymentStatus, Statement, Transaction, TransactionKind, Withdrawal,
};
use crate::world::ledger::component::{Amounts, Component};
use crate::world::ledger::sale::{Share, refund, sale};
use crate::world::{
    OrderNo, PaymentNo, ReturnNo, Shop, ShopNo, StatementNo, TransactionNo, WithdrawalNo, World,
};

const DAY_SECONDS: i64 = 86_400;

/// The next thing that a ledger does by itself.
#[derive(Clone, Copy)]
enum Event {
    Statement,
    Payment(PaymentNo),
}

impl World {
    /// A delivered order earns money; refunds that came before are taken from it at once.
    pub(crate) fn post_sale(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let Some(found) = self.shops.get(&shop) else { return };
        let Some(sold) = found.book.get(order) else { return };
        if found.ledger.sale_of(order).is_some() {
            return;
        }
        let shares = sale(sold, &found.region);
        let returned = found.aftersales.returns_of(order).filter(|case| case.status.is_refunded());
        let returned: Vec<ReturnNo> = returned.map(|case| case.number).collect();
        let settles = now + Duration::from_secs(self.switches.settlement_delay_seconds);
        self.post(shop, TransactionKind::Sale, Some(order), shares, now, settles);
        for case in returned {
            self.post_refund(shop, case, now);
        }
    }

    /// A refund takes back what a delivered order has earned; before delivery there is nothing to take back.
    pub(crate) fn post_refund(&mut self, shop: ShopNo, case: ReturnNo, now: Timestamp) {
        let Some(found) = self.shops.get(&shop) else { return };
        let Some(case) = found.aftersales.returns.get(&case) else { return };
        let sale = found.ledger.sale_of(case.order);
        let (Some(sale), Some(order)) = (sale, found.book.get(case.order)) else { return };
        let settles = sale.settles.max(now);
        let shares = refund(order, case, &found.region);
        let (kind, order) = (TransactionKind::Refund(case.number), case.order);
        self.post(shop, kind, Some(order), shares, now, settles);
    }

    /// The platform pays or takes something else; false if the shop does not exist.
    pub(crate) fn post_adjustment(
        &mut self,
        shop: ShopNo,
        word: &str,
        amount: Minor,
        order: Option<OrderNo>,
        now: Timestamp,
    ) -> Option<TransactionNo> {
        let mut amounts = Amounts::default();
        amounts.add(Component::Adjustment, amount);
        let share = Share { product: 0, sku: 0, quantity: 0, amounts };
        self.post(shop, TransactionKind::Adjustment(word.into()), order, vec![share], now, now)
    }

    fn post(
        &mut self,
        shop: ShopNo,
        kind: TransactionKind,
        order: Option<OrderNo>,
        shares: Vec<Share>,
        now: Timestamp,
        settles: Timestamp,
    ) -> Option<TransactionNo> {
        let found = self.shops.get_mut(&shop)?;
        let number = TransactionNo(found.chance.mint.thing(&mut found.chance.dice));
        found.ledger.insert(Transaction {
            number,
            kind,
            order,
            created: now,
            settles,
            statement: None,
            shares,
        });
        self.set_ledger_alarm(shop);
        Some(number)
    }

    /// Makes the statements and payments that are due by now.
    pub(crate) fn catch_up_ledger(&mut self, shop: ShopNo, until: Timestamp) {
        let Some(found) = self.shops.get_mut(&shop) else { return };
        while let Some((at, event)) = next_event(found).filter(|(at, _)| *at <= until) {
            match event {
                Event::Statement => make_statement(found, at, &self.switches),
                Event::Payment(payment) => pay(found, payment, at),
            }
        }
        found.ledger.alarm = None;
        self.set_ledger_alarm(shop);
    }

    /// The bank refuses a payment; the next one pays its statements. False if it is not under way.
    pub(crate) fn fail_payment(&mut self, shop: ShopNo, payment: PaymentNo) -> bool {
        let Some(found) = self.shops.get_mut(&shop) else { return false };
        let ledger = &mut found.ledger;
        let payment = ledger.payments.get_mut(&payment);
        let Some(payment) = payment.filter(|it| it.status == PaymentStatus::Processing) else { return false };
        payment.status = PaymentStatus::Failed;
        ledger.unpaid.extend(payment.statements.iter().copied());
        ledger.unpaid.sort_unstable();
        true
    }

    fn set_ledger_alarm(&mut self, shop: ShopNo) {
        let Some(found) = self.shops.get_mut(&shop) else { return };
        let Some((at, _)) = next_event(found) else { return };
        if found.ledger.alarm.is_none_or(|set| at < set) {
            found.ledger.alarm = Some(at);
            self.due.put(at, Due::Ledger { shop });
        }
    }
}

fn next_event(shop: &Shop) -> Option<(Timestamp, Event)> {
    let first = shop.ledger.open.first().map(|(millis, _)| next_day(Timestamp::from_millis(*millis)));
    let statement = first.map(|at| (at, Event::Statement));
    let running = shop.ledger.payments.values().filter(|it| it.status == PaymentStatus::Processing);
    let payment = running.map(|it| (it.due, Event::Payment(it.number))).min_by_key(|(at, _)| *at);
    // A statement of the same instant comes first.
    statement.into_iter().chain(payment).min_by_key(|(at, _)| *at)
}

/// Statements are made at midnight (UTC) and collect what may be settled by then.
fn next_day(at: Timestamp) -> Timestamp {
    let day = at.as_seconds().div_euclid(DAY_SECONDS) + 1;
    Timestamp::from_seconds(day * DAY_SECONDS)
}

fn make_statement(shop: &mut Shop, at: Timestamp, switches: &Switches) {
    let Shop { ledger, chance, .. } = shop;
    let later = ledger.open.split_off(&(at.as_millis(), TransactionNo(0)));
    let collected = std::mem::replace(&mut ledger.open, later);
    let number = StatementNo(chance.mint.thing(&mut chance.dice));
    let transactions: Vec<TransactionNo> = collected.into_iter().map(|(_, number)| number).collect();
    for transaction in &transactions {
        if let Some(transaction) = ledger.transactions.get_mut(transaction) {
            transaction.statement = Some(number);
        }
    }
    ledger.statements.insert(number, Statement { number, time: at, transactions, payment: None });
    ledger.unpaid.push(number);
    // What the seller owes is taken from the statements that follow.
    let unpaid = ledger.unpaid.iter().filter_map(|number| ledger.statements.get(number));
    let sum: Minor = unpaid.map(|statement| ledger.statement_amounts(statement).settlement()).sum();
    if sum.0 > 0 {
        let statements = std::mem::take(&mut ledger.unpaid);
        let number = PaymentNo(chance.mint.thing(&mut chance.dice));
        for statement in &statements {
            if let Some(statement) = ledger.statements.get_mut(statement) {
                statement.payment = Some(number);
            }
        }
        let due = at + Duration::from_secs(switches.payment_delay_seconds);
        let status = PaymentStatus::Processing;
        ledger.payments.insert(number, Payment { number, created: at, due, status, statements });
    }
}

/// The money goes into the account and on to the bank.
fn pay(shop: &mut Shop, payment: PaymentNo, at: Timestamp) {
    let Shop { ledger, chance, .. } = shop;
    if let Some(payment) = ledger.payments.get_mut(&payment) {
        payment.status = PaymentStatus::Paid;
    }
    for settles in [true, false] {
        let number = WithdrawalNo(chance.mint.thing(&mut chance.dice));
        ledger.withdrawals.push(Withdrawal { number, settles, payment, created: at });
    }
}
