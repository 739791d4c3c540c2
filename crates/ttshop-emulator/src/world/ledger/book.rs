//! A shop's transactions, the statements that collect them, and the payments that pay statements.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::ledger::component::Amounts;
use crate::world::ledger::sale::Share;
use crate::world::{OrderNo, PaymentNo, ReturnNo, StatementNo, TransactionNo, WithdrawalNo};

/// The ledger of one shop. Nothing but components is stored: every total is counted from them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) transactions: BTreeMap<TransactionNo, Transaction>,
    pub(crate) statements: BTreeMap<StatementNo, Statement>,
    pub(crate) payments: BTreeMap<PaymentNo, Payment>,
    pub(crate) withdrawals: Vec<Withdrawal>,
    /// When each transaction that is in no statement may be collected.
    pub(super) open: BTreeSet<(i64, TransactionNo)>,
    /// Statements that no payment pays.
    pub(super) unpaid: Vec<StatementNo>,
    pub(super) by_order: BTreeMap<OrderNo, Vec<TransactionNo>>,
    /// The earliest alarm that was set.
    #[serde(with = "crate::instant::option")]
    pub(super) alarm: Option<Timestamp>,
}

/// One transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transaction {
    pub(crate) number: TransactionNo,
    pub(crate) kind: TransactionKind,
    pub(crate) order: Option<OrderNo>,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    /// When it may be collected.
    #[serde(with = "crate::instant")]
    pub(crate) settles: Timestamp,
    pub(crate) statement: Option<StatementNo>,
    pub(crate) shares: Vec<Share>,
}

/// What a transaction is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransactionKind {
    Sale,
    Refund(ReturnNo),
    /// The platform's word for it.
    Adjustment(Box<str>),
}

/// What was settled on one day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) number: StatementNo,
    #[serde(with = "crate::instant")]
    pub(crate) time: Timestamp,
    pub(crate) transactions: Vec<TransactionNo>,
    pub(crate) payment: Option<PaymentNo>,
}

/// Money on its way to the seller's bank.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) number: PaymentNo,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) due: Timestamp,
    pub(crate) status: PaymentStatus,
    pub(crate) statements: Vec<StatementNo>,
}

/// Where a payment stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PaymentStatus {
    Processing,
    Paid,
    /// The bank refused it; the next payment pays its statements.
    Failed,
}

impl PaymentStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Paid => "PAID",
            Self::Failed => "FAILED",
        }
    }
}

/// A movement of the seller's account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Withdrawal {
    pub(crate) number: WithdrawalNo,
    /// Settled into the account, or withdrawn from it to the bank.
    pub(crate) settles: bool,
    pub(crate) payment: PaymentNo,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
}

impl Transaction {
    /// All parts of it.
    pub(crate) fn amounts(&self) -> Amounts {
        let mut sum = Amounts::default();
        self.shares.iter().for_each(|share| sum.add_all(&share.amounts));
        sum
    }

    /// What the platform calls it.
    pub(crate) fn word(&self) -> &str {
        match &self.kind {
            TransactionKind::Sale | TransactionKind::Refund(_) => "ORDER",
            TransactionKind::Adjustment(word) => word,
        }
    }
}

impl Ledger {
    pub(crate) fn of_order(&self, order: OrderNo) -> impl Iterator<Item = &Transaction> {
        let numbers = self.by_order.get(&order).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.transactions.get(number))
    }

    pub(crate) fn sale_of(&self, order: OrderNo) -> Option<&Transaction> {
        self.of_order(order).find(|it| it.kind == TransactionKind::Sale)
    }

    /// Transactions that no statement has collected.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Transaction> {
        self.open.iter().filter_map(|(_, number)| self.transactions.get(number))
    }

    pub(crate) fn of_statement<'a>(
        &'a self,
        statement: &'a Statement,
    ) -> impl Iterator<Item = &'a Transaction> {
        statement.transactions.iter().filter_map(|number| self.transactions.get(number))
    }

    /// All parts of a statement.
    pub(crate) fn statement_amounts(&self, statement: &Statement) -> Amounts {
        let mut sum = Amounts::default();
        self.of_statement(statement).for_each(|it| sum.add_all(&it.amounts()));
        sum
    }

    /// What a payment pays.
    pub(crate) fn payment_amount(&self, payment: &Payment) -> Minor {
        let statements = payment.statements.iter().filter_map(|number| self.statements.get(number));
        statements.map(|statement| self.statement_amounts(statement).settlement()).sum()
    }

    pub(super) fn insert(&mut self, transaction: Transaction) {
        let number = transaction.number;
        self.open.insert((transaction.settles.as_millis(), number));
        if let Some(order) = transaction.order {
            self.by_order.entry(order).or_default().push(number);
        }
        self.transactions.insert(number, transaction);
    }

    /// Whether all that is named exists.
    pub(crate) fn is_consistent(&self) -> bool {
        let known = |number: &TransactionNo| self.transactions.contains_key(number);
        self.open.iter().all(|(_, number)| known(number))
            && self.by_order.values().flatten().all(known)
            && self.statements.values().all(|it| it.transactions.iter().all(known))
            && self.unpaid.iter().all(|number| self.statements.contains_key(number))
            && self
                .payments
                .values()
                .all(|it| it.statements.iter().all(|number| self.statements.contains_key(number)))
            && self.withdrawals.iter().all(|it| self.payments.contains_key(&it.payment))
    }
}
