//! A wire tap: forwards TCP connections and keeps what passed, so that a test knows every secret that travelled.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The most bytes that a tap keeps.
const KEPT_BYTES_MAX: usize = 256 * 1024 * 1024;
/// The size of one read.
const READ_BYTES: usize = 16 * 1024;

/// A forwarding port that remembers.
#[derive(Debug)]
pub struct WireTap {
    address: SocketAddr,
    kept: Arc<Mutex<Vec<u8>>>,
    /// Owns the forwarding; dropping it ends every connection.
    _tasks: JoinSet<()>,
}

impl WireTap {
    /// Opens a port that forwards to `target`.
    ///
    /// # Errors
    /// No port is free.
    pub async fn before(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let kept = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        tasks.spawn(forward_all(listener, target, Arc::clone(&kept)));
        Ok(Self { address, kept, _tasks: tasks })
    }

    /// Where to connect instead of the target.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that passed, both ways, in the order of its arrival.
    pub fn heard(&self) -> Vec<u8> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn forward_all(listener: TcpListener, target: SocketAddr, kept: Arc<Mutex<Vec<u8>>>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let kept = Arc::clone(&kept);
        connections.spawn(async move {
            // A target that is gone looks to the client like a connection that closes.
            let Ok(server) = TcpStream::connect(target).await else { return };
            let (client_read, client_write) = client.into_split();
            let (server_read, server_write) = server.into_split();
            tokio::join!(
                forward(client_read, server_write, Arc::clone(&kept)),
                forward(server_read, client_write, kept)
            );
        });
    }
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, kept: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = vec![0; READ_BYTES];
    while let Ok(length) = from.read(&mut buffer).await {
        let read = &buffer[..length];
        if length == 0 || to.write_all(read).await.is_err() {
            break;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() + length <= KEPT_BYTES_MAX {
            kept.extend_from_slice(read);
        }
    }
    // The peer may be gone already; then there is nobody to tell.
    drop(to.shutdown().await);
}
