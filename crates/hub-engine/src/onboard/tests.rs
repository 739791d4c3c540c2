use std::sync::Arc;
use std::time::Duration;

use hub_core::ShopState;

use super::{Begun, Callback, FinishError, Onboarding};
use crate::fixture::{Fixture, SHOP};
use crate::{HubCode, PlatformErrorKind, StatelessCallbacks};

struct Browser {
    onboarding: Onboarding,
    begun: Begun,
}

impl Browser {
    async fn begin(fixture: &Fixture) -> Self {
        let onboarding = Onboarding::new(Arc::clone(&fixture.hub));
        let begun = onboarding.begin("main", None).await.unwrap();
        Self { onboarding, begun }
    }

    fn state(&self) -> &str {
        self.begun.consent_url.rsplit_once("state=").unwrap().1
    }

    async fn finish(&self, query: &str, browser: Option<&str>) -> Result<usize, HubCode> {
        let finished = self.onboarding.finish(Callback { app: "main", query, browser }).await;
        finished.map(|connected| connected.shops.len()).map_err(|error| error.code())
    }

    async fn come_back(&self) -> Result<usize, HubCode> {
        let query = format!("code=TTP_x&state={}", self.state());
        self.finish(&query, Some(self.begun.browser.expose())).await
    }
}

fn exchanges(fixture: &Fixture) -> usize {
    fixture.platform.calls().iter().filter(|call| call.starts_with("exchange ")).count()
}

#[tokio::test]
async fn a_seller_connects() {
    let fixture = Fixture::new();
    let browser = Browser::begin(&fixture).await;
    assert!(
        browser.begun.consent_url.starts_with("https://consent.test/open/authorize?service_id=735&state=")
    );
    assert_eq!(browser.come_back().await, Ok(1));
    let shops = fixture.hub.store.shops().await.unwrap();
    assert_eq!((shops[0].id.as_str(), shops[0].state), (SHOP, ShopState::Connected));
    let calls = fixture.platform.calls();
    assert!(
        calls.contains(&"set_webhook ORDER_STATUS_CHANGE https://hub.test/webhooks/main".to_owned()),
        "{calls:?}"
    );
}

#[tokio::test]
async fn a_callback_loaded_twice_shows_the_same_and_exchanges_once() {
    let fixture = Fixture::new();
    let browser = Browser::begin(&fixture).await;
    assert_eq!(browser.come_back().await, Ok(1));
    assert_eq!(browser.come_back().await, Ok(1));
    assert_eq!(exchanges(&fixture), 1);
    let query = format!("code=TTP_x&state={}", browser.state());
    assert_eq!(browser.finish(&query, Some(&"0".repeat(32))).await, Err(HubCode::ConnectExpired));
}

#[tokio::test]
async fn foreign_and_missing_states_are_refused() {
    let fixture = Fixture::new();
    let browser = Browser::begin(&fixture).await;
    let mark = browser.begun.browser.expose().clone();
    let state = browser.state().to_owned();
    let table = [
        ("code=TTP_x".to_owned(), HubCode::ConnectWithoutState),
        ("code=TTP_x&state=".to_owned(), HubCode::ConnectWithoutState),
        ("code=TTP_x&state=00".to_owned(), HubCode::ConnectExpired),
        (format!("code=null&state={state}"), HubCode::ConnectDenied),
        (format!("error=auth_denied&state={state}"), HubCode::ConnectDenied),
        (String::new(), HubCode::ConnectDenied),
    ];
    for (query, code) in table {
        assert_eq!(browser.finish(&query, Some(&mark)).await, Err(code), "{query}");
    }
    assert_eq!(exchanges(&fixture), 0);
    assert_eq!(browser.come_back().await, Ok(1));
}

#[tokio::test]
async fn another_browser_cannot_finish() {
    let fixture = Fixture::new();
    for mark in [None, Some("0".repeat(32))] {
        let browser = Browser::begin(&fixture).await;
        let query = format!("code=TTP_x&state={}", browser.state());
        assert_eq!(browser.finish(&query, mark.as_deref()).await, Err(HubCode::ConnectOtherBrowser));
        // The attempt used the state up: whoever tried may know it.
        assert_eq!(browser.come_back().await, Err(HubCode::ConnectExpired));
    }
    assert_eq!(exchanges(&fixture), 0);
}

#[tokio::test]
async fn a_state_ends_after_ten_minutes() {
    let fixture = Fixture::new();
    let browser = Browser::begin(&fixture).await;
    fixture.clock.advance(Duration::from_secs(601));
    assert_eq!(browser.come_back().await, Err(HubCode::ConnectExpired));
}

#[tokio::test]
async fn app_store_callbacks_need_permission() {
    let fixture = Fixture::with(|app| app.stateless_callbacks = StatelessCallbacks::Accept);
    let browser = Browser::begin(&fixture).await;
    assert_eq!(browser.finish("code=TTP_x", None).await, Ok(1));
}

#[tokio::test]
async fn a_refused_code_and_a_grant_without_shops_connect_nothing() {
    let fixture = Fixture::new();
    fixture.platform.fail_next("exchange", PlatformErrorKind::NeedsReauthorization);
    assert_eq!(Browser::begin(&fixture).await.come_back().await, Err(HubCode::ConnectExchange));
    fixture.platform.state.lock().unwrap().shops.clear();
    assert_eq!(Browser::begin(&fixture).await.come_back().await, Err(HubCode::ConnectNoShops));
    assert!(fixture.hub.store.shops().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_shop_that_is_not_granted_any_more_is_disconnected() {
    let fixture = Fixture::new();
    fixture.platform.state.lock().unwrap().shops = vec!["1".into(), "2".into()];
    assert_eq!(Browser::begin(&fixture).await.come_back().await, Ok(2));
    fixture.platform.state.lock().unwrap().shops = vec!["2".into()];
    assert_eq!(Browser::begin(&fixture).await.come_back().await, Ok(1));
    let states: Vec<_> =
        fixture.hub.store.shops().await.unwrap().into_iter().map(|shop| shop.state).collect();
    assert_eq!(states, [ShopState::Disconnected, ShopState::Connected]);
}

#[tokio::test]
async fn webhooks_that_cannot_be_registered_do_not_spoil_the_connection() {
    let fixture = Fixture::new();
    fixture.platform.fail_next("set_webhook", PlatformErrorKind::Permanent);
    assert_eq!(fixture.connect().await.webhooks_failed, 1);
}

#[tokio::test]
async fn an_unknown_app_begins_nothing() {
    let fixture = Fixture::new();
    let onboarding = Onboarding::new(Arc::clone(&fixture.hub));
    assert_eq!(onboarding.begin("other", None).await.unwrap_err().code(), HubCode::AppUnknown);
    let finished = onboarding.finish(Callback { app: "other", query: "", browser: None }).await;
    assert!(matches!(finished, Err(FinishError::App(_))));
}

#[tokio::test]
async fn a_second_tab_keeps_the_browsers_mark() {
    let fixture = Fixture::new();
    let browser = Browser::begin(&fixture).await;
    let mark = browser.begun.browser.expose();
    let second = browser.onboarding.begin("main", Some(mark)).await.unwrap();
    assert_eq!(second.browser.expose(), mark);
    let third = browser.onboarding.begin("main", Some("<script>")).await.unwrap();
    assert_ne!(third.browser.expose(), "<script>");
}
