//! The page for people, without and with a browser.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::client::{Peer, frozen, quiet};

const TRANSITIONS: [&str; 9] = [
    "pay",
    "release",
    "ship",
    "collect",
    "deliver",
    "complete",
    "cancel",
    "request_cancel",
    "change_address",
];

#[tokio::test]
async fn the_page_offers_exactly_what_may_happen() {
    let peer = Peer::start(frozen().world(quiet())).await;
    let shop = peer.connection.shops[0].shop_id.clone();
    let path = format!("orders?limit=1&shop_id={shop}");
    for status in [
        "UNPAID",
        "ON_HOLD",
        "AWAITING_SHIPMENT",
        "AWAITING_COLLECTION",
        "IN_TRANSIT",
        "DELIVERED",
        "COMPLETED",
        "CANCELLED",
    ] {
        for transition in TRANSITIONS {
            let id = peer.place(1, status).await.remove(0);
            let newest = peer.control(Method::GET, &path, Value::Null).await["orders"][0].clone();
            assert_eq!((&newest["id"], &newest["status"]), (&json!(id), &json!(status)));
            let offered = newest["acts"].as_array().unwrap().contains(&json!(transition));
            let wanted = json!({ "actor": newest["cancel_by"] });
            let reply = peer.try_control(Method::POST, &format!("orders/{id}/{transition}"), wanted).await;
            assert_eq!(reply.status == 200, offered, "{transition} in {status}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline() {
    let peer = Peer::start(frozen()).await;
    for file in ["", "page.css", "page.js"] {
        let reply = peer.try_control(Method::GET, file, Value::Null).await;
        assert_eq!(reply.status, 200);
        assert!(
            reply
                .header("content-security-policy")
                .unwrap()
                .starts_with("default-src 'none'; script-src 'self'")
        );
        assert!(!reply.text.contains("http://") && !reply.text.contains("https://"), "{file}");
        assert!(!reply.text.contains(" onclick=") && !reply.text.contains("innerHTML"), "{file}");
    }
}

/// Clicks through the page like a person.
fn click_through(mut browser: Browser, url: &str) {
    browser.open(&format!("{url}/"));
    let rows = |selector: &str| format!("document.querySelectorAll('{selector} tr').length");
    assert_eq!(browser.value("document.querySelector('#world').value"), "default");
    assert_eq!(browser.value(&rows("#order-rows")), 8);

    browser.value("document.querySelector('#place').click()");
    browser.wait_for(&format!("{} === 9", rows("#order-rows")));
    let first = "document.querySelector('#order-rows tr')";
    assert_eq!(browser.value(&format!("{first}.cells[1].textContent")), "UNPAID");
    browser.value(&format!(
        "[...{first}.querySelectorAll('button')].find((it) => it.textContent === 'pay').click()"
    ));
    browser.wait_for(&format!("{first}.cells[1].textContent === 'ON_HOLD'"));
    browser.wait_for("document.querySelector('#delivery-counts').textContent.includes('created')");

    let before = browser.value("document.querySelector('#now').textContent");
    browser.value("document.querySelector('[data-seconds=\"3600\"]').click()");
    browser.wait_for(&format!("document.querySelector('#now').textContent !== {before}"));
    browser.wait_for(&format!("{first}.cells[1].textContent === 'AWAITING_SHIPMENT'"));

    browser.value("document.querySelector('#fault-kind').value = 'overload', document.querySelector('#fault button').click()");
    browser.wait_for(
        "document.querySelector('#fault-rows').textContent.includes('overload · every operation · 100 %')",
    );
    browser.value("document.querySelector('#fault-rows button').click()");
    browser.wait_for("document.querySelector('#fault-rows').textContent.includes('Nothing goes wrong')");

    browser.wait_for("document.querySelector('#call-rows').textContent.includes('Invalid')");
    assert_eq!(browser.value("document.querySelector('#notice').textContent"), "");

    browser.open(&format!("{url}/worlds/blue/"));
    assert_eq!(browser.value("document.querySelector('#world').value"), "blue");
    assert_eq!(browser.value(&rows("#order-rows")), 8, "another world");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_shows_the_world_and_moves_it() {
    let Some(browser) = tokio::task::spawn_blocking(Browser::find).await.unwrap() else {
        // Machines without a browser leave this to those that have one; `.ci/run` installs it.
        return;
    };
    let peer = Peer::start(frozen()).await;
    peer.control(Method::PUT, "app", json!({ "webhook_url": "http://127.0.0.1:9/hook" })).await;
    peer.control(Method::POST, "worlds", json!({ "name": "blue" })).await;
    let refused = peer.request(Method::POST, "/order/202309/orders/search").with(&[("page_size", "999")]);
    assert_eq!(peer.send(&refused).await.json()["code"], 36_009_004);
    let url = peer.connection.control_url.clone();
    tokio::task::spawn_blocking(move || click_through(browser, &url)).await.unwrap();
}
