//! What a shop offers to creators.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::world::{CollaborationNo, ProductNo};

/// How long a collaboration that is removed still counts; the length is ours.
const NOTICE: Duration = Duration::from_secs(86_400);

/// All offers of a shop.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Affiliate {
    /// The commission of products that join by themselves, if they do.
    pub(crate) auto_add_rate: Option<i64>,
    pub(crate) open: BTreeMap<CollaborationNo, OpenCollaboration>,
}

/// A product that any creator may promote.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OpenCollaboration {
    pub(crate) number: CollaborationNo,
    pub(crate) product: ProductNo,
    /// In hundredths of a percent.
    pub(crate) rate: i64,
    pub(crate) needs_approval: bool,
    #[serde(with = "crate::instant")]
    pub(crate) begin: Timestamp,
    /// It was removed and counts until then.
    #[serde(with = "crate::instant::option")]
    pub(crate) end: Option<Timestamp>,
}

impl Affiliate {
    /// The collaboration that a product is in at some time.
    pub(crate) fn open_at(&self, product: ProductNo, at: Timestamp) -> Option<&OpenCollaboration> {
        self.open.values().find(|open| open.product == product && open.counts(at))
    }

    /// Ends a product's collaboration after a notice; answers when, or none if there is none that is not ending.
    pub(crate) fn remove(&mut self, product: ProductNo, now: Timestamp) -> Option<Timestamp> {
        let mut open = self.open.values_mut();
        let found = open.find(|open| open.product == product && open.end.is_none())?;
        let end = now + NOTICE;
        found.end = Some(end);
        Some(end)
    }
}

impl OpenCollaboration {
    pub(crate) fn counts(&self, at: Timestamp) -> bool {
        self.begin <= at && self.end.is_none_or(|end| at < end)
    }
}
