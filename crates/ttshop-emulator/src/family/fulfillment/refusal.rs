//! Refusals of this family (PLATFORM.md 4.4).

use crate::gateway::Refusal;

pub(super) fn no_package() -> Refusal {
    Refusal::business(21_011_001, "The package does not exist in this shop.")
}
