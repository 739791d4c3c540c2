//! Refusals of this family (PLATFORM.md 4.4).

use serde_json::{Value, json};

use crate::gateway::Refusal;

pub(super) fn no_package() -> Refusal {
    Refusal::business(21_011_001, "The package does not exist in this shop.")
}

pub(super) fn parameter() -> Refusal {
    Refusal::business(21_001_001, "A parameter is invalid.")
}

pub(super) fn split_parameter(why: &str) -> Refusal {
    Refusal::business(21_011_005, format!("The request is invalid: {why}."))
}

pub(super) fn region() -> Refusal {
    Refusal::business(21_008_106, "The endpoint is not available in the shop's region.")
}

pub(super) fn by_platform() -> Refusal {
    Refusal::business(21_008_025, "The order is fulfilled by the platform, the seller cannot act on it.")
}

pub(super) fn status() -> Refusal {
    Refusal::business(21_011_003, "The state of the order does not allow this.")
}

pub(super) fn not_shipped() -> Refusal {
    Refusal::business(21_011_043, "The package is not shipped yet.")
}

pub(super) fn shipped() -> Refusal {
    Refusal::business(21_011_040, "The package is shipped already.")
}

pub(super) fn orders_shipped() -> Refusal {
    Refusal::business(21_011_006, "The order is shipped already.")
}

pub(super) fn delivered() -> Refusal {
    Refusal::business(21_011_027, "The package is delivered already.")
}

pub(super) fn cancelled() -> Refusal {
    Refusal::business(21_011_041, "The order is cancelled.")
}

pub(super) fn request_pending() -> Refusal {
    Refusal::business(21_011_007, "A request of the buyer is pending on an item, resolve it first.")
}

pub(super) fn logistics_rule() -> Refusal {
    Refusal::business(21_011_013, "It does not match the logistics rule of the order's shipping type.")
}

pub(super) fn provider() -> Refusal {
    Refusal::business(21_011_022, "The tracking number or the shipping provider is invalid.")
}

pub(super) fn tracking_characters() -> Refusal {
    Refusal::business(21_004_012, "The tracking number holds special characters.")
}

pub(super) fn tracking_format() -> Refusal {
    Refusal::business(11_028_006, "The tracking number fits no service of the carrier.")
}

pub(super) fn tracking_duplicate() -> Refusal {
    Refusal::business(21_011_025, "The tracking number is used by another package.")
}

pub(super) fn tracking_overused() -> Refusal {
    Refusal::business(21_011_026, "The tracking number is used too often.")
}

pub(super) fn lines_unknown() -> Refusal {
    Refusal::business(21_011_029, "An order line is not in the order.")
}

pub(super) fn lines_missing() -> Refusal {
    Refusal::business(21_011_048, "Name the order lines: the order lies in several packages.")
}

pub(super) fn combined() -> Refusal {
    Refusal::business(21_011_033, "The order is combined with others.")
}

/// One entry of `errors` beside an answer that succeeded.
pub(super) fn entry(refusal: &Refusal, package_id: &str) -> Value {
    json!({
        "code": refusal.code.unwrap_or_default(),
        "message": refusal.message,
        "detail": { "package_id": package_id },
    })
}
