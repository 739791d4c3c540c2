//! List orders: all that wait to be shipped, page by page.

use std::pin::pin;

use futures_util::TryStreamExt as _;
use ttshop::Client;
use ttshop::api::order::{OrderStatus, SearchOrders};

use crate::Outcome;

pub(crate) async fn run(client: &Client) -> Outcome {
    let waiting = SearchOrders::new().order_status(OrderStatus::AwaitingShipment).page_size(100);
    let mut orders = pin!(client.order().search_orders(waiting).items());
    while let Some(order) = orders.try_next().await? {
        println!("{:?} {:?}", order.id, order.status);
    }
    Ok(())
}
