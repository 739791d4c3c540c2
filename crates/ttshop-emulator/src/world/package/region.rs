//! What differs from market to market (PLATFORM.md 8.3).

use ttshop_types::Region;

/// In the US and the UK a package exists only once shipment is arranged; elsewhere payment makes it.
pub(crate) fn exists_after_payment(region: &Region) -> bool {
    !matches!(region, Region::UnitedStates | Region::UnitedKingdom)
}

/// Where sellers may mark a package as shipped.
pub(crate) fn may_be_marked_as_shipped(region: &Region) -> bool {
    matches!(
        region,
        Region::UnitedStates
            | Region::UnitedKingdom
            | Region::Spain
            | Region::Ireland
            | Region::Italy
            | Region::Germany
            | Region::France
            | Region::Japan
    )
}

/// Where sellers with a fleet of their own report the delivery.
pub(crate) fn seller_reports_delivery(region: &Region) -> bool {
    matches!(
        region,
        Region::Indonesia
            | Region::Malaysia
            | Region::Philippines
            | Region::Singapore
            | Region::Thailand
            | Region::Vietnam
    )
}
