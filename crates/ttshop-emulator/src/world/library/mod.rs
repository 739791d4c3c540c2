//! What belongs to a seller and not to one shop: brands of its own, compliance records, size charts, and the count of its uploads.
//!
//! Calls about these name no shop, so they draw from a chance of the seller's own.

mod compliance;
pub(crate) mod media;
mod size_chart;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::world::global::GlobalProduct;
use crate::world::number::OWNERS_MAX;
use crate::world::{Chance, ProductNo, ThingNo};

pub(crate) use compliance::Record;
pub(crate) use size_chart::{ChartMode, SizeChart};

/// The belongings of one seller.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Library {
    pub(crate) chance: Chance,
    /// How many images and files were uploaded.
    pub(crate) uploads: u32,
    pub(crate) brands: Vec<OwnBrand>,
    pub(crate) manufacturers: BTreeMap<ThingNo, Record>,
    pub(crate) responsible_persons: BTreeMap<ThingNo, Record>,
    pub(crate) size_charts: BTreeMap<ThingNo, SizeChart>,
    pub(crate) global_products: BTreeMap<ProductNo, GlobalProduct>,
}

/// A brand that the seller made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OwnBrand {
    pub(crate) number: ThingNo,
    pub(crate) name: String,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
}

impl Library {
    /// The empty library of the seller that came `place`-th. Sellers count down from where shops count up to.
    pub(crate) fn of(seed: u64, place: usize) -> Self {
        let last = u32::try_from(OWNERS_MAX - 1).unwrap_or(u32::MAX);
        let owner = last.saturating_sub(u32::try_from(place).unwrap_or(u32::MAX));
        Self {
            chance: Chance::of(seed, owner),
            uploads: 0,
            brands: Vec::new(),
            manufacturers: BTreeMap::new(),
            responsible_persons: BTreeMap::new(),
            size_charts: BTreeMap::new(),
            global_products: BTreeMap::new(),
        }
    }

    /// Whether nothing was ever put into it.
    pub(crate) fn is_untouched(&self) -> bool {
        self.uploads == 0
            && self.brands.is_empty()
            && self.manufacturers.is_empty()
            && self.responsible_persons.is_empty()
            && self.size_charts.is_empty()
            && self.global_products.is_empty()
    }

    pub(crate) fn mint(&mut self) -> ThingNo {
        let Chance { mint, dice, .. } = &mut self.chance;
        ThingNo(mint.thing(dice))
    }

    /// The serial number of another upload.
    pub(crate) fn next_upload(&mut self) -> u32 {
        self.uploads = self.uploads.wrapping_add(1);
        self.uploads
    }
}

/// What a snapshot without libraries is read with, until the world knows its seed.
impl Default for Library {
    fn default() -> Self {
        Self::of(0, 0)
    }
}
