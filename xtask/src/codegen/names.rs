//! Our names for the platform's titles.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::source::{Method, RawOperation};

/// `names.toml`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    /// Spellings to normalise before a title is cut into words, in the given order of length.
    #[serde(default)]
    pub(crate) words: BTreeMap<String, String>,
    /// family -> title -> our name, where the rule gives a bad one.
    #[serde(default)]
    pub(crate) operations: BTreeMap<String, BTreeMap<String, String>>,
    /// family -> our operation name -> the field of `data` that holds a page, where the rule cannot tell.
    #[serde(default)]
    pub(crate) items: BTreeMap<String, BTreeMap<String, String>>,
    /// family -> path of an object or value list -> type name.
    #[serde(default)]
    pub(crate) types: BTreeMap<String, BTreeMap<String, String>>,
    /// family -> type name -> paths of near-equal answers that are one thing.
    #[serde(default)]
    pub(crate) merge: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// family -> `operation.field` -> id type, where the field's name does not say whose id it is.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, BTreeMap<String, String>>,
}

impl Names {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// Our name by rule and override, before versions of one resource are brought under one name.
    pub(crate) fn operation(&self, family: &str, operation: &RawOperation) -> String {
        if let Some(name) = self.operations.get(family).and_then(|titles| titles.get(&operation.name)) {
            return name.clone();
        }
        let name = self.snake(&operation.name);
        let searches = operation.method == Method::Post && operation.path.ends_with("/search");
        match name.split_once('_') {
            Some(("get" | "list", rest)) if searches => format!("search_{rest}"),
            _ => name,
        }
    }

    /// `GetFBTMerchantMCFStatus` -> `get_fbt_merchant_mcf_status`.
    pub(crate) fn snake(&self, title: &str) -> String {
        let mut title = title.to_owned();
        let mut words: Vec<_> = self.words.iter().collect();
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        for (word, replacement) in words {
            title = title.replace(word, replacement);
        }
        snake(&title)
    }
}

/// Cuts at case changes; a run of capitals is one word.
pub(crate) fn snake(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut name = String::new();
    for (place, &current) in chars.iter().enumerate() {
        if !current.is_ascii_alphanumeric() {
            name.push('_');
            continue;
        }
        let previous = place.checked_sub(1).and_then(|place| chars.get(place)).copied().unwrap_or('_');
        let next_is_lower = chars.get(place + 1).is_some_and(char::is_ascii_lowercase);
        let starts_word = current.is_ascii_uppercase()
            && (previous.is_ascii_lowercase() || previous.is_ascii_digit() || next_is_lower);
        if starts_word && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        name.push(current.to_ascii_lowercase());
    }
    name.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

/// `search_orders` -> `SearchOrders`.
pub(crate) fn pascal(snake: &str) -> String {
    snake
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}
