//! What sellers do in Seller Center and the platform does by itself: coupons, and stopping activities.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use ttshop_types::Timestamp;

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::money::Minor;
use crate::platform::Platform;
use crate::world::promotion::{ActivityStatus, Coupon, CouponDiscount};
use crate::world::{ActivityNo, CouponNo, ProductNo};

/// How long a coupon lasts unless something else is said.
const LIFE: Duration = Duration::from_secs(30 * 86_400);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCoupon {
    shop_id: String,
    title: String,
    #[serde(default = "regular")]
    display_type: String,
    /// Seconds since 1970; now if missing.
    begin_time: Option<i64>,
    end_time: Option<i64>,
    promo_code: Option<String>,
    /// Either this or `percent_off`.
    amount_off: Option<String>,
    percent_off: Option<u8>,
    min_spend: Option<String>,
    /// The whole shop if missing.
    product_ids: Option<Vec<String>>,
    #[serde(default = "claims")]
    total_claim_limit: u32,
}

fn regular() -> String {
    "REGULAR".into()
}

fn claims() -> u32 {
    1_000
}

/// `POST promotions/coupons`
pub(super) fn add_coupon(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: NewCoupon = request.json()?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_of(&wanted.shop_id, &world)?;
    let shop = world.shops.get_mut(&shop).ok_or(ControlError::NotFound("shop"))?;
    let decimals = shop.decimals();
    let amount = |text: &String| {
        Minor::parse(text, decimals).ok_or_else(|| ControlError::Invalid(format!("`{text}` is no amount")))
    };
    let discount = match (&wanted.amount_off, wanted.percent_off) {
        (Some(off), None) => CouponDiscount::Amount(amount(off)?),
        (None, Some(percent)) if (1..100).contains(&percent) => CouponDiscount::Percent(percent),
        _ => {
            let remedy = "give either `amount_off` or `percent_off`, which is between 1 and 99";
            return Err(ControlError::Invalid(remedy.into()));
        }
    };
    let known = |id: &String| {
        let number = id.parse::<ProductNo>().ok();
        let found = shop.products.iter().find(|product| Some(product.number) == number);
        found.map(|product| product.number).ok_or(ControlError::NotFound("product"))
    };
    let products = wanted.product_ids.as_ref().map(|ids| ids.iter().map(known).collect()).transpose()?;
    let begin = wanted.begin_time.map_or(now, Timestamp::from_seconds);
    let min_spend = wanted.min_spend.as_ref().map(amount).transpose()?;
    let number = CouponNo(shop.chance.mint.thing(&mut shop.chance.dice));
    let coupon = Coupon {
        number,
        title: wanted.title,
        display_type: wanted.display_type,
        begin,
        end: wanted.end_time.map_or(begin + LIFE, Timestamp::from_seconds),
        promo_code: wanted.promo_code,
        discount,
        min_spend,
        products,
        total_claim_limit: wanted.total_claim_limit,
        deactivated: false,
        created: now,
        updated: now,
    };
    shop.promotions.coupons.insert(number, coupon);
    ok(&json!({ "coupon_id": number.to_string() }))
}

/// `POST promotions/coupons/{id}/deactivate`
pub(super) fn deactivate_coupon(coupon: &str, platform: &Platform) -> Result<Reply, ControlError> {
    let now = platform.now();
    let mut world = platform.world();
    let number = coupon.parse::<CouponNo>().map_err(|_| ControlError::NotFound("coupon"))?;
    let mut shops = world.shops.values_mut();
    let found = shops.find_map(|shop| shop.promotions.coupons.get_mut(&number));
    let coupon = found.ok_or(ControlError::NotFound("coupon"))?;
    (coupon.deactivated, coupon.updated) = (true, now);
    ok(&json!({ "coupon_id": number.to_string(), "status": coupon.status(now) }))
}

/// `POST promotions/activities/{id}/stop`: the platform makes it NOT_EFFECTIVE.
pub(super) fn stop_activity(activity: &str, platform: &Platform) -> Result<Reply, ControlError> {
    let now = platform.now();
    let mut world = platform.world();
    let number = activity.parse::<ActivityNo>().map_err(|_| ControlError::NotFound("activity"))?;
    let mut shops = world.shops.values_mut();
    let found = shops.find_map(|shop| shop.promotions.activities.get_mut(&number));
    let activity = found.ok_or(ControlError::NotFound("activity"))?;
    if activity.status.is_over() {
        return Err(ControlError::Conflict("the activity is over already".into()));
    }
    (activity.status, activity.updated) = (ActivityStatus::NotEffective, now);
    ok(&json!({ "activity_id": number.to_string(), "status": activity.status }))
}
