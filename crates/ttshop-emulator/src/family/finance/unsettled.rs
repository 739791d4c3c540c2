//! `GET /finance/202507/orders/unsettled`: what is still to come.

use serde_json::{Map, Value, json};
use ttshop_types::Timestamp;

use crate::family::data;
use crate::family::finance::fill::{Named, fill, items};
use crate::family::finance::statements::{PAGE_SIZE_DEFAULT, search_text};
use crate::family::finance::{shop, sorted_by};
use crate::family::page::{Wanted, page};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::book::{OrderFilter, PageRequest, SortField};
use crate::world::ledger::{Amounts, TransactionKind, sale};
use crate::world::order::{Order, OrderStatus};
use crate::world::{Shop, World};

/// Paid and not delivered: what such an order will bring is only estimated.
const ON_THE_WAY: [OrderStatus; 5] = [
    OrderStatus::OnHold,
    OrderStatus::AwaitingShipment,
    OrderStatus::PartiallyShipping,
    OrderStatus::AwaitingCollection,
    OrderStatus::InTransit,
];

struct Row {
    created: i64,
    id: u64,
    amounts: Amounts,
    given: Map<String, Value>,
}

pub(super) fn get_unsettled_transactions(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    sorted_by(call, "order_create_time")?;
    let bound = |name: &str| call.call.param(name).and_then(|text| text.parse::<i64>().ok());
    let (from, until) = (bound("search_time_ge"), bound("search_time_lt"));
    let rows: Vec<Row> = waiting(shop)
        .into_iter()
        .chain(estimated(shop))
        .filter(|row| from.is_none_or(|from| row.created >= from))
        .filter(|row| until.is_none_or(|until| row.created < until))
        .collect();
    let mut sum = Amounts::default();
    rows.iter().for_each(|row| sum.add_all(&row.amounts));
    let keyed = rows.into_iter().map(|row| ((row.created, row.id), row)).collect();
    let search = format!("unsettled|{}", search_text(call));
    let page = page(keyed, Wanted::of_query(call, PAGE_SIZE_DEFAULT), &search, call, world)?;
    let schema = items(call.operation.response, "transactions");
    let decimals = shop.decimals();
    let shown: Vec<Value> = page
        .rows
        .into_iter()
        .map(|row| fill(schema, row.given, &Named::of(&row.amounts, decimals)))
        .collect();
    let total = Named::of(&sum, decimals);
    let answer = json!({
        "transactions": shown,
        "total_count": page.total,
        "next_page_token": page.next,
        "sum_est_settlement_amount": total.text("settlement_amount"),
        "sum_est_revenue_amount": total.text("revenue_amount"),
        "sum_est_adjustment_amount": total.text("adjustment_amount"),
        "sum_est_fee_amount": total.text("fee_amount"),
    });
    Ok(data(&answer))
}

/// Transactions that no statement has collected.
fn waiting(shop: &Shop) -> Vec<Row> {
    let row = |transaction: &crate::world::ledger::Transaction| {
        let order = transaction.order.and_then(|order| shop.book.get(order));
        let adjusts = matches!(transaction.kind, TransactionKind::Adjustment(_));
        let created = order.map_or(transaction.created, |order| order.created).as_seconds();
        let mut given = given(shop, order, &transaction.number.to_string(), "WAITING_FOR_SETTLEMENT");
        given.insert("type".into(), transaction.word().into());
        given.insert("estimated_settlement".into(), transaction.settles.as_seconds().to_string().into());
        if adjusts {
            let order = given.insert("order_id".into(), Value::Null).unwrap_or_default();
            given.insert("adjustment_order_id".into(), order);
            given.insert("adjustment_id".into(), transaction.number.to_string().into());
        }
        Row { created, id: transaction.number.0, amounts: transaction.amounts(), given }
    };
    shop.ledger.open().map(row).collect()
}

/// Orders that are not delivered yet.
fn estimated(shop: &Shop) -> Vec<Row> {
    let page =
        PageRequest { field: SortField::Created, descending: false, after: None, size: usize::MAX / 2 };
    let mut rows = Vec::new();
    for status in ON_THE_WAY {
        let filter = OrderFilter { status: Some(status), ..OrderFilter::default() };
        let all = PageRequest { size: shop.book.count(&filter, SortField::Created), ..page };
        for order in shop.book.search(&filter, all).orders {
            let mut amounts = Amounts::default();
            sale(order, &shop.region).iter().for_each(|share| amounts.add_all(&share.amounts));
            let mut given =
                given(shop, Some(order), &order.number.to_string(), "WAITING_FOR_PACKAGE_DELIVERY");
            given.insert("type".into(), "ORDER".into());
            given.insert("estimated_settlement".into(), Value::Null);
            rows.push(Row { created: order.created.as_seconds(), id: order.number.0, amounts, given });
        }
    }
    rows
}

/// Everything of a row that is no amount; null where there is nothing to say.
fn given(shop: &Shop, order: Option<&Order>, id: &str, reason: &str) -> Map<String, Value> {
    let delivered = order.and_then(|order| order.times.delivered).map(Timestamp::as_seconds);
    let entries = [
        ("id", id.into()),
        ("status", "UNSETTLED".into()),
        ("currency", shop.currency().into()),
        ("unsettled_reason", reason.into()),
        ("order_id", order.map(|order| order.number.to_string()).into()),
        ("order_create_time", order.map(|order| order.created.as_seconds()).into()),
        ("order_delivery_time", delivered.into()),
        ("adjustment_id", Value::Null),
        ("adjustment_order_id", Value::Null),
    ];
    entries.into_iter().map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect()
}
