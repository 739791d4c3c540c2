//! What the emulated operations do, family by family.

mod authorization;
mod event;
mod order;
mod seller;

use serde::Serialize;
use ttshop_catalogue::{Method, Operation};

use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

pub(crate) use event::address_is_acceptable;
pub(crate) use order::full_order;

/// Carries out an admitted call.
pub(crate) type Handler = fn(&Admitted<'_>, &mut World) -> Result<Success, Refusal>;

/// Every operation that is emulated with state.
const HANDLERS: &[(Method, &str, Handler)] = &[
    (Method::Get, "/authorization/202309/shops", authorization::get_authorized_shops),
    (Method::Delete, "/authorization/202403/shops", authorization::deauthorize_shop),
    (Method::Get, "/authorization/202405/category_assets", authorization::get_authorized_category_assets),
    (Method::Get, "/seller/202309/shops", seller::get_active_shops),
    (Method::Get, "/seller/202309/permissions", seller::get_global_product_permission),
    (Method::Get, "/seller/202508/status", seller::get_seller_status),
    (Method::Get, "/event/202309/webhooks", event::get_shop_webhooks),
    (Method::Put, "/event/202309/webhooks", event::update_shop_webhook),
    (Method::Delete, "/event/202309/webhooks", event::delete_shop_webhook),
    (Method::Post, "/order/202309/orders/search", order::search_orders),
    (Method::Get, "/order/202309/orders", order::get_order_detail),
    (Method::Get, "/order/202507/orders", order::get_order_detail),
    (Method::Get, "/order/202407/orders/{order_id}/price_detail", order::get_order_price_details),
];

/// How an operation is carried out, if it is emulated.
pub(crate) fn handler(operation: &Operation) -> Option<Handler> {
    let same =
        |(method, path, _): &&(Method, &str, Handler)| *path == operation.path && *method == operation.method;
    HANDLERS.iter().find(same).map(|(_, _, handler)| *handler)
}

/// An answer that holds `value`.
fn data(value: &impl Serialize) -> Success {
    Success::new(SMALL_ANSWER_BYTES, value)
}

/// The answer to a call without a result (PLATFORM.md 12 #7).
fn nothing() -> Success {
    data(&serde_json::json!({}))
}

/// Room for an answer that is no list.
const SMALL_ANSWER_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_handler_belongs_to_an_operation() {
        for (method, path, _) in HANDLERS {
            let known = ttshop_catalogue::OPERATIONS
                .iter()
                .any(|known| known.method == *method && known.path == *path);
            assert!(known, "{method} {path}");
        }
    }
}
