//! `GET /order/{202309,202507}/orders?ids=`

use serde::Serialize;

use crate::family::data;
use crate::family::order::view::{OrderView, view};
use crate::gateway::{Admitted, Refusal};
use crate::world::{OrderNo, World};

#[derive(Serialize)]
struct Detail<'a> {
    orders: Vec<OrderView<'a>>,
}

/// Up to fifty orders; ids that are no order of this shop are missing from the answer (PLATFORM.md 12 #15).
pub(crate) fn get_order_detail(call: &Admitted<'_>, world: &mut World) -> Result<Vec<u8>, Refusal> {
    let shop = call.shop.and_then(|shop| world.shops.get(&shop)).ok_or_else(Refusal::pairing)?;
    let mut numbers: Vec<OrderNo> = Vec::new();
    for number in
        call.call.param("ids").unwrap_or_default().split(',').filter_map(|id| id.trim().parse().ok())
    {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let orders = numbers.into_iter().filter_map(|number| shop.book.get(number));
    let switches = &world.switches;
    Ok(data(&Detail { orders: orders.map(|order| view(shop, order, switches)).collect() }))
}
