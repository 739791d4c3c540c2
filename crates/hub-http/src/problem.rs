//! Errors of the REST API, as `application/problem+json`.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use hub_engine::HubCode;
use hub_store::StoreError;
use serde::Serialize;

/// An error that its reader can act on.
#[derive(Debug)]
pub(crate) struct Problem {
    code: HubCode,
    detail: String,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
}

impl Problem {
    pub(crate) fn new(code: HubCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(HubCode::BadRequest, detail)
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(HubCode::NotFound, detail)
    }
}

/// The cause goes to the log, once, here.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if let StoreError::BadCursor { .. } = error {
            return Self::bad_request("`cursor` is not from an earlier page");
        }
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
        tracing::error!(error = %text, "a request failed on the store");
        match error {
            StoreError::Damaged { .. } => Self::new(HubCode::StoreDamaged, "the log names the row"),
            StoreError::Unavailable(_)
            | StoreError::FenceLost { .. }
            | StoreError::RevisionLost { .. }
            | StoreError::BadCursor { .. } => Self::new(HubCode::StoreUnavailable, "try again"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = status(self.code);
        let body = Body {
            kind: format!("urn:ttshop:error:{}", self.code),
            title: self.code.title(),
            status: status.as_u16(),
            detail: &self.detail,
            code: self.code.as_str(),
        };
        let body = serde_json::to_vec(&body).expect("texts and a number always serialise");
        let content_type = HeaderValue::from_static("application/problem+json");
        (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
    }
}

/// The HTTP status of a code.
pub(crate) fn status(code: HubCode) -> StatusCode {
    match code {
        HubCode::ApiKey | HubCode::WebhookSignature => StatusCode::UNAUTHORIZED,
        HubCode::NotFound | HubCode::AppUnknown => StatusCode::NOT_FOUND,
        HubCode::BadRequest
        | HubCode::ConnectWithoutState
        | HubCode::ConnectExpired
        | HubCode::ConnectOtherBrowser
        | HubCode::ConnectDenied
        | HubCode::ConnectNoShops
        | HubCode::NotANotification
        | HubCode::SinkUrl => StatusCode::BAD_REQUEST,
        HubCode::ConnectExchange | HubCode::PlatformAnswerUnreadable | HubCode::PlatformRefused => {
            StatusCode::BAD_GATEWAY
        }
        HubCode::AppSecretMissing
        | HubCode::DoorBusy
        | HubCode::StoreUnavailable
        | HubCode::PlatformUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        HubCode::MasterKeyUnknown
        | HubCode::SecretDoesNotOpen
        | HubCode::NotificationUnreadable
        | HubCode::ShopNotConnected
        | HubCode::NeedsReauthorization
        | HubCode::AuthorizationRevoked
        | HubCode::OrderMissing
        | HubCode::ShopInactive
        | HubCode::SinkAddress
        | HubCode::SweepIncomplete
        | HubCode::StoreDamaged
        | HubCode::WorkerPanicked => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
