//! Trees of categories, and the category of a title.

use serde_json::{Value, json};

use crate::family::category::{code, said, version};
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::category::{Category, CategoryVersion};

/// `GET /product/202309/categories`: names are English in every locale.
pub(super) fn get_categories(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let version = version(call, Some(&shop_of(call, world)?.region))?;
    let prohibited = call.call.param("include_prohibited_categories") == Some("true");
    Ok(fitted(call, tree(call, version, prohibited)))
}

/// `GET /product/202309/global_categories`: those that are prohibited anywhere are missing.
pub(super) fn get_global_categories(call: &Admitted<'_>, _: &mut World) -> Result<Success, Refusal> {
    Ok(fitted(call, tree(call, version(call, None)?, false)))
}

/// `POST /product/202309/categories/recommend`
pub(super) fn recommend_category(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let version = version(call, Some(&shop_of(call, world)?.region))?;
    let prohibited = call.body.get("include_prohibited_categories").and_then(Value::as_bool).unwrap_or(false);
    recommend(call, version, prohibited)
}

/// `POST /product/202309/global_categories/recommend`
pub(super) fn recommend_global_categories(call: &Admitted<'_>, _: &mut World) -> Result<Success, Refusal> {
    recommend(call, version(call, None)?, false)
}

fn tree(call: &Admitted<'_>, version: CategoryVersion, prohibited: bool) -> Value {
    let keyword = said(call, "keyword").unwrap_or_default().to_lowercase();
    let rows = Category::all().filter(|category| category.name.to_lowercase().contains(&keyword));
    let rows = rows.filter(|category| prohibited || category.permission() != "PROHIBITED");
    let rows: Vec<_> = rows.map(|category| row(category, version)).collect();
    json!({ "categories": rows })
}

fn row(category: &Category, version: CategoryVersion) -> Value {
    let parent = if category.parent == 0 { 0 } else { version.id(category.parent) };
    json!({
        "id": version.id(category.id).to_string(),
        "parent_id": parent.to_string(),
        "local_name": category.name,
        "is_leaf": category.is_leaf(),
        "permission_statuses": [category.permission()],
    })
}

fn recommend(call: &Admitted<'_>, version: CategoryVersion, prohibited: bool) -> Result<Success, Refusal> {
    let title = said(call, "product_title").map(str::trim).unwrap_or_default();
    if title.is_empty() {
        return Err(Refusal::business(code::TITLE_EMPTY, "The product's title is empty."));
    }
    let found = Category::suggest(title).filter(|leaf| prohibited || leaf.permission() != "PROHIBITED");
    let no_match = || Refusal::business(code::NO_MATCH, "No category matches the title.");
    let leaf = found.ok_or_else(no_match)?;
    let levels: Vec<_> = (1..)
        .zip(leaf.chain())
        .map(|(level, category)| {
            let mut row = row(category, version);
            row["level"] = Value::from(level);
            row["name"] = category.name.into();
            row
        })
        .collect();
    Ok(fitted(call, json!({ "leaf_category_id": version.id(leaf.id).to_string(), "categories": levels })))
}
