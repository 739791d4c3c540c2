//! `POST /return_refund/202604/rma/search`

use serde_json::{Value, json};

use crate::family::data;
use crate::family::page::page;
use crate::family::return_refund::aftersales::{cases, line_items, search_text, shows, times_fit, wanted};
use crate::family::return_refund::once::shop;
use crate::family::return_refund::returns::Filter;
use crate::family::return_refund::view::{Edition, return_view};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::aftersale::Rma;
use crate::world::{Shop, World};

pub(super) fn search_rmas(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let filters = &call.body["filters"];
    let filter = Filter::of(filters);
    let order = |rma: &Rma| {
        let request = shop.aftersales.requests.get(&rma.request);
        request.map(|request| request.order.to_string()).unwrap_or_default()
    };
    let fits = |rma: &&Rma| {
        times_fit(filters, rma.created, rma.updated)
            && filter.has("rma_ids", || rma.number.to_string())
            && filter.has("package_ids", || rma.package.to_string())
            && filter.has("statuses", || status(shop, rma).into())
            && filter.has("aftersales_request_ids", || rma.request.to_string())
            && filter.has("main_order_ids", || order(rma))
    };
    let (wanted, by_update) = wanted(&call.body)?;
    let rows = shop
        .aftersales
        .rmas
        .values()
        .filter(fits)
        .map(|it| ((if by_update { it.updated } else { it.created }.as_seconds(), it.number.0), it))
        .collect();
    let page = page(rows, wanted, &search_text("rma", &call.body), call, world)?;
    let view = |rma: &&Rma| {
        let mut view = rma_view(shop, rma);
        if !shows(&call.body, "LINE_ITEMS")
            && let Some(fields) = view.as_object_mut()
        {
            fields.remove("line_items");
        }
        if shows(&call.body, "SKU_RETURN_REQUESTS") {
            let views = cases(shop, &rma.returns);
            let views = views.map(|case| return_view(shop, case, &world.switches, Edition::Nested));
            view["sku_return_requests"] = views.collect::<Vec<_>>().into();
        }
        view
    };
    let shown: Vec<Value> = page.rows.iter().map(view).collect();
    let answer = json!({
        "return_merchandise_authorizations": shown,
        "total_count": page.total,
        "next_page_token": page.next,
    });
    Ok(data(&answer))
}

pub(super) fn rma_view(shop: &Shop, rma: &Rma) -> Value {
    json!({
        "id": rma.number.to_string(),
        "package_id": rma.package.to_string(),
        "aftersales_request_id": rma.request.to_string(),
        "status": status(shop, rma),
        "line_items": line_items(shop, &rma.returns),
    })
}

fn status(shop: &Shop, rma: &Rma) -> &'static str {
    shop.aftersales.rma_status(rma.number).map_or("", |status| status.as_str())
}
