//! A platform that answers as the test says, and a clock that jumps to whatever is waited for.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use ttshop::{
    App, Client, ClientBuilder, FixedToken, HttpReply, HttpRequest, ShopAccess, Transport, TransportError,
    TransportErrorKind,
};
use ttshop_clock::{Clock as _, VirtualClock};
use ttshop_sign::RequestSigner;
use ttshop_types::Timestamp;

pub(crate) const APP_KEY: &str = "6testkey00";
pub(crate) const APP_SECRET: &str = "canary-app-secret";
pub(crate) const TOKEN: &str = "ROW_canary-access-token";
pub(crate) const CIPHER: &str = "ROW_canary+cipher/==";
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

pub(crate) type Answer = Result<HttpReply, TransportError>;

type Answering = Box<dyn FnMut(&HttpRequest) -> Answer + Send>;

/// Answers by a closure and remembers what it was asked.
pub(crate) struct Script {
    answering: Mutex<Answering>,
    requests: Mutex<Vec<HttpRequest>>,
}

impl Script {
    pub(crate) fn new(answering: impl FnMut(&HttpRequest) -> Answer + Send + 'static) -> Arc<Self> {
        Arc::new(Self { answering: Mutex::new(Box::new(answering)), requests: Mutex::default() })
    }

    /// Gives these answers in turn; the last one for ever.
    pub(crate) fn of(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self::new(move |_| if answers.len() > 1 { answers.pop().unwrap() } else { answers[0].clone() })
    }

    /// What it answers, without being asked over the wire.
    pub(crate) fn answer(&self, request: &HttpRequest) -> Answer {
        (self.answering.lock().unwrap())(request)
    }

    pub(crate) fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            self.requests.lock().unwrap().push(request.clone());
            // Others get their turn while the answer is on its way.
            tokio::task::yield_now().await;
            self.answer(&request)
        })
    }
}

pub(crate) fn reply(status: u16, body: &str) -> Answer {
    let status = http::StatusCode::from_u16(status).unwrap();
    Ok(HttpReply { status, headers: http::HeaderMap::new(), body: body.to_owned().into() })
}

pub(crate) fn reply_with(status: u16, header: (&'static str, &str), body: &str) -> Answer {
    let mut reply = reply(status, body)?;
    reply.headers.insert(header.0, header.1.parse().unwrap());
    Ok(reply)
}

pub(crate) fn success(data: &str) -> Answer {
    reply(200, &format!(r#"{{"code":0,"message":"Success","request_id":"2026-ok","data":{data}}}"#))
}

pub(crate) fn refusal(status: u16, code: i64, message: &str) -> Answer {
    reply(status, &format!(r#"{{"code":{code},"message":"{message}","request_id":"2026-no","data":null}}"#))
}

pub(crate) fn broken(kind: TransportErrorKind) -> Answer {
    Err(TransportError::new(kind))
}

pub(crate) fn app() -> App {
    App { key: APP_KEY.into(), secret: APP_SECRET.into(), service_id: "7000000000000000001".into() }
}

pub(crate) fn shop() -> ShopAccess {
    ShopAccess::new("7494049642642441621".into(), CIPHER.into())
}

pub(crate) fn builder(script: &Arc<Script>, clock: &VirtualClock) -> ClientBuilder {
    Client::builder(app())
        .transport(Arc::<Script>::clone(script))
        .clock(Arc::new(clock.clone()))
        .tokens(Arc::new(FixedToken::new(TOKEN.into())))
        .seed(1)
}

/// A client for one shop, with a fixed token, at [`NOW`].
pub(crate) fn client(script: &Arc<Script>) -> (Client, VirtualClock) {
    let clock = VirtualClock::at(NOW);
    let client = builder(script, &clock).build().unwrap().with_shop(shop());
    (client, clock)
}

/// Runs `future`, moving the clock to the next sleeper whenever nothing else can happen.
pub(crate) async fn drive<F: Future>(clock: &VirtualClock, future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        tokio::select! {
            biased;
            output = &mut future => return output,
            () = tokio::task::yield_now() => {
                if let Some(due) = clock.next_due() {
                    clock.advance(due.since(clock.now()));
                }
            }
        }
    }
}

/// The decoded value of a query parameter.
pub(crate) fn param(request: &HttpRequest, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The bytes of a request; none of a form.
pub(crate) fn body_of(request: &HttpRequest) -> &Bytes {
    static NONE: Bytes = Bytes::new();
    request.body.as_bytes().unwrap_or(&NONE)
}

/// Whether the request's signature fits what was sent.
pub(crate) fn is_signed(request: &HttpRequest) -> bool {
    let pairs: Vec<_> = request.url.query_pairs().into_owned().collect();
    let mut params: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let content_type = request.headers.get("content-type").map(|value| value.to_str().unwrap());
    let body = ttshop_sign::signed_body(content_type, body_of(request));
    let sign = param(request, "sign").unwrap_or_default();
    RequestSigner::new(APP_SECRET.into()).verify(request.url.path(), &mut params, body, &sign)
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
