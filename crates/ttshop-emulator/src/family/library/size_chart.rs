//! Size charts.

use serde_json::{Value, json};
use ttshop_types::Region;

use crate::family::category;
use crate::family::fit::fitted;
use crate::family::library::seller_of;
use crate::family::listing::page;
use crate::family::{data, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::category::{Category, CategoryVersion, Trade};
use crate::world::library::{ChartMode, SizeChart};

/// The size chart does not exist.
const NOT_FOUND: i64 = 12_052_128;

/// `POST /product/202610/size_charts`
pub(super) fn create_size_chart(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let category = text("category_id");
    let known = Category::find_any(category);
    let known = known.map_or_else(|| category::leaf(category, CategoryVersion::V2), Ok)?;
    if known.trade != Some(Trade::Apparel) {
        return Err(invalid("category_id", "the category takes no size chart"));
    }
    let mode = ChartMode::parse(text("size_chart_mode"));
    let mode = mode.ok_or_else(|| invalid("size_chart_mode", "PRODUCT_SCOPED or REUSABLE_TEMPLATE"))?;
    if mode == ChartMode::ReusableTemplate && text("template_name").is_empty() {
        return Err(Refusal::parameter("template_name is a required field"));
    }
    let locale = locale_of(&shop_of(call, world)?.region);
    let table = table(&call.body)?;
    let library = &mut seller_of(call, world)?.library;
    let number = library.mint();
    let chart = SizeChart {
        number,
        name: text("template_name").into(),
        category: category.into(),
        locale: locale.into(),
        mode,
        data: table,
    };
    library.size_charts.insert(number, chart);
    Ok(data(&json!({ "size_chart_id": number.to_string() })))
}

/// `POST /product/202610/size_charts/edit`
pub(super) fn edit_size_chart(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let table = table(&call.body)?;
    let id = text("size_chart_id");
    let charts = &mut seller_of(call, world)?.library.size_charts;
    let chart = id.parse().ok().and_then(|number| charts.get_mut(&number));
    let chart =
        chart.ok_or_else(|| Refusal::business(NOT_FOUND, format!("The size chart {id} does not exist.")))?;
    chart.data = table;
    if !text("template_name").is_empty() {
        chart.name = text("template_name").into();
    }
    Ok(data(&json!({ "size_chart_id": id })))
}

/// `POST /product/202407/sizecharts/search`
pub(super) fn search_size_charts(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = seller_of(call, world)?.number;
    let charts = world.sellers.get(&number).map(|seller| &seller.library.size_charts);
    let ids = call.body.get("ids").and_then(Value::as_array).filter(|ids| !ids.is_empty());
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let keyword = text("keyword").to_lowercase();
    let mode = text("size_chart_mode");
    let locales: Vec<&str> = call.call.param("locales").into_iter().flat_map(|it| it.split(',')).collect();
    let rows = charts.into_iter().flat_map(|charts| charts.values().rev());
    let rows = rows
        .filter(|chart| ids.is_none_or(|ids| ids.contains(&chart.number.to_string().into())))
        .filter(|chart| mode.is_empty() || mode == chart.mode.as_str())
        .filter(|chart| locales.is_empty() || locales.contains(&chart.locale.as_str()))
        .filter(|chart| chart.name.to_lowercase().contains(&keyword));
    let rows: Vec<_> = rows.map(row).collect();
    let page = page(call, world, rows)?;
    let answer = json!({ "size_chart": page.rows, "total_count": page.total, "next_page_token": page.next });
    Ok(fitted(call, answer))
}

fn row(chart: &SizeChart) -> Value {
    json!({
        "template_id": chart.number.to_string(),
        "template_name": chart.name,
        "images": [],
        "related_category_ids": [chart.category],
        "size_chart_datas": [{ "locale": chart.locale, "size_chart_data": chart.data }],
        "size_chart_mode": chart.mode.as_str(),
    })
}

/// Every row has a cell for every header.
fn table(body: &Value) -> Result<Value, Refusal> {
    let data = body.get("size_chart_data").cloned().unwrap_or_default();
    let length = |list: Option<&Value>| list.and_then(Value::as_array).map_or(0, Vec::len);
    let headers = length(data.pointer("/table/headers"));
    let rows = data.pointer("/table/rows").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_whole =
        headers > 0 && !rows.is_empty() && rows.iter().all(|row| length(row.get("cells")) == headers);
    if is_whole { Ok(data) } else { Err(invalid("table", "a cell in every row for every header")) }
}

fn invalid(name: &str, expected: &str) -> Refusal {
    Refusal::parameter(format!("Invalid parameter '{name}': {expected}."))
}

/// The language of a market.
fn locale_of(region: &Region) -> &'static str {
    match region.code() {
        "GB" => "en-GB",
        "IE" => "en-IE",
        "DE" => "de-DE",
        "FR" => "fr-FR",
        "ES" => "es-ES",
        "IT" => "it-IT",
        "ID" => "id-ID",
        "MY" => "ms-MY",
        "TH" => "th-TH",
        "VN" => "vi-VN",
        "JP" => "ja-JP",
        "MX" => "es-MX",
        "BR" => "pt-BR",
        _ => "en-US",
    }
}
