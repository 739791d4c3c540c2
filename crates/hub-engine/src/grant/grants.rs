//! One refresh at a time, in this process and across processes, and none forgotten.
//!
//! A refresh takes a turn in this process, then a lease in the store, then reads the grant again: whoever waited finds the
//! tokens that the one before left. The intent is saved before the call goes out. After a crash in between, the answer may
//! be lost; the stored refresh token is then tried once more, and where the platform refuses it, the grant waits for the
//! seller. Work waits with it and is not dropped.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hub_core::{AppName, Authorization, AuthorizationId, AuthorizationState, Shop, ShopState};
use hub_store::StoreError;
use tokio::sync::Semaphore;
use ttshop_types::{SecretText, ShopId};

use super::{SealedTokens, open_cipher};
use crate::hub::Hub;
use crate::{GrantError, HubApp, PlatformError, PlatformErrorKind, ShopAccess, Tokens};

/// How long before its end an access token is replaced.
const REFRESH_AHEAD: Duration = Duration::from_secs(10 * 60);
/// How long a refresh may take before another process may try.
const LEASE: Duration = Duration::from_secs(30);
/// How often to look whether another process has refreshed meanwhile.
const LEASE_POLL: Duration = Duration::from_millis(200);
/// How many looks before giving up for now: a little longer than a lease, which may be a dead process's.
const LEASE_POLLS_MAX: u32 = 175;
/// How often to try saving a refreshed pair: it exists nowhere else.
const SAVE_TRIES_MAX: u32 = 20;
const SAVE_PAUSE: Duration = Duration::from_millis(250);

/// The turns of this process; at most one refresh a grant.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    turns: Mutex<HashMap<AuthorizationId, Arc<Semaphore>>>,
    /// Names this process's lease holders apart.
    holders: AtomicU64,
}

/// Calls the platform for a shop.
pub(crate) async fn with_access<T, F>(
    hub: &Hub,
    shop_id: &ShopId,
    call: impl Fn(ShopAccess) -> F,
) -> Result<T, GrantError>
where
    F: Future<Output = Result<T, PlatformError>>,
{
    let shop = usable_shop(hub, shop_id).await?;
    let app = app_of(hub, &shop.app)?;
    let cipher = open_cipher(&hub.vault, &shop.id, &shop.cipher)?;
    let access = |access_token| ShopAccess {
        app: Arc::clone(&app),
        shop_id: shop.id.clone(),
        cipher: cipher.clone(),
        access_token,
    };
    with_token(hub, &shop.authorization, |access_token| call(access(access_token))).await
}

/// Calls the platform under a grant; where the token turns out to be over, refreshes it and calls once more.
pub(super) async fn with_token<T, F>(
    hub: &Hub,
    id: &AuthorizationId,
    call: impl Fn(SecretText) -> F,
) -> Result<T, GrantError>
where
    F: Future<Output = Result<T, PlatformError>>,
{
    let token = fresh_token(hub, id, None).await?;
    let outcome = match call(token.clone()).await {
        Err(error) if error.kind == PlatformErrorKind::NeedsRefresh => {
            call(fresh_token(hub, id, Some(&token)).await?).await
        }
        // Another process may have refreshed, and the platform may have forgotten our token with it.
        Err(error) if error.kind == PlatformErrorKind::NeedsReauthorization => {
            match read_grant(hub, id).await?.usable(hub, Some(&token)) {
                Some(newer) => call(newer).await,
                None => Err(error),
            }
        }
        other => other,
    };
    if let Err(error) = &outcome {
        note_end_of_grant(hub, id, error).await?;
    }
    Ok(outcome?)
}

pub(super) fn app_of(hub: &Hub, name: &AppName) -> Result<Arc<HubApp>, GrantError> {
    hub.app(name).cloned().ok_or_else(|| GrantError::AppMissing { app: name.to_string() })
}

async fn usable_shop(hub: &Hub, shop_id: &ShopId) -> Result<Arc<Shop>, GrantError> {
    let shop = hub.shops.find(shop_id, &*hub.store, &*hub.clock).await?;
    let named = || shop_id.as_str().to_owned();
    let shop = shop.ok_or_else(|| GrantError::NotConnected { shop: named() })?;
    match shop.state {
        ShopState::Connected => Ok(shop),
        ShopState::Inactive => Err(GrantError::Inactive { shop: named() }),
        ShopState::Disconnected => Err(GrantError::NotConnected { shop: named() }),
    }
}

/// The platform said that the grant is over, though its stored state says otherwise.
async fn note_end_of_grant(hub: &Hub, id: &AuthorizationId, error: &PlatformError) -> Result<(), GrantError> {
    if !matches!(error.kind, PlatformErrorKind::NeedsReauthorization | PlatformErrorKind::NeedsRefresh) {
        return Ok(());
    }
    let Some(authorization) = hub.store.authorization(id.clone()).await? else { return Ok(()) };
    if authorization.state == AuthorizationState::Active {
        tracing::error!(authorization.id = %id.as_str(), error = %error, "the platform ended a grant; the seller has to renew it");
        save_state(hub, authorization, AuthorizationState::NeedsReauthorization).await?;
    }
    Ok(())
}

async fn save_state(
    hub: &Hub,
    authorization: Authorization,
    state: AuthorizationState,
) -> Result<(), GrantError> {
    let changed = Authorization { state, refresh_started_at: None, ..authorization };
    match hub.store.save_authorization(changed, Vec::new()).await {
        // Whoever was faster knows more.
        Ok(()) | Err(StoreError::RevisionLost { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// An access token that lives on for a while and is not `stale`.
async fn fresh_token(
    hub: &Hub,
    id: &AuthorizationId,
    stale: Option<&SecretText>,
) -> Result<SecretText, GrantError> {
    if let Some(token) = read_grant(hub, id).await?.usable(hub, stale) {
        return Ok(token);
    }
    let turn = hub.grants.turn(id);
    let _turn = turn.acquire().await.expect("turns are never closed");
    let holder = hub.grants.holder(&hub.settings.process_id);
    let lease = format!("refresh/{}", id.as_str());
    for _ in 0..LEASE_POLLS_MAX {
        // Whoever had the turn or the lease before may have done it.
        let grant = read_grant(hub, id).await?;
        if let Some(token) = grant.usable(hub, stale) {
            return Ok(token);
        }
        if hub.store.lease(lease.clone(), holder.clone(), hub.clock.now(), LEASE).await?.is_some() {
            let refreshed = match read_grant(hub, id).await {
                Ok(grant) => match grant.usable(hub, stale) {
                    Some(token) => Ok(token),
                    None => refresh(hub, grant).await,
                },
                Err(error) => Err(error),
            };
            if let Err(error) = hub.store.release(lease, holder).await {
                tracing::warn!(error = %error, "a refresh lease was not given back; it ends by itself");
            }
            return refreshed;
        }
        hub.clock.sleep(LEASE_POLL).await;
    }
    Err(GrantError::Busy { id: id.as_str().into() })
}

struct Grant {
    authorization: Authorization,
    tokens: SealedTokens,
}

impl Grant {
    fn usable(&self, hub: &Hub, stale: Option<&SecretText>) -> Option<SecretText> {
        let lives_on = self.authorization.access_expires_at > hub.clock.now() + REFRESH_AHEAD;
        let is_stale = stale.is_some_and(|stale| *stale == self.tokens.access);
        (lives_on && !is_stale).then(|| self.tokens.access.clone())
    }
}

async fn read_grant(hub: &Hub, id: &AuthorizationId) -> Result<Grant, GrantError> {
    let named = || id.as_str().to_owned();
    let authorization = hub.store.authorization(id.clone()).await?;
    let authorization = authorization.ok_or_else(|| GrantError::NotConnected { shop: named() })?;
    match authorization.state {
        AuthorizationState::Active => {}
        AuthorizationState::NeedsReauthorization => {
            return Err(GrantError::NeedsReauthorization { id: named() });
        }
        AuthorizationState::Revoked => return Err(GrantError::Revoked { id: named() }),
    }
    let tokens = SealedTokens::open(&hub.vault, id, &authorization.tokens)?;
    Ok(Grant { authorization, tokens })
}

/// Refreshes under the lease.
async fn refresh(hub: &Hub, grant: Grant) -> Result<SecretText, GrantError> {
    let Grant { authorization, tokens } = grant;
    let app = app_of(hub, &authorization.app)?;
    let was_interrupted = authorization.refresh_started_at.is_some();
    if was_interrupted {
        tracing::warn!(authorization.id = %authorization.id.as_str(), "an earlier refresh has no known end; trying its token again");
    }
    let intent = Authorization { refresh_started_at: Some(hub.clock.now()), ..authorization };
    hub.store.save_authorization(intent.clone(), Vec::new()).await?;
    let intent = Authorization { revision: intent.revision + 1, ..intent };
    let outcome = hub.platform.refresh(&app, tokens.refresh).await;
    metrics::counter!("hub_refreshes_total", "outcome" => if outcome.is_ok() { "ok" } else { "failed" })
        .increment(1);
    match outcome {
        Ok(fresh) => save_tokens(hub, intent, &fresh).await,
        Err(error) if error.kind == PlatformErrorKind::NeedsReauthorization => {
            let id = intent.id.as_str().to_owned();
            tracing::error!(authorization.id = %id, code = %error.code(), answer_lost = was_interrupted, error = %error,
                "the platform refuses the refresh token; the seller has to authorise again");
            save_state(hub, intent, AuthorizationState::NeedsReauthorization).await?;
            Err(GrantError::NeedsReauthorization { id })
        }
        Err(error) => Err(error.into()),
    }
}

/// Saves the only copy of a new pair; a store that is away for a moment must not cost the grant.
async fn save_tokens(hub: &Hub, intent: Authorization, fresh: &Tokens) -> Result<SecretText, GrantError> {
    let id = intent.id.clone();
    let tokens_before = intent.tokens.clone();
    let pair = SealedTokens { access: fresh.access_token.clone(), refresh: fresh.refresh_token.clone() };
    let mut renewed = Authorization {
        tokens: pair.seal(&hub.vault, &id)?,
        access_expires_at: fresh.access_expires_at,
        refresh_expires_at: fresh.refresh_expires_at,
        granted_scopes: fresh.granted_scopes.clone(),
        refresh_started_at: None,
        ..intent
    };
    for tries in 1..=SAVE_TRIES_MAX {
        match hub.store.save_authorization(renewed.clone(), Vec::new()).await {
            Ok(()) => return Ok(pair.access),
            Err(StoreError::RevisionLost { .. }) => {
                let Some(now) = hub.store.authorization(id.clone()).await? else { break };
                if now.tokens != tokens_before {
                    // The seller authorised again meanwhile: that pair is the newer one.
                    return Ok(SealedTokens::open(&hub.vault, &id, &now.tokens)?.access);
                }
                // Someone changed the grant's state: theirs stands, and our tokens are newer.
                renewed.revision = now.revision;
                renewed.state = now.state;
            }
            Err(error) if error.is_transient() && tries < SAVE_TRIES_MAX => {
                tracing::error!(authorization.id = %id.as_str(), error = %error, "new tokens are not saved yet; trying again");
                hub.clock.sleep(SAVE_PAUSE).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(GrantError::Busy { id: id.as_str().into() })
}

impl Grants {
    fn turn(&self, id: &AuthorizationId) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(id.clone()).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }

    fn holder(&self, process_id: &str) -> String {
        format!("{process_id}-{}", self.holders.fetch_add(1, Ordering::Relaxed))
    }
}
