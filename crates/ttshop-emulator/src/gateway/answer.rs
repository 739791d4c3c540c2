//! From a call to its answer.

use std::time::Duration;

use crate::contract::{self, Partial};
use crate::family;
use crate::faults::{FaultKind, Strike};
use crate::gateway::{Admitted, Call, Refusal, admit, explain, route};
use crate::journal;
use crate::platform::Platform;
use crate::tier::{Tier, tier};
use crate::world::World;

/// What goes back to the caller.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) ending: Ending,
}

/// How the answer ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ending {
    /// As it should.
    Whole,
    /// The connection breaks in the middle of the body.
    Truncated,
    /// In pieces, with so long a pause before each.
    Slow(Duration),
    /// It never comes.
    Never,
}

const JSON: &str = "application/json; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const HTML_BAD_GATEWAY: &[u8] =
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";
const HTML_OVERLOAD: &[u8] =
    b"<html><head><title>503 Service Unavailable</title></head><body><h1>503</h1></body></html>";

/// Answers a call of the API and writes it into the journal.
pub(crate) fn answer(call: &Call<'_>, platform: &Platform) -> Answer {
    let now = platform.now();
    match admit(call, platform, now) {
        Ok((admitted, mut world)) => {
            let request_id = match admitted.shop {
                Some(_) => world.request_id(admitted.shop, now),
                None => world.request_id_of(admitted.grant, now),
            };
            let answer = carry_out(&admitted, &mut world, &request_id, platform.explains());
            let due_now = world.due.next_at().is_some_and(|at| at <= now);
            note(call, &admitted, &answer, request_id, &mut world);
            drop(world);
            if due_now {
                platform.baton.nudge();
            }
            answer.answer
        }
        Err(refusal) => {
            let mut world = platform.world();
            let shop = call.param("shop_cipher").and_then(|cipher| world.ciphers.get(cipher)).copied();
            let request_id = world.request_id(shop, now);
            let mut answer = refused(&refusal, &request_id, platform.explains());
            let mut entry =
                journal::Call::new(now, call.method, call.path, answer.status, refusal.code, request_id)
                    .hashed(call.bytes(), &answer.body);
            if let Ok((operation, _)) = route::operation(call) {
                entry.operation = Some(operation.key);
                answer.headers.push(("x-emulator-tier", tier(operation).as_str().into()));
            }
            explain_refusal(&refusal, &mut entry);
            entry.shop_id = shop.map(|shop| shop.to_string());
            world.journal.write(entry);
            answer
        }
    }
}

/// An answer with what the journal says about it.
struct Noted {
    answer: Answer,
    code: Option<i64>,
    fault: Option<FaultKind>,
    refusal: Option<Refusal>,
}

fn carry_out(admitted: &Admitted<'_>, world: &mut World, request_id: &str, explains: bool) -> Noted {
    let shop_id = admitted.shop.map(|shop| shop.to_string());
    let World { faults, shops, chance, .. } = world;
    let chance = admitted.shop.and_then(|shop| shops.get_mut(&shop)).map_or(chance, |shop| &mut shop.chance);
    let strike = faults.strike(admitted.operation.key, shop_id.as_deref(), &mut chance.chaos);
    if let Some(strike) = strike.as_ref().filter(|strike| !strike.kind.takes_effect()) {
        return spoil(strike, None, request_id);
    }
    let partial = strike.as_ref().filter(|strike| strike.kind == FaultKind::Partial);
    let partial = partial.map(|strike| Partial { code: strike.code, message: strike.message.clone() });
    let handler = family::handler(admitted.operation).filter(|_| !world.switches.contract_only);
    let (tier, result) = match handler {
        Some(handler) => (Tier::Stateful, handler(admitted, world)),
        None => (Tier::Contract, contract::reply(admitted, world, partial.as_ref())),
    };
    let code = Some(result.as_ref().err().map_or(0, |refusal| refusal.code.unwrap_or(0)));
    let (mut answer, refusal) = match result {
        Ok(success) => (Answer::json(200, success.finish(request_id)), None),
        Err(refusal) => (refused(&refusal, request_id, explains), Some(refusal)),
    };
    answer.headers.push(("x-emulator-tier", tier.as_str().into()));
    match strike {
        Some(strike) => spoil(&strike, Some((answer, code)), request_id),
        None => Noted { answer, code, fault: None, refusal },
    }
}

/// What the caller sees of a fault; `answer` is what it would have seen, with its code.
fn spoil(strike: &Strike, answer: Option<(Answer, Option<i64>)>, request_id: &str) -> Noted {
    let whole = |refusal: Refusal| (refused(&refusal, request_id, false), refusal.code);
    let edge =
        |status, html: &[u8]| Answer { status, content_type: HTML, ..Answer::json(status, html.to_vec()) };
    let answer = answer.unwrap_or_else(|| (Answer::json(200, Vec::new()), None));
    let (mut spoilt, code) = match strike.kind {
        FaultKind::Throttle => whole(Refusal::throttled(None)),
        FaultKind::InternalError | FaultKind::InternalErrorAfter => whole(Refusal::internal()),
        FaultKind::HtmlBadGateway => (edge(502, HTML_BAD_GATEWAY), None),
        FaultKind::Overload => (edge(503, HTML_OVERLOAD), None),
        FaultKind::TimeoutBefore | FaultKind::TimeoutAfter => {
            (Answer { ending: Ending::Never, ..Answer::json(504, Vec::new()) }, None)
        }
        FaultKind::TruncatedBody => (Answer { ending: Ending::Truncated, ..answer.0 }, None),
        FaultKind::SlowBody => (Answer { ending: Ending::Slow(strike.pause), ..answer.0 }, answer.1),
        FaultKind::Code => whole(Refusal::of_code(strike.code, strike.message.clone())),
        FaultKind::Partial => answer,
    };
    spoilt.headers.push(("x-emulator-fault", strike.kind.as_str().into()));
    Noted { answer: spoilt, code, fault: Some(strike.kind), refusal: None }
}

fn refused(refusal: &Refusal, request_id: &str, explains: bool) -> Answer {
    let content_type = if refusal.code.is_some() { JSON } else { PLAIN };
    let mut answer = Answer { content_type, ..Answer::json(refusal.status, refusal.write(request_id)) };
    if let Some(seconds) = refusal.retry_after {
        answer.headers.push(("retry-after", seconds.to_string()));
    }
    if let Some(explanation) = refusal.explanation.as_ref().filter(|_| explains) {
        answer.headers.push(("x-emulator-explain", explain::header_text(explanation)));
    }
    answer
}

impl Answer {
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Self {
        Self { status, content_type: JSON, body, headers: Vec::new(), ending: Ending::Whole }
    }
}

fn note(call: &Call<'_>, admitted: &Admitted<'_>, noted: &Noted, request_id: String, world: &mut World) {
    let status = noted.answer.status;
    let mut entry = journal::Call::new(admitted.now, call.method, call.path, status, noted.code, request_id)
        .hashed(call.bytes(), &noted.answer.body);
    entry.operation = Some(admitted.operation.key);
    entry.shop_id = admitted.shop.map(|shop| shop.to_string());
    entry.fault = noted.fault.map(FaultKind::as_str);
    if let Some(refusal) = &noted.refusal {
        explain_refusal(refusal, &mut entry);
    }
    world.journal.write(entry);
}

fn explain_refusal(refusal: &Refusal, entry: &mut journal::Call) {
    let explanation = refusal.explanation.as_ref().map(|explained| explained.verdict.as_str());
    entry.explain(&refusal.message, explanation);
}
