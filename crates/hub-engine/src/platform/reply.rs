//! Reading replies without giving up their bytes.

use serde::Deserialize;
use serde_json::value::RawValue;
use ttshop_types::{OrderId, RequestId, Timestamp, UnixSeconds};

use crate::platform::{FoundOrder, FoundOrders, PlatformError, RawOrder};

/// Cuts the `data` of an order reply into orders, each with its own bytes.
pub(crate) fn read_orders(operation: &'static str, data: &[u8]) -> Result<Vec<RawOrder>, PlatformError> {
    let page: OrdersData<'_> = read(operation, data)?;
    // An order without an id is left out; whoever asked for it finds it missing, and its neighbours go on.
    Ok(page
        .orders
        .unwrap_or_default()
        .into_iter()
        .filter_map(|raw| read_order(operation, raw).ok())
        .collect())
}

/// Reads the `data` of an order search.
pub(crate) fn read_found_orders(
    operation: &'static str,
    request_id: RequestId,
    data: &[u8],
) -> Result<FoundOrders, PlatformError> {
    let page: SearchData = read(operation, data)?;
    let found = |order: FoundData| FoundOrder {
        id: order.id,
        updated_at: Timestamp::from(order.update_time),
        status: order.status,
    };
    Ok(FoundOrders {
        request_id,
        orders: page.orders.unwrap_or_default().into_iter().map(found).collect(),
        total_count: page.total_count,
        next_page_token: page.next_page_token.filter(|token| !token.is_empty()),
    })
}

fn read_order(operation: &'static str, raw: &RawValue) -> Result<RawOrder, PlatformError> {
    let named: Named = read(operation, raw.get().as_bytes())?;
    Ok(RawOrder { id: named.id, raw: raw.get().as_bytes().to_vec() })
}

/// The parser's words are left out: they may quote a buyer.
fn read<'a, T: Deserialize<'a>>(operation: &'static str, data: &'a [u8]) -> Result<T, PlatformError> {
    serde_json::from_slice(data).map_err(|error| {
        let what = format!("the reply does not read at line {} column {}", error.line(), error.column());
        PlatformError::unreadable(operation, what)
    })
}

#[derive(Deserialize)]
struct OrdersData<'a> {
    #[serde(borrow, default)]
    orders: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Named {
    id: OrderId,
}

#[derive(Deserialize)]
struct SearchData {
    #[serde(default)]
    orders: Option<Vec<FoundData>>,
    #[serde(default)]
    total_count: Option<u64>,
    #[serde(default)]
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct FoundData {
    id: OrderId,
    update_time: UnixSeconds,
    #[serde(default)]
    status: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_keeps_its_bytes() {
        let data = br#"{"orders":[{"id":"1", "total" : 1.50},{"id":2}],"new":[]}"#;
        let orders = read_orders("order.get_order_detail", data).unwrap();
        assert_eq!(orders[0].raw, br#"{"id":"1", "total" : 1.50}"#);
        assert_eq!(orders[1].id.as_str(), "2");
        assert!(read_orders("order.get_order_detail", b"{}").unwrap().is_empty());
        let data = br#"{"orders":[{"status":"UNPAID"},{"id":"2"},7]}"#;
        assert_eq!(read_orders("order.get_order_detail", data).unwrap().len(), 1);
    }

    #[test]
    fn errors_quote_no_buyer() {
        let error = read_orders("order.get_order_detail", br#"{"orders":"Jane Smith"}"#).unwrap_err();
        assert!(!error.to_string().contains("Jane"));
        assert_eq!(error.code(), crate::HubCode::PlatformAnswerUnreadable);
    }

    #[test]
    fn an_empty_token_ends_a_search() {
        let data = br#"{"orders":[{"id":"1","update_time":7}],"next_page_token":"","total_count":1}"#;
        let found = read_found_orders("order.search_orders", RequestId::from("r"), data).unwrap();
        assert_eq!(
            found.orders,
            [FoundOrder { id: OrderId::from("1"), updated_at: Timestamp::from_seconds(7), status: None }]
        );
        assert_eq!((found.total_count, found.next_page_token), (Some(1), None));
    }
}
