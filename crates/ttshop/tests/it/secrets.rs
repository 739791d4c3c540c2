//! Nothing secret in any log, error or debug output, however detailed.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::OriginalUri;
use serde_json::json;
use tokio::net::TcpListener;
use tracing::instrument::WithSubscriber as _;
use tracing_subscriber::fmt::MakeWriter;
use ttshop::{Client, FixedToken, RetryPolicy, ShopAccess};

use crate::world::{APP_SECRET, CIPHER, TOKEN, app};

const CODE: &str = "TTP_canary-code";
const REFRESH: &str = "ROW_canary-refresh";
const NEW_TOKEN: &str = "ROW_canary-new-token";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Gives tokens, refuses orders, and remembers the signatures it saw.
async fn platform(signs: Arc<Mutex<Vec<String>>>) -> (String, tokio::task::JoinSet<()>) {
    let answer = move |OriginalUri(uri): OriginalUri| async move {
        let query = uri.query().unwrap_or_default();
        signs.lock().unwrap().extend(query.split("sign=").nth(1).map(str::to_owned));
        match uri.path() {
            "/api/v2/token/get" => format!(
                r#"{{"code":0,"data":{{"access_token":"{NEW_TOKEN}","access_token_expire_in":1,"refresh_token":"{REFRESH}"}}}}"#
            ),
            "/api/v2/token/refresh" => r#"{"code":36004005,"message":"no record"}"#.into(),
            "/authorization/202309/shops" => r#"{"code":0,"data":{"shops":[]}}"#.into(),
            _ => r#"{"code":36009003,"message":"Internal error","request_id":"r"}"#.into(),
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() });
    (format!("http://{address}"), tasks)
}

/// Everything a program may print on the way.
async fn use_everything(address: &str) -> String {
    let builder = Client::builder(app()).base_url(address).auth_url(address).retry(RetryPolicy::never());
    let client = builder.tokens(Arc::new(FixedToken::new(TOKEN.into()))).build().unwrap();
    let client = client.with_shop(ShopAccess::new("7".into(), CIPHER.into()));
    let set = client.oauth().exchange_code(&CODE.into()).await.unwrap();
    let refused = client.oauth().refresh(&REFRESH.into()).await.unwrap_err();
    let shops = client.call("authorization.get_authorized_shops", json!({})).await.unwrap();
    let failed = client.call("order.search_orders", json!({"page_size": 1})).await.unwrap_err();
    format!("{client:?} {set:?} {refused} {refused:?} {shops:?} {failed} {failed:?} {:?}", client.oauth())
}

#[tokio::test]
async fn nothing_secret_is_printed_at_any_level() {
    let (log, signs) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    let (address, _tasks) = platform(Arc::clone(&signs)).await;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .finish();
    let printed = use_everything(&address).with_subscriber(subscriber).await;
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("ttshop.call") && logged.contains("order.search_orders"), "{logged}");
    let signs = signs.lock().unwrap().clone();
    assert_eq!(signs.len(), 2, "{signs:?}");
    let encoded: Vec<_> =
        [CIPHER].map(|text| text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")).into();
    let secrets = [APP_SECRET, TOKEN, CIPHER, CODE, REFRESH, NEW_TOKEN];
    for secret in secrets
        .iter()
        .copied()
        .chain(signs.iter().map(String::as_str))
        .chain(encoded.iter().map(String::as_str))
    {
        assert!(!printed.contains(secret), "`{secret}` in {printed}");
        assert!(!logged.contains(secret), "`{secret}` in the log");
    }
}
