//! `POST /fulfillment/{202309,202610}/orders/{order_id}/packages`: the seller has shipped by a carrier of its own.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::fulfillment::body::{list, texts_of};
use crate::family::fulfillment::refusal;
use crate::family::fulfillment::rules::{self, carrier_fits, lines_to_ship, may_ship, own_carrier};
use crate::family::fulfillment::ship::arrange;
use crate::family::fulfillment::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::package::{Arrangement, may_be_marked_as_shipped};

/// What a call names, in the words of its version.
struct Wish<'b> {
    provider: &'b str,
    tracking_number: &'b str,
    lines: Vec<&'b str>,
}

pub(super) fn mark_package_as_shipped(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut lines = texts_of(&call.body, "order_line_item_ids");
    lines.extend(line_ids(&call.body));
    let wish =
        Wish { provider: text("shipping_provider_id"), tracking_number: text("tracking_number"), lines };
    mark(call, world, &wish)
}

/// The newer version takes several parcels for one package; the first one is the one that is tracked.
pub(super) fn mark_package_as_shipped_by_list(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let info = list(&call.body, "shipping_info_list").next().ok_or_else(refusal::parameter)?;
    let text = |name: &str| info.get(name).and_then(Value::as_str).unwrap_or_default();
    let wish = Wish {
        provider: text("shipping_provider_id"),
        tracking_number: text("tracking_number"),
        lines: line_ids(&call.body),
    };
    mark(call, world, &wish)
}

fn line_ids(body: &Value) -> Vec<&str> {
    list(body, "order_line_list").filter_map(|line| line.get("order_line_id")?.as_str()).collect()
}

fn mark(call: &Admitted<'_>, world: &mut World, wish: &Wish<'_>) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    if !may_be_marked_as_shipped(&shop.region) {
        return Err(refusal::region());
    }
    let order = rules::order(shop, call.path_params.get("order_id").unwrap_or_default())?;
    may_ship(shop, order)?;
    carrier_fits(order, true)?;
    let lines = lines_to_ship(shop, order, &wish.lines)?;
    let own = own_carrier(shop, wish.provider, wish.tracking_number, None, &world.switches)?;
    let again = shop.packages.uses_of(wish.tracking_number) > 0;
    let (shop, order) = (shop.number, order.number);
    let package = world.pack_lines(shop, order, &lines, call.now).ok_or_else(refusal::status)?;
    arrange(world, shop, package, Arrangement { own: Some(own), ..Arrangement::default() }, call.now)?;
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let mut answer = json!({
        "order_id": order.to_string(),
        "order_line_item_ids": lines,
        "package_id": package.to_string(),
    });
    if again {
        answer["warning"] = json!({ "message": "The tracking number is used by another package as well." });
    }
    Ok(data(&answer))
}
