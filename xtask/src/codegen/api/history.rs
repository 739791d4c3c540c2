//! Which version of an operation brought a field.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::catalogue::Family;
use crate::codegen::source::RawSchema;

/// Every field of a family, as documented, with the versions that have it.
pub(crate) struct History {
    /// Versions by operation.
    versions: BTreeMap<String, BTreeSet<String>>,
    /// Versions by path without the version: `search_orders.response.orders[].id`.
    fields: BTreeMap<String, BTreeSet<String>>,
}

impl History {
    pub(crate) fn of(family: &Family) -> Self {
        let mut history = Self { versions: BTreeMap::new(), fields: BTreeMap::new() };
        for operation in &family.operations {
            let (name, raw) = (&operation.name, &operation.raw);
            history.versions.entry(name.clone()).or_default().insert(raw.version.clone());
            let body = raw.body.iter().flat_map(|body| &body.fields).chain(&raw.multipart);
            raw.query.iter().for_each(|field| history.add(&format!("{name}.query"), field, &raw.version));
            body.for_each(|field| history.add(&format!("{name}.body"), field, &raw.version));
            let answered = raw.response.fields.iter();
            answered.for_each(|field| history.add(&format!("{name}.response"), field, &raw.version));
        }
        history
    }

    fn add(&mut self, parent: &str, field: &RawSchema, version: &str) {
        let path = format!("{parent}.{}", field.name);
        self.fields.entry(path.clone()).or_default().insert(version.to_owned());
        let (mut path, mut at) = (path, field);
        while let Some(items) = at.items.as_deref() {
            path.push_str("[]");
            at = items;
        }
        at.fields.iter().for_each(|inner| self.add(&path, inner, version));
    }

    /// The version that brought the field at `paths`, if they agree and the operation is older.
    pub(crate) fn since(&self, paths: &BTreeSet<String>) -> Option<String> {
        let mut found = paths.iter().map(|path| self.since_at(path));
        let first = found.next()??;
        found.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    fn since_at(&self, path: &str) -> Option<String> {
        let mut segments = path.splitn(3, '.');
        let (name, _, rest) = (segments.next()?, segments.next()?, segments.next()?);
        let brought = self.fields.get(&format!("{name}.{rest}"))?.first()?;
        let begun = self.versions.get(name)?.first()?;
        (brought > begun).then(|| brought.clone())
    }
}
