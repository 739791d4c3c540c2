//! `GET /order/{202309,202507}/orders?ids=`

use serde::Serialize;

use crate::family::order::view::{ORDER_BYTES, Orders};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::{OrderNo, World};

#[derive(Serialize)]
struct Detail<'a> {
    orders: Orders<'a>,
}

/// Up to fifty orders; ids that are no order of this shop are missing from the answer (PLATFORM.md 12 #15).
pub(crate) fn get_order_detail(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = call.shop.and_then(|shop| world.shops.get(&shop)).ok_or_else(Refusal::pairing)?;
    let mut numbers: Vec<OrderNo> = Vec::new();
    for number in
        call.call.param("ids").unwrap_or_default().split(',').filter_map(|id| id.trim().parse().ok())
    {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let orders: Vec<_> = numbers.into_iter().filter_map(|number| shop.book.get(number)).collect();
    let bytes = ORDER_BYTES * (orders.len() + 1);
    Ok(Success::new(bytes, &Detail { orders: Orders { shop, orders: &orders, switches: &world.switches } }))
}
