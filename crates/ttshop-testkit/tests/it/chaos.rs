//! A platform that loses, repeats and reorders what it announces.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use ttshop_testkit::{TakenEvent, World};

/// Orders of each shop.
const ORDERS: u32 = 60;
/// Orders of each shop that are not announced at all.
const UNHEARD: u32 = 5;

async fn converges(seed: u64) {
    println!("seed {seed}");
    let world = World::builder().seed(seed).sweep_every(Duration::from_secs(1)).start().await.unwrap();
    world.converge().await.unwrap();
    let first_reports = world.sweep_reports().await.unwrap().len();
    let chaos = json!({"lose_percent": 20, "duplicate_percent": 20, "reorder_percent": 100, "reorder_window_ms": 400});
    world.control().put("webhook_chaos", &chaos).await.unwrap();
    let mut orders = Vec::new();
    for shop in world.shop_ids() {
        orders.extend(world.control().place(&shop, ORDERS, "UNPAID").await.unwrap());
    }
    for (number, order) in orders.iter().enumerate() {
        let acts: &[&str] = [&["pay"][..], &["pay", "release"], &["cancel"], &[]][number % 4];
        for act in acts {
            world.control().act(order, act).await.unwrap();
        }
    }
    world.converge().await.unwrap();
    // Of these nothing is announced at all: only a sweep can find them.
    world.control().put("webhook_chaos", &json!({"lose_percent": 100})).await.unwrap();
    for shop in world.shop_ids() {
        world.control().place(&shop, UNHEARD, "UNPAID").await.unwrap();
    }
    world.platform.emulator.settle().await;
    world.converge().await.unwrap();

    let counts = world.control().get("deliveries?limit=1").await.unwrap()["counts"].clone();
    let reports = world.sweep_reports().await.unwrap();
    let later = &reports[..reports.len() - first_reports];
    let repaired: u64 = later.iter().map(|report| report.repaired()).sum();
    println!("seed {seed}: the emulator says {counts}; {} later sweeps repaired {repaired}", later.len());
    assert!(counts["lost"].as_u64().unwrap() > 0, "nothing was lost: the test proves nothing");
    assert!(counts["duplicated"].as_u64().unwrap() > 0, "nothing was repeated: the test proves nothing");
    assert!(
        repaired >= u64::from(2 * UNHEARD),
        "orders were lost and no report says that they were repaired"
    );
    let events = world.sink.events();
    let unique: BTreeSet<_> = events.iter().map(|event| &event.id).collect();
    assert_eq!(unique.len(), events.len(), "an event was told twice");
    let created = events.iter().filter(|event| event.body["type"] == "order.created").count();
    // Notifications of other things are passed on without an order's id.
    let of_order =
        |event: &&TakenEvent| event.body["type"].as_str().is_some_and(|kind| kind.starts_with("order."));
    let orders = events.iter().filter(of_order).map(|event| event.body["data"]["id"].to_string());
    let mirrored: BTreeSet<_> = orders.collect();
    assert_eq!(created, mirrored.len(), "an order was created twice, or never");
    world.shutdown().await.unwrap();
}

#[tokio::test]
async fn the_mirror_converges_and_the_sweeps_say_what_they_repaired_seed_1() {
    converges(1).await;
}

#[tokio::test]
async fn the_mirror_converges_and_the_sweeps_say_what_they_repaired_seed_2() {
    converges(2).await;
}

#[tokio::test]
async fn the_mirror_converges_and_the_sweeps_say_what_they_repaired_seed_3() {
    converges(3).await;
}
