//! The demo's own system: takes events over HTTP, believes only signed ones, and passes them on to be counted.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hub_engine::{SinkSecret, verify_event};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use ttshop_clock::Clock;

use super::tally::Arrival;

/// How many events may wait to be counted; beyond that the sink is slow, and the hub waits.
const WAITING_EVENTS_MAX: usize = 1024;

/// A sink on a free port.
#[derive(Debug)]
pub(super) struct DemoSink {
    address: SocketAddr,
    pub(super) arrivals: mpsc::Receiver<Arrival>,
    forged: Arc<AtomicU64>,
    /// Owns the server; dropping it closes the port.
    _server: JoinSet<()>,
}

#[derive(Clone, Debug)]
struct Desk {
    secret: SinkSecret,
    clock: Arc<dyn Clock>,
    arrivals: mpsc::Sender<Arrival>,
    forged: Arc<AtomicU64>,
}

/// As much of an event as the demo shows.
#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: EventOrder,
}

#[derive(Deserialize)]
struct EventOrder {
    id: String,
    status: EventStatus,
}

#[derive(Deserialize)]
struct EventStatus {
    platform_status: String,
}

impl DemoSink {
    /// Opens the sink; it believes what `secret` signed.
    pub(super) async fn open(secret: SinkSecret, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let (sender, arrivals) = mpsc::channel(WAITING_EVENTS_MAX);
        let forged = Arc::new(AtomicU64::new(0));
        let desk = Desk { secret, clock, arrivals: sender, forged: Arc::clone(&forged) };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/events", post(take)).with_state(desk);
        let mut server = JoinSet::new();
        // An accept loop ends with its process only, so its result says nothing.
        server.spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, arrivals, forged, _server: server })
    }

    /// Where events are posted.
    pub(super) fn url(&self) -> String {
        format!("http://{}/events", self.address)
    }

    /// How many posts were not believed.
    pub(super) fn forged(&self) -> u64 {
        self.forged.load(Ordering::Relaxed)
    }
}

async fn take(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, signature) = (header("webhook-id"), header("webhook-signature"));
    if !verify_event(&desk.secret, id, header("webhook-timestamp"), signature, &body) {
        desk.forged.fetch_add(1, Ordering::Relaxed);
        return StatusCode::UNAUTHORIZED;
    }
    // Events that are not about orders have another shape; the demo takes them and does not count them.
    let Ok(event) = serde_json::from_slice::<Event>(&body) else { return StatusCode::NO_CONTENT };
    let arrival = Arrival {
        event_id: event.id,
        is_creation: event.kind == "order.created",
        order_id: event.data.id,
        status: event.data.status.platform_status,
        arrived_at: desk.clock.monotonic(),
    };
    match desk.arrivals.send(arrival).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
