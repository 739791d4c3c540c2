use std::sync::Mutex;

use futures_util::future::BoxFuture;
use hub_core::AppName;
use serde_json::json;
use ttshop::{
    Ask, BudgetError, HttpReply, HttpRequest, Permit, TransportError, TransportErrorKind, Unlimited,
};
use ttshop_clock::VirtualClock;
use ttshop_types::ShopId;

use super::*;
use crate::fixture::{SHOP, START, app};

/// Answers every call alike and keeps what was asked.
#[derive(Debug)]
struct OneAnswer {
    status: u16,
    body: Option<String>,
    asked: Mutex<Vec<(String, String)>>,
}

impl Transport for OneAnswer {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        let body = String::from_utf8(request.body.as_bytes().unwrap().to_vec()).unwrap();
        self.asked.lock().unwrap().push((request.url.to_string(), body));
        let reply = self.body.clone().map(|body| HttpReply {
            status: http::StatusCode::from_u16(self.status).unwrap(),
            headers: http::HeaderMap::new(),
            body: body.into(),
        });
        Box::pin(std::future::ready(reply.ok_or_else(|| TransportError::new(TransportErrorKind::Connect))))
    }
}

/// Lets everybody through and keeps how urgent they were.
#[derive(Debug, Default)]
struct Turnstile {
    asked: Mutex<Vec<Priority>>,
}

impl Budget for Turnstile {
    fn acquire<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Box<dyn Permit>, BudgetError>> {
        self.asked.lock().unwrap().push(ask.priority);
        Unlimited.acquire(ask)
    }
}

struct Called {
    platform: SdkPlatform,
    transport: Arc<OneAnswer>,
    budget: Arc<Turnstile>,
    clock: VirtualClock,
}

impl Called {
    fn answering(status: u16, body: Option<String>) -> Self {
        let clock = VirtualClock::at(START);
        let transport = Arc::new(OneAnswer { status, body, asked: Mutex::default() });
        let as_clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let as_transport: Arc<dyn Transport> = Arc::clone(&transport) as _;
        let budget = Arc::new(Turnstile::default());
        let as_budget: Arc<dyn Budget> = Arc::clone(&budget) as _;
        let platform = SdkPlatform::new(&[Arc::new(app())], &as_transport, &as_clock, &as_budget).unwrap();
        Self { platform, transport, budget, clock }
    }

    fn data(data: Value) -> Self {
        Self::answering(
            200,
            Some(json!({"code": 0, "message": "Success", "request_id": "r1", "data": data}).to_string()),
        )
    }

    fn access() -> ShopAccess {
        ShopAccess {
            app: Arc::new(app()),
            shop_id: ShopId::from(SHOP),
            cipher: "ROW_cipher".into(),
            access_token: "access-1".into(),
        }
    }

    /// Time passes while the SDK waits between its tries.
    async fn run<T>(&self, call: PlatformFuture<'_, T>) -> Result<T, PlatformError> {
        let mut call = call;
        loop {
            tokio::select! {
                biased;
                outcome = &mut call => return outcome,
                () = tokio::task::yield_now() => self.clock.advance(Duration::from_millis(100)),
            }
        }
    }

    async fn order_error(&self) -> PlatformErrorKind {
        let call = self.platform.orders(&Self::access(), vec![OrderId::from("1")], Priority::Live);
        self.run(call).await.unwrap_err().kind
    }
}

#[tokio::test]
async fn every_refusal_has_its_kind() {
    let table = [
        (401, 105_002, "expired", PlatformErrorKind::NeedsRefresh),
        (401, 105_001, "access token is invalid", PlatformErrorKind::NeedsReauthorization),
        (200, 36_004_005, "can not find related auth record", PlatformErrorKind::NeedsReauthorization),
        (429, 36_009_002, "too many requests", PlatformErrorKind::Throttled),
        (429, 36_009_037, "quota", PlatformErrorKind::Throttled),
        (500, 36_009_003, "internal error", PlatformErrorKind::Transient),
        (401, 36_009_043, "shop inactive", PlatformErrorKind::ShopInactive),
        (200, 98_001_004, "Parameter ids is invalid", PlatformErrorKind::ItemRefused),
        (400, 36_009_004, "ids is a required field", PlatformErrorKind::ItemRefused),
        (200, 12_052_048, "product not found", PlatformErrorKind::ItemRefused),
        (200, 99_999_999, "a code that nobody knows", PlatformErrorKind::ItemRefused),
        (400, 36_009_009, "Invalid path", PlatformErrorKind::Permanent),
        (503, 36_009_004, "ids is a required field", PlatformErrorKind::Transient),
        (401, 105_005, "Access denied", PlatformErrorKind::Permanent),
        (401, 106_001, "sign invalid", PlatformErrorKind::Permanent),
    ];
    for (status, code, message, kind) in table {
        let body = json!({"code": code, "message": message, "request_id": "r1", "data": null}).to_string();
        assert_eq!(Called::answering(status, Some(body)).order_error().await, kind, "{code} {message}");
    }
}

#[tokio::test]
async fn broken_answers_have_their_kind() {
    let html = "<html>Bad gateway</html>".to_owned();
    assert_eq!(Called::answering(502, Some(html.clone())).order_error().await, PlatformErrorKind::Transient);
    assert_eq!(Called::answering(200, Some(html)).order_error().await, PlatformErrorKind::Unreadable);
    assert_eq!(Called::answering(200, None).order_error().await, PlatformErrorKind::Transient);
    let called = Called::data(json!({"orders": "none"}));
    assert_eq!(called.order_error().await, PlatformErrorKind::Unreadable);
}

#[tokio::test]
async fn orders_are_asked_for_in_one_call_and_keep_their_bytes() {
    let called =
        Called::data(json!({"orders": [{"id": "2", "update_time": 7}, {"id": "1", "update_time": 8}]}));
    let ids = vec![OrderId::from("1"), OrderId::from("2")];
    let reply = called.run(called.platform.orders(&Called::access(), ids, Priority::Live)).await.unwrap();
    assert_eq!(reply.provenance.operation, "order.get_order_detail@202507");
    assert_eq!(reply.provenance.request_id.as_str(), "r1");
    assert_eq!(reply.orders[0].raw, br#"{"id":"2","update_time":7}"#);
    let asked = called.transport.asked.lock().unwrap();
    let (url, _) = &asked[0];
    assert!(
        url.contains("/order/202507/orders?")
            && url.contains("ids=1%2C2")
            && url.contains("shop_cipher=ROW_cipher"),
        "{url}"
    );
}

#[tokio::test]
async fn a_search_goes_by_update_time_upwards() {
    let called = Called::data(
        json!({"orders": [{"id": "1", "update_time": 8, "status": "UNPAID"}], "next_page_token": "t2", "total_count": 9}),
    );
    let search = OrderSearch {
        from: START,
        until: START + Duration::from_secs(60),
        page_token: Some("t1".into()),
        priority: Priority::Backfill,
    };
    let found = called.run(called.platform.search_orders(&Called::access(), search)).await.unwrap();
    assert_eq!(
        (found.next_page_token.as_deref(), found.total_count, found.orders.len()),
        (Some("t2"), Some(9), 1)
    );
    let asked = called.transport.asked.lock().unwrap();
    let (url, body) = &asked[0];
    for part in ["sort_field=update_time", "sort_order=ASC", "page_size=100", "page_token=t1"] {
        assert!(url.contains(part), "{url}");
    }
    assert_eq!(*called.budget.asked.lock().unwrap(), [Priority::Backfill]);
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, json!({"update_time_ge": 1_700_000_000, "update_time_lt": 1_700_000_060}));
}

#[tokio::test]
async fn shops_without_a_cipher_are_left_out() {
    let shops = json!({"shops": [{"id": "1", "name": "One", "region": "US", "seller_type": "LOCAL", "cipher": "c"}, {"id": "2"}]});
    let called = Called::data(shops);
    let shops = called.run(called.platform.granted_shops(&app(), "access-1".into())).await.unwrap();
    assert_eq!(shops.iter().map(|shop| shop.id.as_str()).collect::<Vec<_>>(), ["1"]);
}

#[tokio::test]
async fn an_app_without_a_secret_calls_nobody() {
    let called = Called::data(json!({}));
    let other = HubApp { name: AppName::new("other"), ..app() };
    let error = called.run(called.platform.exchange(&other, "code".into())).await.unwrap_err();
    assert_eq!(error.kind, PlatformErrorKind::Permanent);
    assert!(called.transport.asked.lock().unwrap().is_empty());
}
