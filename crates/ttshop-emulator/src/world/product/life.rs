//! What happens to products over time, and what is announced because of it (PLATFORM.md 7.4: types 5, 15, 16, 18, 27, 37).

use std::time::Duration;

use serde_json::json;
use ttshop_types::Timestamp;

use crate::webhook::Topic;
use crate::world::due::Due;
use crate::world::product::{AuditStatus, Forbidden, Product, ProductStatus, Verdict};
use crate::world::{ProductNo, ShopNo, World};

/// Something that the platform does to a product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PlatformAct {
    Judge(Verdict),
    Deactivate,
    Freeze,
}

/// Why nothing happened to a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum ProductError {
    #[error("the product does not exist")]
    NoProduct,
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
}

impl World {
    pub(crate) fn product(&self, shop: ShopNo, product: ProductNo) -> Option<&Product> {
        self.shops.get(&shop)?.products.iter().find(|candidate| candidate.number == product)
    }

    fn product_mut(&mut self, shop: ShopNo, product: ProductNo) -> Option<&mut Product> {
        self.shops.get_mut(&shop)?.products.iter_mut().find(|candidate| candidate.number == product)
    }

    /// Lets `change` happen and announces what came of it: status, audit, category.
    pub(crate) fn change_product<E>(
        &mut self,
        shop: ShopNo,
        number: ProductNo,
        now: Timestamp,
        change: impl FnOnce(&mut Product) -> Result<(), E>,
    ) -> Option<Result<(), E>> {
        let product = self.product_mut(shop, number)?;
        let (status, audit) = (product.status, (product.audit.status, product.audit.round));
        let category = product.fields.get("category_id").cloned();
        if let Err(error) = change(product) {
            return Some(Err(error));
        }
        let (status_now, audit_now) = (product.status, (product.audit.status, product.audit.round));
        let category_now = product.fields.get("category_id").cloned();
        if audit_now.1 != audit.1 && audit_now.0 == AuditStatus::Auditing {
            let wait = Duration::from_secs(self.switches.product_audit_seconds);
            self.due.put(now + wait, Due::Audit { shop, product: number, round: audit_now.1 });
        }
        if audit_now != audit {
            let data = json!({
                "product_id": number.0,
                "audit": { "status": audit_now.0.as_str(), "pre_approved_reasons": [] },
                "update_time": now.as_seconds(),
            });
            self.announce(Topic::PRODUCT_AUDIT_STATUS_CHANGE, shop, &data, now);
        }
        if status_now != status || (audit_now.0 != audit.0 && audit_now.0 == AuditStatus::Failed) {
            self.announce_status(shop, number, status, audit_now.0, now);
        }
        if let (Some(before), Some(after)) = (category, category_now)
            && before != after
        {
            let data = json!({
                "product_id": number.to_string(),
                "previous_category_id": before,
                "current_category_id": after,
                "update_time": now.as_seconds(),
            });
            self.announce(Topic::PRODUCT_CATEGORY_CHANGE, shop, &data, now);
        }
        Some(Ok(()))
    }

    /// Type 5: the id is a number there.
    fn announce_status(
        &mut self,
        shop: ShopNo,
        product: ProductNo,
        before: ProductStatus,
        audit: AuditStatus,
        now: Timestamp,
    ) {
        let Some(found) = self.product(shop, product) else { return };
        let first = before == ProductStatus::Pending && found.audit.round == 1;
        let status = match (audit, found.status) {
            (AuditStatus::Failed, _) => "PRODUCT_AUDIT_FAILURE",
            (_, ProductStatus::Activate) if first => "PRODUCT_FIRST_PASS_REVIEW",
            _ => "PRODUCT_STATUS_CHANGED",
        };
        let reason = found.audit.reasons.join("; ");
        let data = json!({
            "product_id": product.0,
            "status": status,
            "suspended_reason": reason,
            "update_time": now.as_seconds(),
        });
        self.announce(Topic::PRODUCT_STATUS_CHANGE, shop, &data, now);
    }

    /// Types 16 and 15: a product is there, or says something else.
    pub(crate) fn announce_creation(&mut self, shop: ShopNo, product: ProductNo, now: Timestamp) {
        let data =
            json!({ "product_id": product.0, "product_types": ["NORMAL"], "update_time": now.as_seconds() });
        self.announce(Topic::PRODUCT_CREATION, shop, &data, now);
    }

    /// Which fields changed, without their values.
    pub(crate) fn announce_information(
        &mut self,
        shop: ShopNo,
        product: ProductNo,
        changed: &[String],
        now: Timestamp,
    ) {
        let data = json!({
            "product_id": product.to_string(),
            "change_source": "OPEN_API",
            "changed_fields": changed,
            "update_time": now.as_seconds(),
        });
        self.announce(Topic::PRODUCT_INFORMATION_CHANGE, shop, &data, now);
    }

    /// Something that no seller can do.
    pub(crate) fn act_on_product(
        &mut self,
        shop: ShopNo,
        product: ProductNo,
        act: PlatformAct,
        now: Timestamp,
    ) -> Result<(), ProductError> {
        let done = self.change_product(shop, product, now, |product| match act {
            PlatformAct::Judge(verdict) => product.judge(verdict, now),
            PlatformAct::Deactivate => product.platform_deactivate(now),
            PlatformAct::Freeze => product.freeze(now),
        });
        Ok(done.ok_or(ProductError::NoProduct)??)
    }

    /// An examination ends, unless another one has begun since.
    pub(crate) fn audit_falls_due(&mut self, shop: ShopNo, number: ProductNo, round: u32, at: Timestamp) {
        let Some(product) = self.product(shop, number) else { return };
        if product.audit.round != round || product.audit.status != AuditStatus::Auditing {
            return;
        }
        let title = product.under_review.as_deref().map_or(&product.name, |version| &version.title);
        let lowercase = title.to_lowercase();
        let bad = self.switches.audit_fail_words.iter().filter(|word| lowercase.contains(word.as_str()));
        let reasons: Vec<String> = bad.map(|word| format!("The title says `{word}`.")).collect();
        let verdict = if reasons.is_empty() { Verdict::Pass } else { Verdict::Fail(reasons) };
        let judged = self.act_on_product(shop, number, PlatformAct::Judge(verdict), at);
        debug_assert!(judged.is_ok(), "an examination that runs can end: {judged:?}");
    }
}
