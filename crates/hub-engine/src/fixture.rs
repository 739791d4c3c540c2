//! A hub for tests: the in-memory store, a scripted platform, and a clock that stands still.

use std::sync::Arc;
use std::time::Duration;

use hub_core::{AppName, ClaimedJob, SinkName};
use hub_store::{JobClaim, MemoryStore, Store};
use tokio::sync::mpsc;
use ttshop::{HttpReply, HttpRequest, Transport, TransportError, TransportErrorKind};
use ttshop_clock::{Clock, VirtualClock};
use ttshop_sign::WebhookSigner;
use ttshop_types::{AppKey, SecretText, ServiceId, Timestamp};

use crate::engine::assemble;
use crate::hub::Hub;
use crate::onboard::{Callback, Connected, Onboarding};
use crate::platform::script::ScriptedPlatform;
use crate::{
    AppHosts, EngineConfig, EngineParts, HubApp, KeyId, MasterKey, MasterKeys, Outgoing, SeededEntropy, Sink,
    SinkFuture, StatelessCallbacks,
};

/// The test's beginning.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_700_000_000);
pub(crate) const SHOP: &str = "7494";

/// A hub at rest: tests drive its parts by hand.
pub(crate) struct Fixture {
    pub(crate) hub: Arc<Hub>,
    pub(crate) platform: Arc<ScriptedPlatform>,
    pub(crate) clock: VirtualClock,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut HubApp)) -> Self {
        Self::over(Arc::new(MemoryStore::default()), change)
    }

    pub(crate) fn over(store: Arc<dyn Store>, change: impl FnOnce(&mut HubApp)) -> Self {
        let clock = VirtualClock::at(START);
        let platform = Arc::new(ScriptedPlatform::new(Arc::new(clock.clone())));
        platform.state.lock().unwrap().shops = vec![SHOP.into()];
        let mut app = app();
        change(&mut app);
        let parts = parts(store, Arc::new(clock.clone()), Vec::new());
        let (hub, _) = assemble(config(app), parts, Arc::clone(&platform) as _).unwrap();
        Self { hub, platform, clock }
    }

    /// Connects [`SHOP`] through the whole flow.
    pub(crate) async fn connect(&self) -> Connected {
        let onboarding = Onboarding::new(Arc::clone(&self.hub));
        let begun = onboarding.begin("main", None).await.unwrap();
        let (_, state) = begun.consent_url.rsplit_once("state=").unwrap();
        let query = format!("code=TTP_code&state={state}");
        let callback = Callback { app: "main", query: &query, browser: Some(begun.browser.expose()) };
        onboarding.finish(callback).await.unwrap()
    }

    pub(crate) async fn claim(&self) -> Vec<ClaimedJob> {
        let claim = JobClaim { now: self.clock.now(), lease: Duration::from_secs(60), limit: 100 };
        self.hub.store.claim_jobs(claim).await.unwrap()
    }
}

pub(crate) fn app() -> HubApp {
    HubApp {
        name: AppName::new("main"),
        key: AppKey::from("6testkey00"),
        secret: Some(SecretText::from("0123456789abcdef")),
        previous_secrets: Vec::new(),
        service_id: ServiceId::from("735"),
        hosts: AppHosts { consent: "https://consent.test".into(), ..AppHosts::rest_of_world() },
        stateless_callbacks: StatelessCallbacks::Refuse,
    }
}

pub(crate) fn config(app: HubApp) -> EngineConfig {
    let key = MasterKey::new(KeyId::parse("test").unwrap(), [7; 32]);
    EngineConfig::new("https://hub.test/", vec![app], MasterKeys { current: key, previous: Vec::new() })
}

pub(crate) fn parts(store: Arc<dyn Store>, clock: Arc<dyn Clock>, sinks: Vec<Arc<dyn Sink>>) -> EngineParts {
    EngineParts {
        store,
        clock,
        entropy: Arc::new(SeededEntropy::new(11)),
        transport: Arc::new(NoTransport),
        sinks,
    }
}

/// The signature of a notification to [`app`].
pub(crate) fn signature(body: &[u8]) -> Vec<u8> {
    let app = app();
    WebhookSigner::new(&app.key, &app.secret.unwrap()).sign(body).as_bytes().to_vec()
}

/// A status notification of one order.
pub(crate) fn notification(id: &str, order: &str) -> Vec<u8> {
    format!(
        r#"{{"type":1,"tts_notification_id":"{id}","shop_id":"{SHOP}","timestamp":1700000000,"data":{{"order_id":"{order}"}}}}"#
    )
    .into_bytes()
}

#[derive(Debug)]
struct NoTransport;

impl Transport for NoTransport {
    fn send(
        &self,
        _request: HttpRequest,
    ) -> futures_util::future::BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(std::future::ready(Err(TransportError::new(TransportErrorKind::Connect))))
    }
}

/// A sink in this process that hands events to the test.
#[derive(Debug)]
pub(crate) struct ChannelSink {
    name: SinkName,
    events: mpsc::Sender<serde_json::Value>,
}

impl ChannelSink {
    pub(crate) fn new() -> (Arc<Self>, mpsc::Receiver<serde_json::Value>) {
        let (events, receiver) = mpsc::channel(1000);
        (Arc::new(Self { name: SinkName("test".into()), events }), receiver)
    }
}

impl Sink for ChannelSink {
    fn name(&self) -> &SinkName {
        &self.name
    }

    fn deliver<'a>(&'a self, outgoing: Outgoing<'a>) -> SinkFuture<'a> {
        Box::pin(async move {
            let event = serde_json::from_slice(outgoing.payload).unwrap();
            self.events.send(event).await.unwrap();
            Ok(())
        })
    }
}
