//! Writing models.

use serde::ser::{Serialize, SerializeMap, Serializer};
use ttshop_types::{
    CancelId, DecimalText, LineItemId, OrderId, PackageId, ProductId, ReturnId, ShopId, SkuId, UnixSeconds,
    WarehouseId,
};

/// An object that writes its fields one by one.
pub(crate) trait WriteModel {
    /// Writes every field that is set.
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// A value that can be written.
pub(crate) trait WriteValue {
    /// Writes the value.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Nothing was set, so nothing is written.
    fn is_unset(&self) -> bool {
        false
    }
}

/// Writes a field unless it is unset.
pub(crate) fn put<M: SerializeMap, T: WriteValue>(
    map: &mut M,
    name: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    if value.is_unset() { Ok(()) } else { map.serialize_entry(name, &Written(value)) }
}

/// Writes a whole model.
pub(crate) fn write_model<T: WriteModel, S: Serializer>(model: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    model.write_fields(&mut map)?;
    map.end()
}

struct Written<'value, T>(&'value T);

impl<T: WriteValue> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<T: WriteModel> WriteValue for T {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_model(self, serializer)
    }
}

impl<T: WriteValue> WriteValue for Option<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_none(),
        }
    }

    fn is_unset(&self) -> bool {
        self.is_none()
    }
}

/// An empty list is an unset one.
impl<T: WriteValue> WriteValue for Vec<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }

    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

macro_rules! written_by_serde {
    ($($name:ty)*) => {$(
        impl WriteValue for $name {
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )*};
}

written_by_serde! {
    String i64 f64 bool DecimalText UnixSeconds serde_json::Value
    OrderId LineItemId PackageId ProductId SkuId WarehouseId ShopId CancelId ReturnId
}

/// A hidden value is written as the platform printed it.
#[cfg(feature = "both")]
impl WriteValue for ttshop_types::Masked {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_printed().serialize(serializer)
    }
}

/// The emulator answers with ciphers and tokens; a client never writes them.
#[cfg(feature = "both")]
impl WriteValue for ttshop_types::SecretText {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.expose().serialize(serializer)
    }
}
