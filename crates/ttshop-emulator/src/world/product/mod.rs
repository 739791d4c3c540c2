//! What a shop offers: products, their versions and variants (PLATFORM.md 8.6).
//!
//! A product has up to three versions: the one on sale, one under review and a draft. What the seller writes into it is kept
//! as it was sent, except for what the world itself works with: title, variants, prices and stock. Orders name products and
//! variants by their place, so neither is ever taken out of its list: deleted ones stay as such.

mod draw;
pub(crate) mod life;
mod listing;
mod status;
pub(crate) mod stock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::{ProductNo, SkuNo, WarehouseNo};

pub(crate) use listing::Listing;
pub(crate) use status::{Audit, AuditStatus, Forbidden, ProductStatus, Verdict};
pub(crate) use stock::{QUANTITY_MAX, Stock};

/// One product with its variants.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Product {
    pub(crate) number: ProductNo,
    /// Of the version on sale, or of the only one there is.
    pub(crate) name: String,
    /// What else that version says, in the words of the API; empty for products that the seed drew.
    pub(crate) fields: Map<String, Value>,
    /// In the order in which they were added; removed ones stay.
    pub(crate) skus: Vec<Sku>,
    pub(crate) status: ProductStatus,
    pub(crate) audit: Audit,
    /// The version that is being looked at while the old one stays on sale.
    pub(crate) under_review: Option<Box<Version>>,
    pub(crate) draft: Option<Box<Version>>,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
}

/// One variant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sku {
    pub(crate) number: SkuNo,
    pub(crate) seller_sku: String,
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) price: Minor,
    /// What else the seller said about it.
    pub(crate) fields: Map<String, Value>,
    /// By warehouse, in the order of the seller's list.
    pub(crate) stock: Vec<Stock>,
    /// Edited away; orders may still name it.
    pub(crate) removed: bool,
}

/// What an edit wants a product to be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) title: String,
    pub(crate) fields: Map<String, Value>,
    pub(crate) skus: Vec<WantedSku>,
}

/// What an edit wants a variant to be. Its number is known from the start, because the answer names it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WantedSku {
    pub(crate) number: SkuNo,
    pub(crate) seller_sku: String,
    pub(crate) name: String,
    /// None leaves it as it is.
    pub(crate) price: Option<Minor>,
    /// None leaves it as it is.
    pub(crate) stock: Option<Vec<(WarehouseNo, u32)>>,
    pub(crate) fields: Map<String, Value>,
}

impl Product {
    /// Variants that are offered.
    pub(crate) fn offered(&self) -> impl Iterator<Item = &Sku> {
        self.skus.iter().filter(|sku| !sku.removed)
    }

    /// A variant that is offered.
    pub(crate) fn sku_mut(&mut self, number: SkuNo) -> Option<&mut Sku> {
        self.skus.iter_mut().find(|sku| sku.number == number && !sku.removed)
    }

    /// Whether buyers can order it.
    pub(crate) fn is_on_sale(&self) -> bool {
        self.status == ProductStatus::Activate
    }

    /// Makes `version` the one that counts: variants it does not name are gone.
    pub(crate) fn become_version(&mut self, version: Version) {
        self.name = version.title;
        self.fields = version.fields;
        for sku in &mut self.skus {
            sku.removed = !version.skus.iter().any(|wanted| wanted.number == sku.number);
        }
        for wanted in version.skus {
            match self.skus.iter_mut().find(|sku| sku.number == wanted.number) {
                Some(sku) => sku.become_wanted(wanted),
                None => self.skus.push(Sku::of(wanted)),
            }
        }
    }

    /// The version that counts, as a start for an edit.
    pub(crate) fn version(&self) -> Version {
        let skus = self.offered().map(|sku| WantedSku {
            number: sku.number,
            seller_sku: sku.seller_sku.clone(),
            name: sku.name.clone(),
            price: None,
            stock: None,
            fields: sku.fields.clone(),
        });
        Version { title: self.name.clone(), fields: self.fields.clone(), skus: skus.collect() }
    }
}

impl Sku {
    fn of(wanted: WantedSku) -> Self {
        let mut sku = Self {
            number: wanted.number,
            seller_sku: String::new(),
            name: String::new(),
            image: draw::image_of(wanted.number),
            price: Minor::default(),
            fields: Map::new(),
            stock: Vec::new(),
            removed: false,
        };
        sku.become_wanted(wanted);
        sku
    }

    fn become_wanted(&mut self, wanted: WantedSku) {
        self.removed = false;
        self.seller_sku = wanted.seller_sku;
        self.name = wanted.name;
        self.fields = wanted.fields;
        self.price = wanted.price.unwrap_or(self.price);
        for (warehouse, quantity) in wanted.stock.into_iter().flatten() {
            self.set_stock(warehouse, quantity);
        }
    }
}
