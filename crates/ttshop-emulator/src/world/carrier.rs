//! Who carries parcels.

use ttshop_types::Region;

use crate::money::Minor;

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

/// A label that the platform sells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LabelService {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    /// In the currency's smallest unit.
    base: i64,
    per_kilogram: i64,
    pub(crate) grams_max: u64,
    /// The fewest and the most days it takes.
    pub(crate) days: (i64, i64),
}

/// The first one is the default.
pub(crate) const LABEL_SERVICES: [LabelService; 2] = [
    LabelService {
        id: 7_208_502_187_360_519_982,
        name: "Emulated Ground",
        base: 395,
        per_kilogram: 110,
        grams_max: 31_751,
        days: (3, 7),
    },
    LabelService {
        id: 7_208_502_187_360_519_983,
        name: "Emulated Priority",
        base: 815,
        per_kilogram: 260,
        grams_max: 9_000,
        days: (1, 3),
    },
];

impl LabelService {
    /// What the label of a parcel of this weight costs.
    pub(crate) fn price(&self, grams: u64) -> Minor {
        let kilograms = i64::try_from(grams.div_ceil(1_000)).unwrap_or(i64::MAX);
        Minor(self.per_kilogram.saturating_mul(kilograms).saturating_add(self.base))
    }
}
