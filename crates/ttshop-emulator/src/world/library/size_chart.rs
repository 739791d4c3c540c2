//! Tables of sizes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::world::ThingNo;

/// One table, for one product or as a template for many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SizeChart {
    pub(crate) number: ThingNo,
    pub(crate) name: String,
    pub(crate) category: String,
    pub(crate) locale: String,
    pub(crate) mode: ChartMode,
    /// As the seller sent it.
    pub(crate) data: Value,
}

/// Whether it may be used again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ChartMode {
    ProductScoped,
    ReusableTemplate,
}

impl ChartMode {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ProductScoped => "PRODUCT_SCOPED",
            Self::ReusableTemplate => "REUSABLE_TEMPLATE",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::ProductScoped, Self::ReusableTemplate].into_iter().find(|mode| mode.as_str() == word)
    }
}
