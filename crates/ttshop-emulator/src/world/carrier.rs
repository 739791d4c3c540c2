//! Who carries parcels.

use ttshop_types::Region;

/// A carrier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Provider {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    /// How long its tracking numbers are.
    pub(crate) tracking_length: (usize, usize),
}

const fn provider(id: u64, name: &'static str, least: usize, most: usize) -> Provider {
    Provider { id, name, tracking_length: (least, most) }
}

/// Carries every parcel that the platform ships.
pub(crate) const PLATFORM: Provider = provider(7_117_858_858_072_016_686, "Emulated Express", 8, 40);

const AMERICAN: &[Provider] = &[
    provider(7_117_858_858_072_016_001, "USPS", 20, 34),
    provider(7_117_858_858_072_016_002, "UPS", 8, 35),
    provider(7_117_858_858_072_016_003, "FedEx", 10, 34),
    provider(7_117_858_858_072_016_004, "DHL eCommerce", 10, 39),
];
const EUROPEAN: &[Provider] = &[
    provider(7_117_858_858_072_016_101, "Royal Mail", 9, 27),
    provider(7_117_858_858_072_016_102, "DHL", 10, 39),
    provider(7_117_858_858_072_016_103, "DPD", 8, 28),
    provider(7_117_858_858_072_016_104, "Evri", 8, 20),
];
const ASIAN: &[Provider] = &[
    provider(7_117_858_858_072_016_201, "J&T Express", 8, 20),
    provider(7_117_858_858_072_016_202, "Ninja Van", 8, 24),
    provider(7_117_858_858_072_016_203, "Yamato", 8, 14),
];

/// The carriers that sellers of a market use on their own account.
pub(crate) fn providers(region: &Region) -> &'static [Provider] {
    match region {
        Region::UnitedStates | Region::Mexico | Region::Brazil => AMERICAN,
        Region::UnitedKingdom
        | Region::Ireland
        | Region::Germany
        | Region::France
        | Region::Spain
        | Region::Italy => EUROPEAN,
        _ => ASIAN,
    }
}

/// The carrier with this id, whichever market it serves.
pub(crate) fn provider_by_id(id: u64) -> Provider {
    let all = AMERICAN.iter().chain(EUROPEAN).chain(ASIAN).copied();
    all.into_iter().find(|provider| provider.id == id).unwrap_or(PLATFORM)
}

/// A way of delivery that a warehouse offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct DeliveryOption {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    /// The seller brings the parcel to a carrier of its own.
    pub(crate) by_seller: bool,
}

/// Every shop has both.
pub(crate) const DELIVERY_OPTIONS: [DeliveryOption; 2] = [
    DeliveryOption { id: 7_091_146_663_229_654_785, name: "Standard Shipping", by_seller: false },
    DeliveryOption { id: 7_091_146_663_229_654_786, name: "Shipped by seller", by_seller: true },
];

/// The option with this id.
pub(crate) fn option_by_id(id: &str) -> Option<DeliveryOption> {
    let id: u64 = id.parse().ok()?;
    DELIVERY_OPTIONS.into_iter().find(|option| option.id == id)
}

/// The option that orders of this shipping type have.
pub(crate) fn option_of(by_seller: bool) -> DeliveryOption {
    DELIVERY_OPTIONS[usize::from(by_seller)]
}
