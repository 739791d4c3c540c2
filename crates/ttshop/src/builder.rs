//! Building clients.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use ttshop_clock::{Clock, SystemClock};
use ttshop_sign::RequestSigner;
use url::Url;

use crate::budget::{Budget, Unlimited};
use crate::core::Core;
use crate::hook::{Hook, Hooks};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::skew::Skew;
use crate::tokens::{NoTokens, TokenSource};
use crate::transport::{HttpOptions, HttpTransport, Transport, TransportError};
use crate::{App, Client};

/// Where the platform answers calls, in every market.
pub const API_URL: &str = "https://open-api.tiktokglobalshop.com";

/// Where the platform gives tokens, in every market.
pub const AUTH_URL: &str = "https://auth.tiktok-shops.com";

/// How long one call may take with all its tries and waits, unless the builder says otherwise.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How long one try may take, unless the builder says otherwise.
pub const TRY_TIMEOUT: Duration = Duration::from_secs(30);

/// Choices for a [`Client`]; everything but the app has a default.
#[derive(Debug)]
pub struct ClientBuilder {
    app: App,
    base_url: String,
    auth_url: String,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    tokens: Arc<dyn TokenSource>,
    budget: Arc<dyn Budget>,
    hooks: Hooks,
    retry: RetryPolicy,
    deadline: Duration,
    try_timeout: Duration,
    seed: Option<u64>,
}

/// Why a client cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// An address is no http or https address.
    #[error("`{0}` is no http address")]
    Address(String),
    /// The default transport cannot be set up.
    #[error("failed to set up the transport")]
    Transport(#[from] TransportError),
    /// The machine gives no random numbers.
    #[error("this machine gives no random numbers")]
    Randomness,
}

impl ClientBuilder {
    pub(crate) fn new(app: App) -> Self {
        Self {
            app,
            base_url: API_URL.into(),
            auth_url: AUTH_URL.into(),
            transport: None,
            clock: None,
            tokens: Arc::new(NoTokens),
            budget: Arc::new(Unlimited),
            hooks: Hooks::default(),
            retry: RetryPolicy::default(),
            deadline: DEADLINE,
            try_timeout: TRY_TIMEOUT,
            seed: None,
        }
    }

    /// Calls another API host, such as an emulator.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Asks another auth host for tokens.
    #[must_use]
    pub fn auth_url(mut self, url: impl Into<String>) -> Self {
        self.auth_url = url.into();
        self
    }

    /// Sends requests by another way than [`HttpTransport`] with its defaults.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Takes time from `clock`.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Calls with these tokens.
    #[must_use]
    pub fn tokens(mut self, tokens: Arc<dyn TokenSource>) -> Self {
        self.tokens = tokens;
        self
    }

    /// Adds a hook around every try, after those added before.
    #[must_use]
    pub fn hook(mut self, hook: Arc<dyn Hook>) -> Self {
        self.hooks.add(hook);
        self
    }

    /// Asks `budget` before every try.
    #[must_use]
    pub fn budget(mut self, budget: Arc<dyn Budget>) -> Self {
        self.budget = budget;
        self
    }

    /// Retries by another policy.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Gives one call this time, with all its tries and waits.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Gives one try this time.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.try_timeout = timeout;
        self
    }

    /// Makes waits and boundaries repeatable, for tests.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// An address is none, or the default transport cannot be set up.
    pub fn build(self) -> Result<Client, BuildError> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(HttpTransport::new(&HttpOptions::default())?),
        };
        let core = Core {
            signer: RequestSigner::new(self.app.secret.clone()),
            app: self.app,
            api_url: address(&self.base_url)?,
            auth_url: address(&self.auth_url)?,
            transport,
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock::new())),
            budget: self.budget,
            hooks: self.hooks,
            policy: self.retry,
            retry_budget: RetryBudget::new(),
            deadline: self.deadline,
            try_timeout: self.try_timeout,
            skew: Skew::default(),
            rng: Mutex::new(generator(self.seed)?),
        };
        Ok(Client::new(Arc::new(core), self.tokens))
    }
}

fn address(text: &str) -> Result<Url, BuildError> {
    let invalid = || BuildError::Address(text.into());
    let url = Url::parse(text).map_err(|_| invalid())?;
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none();
    if usable { Ok(url) } else { Err(invalid()) }
}

fn generator(seed: Option<u64>) -> Result<ChaCha8Rng, BuildError> {
    if let Some(seed) = seed {
        return Ok(ChaCha8Rng::seed_from_u64(seed));
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| BuildError::Randomness)?;
    Ok(ChaCha8Rng::from_seed(seed))
}
