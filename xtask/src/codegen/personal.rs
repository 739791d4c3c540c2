//! `personal.toml`: which texts tell of a person.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::source::RawSchema;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonalFile {
    #[serde(default)]
    personal: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default)]
    parents: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    reason: String,
}

/// The rules, and the fields that they met.
pub(crate) struct Personal {
    rules: Vec<Rule>,
    /// The parent, empty where it does not matter, and the name.
    pub(crate) met: BTreeSet<(String, String)>,
    used: BTreeSet<(usize, String)>,
}

impl Personal {
    pub(crate) fn read(text: &str) -> Result<Self> {
        let rules = toml::from_str::<PersonalFile>(text)?.personal;
        for rule in &rules {
            ensure!(!rule.reason.trim().is_empty(), "a rule gives no reason");
            ensure!(!rule.names.is_empty() || !rule.parents.is_empty(), "a rule names nothing");
        }
        Ok(Self { rules, met: BTreeSet::new(), used: BTreeSet::new() })
    }

    /// Marks the personal texts inside of `schema`, whose own name is `parent`.
    pub(crate) fn mark(&mut self, schema: &mut RawSchema, parent: &str) {
        for field in &mut schema.fields {
            let name = field.name.clone();
            let rule = self.rules.iter().enumerate().find(|(_, rule)| rule.fits(parent, &name));
            if let Some((place, rule)) = rule.filter(|_| field.is_text()) {
                field.mark_personal();
                let parent = if rule.parents.is_empty() { "" } else { parent };
                self.met.insert((parent.to_owned(), name.clone()));
                self.used.insert((place, if rule.names.is_empty() { String::new() } else { name.clone() }));
            }
            self.mark(field, &name);
        }
        if let Some(items) = &mut schema.items {
            self.mark(items, parent);
        }
    }

    /// Rules that meet nothing.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (place, rule) in self.rules.iter().enumerate() {
            let names = if rule.names.is_empty() { vec![String::new()] } else { rule.names.clone() };
            for name in names.into_iter().filter(|name| !self.used.contains(&(place, name.clone()))) {
                problems.push(format!("personal.toml: no text fits `{}: {name}`", rule.parents.join(", ")));
            }
        }
        problems
    }
}

impl Rule {
    fn fits(&self, parent: &str, name: &str) -> bool {
        let by_parent = self.parents.is_empty() || self.parents.iter().any(|known| known == parent);
        let by_name = self.names.is_empty() || self.names.iter().any(|known| known == name);
        by_parent && by_name && !self.except.iter().any(|known| known == name)
    }
}

/// The table, sorted.
pub(crate) fn file(personal: &Personal) -> String {
    let mut text = String::from(
        "/// Personal texts by the name of what they stand in, empty where it does not matter, and their own.\n\
         pub(crate) static PERSONAL: &[(&str, &str)] = &[",
    );
    for pair in &personal.met {
        let _ = write!(text, "{pair:?},");
    }
    text + "];\n"
}
