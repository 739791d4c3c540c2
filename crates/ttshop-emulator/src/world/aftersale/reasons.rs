//! Reason keys: opaque texts that differ by market and state (PLATFORM.md, appendix C).
//!
//! The texts shown next to the keys are ours; the appendix lists keys only.

use ttshop_types::Region;

use crate::world::aftersale::case::ReturnCase;
use crate::world::aftersale::stage::{ReturnKind, ReturnStatus};
use crate::world::order::{Actor, OrderStatus};

const CANCEL_UNPAID: [&str; 3] = [
    "seller_cancel_unpaid_reason_out_of_stock",
    "seller_cancel_unpaid_reason_wrong_price",
    "seller_cancel_unpaid_reason_buyer_hasnt_paid_within_time_allowed",
];
const CANCEL_UNPAID_REQUESTED: &str = "seller_cancel_unpaid_reason_buyer_requested_cancellation";
pub(crate) const OUT_OF_STOCK: &str = "seller_cancel_reason_out_of_stock";
const WRONG_PRICE: &str = "seller_cancel_reason_wrong_price";
const UNDELIVERABLE: &str = "seller_cancel_paid_reason_address_not_deliver";
const UNDELIVERABLE_SG: &str = "seller_cancel_unable_to_deliver_to_buyer_address";
const CANCEL_REQUESTED: &str = "seller_cancel_paid_reason_buyer_requested_cancellation";
const FRAUD_JP: &str = "seller_cancel_order_reason_potential_fraud";

const REJECT_CANCEL: [&str; 4] = [
    "order_manage_list_action_respond_popup_reject_reason_invalid_cancellation_reason",
    "order_manage_list_action_respond_popup_reject_reason_delivered",
    "order_manage_list_action_respond_popup_reject_reason_buyer_agree",
    "seller_reject_apply_product_has_been_packed",
];
/// These carry `_uk` in the United Kingdom.
const REJECT_REQUEST: [&str; 5] = [
    "reverse_reject_request_reason_1",
    "reverse_reject_request_reason_2",
    "reverse_reject_request_reason_3",
    "reverse_reject_request_reason_4",
    "reverse_reject_request_reason_5",
];
const REJECT_REQUEST_TOO: [&str; 6] = [
    "seller_reject_apply_item_is_correct",
    "seller_reject_apply_products_will_be_sent_separately",
    "seller_reject_apply_reason_is_unclear_or_lack_of_evidence",
    "seller_reject_apply_unable_to_change_address",
    "seller_reject_apply_need_to_apply_for_refund&return",
    "seller_reject_apply_package_has_not_exceeded_estimated_delivery_time",
];
const REJECT_PARCEL: [&str; 6] = [
    "reverse_reject_return_parcel_reason_1",
    "reverse_reject_return_parcel_reason_2",
    "reverse_reject_return_parcel_reason_3",
    "reverse_reject_return_parcel_reason_4",
    "reverse_reject_return_parcel_reason_5",
    "seller_reject_apply_you_have_reached_an_agreement_with_the_buyer",
];
const REFUND_SHIPPED: [&str; 3] = [
    "seller_shipped_refund_package_lost",
    "seller_shipped_refund_package_delivery_failed",
    "seller_shipped_refund_miss_estimated_delivery_date",
];
const REFUND_DELIVERED: [&str; 6] = [
    "ecom_order_delivered_refund_reason_missing_product_seller",
    "ecom_order_delivered_refund_reason_not_received_seller",
    "ecom_order_delivered_refund_reason_not_match_description_seller",
    "ecom_order_delivered_refund_reason_damaged_seller",
    "ecom_order_delivered_refund_reason_wrong_product_seller",
    "ecom_order_delivered_refund_reason_missed_delivery_date_seller",
];
const RETURN_DELIVERED: [&str; 1] = ["seller_ecom_delivered_return_refund_reason1"];
const BUYER_UNPAID: [&str; 5] = [
    "ecom_order_unpaid_canceled_reason_no_longer_needed",
    "ecom_order_unpaid_canceled_reason_payment_method_not_available",
    "ecom_order_unpaid_canceled_reason_created_by_mistakes",
    "ecom_order_unpaid_canceled_reason_better_price",
    "ecom_order_unpaid_canceled_reason_other",
];
const BUYER_PAID: [&str; 9] = [
    "ecom_order_to_ship_canceled_reason_no_longer_needed",
    "ecom_order_to_ship_canceled_reason_change_payment_method",
    "ecom_order_to_ship_canceled_reason_discount_not_expected",
    "ecom_order_to_ship_canceled_reason_created_by_mistakes",
    "ecom_order_to_ship_canceled_reason_high_delivery_costs",
    "ecom_order_to_ship_canceled_reason_better_price",
    "ecom_order_to_ship_canceled_reason_wrong_delivery_info",
    "ecom_order_to_ship_canceled_reason_not_shipped_on_time",
    "ecom_order_to_ship_canceled_reason_forgot_to_apply_coupons",
];
pub(crate) const PAYMENT_TIMED_OUT: &str = "system_cancel_unpaid_time_out";
pub(crate) const SHIPMENT_TIMED_OUT: &str = "system_cancel_order_reason_shipping_timeout";
pub(crate) const PACKAGE_LOST: &str = "package_lost";
pub(crate) const NEVER_SCANNED: &str = "system_cancel_order_untracked";
const SYSTEM: [&str; 20] = [
    PAYMENT_TIMED_OUT,
    "system_cancel_anti_span_block",
    "package_cancel",
    "platform_cancel",
    "returned_to_shipper_refused",
    "returned_to_shipper_other",
    "package_damaged",
    PACKAGE_LOST,
    "threepl_breach",
    "package_scrap",
    SHIPMENT_TIMED_OUT,
    "system_cancel_add_address_overtime",
    NEVER_SCANNED,
    "ecom_cb_sc_out_return",
    "system_cancel_order_exceed_edt_not_arrive",
    "ecom_order_unpaid_canceled_reason_not_want_pay",
    "system_cancel_order_reason_potential_fraud",
    "system_cancel_order_reason_experience_related",
    "operator_cancel_risk_control_block",
    "system_cancel_order_reason_nrr_related",
];

/// What a seller may give as reason for cancelling an order in this state.
pub(crate) fn seller_cancel(region: &Region, status: OrderStatus) -> Vec<&'static str> {
    use Region::{Brazil, Japan, Mexico, Philippines, Singapore, UnitedStates};
    let buyer_may_ask =
        matches!(region, UnitedStates | Philippines | Mexico | Brazil | Japan) || is_european(region);
    match status {
        OrderStatus::Unpaid => {
            let requested = buyer_may_ask.then_some(CANCEL_UNPAID_REQUESTED);
            CANCEL_UNPAID.into_iter().chain(requested).collect()
        }
        OrderStatus::OnHold | OrderStatus::AwaitingShipment | OrderStatus::AwaitingCollection => {
            let mut keys = vec![OUT_OF_STOCK];
            if !matches!(region, Mexico | Brazil) {
                keys.push(WRONG_PRICE);
            }
            keys.push(if *region == Singapore { UNDELIVERABLE_SG } else { UNDELIVERABLE });
            if buyer_may_ask {
                keys.push(CANCEL_REQUESTED);
            }
            if *region == Japan {
                keys.push(FRAUD_JP);
            }
            keys
        }
        OrderStatus::PartiallyShipping
        | OrderStatus::InTransit
        | OrderStatus::Delivered
        | OrderStatus::Completed
        | OrderStatus::Cancelled => Vec::new(),
    }
}

/// What a seller may give as reason for paying back.
pub(crate) fn seller_refund(kind: ReturnKind, status: OrderStatus) -> &'static [&'static str] {
    match (kind, status) {
        (ReturnKind::Refund, OrderStatus::AwaitingCollection | OrderStatus::InTransit) => &REFUND_SHIPPED,
        (ReturnKind::Refund, OrderStatus::Delivered) => &REFUND_DELIVERED,
        (ReturnKind::ReturnAndRefund, OrderStatus::Delivered) => &RETURN_DELIVERED,
        _ => &[],
    }
}

/// The buyer's usual reasons for cancelling.
pub(crate) fn buyer_cancel(status: OrderStatus) -> &'static [&'static str] {
    if status == OrderStatus::Unpaid { &BUYER_UNPAID } else { &BUYER_PAID }
}

/// Somebody's most common reason to cancel.
pub(crate) fn of(by: Actor) -> &'static str {
    match by {
        Actor::Buyer => BUYER_PAID[0],
        Actor::Seller => OUT_OF_STOCK,
        Actor::System => "platform_cancel",
    }
}

/// Why a seller may refuse a request to cancel.
pub(crate) fn reject_cancel() -> &'static [&'static str] {
    &REJECT_CANCEL
}

/// Why a seller may say no to a case in its present state.
pub(crate) fn reject_return(region: &Region, case: &ReturnCase) -> Vec<String> {
    match case.status {
        ReturnStatus::RequestPending | ReturnStatus::ReplacementPending => {
            let local = REJECT_REQUEST.into_iter().map(|key| localised(key, region));
            local.chain(REJECT_REQUEST_TOO.into_iter().map(str::to_owned)).collect()
        }
        ReturnStatus::BuyerShippedItem => {
            REJECT_PARCEL.into_iter().map(|key| localised(key, region)).collect()
        }
        _ => Vec::new(),
    }
}

fn localised(key: &str, region: &Region) -> String {
    let uk = *region == Region::UnitedKingdom && key.starts_with("reverse_");
    if uk { format!("{key}_uk") } else { key.to_owned() }
}

/// What a key is for, as far as the appendix tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    SellerCancels,
    SellerRefunds,
    SellerRejects,
    /// Buyers and the platform use it.
    NotForSellers,
}

pub(crate) fn purpose(key: &str) -> Option<Purpose> {
    let key = key.strip_suffix("_uk").unwrap_or(key);
    let cancels = [WRONG_PRICE, OUT_OF_STOCK, UNDELIVERABLE, UNDELIVERABLE_SG, CANCEL_REQUESTED, FRAUD_JP];
    if cancels.contains(&key) || CANCEL_UNPAID.contains(&key) || key == CANCEL_UNPAID_REQUESTED {
        Some(Purpose::SellerCancels)
    } else if REFUND_SHIPPED.contains(&key)
        || REFUND_DELIVERED.contains(&key)
        || RETURN_DELIVERED.contains(&key)
    {
        Some(Purpose::SellerRefunds)
    } else if REJECT_CANCEL.contains(&key)
        || REJECT_REQUEST.contains(&key)
        || REJECT_REQUEST_TOO.contains(&key)
        || REJECT_PARCEL.contains(&key)
    {
        Some(Purpose::SellerRejects)
    } else if BUYER_UNPAID.contains(&key) || BUYER_PAID.contains(&key) || SYSTEM.contains(&key) {
        Some(Purpose::NotForSellers)
    } else {
        None
    }
}

/// What people read: the key without its prefix. Text that is no key stays as it is.
pub(crate) fn text(key: &str) -> String {
    const PREFIXES: [&str; 15] = [
        "order_manage_list_action_respond_popup_reject_reason_",
        "seller_reject_apply_",
        "seller_cancel_unpaid_reason_",
        "seller_cancel_paid_reason_",
        "seller_cancel_order_reason_",
        "seller_cancel_reason_",
        "seller_cancel_",
        "seller_shipped_refund_",
        "ecom_order_delivered_refund_reason_",
        "ecom_order_unpaid_canceled_reason_",
        "ecom_order_to_ship_canceled_reason_",
        "system_cancel_order_reason_",
        "system_cancel_order_",
        "system_cancel_",
        "reverse_",
    ];
    if key.contains(' ') {
        return key.to_owned();
    }
    let rest = PREFIXES.into_iter().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key);
    let words = rest.strip_suffix("_seller").unwrap_or(rest).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn is_european(region: &Region) -> bool {
    matches!(region, Region::Germany | Region::France | Region::Italy | Region::Spain | Region::Ireland)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_by_market_and_state() {
        let on_hold = |region| seller_cancel(&region, OrderStatus::OnHold);
        assert!(!on_hold(Region::Mexico).contains(&WRONG_PRICE));
        assert!(on_hold(Region::Singapore).contains(&UNDELIVERABLE_SG));
        assert!(on_hold(Region::Japan).contains(&FRAUD_JP));
        assert!(!on_hold(Region::UnitedKingdom).contains(&CANCEL_REQUESTED));
        let us = Region::UnitedStates;
        assert!(seller_cancel(&us, OrderStatus::Unpaid).contains(&CANCEL_UNPAID_REQUESTED));
        assert!(seller_cancel(&us, OrderStatus::Delivered).is_empty());
    }

    #[test]
    fn every_key_has_a_purpose_and_a_text() {
        assert_eq!(purpose(OUT_OF_STOCK), Some(Purpose::SellerCancels));
        assert_eq!(purpose("reverse_reject_request_reason_3_uk"), Some(Purpose::SellerRejects));
        assert_eq!(purpose(PAYMENT_TIMED_OUT), Some(Purpose::NotForSellers));
        assert_eq!(purpose("because"), None);
        assert_eq!(text(OUT_OF_STOCK), "Out of stock");
        assert_eq!(text("Changed my mind"), "Changed my mind");
        assert_eq!(text(REFUND_DELIVERED[3]), "Damaged");
    }
}
