//! One order, as compact as a million of them need.

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::money::Minor;
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
    pub(crate) warehouse: WarehouseNo,
    pub(crate) fees: ShippingFees,
    pub(crate) times: Times,
    pub(crate) deadlines: Option<Deadlines>,
    pub(crate) lines: Vec<Line>,
    pub(crate) packages: Vec<Package>,
    pub(crate) cancelled_by: Option<Actor>,
    pub(crate) cancel_reason: Option<Box<str>>,
    /// How often the buyer changed the address.
    pub(crate) address_changes: u8,
    pub(crate) buyer_message: Option<Box<str>>,
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
    pub(crate) sku: u8,
    pub(crate) cancelled: bool,
    /// Which package of the order carries it.
    pub(crate) package: Option<u8>,
    pub(crate) list_price: Minor,
    pub(crate) seller_discount: Minor,
    pub(crate) platform_discount: Minor,
    pub(crate) tax: Minor,
}

impl Line {
    /// What the buyer pays for the unit, without tax.
    pub(crate) fn sale_price(&self) -> Minor {
        self.list_price - self.seller_discount - self.platform_discount
    }
}

/// One parcel of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Package {
    pub(crate) number: PackageNo,
    pub(crate) status: PackageStatus,
}

/// Where a parcel stands, as a line item shows it (PLATFORM.md 8.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PackageStatus {
    ToFulfill,
    Processing,
    Fulfilling,
    Completed,
    Cancelled,
}

impl PackageStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ToFulfill => "TO_FULFILL",
            Self::Processing => "PROCESSING",
            Self::Fulfilling => "FULFILLING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
        }
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
    pub(crate) fn package_of(&self, line: &Line) -> Option<&Package> {
        self.packages.get(usize::from(line.package?))
    }

    /// The line's own status (PLATFORM.md 8.2: it knows neither ON_HOLD nor PARTIALLY_SHIPPING).
    pub(crate) fn display_status(&self, line: &Line) -> OrderStatus {
        if line.cancelled {
            return OrderStatus::Cancelled;
        }
        match self.status {
            OrderStatus::OnHold => OrderStatus::AwaitingShipment,
            OrderStatus::PartiallyShipping if self.is_arranged(line) => OrderStatus::AwaitingCollection,
            OrderStatus::PartiallyShipping => OrderStatus::AwaitingShipment,
            status => status,
        }
    }

    /// Whether the seller has arranged shipment of the line.
    pub(crate) fn is_arranged(&self, line: &Line) -> bool {
        self.package_of(line).is_some_and(|package| package.status != PackageStatus::ToFulfill)
    }
}
