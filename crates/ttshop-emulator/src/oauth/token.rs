//! `GET /api/v2/token/get` and `GET /api/v2/token/refresh` (PLATFORM.md 1.4–1.9).
//!
//! Every business error is HTTP 200; any method but GET, and any other path, is a bare 404.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::gateway::Answer;
use crate::journal;
use crate::platform::Platform;
use crate::world::World;
use crate::world::grant::{TokenPair, TokenRefusal};
use crate::worlds::Worlds;

const INVALID_PARAMS: i64 = 98_001_004;

#[derive(Serialize)]
struct Envelope {
    code: i64,
    message: &'static str,
    data: Value,
    request_id: String,
}

/// Answers a token request. The secret travels in the query, which is why the query is written nowhere.
pub(crate) fn token_endpoint(
    method: &str,
    path: &str,
    query: &str,
    worlds: &Worlds,
) -> (Arc<Platform>, Answer) {
    let field = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let platform = worlds.of_app(Some(&field("app_key")));
    let now = platform.now();
    let mut world = platform.world();
    let result = match (method, path) {
        ("GET", "/api/v2/token/get") => get(&field, &mut world, now),
        ("GET", "/api/v2/token/refresh") => refresh(&field, &mut world, now),
        _ => {
            let body = b"404 page not found".to_vec();
            let answer = Answer { content_type: "text/plain; charset=utf-8", ..Answer::json(404, body) };
            drop(world);
            return (platform, answer);
        }
    };
    let request_id = world.request_id(None, now);
    let (code, message, data) = match result {
        Ok(data) => (0, "success", data),
        Err((code, message)) => (code, message, Value::Null),
    };
    let envelope = Envelope { code, message, data, request_id };
    let body = serde_json::to_vec(&envelope).expect("an envelope of texts and numbers serialises");
    let mut entry = journal::Call::new(now, method, path, 200, Some(code), envelope.request_id);
    if code != 0 {
        entry.explain(message, None);
    }
    world.journal.write(entry.hashed(&[], &body));
    drop(world);
    (platform, Answer::json(200, body))
}

type TokenResult = Result<Value, (i64, &'static str)>;

fn get(field: &dyn Fn(&str) -> String, world: &mut World, now: Timestamp) -> TokenResult {
    let app = app(field, world)?;
    if field("grant_type") != "authorized_code" {
        return Err((INVALID_PARAMS, "invalid params: grant_type must be authorized_code"));
    }
    let pair = world.exchange(app, &field("auth_code"), now).map_err(refusal)?;
    Ok(view(&pair, world))
}

/// Both grant types are taken: the documentation says `refresh_token`, the official Node SDK sends the other (1.5).
fn refresh(field: &dyn Fn(&str) -> String, world: &mut World, now: Timestamp) -> TokenResult {
    let app = app(field, world)?;
    if !matches!(field("grant_type").as_str(), "refresh_token" | "authorized_code") {
        return Err((INVALID_PARAMS, "invalid params: grant_type must be refresh_token"));
    }
    let pair = world.renew(app, &field("refresh_token"), now).map_err(refusal)?;
    Ok(view(&pair, world))
}

/// The app behind key and secret; which of both is wrong is not told.
fn app(field: &dyn Fn(&str) -> String, world: &World) -> Result<usize, (i64, &'static str)> {
    let secret = ttshop_types::SecretText::from(field("app_secret"));
    let app = world.app_by_key(&field("app_key"));
    app.filter(|app| world.apps[*app].credentials.app_secret == secret)
        .ok_or((INVALID_PARAMS, "invalid params: app_key or app_secret is wrong"))
}

/// `data`; the expiries are absolute seconds in spite of their names (1.6).
fn view(pair: &TokenPair, world: &World) -> Value {
    let grant = world.grants.get(pair.grant);
    let (name, region) = world.name_of(grant.holder).unzip();
    json!({
        "access_token": pair.access_token,
        "access_token_expire_in": pair.access_expires.as_seconds(),
        "refresh_token": pair.refresh_token,
        "refresh_token_expire_in": pair.refresh_expires.as_seconds(),
        "open_id": grant.open_id,
        "seller_name": name,
        "seller_base_region": region.map(ttshop_types::Region::code),
        "user_type": grant.holder.user_type().number(),
        "granted_scopes": grant.scopes,
    })
}

fn refusal(refusal: TokenRefusal) -> (i64, &'static str) {
    match refusal {
        TokenRefusal::Code => (36_004_004, "invalid auth code"),
        TokenRefusal::Unknown => (36_004_005, "can not find related auth record"),
        TokenRefusal::RefreshExpired => (36_004_001, "rt has expired"),
    }
}
