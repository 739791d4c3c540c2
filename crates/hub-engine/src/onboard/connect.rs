//! Beginning a connection, and checking that a callback finishes one that was begun.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hub_core::{AppName, ConnectIntent};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use ttshop_types::{Region, Secret, SecretText, ShopId};

use super::finish::connect;
use super::{BeginError, FinishError};
use crate::hub::Hub;
use crate::{EntropyError, HubApp, StatelessCallbacks};

/// How long a browser has from beginning to coming back.
const CONNECT_TIME: Duration = Duration::from_secs(10 * 60);
/// Bytes of a state and of a browser's mark: 128 bits.
const MARK_BYTES: usize = 16;
/// How many finished connections are remembered, so that a callback that is loaded twice shows the same page.
const FINISHED_MAX: usize = 256;

/// Connects shops.
pub struct Onboarding {
    hub: Arc<Hub>,
    finished: Mutex<VecDeque<Finished>>,
}

struct Finished {
    state_hash: [u8; 32],
    browser_hash: [u8; 32],
    connected: Connected,
}

/// A connection that a browser may go on with.
#[derive(Debug)]
pub struct Begun {
    /// Where to send the browser.
    pub consent_url: String,
    /// What to mark the browser with, as a cookie that no script and no other site can read.
    pub browser: SecretText,
    /// How long both are good for.
    pub lasts: Duration,
}

/// What a browser brings back.
#[derive(Debug)]
pub struct Callback<'a> {
    /// The app that the URL names.
    pub app: &'a str,
    /// The query, without its question mark.
    pub query: &'a str,
    /// The browser's mark, if it has one.
    pub browser: Option<&'a str>,
}

/// A finished connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connected {
    /// The seller's name, possibly empty.
    pub seller_name: String,
    /// The shops: id, name, market.
    pub shops: Vec<(ShopId, String, Region)>,
    /// Notifications that could not be registered: the shops work, later and by sweeps alone.
    pub webhooks_failed: usize,
}

impl Onboarding {
    pub(crate) fn new(hub: Arc<Hub>) -> Self {
        Self { hub, finished: Mutex::default() }
    }

    /// Begins a connection. A browser that has a mark already keeps it, so that two tabs do not spoil each other.
    ///
    /// # Errors
    /// The app is not configured, or the store does not remember the connection.
    pub async fn begin(&self, app: &str, browser: Option<&str>) -> Result<Begun, BeginError> {
        let app = self.app(app)?;
        let state = self.mark()?;
        let browser = match browser.filter(|mark| is_mark(mark)) {
            Some(mark) => SecretText::from(mark),
            None => self.mark()?,
        };
        let now = self.hub.clock.now();
        let intent = ConnectIntent {
            state_hash: hash(state.expose()),
            browser_hash: hash(browser.expose()),
            app: app.name.clone(),
            expires_at: now + CONNECT_TIME,
        };
        self.hub.store.begin_connect(intent, now).await?;
        Ok(Begun { consent_url: consent_url(app, &state), browser, lasts: CONNECT_TIME })
    }

    /// Finishes a connection. Loaded twice by the same browser, a callback shows the same result and exchanges nothing again.
    ///
    /// # Errors
    /// The callback finishes nothing that was begun here, or the platform or the store did not play along.
    pub async fn finish(&self, callback: Callback<'_>) -> Result<Connected, FinishError> {
        let app = self.app(callback.app).map_err(FinishError::App)?;
        let parsed = ttshop::Callback::parse(callback.query).map_err(|_| FinishError::Denied)?;
        let Some(state) = parsed.state else {
            return match app.stateless_callbacks {
                StatelessCallbacks::Refuse => Err(FinishError::WithoutState),
                StatelessCallbacks::Accept => connect(&self.hub, app, parsed.code).await,
            };
        };
        let state_hash = hash(&state);
        let browser_hash = Secret::new(hash(callback.browser.unwrap_or_default()));
        if let Some(connected) = self.finished_before(&state_hash, &browser_hash) {
            return Ok(connected);
        }
        let intent = self
            .hub
            .store
            .take_connect(state_hash, self.hub.clock.now())
            .await?
            .ok_or(FinishError::Expired)?;
        if intent.app != app.name {
            return Err(FinishError::Expired);
        }
        if Secret::new(intent.browser_hash) != browser_hash {
            return Err(FinishError::OtherBrowser);
        }
        let connected = connect(&self.hub, app, parsed.code).await?;
        self.remember(Finished {
            state_hash,
            browser_hash: intent.browser_hash,
            connected: connected.clone(),
        });
        Ok(connected)
    }

    fn app(&self, name: &str) -> Result<&Arc<HubApp>, BeginError> {
        let app =
            self.hub.app(&AppName::new(name)).ok_or_else(|| BeginError::AppUnknown { app: name.into() })?;
        if app.secret.is_none() {
            return Err(BeginError::AppSecretMissing { app: name.into() });
        }
        Ok(app)
    }

    fn mark(&self) -> Result<SecretText, EntropyError> {
        let mut bytes = [0; MARK_BYTES];
        self.hub.entropy.fill(&mut bytes)?;
        Ok(hex::encode(bytes).into())
    }

    fn finished_before(&self, state_hash: &[u8; 32], browser_hash: &Secret<[u8; 32]>) -> Option<Connected> {
        let finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        let same = finished.iter().find(|finished| finished.state_hash == *state_hash)?;
        (Secret::new(same.browser_hash) == *browser_hash).then(|| same.connected.clone())
    }

    fn remember(&self, one: Finished) {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        if finished.len() >= FINISHED_MAX {
            finished.pop_front();
        }
        finished.push_back(one);
    }
}

impl fmt::Debug for Onboarding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Onboarding")
    }
}

fn consent_url(app: &HubApp, state: &SecretText) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (service_id, state) = (encode(app.service_id.as_str()), encode(state.expose()));
    format!("{}/open/authorize?service_id={service_id}&state={state}", app.hosts.consent)
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn is_mark(text: &str) -> bool {
    text.len() == 2 * MARK_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
