//! What a shop earns: transactions, daily statements, payments, withdrawals (PLATFORM.md 8.6, 12 #36).
//!
//! The cast: a [`Transaction`] is a sale, a refund or an adjustment and holds nothing but components; a [`Statement`] collects
//! transactions of a day; a [`Payment`] pays statements; a [`Withdrawal`] moves a payment through the seller's account.
//! `sale` counts components, `settle` moves everything on by the clock.
//!
//! Laws: components add up to a settlement, transactions to statements, statements to payments, and what the buyer paid is
//! what seller, platform, creators, carriers and tax offices get. They hold by construction, because no total is stored.

mod book;
mod component;
#[cfg(test)]
mod laws;
mod sale;
mod settle;

pub(crate) use book::{Ledger, Payment, PaymentStatus, Statement, Transaction, TransactionKind};
pub(crate) use component::{Amounts, Component, Group};
pub(crate) use sale::{Share, sale};
