//! What products of a category say about themselves, and how their variants differ.

use crate::world::category::Trade;

/// One attribute.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: AttributeKind,
    pub(crate) required: bool,
    /// Whether sellers may write a value of their own.
    pub(crate) customizable: bool,
    pub(crate) multiple: bool,
    /// Values are positive numbers.
    pub(crate) numeric: bool,
    pub(crate) values: &'static [(&'static str, &'static str)],
    /// Required only together with this value of another attribute.
    pub(crate) only_with: Option<(&'static str, &'static str)>,
}

/// What an attribute describes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AttributeKind {
    /// How variants differ.
    Sales,
    /// The product as a whole.
    Product,
}

impl AttributeKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sales => "SALES_PROPERTY",
            Self::Product => "PRODUCT_PROPERTY",
        }
    }
}

/// The attributes of categories of a trade.
pub(crate) fn attributes(trade: Trade) -> impl Iterator<Item = &'static Attribute> {
    let own: &'static [&'static Attribute] = match trade {
        Trade::Plain | Trade::Jewellery | Trade::Weapons => &OF_GOODS,
        Trade::Apparel => &OF_APPAREL,
        Trade::Electronics => &OF_ELECTRONICS,
        Trade::Beauty => &OF_BEAUTY,
        Trade::Food => &OF_FOOD,
    };
    own.iter().copied()
}

static OF_GOODS: [&Attribute; 3] = [&COLOUR, &SPECIFICATION, &MATERIAL];
static OF_APPAREL: [&Attribute; 4] = [&COLOUR, &SIZE, &APPAREL_MATERIAL, &CARE];
static OF_ELECTRONICS: [&Attribute; 5] =
    [&COLOUR, &SPECIFICATION, &BATTERIES, &BATTERY_TYPE, &WARRANTY_MONTHS];
static OF_BEAUTY: [&Attribute; 3] = [&COLOUR, &SPECIFICATION, &INGREDIENTS];
static OF_FOOD: [&Attribute; 4] = [&COLOUR, &SPECIFICATION, &INGREDIENTS, &SHELF_LIFE_DAYS];

const PRODUCT: Attribute = Attribute {
    id: "",
    name: "",
    kind: AttributeKind::Product,
    required: false,
    customizable: true,
    multiple: false,
    numeric: false,
    values: &[],
    only_with: None,
};

static COLOUR: Attribute = Attribute {
    id: "100000",
    name: "Color",
    kind: AttributeKind::Sales,
    values: &[("1000001", "Black"), ("1000002", "White"), ("1000003", "Blue"), ("1000004", "Red")],
    ..PRODUCT
};
static SIZE: Attribute = Attribute {
    id: "100007",
    name: "Size",
    kind: AttributeKind::Sales,
    values: &[("1000701", "S"), ("1000702", "M"), ("1000703", "L"), ("1000704", "XL")],
    ..PRODUCT
};
static SPECIFICATION: Attribute =
    Attribute { id: "100089", name: "Specification", kind: AttributeKind::Sales, ..PRODUCT };
const MATERIALS: &[(&str, &str)] = &[
    ("1000401", "Cotton"),
    ("1000402", "Linen"),
    ("1000403", "Wool"),
    ("1000404", "Ceramic"),
    ("1000405", "Stainless steel"),
];
static MATERIAL: Attribute =
    Attribute { id: "100401", name: "Material", multiple: true, values: MATERIALS, ..PRODUCT };
static APPAREL_MATERIAL: Attribute = Attribute {
    id: "100401",
    name: "Material",
    required: true,
    multiple: true,
    values: MATERIALS,
    ..PRODUCT
};
static CARE: Attribute = Attribute {
    id: "100402",
    name: "Care Instructions",
    customizable: false,
    values: &[("1000411", "Machine wash"), ("1000412", "Hand wash")],
    ..PRODUCT
};
static BATTERIES: Attribute = Attribute {
    id: "101400",
    name: "Contains Batteries or Cells?",
    required: true,
    customizable: false,
    values: &[("1000058", "Yes"), ("1000059", "No")],
    ..PRODUCT
};
static BATTERY_TYPE: Attribute = Attribute {
    id: "101401",
    name: "Battery Type",
    customizable: false,
    values: &[("1014011", "Lithium-ion"), ("1014012", "Alkaline")],
    only_with: Some(("101400", "1000058")),
    ..PRODUCT
};
static WARRANTY_MONTHS: Attribute =
    Attribute { id: "100347", name: "Warranty (months)", numeric: true, ..PRODUCT };
static INGREDIENTS: Attribute = Attribute { id: "101395", name: "Ingredients", required: true, ..PRODUCT };
static SHELF_LIFE_DAYS: Attribute =
    Attribute { id: "100349", name: "Shelf Life (days)", required: true, numeric: true, ..PRODUCT };
