//! A sink over HTTP.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use hub_core::{DeliveryFailure, SinkName};
use ttshop_types::Timestamp;
use url::Url;

use super::guard::{AddressRefused, GuardedResolver, check_url};
use super::{AddressPolicy, Outgoing, Sink, SinkFuture, SinkSecret, SinkUrlError};
use crate::HubCode;

/// How long one attempt may take in all, the reply included.
const ATTEMPT_DEADLINE: Duration = Duration::from_secs(10);
/// How long connecting may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// How much of a reply is read, so that the connection can be used again; the rest is nobody's business.
const REPLY_BYTES_MAX: usize = 16 * 1024;
/// How long a receiver may ask us to wait.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60 * 60);
/// How many idle connections to a receiver are kept.
const IDLE_CONNECTIONS_MAX: usize = 16;

/// How to make an [`HttpSink`].
#[derive(Clone, Debug)]
pub struct HttpSinkConfig {
    /// The name that deliveries are kept under.
    pub name: SinkName,
    /// Where events are posted.
    pub url: String,
    /// What signs them.
    pub secret: SinkSecret,
    /// Which targets are allowed.
    pub policy: AddressPolicy,
}

/// Posts events to a URL, signed by the Standard Webhooks rules.
#[derive(Debug)]
pub struct HttpSink {
    name: SinkName,
    url: Url,
    secret: SinkSecret,
    client: reqwest::Client,
}

impl HttpSink {
    /// Checks the URL and makes the sink.
    ///
    /// # Errors
    /// The URL may not be used.
    pub fn new(config: HttpSinkConfig) -> Result<Self, SinkUrlError> {
        let url = check_url(&config.url, config.policy)?;
        let client = reqwest::Client::builder()
            .dns_resolver(GuardedResolver { policy: config.policy })
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_DEADLINE)
            .timeout(ATTEMPT_DEADLINE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .user_agent(concat!("ttshop-hub/", env!("CARGO_PKG_VERSION")))
            .build()
            .expect("fixed options always make a client");
        Ok(Self { name: config.name, url, secret: config.secret, client })
    }

    async fn post(&self, outgoing: Outgoing<'_>) -> Result<(), DeliveryFailure> {
        let seconds = outgoing.now.as_seconds();
        let signature = self.secret.sign(&outgoing.id.0, seconds, outgoing.payload);
        let request = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header("webhook-id", &outgoing.id.0)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .body(outgoing.payload.to_vec());
        let reply = request.send().await.map_err(|error| broken(&error))?;
        let (status, headers) = (reply.status(), reply.headers().clone());
        drain(reply).await;
        if status.is_success() { Ok(()) } else { Err(refused(status, &headers, outgoing.now)) }
    }
}

impl Sink for HttpSink {
    fn name(&self) -> &SinkName {
        &self.name
    }

    fn deliver<'a>(&'a self, outgoing: Outgoing<'a>) -> SinkFuture<'a> {
        Box::pin(self.post(outgoing))
    }
}

/// Reads the reply as far as it may be read. What breaks here breaks after the status, which is the answer.
async fn drain(mut reply: reqwest::Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = reply.chunk().await {
        read += chunk.len();
        if read >= REPLY_BYTES_MAX {
            return;
        }
    }
}

fn refused(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> DeliveryFailure {
    let not_before =
        headers.get(header::RETRY_AFTER).and_then(|value| retry_after(value, now)).map(|wait| now + wait);
    DeliveryFailure {
        reason: format!("answered {}", status.as_u16()),
        not_before,
        is_final: status == StatusCode::GONE,
    }
}

/// Seconds or a date, never beyond the cap and never in the past.
fn retry_after(value: &HeaderValue, now: Timestamp) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => RETRY_AFTER_MAX,
        Err(_) => {
            let at = httpdate::parse_http_date(text)
                .ok()?
                .duration_since(std::time::SystemTime::UNIX_EPOCH)
                .ok()?;
            (Timestamp::EPOCH + at).since(now)
        }
    };
    Some(wait.min(RETRY_AFTER_MAX))
}

/// What broke, without the URL: its query may hold a secret.
fn broken(error: &reqwest::Error) -> DeliveryFailure {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let address = causes.filter_map(|cause| cause.downcast_ref::<AddressRefused>()).next();
    let reason = match address {
        Some(refused) => format!("{}: {refused}", HubCode::SinkAddress),
        None if error.is_timeout() => "no answer in time".into(),
        None if error.is_connect() => format!("cannot connect: {}", deepest(error)),
        None => format!("broke off: {}", deepest(error)),
    };
    DeliveryFailure { reason, not_before: None, is_final: false }
}

/// The cause at the bottom; those above it repeat the address.
fn deepest(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.last().map_or_else(|| "unknown".into(), ToString::to_string)
}

#[cfg(test)]
#[path = "http_sink_tests.rs"]
mod tests;
