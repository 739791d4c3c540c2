//! Manufacturers and responsible persons, whom products in the European Union must name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::world::ThingNo;

/// What is said about somebody, by language.
type Profiles = BTreeMap<String, Map<String, Value>>;

/// One manufacturer or responsible person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) number: ThingNo,
    /// The language it was made in.
    pub(crate) first_locale: String,
    pub(crate) profiles: Profiles,
}

impl Record {
    /// The profile that older versions of the API show.
    pub(crate) fn first(&self) -> Map<String, Value> {
        self.profiles.get(&self.first_locale).cloned().unwrap_or_default()
    }

    /// Whether a name in any language holds `keyword`.
    pub(crate) fn is_called(&self, keyword: &str) -> bool {
        let keyword = keyword.to_lowercase();
        self.profiles.values().any(|profile| {
            profile
                .get("name")
                .and_then(Value::as_str)
                .is_some_and(|name| name.to_lowercase().contains(&keyword))
        })
    }

    /// Overwrites what `changes` names in one language; a language that is new starts from the first.
    pub(crate) fn merge(&mut self, locale: &str, changes: Map<String, Value>) {
        let first = self.first();
        let profile = self.profiles.entry(locale.to_owned()).or_insert(first);
        profile.extend(changes);
    }
}
