//! Weight and size of a parcel.

use serde_json::{Value, json};

use crate::family::fulfillment::body::text_of;
use crate::family::fulfillment::refusal;
use crate::gateway::Refusal;
use crate::world::package::Measures;

/// A weight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Grams(pub(super) u64);

/// What a call says about a parcel.
pub(super) struct Measured {
    pub(super) measures: Measures,
    pub(super) grams: Grams,
}

/// What a parcel weighs of which nobody says what it weighs.
const USUAL: Grams = Grams(500);
const GRAMS_PER_POUND: u64 = 454;

/// Both may be missing; numbers that are none are refused.
pub(super) fn read(body: &Value) -> Result<Measured, Refusal> {
    let (mut measures, mut grams) = (Measures { weight: None, dimension: None }, USUAL);
    if let Some(weight) = body.get("weight").filter(|weight| !weight.is_null()) {
        let (value, unit) = (text_of(weight, "value"), text_of(weight, "unit"));
        let thousandths = thousandths(value).filter(|value| *value > 0).ok_or_else(refusal::parameter)?;
        grams = Grams(match unit {
            "GRAM" => thousandths.div_ceil(1_000),
            "POUND" => thousandths.saturating_mul(GRAMS_PER_POUND).div_ceil(1_000),
            _ => return Err(refusal::parameter()),
        });
        measures.weight = Some((value.into(), unit.into()));
    }
    if let Some(size) = body.get("dimension").filter(|size| !size.is_null()) {
        let fields = ["length", "width", "height", "unit"].map(|name| text_of(size, name));
        let positive = |text: &&str| thousandths(text).is_some_and(|value| value > 0);
        if !fields[..3].iter().all(positive) || !matches!(fields[3], "CM" | "INCH") {
            return Err(refusal::parameter());
        }
        measures.dimension = Some(fields.map(Into::into));
    }
    Ok(Measured { measures, grams })
}

/// The same, as an answer says it.
pub(super) fn value(measures: &Measures) -> Value {
    let mut value = json!({});
    if let Some((weight, unit)) = &measures.weight {
        value["weight"] = json!({ "value": weight, "unit": unit });
    }
    if let Some([length, width, height, unit]) = &measures.dimension {
        value["dimension"] = json!({ "length": length, "width": width, "height": height, "unit": unit });
    }
    value
}

/// A decimal number without sign, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty()
        || fraction.len() > 3
        || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return None;
    }
    let fraction: u64 = format!("{fraction:0<3}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_in_both_units() {
        let grams = |value: &str, unit: &str| {
            read(&json!({ "weight": { "value": value, "unit": unit } })).ok().map(|read| read.grams.0)
        };
        assert_eq!(grams("250", "GRAM"), Some(250));
        assert_eq!(grams("0.2", "GRAM"), Some(1), "rounded up");
        assert_eq!(grams("1.5", "POUND"), Some(681));
        for wrong in ["", "0", "-1", "1,5", "1.2345", "x", ".", "1.2.3"] {
            assert_eq!(grams(wrong, "GRAM"), None, "{wrong}");
        }
        assert_eq!(grams("1", "STONE"), None);
    }
}
