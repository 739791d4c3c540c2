//! The tree. Every good that the seed draws has a leaf.

use crate::world::category::{Category, Trade};

const fn branch(id: u32, parent: u32, name: &'static str) -> Category {
    Category { id, parent, name, trade: None, words: &[] }
}

const fn leaf(
    id: u32,
    parent: u32,
    name: &'static str,
    trade: Trade,
    words: &'static [&'static str],
) -> Category {
    Category { id, parent, name, trade: Some(trade), words }
}

/// Parents first. Ids are those of the second version.
pub(super) const TREE: &[Category] = &[
    branch(800_100, 0, "Home Supplies"),
    branch(800_110, 800_100, "Home Organizers"),
    leaf(800_111, 800_110, "Storage Boxes & Bins", Trade::Plain, &["storage", "bin"]),
    leaf(800_112, 800_110, "Hooks & Racks", Trade::Plain, &["hook", "rack"]),
    branch(800_120, 800_100, "Home Decor"),
    leaf(800_121, 800_120, "Candles & Holders", Trade::Plain, &["candle"]),
    leaf(800_122, 800_120, "Vases", Trade::Plain, &["vase"]),
    branch(800_130, 800_100, "Lighting"),
    leaf(800_131, 800_130, "Desk Lamps", Trade::Electronics, &["lamp"]),
    leaf(800_132, 800_130, "Night Lights", Trade::Electronics, &["night", "light"]),
    branch(800_200, 0, "Kitchenware"),
    branch(800_210, 800_200, "Coffee & Tea"),
    leaf(800_211, 800_210, "Coffee Makers & Drippers", Trade::Plain, &["coffee", "pour", "dripper"]),
    leaf(800_212, 800_210, "Mugs & Travel Mugs", Trade::Plain, &["mug", "cup"]),
    branch(800_220, 800_200, "Cooking"),
    leaf(800_221, 800_220, "Aprons & Oven Gloves", Trade::Plain, &["apron", "oven"]),
    leaf(800_222, 800_220, "Pots & Pans", Trade::Plain, &["pot", "pan"]),
    branch(800_300, 0, "Womenswear & Underwear"),
    branch(800_310, 800_300, "Women's Tops"),
    leaf(800_311, 800_310, "Women's T-shirts", Trade::Apparel, &["women", "tee"]),
    leaf(800_312, 800_310, "Blouses", Trade::Apparel, &["blouse"]),
    branch(800_320, 800_300, "Dresses"),
    leaf(800_321, 800_320, "Casual Dresses", Trade::Apparel, &["dress"]),
    branch(800_400, 0, "Menswear & Underwear"),
    branch(800_410, 800_400, "Men's Tops"),
    leaf(800_411, 800_410, "Men's T-shirts", Trade::Apparel, &["men", "tshirt"]),
    leaf(800_412, 800_410, "Shirts", Trade::Apparel, &["shirt"]),
    branch(800_500, 0, "Fashion Accessories"),
    branch(800_510, 800_500, "Scarves & Hats"),
    leaf(800_511, 800_510, "Scarves", Trade::Plain, &["scarf", "scarves"]),
    leaf(800_512, 800_510, "Beanies & Caps", Trade::Plain, &["beanie", "cap", "hat"]),
    branch(800_520, 800_500, "Jewelry"),
    leaf(800_521, 800_520, "Fine Necklaces", Trade::Jewellery, &["necklace", "gold"]),
    branch(800_600, 0, "Phones & Electronics"),
    branch(800_610, 800_600, "Phone Accessories"),
    leaf(800_611, 800_610, "Phone Stands & Holders", Trade::Plain, &["phone", "stand"]),
    leaf(800_612, 800_610, "Chargers & Cables", Trade::Electronics, &["charger", "cable"]),
    branch(800_620, 800_600, "Audio"),
    leaf(800_621, 800_620, "Headphones", Trade::Electronics, &["headphone", "earbud"]),
    branch(800_700, 0, "Sports & Outdoor"),
    branch(800_710, 800_700, "Fitness"),
    leaf(800_711, 800_710, "Yoga Mats", Trade::Plain, &["yoga", "mat"]),
    branch(800_720, 800_700, "Hunting"),
    leaf(800_721, 800_720, "Air Guns", Trade::Weapons, &["gun", "rifle"]),
    branch(800_800, 0, "Beauty & Personal Care"),
    branch(800_810, 800_800, "Skincare"),
    leaf(800_811, 800_810, "Face Creams", Trade::Beauty, &["cream", "moisturizer"]),
    leaf(800_812, 800_810, "Serums", Trade::Beauty, &["serum"]),
    branch(800_900, 0, "Food & Beverages"),
    branch(800_910, 800_900, "Snacks"),
    leaf(800_911, 800_910, "Biscuits & Cookies", Trade::Food, &["biscuit", "cookie"]),
    branch(801_000, 0, "Garden Supplies"),
    branch(801_010, 801_000, "Planting"),
    leaf(801_011, 801_010, "Plant Kits & Seeds", Trade::Plain, &["garden", "herb", "seed"]),
    branch(801_100, 0, "Books, Magazines & Stationery"),
    branch(801_110, 801_100, "Paper Products"),
    leaf(801_111, 801_110, "Notebooks", Trade::Plain, &["notebook"]),
];
