//! Handle errors: ask the error what to do; never read its text.

use ttshop::api::order::SearchOrders;
use ttshop::{Client, Retry};

use crate::Outcome;

pub(crate) async fn run(client: &Client) -> Outcome {
    let Err(error) = client.order().search_orders(SearchOrders::new()).await else { return Ok(()) };
    if error.needs_reauthorization() {
        println!("ask the seller to authorise again");
    }
    match error.retry() {
        Retry::After(wait) => println!("again in {} s", wait.as_secs()),
        Retry::CheckFirst => println!("it may have happened: read the state back"),
        Retry::Never => println!("the same call fails again"),
    }
    if let Some(advice) = error.advice() {
        println!("{:?} can help: {}", advice.actor, advice.remedy);
    }
    println!("for support: {:?}", error.request_id());
    Ok(())
}
