//! `data` of type 4 (PLATFORM.md 7.4).

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::world::order::Actor;
use crate::world::package::Package;

/// How packages were cut or joined: `sc_type`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PackageChange {
    /// Several orders go into one.
    Combine,
    /// Orders go back into packages of their own.
    Uncombine,
    /// An order goes into several.
    Split,
    /// A buyer of a combined package moved.
    AddressChanged,
    /// An order of a combined package was cancelled.
    OrderCancelled,
    /// Some lines of an order were cancelled.
    LinesCancelled,
}

impl PackageChange {
    fn as_str(self) -> &'static str {
        match self {
            Self::Combine => "COMBINE",
            Self::Uncombine => "CANCEL_COMBINE",
            Self::Split => "SPLIT",
            Self::AddressChanged => "ADDRESS_UPDATE_SPLIT",
            Self::OrderCancelled => "CANCEL_FULFILL_SPLIT",
            Self::LinesCancelled => "PARTLY_CANCEL_SPLIT",
        }
    }
}

/// The packages as they are after the change.
pub(crate) fn package_update(
    change: PackageChange,
    by: Actor,
    packages: &[&Package],
    now: Timestamp,
) -> Value {
    let role = match by {
        Actor::Buyer => "ROLE_USER",
        Actor::Seller => "ROLE_SELLER",
        Actor::System => "ROLE_SYSTEM",
    };
    let list: Vec<Value> = packages
        .iter()
        .map(|package| {
            let orders: Vec<String> = package.orders.iter().map(ToString::to_string).collect();
            json!({ "package_id": package.number.to_string(), "order_id_list": orders })
        })
        .collect();
    json!({
        "sc_type": change.as_str(),
        "role_type": role,
        "package_list": list,
        "update_time": now.as_seconds(),
    })
}
