//! A server over TLS that counts connections and remembers which HTTP it was spoken to.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::certificate::Identity;

/// Stops when it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Seen>,
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    versions: Mutex<Vec<Version>>,
}

impl Server {
    /// Speaks the protocols of `alpn` to those who accept `identity`.
    pub(crate) async fn start(identity: Identity, alpn: &[&str]) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config(identity, alpn)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Seen::default());
        let (shared, mut tasks) = (Arc::clone(&seen), JoinSet::new());
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, acceptor.clone(), Arc::clone(&shared)));
            }
        });
        Self { port, seen, _tasks: tasks }
    }

    /// How many connections got through TLS.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::Relaxed)
    }

    /// The version of each request, in the order of arrival.
    pub(crate) fn versions(&self) -> Vec<Version> {
        self.seen.versions.lock().unwrap().clone()
    }
}

fn config(identity: Identity, alpn: &[&str]) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate], identity.key)
        .unwrap();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, seen: Arc<Seen>) {
    // A client that refuses the certificate ends the handshake here.
    let Ok(stream) = acceptor.accept(stream).await else { return };
    seen.connections.fetch_add(1, Ordering::Relaxed);
    let answer = service_fn(|request: Request<Incoming>| {
        seen.versions.lock().unwrap().push(request.version());
        let envelope =
            Bytes::from_static(br#"{"code":0,"message":"Success","request_id":"r1","data":{"shops":[]}}"#);
        std::future::ready(Ok::<_, Infallible>(Response::new(Full::new(envelope))))
    });
    let connection = auto::Builder::new(TokioExecutor::new());
    // How the client ends the connection is not asked here.
    drop(connection.serve_connection(TokioIo::new(stream), answer).await);
}
