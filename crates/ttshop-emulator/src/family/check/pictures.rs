//! Pictures and films: each must have been uploaded.

use serde_json::Value;

use crate::family::check::{Listing, Market};
use crate::gateway::Refusal;
use crate::world::library::media::{Image, is_file_id};

const MAIN_MISSING: i64 = 12_052_028;
const MAIN_UNKNOWN: i64 = 12_052_300;
const MAIN_SMALL: i64 = 12_052_301;
const MAIN_MANY: i64 = 12_052_306;
const MAIN_MAX: usize = 9;
/// PLATFORM.md 12 #27.
const MAIN_SIDE_MIN: u32 = 300;
const VARIANT_UNKNOWN: i64 = 12_052_520;
const SIZE_CHART_UNKNOWN: i64 = 12_052_670;
const PAPER_UNKNOWN: i64 = 12_052_650;
const VIDEO_UNKNOWN: i64 = 12_052_360;

pub(super) fn look(listing: Listing<'_>, market: Market<'_>, faults: &mut Vec<Refusal>) {
    let mut find = |code, message: &str| faults.push(Refusal::business(code, message));
    let image = |value: &Value| Image::of_uri(value.get("uri")?.as_str()?, market.seed);
    let main = listing.list("main_images");
    if main.is_empty() && !listing.drawn {
        find(MAIN_MISSING, "The product has no main image: upload one and send its `uri`.");
    }
    if main.len() > MAIN_MAX {
        find(MAIN_MANY, "The product has more than 9 main images.");
    }
    if main.iter().any(|uri| image(uri).is_none()) {
        find(MAIN_UNKNOWN, "A main image was never uploaded: send the `uri` that the upload answered.");
    }
    if main.iter().filter_map(image).any(|image| image.width.min(image.height) < MAIN_SIDE_MIN) {
        find(MAIN_SMALL, "A main image is smaller than 300 pixels.");
    }
    let attributes = listing.skus.iter().filter_map(|sku| sku.get("sales_attributes")?.as_array());
    let mut shown = attributes.flatten().filter_map(|attribute| attribute.get("sku_img"));
    if shown.any(|uri| image(uri).is_none()) {
        find(VARIANT_UNKNOWN, "The image of a variant was never uploaded.");
    }
    let chart = listing.fields.get("size_chart").and_then(|chart| chart.get("image"));
    if chart.is_some_and(|uri| image(uri).is_none()) {
        find(SIZE_CHART_UNKNOWN, "The image of the size chart was never uploaded.");
    }
    let papers = listing.list("certifications").iter().filter_map(|paper| paper.get("images")?.as_array());
    if papers.flatten().any(|uri| image(uri).is_none()) {
        find(PAPER_UNKNOWN, "The image of a certificate was never uploaded.");
    }
    let video = listing.fields.get("video").and_then(|video| video.get("id")?.as_str());
    if video.is_some_and(|id| !is_file_id(id, market.seed)) {
        find(VIDEO_UNKNOWN, "The video was never uploaded.");
    }
}
