//! Scalars of any kind, and what each field type makes of them.

use std::borrow::Cow;

use ttshop_types::{
    CancelId, DecimalText, LineItemId, Masked, OrderId, PackageId, ProductId, ReturnId, SecretText, ShopId,
    SkuId, UnixSeconds, WarehouseId,
};

use super::read::ReadValue;
use super::reader::{NotJson, Reader};

/// A JSON scalar as it is written; lists, objects and null are nothing.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Scalar<'text> {
    /// Null, a list or an object.
    Nothing,
    /// Text.
    Text(Cow<'text, str>),
    /// True or false.
    Boolean(bool),
    /// A number; ids and amounts have more digits than any number type.
    Number(&'text str),
}

impl<'text> Scalar<'text> {
    /// As text: ids and amounts arrive as numbers at times. A number stays as it is written, unless it has an exponent.
    pub(crate) fn into_cow(self) -> Option<Cow<'text, str>> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(text),
            Self::Boolean(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
            Self::Number(written) if written.contains(['e', 'E']) => {
                float(written).map(|number| number.to_string().into())
            }
            Self::Number(written) => Some(Cow::Borrowed(written)),
        }
    }

    pub(crate) fn into_text(self) -> Option<String> {
        self.into_cow().map(Cow::into_owned)
    }

    pub(crate) fn into_integer(self) -> Option<i64> {
        match self {
            Self::Boolean(value) => Some(i64::from(value)),
            // A whole float prints without a fraction; any other does not parse.
            Self::Number(written) => {
                written.parse().ok().or_else(|| float(written)?.to_string().parse().ok())
            }
            other => other.into_cow()?.trim().parse().ok(),
        }
    }

    fn into_float(self) -> Option<f64> {
        match self {
            Self::Number(written) => float(written),
            other => other.into_cow()?.trim().parse().ok(),
        }
    }

    fn into_boolean(self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(value),
            Self::Number(written) => float(written).map(|number| number != 0.0),
            other => match other.into_cow()?.trim() {
                "true" | "TRUE" | "True" | "1" => Some(true),
                "false" | "FALSE" | "False" | "0" => Some(false),
                _ => None,
            },
        }
    }
}

/// Numbers beyond all bounds are nothing.
fn float(written: &str) -> Option<f64> {
    written.parse().ok().filter(|number: &f64| number.is_finite())
}

macro_rules! scalars {
    ($($name:ty: $read:expr;)*) => {$(
        impl ReadValue for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
                reader.scalar().map($read)
            }
        }
    )*};
}

macro_rules! texts {
    ($($name:ty: $read:expr;)*) => {$(
        impl ReadValue for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
                Ok(reader.text()?.map(|text| $read(text.into_owned())))
            }
        }
    )*};
}

scalars! {
    i64: Scalar::into_integer;
    f64: Scalar::into_float;
    bool: Scalar::into_boolean;
    UnixSeconds: |scalar| scalar.into_integer().map(UnixSeconds);
}

texts! {
    String: std::convert::identity;
    DecimalText: DecimalText;
    SecretText: SecretText::from;
    Masked: Masked::read;
    OrderId: OrderId::from;
    LineItemId: LineItemId::from;
    PackageId: PackageId::from;
    ProductId: ProductId::from;
    SkuId: SkuId::from;
    WarehouseId: WarehouseId::from;
    ShopId: ShopId::from;
    CancelId: CancelId::from;
    ReturnId: ReturnId::from;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str) -> Scalar<'_> {
        Reader::new(text).scalar().unwrap()
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        for written in ["1.10", "-0.0", "5764614130387857521234567890", "0.30000000000000004"] {
            assert_eq!(scalar(written).into_text().as_deref(), Some(written));
        }
        assert_eq!(scalar("1.5e3").into_text().as_deref(), Some("1500"));
        assert_eq!(scalar("1e999").into_text(), None);
    }

    #[test]
    fn whole_numbers_are_read_from_whatever_means_one() {
        for (written, expected) in [
            ("7", Some(7)),
            ("-0", Some(0)),
            ("7.0", Some(7)),
            ("7e2", Some(700)),
            ("\" 7 \"", Some(7)),
            ("true", Some(1)),
            ("7.5", None),
            ("18446744073709551615", None),
            ("\"seven\"", None),
            ("null", None),
            ("[7]", None),
        ] {
            assert_eq!(scalar(written).into_integer(), expected, "{written}");
        }
    }

    #[test]
    fn truth_is_a_number_or_a_word() {
        for (written, expected) in [
            ("true", Some(true)),
            ("0", Some(false)),
            ("-1", Some(true)),
            ("1.0", Some(true)),
            ("\"False\"", Some(false)),
            ("\"1\"", Some(true)),
            ("\"yes\"", None),
            ("{}", None),
        ] {
            assert_eq!(scalar(written).into_boolean(), expected, "{written}");
        }
    }
}
