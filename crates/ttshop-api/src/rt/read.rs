//! Reading models.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};

use super::scalar::ScalarVisitor;

/// An object with known field names.
pub(crate) trait ReadModel: Default {
    /// Names on the wire; a field's place in this list is its number.
    const FIELDS: &'static [&'static str];

    /// Reads the value of field number `field` from `map`.
    fn read_field<'de, A: MapAccess<'de>>(&mut self, field: usize, map: &mut A) -> Result<(), A::Error>;
}

/// A value that reads as nothing when it is null or of the wrong kind.
pub(crate) trait ReadValue: Sized {
    /// Reads any JSON value.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

impl<T: ReadModel> ReadValue for T {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(ModelVisitor(PhantomData))
    }
}

/// Where a field's value goes.
pub(crate) trait Slot {
    /// Replaces the value.
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

impl<T: ReadValue> Slot for Option<T> {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = T::read(deserializer)?;
        Ok(())
    }
}

/// A list, which is empty when missing, and a required field of a request.
impl<T: ReadValue + Default> Slot for T {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = T::read(deserializer)?.unwrap_or_default();
        Ok(())
    }
}

/// Reads the next value of `map` into `slot`.
pub(crate) fn take<'de, A: MapAccess<'de>, S: Slot>(map: &mut A, slot: &mut S) -> Result<(), A::Error> {
    map.next_value_seed(SlotSeed(slot))
}

/// Passes over the next value of `map`.
pub(crate) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Reads a whole model; anything but an object reads as an empty one.
pub(crate) fn read_model<'de, T: ReadModel, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer).map(Option::unwrap_or_default)
}

/// Reads the bytes of `data`; no bytes read as an empty model.
pub(crate) fn decode<T: ReadModel>(data: &[u8]) -> Result<T, serde_json::Error> {
    if data.trim_ascii().is_empty() {
        return Ok(T::default());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(data);
    let model = read_model(&mut deserializer)?;
    deserializer.end()?;
    Ok(model)
}

/// Reads the bytes of a `data` that is wrapped in a second `data`, or is not after all.
pub(crate) fn decode_wrapped<T: ReadModel>(data: &[u8]) -> Result<T, serde_json::Error> {
    let wrapper: Wrapper<'_> = serde_json::from_slice(data).unwrap_or_default();
    decode(wrapper.data.map_or(data, |inner| inner.get().as_bytes()))
}

#[derive(Default, serde::Deserialize)]
struct Wrapper<'a> {
    #[serde(borrow)]
    data: Option<&'a serde_json::value::RawValue>,
}

struct SlotSeed<'slot, S>(&'slot mut S);

impl<'de, S: Slot> DeserializeSeed<'de> for SlotSeed<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.fill(deserializer)
    }
}

struct ValueSeed<T>(PhantomData<T>);

impl<'de, T: ReadValue> DeserializeSeed<'de> for ValueSeed<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer)
    }
}

/// Finds a field's number; one type for all models.
struct FieldSeed {
    names: &'static [&'static str],
    /// Fields mostly come in the order they are declared in, so the search begins behind the last one.
    next: usize,
}

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let found =
            |places: std::ops::Range<usize>| places.into_iter().find(|place| self.names[*place] == name);
        let next = self.next.min(self.names.len());
        Ok(found(next..self.names.len()).or_else(|| found(0..next)).unwrap_or(usize::MAX))
    }
}

struct ModelVisitor<T>(PhantomData<T>);

/// Everything but an object is nothing: the platform writes `null`, `""` and `[]` for a missing object.
impl<'de, T: ReadModel> Visitor<'de> for ModelVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut model = T::default();
        let mut next = 0;
        while let Some(field) = map.next_key_seed(FieldSeed { names: T::FIELDS, next })? {
            model.read_field(field, &mut map)?;
            // An unknown field does not move the place.
            next = if field == usize::MAX { next } else { field + 1 };
        }
        Ok(Some(model))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Option<T>, E> {
        Ok(None)
    }
}

struct ListVisitor<T>(PhantomData<T>);

/// A single value where a list belongs is a list of one; null items are left out.
impl<'de, T: ReadValue> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(ValueSeed(PhantomData))? {
            items.extend(item);
        }
        Ok(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        T::read(MapAccessDeserializer::new(map)).map(Vec::from_iter)
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Vec<T>, E> {
        T::read(value.into_deserializer()).map(Vec::from_iter)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Vec<T>, E> {
        T::read(value.into_deserializer()).map(Vec::from_iter)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Vec<T>, E> {
        T::read(value.into_deserializer()).map(Vec::from_iter)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Vec<T>, E> {
        T::read(value.into_deserializer()).map(Vec::from_iter)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Vec<T>, E> {
        if value.is_empty() {
            return Ok(Vec::new());
        }
        T::read(value.into_deserializer()).map(Vec::from_iter)
    }
}

impl ReadValue for serde_json::Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value: Self = serde::Deserialize::deserialize(deserializer)?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }
}

impl<T: ReadValue> ReadValue for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData)).map(Some)
    }
}

/// A scalar read by the one visitor all scalars share.
pub(crate) fn read_scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<super::Scalar, D::Error> {
    deserializer.deserialize_any(ScalarVisitor)
}
