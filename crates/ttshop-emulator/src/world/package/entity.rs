//! One parcel.

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::{OrderNo, PackageNo};

/// One parcel of one order, or of several that were combined.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Package {
    pub(crate) number: PackageNo,
    pub(crate) status: PackageStatus,
    pub(crate) tag: PackageTag,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
    /// Whose lines are inside.
    pub(crate) orders: Vec<OrderNo>,
    /// Rebuilt because a line was cancelled: the platform is not done with it before this instant.
    #[serde(with = "crate::instant::option")]
    pub(crate) settles: Option<Timestamp>,
    /// Once shipment is arranged.
    pub(crate) shipment: Option<Box<Shipment>>,
}

/// Where a parcel stands, as a line item shows it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PackageStatus {
    /// Nothing is arranged.
    ToFulfill,
    /// Arranged; waits for the carrier.
    Processing,
    /// Under way.
    Fulfilling,
    /// Delivered.
    Completed,
    /// Lost, damaged, or of a cancelled order.
    Cancelled,
}

/// Whether a parcel is what payment made, several orders in one, or a part of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PackageTag {
    Default,
    Combine,
    Split,
}

/// How a parcel travels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shipment {
    #[serde(with = "crate::instant")]
    pub(crate) arranged: Timestamp,
    /// The carrier's id.
    pub(crate) provider: u64,
    pub(crate) tracking_number: Box<str>,
    pub(crate) handover: Option<Handover>,
    /// When the carrier fetches it, in seconds since 1970.
    pub(crate) pickup_slot: Option<(i64, i64)>,
    /// The label that was bought.
    pub(crate) service: Option<Service>,
    pub(crate) measures: Option<Measures>,
    /// How often the tracking number was changed.
    pub(crate) tracking_changes: u8,
    pub(crate) loss: Option<Loss>,
    /// What the carrier reported, oldest first.
    pub(crate) tracks: Vec<Track>,
}

/// How the carrier gets the parcel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Handover {
    Pickup,
    DropOff,
}

/// What shipment is arranged with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrangement {
    /// The seller's own carrier and number; none lets the platform assign its own.
    pub(crate) own: Option<(u64, Box<str>)>,
    pub(crate) handover: Option<Handover>,
    pub(crate) pickup_slot: Option<(i64, i64)>,
    pub(crate) service: Option<Service>,
    pub(crate) measures: Option<Measures>,
}

/// A label that was bought.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) id: u64,
    pub(crate) price: Minor,
}

/// Weight and size, in the caller's own words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measures {
    pub(crate) weight: Option<(Box<str>, Box<str>)>,
    /// Length, width, height, unit.
    pub(crate) dimension: Option<[Box<str>; 4]>,
}

/// Why a parcel never arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Loss {
    PackageLost,
    /// Spelled so by the platform.
    PackageDamagaed,
    ReturnedToShipper,
    PackageScrap,
}

/// One report of the carrier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Track {
    #[serde(with = "crate::instant")]
    pub(crate) at: Timestamp,
    pub(crate) step: TrackStep,
}

/// What a carrier reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TrackStep {
    Arranged,
    Collected,
    SortingCentre,
    OutForDelivery,
    DeliveryFailed,
    Delivered,
    Lost,
}

impl PackageStatus {
    pub(crate) const ALL: [Self; 5] =
        [Self::ToFulfill, Self::Processing, Self::Fulfilling, Self::Completed, Self::Cancelled];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ToFulfill => "TO_FULFILL",
            Self::Processing => "PROCESSING",
            Self::Fulfilling => "FULFILLING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Its place in [`PackageStatus::ALL`].
    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|status| *status == self).unwrap_or(0)
    }
}

impl PackageTag {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::Combine => "COMBINE",
            Self::Split => "SPLIT",
        }
    }
}

impl Handover {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pickup => "PICKUP",
            Self::DropOff => "DROP_OFF",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Pickup, Self::DropOff].into_iter().find(|handover| handover.as_str() == text)
    }
}

impl Loss {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::PackageLost => "PACKAGE_LOST",
            Self::PackageDamagaed => "PACKAGE_DAMAGAED",
            Self::ReturnedToShipper => "RETURNED_TO_SHIPPER",
            Self::PackageScrap => "PACKAGE_SCRAP",
        }
    }
}

impl TrackStep {
    /// The words a buyer reads.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Arranged => "Your package is being prepared for shipment.",
            Self::Collected => "Your package has been picked up by the carrier.",
            Self::SortingCentre => "Your package has arrived at the sorting centre.",
            Self::OutForDelivery => "Your package is out for delivery.",
            Self::DeliveryFailed => "Delivery was attempted without success.",
            Self::Delivered => "Your package has been delivered.",
            Self::Lost => "Your package was reported lost.",
        }
    }

    /// No source says what the numbers mean; these grow with the journey.
    pub(crate) fn action_code(self) -> i64 {
        match self {
            Self::Arranged => 10_010,
            Self::Collected => 30_010,
            Self::SortingCentre => 40_010,
            Self::OutForDelivery => 50_010,
            Self::DeliveryFailed => 50_020,
            Self::Delivered => 50_030,
            Self::Lost => 60_010,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Arranged => "arranged",
            Self::Collected => "collected",
            Self::SortingCentre => "sorting_centre",
            Self::OutForDelivery => "out_for_delivery",
            Self::DeliveryFailed => "delivery_failed",
            Self::Delivered => "delivered",
            Self::Lost => "lost",
        }
    }
}

impl Package {
    /// A parcel that nothing is arranged for.
    pub(crate) fn new(number: PackageNo, orders: Vec<OrderNo>, tag: PackageTag, now: Timestamp) -> Self {
        Self {
            number,
            status: PackageStatus::ToFulfill,
            tag,
            created: now,
            updated: now,
            orders,
            settles: None,
            shipment: None,
        }
    }

    pub(crate) fn is_combined(&self) -> bool {
        self.orders.len() > 1
    }

    /// Sets the shipment and waits for the carrier.
    pub(crate) fn arrange(&mut self, arrangement: &Arrangement, now: Timestamp) {
        let (provider, tracking_number) = match &arrangement.own {
            Some((provider, tracking_number)) => (*provider, tracking_number.clone()),
            None => (crate::world::carrier::PLATFORM.id, format!("EMU{}", self.number).into()),
        };
        self.status = PackageStatus::Processing;
        self.updated = now;
        self.shipment = Some(Box::new(Shipment {
            arranged: now,
            provider,
            tracking_number,
            handover: arrangement.handover,
            pickup_slot: arrangement.pickup_slot,
            service: arrangement.service,
            measures: arrangement.measures.clone(),
            tracking_changes: 0,
            loss: None,
            tracks: vec![Track { at: now, step: TrackStep::Arranged }],
        }));
    }

    /// Takes the parcel to `status` because the carrier reports `step`.
    pub(crate) fn carry(&mut self, status: PackageStatus, step: TrackStep, now: Timestamp) {
        self.status = status;
        self.updated = now;
        if let Some(shipment) = &mut self.shipment {
            shipment.tracks.push(Track { at: now, step });
        }
    }
}
