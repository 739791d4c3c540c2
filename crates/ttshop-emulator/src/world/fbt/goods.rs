//! Goods and how their stock moved.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ttshop_types::Timestamp;

use crate::world::{GoodsNo, SkuNo};

/// Something that a warehouse counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Goods {
    pub(crate) number: GoodsNo,
    /// As the seller described it.
    pub(crate) declared: Value,
    pub(crate) skus: BTreeSet<SkuNo>,
    /// Sellable, reserved ones included.
    pub(crate) on_hand: i64,
    pub(crate) defective: i64,
    pub(crate) reserved: i64,
}

/// One move of stock.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) goods: GoodsNo,
    /// What moved it.
    pub(crate) order: u64,
    pub(crate) kind: RecordKind,
    pub(crate) before: i64,
    pub(crate) after: i64,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
}

/// Why stock moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordKind {
    Inbound,
    InboundDefective,
    Outbound,
}

impl Goods {
    /// The text of a field that the seller described it with.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.declared.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// What can be promised.
    pub(crate) fn available(&self) -> i64 {
        self.on_hand - self.reserved
    }
}

impl RecordKind {
    /// The API's words for the order that moved it, and for the stock.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Inbound => ("INBOUND_ORDER", "NORMAL"),
            Self::InboundDefective => ("INBOUND_ORDER", "DEFECTIVE"),
            Self::Outbound => ("CONSIGN_ORDER", "NORMAL"),
        }
    }
}
