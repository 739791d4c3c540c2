//! Models from any serde format: what the deserializer gives is written as JSON text, and that is read.
//!
//! Answers of the platform never come this way. It exists so that models fit wherever serde is expected, at the price of a
//! second pass, and not at that of a second reader in every model.

use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::read::{ReadModel, ReadValue, decode_text};
use super::reader::Reader;

/// Reads a model; anything but an object reads as an empty one.
pub(crate) fn read_model<'de, T: ReadModel, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    decode_text(&text_of(deserializer)?).map_err(D::Error::custom)
}

/// Reads a value.
pub(crate) fn read_value<'de, T: ReadValue, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::read(&mut Reader::new(&text_of(deserializer)?)).map_err(|_| D::Error::custom("a value lies too deep"))
}

fn text_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let mut bytes = Vec::new();
    Transcript(&mut bytes).deserialize(deserializer)?;
    String::from_utf8(bytes).map_err(D::Error::custom)
}

/// Writes one value.
struct Transcript<'a>(&'a mut Vec<u8>);

impl Transcript<'_> {
    fn write<E: Error>(self, value: &impl Serialize) -> Result<(), E> {
        serde_json::to_writer(self.0, value).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Transcript<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Transcript<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what JSON can say")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.write(&())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self(out) = self;
        out.push(b'[');
        while list.next_element_seed(Transcript(&mut *out))?.is_some() {
            out.push(b',');
        }
        close(out, b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(out) = self;
        out.push(b'{');
        while let Some(name) = map.next_key::<String>()? {
            Transcript(&mut *out).write(&name)?;
            out.push(b':');
            map.next_value_seed(Transcript(&mut *out))?;
            out.push(b',');
        }
        close(out, b'}');
        Ok(())
    }
}

/// Ends a list or an object in place of its last comma.
fn close(out: &mut Vec<u8>, bracket: u8) {
    match out.last_mut() {
        Some(last) if *last == b',' => *last = bracket,
        _ => out.push(bracket),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_transcript_says_the_same() {
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!([[], {}, [{}], ","]),
            json!({"a": [1, -1, 1.5, u64::MAX, true, null, "\"\\\n,"], ",": {"b": {"c": []}}}),
        ] {
            let text = text_of(&value).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
            let again = text_of(&mut serde_json::Deserializer::from_str(&text)).unwrap();
            assert_eq!(again, text);
        }
    }
}
