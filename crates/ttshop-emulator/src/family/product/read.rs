//! `GET /product/202309/products/{product_id}`

use crate::family::fit::fitted;
use crate::family::product::view::{detail, of_version};
use crate::family::product::{named, shop};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

/// There is no version under review.
const NOT_UNDER_REVIEW: i64 = 12_052_547;

pub(super) fn get_product(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let asks = |name| call.call.param(name) == Some("true");
    let (shop, product) = (shop(call, world)?, named(call, world)?);
    let shown = if asks("return_under_review_version") {
        let version = product.under_review.as_deref();
        let version = version.ok_or_else(|| {
            Refusal::business(
                NOT_UNDER_REVIEW,
                "The product has no version under review: leave the parameter out.",
            )
        })?;
        of_version(shop, product, version)
    } else if let Some(draft) = product.draft.as_deref().filter(|_| asks("return_draft_version")) {
        of_version(shop, product, draft)
    } else {
        detail(shop, product)
    };
    Ok(fitted(call, shown))
}
