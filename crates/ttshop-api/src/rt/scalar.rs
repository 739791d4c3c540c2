//! Scalars of any kind, and what each field type makes of them.

use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use ttshop_types::{
    CancelId, DecimalText, LineItemId, Masked, OrderId, PackageId, ProductId, ReturnId, SecretText, ShopId,
    SkuId, UnixSeconds, WarehouseId,
};

use super::read::{ReadValue, read_scalar};

/// A JSON scalar; lists, objects and null are nothing.
pub(crate) enum Scalar {
    /// Null, a list or an object.
    Nothing,
    /// Text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number past 63 bits: an id.
    Large(u64),
    /// Any other number.
    Float(f64),
}

impl Scalar {
    /// As text: ids and amounts arrive as numbers at times.
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(text),
            Self::Boolean(value) => Some(value.to_string()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Large(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
        }
    }

    pub(crate) fn into_integer(self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(number),
            Self::Boolean(value) => Some(i64::from(value)),
            // A whole float prints without a fraction; any other does not parse.
            other => other.into_text()?.trim().parse().ok(),
        }
    }

    fn into_float(self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(number),
            other => other.into_text()?.trim().parse().ok(),
        }
    }

    fn into_boolean(self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(value),
            Self::Integer(number) => Some(number != 0),
            other => match other.into_text()?.trim() {
                "true" | "TRUE" | "True" | "1" => Some(true),
                "false" | "FALSE" | "False" | "0" => Some(false),
                _ => None,
            },
        }
    }
}

pub(super) struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Boolean(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(number).map_or(Scalar::Large(number), Scalar::Integer))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.into()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }
}

macro_rules! scalars {
    ($($name:ty: $read:expr;)*) => {$(
        impl ReadValue for $name {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                read_scalar(deserializer).map($read)
            }
        }
    )*};
}

scalars! {
    String: Scalar::into_text;
    i64: Scalar::into_integer;
    f64: Scalar::into_float;
    bool: Scalar::into_boolean;
    DecimalText: |scalar| scalar.into_text().map(DecimalText);
    UnixSeconds: |scalar| scalar.into_integer().map(UnixSeconds);
    SecretText: |scalar| scalar.into_text().map(SecretText::from);
    Masked: |scalar| scalar.into_text().map(Masked::read);
    OrderId: |scalar| scalar.into_text().map(OrderId::from);
    LineItemId: |scalar| scalar.into_text().map(LineItemId::from);
    PackageId: |scalar| scalar.into_text().map(PackageId::from);
    ProductId: |scalar| scalar.into_text().map(ProductId::from);
    SkuId: |scalar| scalar.into_text().map(SkuId::from);
    WarehouseId: |scalar| scalar.into_text().map(WarehouseId::from);
    ShopId: |scalar| scalar.into_text().map(ShopId::from);
    CancelId: |scalar| scalar.into_text().map(CancelId::from);
    ReturnId: |scalar| scalar.into_text().map(ReturnId::from);
}

/// Reads an open enum's text.
pub(crate) fn read_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    read_scalar(deserializer).map(Scalar::into_text)
}
