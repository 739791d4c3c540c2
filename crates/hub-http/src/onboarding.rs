//! `GET /connect/{app}` and `GET /callback/{app}`: connecting a shop with a browser.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hub_engine::{Begun, Callback, Connected, FinishError, HubCode};

use crate::page::{Page, private};
use crate::problem::status;
use crate::state::HubState;

/// The prefix makes browsers insist on TLS, on the whole host, and on no other host's word.
const COOKIE_SECURE: &str = "__Host-ttshop-connect";
/// Without TLS browsers refuse that prefix.
const COOKIE_PLAIN: &str = "ttshop-connect";

/// Marks the browser and sends it to the consent page.
pub(crate) async fn begin(
    State(state): State<HubState>,
    Path(app): Path<String>,
    headers: HeaderMap,
) -> Response {
    match state.engine.onboarding().begin(&app, mark(&headers, state.is_secure)).await {
        Ok(begun) => go_on(&begun, state.is_secure),
        Err(error) => {
            tracing::warn!(code = %error.code(), error = %error, "a connection did not begin");
            failed(error.code())
        }
    }
}

/// Finishes what the same browser began.
pub(crate) async fn finish(
    State(state): State<HubState>,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let callback = Callback {
        app: &app,
        query: query.as_deref().unwrap_or_default(),
        browser: mark(&headers, state.is_secure),
    };
    match state.engine.onboarding().finish(callback).await {
        Ok(connected) => done(&connected),
        Err(error) => {
            log_failure(&error);
            failed(error.code())
        }
    }
}

fn go_on(begun: &Begun, is_secure: bool) -> Response {
    let (name, secure) = if is_secure { (COOKIE_SECURE, "; Secure") } else { (COOKIE_PLAIN, "") };
    let seconds = begun.lasts.as_secs();
    // Lax: the consent page sends the browser back by a link, which must carry the mark.
    let cookie = format!(
        "{name}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        begun.browser.expose()
    );
    let (Ok(mut cookie), Ok(location)) =
        (HeaderValue::try_from(cookie), HeaderValue::try_from(&begun.consent_url))
    else {
        return failed(HubCode::BadRequest);
    };
    cookie.set_sensitive(true);
    let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, location)];
    private((StatusCode::SEE_OTHER, headers).into_response())
}

/// The browser's mark, if it sent one.
fn mark(headers: &HeaderMap, is_secure: bool) -> Option<&str> {
    let name = if is_secure { COOKIE_SECURE } else { COOKIE_PLAIN };
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn done(connected: &Connected) -> Response {
    let mut paragraphs = vec!["You may close this page.".to_owned()];
    if !connected.seller_name.is_empty() {
        paragraphs.insert(0, format!("Seller: {}", connected.seller_name));
    }
    if connected.webhooks_failed > 0 {
        paragraphs.push(
            "Some notifications could not be registered; changes arrive later, with the next sweep.".into(),
        );
    }
    let items = connected.shops.iter().map(|(id, name, region)| format!("{name} ({region}, {id})")).collect();
    Page { status: StatusCode::OK, title: "Connected".into(), paragraphs, items }.into_response()
}

fn failed(code: HubCode) -> Response {
    let advice = match code {
        HubCode::ConnectWithoutState => "Open this hub's connect page and give consent from there.",
        HubCode::ConnectExpired => "Begin again at the connect page; there are ten minutes to come back.",
        HubCode::ConnectOtherBrowser => {
            "Begin and finish in one browser, at one address of this hub, with cookies allowed."
        }
        HubCode::ConnectDenied => "Begin again when you want to give consent.",
        HubCode::AppUnknown => "Check the last part of the address.",
        _ => "Begin again later, or ask whoever runs this hub.",
    };
    let title = format!("Not connected: {}", code.title());
    let paragraphs = vec![advice.into(), format!("Code: {code}")];
    Page { status: status(code), title, paragraphs, items: Vec::new() }.into_response()
}

fn log_failure(error: &FinishError) {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    tracing::warn!(code = %error.code(), error = %text, "a connection did not finish");
}
