//! On sale, off sale, deleted, back again: up to twenty products at a time, each by itself.

use serde_json::json;
use ttshop_types::Timestamp;

use crate::family::fit::fitted;
use crate::family::product::each::{product_error, texts};
use crate::family::product::{code, find, foreign, number, shop, shop_no};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::product::{Forbidden, Product};

type Step = fn(&mut Product, Timestamp) -> Result<(), Forbidden>;

pub(super) fn activate_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    each(call, world, Product::activate)
}

pub(super) fn deactivate_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    each(call, world, Product::deactivate)
}

pub(super) fn delete_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    each(call, world, Product::delete)
}

pub(super) fn recover_products(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    each(call, world, Product::recover)
}

fn each(call: &Admitted<'_>, world: &mut World, step: Step) -> Result<Success, Refusal> {
    let ids: Vec<String> = texts(&call.body, "product_ids").into_iter().map(str::to_owned).collect();
    let mut errors = Vec::new();
    for id in &ids {
        if let Err(refusal) = one(call, world, id, step) {
            errors.push(product_error(id, &refusal));
        }
    }
    Ok(fitted(call, json!({ "errors": errors })))
}

fn one(call: &Admitted<'_>, world: &mut World, id: &str, step: Step) -> Result<(), Refusal> {
    let number = number(id)?;
    if find(shop(call, world)?, number).is_none() {
        return Err(foreign(world, number));
    }
    let done = world.change_product(shop_no(call)?, number, call.now, |product| step(product, call.now));
    done.unwrap_or(Ok(())).map_err(|forbidden| Refusal::business(code::STATUS_FORBIDS, forbidden.to_string()))
}
