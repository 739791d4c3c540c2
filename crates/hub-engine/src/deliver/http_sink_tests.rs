use std::sync::Arc;

use hub_core::EventId;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;
use crate::{SeededEntropy, verify_event};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// A receiver that answers every request with the same bytes and hands out what it got.
struct Receiver {
    url: String,
    requests: tokio::sync::mpsc::Receiver<String>,
    _tasks: JoinSet<()>,
}

impl Receiver {
    async fn answering(reply: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, requests) = tokio::sync::mpsc::channel(16);
        let reply: Arc<[u8]> = reply.into().into();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                drop(sender.send(request).await);
                drop(stream.write_all(&reply).await);
            }
        });
        Self { url, requests, _tasks: tasks }
    }
}

async fn read_request(stream: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        bytes.extend_from_slice(&buffer[..read]);
        if read == 0 || bytes.ends_with(b"{\"id\":\"evt_1\"}") {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
}

fn sink(url: &str, policy: AddressPolicy) -> Result<HttpSink, SinkUrlError> {
    let secret = SinkSecret::generate(&SeededEntropy::new(3)).unwrap();
    HttpSink::new(HttpSinkConfig { name: SinkName("s".into()), url: url.into(), secret, policy })
}

async fn deliver(url: &str) -> Result<(), DeliveryFailure> {
    let sink = sink(url, AddressPolicy::AllowPrivate).unwrap();
    let id = EventId("evt_1".into());
    sink.deliver(Outgoing {
        id: &id,
        kind: "order.created",
        payload: b"{\"id\":\"evt_1\"}",
        attempts: 0,
        now: NOW,
    })
    .await
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let line = request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no `{name}` in {request}"))
}

#[tokio::test]
async fn an_event_arrives_signed() {
    let mut receiver = Receiver::answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    deliver(&receiver.url).await.unwrap();
    let request = receiver.requests.recv().await.unwrap();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let secret = SinkSecret::generate(&SeededEntropy::new(3)).unwrap();
    let signature = header(&request, "webhook-signature");
    assert_eq!(header(&request, "webhook-timestamp"), "1700000000");
    assert!(verify_event(&secret, header(&request, "webhook-id"), "1700000000", signature, body.as_bytes()));
}

#[tokio::test]
async fn every_answer_has_its_meaning() {
    let far = RETRY_AFTER_MAX;
    let table = [
        ("500 Oops\r\n", "answered 500", None, false),
        ("410 Gone\r\n", "answered 410", None, true),
        ("302 Found\r\nlocation: http://127.0.0.1:9/\r\n", "answered 302", None, false),
        ("429 Slow\r\nretry-after: 30\r\n", "answered 429", Some(Duration::from_secs(30)), false),
        ("429 Slow\r\nretry-after: 315360000\r\n", "answered 429", Some(far), false),
        ("429 Slow\r\nretry-after: 99999999999999999999999\r\n", "answered 429", Some(far), false),
        ("429 Slow\r\nretry-after: -5\r\n", "answered 429", None, false),
        ("429 Slow\r\nretry-after: soon\r\n", "answered 429", None, false),
        (
            "503 Busy\r\nretry-after: Tue, 14 Nov 2023 22:14:20 GMT\r\n",
            "answered 503",
            Some(Duration::from_secs(60)),
            false,
        ),
        (
            "503 Busy\r\nretry-after: Tue, 14 Nov 2000 22:14:20 GMT\r\n",
            "answered 503",
            Some(Duration::ZERO),
            false,
        ),
    ];
    for (reply, reason, wait, is_final) in table {
        let receiver = Receiver::answering(format!("HTTP/1.1 {reply}content-length: 0\r\n\r\n")).await;
        let failure = deliver(&receiver.url).await.unwrap_err();
        assert_eq!(
            failure,
            DeliveryFailure { reason: reason.into(), not_before: wait.map(|wait| NOW + wait), is_final }
        );
    }
}

#[tokio::test]
async fn an_endless_reply_is_not_read_to_its_end() {
    let mut reply = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n".to_vec();
    reply.resize(64 * 1024, b'x');
    let receiver = Receiver::answering(reply).await;
    deliver(&receiver.url).await.unwrap();
}

#[tokio::test]
async fn a_name_of_a_private_address_is_refused_when_dialled() {
    let receiver = Receiver::answering("HTTP/1.1 200 OK\r\n\r\n").await;
    let port = receiver.url.rsplit_once(':').unwrap().1.split_once('/').unwrap().0;
    let allowed = sink(&format!("http://localhost:{port}/"), AddressPolicy::AllowPrivate).unwrap();
    // The name passed the check of the URL; the address behind it must not pass the check at dial.
    let client = reqwest::Client::builder()
        .dns_resolver(GuardedResolver { policy: AddressPolicy::PublicOnly })
        .no_proxy();
    let guarded = HttpSink { client: client.build().unwrap(), ..allowed };
    let id = EventId("evt_1".into());
    let outgoing = Outgoing { id: &id, kind: "order.created", payload: b"{}", attempts: 0, now: NOW };
    let failure = guarded.deliver(outgoing).await.unwrap_err();
    assert!(failure.reason.starts_with("HUB0025: "), "{}", failure.reason);
}

#[tokio::test]
async fn a_closed_port_is_no_url_in_the_text() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/canary?key=canary", listener.local_addr().unwrap());
    drop(listener);
    let failure = deliver(&url).await.unwrap_err();
    assert!(
        failure.reason.starts_with("cannot connect: ") && !failure.reason.contains("canary"),
        "{}",
        failure.reason
    );
}
