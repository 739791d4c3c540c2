//! Statements and what they collect.

use serde_json::{Map, Value, json};

use crate::family::data;
use crate::family::finance::fill::{Named, fill, items};
use crate::family::finance::{between, shop, sorted_by};
use crate::family::page::{Wanted, page};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::ledger::{Ledger, Payment, PaymentStatus, Share, Statement, Transaction, TransactionKind};
use crate::world::{OrderNo, Shop, StatementNo, World};

pub(super) const PAGE_SIZE_DEFAULT: usize = 20;

/// `GET /finance/202309/statements`
pub(super) fn get_statements(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    sorted_by(call, "statement_time")?;
    let status = call.call.param("payment_status").filter(|status| *status != "All");
    let rows = shop
        .ledger
        .statements
        .values()
        .filter(|it| between(call, "statement_time", it.time))
        .filter(|it| status.is_none_or(|status| payment_status(&shop.ledger, it) == status))
        .map(|it| ((it.time.as_seconds(), it.number.0), it))
        .collect();
    let search = format!("statements|{}", search_text(call));
    let page = page(rows, Wanted::of_query(call, PAGE_SIZE_DEFAULT), &search, call, world)?;
    let statements: Vec<Value> = page.rows.iter().map(|it| statement_view(shop, it)).collect();
    Ok(data(&json!({ "statements": statements, "next_page_token": page.next })))
}

fn statement_view(shop: &Shop, statement: &Statement) -> Value {
    let named = Named::of(&shop.ledger.statement_amounts(statement), shop.decimals());
    let payment = payment(&shop.ledger, statement);
    let paid = payment.filter(|payment| payment.status == PaymentStatus::Paid);
    let mut view = json!({
        "id": statement.number.to_string(),
        "statement_time": statement.time.as_seconds(),
        "currency": shop.currency(),
        "payment_status": payment_status(&shop.ledger, statement),
    });
    let sums = [
        "settlement_amount",
        "revenue_amount",
        "fee_amount",
        "adjustment_amount",
        "net_sales_amount",
        "shipping_cost_amount",
    ];
    for name in sums {
        view[name] = named.text(name);
    }
    if let Some(payment) = payment {
        view["payment_id"] = payment.number.to_string().into();
    }
    if let Some(payment) = paid {
        view["payment_time"] = payment.due.as_seconds().into();
    }
    view
}

fn payment<'a>(ledger: &'a Ledger, statement: &Statement) -> Option<&'a Payment> {
    ledger.payments.get(&statement.payment?)
}

/// A statement that no payment pays yet is being processed.
fn payment_status(ledger: &Ledger, statement: &Statement) -> &'static str {
    payment(ledger, statement).map_or(PaymentStatus::Processing, |payment| payment.status).as_str()
}

/// `GET /finance/{202309,202501}/statements/{statement_id}/statement_transactions`
pub(super) fn get_transactions_by_statement(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    sorted_by(call, "order_create_time")?;
    let id = call.path_params.get("statement_id").and_then(|id| id.parse::<StatementNo>().ok());
    let statement = id.and_then(|number| shop.ledger.statements.get(&number));
    let statement = statement
        .ok_or_else(|| Refusal::parameter("Invalid parameter 'statement_id'. There is no such statement."))?;
    let rows = shop.ledger.of_statement(statement);
    let rows = rows.map(|it| ((order_created(shop, it), it.number.0), it)).collect();
    let search = format!("statement|{}", statement.number);
    let page = page(rows, Wanted::of_query(call, PAGE_SIZE_DEFAULT), &search, call, world)?;
    let named = Named::of(&shop.ledger.statement_amounts(statement), shop.decimals());
    let older = call.operation.version == "202309";
    let list = if older { "statement_transactions" } else { "transactions" };
    let schema = items(call.operation.response, list);
    let rows = page.rows.iter().map(|it| {
        let given = transaction_fields(shop, it, older);
        fill(schema, given, &Named::of(&it.amounts(), shop.decimals()))
    });
    let mut answer = json!({
        "next_page_token": page.next, "total_count": page.total, "currency": shop.currency(),
    });
    answer[list] = rows.collect::<Vec<_>>().into();
    let head = if older {
        json!({
            "statement_id": statement.number.to_string(), "statement_time": statement.time.as_seconds(),
            "settlement_amount": named.text("settlement_amount"), "revenue_amount": named.text("revenue_amount"),
            "fee_amount": named.text("fee_amount"), "adjustment_amount": named.text("adjustment_amount"),
            "net_sales_amount": named.text("net_sales_amount"),
            "shipping_cost_amount": named.text("shipping_cost_amount"),
        })
    } else {
        json!({
            "id": statement.number.to_string(), "create_time": statement.time.as_seconds(), "status": "SETTLED",
            "payable_amount": named.text("settlement_amount"), "total_reserve_amount": named.text("reserve_amount"),
            "total_settlement_amount": named.text("settlement_amount"),
            "total_settlement_breakdown": {
                "total_revenue_amount": named.text("revenue_amount"),
                "total_shipping_cost_amount": named.text("shipping_cost_amount"),
                "total_fee_tax_amount": named.text("fee_tax_amount"),
                "total_adjustment_amount": named.text("adjustment_amount"),
            },
        })
    };
    if let (Some(answer), Value::Object(head)) = (answer.as_object_mut(), head) {
        answer.extend(head);
    }
    Ok(data(&answer))
}

/// Everything of a transaction that is no amount; null where there is nothing to say.
fn transaction_fields(shop: &Shop, transaction: &Transaction, older: bool) -> Map<String, Value> {
    let order = transaction.order.map(|order| order.to_string());
    let adjusts = matches!(transaction.kind, TransactionKind::Adjustment(_));
    let created = transaction.order.map(|_| order_created(shop, transaction));
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.into(), value);
    put("id", transaction.number.to_string().into());
    put("currency", shop.currency().into());
    put("type", if older && !adjusts { Value::Null } else { transaction.word().into() });
    put("order_id", if adjusts { Value::Null } else { order.clone().into() });
    put("order_create_time", if adjusts { Value::Null } else { created.into() });
    put("adjustment_id", if adjusts { transaction.number.to_string().into() } else { Value::Null });
    put("adjustment_order_id", if adjusts { order.into() } else { Value::Null });
    for none in
        ["reserve_id", "reserve_amount", "associated_order_id", "reserve_status", "estimated_release_time"]
    {
        put(none, Value::Null);
    }
    if !older {
        put("currency", Value::Null);
    }
    fields
}

/// `GET /finance/202309/orders/{order_id}/statement_transactions`
pub(super) fn get_transactions_by_order(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let order = order_of_path(call, shop)?;
    let schema = items(call.operation.response, "statement_transactions");
    let sku_schema = items(schema, "sku_statement_transactions");
    let settled = settled(shop, order);
    let rows: Vec<Value> = settled
        .iter()
        .map(|(transaction, statement)| {
            let skus: Vec<Value> = transaction
                .shares
                .iter()
                .map(|share| {
                    let mut given = share_fields(shop, share);
                    given.insert("currency".into(), shop.currency().into());
                    given.insert("quantity".into(), share.quantity.into());
                    fill(sku_schema, given, &Named::of(&share.amounts, shop.decimals()))
                })
                .collect();
            let mut given = Map::new();
            given.insert("id".into(), transaction.number.to_string().into());
            given.insert("currency".into(), shop.currency().into());
            given.insert("status".into(), "SETTLED".into());
            given.insert("statement_id".into(), statement.number.to_string().into());
            given.insert("statement_time".into(), statement.time.as_seconds().into());
            given.insert("sku_statement_transactions".into(), skus.into());
            fill(schema, given, &Named::of(&transaction.amounts(), shop.decimals()))
        })
        .collect();
    let answer = json!({
        "order_id": order.to_string(),
        "order_create_time": shop.book.get(order).map(|order| order.created.as_seconds()),
        "statement_transactions": rows,
    });
    Ok(data(&answer))
}

/// `GET /finance/202501/orders/{order_id}/statement_transactions`
pub(super) fn get_sku_transactions_by_order(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let order = order_of_path(call, shop)?;
    let schema = items(call.operation.response, "sku_transactions");
    let settled = settled(shop, order);
    let mut sum = crate::world::ledger::Amounts::default();
    let mut rows: Vec<Value> = Vec::new();
    for (transaction, statement) in &settled {
        for share in &transaction.shares {
            sum.add_all(&share.amounts);
            let mut given = share_fields(shop, share);
            given.insert("quantity".into(), share.quantity.to_string().into());
            given.insert("statement_id".into(), statement.number.to_string().into());
            rows.push(fill(schema, given, &Named::of(&share.amounts, shop.decimals())));
        }
    }
    let named = Named::of(&sum, shop.decimals());
    let mut answer = json!({
        "order_id": order.to_string(),
        "order_create_time": shop.book.get(order).map(|order| order.created.as_seconds()),
        "currency": shop.currency(),
        "total_count": rows.len(),
        "sku_transactions": rows,
    });
    for name in ["revenue_amount", "fee_and_tax_amount", "shipping_cost_amount", "settlement_amount"] {
        answer[name] = named.text(name);
    }
    Ok(data(&answer))
}

/// Sales and refunds of an order that a statement has collected; before that there are none.
fn settled(shop: &Shop, order: OrderNo) -> Vec<(&Transaction, &Statement)> {
    let all = shop.ledger.of_order(order);
    let own = all.filter(|it| !matches!(it.kind, TransactionKind::Adjustment(_)));
    own.filter_map(|it| Some((it, shop.ledger.statements.get(&it.statement?)?))).collect()
}

fn share_fields(shop: &Shop, share: &Share) -> Map<String, Value> {
    let (product, sku) = (shop.product(share.product), shop.sku(share.product, share.sku));
    let mut fields = Map::new();
    fields.insert("sku_id".into(), sku.number.to_string().into());
    fields.insert("sku_name".into(), sku.name.clone().into());
    fields.insert("product_name".into(), product.name.clone().into());
    fields
}

fn order_of_path(call: &Admitted<'_>, shop: &Shop) -> Result<OrderNo, Refusal> {
    let order = call.path_params.get("order_id").and_then(|id| id.parse::<OrderNo>().ok());
    let known = order.filter(|order| shop.book.get(*order).is_some());
    known.ok_or_else(|| Refusal::parameter("Invalid parameter 'order_id'. There is no such order."))
}

fn order_created(shop: &Shop, transaction: &Transaction) -> i64 {
    let order = transaction.order.and_then(|order| shop.book.get(order));
    order.map_or(transaction.created, |order| order.created).as_seconds()
}

/// What is searched for: the query without its page.
pub(super) fn search_text(call: &Admitted<'_>) -> String {
    let aside = ["page_token", "page_size", "sign", "timestamp"];
    let mut params: Vec<_> =
        call.call.params.iter().filter(|(name, _)| !aside.contains(&name.as_ref())).collect();
    params.sort_unstable();
    format!("{params:?}")
}
