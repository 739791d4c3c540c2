//! Which shops are connected, without asking the store for each job.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hub_core::{Shop, ShopState};
use hub_store::{Store, StoreError};
use ttshop_clock::Clock;
use ttshop_types::ShopId;

/// How old the book may get before it is read again: another process may have connected a shop.
const FRESH_FOR: Duration = Duration::from_secs(30);
/// How soon an unknown shop may cause another read, so that a flood of them costs one read a second.
const MISS_EVERY: Duration = Duration::from_secs(1);

/// The shops as the store last told them.
#[derive(Debug, Default)]
pub(crate) struct ShopBook {
    page: Mutex<Option<Page>>,
}

#[derive(Clone, Debug)]
struct Page {
    shops: Arc<HashMap<ShopId, Arc<Shop>>>,
    read_at: Duration,
}

impl ShopBook {
    /// The shop of this id, whatever its state.
    pub(crate) async fn find(
        &self,
        id: &ShopId,
        store: &dyn Store,
        clock: &dyn Clock,
    ) -> Result<Option<Arc<Shop>>, StoreError> {
        let age_max = |known: bool| if known { FRESH_FOR } else { MISS_EVERY };
        if let Some(page) = self.page() {
            let shop = page.shops.get(id).cloned();
            if clock.monotonic().saturating_sub(page.read_at) < age_max(shop.is_some()) {
                return Ok(shop);
            }
        }
        Ok(self.read(store, clock).await?.get(id).cloned())
    }

    /// Every shop that can be worked with, read now.
    pub(crate) async fn connected(
        &self,
        store: &dyn Store,
        clock: &dyn Clock,
    ) -> Result<Vec<Arc<Shop>>, StoreError> {
        let shops = self.read(store, clock).await?;
        Ok(shops.values().filter(|shop| shop.state == ShopState::Connected).cloned().collect())
    }

    /// Forgets the page: something changed.
    pub(crate) fn forget(&self) {
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn page(&self) -> Option<Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn read(
        &self,
        store: &dyn Store,
        clock: &dyn Clock,
    ) -> Result<Arc<HashMap<ShopId, Arc<Shop>>>, StoreError> {
        let read_at = clock.monotonic();
        let shops = store.shops().await?.into_iter().map(|shop| (shop.id.clone(), Arc::new(shop))).collect();
        let shops = Arc::new(shops);
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Page { shops: Arc::clone(&shops), read_at });
        Ok(shops)
    }
}
