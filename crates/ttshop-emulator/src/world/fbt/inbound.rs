//! Inbound orders and their states.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ttshop_types::Timestamp;

use crate::world::{GoodsNo, InboundNo, PlanNo};

/// Where an inbound order stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum InboundStatus {
    ReadyToShip,
    /// The seller has sent it.
    ToBeReceived,
    Receiving,
    PartiallyReceived,
    Received,
    Cancelled,
}

/// What happens to an inbound order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Ship,
    Arrive,
    ReceiveSome,
    ReceiveAll,
    Cancel,
}

/// Goods on their way into a warehouse.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Inbound {
    pub(crate) number: InboundNo,
    pub(crate) plan: PlanNo,
    pub(crate) status: InboundStatus,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) expected: Timestamp,
    #[serde(with = "crate::instant::option")]
    pub(crate) shipped: Option<Timestamp>,
    #[serde(with = "crate::instant::option")]
    pub(crate) arrived: Option<Timestamp>,
    pub(crate) items: Vec<(GoodsNo, u32)>,
    pub(crate) cartons: Value,
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) received: Vec<Received>,
    /// Each state with when it was reached, in milliseconds; oldest first.
    pub(crate) log: Vec<(i64, InboundStatus)>,
}

/// A parcel of an inbound order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Parcel {
    pub(crate) provider: String,
    pub(crate) tracking_number: String,
    pub(crate) carton: String,
}

/// What the warehouse counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Received {
    pub(crate) batch: u64,
    pub(crate) goods: GoodsNo,
    pub(crate) normal: u32,
    pub(crate) defective: u32,
}

impl InboundStatus {
    /// Where `step` leads; none if it is not possible.
    pub(crate) fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::ReadyToShip, Step::Ship) => Some(Self::ToBeReceived),
            (Self::ToBeReceived, Step::Arrive) => Some(Self::Receiving),
            (Self::ToBeReceived | Self::Receiving | Self::PartiallyReceived, Step::ReceiveSome) => {
                Some(Self::PartiallyReceived)
            }
            (Self::ToBeReceived | Self::Receiving | Self::PartiallyReceived, Step::ReceiveAll) => {
                Some(Self::Received)
            }
            (Self::ReadyToShip | Self::ToBeReceived, Step::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }
}

impl Inbound {
    /// Lets `step` happen; false if it is not possible.
    pub(crate) fn take(&mut self, step: Step, now: Timestamp) -> bool {
        let Some(status) = self.status.after(step) else { return false };
        match step {
            Step::Ship => self.shipped = Some(now),
            Step::Arrive | Step::ReceiveSome | Step::ReceiveAll => {
                self.arrived.get_or_insert(now);
            }
            Step::Cancel => {}
        }
        if status != self.status {
            self.status = status;
            self.log.push((now.as_millis(), status));
        }
        true
    }

    /// How many of `goods` came in so far: sellable and not.
    pub(crate) fn received_of(&self, goods: GoodsNo) -> (u32, u32) {
        let batches = self.received.iter().filter(|batch| batch.goods == goods);
        batches.fold((0, 0), |sum, batch| (sum.0 + batch.normal, sum.1 + batch.defective))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_come_in_by_steps() {
        use InboundStatus::{Cancelled, PartiallyReceived, ReadyToShip, Received, Receiving, ToBeReceived};
        use Step::{Arrive, Cancel, ReceiveAll, ReceiveSome, Ship};
        let allowed = [
            (ReadyToShip, Ship, ToBeReceived),
            (ReadyToShip, Cancel, Cancelled),
            (ToBeReceived, Cancel, Cancelled),
            (ToBeReceived, Arrive, Receiving),
            (ToBeReceived, ReceiveSome, PartiallyReceived),
            (ToBeReceived, ReceiveAll, Received),
            (Receiving, ReceiveSome, PartiallyReceived),
            (Receiving, ReceiveAll, Received),
            (PartiallyReceived, ReceiveSome, PartiallyReceived),
            (PartiallyReceived, ReceiveAll, Received),
        ];
        for from in [ReadyToShip, ToBeReceived, Receiving, PartiallyReceived, Received, Cancelled] {
            for step in [Ship, Arrive, ReceiveSome, ReceiveAll, Cancel] {
                let expected = allowed.iter().find(|(state, act, _)| (*state, *act) == (from, step));
                assert_eq!(from.after(step), expected.map(|(_, _, to)| *to), "{from:?} {step:?}");
            }
        }
    }
}
