//! `GET /return_refund/202309/returns/{return_id}/records`

use serde_json::{Value, json};

use crate::family::data;
use crate::family::return_refund::decide::case_of_path;
use crate::family::return_refund::once::shop;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::aftersale::{ReturnKind, reasons};

const SIDE: u32 = 1_080;
const VIDEO_MILLIS: u32 = 12_000;

/// The history of a case. No source lists the names of its events: they are the decisions' names, and ours where the platform
/// names none.
pub(super) fn get_return_records(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop(call, world)?;
    let number = case_of_path(call, shop)?;
    let Some(case) = shop.aftersales.returns.get(&number) else { return Err(Refusal::internal()) };
    let first = if case.kind == ReturnKind::Refund { "ORDER_REFUND" } else { "ORDER_RETURN" };
    let records: Vec<Value> = case
        .records
        .iter()
        .map(|record| {
            let event = record.act.map_or(first, |act| act.as_str());
            let images = record.words.images.iter();
            let images: Vec<_> =
                images.map(|url| json!({ "url": url, "width": SIDE, "height": SIDE })).collect();
            let videos = record.words.videos.iter();
            let videos: Vec<_> = videos
                .map(|url| {
                    json!({
                        "url": url, "cover": format!("{url}?cover=1"), "width": SIDE, "height": SIDE,
                        "duration_millis": VIDEO_MILLIS,
                    })
                })
                .collect();
            json!({
                "event": event,
                "role": record.role.as_str(),
                "description": reasons::text(&event.to_ascii_lowercase()),
                "reason_text": record.words.reason.as_deref().map(reasons::text).unwrap_or_default(),
                "note": record.words.note.as_deref().unwrap_or_default(),
                "images": images,
                "videos": videos,
                "create_time": record.at.as_seconds(),
            })
        })
        .collect();
    Ok(data(&json!({ "records": records })))
}
