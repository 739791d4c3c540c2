//! A hub on a free port for tests: the in-memory store and a platform by script.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hub_core::AppName;
use hub_engine::{
    AppHosts, Engine, EngineConfig, EngineParts, HubApp, KeyId, MasterKey, MasterKeys, SeededEntropy,
    StatelessCallbacks,
};
use hub_store::{MemoryStore, Store};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use ttshop::{HttpReply, HttpRequest, Transport, TransportError};
use ttshop_clock::SystemClock;
use ttshop_sign::WebhookSigner;
use ttshop_types::{AppKey, SecretText, ServiceId};

use crate::{HubServer, HubServerConfig, Metrics};

pub(crate) const SHOP: &str = "7494";
pub(crate) const API_KEY: &str = "api-key-canary";
const APP_KEY: &str = "6testkey00";
const APP_SECRET: &str = "app-secret-canary";

/// A running hub and how to talk to it.
pub(crate) struct RunningHub {
    pub(crate) engine: Arc<Engine>,
    pub(crate) server: HubServer,
    pub(crate) platform: Arc<ScriptedPlatform>,
    pub(crate) client: reqwest::Client,
}

impl RunningHub {
    pub(crate) async fn start() -> Self {
        Self::over(Arc::new(MemoryStore::default()), None).await
    }

    pub(crate) async fn with_metrics(metrics: Metrics) -> Self {
        Self::over(Arc::new(MemoryStore::default()), Some(metrics)).await
    }

    async fn over(store: Arc<dyn Store>, metrics: Option<Metrics>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let platform = Arc::new(ScriptedPlatform::default());
        let key = MasterKey::new(KeyId::parse("test").unwrap(), [7; 32]);
        let public_url = format!("http://{}", listener.local_addr().unwrap());
        let mut config =
            EngineConfig::new(public_url, vec![app()], MasterKeys { current: key, previous: Vec::new() });
        config.sweep_every = Duration::from_secs(3600);
        let parts = EngineParts {
            store,
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SeededEntropy::new(5)),
            transport: Arc::clone(&platform) as _,
            sinks: Vec::new(),
        };
        let engine = Arc::new(Engine::start(config, parts).await.unwrap());
        let server_config = HubServerConfig { api_key: API_KEY.into(), metrics };
        let server = HubServer::start(server_config, Arc::clone(&engine), listener).unwrap();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { engine, server, platform, client }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    /// Sends a notification as the platform does.
    pub(crate) async fn notify(&self, body: &[u8]) -> u16 {
        let request = self.client.post(self.url("/webhooks/main")).header("authorization", signature(body));
        request.body(body.to_vec()).send().await.unwrap().status().as_u16()
    }

    /// Connects [`SHOP`] as a browser does, and returns the last page.
    pub(crate) async fn connect(&self) -> String {
        let begun = self.client.get(self.url("/connect/main")).send().await.unwrap();
        let location = begun.headers()["location"].to_str().unwrap().to_owned();
        let cookie = begun.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let state = location.rsplit_once("state=").unwrap().1;
        let callback = self.url(&format!("/callback/main?code=TTP_code&state={state}"));
        let finished = self.client.get(callback).header("cookie", cookie).send().await.unwrap();
        assert_eq!(finished.status().as_u16(), 200);
        finished.text().await.unwrap()
    }

    /// A call of the REST API.
    pub(crate) async fn api(&self, path: &str) -> (u16, Value) {
        let reply = self.client.get(self.url(path)).bearer_auth(API_KEY).send().await.unwrap();
        let status = reply.status().as_u16();
        (status, serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap())
    }

    /// Hints accepted, and jobs that exist for them, at work or parked.
    pub(crate) async fn events_and_work(&self) -> (u64, u64) {
        let backlog = self.engine.backlog().await.unwrap();
        (backlog.accepted, backlog.jobs + backlog.parked)
    }

    pub(crate) async fn stop(self) -> Arc<Engine> {
        self.server.shutdown().await;
        self.engine.shutdown().await;
        self.engine
    }
}

fn app() -> HubApp {
    HubApp {
        name: AppName::new("main"),
        key: AppKey::from(APP_KEY),
        secret: Some(SecretText::from(APP_SECRET)),
        previous_secrets: Vec::new(),
        service_id: ServiceId::from("735"),
        hosts: AppHosts {
            api: "http://api.test".into(),
            auth: "http://auth.test".into(),
            consent: "http://consent.test".into(),
        },
        stateless_callbacks: StatelessCallbacks::Refuse,
    }
}

pub(crate) fn signature(body: &[u8]) -> String {
    WebhookSigner::new(&AppKey::from(APP_KEY), &SecretText::from(APP_SECRET)).sign(body).as_str().to_owned()
}

/// A status notification of one order.
pub(crate) fn notification(id: &str, order: &str) -> Vec<u8> {
    format!(
        r#"{{"type":1,"tts_notification_id":"{id}","shop_id":"{SHOP}","timestamp":1700000000,"data":{{"order_id":"{order}"}}}}"#
    )
    .into_bytes()
}

/// The platform behind the SDK: one shop and its orders.
#[derive(Debug, Default)]
pub(crate) struct ScriptedPlatform {
    orders: Mutex<BTreeMap<String, Value>>,
    webhooks: Mutex<Vec<String>>,
}

impl ScriptedPlatform {
    pub(crate) fn put_order(&self, id: &str, status: &str, update_time: i64) {
        let order =
            json!({"id": id, "status": status, "create_time": update_time, "update_time": update_time});
        self.orders.lock().unwrap().insert(id.into(), order);
    }

    pub(crate) fn webhooks(&self) -> Vec<String> {
        self.webhooks.lock().unwrap().clone()
    }

    fn data(&self, request: &HttpRequest) -> Value {
        let query: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
        let orders = self.orders.lock().unwrap();
        match request.url.path() {
            "/api/v2/token/get" => {
                json!({"access_token": "access-canary", "access_token_expire_in": 4_000_000_000_u64,
                "refresh_token": "refresh-canary", "refresh_token_expire_in": 4_900_000_000_u64, "open_id": "seller-1",
                "seller_name": "<b>Example</b>", "seller_base_region": "GB", "user_type": 0, "granted_scopes": ["seller.order.info"]})
            }
            "/authorization/202309/shops" => {
                json!({"shops": [{"id": SHOP, "name": "Shop & Co", "region": "GB",
                "seller_type": "LOCAL", "cipher": "cipher-canary", "code": "C"}]})
            }
            "/event/202309/webhooks" => {
                self.webhooks
                    .lock()
                    .unwrap()
                    .push(String::from_utf8(request.body.as_bytes().unwrap().to_vec()).unwrap());
                json!({})
            }
            "/order/202507/orders" => {
                let found: Vec<_> = query["ids"].split(',').filter_map(|id| orders.get(id)).collect();
                json!({ "orders": found })
            }
            "/order/202309/orders/search" => {
                json!({"orders": orders.values().collect::<Vec<_>>(), "total_count": orders.len(), "next_page_token": ""})
            }
            path => panic!("no script for {path}"),
        }
    }
}

impl Transport for ScriptedPlatform {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        let envelope =
            json!({"code": 0, "message": "Success", "request_id": "r1", "data": self.data(&request)});
        let body = serde_json::to_vec(&envelope).unwrap().into();
        let reply = HttpReply { status: http::StatusCode::OK, headers: http::HeaderMap::new(), body };
        Box::pin(std::future::ready(Ok(reply)))
    }
}
