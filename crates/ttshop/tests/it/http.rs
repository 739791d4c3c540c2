//! The real transport against sockets that misbehave.

use std::net::SocketAddr;
use std::time::Duration;

use http::{HeaderMap, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use ttshop::{
    HttpBody, HttpOptions, HttpReply, HttpRequest, HttpTransport, PlainHttp, Transport as _, TransportError,
    TransportErrorKind,
};

/// A peer that hands each connection to `serve`, for as long as the returned set lives.
async fn peer<F, Served>(serve: F) -> (SocketAddr, JoinSet<()>)
where
    F: Fn(TcpStream) -> Served + Send + 'static,
    Served: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream));
        }
    });
    (address, tasks)
}

/// Reads a small request, which comes in one piece. None is left when the client has hung up.
async fn read_head(stream: &mut TcpStream) -> usize {
    let mut head = [0; 4096];
    stream.read(&mut head).await.unwrap()
}

/// Reads the head of a request and answers these bytes.
async fn answer(bytes: &'static [u8]) -> (SocketAddr, JoinSet<()>) {
    peer(move |mut stream| async move {
        read_head(&mut stream).await;
        stream.write_all(bytes).await.unwrap();
    })
    .await
}

fn options() -> HttpOptions {
    HttpOptions { reply_bytes_max: 1_000, ..HttpOptions::default() }
}

fn request(address: &str) -> HttpRequest {
    HttpRequest {
        method: Method::GET,
        url: format!("{address}/order/202309/orders?sign=canary").parse().unwrap(),
        headers: HeaderMap::new(),
        body: HttpBody::EMPTY,
        timeout: Duration::from_secs(30),
    }
}

async fn send(address: &str) -> Result<HttpReply, TransportError> {
    let answer = HttpTransport::new(&options()).unwrap().send(request(address)).await;
    if let Err(error) = &answer {
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
    answer
}

async fn kind(bytes: &'static [u8]) -> TransportErrorKind {
    let (address, _tasks) = answer(bytes).await;
    send(&format!("http://{address}")).await.unwrap_err().kind()
}

#[tokio::test]
async fn a_whole_reply_comes_through_whatever_its_status() {
    let (address, _tasks) =
        answer(b"HTTP/1.1 503 Busy\r\nx-tt-logid: 7\r\ncontent-length: 2\r\n\r\n{}").await;
    let reply = send(&format!("http://{address}")).await.unwrap();
    assert_eq!((reply.status.as_u16(), &*reply.body), (503, &b"{}"[..]));
    assert_eq!(reply.headers["x-tt-logid"], "7");
    let chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{\"\r\n3\r\na\":\r\n2\r\n1}\r\n0\r\n\r\n";
    let (address, _tasks) = answer(chunked).await;
    assert_eq!(&*send(&format!("http://localhost:{}", address.port())).await.unwrap().body, br#"{"a":1}"#);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (address, _tasks) =
        answer(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(send(&format!("http://{address}")).await.unwrap().status.as_u16(), 302);
}

#[tokio::test]
async fn a_reply_that_is_cut_off_is_no_reply() {
    assert_eq!(
        kind(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"code\"").await,
        TransportErrorKind::Interrupted
    );
    assert_eq!(kind(b"HTTP/1.1 200 OK\r\ntransf").await, TransportErrorKind::Interrupted);
    assert_eq!(kind(b"").await, TransportErrorKind::Interrupted);
    assert_eq!(kind(b"SSH-2.0-OpenSSH\r\n").await, TransportErrorKind::Interrupted);
}

#[tokio::test]
async fn a_reply_that_never_ends_is_cut_at_the_bound() {
    let (address, _tasks) = peer(|mut stream| async move {
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(&[b' '; 512]).await.is_ok() {}
    })
    .await;
    let error = send(&format!("http://{address}")).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::ReplyTooLong { max: 1_000 });
}

#[tokio::test]
async fn a_silent_peer_is_a_timeout() {
    let (address, _tasks) = peer(|mut stream| async move {
        let mut everything = Vec::new();
        stream.read_to_end(&mut everything).await.unwrap();
    })
    .await;
    let impatient = HttpOptions { read_timeout: Duration::from_millis(100), ..options() };
    let transport = HttpTransport::new(&impatient).unwrap();
    let error = transport.send(request(&format!("http://{address}"))).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert!(error.may_have_arrived());
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = send(&format!("http://{address}")).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn plain_http_leaves_this_machine_only_on_request() {
    for address in
        ["http://192.0.2.1", "http://localhost.example", "http://[2001:db8::1]", "http://127.0.0.1.example"]
    {
        assert_eq!(send(address).await.unwrap_err().kind(), TransportErrorKind::PlainHttp, "{address}");
    }
    let everywhere = HttpOptions {
        plain_http: PlainHttp::Everywhere,
        connect_timeout: Duration::from_millis(1),
        ..options()
    };
    let transport = HttpTransport::new(&everywhere).unwrap();
    let error = transport.send(request("http://192.0.2.1")).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
}

#[tokio::test]
async fn connections_are_reused() {
    let (address, _tasks) = peer(|mut stream| async move {
        for number in 1.. {
            if read_head(&mut stream).await == 0 {
                return;
            }
            let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{number}");
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    })
    .await;
    let transport = HttpTransport::new(&options()).unwrap();
    for number in ["1", "2", "3"] {
        let reply = transport.send(request(&format!("http://{address}"))).await.unwrap();
        assert_eq!(reply.body, number);
    }
}
