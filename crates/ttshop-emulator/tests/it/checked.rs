//! Calls whose answers are held to the catalogue.

use reqwest::Method;
use serde_json::Value;
use ttshop_catalogue::route;

use crate::client::Peer;
use crate::validator::{Rigour, findings_at};

/// `data` of a call that must succeed, with behaviour, and answer what the catalogue says. A body may be `Null`.
pub(crate) async fn checked(peer: &Peer, method: Method, path: &str, body: &Value) -> Value {
    checked_with(peer, method, path, &[], body).await
}

/// The same with query parameters.
pub(crate) async fn checked_with(
    peer: &Peer,
    method: Method,
    path: &str,
    params: &[(&str, &str)],
    body: &Value,
) -> Value {
    let mut request = peer.request(method.clone(), path).with(params);
    if !body.is_null() {
        request = request.body(body);
    }
    let reply = peer.send(&request).await;
    assert_eq!(reply.header("x-emulator-tier"), Some("stateful"), "{path}");
    let answer = reply.json();
    assert_eq!(answer["code"], 0, "{path}: {}", reply.text);
    let called = ttshop_catalogue::Method::parse(method.as_str());
    let (operation, _) = route(called.unwrap(), path).unwrap();
    let found = findings_at(peer.emulator.now(), operation.response, &answer["data"], Rigour::Types);
    assert!(found.is_empty(), "{method} {path}: {found:?}\n{}", reply.text);
    answer["data"].clone()
}

/// The code of any answer.
pub(crate) async fn code(peer: &Peer, method: Method, path: &str, body: &Value) -> i64 {
    let mut request = peer.request(method, path);
    if !body.is_null() {
        request = request.body(body);
    }
    peer.send(&request).await.json()["code"].as_i64().unwrap()
}
