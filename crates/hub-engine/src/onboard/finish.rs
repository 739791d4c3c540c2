//! From a code to connected shops.

use std::sync::Arc;

use hub_core::{Authorization, AuthorizationId, AuthorizationState, Shop, ShopState};
use hub_store::{PAGE_MAX, StoreError};
use ttshop_types::{SecretText, ShopId};

use super::{Connected, FinishError};
use crate::HubApp;
use crate::grant::{SealedTokens, seal_cipher};
use crate::hub::Hub;
use crate::platform::{GrantedShop, ShopAccess, Tokens};

/// The notifications that the hub wants for each shop.
const EVENT_TYPES: [&str; 7] = [
    "ORDER_STATUS_CHANGE",
    "RECIPIENT_ADDRESS_UPDATE",
    "PACKAGE_UPDATE",
    "CANCELLATION_STATUS_CHANGE",
    "RETURN_STATUS_CHANGE",
    "SELLER_DEAUTHORIZATION",
    "UPCOMING_AUTHORIZATION_EXPIRATION",
];
/// How often to save again when the grant changed meanwhile: the code was spent, the tokens exist only here.
const SAVE_TRIES_MAX: u32 = 5;

/// Exchanges the code, lists the shops, saves both sealed, and sets everything going.
pub(super) async fn connect(
    hub: &Hub,
    app: &Arc<HubApp>,
    code: SecretText,
) -> Result<Connected, FinishError> {
    let tokens = hub.platform.exchange(app, code).await.map_err(FinishError::Platform)?;
    let granted =
        hub.platform.granted_shops(app, tokens.access_token.clone()).await.map_err(FinishError::Platform)?;
    if granted.is_empty() {
        return Err(FinishError::NoShops);
    }
    save(hub, app, &tokens, &granted).await?;
    hub.shops.forget();
    let webhooks_failed = register(hub, app, &tokens, &granted).await;
    wake_parked(hub, &granted).await;
    hub.nudges.process.notify_one();
    hub.nudges.sweep.notify_one();
    metrics::counter!("hub_connects_total").increment(1);
    tracing::info!(app = %app.name, shops = granted.len(), webhooks_failed, "a seller connected");
    let shops = granted.into_iter().map(|shop| (shop.id, shop.name, shop.region)).collect();
    Ok(Connected { seller_name: tokens.seller_name, shops, webhooks_failed })
}

async fn save(hub: &Hub, app: &HubApp, tokens: &Tokens, granted: &[GrantedShop]) -> Result<(), FinishError> {
    let id = AuthorizationId::of(&app.name, &tokens.open_id);
    let pair = SealedTokens { access: tokens.access_token.clone(), refresh: tokens.refresh_token.clone() };
    let shops = shops(hub, app, &id, granted).await?;
    let mut authorization = Authorization {
        tokens: pair.seal(&hub.vault, &id)?,
        id,
        app: app.name.clone(),
        open_id: tokens.open_id.clone(),
        seller_name: tokens.seller_name.clone(),
        seller_base_region: tokens.seller_base_region.clone(),
        state: AuthorizationState::Active,
        access_expires_at: tokens.access_expires_at,
        refresh_expires_at: tokens.refresh_expires_at,
        granted_scopes: tokens.granted_scopes.clone(),
        revision: 0,
        refresh_started_at: None,
    };
    let mut tries = 0;
    loop {
        let known = hub.store.authorization(authorization.id.clone()).await?;
        authorization.revision = known.map_or(0, |known| known.revision);
        tries += 1;
        match hub.store.save_authorization(authorization.clone(), shops.clone()).await {
            Err(StoreError::RevisionLost { .. }) if tries < SAVE_TRIES_MAX => {}
            saved => return Ok(saved?),
        }
    }
}

/// The granted shops as connected, and those that this grant opened before and does not any more as disconnected.
async fn shops(
    hub: &Hub,
    app: &HubApp,
    id: &AuthorizationId,
    granted: &[GrantedShop],
) -> Result<Vec<Shop>, FinishError> {
    let mut shops = Vec::with_capacity(granted.len());
    for shop in granted {
        shops.push(Shop {
            id: shop.id.clone(),
            authorization: id.clone(),
            app: app.name.clone(),
            name: shop.name.clone(),
            region: shop.region.clone(),
            seller_type: shop.seller_type.clone(),
            cipher: seal_cipher(&hub.vault, &shop.id, &shop.cipher)?,
            state: ShopState::Connected,
            connected_at: hub.clock.now(),
        });
    }
    for known in hub.store.shops().await? {
        let is_granted = granted.iter().any(|shop| shop.id == known.id);
        if known.authorization == *id && !is_granted {
            shops.push(Shop { state: ShopState::Disconnected, ..known });
        } else if is_granted && known.authorization != *id && known.state == ShopState::Connected {
            tracing::warn!(shop.id = %known.id, "a connected shop moves to another authorization");
        }
    }
    Ok(shops)
}

/// Points the shops' notifications at this hub; what fails is counted, because sweeps work without them.
async fn register(hub: &Hub, app: &Arc<HubApp>, tokens: &Tokens, granted: &[GrantedShop]) -> usize {
    let address = format!("{}/webhooks/{}", hub.settings.public_url, app.name);
    let mut failed = 0;
    for shop in granted {
        let access = ShopAccess {
            app: Arc::clone(app),
            shop_id: shop.id.clone(),
            cipher: shop.cipher.clone(),
            access_token: tokens.access_token.clone(),
        };
        for event_type in EVENT_TYPES {
            if let Err(error) = hub.platform.set_webhook(&access, event_type, address.clone()).await {
                tracing::warn!(shop.id = %shop.id, event_type, error = %error, "a notification could not be registered");
                failed += 1;
            }
        }
    }
    failed
}

/// Work that waited for this grant goes on.
async fn wake_parked(hub: &Hub, granted: &[GrantedShop]) {
    let is_granted = |shop: &ShopId| granted.iter().any(|granted| granted.id == *shop);
    let parked = match hub.store.parked_jobs(PAGE_MAX).await {
        Ok(parked) => parked,
        Err(error) => {
            tracing::warn!(error = %error, "parked jobs could not be read; new hints wake them");
            return;
        }
    };
    for job in parked.into_iter().filter(|job| job.lane.entity().is_some_and(|(shop, ..)| is_granted(&shop)))
    {
        if let Err(error) = hub.store.unpark(job.lane, hub.clock.now()).await {
            tracing::warn!(error = %error, "a parked job was not woken; a new hint wakes it");
        }
    }
}
