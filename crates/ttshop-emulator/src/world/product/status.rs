//! The life of a product: every transition that the platform documents, and no other (PLATFORM.md 8.6).

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::world::product::{Product, Version};

/// Where a product stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ProductStatus {
    Draft,
    Pending,
    Failed,
    Activate,
    SellerDeactivated,
    PlatformDeactivated,
    Freeze,
    Deleted,
}

impl ProductStatus {
    pub(crate) const ALL: [Self; 8] = [
        Self::Draft,
        Self::Pending,
        Self::Failed,
        Self::Activate,
        Self::SellerDeactivated,
        Self::PlatformDeactivated,
        Self::Freeze,
        Self::Deleted,
    ];

    /// The API's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Pending => "PENDING",
            Self::Failed => "FAILED",
            Self::Activate => "ACTIVATE",
            Self::SellerDeactivated => "SELLER_DEACTIVATED",
            Self::PlatformDeactivated => "PLATFORM_DEACTIVATED",
            Self::Freeze => "FREEZE",
            Self::Deleted => "DELETED",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// The last or running examination.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Audit {
    pub(crate) status: AuditStatus,
    /// Why it failed, in sentences.
    pub(crate) reasons: Vec<String>,
    /// Which examination this is; an alarm of an earlier one means nothing.
    pub(crate) round: u32,
}

/// Where an examination stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AuditStatus {
    #[default]
    None,
    Auditing,
    Failed,
    Approved,
}

impl AuditStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Auditing => "AUDITING",
            Self::Failed => "FAILED",
            Self::Approved => "APPROVED",
        }
    }
}

/// What an examination ends with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Pass,
    Fail(Vec<String>),
}

/// The status allows no such thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a product that is `{}` cannot be changed like this", .0.as_str())]
pub(crate) struct Forbidden(pub(crate) ProductStatus);

type Outcome = Result<(), Forbidden>;

impl Product {
    /// The seller hands a version in: at once for review, unless something is on sale that stays until the review is over.
    pub(crate) fn submit(&mut self, version: Version, now: Timestamp) -> Outcome {
        match self.status {
            ProductStatus::Freeze | ProductStatus::Deleted => return Err(Forbidden(self.status)),
            ProductStatus::Draft | ProductStatus::Pending | ProductStatus::Failed => {
                self.become_version(version);
                self.status = ProductStatus::Pending;
                self.under_review = None;
            }
            ProductStatus::Activate
            | ProductStatus::SellerDeactivated
            | ProductStatus::PlatformDeactivated => self.under_review = Some(Box::new(version)),
        }
        self.draft = None;
        self.start_audit();
        self.updated = now;
        Ok(())
    }

    /// The seller keeps a version for later.
    pub(crate) fn keep_draft(&mut self, version: Version, now: Timestamp) -> Outcome {
        match self.status {
            ProductStatus::Freeze | ProductStatus::Deleted => return Err(Forbidden(self.status)),
            ProductStatus::Draft => self.become_version(version),
            ProductStatus::Pending
            | ProductStatus::Failed
            | ProductStatus::Activate
            | ProductStatus::SellerDeactivated
            | ProductStatus::PlatformDeactivated => self.draft = Some(Box::new(version)),
        }
        self.updated = now;
        Ok(())
    }

    /// The platform has looked at what was handed in.
    pub(crate) fn judge(&mut self, verdict: Verdict, now: Timestamp) -> Outcome {
        if self.audit.status != AuditStatus::Auditing {
            return Err(Forbidden(self.status));
        }
        let version = self.under_review.take();
        match verdict {
            Verdict::Pass => {
                self.audit.status = AuditStatus::Approved;
                if let Some(version) = version {
                    self.become_version(*version);
                }
                if self.status == ProductStatus::Pending {
                    self.status = ProductStatus::Activate;
                }
            }
            Verdict::Fail(reasons) => {
                self.audit.status = AuditStatus::Failed;
                self.audit.reasons = reasons;
                if self.status == ProductStatus::Pending {
                    self.status = ProductStatus::Failed;
                }
            }
        }
        self.updated = now;
        Ok(())
    }

    /// The seller puts it on sale again, after another review.
    pub(crate) fn activate(&mut self, now: Timestamp) -> Outcome {
        let from = [ProductStatus::SellerDeactivated, ProductStatus::PlatformDeactivated];
        self.step(&from, ProductStatus::Pending, now)?;
        self.start_audit();
        Ok(())
    }

    /// The seller takes it off sale.
    pub(crate) fn deactivate(&mut self, now: Timestamp) -> Outcome {
        self.step(&[ProductStatus::Activate], ProductStatus::SellerDeactivated, now)
    }

    pub(crate) fn delete(&mut self, now: Timestamp) -> Outcome {
        let from = ProductStatus::ALL;
        let from =
            from.iter().filter(|status| !matches!(status, ProductStatus::Freeze | ProductStatus::Deleted));
        let from: Vec<ProductStatus> = from.copied().collect();
        self.step(&from, ProductStatus::Deleted, now)?;
        self.end_audit();
        Ok(())
    }

    pub(crate) fn recover(&mut self, now: Timestamp) -> Outcome {
        self.step(&[ProductStatus::Deleted], ProductStatus::SellerDeactivated, now)
    }

    /// The platform takes it off sale, or frees it.
    pub(crate) fn platform_deactivate(&mut self, now: Timestamp) -> Outcome {
        let from = [ProductStatus::Activate, ProductStatus::Freeze];
        self.step(&from, ProductStatus::PlatformDeactivated, now)
    }

    /// The platform lets nobody touch it.
    pub(crate) fn freeze(&mut self, now: Timestamp) -> Outcome {
        self.step(&[ProductStatus::Activate], ProductStatus::Freeze, now)?;
        self.end_audit();
        Ok(())
    }

    fn step(&mut self, from: &[ProductStatus], to: ProductStatus, now: Timestamp) -> Outcome {
        if !from.contains(&self.status) {
            return Err(Forbidden(self.status));
        }
        self.status = to;
        self.updated = now;
        Ok(())
    }

    fn start_audit(&mut self) {
        let round = self.audit.round.wrapping_add(1);
        self.audit = Audit { status: AuditStatus::Auditing, reasons: Vec::new(), round };
    }

    fn end_audit(&mut self) {
        self.under_review = None;
        let round = self.audit.round.wrapping_add(1);
        self.audit = Audit { round, ..Audit::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Chance;
    use crate::world::warehouse::Warehouse;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn product(status: ProductStatus) -> Product {
        let mut chance = Chance::of(1, 1);
        let warehouses = Warehouse::draw(1, &mut chance);
        let mut product = Product::draw(&warehouses, &mut chance, NOW);
        product.status = status;
        if status == ProductStatus::Pending {
            product.start_audit();
        }
        product
    }

    /// Where `act` leads from each status, in the order of [`ProductStatus::ALL`]; `-` where it is forbidden.
    fn check(act: impl Fn(&mut Product) -> Outcome, expected: [&str; 8]) {
        for (from, expected) in ProductStatus::ALL.into_iter().zip(expected) {
            let mut product = product(from);
            let reached = act(&mut product).map(|()| product.status);
            let text = reached.map_or("-", ProductStatus::as_str);
            assert_eq!(text, expected, "from {}", from.as_str());
            if reached.is_err() {
                assert_eq!(product.status, from, "what is forbidden changes nothing");
            }
        }
    }

    #[test]
    fn only_documented_transitions_exist() {
        let (off, gone) = ("SELLER_DEACTIVATED", "DELETED");
        let submit = |product: &mut Product| product.submit(product.version(), NOW);
        check(submit, ["PENDING", "PENDING", "PENDING", "ACTIVATE", off, "PLATFORM_DEACTIVATED", "-", "-"]);
        check(|it| it.judge(Verdict::Pass, NOW), ["-", "ACTIVATE", "-", "-", "-", "-", "-", "-"]);
        check(|it| it.judge(Verdict::Fail(Vec::new()), NOW), ["-", "FAILED", "-", "-", "-", "-", "-", "-"]);
        check(|it| it.deactivate(NOW), ["-", "-", "-", off, "-", "-", "-", "-"]);
        check(|it| it.activate(NOW), ["-", "-", "-", "-", "PENDING", "PENDING", "-", "-"]);
        check(|it| it.delete(NOW), [gone, gone, gone, gone, gone, gone, "-", "-"]);
        check(|it| it.recover(NOW), ["-", "-", "-", "-", "-", "-", "-", off]);
        check(|it| it.freeze(NOW), ["-", "-", "-", "FREEZE", "-", "-", "-", "-"]);
        let forced = "PLATFORM_DEACTIVATED";
        check(|it| it.platform_deactivate(NOW), ["-", "-", "-", forced, "-", "-", forced, "-"]);
    }

    #[test]
    fn the_old_version_stays_on_sale_until_the_new_one_passes() {
        let mut product = product(ProductStatus::Activate);
        let old = product.name.clone();
        let edited = Version { title: "New".into(), ..product.version() };
        product.submit(edited.clone(), NOW).unwrap();
        assert_eq!((product.name.as_str(), product.audit.status), (old.as_str(), AuditStatus::Auditing));
        product.judge(Verdict::Fail(vec!["blurred".into()]), NOW).unwrap();
        assert_eq!((product.name.as_str(), product.status), (old.as_str(), ProductStatus::Activate));
        product.submit(edited, NOW).unwrap();
        product.judge(Verdict::Pass, NOW).unwrap();
        assert_eq!((product.name.as_str(), product.audit.status), ("New", AuditStatus::Approved));
    }

    #[test]
    fn a_variant_that_an_edit_leaves_out_stays_for_the_orders_that_name_it() {
        let mut product = product(ProductStatus::Draft);
        let first = product.skus[0].number;
        let version = Version { skus: Vec::new(), ..product.version() };
        product.submit(version, NOW).unwrap();
        assert_eq!(product.offered().count(), 0);
        assert!(product.skus.iter().any(|sku| sku.number == first));
    }
}
