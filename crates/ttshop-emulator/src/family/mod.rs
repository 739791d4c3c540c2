//! What the emulated operations do, family by family.

mod affiliate_seller;
mod analytics;
mod authorization;
mod category;
mod check;
mod customer_service;
mod event;
mod fbt;
mod finance;
mod fit;
mod fulfillment;
mod global;
mod library;
mod listing;
mod logistics;
mod order;
mod page;
mod product;
mod promotion;
mod return_refund;
mod seller;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;
use ttshop_catalogue::{Method, Operation};

use crate::gateway::{Admitted, Refusal, Success};
use crate::world::{Shop, World};

pub(crate) use event::address_is_acceptable;
pub(crate) use fulfillment::{DOCUMENTS, package_value, serve_document};
pub(crate) use order::full_order;
pub(crate) use product::full_product;
pub(crate) use return_refund::{Edition, cancellation_view, return_view};

/// Carries out an admitted call.
pub(crate) type Handler = fn(&Admitted<'_>, &mut World) -> Result<Success, Refusal>;

/// Operations of one family that are emulated with state.
type Handlers = &'static [(Method, &'static str, Handler)];

/// Every operation that is emulated with state.
#[rustfmt::skip]
const HANDLERS: &[Handlers] = &[
    affiliate_seller::HANDLERS,
    analytics::HANDLERS,
    authorization::HANDLERS,
    category::HANDLERS,
    customer_service::HANDLERS,
    event::HANDLERS,
    fbt::HANDLERS,
    finance::HANDLERS,
    fulfillment::HANDLERS,
    global::HANDLERS,
    library::HANDLERS,
    logistics::HANDLERS,
    order::HANDLERS,
    product::HANDLERS,
    promotion::HANDLERS,
    return_refund::HANDLERS,
    seller::HANDLERS,
];

/// How an operation is carried out, if it is emulated.
pub(crate) fn handler(operation: &Operation) -> Option<Handler> {
    static BY_ROUTE: LazyLock<HashMap<(Method, &str), Handler>> = LazyLock::new(|| {
        HANDLERS
            .iter()
            .copied()
            .flatten()
            .map(|(method, path, handler)| ((*method, *path), *handler))
            .collect()
    });
    BY_ROUTE.get(&(operation.method, operation.path)).copied()
}

/// An answer that holds `value`.
fn data(value: &impl Serialize) -> Success {
    Success::new(SMALL_ANSWER_BYTES, value)
}

/// The answer to a call without a result (PLATFORM.md 12 #7).
fn nothing() -> Success {
    data(&serde_json::json!({}))
}

/// The shop that a call is for.
fn shop_of<'w>(call: &Admitted<'_>, world: &'w World) -> Result<&'w Shop, Refusal> {
    let shop = call.shop.ok_or_else(Refusal::cipher_missing)?;
    world.shops.get(&shop).ok_or_else(Refusal::pairing)
}

/// The same to change it.
fn shop_mut<'w>(call: &Admitted<'_>, world: &'w mut World) -> Result<&'w mut Shop, Refusal> {
    let shop = call.shop.ok_or_else(Refusal::cipher_missing)?;
    world.shops.get_mut(&shop).ok_or_else(Refusal::pairing)
}

/// Room for an answer that is no list.
const SMALL_ANSWER_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operation_has_two_handlers() {
        let mut seen = std::collections::HashSet::new();
        let all = HANDLERS.iter().copied().flatten();
        for (method, path, _) in all {
            assert!(seen.insert((*method, *path)), "{method} {path}");
        }
    }

    #[test]
    fn every_handler_belongs_to_an_operation() {
        for (method, path, _) in HANDLERS.iter().copied().flatten() {
            let known = ttshop_catalogue::OPERATIONS
                .iter()
                .any(|known| known.method == *method && known.path == *path);
            assert!(known, "{method} {path}");
        }
    }
}
