//! What is said about cases (PLATFORM.md 7.4).

use ttshop_types::Timestamp;

use crate::webhook::{self, Topic};
use crate::world::aftersale::cancellation::CancelStatus;
use crate::world::{CancelNo, RequestNo, ReturnNo, RmaNo, ShopNo, World};

impl World {
    /// Type 11. The status is an argument because a cancellation can pass several at one instant.
    pub(super) fn announce_cancellation(
        &mut self,
        shop: ShopNo,
        number: CancelNo,
        status: CancelStatus,
        now: Timestamp,
    ) {
        let found = self.shops.get(&shop).and_then(|shop| shop.aftersales.cancellations.get(&number));
        if let Some(data) = found.map(|cancellation| webhook::cancellation_status(cancellation, status)) {
            self.announce(Topic::CANCELLATION_STATUS_CHANGE, shop, &data, now);
        }
    }

    /// Type 12.
    pub(super) fn announce_return(&mut self, shop: ShopNo, number: ReturnNo, now: Timestamp) {
        let found = self.shops.get(&shop).and_then(|shop| shop.aftersales.returns.get(&number));
        if let Some(data) = found.map(webhook::return_status) {
            self.announce(Topic::RETURN_STATUS_CHANGE, shop, &data, now);
        }
    }

    /// Type 64.
    pub(super) fn announce_request(&mut self, shop: ShopNo, number: RequestNo, now: Timestamp) {
        let prefixed = self.switches.prefixed_webhook_times;
        let data = self.shops.get(&shop).and_then(|shop| {
            let status = shop.aftersales.request_status(number)?;
            Some(webhook::request_status(shop.aftersales.requests.get(&number)?, status, prefixed))
        });
        if let Some(data) = data {
            self.announce(Topic::AFTERSALES_REQUEST_STATUS_UPDATE, shop, &data, now);
        }
    }

    /// Type 65.
    pub(super) fn announce_rma(&mut self, shop: ShopNo, number: RmaNo, now: Timestamp) {
        let prefixed = self.switches.prefixed_webhook_times;
        let data = self.shops.get(&shop).and_then(|shop| {
            let rma = shop.aftersales.rmas.get(&number)?;
            let role = shop.aftersales.requests.get(&rma.request)?.role;
            let status = shop.aftersales.rma_status(number)?;
            Some(webhook::rma_status(rma, role, status, prefixed))
        });
        if let Some(data) = data {
            self.announce(Topic::RMA_STATUS_UPDATE, shop, &data, now);
        }
    }

    /// Type 67.
    pub(super) fn announce_refund(&mut self, shop: ShopNo, number: ReturnNo, now: Timestamp) {
        let data = self.shops.get(&shop).and_then(|shop| {
            let case = shop.aftersales.returns.get(&number)?;
            Some(webhook::refund_success(shop, case, now))
        });
        if let Some(data) = data {
            self.announce(Topic::REFUND_SUCCESS, shop, &data, now);
        }
    }
}
