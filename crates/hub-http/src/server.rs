//! Connections: how many, how slow, and how they end.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hub_engine::Engine;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use ttshop_clock::Clock;
use ttshop_types::SecretText;

use crate::Metrics;
use crate::api_key::ApiKey;
use crate::routes::routes;
use crate::state::HubState;

/// How many connections may be open at once; the next ones are answered 503 and closed.
const CONNECTIONS_MAX: usize = 4096;
/// How long the head of a request may take, and how long an idle connection is kept.
const HEAD_DEADLINE: Duration = Duration::from_secs(5);
/// How many header lines a request may have.
const HEADERS_MAX: usize = 64;
/// How many bytes are buffered for one connection; it also bounds the head of a request.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// How long open requests may take to end when the server stops.
const DRAIN_MAX: Duration = Duration::from_secs(10);
/// How long to wait when the machine gives no more connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// How to serve.
#[derive(Debug)]
pub struct HubServerConfig {
    /// Opens the REST API and the metrics, as `Authorization: Bearer`.
    pub api_key: SecretText,
    /// What `/metrics` shows, if anything counts.
    pub metrics: Option<Metrics>,
}

/// A running server.
pub struct HubServer {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinSet<()>,
}

impl HubServer {
    /// Serves `engine` on `listener` until it is shut down. HTTP/1.1 without TLS: a proxy in front of it brings TLS.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start(
        config: HubServerConfig,
        engine: Arc<Engine>,
        listener: TcpListener,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let clock = Arc::clone(engine.clock());
        let state = HubState::new(engine, ApiKey::new(&config.api_key), config.metrics);
        let (stop, stopped) = watch::channel(false);
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, state, clock, stopped));
        Ok(Self { address, stop, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as a URL for this machine.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops accepting, lets open requests end, and returns. The engine goes on; shut it down afterwards.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.accepting.join_next().await {
            if let Err(error) = ended {
                tracing::error!(error = %error, "the server ended badly");
            }
        }
    }
}

impl fmt::Debug for HubServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubServer").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn accept(
    listener: TcpListener,
    state: HubState,
    clock: Arc<dyn Clock>,
    mut stopped: watch::Receiver<bool>,
) {
    let service = TowerToHyperService::new(routes(state));
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_ended) = connections.join_next() => continue,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, _)) => match Arc::clone(&permits).try_acquire_owned() {
                Ok(permit) => {
                    let serving = serve(stream, service.clone(), graceful.watcher());
                    connections.spawn(async move {
                        serving.await;
                        drop(permit);
                    });
                }
                Err(_) => turn_away(&stream),
            },
            Err(error) => {
                tracing::warn!(error = %error, "a connection could not be accepted");
                clock.sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_MAX, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time; their connections are closed");
    }
    connections.shutdown().await;
}

async fn serve(stream: TcpStream, service: TowerToHyperService<axum::Router>, watcher: Watcher) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(error = %error, "a connection is slower than it could be");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        // Clients go away and send nonsense; that is theirs to know.
        tracing::debug!(error = %error, "a connection ended early");
    }
}

/// Says 503 without waiting for the request: the bytes fit into the socket's buffer or are lost.
fn turn_away(stream: &TcpStream) {
    metrics::counter!("hub_connections_refused_total").increment(1);
    if let Err(error) = stream.try_write(FULL) {
        tracing::debug!(error = %error, "a connection was refused without a word");
    }
}
