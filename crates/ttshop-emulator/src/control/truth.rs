//! What is true, for comparing mirrors with.

use crate::control::reply::shop_of;
use crate::control::{ControlError, ControlRequest, Reply};
use crate::family::full_order;
use crate::platform::Platform;
use crate::world::ShopNo;
use crate::world::time_index::Key;

/// How many orders are written at a time; in between the world is free.
const ORDERS_PER_CHUNK: usize = 256;

/// `GET truth/orders?shop_id=&summary=`
pub(super) fn orders(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let shop = shop_of(&request.param("shop_id").unwrap_or_default(), &platform.world())?;
    let summary = request.param("summary").is_some_and(|summary| summary == "true");
    Ok(Reply::Truth { shop, summary })
}

/// The next orders after `after`, one JSON object a line, and where to go on.
pub(crate) fn truth_chunk(
    platform: &Platform,
    shop: ShopNo,
    summary: bool,
    after: Option<Key>,
) -> Option<(Vec<u8>, Key)> {
    let world = platform.world();
    let shop = world.shops.get(&shop)?;
    let (mut chunk, mut last) = (Vec::new(), None);
    for (key, order) in shop.book.walk(after, ORDERS_PER_CHUNK) {
        let mut line = serde_json::json!({
            "id": order.number.to_string(),
            "status": order.status.as_str(),
            "update_time": order.updated.as_seconds(),
            "create_time": order.created.as_seconds(),
        });
        if !summary {
            line["order"] = full_order(shop, order, &world.switches);
        }
        serde_json::to_writer(&mut chunk, &line).expect("writing to memory does not fail");
        chunk.push(b'\n');
        last = Some(key);
    }
    Some((chunk, last?))
}
