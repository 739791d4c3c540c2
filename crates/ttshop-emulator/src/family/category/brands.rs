//! Brands: the platform's and the seller's own.

use std::time::Duration;

use serde_json::{Value, json};

use crate::family::category::{category, code, said, version};
use crate::family::fit::fitted;
use crate::family::library::seller_of;
use crate::family::listing::page;
use crate::family::{data, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::category::BRANDS;
use crate::world::library::OwnBrand;

/// Characters of a name. The bounds are the platform's (12052189, 12052190).
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=30;
/// So many digits in a row are no name. The number is ours (12052192).
const DIGITS_MAX: usize = 8;
/// New brands within a day, and brands in all. The numbers are ours (12052202, 12052203).
const BRANDS_A_DAY_MAX: usize = 50;
const BRANDS_MAX: usize = 1_000;
const DAY: Duration = Duration::from_secs(86_400);

struct Row<'a> {
    id: String,
    name: &'a str,
    protected: bool,
}

/// `GET /product/202309/brands`: the seller's own first. `UNAUTHORIEZD` is the platform's own spelling.
pub(super) fn get_brands(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    if let Some(id) = said(call, "category_id") {
        category(id, version(call, Some(&shop_of(call, world)?.region))?)?;
    }
    let name = said(call, "brand_name").unwrap_or_default().to_lowercase();
    let wanted = call.call.param("is_authorized").map(|word| word == "true");
    let rows: Vec<_> = rows(call, world)?
        .into_iter()
        .filter(|row| row.name.to_lowercase().contains(&name))
        .filter(|row| wanted.is_none_or(|authorized| authorized != row.protected))
        .map(|row| {
            json!({
                "id": row.id,
                "name": row.name,
                "authorized_status": if row.protected { "UNAUTHORIEZD" } else { "AUTHORIZED" },
                "is_t1_brand": row.protected,
                "brand_status": if row.protected { "UNAVAILABLE" } else { "AVAILABLE" },
            })
        })
        .collect();
    let page = page(call, world, rows)?;
    let answer = json!({ "brands": page.rows, "total_count": page.total, "next_page_token": page.next });
    Ok(fitted(call, answer))
}

/// `POST /product/202309/brands`
pub(super) fn create_custom_brands(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let name = said(call, "name").map(str::trim).unwrap_or_default().to_owned();
    name_is_acceptable(&name)?;
    let now = call.now;
    let library = &mut seller_of(call, world)?.library;
    let is_same = |other: &str| other.eq_ignore_ascii_case(&name);
    if BRANDS.iter().any(|brand| is_same(brand.name))
        || library.brands.iter().any(|brand| is_same(&brand.name))
    {
        return Err(Refusal::business(code::BRAND_TAKEN, "There is a brand of this name already."));
    }
    if library.brands.len() >= BRANDS_MAX {
        let message = format!("The seller has {BRANDS_MAX} brands already.");
        return Err(Refusal::business(code::BRANDS_IN_ALL, message));
    }
    if library.brands.iter().filter(|brand| now.since(brand.created) < DAY).count() >= BRANDS_A_DAY_MAX {
        let message = format!("The seller created {BRANDS_A_DAY_MAX} brands within a day.");
        return Err(Refusal::business(code::BRANDS_TODAY, message));
    }
    let number = library.mint();
    library.brands.push(OwnBrand { number, name, created: now });
    Ok(data(&json!({ "id": number.to_string() })))
}

/// `POST /product/202309/brands/recommend`: the brand that the title names; nothing if it names none.
pub(super) fn recommend_brand(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let best = named(call, world)?.into_iter().next();
    let brand = best.map(|row| json!({ "id": row.id, "name": row.name }));
    Ok(fitted(call, json!({ "brand": brand })))
}

/// `POST /product/202609/brands/suggest`
pub(super) fn suggest_brands(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let brands: Vec<Value> = named(call, world)?
        .into_iter()
        .map(|row| json!({ "id": row.id, "name": row.name, "is_authorized": !row.protected }))
        .collect();
    Ok(fitted(call, json!({ "brands": brands })))
}

fn name_is_acceptable(name: &str) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::business(code, message));
    if name.chars().count() < *NAME_LENGTH.start() {
        return refuse(code::BRAND_SHORT, "The brand's name has fewer than 2 characters.");
    }
    if name.chars().count() > *NAME_LENGTH.end() {
        return refuse(code::BRAND_LONG, "The brand's name has more than 30 characters.");
    }
    if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '&' | '.' | '\'')) {
        return refuse(code::BRAND_CHARACTERS, "The brand's name has special characters.");
    }
    if name.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > DIGITS_MAX) {
        return refuse(code::BRAND_DIGITS, "The brand's name has too many digits in a row.");
    }
    Ok(())
}

/// Every brand that the seller sees.
fn rows<'w>(call: &Admitted<'_>, world: &'w World) -> Result<Vec<Row<'w>>, Refusal> {
    let seller = world.grants.get(call.grant).holder.seller().and_then(|seller| world.sellers.get(&seller));
    let own = &seller.ok_or_else(Refusal::user_type)?.library.brands;
    let own = own.iter().rev().map(|brand| Row {
        id: brand.number.to_string(),
        name: &brand.name,
        protected: false,
    });
    let all =
        BRANDS.iter().map(|brand| Row { id: brand.id.into(), name: brand.name, protected: brand.protected });
    Ok(own.chain(all).collect())
}

/// Brands that the title of a product names.
fn named<'w>(call: &Admitted<'_>, world: &'w World) -> Result<Vec<Row<'w>>, Refusal> {
    let title = said(call, "product_title").unwrap_or_default().to_lowercase();
    let mut rows = rows(call, world)?;
    rows.retain(|row| title.contains(&row.name.to_lowercase()));
    Ok(rows)
}
