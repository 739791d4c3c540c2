//! Amounts in minor units, printed as the platform prints them.

use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize, Serializer};

/// An amount in the currency's smallest unit: cents of a dollar, whole yen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Minor(pub i64);

impl Add for Minor {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Minor {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Minor {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Add::add)
    }
}

impl Minor {
    /// `percent` of a hundred, rounded down.
    pub(crate) fn percent(self, percent: i64) -> Self {
        Self(self.0.saturating_mul(percent) / 100)
    }

    /// Reads decimal text with at most `decimals` digits after the point, without a sign.
    pub(crate) fn parse(text: &str, decimals: u32) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let places = usize::try_from(decimals).ok()?;
        let ends_in_point = text.ends_with('.');
        if whole.is_empty()
            || ends_in_point
            || fraction.len() > places
            || !is_digits(whole)
            || !is_digits(fraction)
        {
            return None;
        }
        format!("{whole}{fraction:0<places$}").parse().ok().map(Self)
    }

    /// The amount as text of a currency with `decimals` digits after the point.
    pub(crate) fn text(self, decimals: u32) -> Amount {
        Amount { minor: self, decimals }
    }
}

/// Digits after the point of a currency (ISO 4217).
pub(crate) fn decimals_of(currency: &str) -> u32 {
    match currency {
        "JPY" | "VND" | "IDR" => 0,
        _ => 2,
    }
}

/// An amount that serialises as decimal text, such as `"12.30"`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    minor: Minor,
    decimals: u32,
}

/// Sign, 19 digits, a point and a leading zero.
const AMOUNT_LENGTH_MAX: usize = 24;

impl Amount {
    /// Writes the digits from the right into `buffer`; returns where they start. Amounts are most of an order's JSON, so
    /// this does not go through `fmt`.
    fn write(self, buffer: &mut [u8; AMOUNT_LENGTH_MAX]) -> usize {
        let mut rest = self.minor.0.unsigned_abs();
        let mut start = buffer.len();
        let mut push = |byte: u8| {
            start -= 1;
            buffer[start] = byte;
        };
        for _ in 0..self.decimals {
            push(take_digit(&mut rest));
        }
        if self.decimals > 0 {
            push(b'.');
        }
        push(take_digit(&mut rest));
        while rest > 0 {
            push(take_digit(&mut rest));
        }
        if self.minor.0 < 0 {
            push(b'-');
        }
        start
    }
}

fn take_digit(rest: &mut u64) -> u8 {
    let digit = *rest % 10;
    *rest /= 10;
    b'0' + u8::try_from(digit).expect("a digit is below ten")
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = [0; AMOUNT_LENGTH_MAX];
        let start = self.write(&mut buffer);
        serializer.serialize_str(std::str::from_utf8(&buffer[start..]).expect("digits are ASCII"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_as_the_platform_prints_them() {
        let cases = [
            (0, 2, "\"0.00\""),
            (5, 2, "\"0.05\""),
            (1230, 2, "\"12.30\""),
            (-99, 2, "\"-0.99\""),
            (0, 0, "\"0\""),
            (1500, 0, "\"1500\""),
            (i64::MAX, 2, "\"92233720368547758.07\""),
            (i64::MIN, 2, "\"-92233720368547758.08\""),
        ];
        for (minor, decimals, expected) in cases {
            assert_eq!(serde_json::to_string(&Minor(minor).text(decimals)).unwrap(), expected);
        }
    }

    #[test]
    fn amounts_are_read_as_they_are_printed() {
        for (text, decimals, minor) in [
            ("12.3", 2, Some(1230)),
            ("12", 2, Some(1200)),
            ("0.05", 2, Some(5)),
            ("1500", 0, Some(1500)),
            ("1.234", 2, None),
            ("1.", 2, None),
            (".5", 2, None),
            ("-1", 2, None),
            ("1.5", 0, None),
            ("", 2, None),
        ] {
            assert_eq!(Minor::parse(text, decimals), minor.map(Minor), "{text}");
        }
    }

    #[test]
    fn yen_has_no_cents() {
        assert_eq!((decimals_of("JPY"), decimals_of("USD")), (0, 2));
    }
}
