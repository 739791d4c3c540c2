//! Which Rust type a scalar gets, by its type, name and place.

use crate::codegen::source::{Format, Kind, RawSchema};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Leaf {
    Text,
    Id(&'static str),
    Decimal,
    Seconds,
    Integer,
    Float,
    Boolean,
    Secret,
    Masked,
    Json,
    File,
}

impl Leaf {
    pub(crate) fn rust(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Id(name) => name,
            Self::Decimal => "DecimalText",
            Self::Seconds => "UnixSeconds",
            Self::Integer => "i64",
            Self::Float => "f64",
            Self::Boolean => "bool",
            Self::Secret => "SecretText",
            Self::Masked => "Masked",
            Self::Json => "Value",
            Self::File => "FileUpload",
        }
    }
}

/// Which way a shape travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    Response,
    /// What the platform pushes, where ids are numbers or text.
    Event,
    Body,
    /// The query, where every value is text.
    Query,
}

impl Direction {
    /// Whether the platform is the one who writes.
    pub(crate) fn is_inbound(self) -> bool {
        matches!(self, Self::Response | Self::Event)
    }
}

const IDS: [(&str, &str); 11] = [
    ("order", "OrderId"),
    ("main_order", "OrderId"),
    ("product", "ProductId"),
    ("sku", "SkuId"),
    ("package", "PackageId"),
    ("warehouse", "WarehouseId"),
    ("shop", "ShopId"),
    ("cancel", "CancelId"),
    ("return", "ReturnId"),
    ("line_item", "LineItemId"),
    ("order_line_item", "LineItemId"),
];

/// Last words of names whose text is an amount of money.
const AMOUNTS: [&str; 13] = [
    "amount",
    "price",
    "fee",
    "tax",
    "total",
    "discount",
    "subsidy",
    "gmv",
    "commission",
    "cost",
    "deduction",
    "revenue",
    "balance",
];

const SECRETS: [&str; 5] = ["cipher", "access_token", "refresh_token", "token", "app_secret"];

/// The type of the scalar `name` inside the field `parent` (empty at the root).
pub(crate) fn leaf(schema: &RawSchema, name: &str, parent: &str, direction: Direction) -> Leaf {
    match schema.kind {
        Kind::Boolean => Leaf::Boolean,
        Kind::Number => Leaf::Float,
        Kind::File => Leaf::File,
        Kind::Integer if schema.format == Some(Format::UnixSeconds) => Leaf::Seconds,
        Kind::Integer if direction == Direction::Query => id(name, parent).map_or(Leaf::Integer, Leaf::Id),
        Kind::Integer if direction == Direction::Event && is_id(name) => {
            id(name, parent).map_or(Leaf::Text, Leaf::Id)
        }
        Kind::Integer => Leaf::Integer,
        Kind::String => text(schema, name, parent, direction),
        Kind::Array | Kind::Object | Kind::Map | Kind::Any | Kind::Recursive => Leaf::Json,
    }
}

fn text(schema: &RawSchema, name: &str, parent: &str, direction: Direction) -> Leaf {
    let last_word = name.rsplit('_').next().unwrap_or_default();
    if schema.format == Some(Format::UnixSeconds) && direction != Direction::Body {
        return Leaf::Seconds;
    }
    if direction.is_inbound() && SECRETS.contains(&name) {
        return Leaf::Secret;
    }
    if direction.is_inbound() && schema.personal || direction == Direction::Event && name == "content" {
        return Leaf::Masked;
    }
    if let Some(id) = id(name, parent) {
        return Leaf::Id(id);
    }
    if schema.values.is_empty() && schema.format.is_none() && AMOUNTS.contains(&last_word) {
        return Leaf::Decimal;
    }
    Leaf::Text
}

/// Whether a number is a name, not a quantity.
fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("_id") || name.ends_with("_ids")
}

fn id(name: &str, parent: &str) -> Option<&'static str> {
    let named = singular(name.trim_end_matches("_list"));
    let noun = match named.strip_suffix("_id") {
        Some(noun) => noun.to_owned(),
        None if name == "id" => singular(parent),
        None => return None,
    };
    IDS.iter().find(|(candidate, _)| *candidate == noun).map(|(_, id)| *id)
}

/// `categories` -> `category`; words that are no plural stay.
pub(crate) fn singular(word: &str) -> String {
    let stays = ["series", "goods", "sms", "news", "process", "status", "address", "basis", "canvas"];
    let last = word.rsplit('_').next().unwrap_or_default();
    if stays.contains(&last) || last.len() < 3 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes", "tuses"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}
