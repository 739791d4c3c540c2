//! Values that the platform hides.

use std::fmt;

/// A buyer's value that may be hidden: `**** Smith`, `(+1)2*****89`.
///
/// The platform prints hidden values in the field of the clear one. [`Masked`] keeps them apart, so that a hidden value is
/// never mistaken for a clear one and never overwrites it.
#[derive(Clone, PartialEq, Eq)]
pub enum Masked {
    /// The platform showed the value.
    Clear(String),
    /// The platform showed asterisks in place of some or all of it.
    Hidden(String),
}

impl Masked {
    /// Reads a wire value: two asterisks in a row mean that something was hidden.
    pub fn read(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.contains("**") || text.trim() == "*" { Self::Hidden(text) } else { Self::Clear(text) }
    }

    /// The value, if the platform showed it.
    pub fn clear(&self) -> Option<&str> {
        match self {
            Self::Clear(text) => Some(text),
            Self::Hidden(_) => None,
        }
    }

    /// The text as it was printed, hidden or not.
    pub fn as_printed(&self) -> &str {
        match self {
            Self::Clear(text) | Self::Hidden(text) => text,
        }
    }

    /// What to keep when `newer` arrives: a hidden value never replaces a clear one.
    #[must_use]
    pub fn merged_with(self, newer: Self) -> Self {
        match (self, newer) {
            (kept @ Self::Clear(_), Self::Hidden(_)) => kept,
            (_, newer) => newer,
        }
    }
}

/// Buyers' data redacts itself.
impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clear(_) => "Clear(<redacted>)",
            Self::Hidden(_) => "Hidden(<redacted>)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisks_hide() {
        for hidden in ["****", "J*** ***th", "(+1)20*****89", "**"] {
            assert_eq!(Masked::read(hidden).clear(), None, "{hidden}");
        }
        for clear in ["Jane Smith", "", "5 * 3 Example Road"] {
            assert_eq!(Masked::read(clear).clear(), Some(clear));
        }
    }

    #[test]
    fn hidden_never_replaces_clear() {
        let kept = Masked::read("Jane Smith").merged_with(Masked::read("J*** S****"));
        assert_eq!(kept.clear(), Some("Jane Smith"));
        let learnt = Masked::read("J*** S****").merged_with(Masked::read("Jane Smith"));
        assert_eq!(learnt.clear(), Some("Jane Smith"));
    }

    #[test]
    fn debug_shows_no_buyer() {
        assert!(!format!("{:?}", Masked::read("Jane Smith")).contains("Jane"));
    }
}
