//! Payments, withdrawals and the seller's tax information.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::finance::statements::{PAGE_SIZE_DEFAULT, search_text};
use crate::family::finance::{between, shop, sorted_by};
use crate::family::page::{Wanted, page};
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::Minor;
use crate::world::ledger::{Payment, PaymentStatus};
use crate::world::{Shop, World};

/// `GET /finance/{202309,202605}/payments`
pub(super) fn get_payments(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    sorted_by(call, "create_time")?;
    let rows = shop
        .ledger
        .payments
        .values()
        .filter(|it| between(call, "create_time", it.created))
        .map(|it| ((it.created.as_seconds(), it.number.0), it))
        .collect();
    let search = format!("payments|{}", search_text(call));
    let page = page(rows, Wanted::of_query(call, PAGE_SIZE_DEFAULT), &search, call, world)?;
    let older = call.operation.version == "202309";
    let payments: Vec<Value> = page.rows.iter().map(|it| payment_view(shop, it, older)).collect();
    Ok(data(&json!({ "payments": payments, "next_page_token": page.next })))
}

fn payment_view(shop: &Shop, payment: &Payment, older: bool) -> Value {
    let money = |amount: Minor| json!({ "value": amount.text(shop.decimals()), "currency": shop.currency() });
    let amount = shop.ledger.payment_amount(payment);
    let mut view = json!({
        "id": payment.number.to_string(),
        "create_time": payment.created.as_seconds(),
        "status": payment.status.as_str(),
        "amount": money(amount),
        "settlement_amount": money(amount),
        "payment_amount_before_exchange": money(amount),
        "exchange_rate": "1",
        "bank_account": BANK_ACCOUNT,
    });
    if older {
        view["reserve_amount"] = money(Minor(0));
    }
    if payment.status == PaymentStatus::Paid {
        view["paid_time"] = payment.due.as_seconds().into();
    }
    view
}

const BANK_ACCOUNT: &str = "************0001";

/// `GET /finance/202309/withdrawals`
pub(super) fn get_withdrawals(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let types: Vec<&str> = call.call.param("types").unwrap_or_default().split(',').map(str::trim).collect();
    let word = |settles: bool| if settles { "SETTLE" } else { "WITHDRAW" };
    let rows = shop
        .ledger
        .withdrawals
        .iter()
        .filter(|it| types.contains(&word(it.settles)) && between(call, "create_time", it.created))
        .map(|it| ((it.created.as_seconds(), it.number.0), it))
        .collect();
    let search = format!("withdrawals|{}", search_text(call));
    let page = page(rows, Wanted::of_query(call, PAGE_SIZE_DEFAULT), &search, call, world)?;
    let shown: Vec<Value> = page
        .rows
        .iter()
        .map(|it| {
            let payment = shop.ledger.payments.get(&it.payment);
            let amount = payment.map_or(Minor(0), |payment| shop.ledger.payment_amount(payment));
            json!({
                "id": it.number.to_string(),
                "type": word(it.settles),
                "amount": amount.text(shop.decimals()),
                "currency": shop.currency(),
                "status": "SUCCESS",
                "create_time": it.created.as_seconds(),
            })
        })
        .collect();
    Ok(data(&json!({ "withdrawals": shown, "total_count": page.total, "next_page_token": page.next })))
}
