//! Servers in processes of their own, and what they use.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::Connection;

/// A child that ends with the last of those who share it.
#[derive(Clone)]
pub(crate) struct Server {
    child: Rc<Running>,
    pub(crate) address: String,
    /// Of an emulator.
    pub(crate) connection: Option<Rc<Connection>>,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        drop(ended);
    }
}

impl Server {
    /// This program as an emulator with a world like `size`.
    pub(crate) fn emulator(size: &str) -> Self {
        let (child, line) = own("serve", size, &[]);
        let connection: Connection = serde_json::from_str(&line).unwrap();
        let address = connection.api_url.trim_start_matches("http://").to_owned();
        Self { child, address, connection: Some(Rc::new(connection)) }
    }

    /// This program as a server that answers everything with the same body.
    pub(crate) fn bytes(body: &[u8]) -> Self {
        let (child, line) = own("serve-bytes", "-", body);
        Self { child, address: line.trim().to_owned(), connection: None }
    }

    /// A public mock of a document.
    pub(crate) async fn prism(command: &Path, document: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let child = Command::new(command)
            .args(["mock", "--host", "127.0.0.1", "--port", &port.to_string(), "--verboseLevel", "silent"])
            .arg(document)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server =
            Self { child: Rc::new(Running(child)), address: format!("127.0.0.1:{port}"), connection: None };
        let clock = SystemClock::new();
        for _ in 0..600 {
            if TcpStream::connect(&server.address).await.is_ok() {
                return server;
            }
            clock.sleep(Duration::from_millis(50)).await;
        }
        panic!("the mock did not come up within 30 s");
    }

    pub(crate) fn share(&self) -> Self {
        self.clone()
    }

    /// CPU time of all its threads so far.
    pub(crate) fn cpu(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.0.id())).unwrap();
        let nanos = tasks.filter_map(|task| {
            let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }

    /// Resident memory in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap()
    }
}

/// This program in another role; its first line says where it listens.
fn own(role: &str, argument: &str, input: &[u8]) -> (Rc<Running>, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([role, argument])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Rc::new(Running(child)), line)
}
