//! Shapes of values.

use crate::generated::PERSONAL;

/// The shape of a value.
#[derive(Debug, PartialEq)]
pub struct Schema {
    /// What it is.
    pub kind: Kind,
    /// What its text or number means.
    pub format: Option<Format>,
    /// How wide the number is, where a source says so.
    pub bits: Option<Bits>,
    /// The items of an array or map.
    pub items: Option<&'static Schema>,
    /// The fields of an object; none where no source lists them.
    pub fields: &'static [Field],
    /// Known values: open, never exhaustive.
    pub values: &'static [&'static str],
    /// Most items of a list.
    pub max_count: Option<u32>,
    /// Most characters of a text.
    pub max_length: Option<u32>,
    /// Least and most of a number, or of a text that holds one.
    pub range: Option<(f64, f64)>,
    /// What the platform assumes when the field is missing.
    pub default: Option<&'static str>,
    /// Null was seen.
    pub nullable: bool,
}

impl Schema {
    /// A value of which nothing is known; generated literals start from it.
    pub const ANY: Self = Self {
        kind: Kind::Any,
        format: None,
        bits: None,
        items: None,
        fields: &[],
        values: &[],
        max_count: None,
        max_length: None,
        range: None,
        default: None,
        nullable: false,
    };

    /// The field `name` of an object.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(crate) const fn plain(kind: Kind) -> Self {
        Self { kind, ..Self::ANY }
    }
}

/// A named value.
#[derive(Debug, PartialEq)]
pub struct Field {
    /// The name on the wire, the platform's typos kept.
    pub name: &'static str,
    /// Its shape.
    pub schema: &'static Schema,
    /// A source says that it must be sent; silence proves nothing.
    pub required: bool,
    /// Said to be deprecated.
    pub deprecated: bool,
}

impl Field {
    pub(crate) const fn new(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, schema, required: false, deprecated: false }
    }

    pub(crate) const fn required(name: &'static str, schema: &'static Schema) -> Self {
        Self { name, schema, required: true, deprecated: false }
    }
}

/// JSON type, and what JSON has no type for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A list of `items`.
    Array,
    /// Named `fields`.
    Object,
    /// Names that the caller chooses, each with a value like `items`.
    Map,
    /// The bytes of a multipart part.
    File,
    /// Unknown.
    Any,
    /// The same as an enclosing shape.
    Recursive,
}

/// What a text or number means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMilliseconds,
    /// A currency code.
    Currency,
    /// A language tag.
    Language,
    /// RFC 3339.
    DateTime,
}

/// How wide a number is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Bits {
    /// 32 bits.
    Int32,
    /// 64 bits.
    Int64,
    /// Single precision.
    Float,
    /// Double precision.
    Double,
}

pub(crate) static TEXT: Schema = Schema::plain(Kind::String);
pub(crate) static INTEGER: Schema = Schema::plain(Kind::Integer);
pub(crate) static BOOLEAN: Schema = Schema::plain(Kind::Boolean);
pub(crate) static OBJECT: Schema = Schema::plain(Kind::Object);
pub(crate) static FILE: Schema = Schema::plain(Kind::File);

/// Whether the text `name` inside of `parent` tells of a person who buys. Lists are named like their field.
pub fn is_personal(parent: &str, name: &str) -> bool {
    PERSONAL.iter().any(|(within, known)| *known == name && (within.is_empty() || *within == parent))
}
