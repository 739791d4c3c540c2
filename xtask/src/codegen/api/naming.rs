//! Good names for models, unique where they are seen.

use std::collections::{BTreeMap, BTreeSet};

use super::enumerations::{Enumeration, name_enumerations};
use super::homes::{Home, homes, places};
use super::leaf::singular;
use super::phrase::{NAME_MAX, followed, is_plain, without_verb};
use super::scope::{Scope, Taken};
use super::shape::Shapes;
use crate::codegen::catalogue::Family;
use crate::codegen::names::{Names, pascal, snake};

/// What a shape brings to a contest for a name: used by a pinned operation, in an answer, and by how many.
type Score = (bool, bool, usize);

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
pub(crate) const GENERIC: [&str; 22] = [
    "type", "types", "status", "statuses", "state", "result", "mode", "reason", "reasons", "level", "source",
    "scene", "unit", "name", "code", "role", "category", "scope", "data", "detail", "value", "action",
];

/// Names, enumerations and homes of one family.
pub(crate) struct Named {
    pub(crate) enumerations: Vec<Enumeration>,
    /// One a model.
    pub(crate) homes: Vec<Home>,
}

/// Names every model of `shapes` and turns lists of values into enumerations.
pub(crate) fn name(family: &Family, shapes: &mut Shapes, names: &Names) -> Named {
    let overrides = names.types.get(&family.name).cloned().unwrap_or_default();
    let mut reserved: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    reserved.extend(["UnixSeconds", "WarehouseId", "SecretText", "Vec", "Some"].map(str::to_owned));
    reserved.extend(family.operations.iter().map(|operation| pascal(&operation.name)));
    let scopes = places(shapes).into_iter().map(|place| Scope::of(place, family)).collect();
    let mut naming = Naming { family, overrides: &overrides, scopes, taken: Taken::new(reserved) };
    naming.override_names(shapes);
    naming.name_roots(shapes);
    naming.name_models(shapes);
    let mut enumerations = name_enumerations(family, shapes, &overrides, &mut naming.taken);
    let homes = homes(shapes, &mut enumerations);
    Named { enumerations, homes }
}

/// The override for a type that occurs at `paths`.
pub(crate) fn overridden(overrides: &BTreeMap<String, String>, paths: &BTreeSet<String>) -> Option<String> {
    paths.iter().find_map(|path| overrides.get(path)).cloned()
}

struct Naming<'a> {
    family: &'a Family,
    overrides: &'a BTreeMap<String, String>,
    /// Where each model is seen.
    scopes: Vec<Scope>,
    taken: Taken,
}

impl Naming<'_> {
    fn override_names(&mut self, shapes: &mut Shapes) {
        for (model, scope) in shapes.models.iter_mut().zip(&self.scopes) {
            if let Some(name) = overridden(self.overrides, &model.paths) {
                self.taken.take(&name, scope);
                model.name = name;
            }
        }
    }

    fn name_roots(&mut self, shapes: &mut Shapes) {
        let roots = shapes.models.iter_mut().zip(&self.scopes);
        let roots = roots.filter(|(model, _)| !model.root_of.is_empty() && model.name.is_empty());
        let (wide, narrow): (Vec<_>, Vec<_>) = roots.partition(|(_, scope)| scope.is_wide());
        for (model, scope) in wide.into_iter().chain(narrow) {
            let operations: Vec<_> =
                model.root_of.iter().map(|place| &self.family.operations[*place]).collect();
            let first = format!("{}Response", pascal(&operations[0].name));
            let one_name = operations.iter().all(|operation| operation.name == operations[0].name);
            let fields: String = model.fields.iter().map(|field| pascal(&snake(&field.wire))).collect();
            let fields = format!("{fields}Response");
            // Several operations answer alike: the fields say what, unless they are too many.
            let by_fields = !one_name && model.fields.len() <= 2 && self.taken.is_free(&fields, scope);
            let earlier = format!("Earlier{first}");
            let candidates = [fields, first, earlier];
            let mut candidates = candidates.into_iter().skip(usize::from(!by_fields));
            let free = candidates.find(|name| self.taken.is_free(name, scope));
            model.name = free.unwrap_or_else(|| {
                format!("{}ResponseV{}", pascal(&operations[0].name), operations[0].raw.version)
            });
            self.taken.take(&model.name, scope);
        }
    }

    fn name_models(&mut self, shapes: &mut Shapes) {
        self.contest(shapes);
        let is_unnamed = |id: &usize| shapes.models[*id].name.is_empty();
        let mut unnamed: Vec<usize> = (0..shapes.models.len()).rev().filter(is_unnamed).collect();
        unnamed.sort_by_key(|id| (!self.scopes[*id].is_wide(), !self.is_pinned(shapes, *id)));
        for id in unnamed {
            let name = self.qualified(shapes, id);
            self.taken.take(&name, &self.scopes[id]);
            shapes.models[id].name = name;
        }
    }

    fn is_pinned(&self, shapes: &Shapes, id: usize) -> bool {
        shapes.models[id].used_by.iter().any(|place| self.family.operations[*place].pinned)
    }

    /// The most used shape of a name gets the plain name; answers before requests, since they are read more often.
    fn contest(&mut self, shapes: &mut Shapes) {
        let mut contests: BTreeMap<(bool, Scope, String), (Score, usize)> = BTreeMap::new();
        for (id, model) in shapes.models.iter().enumerate().filter(|(_, model)| model.name.is_empty()) {
            let pinned = model.used_by.iter().filter(|place| self.family.operations[**place].pinned).count();
            let score = (pinned > 0, model.reads, pinned);
            let scope = &self.scopes[id];
            let group = if scope.is_wide() { Scope::Shared } else { scope.clone() };
            let best =
                contests.entry((!scope.is_wide(), group, plain(&model.called[0]))).or_insert((score, id));
            *best = (*best).max((score, id));
        }
        for ((_, _, name), (_, id)) in contests {
            let says_something = !GENERIC.contains(&snake(&name).as_str()) && name.len() <= NAME_MAX;
            if says_something && self.taken.is_free(&name, &self.scopes[id]) {
                self.taken.take(&name, &self.scopes[id]);
                shapes.models[id].name = name;
            }
        }
    }

    /// A name with its parent's field, its operation, its direction.
    fn qualified(&self, shapes: &Shapes, id: usize) -> String {
        let model = &shapes.models[id];
        let own = plain(&model.called[0]);
        let best = model
            .used_by
            .iter()
            .max_by_key(|place| (self.family.operations[**place].pinned, std::cmp::Reverse(**place)));
        let title = best.map(|place| self.family.operations[*place].name.as_str()).unwrap_or_default();
        let noun = pascal(&singular(without_verb(title)));
        let title = pascal(title);
        let direction = if model.writes { "Input" } else { "Output" };
        let parents = || model.parents.iter().rev().map(|parent| &shapes.models[*parent]);
        let field = parents().flat_map(|parent| &parent.called).find(|called| !called.is_empty());
        let field = field.map(|field| plain(field)).unwrap_or_default();
        let parent = parents().map(|parent| parent.name.trim_end_matches("Response"));
        let parent = parent.filter(|name| !name.is_empty()).map(str::to_owned).next();
        let parent = parent.unwrap_or_else(|| title.clone());
        let own_direction = format!("{own}{direction}");
        let candidates = [
            if field.is_empty() { String::new() } else { followed(&field, &own) },
            if noun.ends_with(&own) || own.contains(&noun) { own_direction.clone() } else { String::new() },
            followed(&noun, &own),
            followed(&parent, &own),
            followed(&title, &own),
            followed(&noun, &own_direction),
            followed(&parent, &own_direction),
            followed(&title, &own_direction),
            own_direction,
            format!("Earlier{}", followed(&noun, &own)),
            format!("{own}Of{title}"),
        ];
        let scope = &self.scopes[id];
        let mut fitting = candidates.iter().filter(|name| is_plain(name) && self.taken.is_free(name, scope));
        // The test of all names finds what this leaves: it needs a name by hand.
        fitting.next().cloned().unwrap_or_else(|| format!("{title}{own}{id}"))
    }
}

fn plain(called: &str) -> String {
    pascal(&snake(&singular(called)))
}
