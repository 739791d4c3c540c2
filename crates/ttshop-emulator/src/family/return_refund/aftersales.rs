//! `POST /return_refund/202603/aftersales/search`, and how after-sales bodies ask for pages.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::page::{Wanted, page};
use crate::family::return_refund::lines::BAD_PARAMETER;
use crate::family::return_refund::once::shop;
use crate::family::return_refund::returns::Filter;
use crate::family::return_refund::rma::rma_view;
use crate::family::return_refund::view::{Edition, find, return_view};
use crate::gateway::{Admitted, Refusal, Success};
use crate::switches::Switches;
use crate::world::aftersale::{AftersaleRequest, ReturnCase};
use crate::world::{ReturnNo, Shop, World};
use ttshop_types::Timestamp;

const PAGE_SIZE_DEFAULT: usize = 20;

pub(super) fn search_aftersales_requests(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let filters = &call.body["filters"];
    let filter = Filter::of(filters);
    let fits = |request: &&AftersaleRequest| {
        let cases = || cases(shop, &request.returns);
        times_fit(filters, request.created, request.updated)
            && filter.has("aftersales_request_ids", || request.number.to_string())
            && filter.has("aftersales_request_statuses", || {
                shop.aftersales.request_status(request.number).map_or("", |status| status.as_str()).into()
            })
            && filter.has("main_order_ids", || request.order.to_string())
            && filter.has("buyer_ids", || {
                shop.book.get(request.order).map(|order| order.buyer.to_string()).unwrap_or_default()
            })
            && cases().any(|case| filter.has("return_types", || case.kind.as_str().into()))
    };
    let (wanted, by_update) = wanted(&call.body)?;
    let requests = shop.aftersales.requests.values().filter(fits);
    let rows = requests
        .map(|it| ((if by_update { it.updated } else { it.created }.as_seconds(), it.number.0), it))
        .collect();
    let page = page(rows, wanted, &search_text("aftersales", &call.body), call, world)?;
    let shown: Vec<Value> =
        page.rows.iter().map(|it| request_view(shop, it, &call.body, &world.switches)).collect();
    let answer =
        json!({ "aftersales_requests": shown, "total_count": page.total, "next_page_token": page.next });
    Ok(data(&answer))
}

fn request_view(shop: &Shop, request: &AftersaleRequest, body: &Value, switches: &Switches) -> Value {
    let mut view = json!({
        "id": request.number.to_string(),
        "status": shop.aftersales.request_status(request.number).map(|status| status.as_str()),
    });
    if shows(body, "LINE_ITEMS") {
        view["line_items"] = line_items(shop, &request.returns);
    }
    if shows(body, "SKU_RETURN_REQUESTS") {
        let views = cases(shop, &request.returns);
        view["sku_return_requests"] =
            views.map(|case| return_view(shop, case, switches, Edition::Nested)).collect::<Vec<_>>().into();
    }
    if shows(body, "RETURN_MERCHANDISE_AUTHORIZATIONS") {
        let rmas = shop.aftersales.rmas.values().filter(|rma| rma.request == request.number);
        view["return_merchandise_authorizations"] =
            rmas.map(|rma| rma_view(shop, rma)).collect::<Vec<_>>().into();
    }
    view
}

/// Whether the parts that a caller wants to see include this one; without a list all are shown.
pub(super) fn shows(body: &Value, part: &str) -> bool {
    let list = body["whitelisted_data_fields"].as_array().filter(|list| !list.is_empty());
    list.is_none_or(|list| list.iter().any(|wanted| wanted.as_str() == Some(part)))
}

pub(super) fn cases<'a>(shop: &'a Shop, numbers: &'a [ReturnNo]) -> impl Iterator<Item = &'a ReturnCase> {
    numbers.iter().filter_map(|number| shop.aftersales.returns.get(number))
}

pub(super) fn line_items(shop: &Shop, numbers: &[ReturnNo]) -> Value {
    let item = |case: &ReturnCase| {
        let order = shop.book.get(case.order);
        case.lines
            .iter()
            .map(|line| {
                json!({
                    "return_line_item_id": line.number.to_string(),
                    "sku_id": find(order, line).map(|line| shop.sku(line.product, line.sku).number.to_string()),
                    "main_order_id": case.order.to_string(),
                    "sku_return_request_id": case.number.to_string(),
                })
            })
            .collect::<Vec<_>>()
    };
    cases(shop, numbers).flat_map(item).collect::<Vec<_>>().into()
}

/// Lower bounds are inclusive, upper ones exclusive.
pub(super) fn times_fit(filters: &Value, created: Timestamp, updated: Timestamp) -> bool {
    let fits = |time: Timestamp, name: &str| {
        let bounds = &filters["time"][name];
        bounds["min_unix_time_inclusive"].as_i64().is_none_or(|from| time.as_seconds() >= from)
            && bounds["max_unix_time_exclusive"].as_i64().is_none_or(|until| time.as_seconds() < until)
    };
    fits(created, "create_time") && fits(updated, "update_time")
}

/// The page that a body asks for, and whether it is sorted by the last update. Nothing said means newest last, like the
/// older searches.
pub(super) fn wanted(body: &Value) -> Result<(Wanted<'_>, bool), Refusal> {
    let unknown = |name: &str| Refusal::business(BAD_PARAMETER, format!("The {name} is unknown."));
    let descending = match body["sort"]["sort_order"].as_str() {
        None | Some("ASC") => false,
        Some("DESC") => true,
        Some(_) => return Err(unknown("sort order")),
    };
    let by_update = match body["sort"]["sort_field"].as_str() {
        None | Some("CREATE_TIME") => false,
        Some("UPDATE_TIME") => true,
        Some(_) => return Err(unknown("sort field")),
    };
    let size = body["pagination"]["page_size"].as_u64().and_then(|size| usize::try_from(size).ok());
    let token = body["pagination"]["page_token"].as_str().filter(|token| !token.is_empty());
    let size = size.filter(|size| *size > 0).unwrap_or(PAGE_SIZE_DEFAULT);
    Ok((Wanted { size, token, descending }, by_update))
}

/// What is searched for: the body without its page.
pub(super) fn search_text(what: &str, body: &Value) -> String {
    format!("{what}|{}|{}", body["filters"], body["sort"])
}
