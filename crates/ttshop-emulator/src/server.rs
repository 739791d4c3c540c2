//! HTTP: one listener for the API, the token endpoints, the consent page and the control API.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use ttshop_types::Timestamp;

use crate::control::{ControlRequest, Reply, control, is_same_site, truth_chunk};
use crate::family::{DOCUMENTS, serve_document};
use crate::gateway::{Answer, Call, Ending, answer};
use crate::intake::{Intake, receive};
use crate::oauth;
use crate::platform::Platform;
use crate::webhook::closed;
use crate::world::ShopNo;
use crate::worlds::Worlds;

/// How many connections are served at once; more wait to be accepted.
const CONNECTIONS_MAX: usize = 4_096;
/// How long a client may take over the head of a request, and over silence between two requests.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How long open connections may go on after the platform closed.
const DRAIN_WITHIN: Duration = Duration::from_secs(2);

/// In how many pieces a slow body comes.
const SLOW_PIECES: usize = 10;

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// Serves until the platform closes, then lets open requests end.
pub(crate) async fn serve(listener: TcpListener, worlds: Arc<Worlds>) {
    let mut connections = JoinSet::new();
    let mut closing = worlds.closing.clone();
    loop {
        tokio::select! {
            () = closed(&mut closing) => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(serve_connection(stream, peer, Arc::clone(&worlds)));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    worlds.default_world().time.sleep_really(Duration::from_millis(50)).await;
                }
            },
        }
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_WITHIN, drained).await.is_err() {
        connections.shutdown().await;
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, worlds: Arc<Worlds>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let mut closing = worlds.closing.clone();
    let service = service_fn(move |request| {
        let worlds = Arc::clone(&worlds);
        async move { Ok::<_, Infallible>(respond(request, peer, &worlds).await) }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).auto_date_header(false);
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = closed(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Answers one request, whoever it is for.
async fn respond(request: Request<Incoming>, peer: SocketAddr, worlds: &Worlds) -> Response<Body> {
    let (head, body) = request.into_parts();
    let (path, method) = (head.uri.path(), head.method.as_str());
    let query = head.uri.query().unwrap_or_default();
    let control_path =
        path.strip_prefix("/_emulator").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let settings = &worlds.settings;
    if control_path.is_some() && !is_same_site(&head.headers, &settings.base_url, &settings.control_hosts) {
        let text =
            br#"{"error":"the control API answers this machine only; name other hosts when starting"}"#;
        return response(Answer::json(403, text.to_vec()), worlds.default_world()).await;
    }
    let intake = Intake::of(&head, control_path.is_some());
    let Ok(received) = receive(body, intake).await else {
        return response(Answer::json(408, Vec::new()), worlds.default_world()).await;
    };
    if let Some(path) = control_path {
        let request = ControlRequest { method, path, query, body: received.bytes() };
        return match control(&request, worlds).await {
            (platform, Reply::Answer(answer)) => response(answer, &platform).await,
            (platform, Reply::Truth { shop, summary }) => truth(platform, shop, summary),
        };
    }
    let (platform, answer) = match (method, path) {
        ("GET", "/open/authorize") => oauth::page(query, worlds),
        ("POST", "/open/authorize") => oauth::decide(received.bytes(), worlds),
        ("GET", path) if path.starts_with(DOCUMENTS) => {
            let key = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "app_key");
            let platform = worlds.of_app(key.as_ref().map(|(_, key)| key.as_ref()));
            let answer = serve_document(path, &platform.world(), platform.now());
            (platform, answer)
        }
        (_, path) if path.starts_with("/api/v2/token/") => oauth::token_endpoint(method, path, query, worlds),
        _ => {
            let call = Call::new(method, path, query, &head.headers, received.content(), peer.ip());
            let platform = worlds.of_app(call.param("app_key"));
            let answer = answer(&call, &platform);
            (platform, answer)
        }
    };
    response(answer, &platform).await
}

async fn response(answer: Answer, platform: &Platform) -> Response<Body> {
    if answer.ending == Ending::Never {
        closed(&mut platform.closing.clone()).await;
    }
    let length = answer.body.len();
    let body = match answer.ending {
        Ending::Whole | Ending::Never => {
            Full::new(Bytes::from(answer.body)).map_err(|never| match never {}).boxed_unsync()
        }
        Ending::Truncated => broken_off(answer.body),
        Ending::Slow(pause) => slow(answer.body, pause, platform),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    if let Some(date) = http_date(platform.now()) {
        headers.insert(DATE, date);
    }
    if answer.ending != Ending::Whole {
        headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

/// The body in pieces; the pauses are of the machine's time, because the client's patience is.
fn slow(body: Vec<u8>, pause: Duration, platform: &Platform) -> Body {
    let body = Bytes::from(body);
    let size = body.len().div_ceil(SLOW_PIECES).max(1);
    let (time, closing) = (platform.time.clone(), platform.closing.clone());
    let pieces = stream::unfold((body, time, closing), move |(mut rest, time, mut closing)| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::select! {
            () = time.sleep_really(pause) => {}
            () = closed(&mut closing) => return None,
        }
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(Frame::data(piece)), (rest, time, closing)))
    });
    StreamBody::new(pieces).boxed_unsync()
}

/// Half of the body, then the connection breaks.
fn broken_off(mut body: Vec<u8>) -> Body {
    body.truncate(body.len() / 2);
    let half = Ok(Frame::data(Bytes::from(body)));
    let broken = Err(std::io::Error::other("broken off on request"));
    StreamBody::new(stream::iter([half, broken])).boxed_unsync()
}

/// All orders of a shop, a line each; between two chunks the world is free.
fn truth(platform: Arc<Platform>, shop: ShopNo, summary: bool) -> Response<Body> {
    let chunks = stream::unfold((platform, None), move |(platform, after)| async move {
        let (chunk, last) = truth_chunk(&platform, shop, summary, after)?;
        Some((Ok(Frame::data(Bytes::from(chunk))), (platform, Some(last))))
    });
    let mut response = Response::new(StreamBody::new(chunks).boxed_unsync());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    response
}

/// The platform's own time, from which clients learn their skew.
fn http_date(now: Timestamp) -> Option<HeaderValue> {
    let since_1970 = Duration::from_secs(u64::try_from(now.as_seconds()).ok()?);
    // The format ends with the year 9999.
    let last = Duration::from_secs(253_402_300_799);
    let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since_1970.min(last));
    HeaderValue::from_str(&date).ok()
}
