//! The key of the REST API.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, header};
use hub_engine::HubCode;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use ttshop_types::SecretText;

use crate::problem::Problem;
use crate::state::HubState;

/// The hash of a key; the key itself is not kept.
pub(crate) struct ApiKey([u8; 32]);

impl ApiKey {
    pub(crate) fn new(key: &SecretText) -> Self {
        Self(Sha256::digest(key.expose().as_bytes()).into())
    }

    /// Whether the request carries the key, in a time that says nothing about it.
    fn opens(&self, headers: &HeaderMap) -> bool {
        let given =
            headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        let hash: [u8; 32] = Sha256::digest(given.unwrap_or_default()).into();
        given.is_some() & bool::from(hash.ct_eq(&self.0))
    }
}

/// Lets only requests with the key pass.
pub(crate) async fn require(State(state): State<HubState>, request: Request, next: Next) -> Response {
    if state.api_key.opens(request.headers()) {
        return next.run(request).await;
    }
    metrics::counter!("hub_api_refused_total").increment(1);
    let problem = Problem::new(HubCode::ApiKey, "send `Authorization: Bearer` and the configured key");
    ([(header::WWW_AUTHENTICATE, "Bearer")], problem.into_response()).into_response()
}
