//! `GET /fulfillment/202309/packages/{package_id}/shipping_documents`, and what its `doc_url` serves.

use std::time::Duration;

use serde_json::json;
use ttshop_types::{Region, Timestamp};

use crate::dice::{hash, scatter};
use crate::document::{Label, pdf, png, zpl};
use crate::family::data;
use crate::family::fulfillment::view::{lines_in, tracking_number};
use crate::family::fulfillment::{package_of, refusal, shop_of};
use crate::family::order::shown_recipient;
use crate::gateway::{Admitted, Answer, Refusal, Success};
use crate::world::carrier::PLATFORM;
use crate::world::order::Order;
use crate::world::package::{Package, PackageStatus};
use crate::world::{PackageNo, Shop, World};

const BY_TIKTOK: i64 = 21_008_043;
const NOT_TIKTOK_SHIPPING: i64 = 21_008_017;
const NOT_ARRANGED: i64 = 21_042_104;
const PICKED_UP: i64 = 21_042_102;
const CANCELLED: i64 = 21_023_059;
const GENERATING: i64 = 11_034_037;
/// How long a link works (PLATFORM.md 8.3).
const LINK_SECONDS: i64 = 24 * 3_600;
/// Where documents are served.
pub(crate) const DOCUMENTS: &str = "/emulated/documents/";

pub(super) fn get_package_shipping_document(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let package = package_of(call, shop)?;
    let kind = call.call.param("document_type").unwrap_or_default();
    let extension = extension(call, shop, kind)?;
    may_print(shop, package, kind)?;
    let arranged = package.shipment.as_ref().map_or(call.now, |shipment| shipment.arranged);
    if call.now < arranged + Duration::from_secs(world.switches.document_delay_seconds) {
        return Err(Refusal::business(GENERATING, "The document is still being generated, try again."));
    }
    let size = call.call.param("document_size").unwrap_or("A6");
    let until = call.now.as_seconds() + LINK_SECONDS;
    let name = format!("{}-{kind}-{size}-{until}.{extension}", package.number);
    let app_key = world.apps.get(call.app).map_or("", |app| &app.credentials.app_key);
    let host = call.call.header("host").unwrap_or_default();
    let doc_url = format!("http://{host}{DOCUMENTS}{}-{name}?app_key={app_key}", seal(world.seed, &name));
    Ok(data(&json!({ "doc_url": doc_url, "tracking_number": tracking_number(package) })))
}

/// PDF unless the market and the type say otherwise.
fn extension(call: &Admitted<'_>, shop: &Shop, kind: &str) -> Result<&'static str, Refusal> {
    let unfit =
        |name: &str| Refusal::parameter(format!("Invalid parameter '{name}'. It does not fit the package."));
    match (kind, call.call.param("document_format").unwrap_or("PDF")) {
        ("SHIPPING_LABEL_PICTURE", _) => Ok("png"),
        ("SHIPPING_LABEL" | "PACKING_SLIP" | "SHIPPING_LABEL_AND_PACKING_SLIP", "PDF") => Ok("pdf"),
        ("SHIPPING_LABEL", "ZPL") if matches!(shop.region, Region::Brazil | Region::Mexico) => Ok("zpl"),
        ("SHIPPING_LABEL" | "PACKING_SLIP" | "SHIPPING_LABEL_AND_PACKING_SLIP", _) => {
            Err(unfit("document_format"))
        }
        _ => Err(unfit("document_type")),
    }
}

/// After shipment is arranged and before the carrier has it (PLATFORM.md 12 #16).
fn may_print(shop: &Shop, package: &Package, kind: &str) -> Result<(), Refusal> {
    let order = first_order(shop, package).ok_or_else(refusal::no_package)?;
    if order.terms.fulfilled_by_tiktok {
        return Err(Refusal::business(BY_TIKTOK, "The platform fulfils the order, there is no document."));
    }
    match package.status {
        PackageStatus::ToFulfill => {
            return Err(Refusal::business(NOT_ARRANGED, "Arrange shipment before fetching the document."));
        }
        PackageStatus::Fulfilling | PackageStatus::Completed => {
            return Err(Refusal::business(PICKED_UP, "The document is not available after pickup."));
        }
        PackageStatus::Cancelled => return Err(Refusal::business(CANCELLED, "The package is cancelled.")),
        PackageStatus::Processing => {}
    }
    let by_platform = package.shipment.as_ref().is_some_and(|shipment| shipment.provider == PLATFORM.id);
    if kind != "PACKING_SLIP" && !by_platform {
        return Err(Refusal::business(NOT_TIKTOK_SHIPPING, "Only TikTok Shipping has labels."));
    }
    Ok(())
}

/// The document behind a link; 403 once the link is over or was made up.
pub(crate) fn serve_document(path: &str, world: &World, now: Timestamp) -> Answer {
    document(path, world, now).unwrap_or_else(|| {
        Answer::json(403, br#"{"code":403,"message":"The link has expired or is invalid."}"#.to_vec())
    })
}

fn document(path: &str, world: &World, now: Timestamp) -> Option<Answer> {
    let (key, name) = path.strip_prefix(DOCUMENTS)?.split_once('-')?;
    if key != seal(world.seed, name) {
        return None;
    }
    let (stem, extension) = name.rsplit_once('.')?;
    let [number, kind, size, until] = stem.split('-').collect::<Vec<_>>().try_into().ok()?;
    if now.as_seconds() >= until.parse().ok()? {
        return None;
    }
    let number: PackageNo = number.parse().ok()?;
    let shop = world.shops.values().find(|shop| shop.packages.get(number).is_some())?;
    let label = label(shop, shop.packages.get(number)?, kind)?;
    let (content_type, body) = match extension {
        "png" => ("image/png", png(&label.tracking_number)),
        "zpl" => ("text/plain; charset=utf-8", zpl(&label)),
        _ => {
            let (width, height) = if size == "A5" { (420, 595) } else { (298, 420) };
            ("application/pdf", pdf(&label, width, height))
        }
    };
    Some(Answer { content_type, ..Answer::json(200, body) })
}

fn label(shop: &Shop, package: &Package, kind: &str) -> Option<Label> {
    let order = first_order(shop, package)?;
    let mut lines = vec![format!("Package {}", package.number)];
    lines.extend(package.orders.iter().map(|order| format!("Order {order}")));
    let recipient = serde_json::to_value(shown_recipient(shop, order)).unwrap_or_default();
    for field in ["name", "full_address", "postal_code"] {
        lines.extend(recipient[field].as_str().map(|text| format!("To: {text}")));
    }
    if kind.ends_with("PACKING_SLIP") {
        lines.extend(lines_in(shop, package).map(|line| format!("1 x item {}", line.number)));
    }
    let title = if kind == "PACKING_SLIP" { "Packing slip" } else { "Shipping label" };
    Some(Label { title, lines, tracking_number: tracking_number(package).to_owned() })
}

fn first_order<'w>(shop: &'w Shop, package: &Package) -> Option<&'w Order> {
    package.orders.first().and_then(|order| shop.book.get(*order))
}

fn seal(seed: u64, name: &str) -> String {
    format!("{:016x}", scatter(hash(name.as_bytes()) ^ scatter(seed)))
}
