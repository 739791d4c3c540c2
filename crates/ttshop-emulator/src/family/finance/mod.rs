//! What a seller earns: statements, transactions, payments, withdrawals, and what is not settled yet.

mod fill;
mod payments;
mod statements;
mod unsettled;

use ttshop_catalogue::Method;
use ttshop_types::Timestamp;

use crate::family::Handlers;
use crate::gateway::{Admitted, Refusal};
use crate::world::{Shop, World};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/finance/202507/orders/unsettled", unsettled::get_unsettled_transactions),
    (
        Method::Get,
        "/finance/202309/orders/{order_id}/statement_transactions",
        statements::get_transactions_by_order,
    ),
    (
        Method::Get,
        "/finance/202501/orders/{order_id}/statement_transactions",
        statements::get_sku_transactions_by_order,
    ),
    (Method::Get, "/finance/202309/payments", payments::get_payments),
    (Method::Get, "/finance/202605/payments", payments::get_payments),
    (Method::Get, "/finance/202309/statements", statements::get_statements),
    (
        Method::Get,
        "/finance/202309/statements/{statement_id}/statement_transactions",
        statements::get_transactions_by_statement,
    ),
    (
        Method::Get,
        "/finance/202501/statements/{statement_id}/statement_transactions",
        statements::get_transactions_by_statement,
    ),
    (Method::Get, "/finance/202309/withdrawals", payments::get_withdrawals),
];

/// The shop of a call.
fn shop<'w>(call: &Admitted<'_>, world: &'w World) -> Result<&'w Shop, Refusal> {
    let number = call.shop.ok_or_else(Refusal::cipher_missing)?;
    world.shops.get(&number).ok_or_else(Refusal::pairing)
}

/// Each list is sorted by one field, which has to be named all the same (PLATFORM.md 6.1).
fn sorted_by(call: &Admitted<'_>, field: &str) -> Result<(), Refusal> {
    match call.call.param("sort_field") {
        Some(named) if named == field => Ok(()),
        _ => Err(Refusal::parameter(format!("sort_field is invalid, allowed: {field}"))),
    }
}

/// Whether a time lies between the query's bounds; the upper one is exclusive.
fn between(call: &Admitted<'_>, name: &str, time: Timestamp) -> bool {
    let bound =
        |end: &str| call.call.param(&format!("{name}_{end}")).and_then(|text| text.parse::<i64>().ok());
    bound("ge").is_none_or(|from| time.as_seconds() >= from)
        && bound("lt").is_none_or(|until| time.as_seconds() < until)
}
