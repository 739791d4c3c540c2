//! What a shop offers: enough for line items to name.

use serde::{Deserialize, Serialize};

use crate::dice::{Dice, index_below};
use crate::money::Minor;
use crate::world::number::Mint;
use crate::world::{ProductNo, SkuNo};

/// One product with its variants.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Product {
    pub(crate) number: ProductNo,
    pub(crate) name: String,
    pub(crate) skus: Vec<Sku>,
}

/// One variant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sku {
    pub(crate) number: SkuNo,
    pub(crate) seller_sku: String,
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) price: Minor,
}

const GOODS: [&str; 10] = [
    "Linen Apron",
    "Ceramic Pour-over Set",
    "Phone Stand",
    "Travel Mug 350 ml",
    "Wool Beanie",
    "Desk Lamp",
    "Yoga Mat",
    "Herb Garden Kit",
    "Notebook A5",
    "Silk Scarf",
];
const COLOURS: [&str; 6] = ["Moss", "Sand", "Ink", "Coral", "Snow", "Slate"];
/// A product has between one and this many variants.
const SKUS_MAX: u64 = 3;

impl Product {
    /// Draws a product. Prices lie between 5 and 80 units of the currency, or a hundred times that where there are no cents.
    pub(crate) fn draw(mint: &mut Mint, dice: &mut Dice) -> Self {
        let number = mint.product(dice);
        let name = GOODS[index_below(dice.number(), GOODS.len())];
        let price = 500 + dice.below(7_500);
        let skus = (0..=dice.below(SKUS_MAX))
            .map(|place| {
                let colour = COLOURS[index_below(dice.number(), COLOURS.len())];
                let sku = mint.sku(dice);
                Sku {
                    number: sku,
                    seller_sku: format!("EMU-{}-{place}", number.0 % 1_000_000),
                    name: colour.into(),
                    image: format!("https://p16-oec-va.ibyteimg.com/emulated/{sku}.jpeg"),
                    price: Minor(i64::try_from(price + place * 50).unwrap_or(500)),
                }
            })
            .collect();
        Self { number, name: name.into(), skus }
    }
}
