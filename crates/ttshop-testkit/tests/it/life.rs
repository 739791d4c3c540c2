//! The whole life of one order.

use std::time::Duration;

use ttshop_testkit::World;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// What the sink was told about one order, in order.
fn story(world: &World, order_id: &str) -> Vec<(String, String)> {
    let events = world.sink.events();
    let told = events.iter().filter(|event| event.body["data"]["id"] == order_id);
    told.map(|event| {
        let status = event.body["data"]["status"]["platform_status"].as_str().unwrap_or_default();
        (event.body["type"].as_str().unwrap_or_default().to_owned(), status.to_owned())
    })
    .collect()
}

#[tokio::test]
async fn mirror_and_events_follow_an_order_from_placement_to_completion() {
    let world = World::builder().seed(11).in_virtual_time().start().await.unwrap();
    let shop = world.platform.shop("GB").unwrap().shop_id;
    let order = world.control().place(&shop, 1, "UNPAID").await.unwrap().remove(0);
    world.converge().await.unwrap();
    let mut expected = vec![("order.created".to_owned(), "UNPAID".to_owned())];
    assert_eq!(story(&world, &order), expected);

    let steps = [
        ("pay", Duration::ZERO, "ON_HOLD"),
        // The remorse window ends by itself.
        ("", HOUR + Duration::from_secs(1), "AWAITING_SHIPMENT"),
        ("ship", Duration::ZERO, "AWAITING_COLLECTION"),
        ("collect", 5 * HOUR, "IN_TRANSIT"),
        ("deliver", 48 * HOUR, "DELIVERED"),
        ("complete", Duration::ZERO, "COMPLETED"),
    ];
    for (act, later, status) in steps {
        world.platform.emulator.advance(later).await;
        if !act.is_empty() {
            world.control().act(&order, act).await.unwrap();
        }
        world.converge().await.unwrap();
        expected.push(("order.updated".to_owned(), status.to_owned()));
        assert_eq!(story(&world, &order), expected);
        assert_eq!(world.mirror(&shop).await.unwrap()[&order].0, status);
    }
    assert_eq!(world.sink.forged(), 0);
    world.shutdown().await.unwrap();
}
