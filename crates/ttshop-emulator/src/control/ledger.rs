//! What the platform and the bank do about a seller's money.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::money::Minor;
use crate::platform::Platform;
use crate::world::{OrderNo, PaymentNo};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Adjustment {
    shop_id: String,
    /// The platform's word, such as `PLATFORM_PENALTY`.
    #[serde(rename = "type")]
    kind: String,
    /// Taken from the seller if it is negative.
    amount: String,
    #[serde(default)]
    order_id: Option<String>,
}

/// `POST adjustments`
pub(super) fn adjust(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: Adjustment = request.json()?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_of(&wanted.shop_id, &world)?;
    let decimals = world.shops.get(&shop).map_or(2, |shop| shop.decimals());
    let (sign, digits) = match wanted.amount.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, wanted.amount.as_str()),
    };
    let amount = Minor::parse(digits, decimals).filter(|amount| amount.0 > 0);
    let amount = amount
        .ok_or_else(|| ControlError::Invalid("`amount` must be an amount such as \"-12.30\"".into()))?;
    let known = |order: &OrderNo| world.shops.get(&shop).is_some_and(|shop| shop.book.get(*order).is_some());
    let order = match &wanted.order_id {
        Some(id) => Some(id.parse().ok().filter(known).ok_or(ControlError::NotFound("order"))?),
        None => None,
    };
    let number = world.post_adjustment(shop, &wanted.kind, Minor(sign * amount.0), order, now);
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "transaction_id": number.map(|number| number.to_string()) }))
}

/// `POST payments/{id}/fail`
pub(super) fn fail_payment(id: &str, platform: &Platform) -> Result<Reply, ControlError> {
    let number: PaymentNo = id.parse().map_err(|_| ControlError::NotFound("payment"))?;
    let mut world = platform.world();
    let shop = world.shops.values().find(|shop| shop.ledger.payments.contains_key(&number));
    let shop = shop.map(|shop| shop.number).ok_or(ControlError::NotFound("payment"))?;
    if !world.fail_payment(shop, number) {
        return Err(ControlError::Conflict("only a payment under way can fail".into()));
    }
    ok(&json!({ "payment_id": id, "status": "FAILED" }))
}

/// `GET truth/ledger?shop_id=`: every transaction with its components.
pub(super) fn truth(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let world = platform.world();
    let shop = shop_of(&request.param("shop_id").unwrap_or_default(), &world)?;
    let Some(shop) = world.shops.get(&shop) else { return Err(ControlError::NotFound("shop")) };
    let transactions: Vec<Value> = shop
        .ledger
        .transactions
        .values()
        .map(|transaction| {
            let amounts = transaction.amounts();
            let components: Map<String, Value> = amounts
                .iter()
                .map(|(component, amount)| (component.name().to_owned(), json!(amount.text(shop.decimals()))))
                .collect();
            json!({
                "id": transaction.number.to_string(),
                "type": transaction.word(),
                "order_id": transaction.order.map(|order| order.to_string()),
                "create_time": transaction.created.as_seconds(),
                "statement_id": transaction.statement.map(|statement| statement.to_string()),
                "settlement_amount": amounts.settlement().text(shop.decimals()),
                "components": components,
            })
        })
        .collect();
    ok(&json!({ "currency": shop.currency(), "transactions": transactions }))
}
