//! What a message may hold, by type.

use serde_json::Value;

use crate::family::customer_service::{code, not_found};
use crate::gateway::{Admitted, Refusal};
use crate::world::desk::Conversation;
use crate::world::promotion::CouponStatus;
use crate::world::{CouponNo, OrderNo, Shop};

/// Most characters of a text; the platform's own bound is not published.
const TEXT_LENGTH_MAX: usize = 2_000;

/// Whether `content`, which is JSON in a text, is what a message of `kind` holds.
pub(super) fn check(
    call: &Admitted<'_>,
    shop: &Shop,
    talk: &Conversation,
    kind: &str,
    content: &str,
) -> Result<(), Refusal> {
    let fields: Value = serde_json::from_str(content)
        .map_err(|_| Refusal::parameter("Invalid parameter 'content'. It must be JSON in a text."))?;
    let text = |name: &str| {
        let text = fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::parameter(format!("Invalid parameter 'content'. It needs '{name}'.")))
    };
    let order = || {
        let number = text("order_id")?.parse::<OrderNo>().ok();
        number.and_then(|number| shop.book.get(number)).ok_or_else(not_found)
    };
    match kind {
        "TEXT" => {
            if text("content")?.chars().count() > TEXT_LENGTH_MAX {
                return Err(Refusal::parameter("Invalid parameter 'content'. The text is too long."));
            }
            Ok(())
        }
        "IMAGE" | "VIDEO" => text("url").map(drop),
        "PRODUCT_CARD" => {
            let id = text("product_id")?;
            let known = shop.products.iter().any(|product| product.number.to_string() == id);
            if known { Ok(()) } else { Err(not_found()) }
        }
        "ORDER_CARD" | "LOGISTICS_CARD" => order().map(drop),
        "RETURN_REFUND_CARD" if order()?.buyer == talk.buyer => Ok(()),
        "RETURN_REFUND_CARD" => Err(Refusal::business(code::CARD, "The order is not one of this buyer.")),
        "COUPON_CARD" => {
            let number = text("coupon_id")?.parse::<CouponNo>().ok();
            let coupon = number.and_then(|number| shop.promotions.coupons.get(&number));
            if coupon.is_some_and(|coupon| coupon.status(call.now) == CouponStatus::Ongoing) {
                Ok(())
            } else {
                Err(Refusal::business(code::COUPON, "The coupon cannot be sent now."))
            }
        }
        _ => Err(Refusal::business(code::UNSUPPORTED, "The message type is not supported.")),
    }
}
