//! What comes to the door and is no proper notification: a clear answer, nothing stored that should not be, nothing lost
//! that should be kept.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::fixture::{RunningHub, notification, signature};

/// One request as bytes, and the status line's number of the answer.
async fn raw(hub: &RunningHub, request: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(hub.server.address()).await.unwrap();
    // A server that refuses early may stop reading.
    drop(stream.write_all(request).await);
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    let line = String::from_utf8_lossy(&answer).into_owned();
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn head(method: &str, extra: &str, length: usize) -> Vec<u8> {
    format!("{method} /webhooks/main HTTP/1.1\r\nhost: hub\r\nconnection: close\r\ncontent-length: {length}\r\n{extra}\r\n").into_bytes()
}

fn signed(body: &[u8], extra: &str) -> Vec<u8> {
    let mut request = head("POST", &format!("authorization: {}\r\n{extra}", signature(body)), body.len());
    request.extend_from_slice(body);
    request
}

#[tokio::test]
async fn every_bad_request_has_its_answer_and_leaves_what_it_should() {
    let hub = RunningHub::start().await;
    let proper = notification("n1", "1");
    let strange = br#"{"type":4711,"tts_notification_id":"n2","shop_id":"7494","data":{"x":1}}"#.as_slice();
    let typed = notification("n3", "3");
    let forged = [head("POST", "authorization: 00\r\n", 2), b"{}".to_vec()].concat();
    let unsigned = [head("POST", "", 2), b"{}".to_vec()].concat();
    let huge = head("POST", &format!("authorization: {}\r\n", "0".repeat(64)), 10 << 20);
    let gzip = signed(&notification("n4", "4"), "content-encoding: gzip\r\n");
    let chunked_huge = {
        let head = b"POST /webhooks/main HTTP/1.1\r\nhost: hub\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n200000\r\n";
        let mut request = head.to_vec();
        request.resize(request.len() + 0x20_0000, b'x');
        request
    };
    let other_app = String::from_utf8(signed(b"{}", ""))
        .unwrap()
        .replace("/webhooks/main", "/webhooks/other")
        .into_bytes();
    let table: Vec<(&str, Vec<u8>, u16, u64)> = vec![
        ("a proper notification", signed(&proper, ""), 200, 1),
        ("the same again", signed(&proper, ""), 200, 0),
        ("an unknown type", signed(strange, ""), 200, 1),
        ("another content type", signed(&typed, "content-type: text/html\r\n"), 200, 1),
        ("signed, not JSON", signed(b"this is no JSON", ""), 200, 1),
        ("signed, not UTF-8", signed(b"\xff\xfe\x00", ""), 200, 1),
        ("signed, empty", signed(b"", ""), 200, 1),
        ("forged", forged, 401, 0),
        ("unsigned", unsigned, 401, 0),
        ("ten megabytes", huge, 413, 0),
        ("two megabytes in chunks", chunked_huge, 413, 0),
        ("compressed", gzip, 415, 0),
        ("another app's", other_app, 404, 0),
        ("GET", head("GET", "", 0), 405, 0),
        ("PUT", head("PUT", "", 0), 405, 0),
        ("OPTIONS", head("OPTIONS", "", 0), 405, 0),
        ("nonsense", b"\x16\x03\x01 nonsense\r\n\r\n".to_vec(), 400, 0),
        (
            "two lengths",
            b"POST /webhooks/main HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"
                .to_vec(),
            400,
            0,
        ),
    ];
    let mut expected = 0;
    for (what, request, status, stored) in table {
        assert_eq!(raw(&hub, &request).await, status, "{what}");
        expected += stored;
        assert_eq!(hub.events_and_work().await.0, expected, "{what}");
    }
    let engine = hub.stop().await;
    let backlog = engine.backlog().await.unwrap();
    let mut unhandled = 0;
    for number in 1..=i64::try_from(expected).unwrap() {
        unhandled += u64::from(!engine.store().inbox_row(number).await.unwrap().unwrap().handled);
    }
    // Every event has its work, done or to be done.
    assert_eq!(backlog.jobs + backlog.parked, unhandled);
}

#[tokio::test]
async fn a_slow_body_is_given_up_before_the_platform_would() {
    let hub = RunningHub::start().await;
    let mut stream = TcpStream::connect(hub.server.address()).await.unwrap();
    stream.write_all(&head("POST", "", 100)).await.unwrap();
    stream.write_all(b"{").await.unwrap();
    let begun = tokio::time::Instant::now();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
    assert!(begun.elapsed() < std::time::Duration::from_secs(3));
    assert_eq!(hub.events_and_work().await, (0, 0));
    hub.stop().await;
}
