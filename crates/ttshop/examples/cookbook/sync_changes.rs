//! Synchronise changes: every product that changed in a span of time, however many they are.

use std::time::Duration;

use ttshop::Client;
use ttshop::api::product::SearchProducts;
use ttshop_clock::{Clock as _, SystemClock};

use crate::Outcome;

pub(crate) async fn run(client: &Client) -> Outcome {
    let now = SystemClock::new().now();
    let last_month = now - Duration::from_secs(30 * 24 * 3_600)..now;
    let mut windows = client.windows(&SearchProducts::new(100), "update_time", last_month);
    while let Some(page) = windows.next().await {
        println!("{} products", page?.data.products.len());
        // Everything before this instant is read: a later run may begin here.
        println!("read until {:?}", windows.read_until());
    }
    Ok(())
}
