//! A system of yours, as the hub sees it: takes events over HTTP and checks their signatures by the letter of Standard Webhooks.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use ttshop_types::SecretText;

/// An event that the sink took.
#[derive(Clone, Debug)]
pub struct TakenEvent {
    /// `webhook-id`.
    pub id: String,
    /// The body.
    pub body: Value,
    /// The signature it came with.
    pub signature: String,
}

/// A sink on a free port.
#[derive(Debug)]
pub struct VerifyingSink {
    address: SocketAddr,
    secret: SecretText,
    shared: Arc<Shared>,
    /// Owns the server; dropping it closes the port.
    _server: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    key: Vec<u8>,
    events: Mutex<Vec<TakenEvent>>,
    forged: Mutex<u64>,
    /// How many answers 500 are still to be given.
    failures: Mutex<u32>,
    count: watch::Sender<usize>,
}

impl VerifyingSink {
    /// Opens a sink that expects signatures under `secret` (`whsec_` and base64).
    ///
    /// # Errors
    /// No port is free.
    ///
    /// # Panics
    /// The secret is no Standard Webhooks secret.
    pub async fn open(secret: SecretText) -> std::io::Result<Self> {
        let encoded = secret.expose().strip_prefix("whsec_").expect("a secret begins with whsec_");
        let key = STANDARD.decode(encoded).expect("a secret is base64");
        let shared = Arc::new(Shared {
            key,
            events: Mutex::default(),
            forged: Mutex::default(),
            failures: Mutex::default(),
            count: watch::channel(0).0,
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/events", post(take)).with_state(Arc::clone(&shared));
        let mut server = JoinSet::new();
        server.spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, secret, shared, _server: server })
    }

    /// Where events are posted.
    pub fn url(&self) -> String {
        format!("http://{}/events", self.address)
    }

    /// Where the sink listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What events are signed with.
    pub fn secret(&self) -> SecretText {
        self.secret.clone()
    }

    /// Everything taken so far, in order of arrival.
    pub fn events(&self) -> Vec<TakenEvent> {
        lock(&self.shared.events).clone()
    }

    /// How many posts carried a wrong signature.
    pub fn forged(&self) -> u64 {
        *lock(&self.shared.forged)
    }

    /// Answers 500 to the next `count` posts.
    pub fn fail_next(&self, count: u32) {
        *lock(&self.shared.failures) = count;
    }

    /// Ends once an event fits; call it within a timeout.
    pub async fn wait_for(&self, fits: impl Fn(&[TakenEvent]) -> bool) {
        let mut count = self.shared.count.subscribe();
        while !fits(&self.events()) {
            drop(count.changed().await);
        }
    }
}

async fn take(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, signature) = (header("webhook-id"), header("webhook-signature"));
    if !is_signed(&shared.key, id, header("webhook-timestamp"), &body, signature) {
        *lock(&shared.forged) += 1;
        return StatusCode::UNAUTHORIZED;
    }
    let mut failures = lock(&shared.failures);
    if *failures > 0 {
        *failures -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let Ok(body) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST };
    let mut events = lock(&shared.events);
    events.push(TakenEvent { id: id.into(), body, signature: signature.into() });
    shared.count.send_replace(events.len());
    StatusCode::NO_CONTENT
}

/// Whether one of the header's signatures is the HMAC-SHA256 of `id.timestamp.body`.
fn is_signed(key: &[u8], id: &str, timestamp: &str, body: &[u8], header: &str) -> bool {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    let mac = mac.chain_update(format!("{id}.{timestamp}.")).chain_update(body);
    let signatures = header.split(' ').filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    signatures.into_iter().any(|signature| mac.clone().verify_slice(&signature).is_ok())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
