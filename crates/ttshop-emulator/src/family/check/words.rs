//! Title, description and parcel.

use serde_json::Value;
use ttshop_types::Region;

use crate::family::check::{Listing, Market};
use crate::gateway::Refusal;
use crate::world::library::media::{UseCase, image_of_url};

const TITLE_EMPTY: i64 = 12_052_261;
const TITLE_LONG: i64 = 12_052_051;
const TITLE_CHINESE: i64 = 12_052_262;
/// Characters of a title; markets differ.
const TITLE_LENGTH_MAX: usize = 255;
const DESCRIPTION_MISSING: i64 = 12_052_015;
const DESCRIPTION_CHINESE: i64 = 12_052_346;
const DESCRIPTION_TAG: i64 = 12_052_345;
const DESCRIPTION_IMAGE: i64 = 12_052_340;
const DESCRIPTION_IMAGES_MANY: i64 = 12_052_056;
/// PLATFORM.md 12 #28.
const DESCRIPTION_IMAGES_MAX: usize = 30;
const WEIGHT_INVALID: i64 = 12_019_011;
const SIZE_INVALID: i64 = 12_052_116;

pub(super) fn look(listing: Listing<'_>, market: Market<'_>, faults: &mut Vec<Refusal>) {
    let mut find = |code, message: &str| faults.push(Refusal::business(code, message));
    match listing.title.chars().count() {
        0 => find(TITLE_EMPTY, "The product has no name: send `title`."),
        length if length > TITLE_LENGTH_MAX => {
            find(TITLE_LONG, "The product's name has more than 255 characters.");
        }
        _ => {}
    }
    let speaks_chinese = |text: &str| *market.region != Region::Japan && text.chars().any(is_chinese);
    if speaks_chinese(listing.title) {
        find(TITLE_CHINESE, "The product's name contains Chinese characters.");
    }
    match listing.text("description") {
        None if !listing.drawn => find(DESCRIPTION_MISSING, "The product has no description."),
        Some(text) => {
            if speaks_chinese(text) {
                find(DESCRIPTION_CHINESE, "The description contains Chinese characters.");
            }
            description(text, market.seed, &mut find);
        }
        None => {}
    }
    parcel(listing, &mut find);
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Only uploaded pictures may be shown (PLATFORM.md 12 #28).
fn description(text: &str, seed: u64, find: &mut impl FnMut(i64, &str)) {
    let lowercase = text.to_ascii_lowercase();
    if ["<script", "<iframe", "<style"].iter().any(|tag| lowercase.contains(tag)) {
        find(DESCRIPTION_TAG, "The description has an HTML tag that is not supported.");
    }
    let sources: Vec<&str> = text.split("<img").skip(1).filter_map(source).collect();
    if sources.len() > DESCRIPTION_IMAGES_MAX {
        find(DESCRIPTION_IMAGES_MANY, "The description has more than 30 images.");
    }
    let is_ours =
        |url: &&str| image_of_url(url, seed).is_some_and(|image| image.use_case == UseCase::Description);
    if !sources.iter().all(is_ours) {
        find(DESCRIPTION_IMAGE, "An image of the description was not uploaded as DESCRIPTION_IMAGE.");
    }
}

fn source(tag: &str) -> Option<&str> {
    let (tag, _) = tag.split_once('>')?;
    let (_, rest) = tag.split_once("src=")?;
    rest.trim_start_matches(['"', '\'']).split(['"', '\'', ' ']).next()
}

fn parcel(listing: Listing<'_>, find: &mut impl FnMut(i64, &str)) {
    let positive = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<f64>().ok())
            .is_some_and(|it| it > 0.0 && it.is_finite())
    };
    if let Some(weight) = listing.fields.get("package_weight")
        && !positive(weight.get("value"))
    {
        find(WEIGHT_INVALID, "The weight of the parcel is no number above 0.");
    }
    if let Some(sides) = listing.fields.get("package_dimensions")
        && !["length", "width", "height"].iter().all(|side| positive(sides.get(*side)))
    {
        find(SIZE_INVALID, "The sides of the parcel are no numbers above 0.");
    }
}
