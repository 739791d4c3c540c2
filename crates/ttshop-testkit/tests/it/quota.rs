//! The hub and what the platform permits.

use std::time::Duration;

use hub_engine::CallRate;
use serde_json::Value;
use ttshop_emulator::{SellerSpec, WorldSpec};
use ttshop_testkit::World;

const SHOPS: usize = 6;
/// Orders of each shop; each is announced on its own.
const ORDERS: u32 = 60;
/// The platform's code for too many calls.
const THROTTLED: &str = "36009002";

fn several_shops() -> WorldSpec {
    let british = WorldSpec::two_shops().sellers.swap_remove(1);
    let seller = |number| {
        let mut seller = SellerSpec { name: format!("Seller {number}"), ..british.clone() };
        seller.shops[0].name = format!("Shop {number}");
        seller
    };
    WorldSpec { sellers: (1..=SHOPS).map(seller).collect(), ..WorldSpec::two_shops() }
}

/// The platform's answers by code, after a cold start, a backfill, and orders that come and change as fast as they can.
async fn answers(quota: u32, rate: CallRate) -> Value {
    let world = World::builder().world(several_shops()).quota(quota).call_rate(rate);
    let world = world.sweep_every(Duration::from_secs(1)).start().await.unwrap();
    let shops = world.shop_ids();
    assert_eq!(shops.len(), SHOPS);
    for _ in 0..ORDERS / 10 {
        for shop in &shops {
            for order in world.control().place(shop, 10, "UNPAID").await.unwrap() {
                world.control().act(&order, "pay").await.unwrap();
            }
        }
    }
    world.converge().await.unwrap();
    let answers = world.control().get("journal?limit=1").await.unwrap()["by_code"].clone();
    println!("quota {quota}, {rate:?}: {answers}");
    world.shutdown().await.unwrap();
    answers
}

#[tokio::test]
async fn the_hub_as_it_comes_stays_within_the_platforms_default_from_a_cold_start() {
    let answers = answers(50, CallRate::default()).await;
    assert_eq!(answers.get(THROTTLED), None);
}

#[tokio::test]
async fn the_hub_never_exceeds_a_ceiling_that_it_knows() {
    let rate = CallRate { start_per_second: 4, ceiling_per_second: 4 };
    let answers = answers(4, rate).await;
    assert_eq!(answers.get(THROTTLED), None);
}

#[tokio::test]
async fn a_hub_that_expects_too_much_is_refused_and_converges_all_the_same() {
    let answers = answers(4, CallRate::default()).await;
    assert!(answers[THROTTLED].as_u64().unwrap() > 0, "nothing was refused: the other tests prove nothing");
}
