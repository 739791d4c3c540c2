//! Categories with their attributes, rules and brands.

mod attributes;
mod brands;
mod find;
mod rules;

pub(super) use rules::is_in_eu;

use ttshop_catalogue::Method;
use ttshop_types::Region;

use crate::family::Handlers;
use crate::gateway::{Admitted, Refusal};
use crate::world::category::{Category, CategoryVersion, NoCategory};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/product/202309/categories", find::get_categories),
    (Method::Post, "/product/202309/categories/recommend", find::recommend_category),
    (Method::Get, "/product/202309/global_categories", find::get_global_categories),
    (Method::Post, "/product/202309/global_categories/recommend", find::recommend_global_categories),
    (Method::Get, "/product/202309/categories/{category_id}/attributes", attributes::get_category_attributes),
    (
        Method::Get,
        "/product/202309/categories/{category_id}/global_attributes",
        attributes::get_global_attributes,
    ),
    (Method::Get, "/product/202309/categories/{category_id}/rules", rules::get_category_rules),
    (Method::Get, "/product/202309/categories/{category_id}/global_rules", rules::get_global_category_rules),
    (Method::Get, "/product/202309/brands", brands::get_brands),
    (Method::Post, "/product/202309/brands", brands::create_custom_brands),
    (Method::Post, "/product/202309/brands/recommend", brands::recommend_brand),
    (Method::Post, "/product/202609/brands/suggest", brands::suggest_brands),
];

/// No category has the id.
pub(super) const UNKNOWN: i64 = code::UNKNOWN;

/// Codes of PLATFORM.md 4.6.
mod code {
    pub(super) const NO_MATCH: i64 = 12_019_064;
    pub(super) const UNKNOWN: i64 = 12_052_023;
    pub(super) const NOT_LEAF: i64 = 12_052_024;
    pub(super) const V2_MANDATORY: i64 = 12_052_217;
    pub(super) const PROHIBITED: i64 = 12_052_220;
    pub(super) const OTHER_VERSION: i64 = 12_052_230;
    pub(super) const TITLE_EMPTY: i64 = 12_052_261;
    pub(super) const BRAND_SHORT: i64 = 12_052_189;
    pub(super) const BRAND_LONG: i64 = 12_052_190;
    pub(super) const BRAND_CHARACTERS: i64 = 12_052_191;
    pub(super) const BRAND_DIGITS: i64 = 12_052_192;
    pub(super) const BRANDS_TODAY: i64 = 12_052_202;
    pub(super) const BRANDS_IN_ALL: i64 = 12_052_203;
    pub(super) const BRAND_TAKEN: i64 = 12_052_205;
}

/// What a call says, in its query or its body.
fn said<'c>(call: &'c Admitted<'_>, name: &str) -> Option<&'c str> {
    call.call.param(name).or_else(|| call.body.get(name)?.as_str()).filter(|text| !text.is_empty())
}

/// The version of the tree that a call is about. `market` is none for global products, which take either.
pub(super) fn version(call: &Admitted<'_>, market: Option<&Region>) -> Result<CategoryVersion, Refusal> {
    let asked = match said(call, "category_version") {
        Some(word) => CategoryVersion::parse(word)
            .ok_or_else(|| Refusal::parameter("Invalid parameter 'category_version'. Expected v1 or v2."))?,
        None => CategoryVersion::V1,
    };
    if asked == CategoryVersion::V1 && market.is_some_and(CategoryVersion::is_v2_only) {
        return Err(Refusal::business(
            code::V2_MANDATORY,
            "The market knows version v2 of the category tree only: send category_version=v2.",
        ));
    }
    Ok(asked)
}

/// The category that a version calls `id`.
pub(super) fn category(id: &str, version: CategoryVersion) -> Result<&'static Category, Refusal> {
    Category::find(id, version).map_err(|missing| match missing {
        NoCategory::OtherVersion => Refusal::business(
            code::OTHER_VERSION,
            format!("Category {id} belongs to another version of the category tree."),
        ),
        NoCategory::Unknown => Refusal::business(code::UNKNOWN, format!("Category {id} does not exist.")),
    })
}

/// The same, and products can be listed in it.
pub(super) fn leaf(id: &str, version: CategoryVersion) -> Result<&'static Category, Refusal> {
    let category = category(id, version)?;
    if !category.is_leaf() {
        return Err(Refusal::business(code::NOT_LEAF, format!("Category {id} is not a leaf.")));
    }
    if category.permission() == "PROHIBITED" {
        return Err(Refusal::business(code::PROHIBITED, format!("Category {id} is prohibited.")));
    }
    Ok(category)
}

/// The category in the path of a call.
fn leaf_of_path(call: &Admitted<'_>, market: Option<&Region>) -> Result<&'static Category, Refusal> {
    leaf(call.path_params.get("category_id").unwrap_or_default(), version(call, market)?)
}
