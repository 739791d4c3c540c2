//! Connecting with a browser.

use crate::fixture::RunningHub;

#[tokio::test]
async fn a_browser_connects_a_shop() {
    let hub = RunningHub::start().await;
    let page = hub.connect().await;
    assert!(page.contains("<h1>Connected</h1>") && page.contains("Shop &amp; Co (GB, 7494)"), "{page}");
    assert!(page.contains("&lt;b&gt;Example&lt;/b&gt;") && !page.contains("<b>"), "{page}");
    let registered = hub.platform.webhooks();
    assert_eq!(registered.len(), 7);
    assert!(registered[0].contains("/webhooks/main") && registered[0].contains("ORDER_STATUS_CHANGE"));
    hub.stop().await;
}

#[tokio::test]
async fn the_way_to_the_consent_page_is_private() {
    let hub = RunningHub::start().await;
    let begun = hub.client.get(hub.url("/connect/main")).send().await.unwrap();
    assert_eq!(begun.status().as_u16(), 303);
    let headers = begun.headers();
    assert!(
        headers["location"]
            .to_str()
            .unwrap()
            .starts_with("http://consent.test/open/authorize?service_id=735&state=")
    );
    let cookie = headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("ttshop-connect=")
            && cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax")
    );
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    hub.stop().await;
}

#[tokio::test]
async fn what_was_not_begun_here_gets_a_page_that_says_so() {
    let hub = RunningHub::start().await;
    let table = [
        ("/callback/main?code=x", 400, "HUB0018"),
        ("/callback/main?code=x&state=0", 400, "HUB0019"),
        ("/callback/main?error=auth_denied", 400, "HUB0021"),
        ("/callback/main", 400, "HUB0021"),
        ("/callback/other?code=x&state=0", 404, "HUB0004"),
        ("/connect/other", 404, "HUB0004"),
        ("/connect/%3Cscript%3E", 404, "HUB0004"),
    ];
    for (path, status, code) in table {
        let reply = hub.client.get(hub.url(path)).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), status, "{path}");
        assert!(
            reply.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'")
        );
        let page = reply.text().await.unwrap();
        assert!(page.contains(code) && !page.contains("<script>"), "{path}: {page}");
    }
    hub.stop().await;
}

#[tokio::test]
async fn a_stolen_link_does_not_work_in_another_browser() {
    let hub = RunningHub::start().await;
    let begun = hub.client.get(hub.url("/connect/main")).send().await.unwrap();
    let state = begun.headers()["location"].to_str().unwrap().rsplit_once("state=").unwrap().1.to_owned();
    let callback = hub.url(&format!("/callback/main?code=x&state={state}"));
    let reply = hub.client.get(callback).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 400);
    assert!(reply.text().await.unwrap().contains("HUB0020"));
    assert_eq!(hub.api("/v1/shops").await.1["shops"], serde_json::json!([]));
    hub.stop().await;
}
