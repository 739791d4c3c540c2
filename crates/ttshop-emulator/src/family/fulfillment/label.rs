//! Labels bought: `shipping_services/query` and `packages` in two versions.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::fulfillment::body::{list, text_of, texts_of};
use crate::family::fulfillment::measures::{self, Grams};
use crate::family::fulfillment::refusal;
use crate::family::fulfillment::rules::{self, lines_to_ship, may_ship};
use crate::family::fulfillment::ship::arrange;
use crate::family::fulfillment::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::carrier::{LABEL_SERVICES, LabelService, PLATFORM};
use crate::world::order::{Order, ShippingType};
use crate::world::package::{Arrangement, Measures, Service, exists_after_payment};
use crate::world::{OrderNo, PackageNo, Shop, World};

const NO_SERVICE: i64 = 21_011_037;
const SERVICE_UNKNOWN: i64 = 21_004_008;
const TRADE_RULE: i64 = 21_011_012;

pub(super) fn get_eligible_shipping_services(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let order = rules::order(shop, call.path_params.get("order_id").unwrap_or_default())?;
    let lines = lines_to_ship(shop, order, &line_ids(&call.body, "order_line_list"))?;
    let measures = measures::read(&call.body)?;
    let services: Vec<Value> = services_for(measures.grams)?
        .iter()
        .map(|service| service_value(shop, service, measures.grams, true))
        .collect();
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let mut answer = measures::value(&measures.measures);
    answer["order_id"] = order.number.to_string().into();
    answer["order_line_id"] = lines.into();
    answer["shipping_services"] = services.into();
    Ok(data(&answer))
}

pub(super) fn create_packages(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let order = buyable(shop, text_of(&call.body, "order_id"))?;
    let lines = lines_to_ship(shop, order, &texts_of(&call.body, "order_line_item_ids"))?;
    let (shop, order) = (shop.number, order.number);
    let label = label(call, world)?;
    let package = world.pack_lines(shop, order, &lines, call.now).ok_or_else(refusal::status)?;
    let mut answer = buy(call, world, package, label)?;
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    answer["order_id"] = order.to_string().into();
    answer["order_line_item_ids"] = lines.into();
    Ok(data(&answer))
}

/// No source says what the ship types mean. Here 1 is a whole order, 2 some lines of an order, 3 several orders in one package,
/// which is what the fields beside it are good for.
pub(super) fn create_packages_by_type(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let body = &call.body;
    let package = match text_of(body, "ship_type") {
        "1" | "2" => {
            let order = buyable(shop, text_of(body, "order_id"))?;
            let named = list(body, "order_line_item").map(|line| text_of(line, "order_line_id"));
            let named: Vec<&str> = named.collect();
            if named.is_empty() == (text_of(body, "ship_type") == "2") {
                return Err(refusal::parameter());
            }
            let lines = lines_to_ship(shop, order, &named)?;
            let (shop, order) = (shop.number, order.number);
            label(call, world)?;
            world.pack_lines(shop, order, &lines, call.now)
        }
        "3" => {
            let ids = texts_of(body, "order_list_ids");
            let orders = ids.iter().map(|id| Ok(buyable(shop, id)?.number));
            let orders: Vec<OrderNo> = orders.collect::<Result<_, Refusal>>()?;
            let shop = shop.number;
            let fits = |group: &Vec<OrderNo>| orders.iter().all(|order| group.contains(order));
            if orders.len() < 2 || !world.combinable(shop).iter().any(fits) {
                return Err(Refusal::business(TRADE_RULE, "The orders cannot travel together."));
            }
            label(call, world)?;
            world.combine_orders(shop, &orders, call.now)
        }
        _ => return Err(refusal::parameter()),
    };
    let label = label(call, world)?;
    Ok(data(&buy(call, world, package.ok_or_else(refusal::status)?, label)?))
}

/// An order whose label the seller may buy: where labels make packages, and only if the platform ships.
fn buyable<'w>(shop: &'w Shop, id: &str) -> Result<&'w Order, Refusal> {
    if exists_after_payment(&shop.region) {
        return Err(refusal::region());
    }
    let order = rules::order(shop, id)?;
    may_ship(shop, order)?;
    if order.shipping_type == ShippingType::Seller {
        return Err(Refusal::business(TRADE_RULE, "The seller ships this order and buys no label."));
    }
    Ok(order)
}

/// A label that can be bought.
struct Label {
    service: &'static LabelService,
    measures: Option<Measures>,
    grams: Grams,
}

fn label(call: &Admitted<'_>, world: &World) -> Result<Label, Refusal> {
    shop_of(call, world)?;
    let measures = measures::read(&call.body)?;
    let id = text_of(&call.body, "shipping_service_id");
    let fitting = services_for(measures.grams)?;
    let service = match id {
        "" => fitting.first(),
        id => {
            let known = LABEL_SERVICES.iter().any(|service| service.id.to_string() == id);
            if !known {
                return Err(Refusal::business(SERVICE_UNKNOWN, "The shipping service does not exist."));
            }
            fitting.iter().find(|service| service.id.to_string() == id)
        }
    };
    let service = service.copied().ok_or_else(no_service)?;
    Ok(Label { service, measures: Some(measures.measures), grams: measures.grams })
}

fn buy(call: &Admitted<'_>, world: &mut World, package: PackageNo, label: Label) -> Result<Value, Refusal> {
    let shop = shop_of(call, world)?;
    let mut answer = label.measures.as_ref().map_or_else(|| json!({}), measures::value);
    answer["package_id"] = package.to_string().into();
    answer["create_time"] = call.now.as_seconds().into();
    answer["shipping_service_info"] = service_value(shop, label.service, label.grams, false);
    let service = Service { id: label.service.id, price: label.service.price(label.grams.0) };
    let arrangement =
        Arrangement { service: Some(service), measures: label.measures, ..Arrangement::default() };
    let shop = shop.number;
    arrange(world, shop, package, arrangement, call.now)?;
    Ok(answer)
}

fn services_for(weight: Grams) -> Result<Vec<&'static LabelService>, Refusal> {
    let fitting: Vec<_> = LABEL_SERVICES.iter().filter(|service| weight.0 <= service.grams_max).collect();
    if fitting.is_empty() { Err(no_service()) } else { Ok(fitting) }
}

fn no_service() -> Refusal {
    Refusal::business(NO_SERVICE, "No shipping service takes this weight to this address.")
}

fn service_value(shop: &Shop, service: &LabelService, weight: Grams, listed: bool) -> Value {
    let price = service.price(weight.0).text(shop.decimals());
    let mut value = json!({
        "id": service.id.to_string(),
        "name": service.name,
        "price": price,
        "currency": shop.currency(),
        "earliest_delivery_days": service.days.0,
        "latest_delivery_days": service.days.1,
        "shipping_provider_id": PLATFORM.id.to_string(),
        "shipping_provider_name": PLATFORM.name,
    });
    if listed {
        value["is_default"] = (service.id == LABEL_SERVICES[0].id).into();
        value["shipping_fee"] = value["price"].clone();
    }
    value
}

fn line_ids<'b>(body: &'b Value, newer: &str) -> Vec<&'b str> {
    let mut ids = texts_of(body, "order_line_item_ids");
    ids.extend(list(body, newer).map(|line| text_of(line, "order_line_id")));
    ids
}
