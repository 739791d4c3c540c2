//! Reading models.

use super::reader::{NotJson, Reader, explain};
use super::{Fields, fields};
use crate::envelope::{Envelope, EnvelopeError};

/// An object with known field names.
pub(crate) trait ReadModel: Default {
    /// Names on the wire, and their numbers.
    const FIELDS: Fields;

    /// Reads the value of field number `field`.
    fn read_field(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<(), NotJson>;
}

/// A value that reads as nothing when it is null or of the wrong kind.
pub(crate) trait ReadValue: Sized {
    /// Reads any JSON value.
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, NotJson>;

    /// Reads any JSON value in its place.
    fn read_into(reader: &mut Reader<'_>, slot: &mut Option<Self>) -> Result<(), NotJson> {
        *slot = Self::read(reader)?;
        Ok(())
    }

    /// Reads any JSON value to the end of a list.
    fn read_item(reader: &mut Reader<'_>, list: &mut Vec<Self>) -> Result<(), NotJson> {
        list.extend(Self::read(reader)?);
        Ok(())
    }
}

/// Everything but an object is nothing: the platform writes `null`, `""` and `[]` for a missing object.
///
/// Models are large, so they are filled where they stay.
impl<T: ReadModel> ReadValue for T {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let mut slot = None;
        Self::read_into(reader, &mut slot)?;
        Ok(slot)
    }

    fn read_into(reader: &mut Reader<'_>, slot: &mut Option<Self>) -> Result<(), NotJson> {
        *slot = None;
        if reader.peek() != Some(b'{') {
            return reader.skip();
        }
        read_fields(reader, slot.insert(Self::default()))
    }

    fn read_item(reader: &mut Reader<'_>, list: &mut Vec<Self>) -> Result<(), NotJson> {
        if reader.peek() != Some(b'{') {
            return reader.skip();
        }
        read_fields(reader, list.push_mut(Self::default()))
    }
}

/// Where a field's value goes.
pub(crate) trait Slot {
    /// Replaces the value.
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), NotJson>;
}

impl<T: ReadValue> Slot for Option<T> {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), NotJson> {
        T::read_into(reader, self)
    }
}

/// A list, which is empty when missing, and a required field of a request.
impl<T: ReadValue + Default> Slot for T {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), NotJson> {
        *self = T::read(reader)?.unwrap_or_default();
        Ok(())
    }
}

/// Reads a value into `slot`.
pub(crate) fn take<S: Slot>(reader: &mut Reader<'_>, slot: &mut S) -> Result<(), NotJson> {
    slot.fill(reader)
}

/// Reads the text of `data`; no text reads as an empty model, and so does anything but an object.
pub(crate) fn decode<T: ReadModel>(data: &[u8]) -> Result<T, serde_json::Error> {
    let data = std::str::from_utf8(data).map_err(serde::de::Error::custom)?;
    decode_text(data)
}

pub(crate) fn decode_text<T: ReadModel>(data: &str) -> Result<T, serde_json::Error> {
    let mut model = T::default();
    let mut reader = Reader::new(data);
    let read = if reader.peek().is_none() { Ok(()) } else { read_root(&mut reader, &mut model) };
    match read.and_then(|()| reader.end()) {
        Ok(()) => Ok(model),
        Err(NotJson) => Err(explain(data)),
    }
}

/// Opens an answer and reads its `data` on the way. No `data` is an empty model; one that cannot be read is none, and
/// [`decode`] says why.
pub(crate) fn open<T: ReadModel>(body: &[u8]) -> Result<(Envelope<'_>, Option<T>), EnvelopeError> {
    let mut model = T::default();
    let mut read = |reader: &mut Reader<'_>| {
        model = T::default();
        read_root(reader, &mut model)
    };
    match Envelope::read(body, &mut read) {
        Ok(envelope) => Ok((envelope, Some(model))),
        Err(_) => Envelope::parse(body).map(|envelope| (envelope, None)),
    }
}

/// Anything but an object leaves the model empty.
fn read_root<T: ReadModel>(reader: &mut Reader<'_>, model: &mut T) -> Result<(), NotJson> {
    if reader.peek() == Some(b'{') { read_fields(reader, model) } else { reader.skip() }
}

/// Reads the text of a `data` that is wrapped in a second `data`, or is not after all.
pub(crate) fn decode_wrapped<T: ReadModel>(data: &[u8]) -> Result<T, serde_json::Error> {
    let data = std::str::from_utf8(data).map_err(serde::de::Error::custom)?;
    decode_text(wrapped(data).unwrap_or(data))
}

/// The text of the field `data`, unless that is missing or null.
fn wrapped(data: &str) -> Option<&str> {
    const FIELDS: Fields = fields!["data"];
    let mut inner = None;
    let mut reader = Reader::new(data);
    read_object(&mut reader, &FIELDS, &mut |_, reader| {
        inner = Some(reader.raw()?);
        Ok(())
    })
    .ok()?;
    inner.filter(|inner| *inner != "null")
}

/// Reads an object, which begins here, field by field.
fn read_fields<T: ReadModel>(reader: &mut Reader<'_>, model: &mut T) -> Result<(), NotJson> {
    read_object(reader, &T::FIELDS, &mut |field, reader| model.read_field(field, reader))
}

/// One function for all models: fields mostly come in the order in which they are declared, so the one behind the last is
/// tried before any is looked up. An unknown field does not move the place.
pub(crate) fn read_object<'text>(
    reader: &mut Reader<'text>,
    fields: &Fields,
    read_field: &mut dyn FnMut(usize, &mut Reader<'text>) -> Result<(), NotJson>,
) -> Result<(), NotJson> {
    let mut next = 0;
    reader.take(b'{')?;
    if reader.take_if(b'}') {
        return Ok(());
    }
    loop {
        reader.peek();
        let field = match fields.name(next) {
            Some(name) if reader.take_name(name) => Some(next),
            _ => fields.find(&reader.string()?),
        };
        reader.take(b':')?;
        match field {
            Some(field) => {
                next = field + 1;
                read_field(field, reader)?;
            }
            None => reader.skip()?,
        }
        if !reader.more(b'}')? {
            return Ok(());
        }
    }
}

/// A single value where a list belongs is a list of one; null items are left out.
impl<T: ReadValue> ReadValue for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let mut items = Self::new();
        match reader.peek() {
            Some(b'[') => {
                reader.take(b'[')?;
                let mut more = !reader.take_if(b']');
                while more {
                    T::read_item(reader, &mut items)?;
                    more = reader.more(b']')?;
                }
            }
            Some(b'n') => reader.skip()?,
            Some(b'"') if reader.take_name("") => {}
            _ => T::read_item(reader, &mut items)?,
        }
        Ok(Some(items))
    }
}

impl ReadValue for serde_json::Value {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let value: Self = serde_json::from_str(reader.raw()?).map_err(|_| NotJson)?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }
}

/// Reads an open enum: no text and the empty text are no value.
pub(crate) fn read_text<T: for<'a> From<&'a str>>(reader: &mut Reader<'_>) -> Result<Option<T>, NotJson> {
    let text = reader.text()?;
    Ok(text.filter(|text| !text.is_empty()).map(|text| T::from(&text)))
}
