//! Fetch many: the details of any number of orders, each joined to its id.

use ttshop::Client;
use ttshop::api::order::GetOrderDetail;

use crate::Outcome;

pub(crate) async fn run(client: &Client, ids: &[String]) -> Outcome {
    let batch = client.batch(ids.iter().cloned(), GetOrderDetail::new);
    let orders = batch.find(|reply| reply.orders, |order| order.id.as_ref()).await;
    for (id, order) in orders.succeeded() {
        println!("{id}: {:?}", order.status);
    }
    for (id, error) in orders.failed() {
        println!("{id}: {error}");
    }
    Ok(())
}
