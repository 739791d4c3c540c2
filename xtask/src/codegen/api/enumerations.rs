//! Lists of known values become open enumerations.

use std::collections::{BTreeMap, BTreeSet};

use super::homes::Home;
use super::leaf::{Leaf, singular};
use super::naming::{GENERIC, overridden};
use super::phrase::{followed, is_plain};
use super::scope::{Scope, Taken};
use super::shape::{Shapes, Type};
use crate::codegen::catalogue::Family;
use crate::codegen::names::{pascal, snake};

/// An open list of values.
pub(crate) struct Enumeration {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    /// Wire names of the fields that have it.
    pub(crate) fields: BTreeSet<String>,
    pub(crate) homes: BTreeSet<Home>,
}

impl Enumeration {
    pub(crate) fn home(&self) -> Home {
        match (self.homes.len(), self.homes.first()) {
            (1, Some(only)) => only.clone(),
            _ => Home::Shared(snake(&self.name)),
        }
    }
}

/// Least values of a list worth a type.
const VALUES_MIN: usize = 2;

fn worth_a_type(values: &[String]) -> bool {
    let is_word = |value: &String| {
        value.starts_with(|first: char| first.is_ascii_uppercase())
            && value.len() > 1
            && value
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    };
    values.len() >= VALUES_MIN && values.iter().all(is_word)
}

pub(crate) fn name_enumerations(
    family: &Family,
    shapes: &mut Shapes,
    overrides: &BTreeMap<String, String>,
    taken: &mut Taken,
) -> Vec<Enumeration> {
    let mut enumerations: Vec<Enumeration> = Vec::new();
    // First the models, outermost first, then the requests, so that answers name what requests filter by.
    for id in (0..shapes.models.len()).rev() {
        let owner = shapes.models[id].name.trim_end_matches("Response").to_owned();
        for field in &mut shapes.models[id].fields {
            turn(&mut enumerations, field, &owner, overrides, taken);
        }
    }
    for (place, request) in shapes.requests.iter_mut().enumerate() {
        let owner = pascal(&family.operations[place].name);
        for field in &mut request.fields {
            turn(&mut enumerations, field, &owner, overrides, taken);
        }
    }
    enumerations
}

/// Gives a field with a list of values its enumeration: a present one of that name whose values overlap, or a new one.
fn turn(
    enumerations: &mut Vec<Enumeration>,
    field: &mut super::shape::Field,
    owner: &str,
    overrides: &BTreeMap<String, String>,
    taken: &mut Taken,
) {
    let mut inner = &mut field.r#type;
    while let Type::List(item) = inner {
        inner = item;
    }
    if *inner != Type::Leaf(Leaf::Text) || field.schema.format.is_some() || !worth_a_type(&field.values) {
        return;
    }
    let word = singular(&snake(&field.wire));
    let plain = pascal(&word);
    let owned = followed(owner, &plain);
    let is_generic = GENERIC.contains(&word.as_str());
    let last_resorts =
        [format!("{plain}Value"), format!("{owned}Value")].into_iter().skip(usize::from(is_generic));
    let by_name = if is_generic { vec![owned] } else { vec![plain, owned] };
    let candidates = overridden(overrides, &field.paths).map_or(by_name, |name| vec![name]);
    for name in &candidates {
        if let Some(place) = enumerations.iter().position(|present| present.name == *name)
            && overlap(&enumerations[place].values, &field.values)
        {
            let present = &mut enumerations[place];
            present.values.extend(
                field
                    .values
                    .iter()
                    .filter(|value| !present.values.contains(value))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            present.fields.insert(field.wire.clone());
            *inner = Type::Enumeration(place);
            return;
        }
    }
    let by_hand = overridden(overrides, &field.paths);
    let free = candidates.into_iter().chain(last_resorts);
    let free = free.filter(|name| is_plain(name)).find(|name| taken.is_free(name, &Scope::Shared));
    // A list of values without a good name stays text.
    let Some(name) = by_hand.or(free) else { return };
    taken.take(&name, &Scope::Shared);
    let fields = BTreeSet::from([field.wire.clone()]);
    enumerations.push(Enumeration { name, values: field.values.clone(), fields, homes: BTreeSet::new() });
    *inner = Type::Enumeration(enumerations.len() - 1);
}

/// At least half of the shorter list is in the other.
fn overlap(left: &[String], right: &[String]) -> bool {
    let shared = left.iter().filter(|value| right.contains(value)).count();
    shared * 2 >= left.len().min(right.len())
}
