//! Products that the seed draws.

use serde_json::Map;
use ttshop_types::Timestamp;

use crate::dice::index_below;
use crate::money::Minor;
use crate::world::product::{Audit, AuditStatus, Product, ProductStatus, Sku, Stock};
use crate::world::warehouse::Warehouse;
use crate::world::{Chance, SkuNo};

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
/// Units of a variant in each warehouse: enough that a test about something else never runs out.
const STOCK: u32 = 50_000;

impl Product {
    /// Draws a product that is on sale. Prices lie between 5 and 80 units of the currency, or a hundred times that where there
    /// are no cents.
    pub(crate) fn draw(warehouses: &[Warehouse], chance: &mut Chance, now: Timestamp) -> Self {
        let Chance { mint, dice, .. } = chance;
        let number = mint.product(dice);
        let name = GOODS[index_below(dice.number(), GOODS.len())];
        let price = 500 + dice.below(7_500);
        let skus = (0..=dice.below(SKUS_MAX))
            .map(|place| {
                let colour = COLOURS[index_below(dice.number(), COLOURS.len())];
                let sku = mint.sku(dice);
                let stock = warehouses.iter().filter(|warehouse| warehouse.sells());
                Sku {
                    number: sku,
                    seller_sku: format!("EMU-{}-{place}", number.0 % 1_000_000),
                    name: colour.into(),
                    image: image_of(sku),
                    price: Minor(i64::try_from(price + place * 50).unwrap_or(500)),
                    fields: Map::new(),
                    stock: stock.map(|warehouse| Stock::of(warehouse.number, STOCK)).collect(),
                    removed: false,
                }
            })
            .collect();
        Self {
            number,
            name: name.into(),
            fields: Map::new(),
            skus,
            status: ProductStatus::Activate,
            audit: Audit { status: AuditStatus::Approved, ..Audit::default() },
            under_review: None,
            draft: None,
            created: now,
            updated: now,
        }
    }
}

/// Where a variant's picture would be.
pub(super) fn image_of(sku: SkuNo) -> String {
    format!("https://p16-oec-va.ibyteimg.com/emulated/{sku}.jpeg")
}
