//! Good names for models and enumerations, unique within a family, and the file each lives in.

use std::collections::{BTreeMap, BTreeSet};

use super::leaf::{Leaf, singular};
use super::shape::{Shapes, Type};
use crate::codegen::catalogue::Family;
use crate::codegen::names::{Names, pascal, snake};

/// Names that mean something else in generated files.
const RESERVED: [&str; 41] = [
    "Answer",
    "Body",
    "Box",
    "CancelId",
    "Clone",
    "Debug",
    "DecimalText",
    "Default",
    "Deserialize",
    "Deserializer",
    "Empty",
    "Envelope",
    "Err",
    "Error",
    "FileUpload",
    "Item",
    "LineItemId",
    "MapAccess",
    "Masked",
    "None",
    "Ok",
    "Operation",
    "Option",
    "OrderId",
    "PackageId",
    "Page",
    "Paged",
    "Part",
    "PartialFailure",
    "Parts",
    "ProductId",
    "Request",
    "Response",
    "Result",
    "ReturnId",
    "Self",
    "Serialize",
    "ShopId",
    "SkuId",
    "String",
    "Value",
];

/// Field names that say nothing without their object.
const GENERIC: [&str; 22] = [
    "type", "types", "status", "statuses", "state", "result", "mode", "reason", "reasons", "level", "source",
    "scene", "unit", "name", "code", "role", "category", "scope", "data", "detail", "value", "action",
];

/// An open list of values.
pub(crate) struct Enumeration {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    /// Wire names of the fields that have it.
    pub(crate) fields: BTreeSet<String>,
    pub(crate) homes: BTreeSet<Home>,
}

/// The file a type lives in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Home {
    /// The file of the operation at this place in the family.
    Operation(usize),
    /// `models/<name>.rs`.
    Shared(String),
}

/// Names, enumerations and homes of one family.
pub(crate) struct Named {
    pub(crate) enumerations: Vec<Enumeration>,
    /// One a model.
    pub(crate) homes: Vec<Home>,
}

/// Names every model of `shapes` and turns lists of values into enumerations.
pub(crate) fn name(family: &Family, shapes: &mut Shapes, names: &Names) -> Named {
    let overrides = names.types.get(&family.name).cloned().unwrap_or_default();
    let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    taken.extend(["UnixSeconds", "WarehouseId", "SecretText", "Vec", "Some"].map(str::to_owned));
    taken.extend(family.operations.iter().map(|operation| pascal(&operation.name)));
    name_roots(family, shapes, &overrides, &mut taken);
    name_models(family, shapes, &overrides, &mut taken);
    let mut enumerations = name_enumerations(family, shapes, &overrides, &mut taken);
    let homes = homes(shapes, &mut enumerations);
    Named { enumerations, homes }
}

/// The override for a type that occurs at `paths`; a path without its version fits every version.
fn overridden(overrides: &BTreeMap<String, String>, paths: &BTreeSet<String>) -> Option<String> {
    paths.iter().find_map(|path| overrides.get(path)).cloned()
}

fn name_roots(
    family: &Family,
    shapes: &mut Shapes,
    overrides: &BTreeMap<String, String>,
    taken: &mut BTreeSet<String>,
) {
    for model in shapes.models.iter_mut().filter(|model| !model.root_of.is_empty()) {
        let operations: Vec<_> = model.root_of.iter().map(|place| &family.operations[*place]).collect();
        let one_name = operations.iter().all(|operation| operation.name == operations[0].name);
        let has_pinned = operations.iter().any(|operation| operation.pinned);
        let first = format!("{}Response", pascal(&operations[0].name));
        let by_rule = match (one_name, operations.len() == 1 || has_pinned) {
            (true, true) => first,
            (true, false) => format!("{first}V{}", operations[0].raw.version),
            // Several operations answer alike: the fields say what, unless they are too many.
            (false, _) if model.fields.len() <= 2 => {
                let fields: String = model.fields.iter().map(|field| pascal(&snake(&field.wire))).collect();
                format!("{fields}Response")
            }
            (false, _) => first,
        };
        let fallback = format!("{}Response", pascal(&operations[0].name));
        let by_rule = if taken.contains(&by_rule) && !one_name { fallback } else { by_rule };
        model.name = overridden(overrides, &model.paths).unwrap_or(by_rule);
        taken.insert(model.name.clone());
    }
}

fn name_models(
    family: &Family,
    shapes: &mut Shapes,
    overrides: &BTreeMap<String, String>,
    taken: &mut BTreeSet<String>,
) {
    for model in shapes.models.iter_mut().filter(|model| model.name.is_empty()) {
        if let Some(name) = overridden(overrides, &model.paths) {
            taken.insert(name.clone());
            model.name = name;
        }
    }
    // The most used shape of a name gets the plain name; answers before requests, since they are read more often.
    let mut contests: BTreeMap<String, ((bool, bool, usize), usize)> = BTreeMap::new();
    for (id, model) in shapes.models.iter().enumerate().filter(|(_, model)| model.name.is_empty()) {
        let pinned = model.used_by.iter().filter(|place| family.operations[**place].pinned).count();
        let score = (pinned > 0, model.reads, pinned);
        let plain = plain(&model.called[0]);
        let best = contests.entry(plain).or_insert((score, id));
        *best = (*best).max((score, id));
    }
    for (name, (_, id)) in contests {
        if !GENERIC.contains(&snake(&name).as_str()) && taken.insert(name.clone()) {
            shapes.models[id].name = name;
        }
    }
    let is_pinned =
        |id: &usize| shapes.models[*id].used_by.iter().any(|place| family.operations[*place].pinned);
    let unnamed = (0..shapes.models.len()).rev().filter(|id| shapes.models[*id].name.is_empty());
    let (first, last): (Vec<_>, Vec<_>) = unnamed.partition(is_pinned);
    for id in first.into_iter().chain(last) {
        let name = qualified(family, shapes, id, taken);
        taken.insert(name.clone());
        shapes.models[id].name = name;
    }
}

fn plain(called: &str) -> String {
    pascal(&snake(&singular(called)))
}

/// A name with its parent's field, its operation, its direction, at last its version.
fn qualified(family: &Family, shapes: &Shapes, id: usize, taken: &BTreeSet<String>) -> String {
    let model = &shapes.models[id];
    let own = plain(&model.called[0]);
    let best = model
        .used_by
        .iter()
        .max_by_key(|place| (family.operations[**place].pinned, std::cmp::Reverse(**place)));
    let operation = best.map(|place| &family.operations[*place]);
    let title = operation.map(|operation| pascal(&operation.name)).unwrap_or_default();
    let version = operation.map(|operation| operation.raw.version.as_str()).unwrap_or_default();
    let parents = || model.parents.iter().rev().map(|parent| &shapes.models[*parent]);
    let field = parents()
        .flat_map(|parent| &parent.called)
        .find(|called| !called.is_empty())
        .map(|called| plain(called));
    let parent =
        parents().map(|parent| parent.name.trim_end_matches("Response")).find(|name| !name.is_empty());
    let parent = join(parent.unwrap_or(&title), &own);
    let direction = if model.writes { "Input" } else { "Output" };
    let candidates = [
        field.map(|field| join(&field, &own)).unwrap_or_default(),
        join(&title, &own),
        parent.clone(),
        format!("{}{direction}", join(&title, &own)),
        format!("{}V{version}", join(&title, &own)),
        format!("{parent}V{version}"),
    ];
    let is_free = |name: &String| !name.is_empty() && !taken.contains(name);
    candidates.into_iter().find(is_free).unwrap_or_else(|| format!("{title}{own}{id}"))
}

/// `Sku` + `SkuPrice` is `SkuPrice`, not `SkuSkuPrice`.
fn join(parent: &str, name: &str) -> String {
    if name.starts_with(parent) && name != parent { name.to_owned() } else { format!("{parent}{name}") }
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

fn name_enumerations(
    family: &Family,
    shapes: &mut Shapes,
    overrides: &BTreeMap<String, String>,
    taken: &mut BTreeSet<String>,
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
    taken: &mut BTreeSet<String>,
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
    let owned = join(owner, &plain);
    let by_name = if GENERIC.contains(&word.as_str()) { vec![owned] } else { vec![plain, owned] };
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
    let free = candidates.into_iter().find(|name| !taken.contains(name));
    let name = free.unwrap_or_else(|| format!("{owner}{}Value", pascal(&word)));
    if !taken.insert(name.clone()) {
        return;
    }
    let fields = BTreeSet::from([field.wire.clone()]);
    enumerations.push(Enumeration { name, values: field.values.clone(), fields, homes: BTreeSet::new() });
    *inner = Type::Enumeration(enumerations.len() - 1);
}

/// At least half of the shorter list is in the other.
fn overlap(left: &[String], right: &[String]) -> bool {
    let shared = left.iter().filter(|value| right.contains(value)).count();
    shared * 2 >= left.len().min(right.len())
}

/// A type used from one file lives there; one that several use has a file of its own.
fn homes(shapes: &Shapes, enumerations: &mut [Enumeration]) -> Vec<Home> {
    let mut homes: Vec<Home> = shapes.models.iter().map(|model| Home::Shared(snake(&model.name))).collect();
    for id in (0..shapes.models.len()).rev() {
        let model = &shapes.models[id];
        let mut users: BTreeSet<Home> = model.parents.iter().map(|parent| homes[*parent].clone()).collect();
        users.extend(model.root_of.iter().map(|place| Home::Operation(*place)));
        let in_requests = shapes
            .requests
            .iter()
            .enumerate()
            .filter(|(_, request)| request.fields.iter().any(|field| field.r#type.model() == Some(id)));
        users.extend(in_requests.map(|(place, _)| Home::Operation(place)));
        if let (1, Some(only)) = (users.len(), users.first()) {
            homes[id] = only.clone();
        }
    }
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

impl Enumeration {
    pub(crate) fn home(&self) -> Home {
        match (self.homes.len(), self.homes.first()) {
            (1, Some(only)) => only.clone(),
            _ => Home::Shared(snake(&self.name)),
        }
    }
}
