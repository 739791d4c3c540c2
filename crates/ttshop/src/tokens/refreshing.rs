//! Tokens that renew themselves.
//!
//! Whatever takes time (loading, refreshing, saving) is one shared future, the flight: the first caller starts it and all
//! others await the same one, so a thousand callers cause one refresh. A task of the source's own drives it too, because the
//! answer of the auth host may hold the only valid pair: it must be read and saved even if every caller hangs up.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_core::future::BoxFuture;
use futures_util::FutureExt as _;
use futures_util::future::Shared;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use ttshop_types::{SecretText, Timestamp};

use super::{
    AccessToken, RefreshTurn, Replaced, Stale, TokenError, TokenSource, TokenStore, TokenStoreError,
};
use crate::error::Cause;
use crate::{Error, OAuth, TokenSet};

/// How often saving a new pair is tried at a stretch. A pair that could not be saved is kept and saved later.
pub const SAVE_ATTEMPTS_MAX: u32 = 3;

/// The share of an access token's life after which it is refreshed, in thousandths: a random point of this range, so that
/// shops that were connected together do not refresh together.
const REFRESH_AT: std::ops::RangeInclusive<u64> = 700..=850;

/// How long an early refresh that failed is left alone; the old token still works meanwhile.
const EARLY_REFRESH_PAUSE: Duration = Duration::from_secs(60);

/// Gives the tokens of one authorisation, and refreshes them early, when the platform says that they expired, and once for all
/// callers.
#[derive(Clone)]
pub struct RefreshingTokens {
    work: Arc<Work>,
    state: Arc<Mutex<State>>,
}

/// What a flight needs.
struct Work {
    oauth: OAuth,
    store: Arc<dyn TokenStore>,
    /// The point of a token's life at which it is refreshed, in thousandths.
    refresh_at: u64,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    flight: Option<Flight>,
    /// Drives the flight while nobody awaits it.
    driver: JoinSet<()>,
    /// No early refresh before this.
    early_from: Timestamp,
    /// Refreshed but not saved yet: the pair before and the pair after.
    unsaved: Option<(TokenSet, TokenSet)>,
    /// A refresh token that the platform has refused, and what it said.
    refused: Option<(SecretText, TokenError)>,
}

/// The pair in use.
#[derive(Clone)]
struct Held {
    token: AccessToken,
    refresh_due_at: Timestamp,
    expires_at: Timestamp,
}

/// Work under way, awaited by any number of callers.
type Flight = Shared<BoxFuture<'static, Landing>>;

/// How a flight ended.
#[derive(Clone)]
struct Landing {
    result: Result<TokenSet, TokenError>,
    unsaved: Option<(TokenSet, TokenSet)>,
    refused: Option<(SecretText, TokenError)>,
}

/// What a flight is for.
enum Errand {
    /// Nothing is held yet.
    Load,
    /// The held pair grows old.
    RefreshEarly,
    /// The platform refused this token.
    Replace(AccessToken, Stale),
}

impl RefreshingTokens {
    /// Gives tokens out of `store`, refreshing them through `oauth`.
    pub fn new(oauth: OAuth, store: Arc<dyn TokenStore>) -> Self {
        let refresh_at = oauth.core.random(REFRESH_AT);
        Self { work: Arc::new(Work { oauth, store, refresh_at }), state: Arc::default() }
    }

    async fn token(&self) -> Result<AccessToken, TokenError> {
        loop {
            let now = self.work.oauth.core.clock.now();
            let (flight, held) = {
                let mut state = self.lock();
                match state.held.clone() {
                    None => (self.join(&mut state, Errand::Load), None),
                    Some(held)
                        if now < held.expires_at && now < held.refresh_due_at.max(state.early_from) =>
                    {
                        return Ok(held.token);
                    }
                    Some(held) => (self.join(&mut state, Errand::RefreshEarly), Some(held)),
                }
            };
            match (flight.await, held) {
                // What was loaded may be due already.
                (Ok(_), None) => {}
                (Err(error), Some(held)) if error.is_passing() && now < held.expires_at => {
                    self.lock().early_from = now + EARLY_REFRESH_PAUSE;
                    tracing::warn!(%error, "failed to refresh a token early; the old one still works");
                    return Ok(held.token);
                }
                (result, _) => return result,
            }
        }
    }

    async fn replace(&self, stale: &AccessToken, why: Stale) -> Result<AccessToken, TokenError> {
        let flight = {
            let mut state = self.lock();
            match &state.held {
                Some(held) if held.token != *stale => return Ok(held.token.clone()),
                _ => self.join(&mut state, Errand::Replace(stale.clone(), why)),
            }
        };
        flight.await
    }

    /// Joins the flight that is under way, or starts one.
    fn join(
        &self,
        state: &mut State,
        errand: Errand,
    ) -> impl Future<Output = Result<AccessToken, TokenError>> + Send + use<> {
        let flight = match &state.flight {
            Some(flight) => flight.clone(),
            None => self.start(state, errand),
        };
        let this = self.clone();
        async move {
            let landing = flight.clone().await;
            this.land(&flight, landing)
        }
    }

    fn start(&self, state: &mut State, errand: Errand) -> Flight {
        let work = Arc::clone(&self.work).fly(errand, state.unsaved.clone(), state.refused.clone());
        let flight = (Box::pin(work) as BoxFuture<'static, Landing>).shared();
        // Earlier drivers have ended with their flights.
        while state.driver.try_join_next().is_some() {}
        // Outside a runtime the callers drive it alone.
        if let Ok(runtime) = Handle::try_current() {
            state.driver.spawn_on(flight.clone().map(drop), &runtime);
        }
        state.flight = Some(flight.clone());
        flight
    }

    /// Waits until nothing is under way. Call it before the process ends: a refresh that is cut off may cost the
    /// authorisation.
    pub async fn settle(&self) {
        let flight = self.lock().flight.clone();
        if let Some(flight) = flight {
            let landing = flight.clone().await;
            drop(self.land(&flight, landing));
        }
    }

    /// Takes the result over, once for each flight.
    fn land(&self, flight: &Flight, landing: Landing) -> Result<AccessToken, TokenError> {
        let mut state = self.lock();
        if state.flight.as_ref().is_some_and(|current| current.ptr_eq(flight)) {
            state.flight = None;
            state.unsaved = landing.unsaved;
            state.refused = landing.refused;
            if let Ok(set) = &landing.result {
                state.held = Some(self.work.hold(set));
            }
        }
        landing.result.map(|set| set.access_token.into())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work {
    fn hold(&self, set: &TokenSet) -> Held {
        let life = set.access_expires_at.since(set.obtained_at);
        let age = life / 1_000 * u32::try_from(self.refresh_at).unwrap_or(1_000);
        Held {
            token: set.access_token.clone().into(),
            refresh_due_at: set.obtained_at + age,
            expires_at: set.access_expires_at,
        }
    }

    async fn fly(
        self: Arc<Self>,
        errand: Errand,
        unsaved: Option<(TokenSet, TokenSet)>,
        refused: Option<(SecretText, TokenError)>,
    ) -> Landing {
        let mut landing = Landing { result: Err(TokenError::NoSource), unsaved, refused };
        landing.result = self.run(errand, &mut landing.unsaved, &mut landing.refused).await;
        landing
    }

    async fn run(
        &self,
        errand: Errand,
        unsaved: &mut Option<(TokenSet, TokenSet)>,
        refused: &mut Option<(SecretText, TokenError)>,
    ) -> Result<TokenSet, TokenError> {
        if let Some((old, new)) = unsaved.clone() {
            self.save(&old, &new).await.map_err(TokenError::Store)?;
            *unsaved = None;
        }
        let stored = self.store.load().await.map_err(TokenError::Store)?;
        if !self.must_refresh(&stored, &errand)? {
            return Ok(stored);
        }
        if let Some((_, error)) = refused.as_ref().filter(|(token, _)| *token == stored.refresh_token) {
            return Err(error.clone());
        }
        match self.store.begin_refresh(&stored).await.map_err(TokenError::Store)? {
            RefreshTurn::Overtaken(newer) => return Ok(newer),
            RefreshTurn::Yours => {}
        }
        let new = self.oauth.refresh(&stored.refresh_token).await.map_err(|error| {
            let error = explain(error);
            if matches!(error, TokenError::Reauthorize { .. }) {
                *refused = Some((stored.refresh_token.clone(), error.clone()));
            }
            error
        })?;
        match self.save(&stored, &new).await {
            Ok(Replaced::Stored) => Ok(new),
            Ok(Replaced::Overtaken(theirs)) => Ok(theirs),
            Err(error) => {
                // The old pair may be void by now: losing the new one would cost the authorisation.
                tracing::error!(%error, "failed to save a new token pair; it is kept in memory and saved later");
                *unsaved = Some((stored, new.clone()));
                Ok(new)
            }
        }
    }

    /// Whether the stored pair does not serve the errand.
    fn must_refresh(&self, stored: &TokenSet, errand: &Errand) -> Result<bool, TokenError> {
        let held = self.hold(stored);
        let now = self.oauth.core.clock.now();
        match errand {
            Errand::Load => Ok(now >= held.expires_at),
            Errand::RefreshEarly => Ok(now >= held.refresh_due_at),
            Errand::Replace(stale, _) if held.token != *stale => Ok(false),
            Errand::Replace(_, Stale::Expired) => Ok(true),
            Errand::Replace(_, Stale::Unknown) => {
                Err(TokenError::Reauthorize { reason: "the platform does not know the access token".into() })
            }
        }
    }

    async fn save(&self, old: &TokenSet, new: &TokenSet) -> Result<Replaced, TokenStoreError> {
        let mut attempt = 1;
        loop {
            match self.store.replace(old, new).await {
                Ok(replaced) => return Ok(replaced),
                Err(error) if attempt >= SAVE_ATTEMPTS_MAX => return Err(error),
                Err(_) => attempt += 1,
            }
        }
    }
}

/// A refusal means that the grant is gone, anything else may pass.
fn explain(error: Error) -> TokenError {
    match error.cause() {
        Some(Cause::AuthorizationLost | Cause::TokenInvalid) if error.attempts() > 1 => {
            TokenError::Reauthorize {
                reason: format!(
                    "{error}; the answer to an earlier try was lost and may have held the new tokens"
                ),
            }
        }
        Some(Cause::AuthorizationLost | Cause::TokenInvalid) => {
            TokenError::Reauthorize { reason: error.to_string() }
        }
        _ => TokenError::Refresh(error),
    }
}

impl TokenSource for RefreshingTokens {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(self.token())
    }

    fn renew<'a>(
        &'a self,
        stale: &'a AccessToken,
        why: Stale,
    ) -> BoxFuture<'a, Result<AccessToken, TokenError>> {
        Box::pin(self.replace(stale, why))
    }
}

impl fmt::Debug for RefreshingTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshingTokens").field("store", &self.work.store).finish_non_exhaustive()
    }
}
