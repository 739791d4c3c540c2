//! What differs from market to market (PLATFORM.md 8.3).

use ttshop_types::Region;

/// In the US and the UK a package exists only once shipment is arranged; elsewhere payment makes it.
pub(crate) fn exists_after_payment(region: &Region) -> bool {
    !matches!(region, Region::UnitedStates | Region::UnitedKingdom)
}
