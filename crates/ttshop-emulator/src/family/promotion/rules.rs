//! What an activity's times and terms must be.

use std::time::Duration;

use serde_json::Value;
use ttshop_types::Timestamp;

use crate::family::promotion::code;
use crate::gateway::{Admitted, Refusal};
use crate::world::ActivityNo;
use crate::world::promotion::{Activity, ActivityKind, ActivityStatus, ProductLevel, Promotions};

/// Longest flash sale (Seller Center: 72 hours).
const FLASH_MAX: Duration = Duration::from_secs(72 * 3_600);
/// Shortest and longest of any other; the lengths are ours.
const SHORTEST: Duration = Duration::from_secs(600);
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

/// When an activity runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub(super) begin: Timestamp,
    pub(super) end: Timestamp,
    pub(super) indefinite: bool,
}

impl Period {
    /// The times of the body.
    pub(super) fn of_body(body: &Value) -> Self {
        let seconds =
            |name: &str| Timestamp::from_seconds(body.get(name).and_then(Value::as_i64).unwrap_or(0));
        let indefinite = body.get("duration_type").and_then(Value::as_str) == Some("INDEFINITE");
        Self { begin: seconds("begin_time"), end: seconds("end_time"), indefinite }
    }

    pub(super) fn check(&self, kind: ActivityKind) -> Result<(), Refusal> {
        if self.indefinite {
            let fits = kind == ActivityKind::ShippingDiscount;
            return if fits { Ok(()) } else { Err(invalid("Only shipping discounts have no end.")) };
        }
        let length = self.end.since(self.begin);
        if self.end <= self.begin || length < SHORTEST {
            return Err(Refusal::business(code::TOO_SHORT, "The activity ends too soon after its begin."));
        }
        if kind == ActivityKind::Flashsale && length > FLASH_MAX {
            return Err(Refusal::business(code::FLASH_TOO_LONG, "A flash sale lasts at most 72 hours."));
        }
        if length > LONGEST {
            return Err(Refusal::business(code::TOO_LONG, "The activity lasts too long."));
        }
        Ok(())
    }
}

/// The kind and level of the body, if they go together.
pub(super) fn kind_and_level(body: &Value) -> Result<(ActivityKind, ProductLevel), Refusal> {
    let word = |name: &str| body.get(name).cloned().unwrap_or_default();
    let kind: ActivityKind = serde_json::from_value(word("activity_type"))
        .map_err(|_| Refusal::business(code::KIND_UNSUPPORTED, "The activity type is not supported."))?;
    let level: ProductLevel = serde_json::from_value(word("product_level"))
        .map_err(|_| invalid("'product_level' must be PRODUCT, VARIATION or SHOP."))?;
    let fits = match level {
        ProductLevel::Product => true,
        ProductLevel::Variation => kind.changes_prices(),
        ProductLevel::Shop => !kind.changes_prices(),
    };
    if fits { Ok((kind, level)) } else { Err(invalid("The product level does not fit the activity type.")) }
}

/// The discount that a kind without prices of its own needs.
pub(super) fn discount_is_there(kind: ActivityKind, body: &Value) -> Result<(), Refusal> {
    let needed = match kind {
        ActivityKind::FixedPrice | ActivityKind::DirectDiscount | ActivityKind::Flashsale => return Ok(()),
        ActivityKind::ShippingDiscount => "shipping_discount",
        ActivityKind::BuyMoreSaveMore => "bmsm_discount",
        ActivityKind::GiftWithPurchase => "gift_discount",
        ActivityKind::BuyXGetY => "bxgy_discount",
    };
    let discount = body.get("discount").and_then(|discount| discount.get(needed));
    if discount.is_some_and(Value::is_object) {
        Ok(())
    } else {
        Err(invalid(&format!("'discount.{needed}' is a required field.")))
    }
}

/// The title of the body: not empty, and none that another activity of the shop has.
pub(super) fn title(
    call: &Admitted<'_>,
    promotions: &Promotions,
    own: Option<ActivityNo>,
) -> Result<String, Refusal> {
    let title = call.body.get("title").and_then(Value::as_str).unwrap_or_default().trim();
    if title.is_empty() {
        return Err(Refusal::business(code::TITLE_EMPTY, "The activity title must not be empty."));
    }
    let taken = |other: &Activity| Some(other.number) != own && other.title == title;
    if promotions.activities.values().any(taken) {
        let message = "The activity title is used by another activity of the shop.";
        return Err(Refusal::business(code::TITLE_DUPLICATED, message));
    }
    Ok(title.to_owned())
}

/// Storewide free shipping can run once at a time.
pub(super) fn free_shipping_is_alone(promotions: &Promotions, new: &Activity) -> Result<(), Refusal> {
    if !is_storewide_free_shipping(new) {
        return Ok(());
    }
    let runs = |other: &Activity| {
        other.number != new.number
            && other.status.is_live()
            && is_storewide_free_shipping(other)
            && other.overlaps(new)
    };
    if promotions.activities.values().any(runs) {
        return Err(Refusal::business(
            code::FREE_SHIPPING_RUNS,
            "Storewide free shipping is active already.",
        ));
    }
    Ok(())
}

fn is_storewide_free_shipping(activity: &Activity) -> bool {
    let kind = activity.terms.pointer("/discount/shipping_discount/type").and_then(Value::as_str);
    activity.level == ProductLevel::Shop && kind == Some("FREE_SHIPPING")
}

/// What is over cannot be changed any more.
pub(super) fn can_change(activity: &Activity) -> Result<(), Refusal> {
    match activity.status {
        ActivityStatus::Draft | ActivityStatus::NotStart | ActivityStatus::Ongoing => Ok(()),
        ActivityStatus::Expired => Err(Refusal::business(code::EXPIRED, "The activity has expired.")),
        ActivityStatus::Deactivated | ActivityStatus::NotEffective => {
            Err(Refusal::business(code::DEACTIVATED, "The activity is deactivated."))
        }
    }
}

pub(super) fn invalid(message: &str) -> Refusal {
    Refusal::business(code::INVALID, message)
}
