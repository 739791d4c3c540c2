//! Sessions, what they say about the service, and whether agents take any.

use std::ops::Range;

use serde_json::{Value, json};

use crate::family::customer_service::{conversation_mut, conversation_of, counted, not_found};
use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::{nothing, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::{Amount, Minor};
use crate::world::day::{Day, offset_of};
use crate::world::desk::{Conversation, Session};
use crate::world::{SessionNo, Shop, World};

/// An agent who takes longer is late (Seller Center: twelve hours).
const LATE_SECONDS: u64 = 12 * 3_600;
/// An order within so many seconds of a session is guided by it.
const GUIDED_SECONDS: i64 = 86_400;
/// Scores from this one on are satisfied.
const SATISFIED: u8 = 4;

pub(super) fn get_agent_settings(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let accepts = counted(call, world)?.desk.can_accept_chat;
    Ok(fitted(call, json!({ "can_accept_chat": accepts })))
}

pub(super) fn update_agent_settings(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let accepts = call.body.get("can_accept_chat").and_then(Value::as_bool).unwrap_or(true);
    counted(call, world)?.desk.can_accept_chat = accepts;
    Ok(nothing())
}

pub(super) fn end_session(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = conversation_of(call, world)?;
    let session = call.path_params.get("session_id").and_then(|id| id.parse::<SessionNo>().ok());
    let talk = conversation_mut(call, world, number)?;
    let open = talk.sessions.last_mut().filter(|open| open.end.is_none() && Some(open.number) == session);
    open.ok_or_else(not_found)?.end = Some(call.now);
    Ok(nothing())
}

/// Those that began last first.
pub(super) fn search_sessions(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    counted(call, world)?;
    let shop = shop_of(call, world)?;
    let bound = |name: &str| call.body.get(name).and_then(Value::as_i64).unwrap_or(0);
    let nickname = call.body.get("buyer_nickname").and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut found = sessions(shop, bound("begin_time_ge")..bound("begin_time_lt"));
    found.retain(|(talk, _)| nickname.is_none_or(|wanted| talk.nickname().contains(wanted)));
    found.reverse();
    let page = page(call, world, found)?;
    let shown: Vec<Value> = page.rows.iter().map(|(talk, session)| view(talk, session)).collect();
    Ok(fitted(call, json!({ "next_page_token": page.next, "sessions": shown })))
}

fn view(talk: &Conversation, session: &Session) -> Value {
    json!({
        "id": session.number.to_string(),
        "conversation_id": talk.number.to_string(),
        "begin_time": session.begin.as_seconds(),
        "end_time": session.end.map(|end| end.as_seconds()),
        "buyer_nickname": talk.nickname(),
        "chat_tags": [],
        "satisfaction_score": session.score,
        "first_response_late": session.response_seconds().is_some_and(|seconds| seconds > LATE_SECONDS),
        "first_response_time": session.response_seconds(),
    })
}

/// Computed from the sessions that began on the asked days, and from what their buyers ordered within a day.
pub(super) fn get_customer_service_performance(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    counted(call, world)?;
    let shop = shop_of(call, world)?;
    let offset = offset_of(&shop.region);
    let day = |name: &str| {
        let day = call.call.param(name).unwrap_or_default().parse::<Day>();
        day.map_err(|_| Refusal::parameter(format!("Invalid parameter '{name}'. It must be a date.")))
    };
    let found = sessions(shop, Day::span(day("support_date_ge")?, day("support_date_lt")?, offset));
    let responses: Vec<u64> = found.iter().filter_map(|(_, session)| session.response_seconds()).collect();
    let in_time = responses.iter().filter(|seconds| **seconds <= LATE_SECONDS).count();
    let scores: Vec<u8> = found.iter().filter_map(|(_, session)| session.score).collect();
    let satisfied = scores.iter().filter(|score| **score >= SATISFIED).count();
    let guided: Vec<Minor> = found.iter().filter_map(|(talk, session)| guided(shop, talk, session)).collect();
    let seconds: u64 = responses.iter().sum();
    let hundredths =
        |of: u64, all: u64| Minor(i64::try_from((of * 100).checked_div(all).unwrap_or(0)).unwrap_or(0));
    let answered = u64::try_from(responses.len()).unwrap_or(u64::MAX);
    Ok(fitted(
        call,
        json!({ "performance": {
            "support_session_count": found.len(),
            "response_percentage": percent(in_time, found.len()),
            "satisfaction_percentage": percent(satisfied, scores.len()),
            "response_time_mins": hundredths(seconds, answered.saturating_mul(60)).text(2),
            "conversion_rate": percent(guided.len(), found.len()),
            "cs_guided_gmv": guided.iter().copied().sum::<Minor>().text(shop.decimals()),
            "currency": shop.currency(),
        }}),
    ))
}

/// `of` in a hundred of `all`, with two digits; 0.00 of nothing.
fn percent(of: usize, all: usize) -> Amount {
    let basis_points = (of * 10_000).checked_div(all).unwrap_or(0);
    Minor(i64::try_from(basis_points).unwrap_or(0)).text(2)
}

/// What the buyer paid for orders placed within a day of the session's begin, if there are any.
fn guided(shop: &Shop, talk: &Conversation, session: &Session) -> Option<Minor> {
    let begin = session.begin.as_seconds();
    let orders = shop.book.created_in(begin..begin + GUIDED_SECONDS);
    let paid = orders.filter(|order| order.buyer == talk.buyer && order.times.paid.is_some());
    paid.map(|order| order.subtotal()).reduce(|sum, amount| sum + amount)
}

/// Sessions that began in `range`, oldest first.
fn sessions(shop: &Shop, range: Range<i64>) -> Vec<(&Conversation, &Session)> {
    let all = shop.desk.conversations.values();
    let all = all.flat_map(|talk| talk.sessions.iter().map(move |session| (talk, session)));
    let mut found: Vec<_> = all.filter(|(_, session)| range.contains(&session.begin.as_seconds())).collect();
    found.sort_by_key(|(_, session)| (session.begin, session.number));
    found
}
