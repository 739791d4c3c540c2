//! Sellers who take a grant back.
//!
//! The notification is a hint like any other: it may be late, or repeated from long ago after the seller has authorised
//! again. The platform is asked, and only its refusal ends the grant.

use std::sync::Arc;

use hub_core::{Authorization, AuthorizationState, Shop, ShopState};
use hub_store::StoreError;
use ttshop_types::ShopId;

use super::grants::{app_of, with_token};
use crate::hub::Hub;
use crate::{GrantError, PlatformErrorKind};

/// How often to start over when the grant changes meanwhile.
const SAVE_TRIES_MAX: u32 = 5;

/// Ends the grant of a shop, or the shop alone, if the platform confirms it.
pub(crate) async fn check_deauthorization(hub: &Hub, shop_id: &ShopId) -> Result<(), GrantError> {
    let Some(shop) = hub.shops.find(shop_id, &*hub.store, &*hub.clock).await? else { return Ok(()) };
    if shop.state == ShopState::Disconnected {
        return Ok(());
    }
    let app = app_of(hub, &shop.app)?;
    let granted = with_token(hub, &shop.authorization, |token| hub.platform.granted_shops(&app, token)).await;
    match granted {
        Ok(granted) if granted.iter().any(|granted| granted.id == shop.id) => {
            tracing::info!(shop.id = %shop.id, "a de-authorization was announced, but the grant works; nothing changes");
            Ok(())
        }
        Ok(_) => disconnect(hub, &shop, None).await,
        Err(error) if is_refusal(&error) => disconnect(hub, &shop, Some(AuthorizationState::Revoked)).await,
        Err(error) => Err(error),
    }
}

fn is_refusal(error: &GrantError) -> bool {
    match error {
        GrantError::NeedsReauthorization { .. } | GrantError::Revoked { .. } => true,
        GrantError::Platform(error) => matches!(
            error.kind,
            PlatformErrorKind::NeedsRefresh
                | PlatformErrorKind::NeedsReauthorization
                | PlatformErrorKind::Permanent
        ),
        GrantError::NotConnected { .. }
        | GrantError::Inactive { .. }
        | GrantError::AppMissing { .. }
        | GrantError::Busy { .. }
        | GrantError::Vault(_)
        | GrantError::Damaged { .. }
        | GrantError::Store(_)
        | GrantError::Entropy(_) => false,
    }
}

/// Disconnects one shop, or with the whole grant every shop that it opened.
async fn disconnect(
    hub: &Hub,
    shop: &Arc<Shop>,
    ended: Option<AuthorizationState>,
) -> Result<(), GrantError> {
    for _ in 0..SAVE_TRIES_MAX {
        let Some(read) = hub.store.authorization(shop.authorization.clone()).await? else { return Ok(()) };
        let all = hub.store.shops().await?.into_iter();
        let concerned = all.filter(|other| {
            other.authorization == shop.authorization && (ended.is_some() || other.id == shop.id)
        });
        let shops: Vec<Shop> =
            concerned.map(|shop| Shop { state: ShopState::Disconnected, ..shop }).collect();
        let authorization = Authorization { state: ended.unwrap_or(read.state), ..read };
        let saved = hub.store.save_authorization(authorization, shops).await;
        hub.shops.forget();
        match saved {
            Ok(()) => {
                tracing::warn!(shop.id = %shop.id, whole_grant = ended.is_some(), "a seller took back the authorization");
                metrics::counter!("hub_deauthorizations_total").increment(1);
                return Ok(());
            }
            Err(StoreError::RevisionLost { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(GrantError::Busy { id: shop.authorization.as_str().into() })
}
