//! Money: decimal text at the wire, [`Money`] inside, never a float.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An amount exactly as the platform printed it; the mirror keeps this text.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DecimalText(pub String);

impl DecimalText {
    /// The amount as a number.
    ///
    /// # Errors
    /// The text is no decimal number of at most 28 digits.
    pub fn parse(&self) -> Result<Decimal, MoneyError> {
        Decimal::from_str_exact(self.0.trim()).map_err(|_| MoneyError::NotADecimal(self.0.clone()))
    }
}

/// An amount in one currency (ISO 4217). Amounts of two currencies never meet.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// Of what: an ISO 4217 code such as `GBP`.
    pub currency: String,
}

impl Money {
    /// Reads the platform's pair of amount and currency.
    ///
    /// # Errors
    /// The amount is no decimal number.
    pub fn parse(amount: &DecimalText, currency: &str) -> Result<Self, MoneyError> {
        Ok(Self { amount: amount.parse()?, currency: currency.into() })
    }

    /// The sum of both.
    ///
    /// # Errors
    /// The currencies differ, or the sum has more digits than a [`Decimal`] holds.
    pub fn checked_add(&self, other: &Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrenciesDiffer(self.currency.clone(), other.currency.clone()));
        }
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::TooLarge)?;
        Ok(Self { amount, currency: self.currency.clone() })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// Why an amount could not be read or added.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The text is no decimal number.
    #[error("`{0}` is no decimal amount")]
    NotADecimal(String),
    /// Two currencies met.
    #[error("cannot add `{1}` to `{0}`")]
    CurrenciesDiffer(String, String),
    /// The result has more than 28 digits.
    #[error("the amount has too many digits")]
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        let ten = Money::parse(&DecimalText("0.10".into()), "USD").unwrap();
        let twenty = Money::parse(&DecimalText("0.20".into()), "USD").unwrap();
        assert_eq!(ten.checked_add(&twenty).unwrap().to_string(), "0.30 USD");
    }

    #[test]
    fn currencies_never_meet() {
        let dollars = Money::parse(&DecimalText("1".into()), "USD").unwrap();
        let pounds = Money::parse(&DecimalText("1".into()), "GBP").unwrap();
        assert_eq!(
            dollars.checked_add(&pounds),
            Err(MoneyError::CurrenciesDiffer("USD".into(), "GBP".into()))
        );
    }

    #[test]
    fn words_are_no_amount() {
        assert!(DecimalText("twelve".into()).parse().is_err());
        assert!(DecimalText(String::new()).parse().is_err());
    }
}
