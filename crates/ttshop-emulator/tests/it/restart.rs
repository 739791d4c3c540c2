//! Worlds that outlive their process.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::{Emulator, SnapshotError, StartError};

use crate::client::{Peer, frozen};

#[tokio::test]
async fn a_saved_world_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let builder = || frozen().data_dir(Some(directory.path().into()));
    let peer = Peer::start(builder()).await;
    let id = peer.place(1, "ON_HOLD").await.remove(0);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 60 })).await;
    let before = peer.control(Method::GET, "state", Value::Null).await;
    let (now, connection) = (peer.emulator.now(), peer.connection.clone());
    peer.emulator.shutdown().await.unwrap();

    let peer = Peer::start(builder()).await;
    assert_eq!(peer.emulator.now(), now);
    assert_eq!(peer.connection.shops, connection.shops);
    let mut after = peer.control(Method::GET, "state", Value::Null).await;
    after["calls"] = before["calls"].clone();
    assert_eq!(after, before);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 3_600 })).await;
    let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", &id)]);
    assert_eq!(peer.data(&detail).await["orders"][0]["status"], "AWAITING_SHIPMENT", "clocks survive");
    let fresh = peer.place(1, "UNPAID").await.remove(0);
    assert_ne!(fresh, id, "ids are never minted twice");
}

#[tokio::test]
async fn a_snapshot_restores_what_was() {
    let peer = Peer::start(frozen()).await;
    let snapshot = peer.control(Method::POST, "snapshot", Value::Null).await;
    peer.place(5, "UNPAID").await;
    peer.control(Method::POST, "restore", snapshot).await;
    let state = peer.control(Method::GET, "state", Value::Null).await;
    assert_eq!(state["shops"][0]["orders"]["UNPAID"], 1);
}

async fn start_error(contents: &str) -> StartError {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("emulator.json"), contents).unwrap();
    Emulator::builder().data_dir(Some(directory.path().into())).start().await.unwrap_err()
}

#[tokio::test]
async fn a_damaged_world_is_refused_with_a_reason() {
    for contents in ["", "{", "[]", "{\"version\":3,\"taken_at_ms\":0,\"world\":{}}", &"[".repeat(100_000)] {
        let error = start_error(contents).await;
        assert!(matches!(error, StartError::Snapshot(SnapshotError::Damaged(_))), "{error:?}");
    }
    let newer = start_error("{\"version\":4,\"taken_at_ms\":0,\"world\":{\"new\":1}}").await;
    assert_eq!(newer.to_string(), "the snapshot has version 4, this emulator reads version 3");
}

#[tokio::test]
async fn a_world_that_contradicts_itself_is_refused() {
    let peer = Peer::start(frozen()).await;
    let snapshot = peer.control(Method::POST, "snapshot", Value::Null).await;
    let shop = snapshot["world"]["shops"].as_object().unwrap().keys().next().unwrap().clone();
    let tampered = |change: &dyn Fn(&mut Value)| {
        let mut snapshot = snapshot.clone();
        change(&mut snapshot["world"]);
        snapshot
    };
    for broken in [
        tampered(&|world| world["apps"] = json!([])),
        tampered(&|world| world["sellers"] = json!({})),
        tampered(&|world| world["shops"][&shop]["products"] = json!([])),
        tampered(&|world| world["shops"][&shop]["book"][0]["lines"][0]["package"] = json!(9)),
        tampered(&|world| world["grants"]["grants"] = json!([])),
        tampered(&|world| world["chance"]["dice"]["word"] = json!("x")),
    ] {
        let reply = peer.try_control(Method::POST, "restore", broken).await;
        assert_eq!(reply.status, 400, "{}", reply.text);
        assert!(reply.json()["error"].as_str().unwrap().contains("snapshot"));
    }
}
