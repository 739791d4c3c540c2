//! One HTTP POST.

use std::sync::OnceLock;
use std::time::Duration;

use crate::world::DueAttempt;
use crate::world::post::Outcome;

/// The receiver's time to answer (PLATFORM.md 7.1).
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// How much of an answer is read before the connection is given up.
const RESPONSE_BYTES_MAX: usize = 64 * 1024;

/// Posts notifications over kept-alive connections. The client is made at the first one, so that starting stays fast.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    client: OnceLock<Option<reqwest::Client>>,
}

impl Sender {
    /// Tries one notification.
    pub(crate) async fn send(&self, attempt: &DueAttempt) -> Outcome {
        let Some(client) = self.client.get_or_init(client) else { return Outcome::Unreachable };
        let request = client
            .post(&*attempt.address)
            .header("content-type", "application/json")
            .header("authorization", &attempt.signature)
            .body(attempt.body.to_string());
        let exchange = async {
            let mut response = request.send().await?;
            let status = response.status().as_u16();
            let mut read = 0;
            // The body says nothing; it is read so that the connection can be used again.
            while let Some(chunk) = response.chunk().await? {
                read += chunk.len();
                if read > RESPONSE_BYTES_MAX {
                    break;
                }
            }
            Ok::<_, reqwest::Error>(status)
        };
        match tokio::time::timeout(ANSWER_WITHIN, exchange).await {
            Err(_) => Outcome::TimedOut,
            Ok(Err(_)) => Outcome::Unreachable,
            Ok(Ok(status)) => Outcome::Status(status),
        }
    }
}

fn client() -> Option<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_idle_timeout(Duration::from_secs(30))
        .tcp_nodelay(true);
    builder
        .build()
        .inspect_err(|error| tracing::error!(%error, "cannot make the HTTP client of the webhook sender"))
        .ok()
}
