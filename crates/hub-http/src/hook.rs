//! `POST /webhooks/{app}`: where the platform's notifications arrive.
//!
//! Bodies of these answers are empty: whoever knocks learns nothing that the status does not say.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hub_engine::{DOOR_BODY_BYTES_MAX, DoorAnswer, Knock};

use crate::state::HubState;

/// How long a body may take in all; the platform gives up after three seconds anyway.
const BODY_DEADLINE: Duration = Duration::from_millis(2500);
/// How many bodies are read at once; the next ones get 503 at once.
pub(crate) const BODIES_AT_ONCE: usize = 2048;

/// Reads, knocks, answers.
pub(crate) async fn receive(
    State(state): State<HubState>,
    Path(app): Path<String>,
    request: Request,
) -> StatusCode {
    let (head, body) = request.into_parts();
    if let Err(status) = check(&head.headers) {
        return refuse(status);
    }
    let Ok(_permit) = state.bodies.try_acquire() else { return refuse(StatusCode::SERVICE_UNAVAILABLE) };
    let body = match read(body).await {
        Ok(body) => body,
        Err(status) => return refuse(status),
    };
    let signature = head.headers.get(header::AUTHORIZATION).map(http::HeaderValue::as_bytes);
    match state.engine.door().knock(Knock { app: &app, signature, body: &body }).await {
        DoorAnswer::Accepted => StatusCode::OK,
        DoorAnswer::BadSignature => StatusCode::UNAUTHORIZED,
        DoorAnswer::UnknownApp => StatusCode::NOT_FOUND,
        DoorAnswer::TryAgain(code) => {
            tracing::warn!(code = %code, "a notification was answered 503; the platform sends it again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// What can be refused before a byte of the body is read. The content type is not asked for: the signature says more.
fn check(headers: &HeaderMap) -> Result<(), StatusCode> {
    let is_encoded = |value: &http::HeaderValue| !value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).iter().any(is_encoded) {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > DOOR_BODY_BYTES_MAX) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Ok(())
}

async fn read(body: Body) -> Result<bytes::Bytes, StatusCode> {
    let collected = Limited::new(body, DOOR_BODY_BYTES_MAX).collect();
    match tokio::time::timeout(BODY_DEADLINE, collected).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

fn refuse(status: StatusCode) -> StatusCode {
    metrics::counter!("hub_webhooks_total", "answer" => "refused").increment(1);
    status
}
