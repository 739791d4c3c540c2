//! Global products: made once by a cross-border seller, published to the seller's shops in several markets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ttshop_types::Timestamp;

use crate::world::{ProductNo, ShopNo, SkuNo};

/// One global product.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GlobalProduct {
    pub(crate) number: ProductNo,
    pub(crate) title: String,
    /// What else the seller said, in the words of the API.
    pub(crate) fields: Map<String, Value>,
    pub(crate) skus: Vec<GlobalSku>,
    pub(crate) deleted: bool,
    /// The products it became, by shop.
    pub(crate) published: BTreeMap<ShopNo, Published>,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
}

/// One variant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GlobalSku {
    pub(crate) number: SkuNo,
    /// What the seller said, in the words of the API.
    pub(crate) fields: Map<String, Value>,
}

/// A product that a global product became.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Published {
    pub(crate) product: ProductNo,
    /// Global and local variants.
    pub(crate) skus: Vec<(SkuNo, SkuNo)>,
}

impl GlobalProduct {
    /// The API's word.
    pub(crate) fn status(&self) -> &'static str {
        match (self.deleted, self.published.is_empty()) {
            (true, _) => "DELETED",
            (false, true) => "UNPUBLISHED",
            (false, false) => "PUBLISHED",
        }
    }
}

impl GlobalSku {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}
