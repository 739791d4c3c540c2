//! Warehouses, delivery options, carriers.

mod provider;

use ttshop_catalogue::Method;

use crate::family::Handlers;
use crate::family::fulfillment::get_logistics_tracking;
use provider::get_shipping_providers;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (
        Method::Get,
        "/logistics/202309/delivery_options/{delivery_option_id}/shipping_providers",
        get_shipping_providers,
    ),
    (Method::Get, "/logistics/202604/orders/{order_id}/tracking", get_logistics_tracking),
];
