//! Whether an answer is what the catalogue says.

use serde_json::{Map, Value};
use ttshop_catalogue::{Bits, Format, Kind, Schema};
use ttshop_types::Timestamp;

use crate::client::START;

/// How strict to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rigour {
    /// Fields may be missing or null.
    Types,
    /// Every field is there and holds a plausible value.
    Plausible,
}

/// Everything that is wrong with `value`.
pub(crate) fn findings(schema: &Schema, value: &Value, rigour: Rigour) -> Vec<String> {
    findings_at(START, schema, value, rigour)
}

/// The same at another time than that of the beginning.
pub(crate) fn findings_at(now: Timestamp, schema: &Schema, value: &Value, rigour: Rigour) -> Vec<String> {
    let mut findings = Vec::new();
    Walk { rigour, now: now.as_seconds(), findings: &mut findings }.value(schema, value, "data", "data");
    findings
}

struct Walk<'f> {
    rigour: Rigour,
    now: i64,
    findings: &'f mut Vec<String>,
}

impl Walk<'_> {
    fn find(&mut self, place: &str, what: &str) {
        self.findings.push(format!("{place}: {what}"));
    }

    fn value(&mut self, schema: &Schema, value: &Value, name: &str, place: &str) {
        match (schema.kind, value) {
            (_, Value::Null) if self.rigour == Rigour::Types => {}
            (Kind::Object, Value::Object(fields)) => self.object(schema, fields, place),
            (Kind::Array, Value::Array(items)) => {
                if schema.max_count.is_some_and(|most| items.len() > usize::try_from(most).unwrap()) {
                    self.find(place, "too many items");
                }
                let Some(schema) = schema.items else { return };
                for (index, item) in items.iter().enumerate() {
                    self.value(schema, item, name, &format!("{place}[{index}]"));
                }
            }
            (Kind::String, Value::String(text)) => self.text(schema, text, name, place),
            (Kind::Integer, Value::Number(number)) if number.is_i64() => {
                self.integer(schema, number.as_i64().unwrap(), name, place);
            }
            (Kind::Number, Value::Number(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Map, Value::Object(_)) => {}
            (Kind::Any, _) => {}
            (kind, value) => self.find(place, &format!("{kind:?} expected, not {value}")),
        }
    }

    fn object(&mut self, schema: &Schema, fields: &Map<String, Value>, place: &str) {
        for name in fields.keys().filter(|name| schema.field(name).is_none()) {
            self.find(place, &format!("unknown field {name}"));
        }
        for field in schema.fields {
            match fields.get(field.name) {
                Some(value) => {
                    self.value(field.schema, value, field.name, &format!("{place}.{}", field.name));
                }
                // Where nothing failed there is nothing to say about failures.
                None if field.name == "error" || place.ends_with("update_failed") => {}
                None if self.rigour == Rigour::Plausible => self.find(place, &format!("no {}", field.name)),
                None => {}
            }
        }
        let seconds = |name: &str| fields.get(name).and_then(Value::as_i64);
        if let (Some(created), Some(updated)) = (seconds("create_time"), seconds("update_time"))
            && created > updated
        {
            self.find(place, "updated before it was created");
        }
    }

    fn text(&mut self, schema: &Schema, text: &str, name: &str, place: &str) {
        if self.rigour == Rigour::Types {
            return;
        }
        if !schema.values.is_empty() && !schema.values.contains(&text) {
            self.find(place, &format!("{text} is no known value"));
        }
        if schema.max_length.is_some_and(|most| text.chars().count() > usize::try_from(most).unwrap()) {
            self.find(place, "too long");
        }
        let last = name.rsplit('_').next().unwrap();
        let open = schema.values.is_empty();
        if open
            && last == "id"
            && !((18..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        {
            self.find(place, &format!("{text} is no id"));
        }
        if open && matches!(last, "amount" | "price" | "fee") && !is_decimal(text) {
            self.find(place, &format!("{text} is no amount"));
        }
        if schema.format == Some(Format::Currency)
            && open
            && last != "amount"
            && !matches!(text, "USD" | "GBP")
        {
            self.find(place, &format!("{text} is not the shop's currency"));
        }
        if schema.format == Some(Format::UnixSeconds) && text.parse::<i64>().is_err() {
            self.find(place, &format!("{text} is no time"));
        }
    }

    fn integer(&mut self, schema: &Schema, number: i64, name: &str, place: &str) {
        if schema.bits == Some(Bits::Int32) && i32::try_from(number).is_err() {
            self.find(place, "wider than 32 bits");
        }
        let value: f64 = number.to_string().parse().unwrap();
        if schema.range.is_some_and(|(least, most)| !(least..=most).contains(&value)) {
            self.find(place, &format!("{number} is out of range"));
        }
        let now = self.now;
        let seconds = schema.format == Some(Format::UnixSeconds);
        if seconds && !(now - 90 * 86_400..now + 90 * 86_400).contains(&number) {
            self.find(place, &format!("{number} is far from now"));
        }
        if seconds && matches!(name, "create_time" | "update_time") && number > now {
            self.find(place, "ahead of the clock");
        }
    }
}

fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
