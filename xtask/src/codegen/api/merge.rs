//! Near-equal answers that are one thing: `names.toml` says which, and their fields are united.

use crate::codegen::catalogue::Family;
use crate::codegen::names::Names;
use crate::codegen::source::RawSchema;

/// Every operation's response, in the family's order, with united shapes in place of the documented ones.
pub(crate) fn merged(family: &Family, names: &Names) -> Vec<RawSchema> {
    let mut responses: Vec<_> =
        family.operations.iter().map(|operation| operation.raw.response.clone()).collect();
    for paths in names.merge.get(&family.name).into_iter().flat_map(|merges| merges.values()) {
        let mut united: Option<RawSchema> = None;
        for (place, fields) in places(family, paths) {
            let shape = find(&mut responses[place], &fields).clone();
            united = Some(match united {
                Some(united) => unite(united, shape),
                None => shape,
            });
        }
        let Some(united) = united else { continue };
        for (place, fields) in places(family, paths) {
            let target = find(&mut responses[place], &fields);
            let name = std::mem::take(&mut target.name);
            *target = RawSchema { name, ..united.clone() };
        }
    }
    responses
}

/// Where a path such as `search_orders.202309.response.orders[]` leads: the operation, and the field below `response`.
fn places<'a>(family: &'a Family, paths: &'a [String]) -> impl Iterator<Item = (usize, Vec<&'a str>)> {
    paths.iter().map(|path| {
        let mut segments = path.split('.');
        let (name, version) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        let here = |o: &crate::codegen::catalogue::Operation| o.name == name && o.raw.version == version;
        let place = family.operations.iter().position(here);
        let place = place.expect("validated: a merge names operations that exist");
        (place, segments.skip(1).collect())
    })
}

fn find<'a>(mut at: &'a mut RawSchema, path: &[&str]) -> &'a mut RawSchema {
    for segment in path {
        let name = segment.trim_end_matches("[]");
        at = at
            .fields
            .iter_mut()
            .find(|field| field.name == name)
            .expect("validated: a merge leads somewhere");
        for _ in 0..segment.matches("[]").count() {
            at = at.items.as_deref_mut().expect("validated: a merge leads through lists");
        }
    }
    at
}

/// All fields of both; what both have is united in turn.
fn unite(mut left: RawSchema, right: RawSchema) -> RawSchema {
    for value in right.values {
        if !left.values.contains(&value) {
            left.values.push(value);
        }
    }
    left.format = left.format.or(right.format);
    for field in right.fields {
        match left.fields.iter_mut().find(|present| present.name == field.name) {
            Some(present) => *present = unite(present.clone(), field),
            None => left.fields.push(field),
        }
    }
    left.items = match (left.items, right.items) {
        (Some(left), Some(right)) => Some(Box::new(unite(*left, *right))),
        (left, right) => left.or(right),
    };
    left
}
