//! The file each type lives in.

use std::collections::BTreeSet;

use super::enumerations::Enumeration;
use super::shape::Shapes;
use crate::codegen::names::snake;

/// The file a type lives in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Home {
    /// The file of the operation at this place in the family.
    Operation(usize),
    /// `models/<name>.rs`.
    Shared(String),
}

/// A home before models have names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Place {
    /// The file of the operation at this place in the family.
    Operation(usize),
    /// The file of this model, which several others use.
    Shared(usize),
}

/// One a model: a type used from one file lives there; one that several use has a file of its own.
pub(crate) fn places(shapes: &Shapes) -> Vec<Place> {
    let mut places: Vec<Place> = (0..shapes.models.len()).map(Place::Shared).collect();
    for id in (0..shapes.models.len()).rev() {
        let model = &shapes.models[id];
        let mut users: BTreeSet<Place> = model.parents.iter().map(|parent| places[*parent]).collect();
        users.extend(model.root_of.iter().map(|place| Place::Operation(*place)));
        let in_requests = shapes
            .requests
            .iter()
            .enumerate()
            .filter(|(_, request)| request.fields.iter().any(|field| field.r#type.model() == Some(id)));
        users.extend(in_requests.map(|(place, _)| Place::Operation(place)));
        if let (1, Some(only)) = (users.len(), users.first()) {
            places[id] = *only;
        }
    }
    places
}

/// The homes of named models; enumerations learn theirs.
pub(crate) fn homes(shapes: &Shapes, enumerations: &mut [Enumeration]) -> Vec<Home> {
    let homes: Vec<Home> = places(shapes)
        .into_iter()
        .map(|place| match place {
            Place::Operation(place) => Home::Operation(place),
            Place::Shared(id) => Home::Shared(snake(&shapes.models[id].name)),
        })
        .collect();
    for (id, model) in shapes.models.iter().enumerate() {
        for enumeration in model.fields.iter().filter_map(|field| field.r#type.enumeration()) {
            enumerations[enumeration].homes.insert(homes[id].clone());
        }
    }
    for (place, request) in shapes.requests.iter().enumerate() {
        for enumeration in request.fields.iter().filter_map(|field| field.r#type.enumeration()) {
            enumerations[enumeration].homes.insert(Home::Operation(place));
        }
    }
    homes
}
