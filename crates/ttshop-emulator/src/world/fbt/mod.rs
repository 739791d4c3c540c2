//! What TikTok's own warehouses hold for a shop: Fulfilled by TikTok.
//!
//! [`Goods`] are what a warehouse counts; SKUs of the shop are bound to them. An [`Inbound`] order brings goods in; receiving it
//! moves stock and leaves a [`Record`]. An [`Outbound`] order for another channel takes stock away again.

mod goods;
mod inbound;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ttshop_types::Timestamp;

use crate::world::{GoodsNo, InboundNo, OutboundNo, PlanNo};

pub(crate) use goods::{Goods, Record, RecordKind};
pub(crate) use inbound::{Inbound, InboundStatus, Parcel, Received, Step};

/// Everything at TikTok's warehouses.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Fbt {
    pub(crate) goods: BTreeMap<GoodsNo, Goods>,
    pub(crate) plans: BTreeMap<PlanNo, Plan>,
    pub(crate) inbound: BTreeMap<InboundNo, Inbound>,
    pub(crate) outbound: BTreeMap<OutboundNo, Outbound>,
    /// Oldest first.
    pub(crate) records: Vec<Record>,
}

/// What a seller means to send.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) number: PlanNo,
    /// A request that is repeated with this key is the same plan.
    pub(crate) key: Option<String>,
    pub(crate) items: Vec<(GoodsNo, u32)>,
    pub(crate) cartons: Value,
    pub(crate) confirmed: Option<InboundNo>,
}

/// An order of another channel that TikTok ships.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Outbound {
    pub(crate) number: OutboundNo,
    pub(crate) external: String,
    pub(crate) items: Vec<(GoodsNo, u32)>,
    pub(crate) cancelled: bool,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
}

impl Fbt {
    /// Whether everything that is named exists; a snapshot may have been tampered with.
    pub(crate) fn is_consistent(&self) -> bool {
        let known = |items: &[(GoodsNo, u32)]| items.iter().all(|(goods, _)| self.goods.contains_key(goods));
        self.plans.values().all(|plan| known(&plan.items))
            && self.inbound.values().all(|order| known(&order.items))
            && self.outbound.values().all(|order| known(&order.items))
            && self.records.iter().all(|record| self.goods.contains_key(&record.goods))
    }

    /// Moves stock and leaves a record.
    pub(crate) fn move_stock(
        &mut self,
        goods: GoodsNo,
        change: i64,
        kind: RecordKind,
        order: u64,
        now: Timestamp,
    ) {
        let Some(held) = self.goods.get_mut(&goods) else { return };
        let stock = match kind {
            RecordKind::InboundDefective => &mut held.defective,
            RecordKind::Inbound | RecordKind::Outbound => &mut held.on_hand,
        };
        let before = *stock;
        *stock = before.saturating_add(change).max(0);
        let after = *stock;
        self.records.push(Record { goods, order, kind, before, after, created: now });
    }
}
