//! Whether a product may be listed: everything that is wrong with it, in the codes of PLATFORM.md 4.6.

mod demands;
mod pictures;
mod words;

use serde_json::{Map, Value};
use ttshop_types::Region;

use crate::family::category;
use crate::gateway::Refusal;
use crate::world::category::{Category, CategoryVersion};
use crate::world::library::Library;
use crate::world::{Shop, World};

/// Who lists, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Market<'w> {
    pub(super) seed: u64,
    pub(super) region: &'w Region,
    pub(super) library: &'w Library,
}

/// What is to be listed, in the words of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing<'a> {
    pub(super) title: &'a str,
    pub(super) fields: &'a Map<String, Value>,
    /// What each variant says about itself.
    pub(super) skus: &'a [&'a Map<String, Value>],
    /// The tree that the category belongs to; none takes either.
    pub(super) tree: Option<CategoryVersion>,
    /// The seed drew the product: what it never said is not missing.
    pub(super) drawn: bool,
}

impl<'w> Market<'w> {
    /// The market of a shop.
    pub(super) fn of(shop: &'w Shop, world: &'w World) -> Result<Self, Refusal> {
        let seller = world.sellers.get(&shop.seller).ok_or_else(Refusal::pairing)?;
        Ok(Self { seed: world.seed, region: &shop.region, library: &seller.library })
    }
}

/// Everything that keeps a product from being listed; the platform refuses with the first.
pub(super) fn faults(listing: Listing<'_>, market: Market<'_>) -> Vec<Refusal> {
    let mut faults = Vec::new();
    words::look(listing, market, &mut faults);
    pictures::look(listing, market, &mut faults);
    match category_of(listing) {
        Some(Ok(category)) => demands::look(listing, market, category, &mut faults),
        Some(Err(fault)) => faults.push(fault),
        None if listing.drawn => {}
        None => faults.push(Refusal::business(
            category::UNKNOWN,
            "The product has no category: send the `category_id` of a leaf.",
        )),
    }
    faults
}

fn category_of(listing: Listing<'_>) -> Option<Result<&'static Category, Refusal>> {
    let id = listing.text("category_id")?;
    Some(match (listing.tree, Category::find_any(id)) {
        (None, Some(known)) => {
            category::leaf(&CategoryVersion::V2.id(known.id).to_string(), CategoryVersion::V2)
        }
        (tree, _) => category::leaf(id, tree.unwrap_or(CategoryVersion::V2)),
    })
}

impl<'a> Listing<'a> {
    fn text(self, name: &str) -> Option<&'a str> {
        self.fields.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn list(self, name: &str) -> &'a [Value] {
        self.fields.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}
