//! One order, as compact as a million of them need.

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::package::{Package, PackageBook, PackageStatus};
use crate::world::{BuyerNo, LineNo, OrderNo, PackageNo, WarehouseNo};

/// Where an order stands (PLATFORM.md 8.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OrderStatus {
    Unpaid,
    OnHold,
    AwaitingShipment,
    PartiallyShipping,
    AwaitingCollection,
    InTransit,
    Delivered,
    Completed,
    Cancelled,
}

impl OrderStatus {
    pub(crate) const ALL: [Self; 9] = [
        Self::Unpaid,
        Self::OnHold,
        Self::AwaitingShipment,
        Self::PartiallyShipping,
        Self::AwaitingCollection,
        Self::InTransit,
        Self::Delivered,
        Self::Completed,
        Self::Cancelled,
    ];

    /// The API's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "UNPAID",
            Self::OnHold => "ON_HOLD",
            Self::AwaitingShipment => "AWAITING_SHIPMENT",
            Self::PartiallyShipping => "PARTIALLY_SHIPPING",
            Self::AwaitingCollection => "AWAITING_COLLECTION",
            Self::InTransit => "IN_TRANSIT",
            Self::Delivered => "DELIVERED",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// The webhook's word: it says CANCEL, and it knows no PARTIALLY_SHIPPING (PLATFORM.md 7.4).
    pub(crate) fn webhook_word(self) -> Option<&'static str> {
        match self {
            Self::PartiallyShipping => None,
            Self::Cancelled => Some("CANCEL"),
            other => Some(other.as_str()),
        }
    }

    /// The buyer is not shown yet.
    pub(crate) fn hides_buyer(self) -> bool {
        matches!(self, Self::Unpaid | Self::OnHold)
    }

    /// Its place in [`OrderStatus::ALL`].
    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|status| *status == self).unwrap_or(0)
    }
}

/// Who acted on an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Actor {
    Buyer,
    Seller,
    System,
}

impl Actor {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "BUYER",
            Self::Seller => "SELLER",
            Self::System => "SYSTEM",
        }
    }
}

/// Who ships, and so whether the seller sees the address (PLATFORM.md 8.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ShippingType {
    Tiktok,
    Seller,
}

impl ShippingType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tiktok => "TIKTOK",
            Self::Seller => "SELLER",
        }
    }
}

/// One order of one shop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) number: OrderNo,
    pub(crate) status: OrderStatus,
    pub(crate) buyer: BuyerNo,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
    pub(crate) shipping_type: ShippingType,
    pub(crate) kind: OrderKind,
    pub(crate) terms: Terms,
    pub(crate) warehouse: WarehouseNo,
    pub(crate) fees: ShippingFees,
    pub(crate) times: Times,
    pub(crate) deadlines: Option<Deadlines>,
    pub(crate) lines: Vec<Line>,
    /// Where the lines lie; a cancelled line may lie alone in a package that is never shipped.
    pub(crate) packages: Vec<PackageNo>,
    pub(crate) cancelled_by: Option<Actor>,
    pub(crate) cancel_reason: Option<Box<str>>,
    /// How often the buyer changed the address.
    pub(crate) address_changes: u8,
    pub(crate) buyer_message: Option<Box<str>>,
}

/// What an order is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderKind {
    #[default]
    Normal,
    /// Sent to a creator for nothing.
    Sample,
    /// Sold before it is there; on hold until shortly before.
    PreOrder {
        #[serde(with = "crate::instant")]
        release: Timestamp,
    },
    /// Sent in exchange for the goods of another order.
    Exchange { source: OrderNo },
    /// Sent again because another order went wrong.
    Replacement { source: OrderNo },
}

impl OrderKind {
    /// Whether the buyer pays nothing for it.
    pub(crate) fn is_free(self) -> bool {
        matches!(self, Self::Sample | Self::Exchange { .. } | Self::Replacement { .. })
    }
}

/// What was agreed when the order was placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// Paid to the carrier.
    pub(crate) cash_on_delivery: bool,
    /// Stored and sent by the platform.
    pub(crate) fulfilled_by_tiktok: bool,
}

/// When something happened, if it did. There is no shipped_time, delivered_time or cancelled_time (PLATFORM.md 8.1).
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Times {
    #[serde(with = "crate::instant::option")]
    pub(crate) paid: Option<Timestamp>,
    #[serde(with = "crate::instant::option")]
    pub(crate) ready_to_ship: Option<Timestamp>,
    #[serde(with = "crate::instant::option")]
    pub(crate) collected: Option<Timestamp>,
    #[serde(with = "crate::instant::option")]
    pub(crate) delivered: Option<Timestamp>,
    #[serde(with = "crate::instant::option")]
    pub(crate) cancel_requested: Option<Timestamp>,
    #[serde(with = "crate::instant::option")]
    pub(crate) cancelled: Option<Timestamp>,
}

/// What payment promises; fixed from then on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Deadlines {
    #[serde(with = "crate::instant")]
    pub(crate) ready_to_ship: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) in_transit: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) cancel: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) delivery: Timestamp,
}

/// What shipping costs and who pays for it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ShippingFees {
    pub(crate) list: Minor,
    pub(crate) seller_discount: Minor,
    pub(crate) platform_discount: Minor,
    pub(crate) tax: Minor,
}

impl ShippingFees {
    /// What the buyer pays for shipping, without tax.
    pub(crate) fn paid(&self) -> Minor {
        self.list - self.seller_discount - self.platform_discount
    }
}

/// One unit: a quantity of three is three lines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) number: LineNo,
    /// Which product of the shop, and which variant of it.
    pub(crate) product: u16,
    pub(crate) sku: u16,
    pub(crate) cancelled: Option<Box<LineCancel>>,
    /// Which package of the order carries it.
    pub(crate) package: Option<u8>,
    pub(crate) list_price: Minor,
    pub(crate) seller_discount: Minor,
    pub(crate) platform_discount: Minor,
    pub(crate) tax: Minor,
}

/// How a line ended before its time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct LineCancel {
    pub(crate) by: Actor,
    pub(crate) reason: Box<str>,
    #[serde(with = "crate::instant")]
    pub(crate) at: Timestamp,
}

impl Line {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.is_some()
    }

    /// What the buyer pays for the unit, without tax.
    pub(crate) fn sale_price(&self) -> Minor {
        self.list_price - self.seller_discount - self.platform_discount
    }
}

impl Order {
    /// What the buyer pays for the goods, without tax.
    pub(crate) fn subtotal(&self) -> Minor {
        self.lines.iter().map(Line::sale_price).sum()
    }

    /// The tax on the goods.
    pub(crate) fn product_tax(&self) -> Minor {
        self.lines.iter().map(|line| line.tax).sum()
    }

    /// What the buyer pays in all.
    pub(crate) fn total(&self) -> Minor {
        self.subtotal() + self.fees.paid() + self.product_tax() + self.fees.tax
    }

    /// The package of a line.
    pub(crate) fn package_of<'a>(&self, line: &Line, packages: &'a PackageBook) -> Option<&'a Package> {
        packages.get(*self.packages.get(usize::from(line.package?))?)
    }

    /// Where the line's parcel stands; a line without one waits for shipment.
    pub(crate) fn package_status(&self, line: &Line, packages: &PackageBook) -> PackageStatus {
        self.package_of(line, packages).map_or(PackageStatus::ToFulfill, |package| package.status)
    }

    /// Lines that nobody cancelled.
    pub(crate) fn open_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.is_cancelled())
    }

    /// The lines in a package.
    pub(crate) fn lines_in(&self, package: PackageNo) -> impl Iterator<Item = &Line> {
        let place = self.packages.iter().position(|number| *number == package);
        let inside = move |line: &&Line| place.is_some() && line.package.map(usize::from) == place;
        self.lines.iter().filter(inside)
    }

    /// Paying everything back ends an order from here (PLATFORM.md 8.1).
    pub(crate) fn can_end_by_refund(&self) -> bool {
        matches!(
            self.status,
            OrderStatus::AwaitingCollection | OrderStatus::InTransit | OrderStatus::Delivered
        )
    }

    /// The line's own status (PLATFORM.md 8.2: it knows neither ON_HOLD nor PARTIALLY_SHIPPING).
    pub(crate) fn display_status(&self, line: &Line, packages: &PackageBook) -> OrderStatus {
        if line.is_cancelled() {
            return OrderStatus::Cancelled;
        }
        match (self.status, self.package_status(line, packages)) {
            (OrderStatus::OnHold, _) => OrderStatus::AwaitingShipment,
            (OrderStatus::Unpaid | OrderStatus::Completed | OrderStatus::Cancelled, _) => self.status,
            (_, PackageStatus::ToFulfill | PackageStatus::Cancelled) => OrderStatus::AwaitingShipment,
            (_, PackageStatus::Processing) => OrderStatus::AwaitingCollection,
            (_, PackageStatus::Fulfilling) => OrderStatus::InTransit,
            (_, PackageStatus::Completed) => OrderStatus::Delivered,
        }
    }

    /// Whether the seller has arranged shipment of the line.
    pub(crate) fn is_arranged(&self, line: &Line, packages: &PackageBook) -> bool {
        self.package_status(line, packages) != PackageStatus::ToFulfill
    }
}
