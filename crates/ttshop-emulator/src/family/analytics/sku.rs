//! Variants.

use serde_json::{Value, json};

use crate::family::analytics::NO_PRODUCT;
use crate::family::analytics::figure::{Purse, sales, with};
use crate::family::analytics::table::{Row, answer, sorted};
use crate::family::analytics::window::Window;
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::sales::{Channel, Fact, Measures, Traffic, facts};
use crate::world::{Shop, World};

/// Every variant of the shop, or of the products that are asked for.
pub(super) fn get_sku_list(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let (purse, (from, until)) = (Purse::of(call, shop), window.known());
    let facts = facts(shop, from, until);
    let products: Vec<&str> = ["product_id", "product_ids"]
        .iter()
        .filter_map(|name| call.call.param(name))
        .flat_map(|ids| ids.split(',').map(|id| id.trim_matches(['[', ']', '"', ' '])))
        .collect();
    let mut rows = Vec::new();
    for (place, product) in (0_u16..).zip(&shop.products) {
        let id = product.number.to_string();
        if !products.is_empty() && !products.contains(&id.as_str()) {
            continue;
        }
        for (sku, of_product) in (0_u16..).zip(&product.skus) {
            let sum = Measures::of(&facts, |fact| is(fact, place, sku));
            rows.push(Row { subject: (of_product.number, product.number), sum, seen: Traffic::default() });
        }
    }
    let page = sorted(call, world, rows)?;
    let shown = answer(&page, "skus", window.latest, |row| {
        let (sku, product) = row.subject;
        with(sales(purse, &row.sum), json!({ "id": sku.to_string(), "product_id": product.to_string() }))
    });
    Ok(fitted(call, shown))
}

pub(super) fn get_sku_detail(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let window = Window::of(call, shop)?;
    let place = call.path_params.get("sku_id").and_then(|id| shop.place_of_sku(id.parse().ok()?));
    let (product, sku) = place.ok_or_else(|| Refusal::business(NO_PRODUCT, "No data of the SKU."))?;
    let purse = Purse::of(call, shop);
    let show = |window: Window| -> Vec<Value> {
        let intervals = window.intervals(call).into_iter();
        intervals.map(|interval| view(shop, purse, interval, (product, sku))).collect()
    };
    let mut performance = json!({
        "product_id": shop.product(product).number.to_string(),
        "sku_id": shop.sku(product, sku).number.to_string(),
        "intervals": show(window),
    });
    if let Some(before) = window.before(call) {
        performance["comparison_intervals"] = show(before).into();
    }
    Ok(fitted(
        call,
        json!({ "latest_available_date": window.latest.to_string(), "performance": performance }),
    ))
}

fn view(shop: &Shop, purse: Purse, window: Window, (product, sku): (u16, u16)) -> Value {
    let (from, until) = window.known();
    let facts = facts(shop, from, until);
    let sum = Measures::of(&facts, |fact| is(fact, product, sku));
    let each = Channel::ALL.map(|channel| {
        (channel, Measures::of(&facts, |fact| is(fact, product, sku) && fact.channel == channel))
    });
    let list = |show: &dyn Fn(&Measures) -> Value| -> Vec<Value> {
        each.iter().map(|(channel, sum)| with(show(sum), json!({ "type": channel }))).collect()
    };
    let (gmv, units) = (list(&|sum| purse.show(sum.gmv)), list(&|sum| json!({ "amount": sum.units })));
    with(
        sales(purse, &sum),
        json!({
            "start_date": window.from.to_string(),
            "end_date": window.until.to_string(),
            "gmv_breakdown": gmv,
            "units_sold_breakdown": units,
            "items_sold_breakdown": units,
        }),
    )
}

fn is(fact: &Fact<'_>, product: u16, sku: u16) -> bool {
    fact.line.product == product && fact.line.sku == sku
}
