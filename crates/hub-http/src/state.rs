//! What handlers share.

use std::fmt;
use std::sync::Arc;

use hub_engine::Engine;
use tokio::sync::Semaphore;

use crate::Metrics;
use crate::api_key::ApiKey;
use crate::hook::BODIES_AT_ONCE;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct HubState {
    pub(crate) engine: Arc<Engine>,
    pub(crate) api_key: Arc<ApiKey>,
    pub(crate) metrics: Option<Metrics>,
    /// Whether browsers reach the hub over TLS, so that cookies may insist on it.
    pub(crate) is_secure: bool,
    pub(crate) bodies: Arc<Semaphore>,
}

impl HubState {
    pub(crate) fn new(engine: Arc<Engine>, api_key: ApiKey, metrics: Option<Metrics>) -> Self {
        let is_secure = engine.public_url().starts_with("https://");
        Self {
            engine,
            api_key: Arc::new(api_key),
            metrics,
            is_secure,
            bodies: Arc::new(Semaphore::new(BODIES_AT_ONCE)),
        }
    }
}

impl fmt::Debug for HubState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubState").field("engine", &self.engine).finish_non_exhaustive()
    }
}
