//! The hooks of a client, around one try.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{Hook, HookAnswer, TryEnd, TryView};
use crate::attempts::Failure;
use crate::core::Core;
use crate::reply::RawReply;
use crate::transport::{HttpReply, HttpRequest};
use crate::wire::Opener;

/// The hooks of a client, in the order in which they were added.
#[derive(Clone, Default)]
pub(crate) struct Hooks(Vec<Arc<dyn Hook>>);

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl Hooks {
    pub(crate) fn add(&mut self, hook: Arc<dyn Hook>) {
        self.0.push(hook);
    }

    /// Sends `request`, unless a hook answers it, and tells all hooks how it ended.
    pub(crate) async fn exchange(
        &self,
        core: &Core,
        attempt: TryView<'_>,
        request: HttpRequest,
        opener: &mut dyn Opener,
    ) -> Result<RawReply, Failure> {
        if self.0.is_empty() {
            return core.exchange(request, opener).await;
        }
        let began = core.clock.monotonic();
        let answer = self.0.iter().find_map(|hook| hook.answer(&attempt));
        let answered_by_hook = answer.is_some();
        let outcome = match answer {
            Some(answer) => core.judge(reply(answer), core.clock.now(), opener),
            None => core.exchange(request, opener).await,
        };
        let end = end(&outcome, core.clock.monotonic().saturating_sub(began), answered_by_hook);
        self.0.iter().for_each(|hook| hook.ended(&attempt, &end));
        outcome
    }
}

fn end(outcome: &Result<RawReply, Failure>, took: Duration, answered_by_hook: bool) -> TryEnd<'_> {
    match outcome {
        Ok(reply) => TryEnd {
            took,
            answered_by_hook,
            status: Some(reply.status),
            request_id: Some(&reply.request_id),
            failure: None,
            reply: Some(reply),
        },
        Err(failure) => TryEnd {
            took,
            answered_by_hook,
            status: failure.status(),
            request_id: failure.request_id(),
            failure: Some(failure.kind()),
            reply: None,
        },
    }
}

/// The envelope around a hook's answer.
fn reply(answer: HookAnswer) -> HttpReply {
    let (status, code, message, data) = match answer {
        HookAnswer::Success(data) => (StatusCode::OK, 0, "Success".into(), data),
        HookAnswer::Refusal { status, code, message } => (status, code, message, Value::Null),
    };
    let envelope = json!({"code": code, "message": message, "request_id": "hook", "data": data});
    HttpReply { status, headers: HeaderMap::new(), body: envelope.to_string().into() }
}
