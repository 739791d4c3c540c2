//! One process sweeps a shop at a time.

use std::time::Duration;

use hub_core::Shop;
use hub_store::StoreError;

use crate::hub::Hub;

/// How long a shop is held: longer than reading a page takes. Each page renews it; after a crash, the shop waits as long.
const LEASE: Duration = Duration::from_secs(30);

/// Takes the shop or keeps it; false where another process has it.
pub(super) async fn hold(hub: &Hub, shop: &Shop) -> Result<bool, StoreError> {
    let holder = hub.settings.process_id.clone();
    Ok(hub.store.lease(name(shop), holder, hub.clock.now(), LEASE).await?.is_some())
}

/// Gives the shop back.
pub(super) async fn let_go(hub: &Hub, shop: &Shop) -> Result<(), StoreError> {
    hub.store.release(name(shop), hub.settings.process_id.clone()).await
}

fn name(shop: &Shop) -> String {
    format!("sweep/{}", shop.id.as_str())
}
