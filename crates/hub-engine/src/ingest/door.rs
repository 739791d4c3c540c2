//! The door: verify, make durable, answer, and nothing else.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hub_core::{Accepted, AppName, Incoming};
use hub_store::StoreError;
use tokio::sync::{Semaphore, oneshot};
use ttshop_sign::{MatchedSecret, WebhookVerifier};
use ttshop_types::AppKey;

use super::read_incoming;
use crate::HubCode;
use crate::hub::Hub;
use crate::task_set::TaskSet;

/// How large a notification may be. The largest documented ones are far smaller.
pub const DOOR_BODY_BYTES_MAX: usize = 1024 * 1024;
/// How many notifications may wait for the store at once; the next ones get 503 at once, and the platform tries again.
const ACCEPTS_MAX: usize = 4096;
/// How long the store may take. The platform gives up after three seconds.
const ACCEPT_DEADLINE: Duration = Duration::from_secs(2);

/// Where notifications arrive.
pub struct Door {
    hub: Arc<Hub>,
    apps: HashMap<AppName, DoorApp>,
    permits: Arc<Semaphore>,
    tasks: Arc<TaskSet>,
}

struct DoorApp {
    key: AppKey,
    verifier: Option<WebhookVerifier>,
}

/// One notification at the door.
#[derive(Debug)]
pub struct Knock<'a> {
    /// The app that the URL names.
    pub app: &'a str,
    /// The `Authorization` header.
    pub signature: Option<&'a [u8]>,
    /// The bytes as they came.
    pub body: &'a [u8],
}

/// What the platform is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DoorAnswer {
    /// 200: it is durable, now or since an earlier copy.
    Accepted,
    /// 401: the signature fits no loaded secret. The platform takes this as final.
    BadSignature,
    /// 404: no such app.
    UnknownApp,
    /// 503: our own fault; the platform tries again.
    TryAgain(HubCode),
}

impl Door {
    pub(crate) fn new(hub: Arc<Hub>, tasks: Arc<TaskSet>) -> Self {
        let apps = hub
            .apps
            .iter()
            .map(|app| (app.name.clone(), DoorApp { key: app.key.clone(), verifier: app.verifier() }));
        let apps = apps.collect();
        Self { hub, apps, permits: Arc::new(Semaphore::new(ACCEPTS_MAX)), tasks }
    }

    /// Takes a notification in. What was begun here runs to its end even when the caller goes away.
    pub async fn knock(&self, knock: Knock<'_>) -> DoorAnswer {
        let answer = self.answer(knock).await;
        metrics::counter!("hub_webhooks_total", "answer" => answer.word()).increment(1);
        answer
    }

    async fn answer(&self, knock: Knock<'_>) -> DoorAnswer {
        let Some((name, app)) = self.apps.get_key_value(&AppName::new(knock.app)) else {
            return DoorAnswer::UnknownApp;
        };
        let Some(verifier) = &app.verifier else { return DoorAnswer::TryAgain(HubCode::AppSecretMissing) };
        match verifier.verify(knock.signature, knock.body) {
            Ok(MatchedSecret::Current) => {}
            Ok(MatchedSecret::Previous(_)) => {
                metrics::counter!("hub_webhooks_previous_secret_total").increment(1);
            }
            Err(_) => return DoorAnswer::BadSignature,
        }
        let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() else {
            return DoorAnswer::TryAgain(HubCode::DoorBusy);
        };
        let incoming = read_incoming(name, &app.key, knock.body.to_vec(), self.hub.clock.now());
        let (answered, answer) = oneshot::channel();
        let hub = Arc::clone(&self.hub);
        self.tasks.start(async move {
            let accepted = accept(&hub, incoming).await;
            drop(permit);
            if answered.send(accepted).is_err() {
                tracing::debug!(
                    "a client went away before its answer; its notification is stored all the same"
                );
            }
        });
        match tokio::time::timeout(ACCEPT_DEADLINE, answer).await {
            Ok(Ok(Ok(()))) => DoorAnswer::Accepted,
            Ok(Ok(Err(code))) => DoorAnswer::TryAgain(code),
            Ok(Err(_)) | Err(_) => DoorAnswer::TryAgain(HubCode::StoreUnavailable),
        }
    }
}

async fn accept(hub: &Hub, incoming: Incoming) -> Result<(), HubCode> {
    let started = hub.clock.monotonic();
    let accepted = hub.store.accept(incoming).await;
    let took = hub.clock.monotonic().saturating_sub(started);
    metrics::histogram!("hub_accept_seconds").record(took.as_secs_f64());
    match accepted {
        Ok(Accepted::New(_)) => hub.nudges.process.notify_one(),
        Ok(Accepted::Duplicate) => metrics::counter!("hub_webhooks_duplicate_total").increment(1),
        Ok(Accepted::Conflict(number)) => {
            tracing::warn!(
                inbox.number = number,
                "a notification id came again with another body; both are kept"
            );
            metrics::counter!("hub_webhooks_conflict_total").increment(1);
            hub.nudges.process.notify_one();
        }
        Err(error) => {
            tracing::error!(error = %chain(&error), "a notification could not be stored; the platform will send it again");
            return Err(HubCode::StoreUnavailable);
        }
    }
    Ok(())
}

/// An error and its causes in one line, for the log.
pub(crate) fn chain(error: &StoreError) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl DoorAnswer {
    fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::BadSignature => "bad_signature",
            Self::UnknownApp => "unknown_app",
            Self::TryAgain(_) => "try_again",
        }
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("apps", &self.apps.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
