//! What happens in a world by itself.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::RunningEmulator;

use crate::client::{Peer, frozen, quiet};

#[tokio::test]
async fn a_live_stream_brings_a_thousand_orders_in_two_minutes() {
    let peer = Peer::start(frozen()).await;
    let begun = peer.control(Method::POST, "scenario", json!({ "name": "live-spike" })).await;
    assert_eq!(begun["waiting"], 1_000);
    let counts = async |seconds: u64| {
        peer.control(Method::POST, "clock/advance", json!({ "seconds": seconds })).await;
        let scenario = peer.control(Method::GET, "scenario", Value::Null).await;
        let count = |name: &str| scenario[name].as_u64().unwrap();
        (count("waiting"), count("placed") + count("turned_away"), count("placed"))
    };
    let (waiting, came, placed) = counts(60).await;
    assert!((400..600).contains(&came) && waiting + came == 1_000, "{waiting} wait, {came} came");
    assert!(placed > 100, "{placed}");
    assert_eq!(counts(60).await.0, 0);
}

#[tokio::test]
async fn an_outage_comes_and_goes_also_across_a_snapshot() {
    let peer = Peer::start(frozen()).await;
    peer.control(Method::POST, "scenario", json!({ "name": "platform-outage" })).await;
    let snapshot = peer.control(Method::POST, "snapshot", Value::Null).await;
    peer.control(Method::POST, "restore", snapshot).await;
    for (seconds, kind) in [(299, None), (2, Some("html_bad_gateway")), (300, Some("overload")), (300, None)]
    {
        peer.control(Method::POST, "clock/advance", json!({ "seconds": seconds })).await;
        let faults = peer.control(Method::GET, "faults", Value::Null).await;
        assert_eq!(faults["rules"][0]["kind"], json!(kind));
    }
    for bad in [json!({}), json!({ "toml": "x" }), json!({ "name": "a", "toml": "b" })] {
        assert_eq!(peer.try_control(Method::POST, "scenario", bad).await.status, 400);
    }
    assert_eq!(peer.try_control(Method::POST, "scenario", json!({ "name": "nobody" })).await.status, 404);
}

#[tokio::test]
async fn every_shipped_scenario_plays_from_the_program_itself() {
    for name in RunningEmulator::shipped_scenarios() {
        let peer = Peer::start(frozen().world(quiet())).await;
        let file = RunningEmulator::shipped_scenario(name).unwrap();
        assert!(!peer.emulator.play(file).unwrap().is_empty(), "{name}");
        let state = peer.control(Method::GET, "scenario", Value::Null).await;
        assert!(state["waiting"].as_u64() > Some(0), "{name}: {state}");
    }
    let peer = Peer::start(frozen().world(quiet())).await;
    let refused = peer.emulator.play("title = 7").unwrap_err();
    assert!(refused.to_string().contains("title"), "{refused}");
}
