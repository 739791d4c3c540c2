//! From raw schemas to Rust types: every object of a family becomes a model, equal objects one model.

use std::collections::{BTreeMap, BTreeSet};

use super::history::History;
use super::leaf::{Direction, Leaf, leaf};
use crate::codegen::catalogue::{Family, Operation};
use crate::codegen::names::{Names, snake};
use crate::codegen::source::{Kind, RawSchema};

/// The type of a field.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Type {
    Leaf(Leaf),
    Enumeration(usize),
    Model(usize),
    List(Box<Self>),
}

impl Type {
    pub(crate) fn model(&self) -> Option<usize> {
        match self {
            Self::Model(id) => Some(*id),
            Self::List(item) => item.model(),
            Self::Leaf(_) | Self::Enumeration(_) => None,
        }
    }

    pub(crate) fn enumeration(&self) -> Option<usize> {
        match self {
            Self::Enumeration(id) => Some(*id),
            Self::List(item) => item.enumeration(),
            Self::Leaf(_) | Self::Model(_) => None,
        }
    }
}

/// One field of a model or request.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) rust: String,
    pub(crate) r#type: Type,
    pub(crate) required: bool,
    /// Where it comes from, for documentation and enum values.
    pub(crate) schema: RawSchema,
    /// Known values from every place where this model occurs.
    pub(crate) values: Vec<String>,
    /// Paths at which it occurs.
    pub(crate) paths: BTreeSet<String>,
    /// The version that brought it, where earlier ones lack it.
    pub(crate) since: Option<String>,
}

/// An object type.
pub(crate) struct Model {
    pub(crate) fields: Vec<Field>,
    pub(crate) name: String,
    pub(crate) reads: bool,
    pub(crate) writes: bool,
    /// Paths at which it occurs: `search_orders.202309.response.orders[]`.
    pub(crate) paths: BTreeSet<String>,
    /// Field names under which it occurs, in order of discovery.
    pub(crate) called: Vec<String>,
    /// Operations whose `data` it is.
    pub(crate) root_of: BTreeSet<usize>,
    /// Operations that use it anywhere.
    pub(crate) used_by: BTreeSet<usize>,
    /// Models that have a field of it.
    pub(crate) parents: BTreeSet<usize>,
}

/// A request: its fields by place, in one flat struct.
pub(crate) struct Request {
    pub(crate) fields: Vec<Field>,
    /// The model of `data`; none when nothing is answered.
    pub(crate) response: Option<usize>,
    /// `data` is wrapped in a second `data`.
    pub(crate) wrapped: bool,
}

/// All types of one family.
pub(crate) struct Shapes {
    pub(crate) models: Vec<Model>,
    /// One a operation, in the family's order.
    pub(crate) requests: Vec<Request>,
    by_shape: BTreeMap<String, usize>,
    /// Which way answers travel.
    inbound: Direction,
}

impl Shapes {
    pub(crate) fn build(family: &Family, names: &Names, inbound: Direction) -> Self {
        let mut shapes =
            Self { models: Vec::new(), requests: Vec::new(), by_shape: BTreeMap::new(), inbound };
        let roots = super::merge::merged(family, names);
        for (place, operation) in family.operations.iter().enumerate() {
            let request = shapes.request(place, operation, &roots[place], family, names);
            shapes.requests.push(request);
        }
        shapes.spread_use();
        let history = History::of(family);
        let of_models = shapes.models.iter_mut().flat_map(|model| &mut model.fields);
        let of_requests = shapes.requests.iter_mut().flat_map(|request| &mut request.fields);
        of_models.chain(of_requests).for_each(|field| field.since = history.since(&field.paths));
        shapes
    }

    fn request(
        &mut self,
        place: usize,
        o: &Operation,
        response: &RawSchema,
        family: &Family,
        names: &Names,
    ) -> Request {
        let overrides = names.fields.get(&family.name);
        let prefix = format!("{}.{}", o.name, o.raw.version);
        let mut walk = Walk { shapes: self, operation: place, direction: Direction::Query };
        let mut fields = Vec::new();
        for name in &o.raw.path_params {
            let schema = text_schema(name);
            fields.push(walk.field(&schema, &format!("{prefix}.path"), "", true));
        }
        for schema in &o.raw.query {
            fields.push(walk.field(schema, &format!("{prefix}.query"), "", schema.required));
        }
        walk.direction = Direction::Body;
        let body = o.raw.body.iter().flat_map(|body| &body.fields).chain(&o.raw.multipart);
        for schema in body {
            // A name that the path or query takes too is one value, sent in both places.
            if !fields.iter().any(|field: &Field| field.wire == schema.name) {
                fields.push(walk.field(schema, &format!("{prefix}.body"), "", schema.required));
            }
        }
        for field in &mut fields {
            let id = overrides.and_then(|ids| ids.get(&format!("{}.{}", o.name, field.wire)));
            if let Some(id) = id {
                replace_leaf(&mut field.r#type, super::known_id(id));
            }
        }
        walk.direction = walk.shapes.inbound;
        let wrapped =
            matches!(response.fields.as_slice(), [only] if only.name == "data" && only.kind == Kind::Object);
        let root = if wrapped { &response.fields[0] } else { response };
        let response =
            (!root.fields.is_empty()).then(|| walk.model(root, &format!("{prefix}.response"), "", ""));
        if let Some(root) = response {
            self.models[root].root_of.insert(place);
        }
        Request { fields, response, wrapped }
    }

    /// A model's users are its own operations and those of its parents; parents have higher numbers than children.
    fn spread_use(&mut self) {
        for id in (0..self.models.len()).rev() {
            let used_by = self.models[id].used_by.clone();
            let children: Vec<usize> =
                self.models[id].fields.iter().filter_map(|field| field.r#type.model()).collect();
            for child in children {
                self.models[child].used_by.extend(&used_by);
                self.models[child].parents.insert(id);
            }
        }
    }
}

fn replace_leaf(r#type: &mut Type, leaf: Leaf) {
    match r#type {
        Type::List(item) => replace_leaf(item, leaf),
        other => *other = Type::Leaf(leaf),
    }
}

fn text_schema(name: &str) -> RawSchema {
    let schema = serde_json::json!({ "name": name, "type": "string", "required": true });
    serde_json::from_value(schema).expect("a literal that fits")
}

struct Walk<'shapes> {
    shapes: &'shapes mut Shapes,
    operation: usize,
    direction: Direction,
}

impl Walk<'_> {
    fn field(&mut self, schema: &RawSchema, path: &str, parent: &str, required: bool) -> Field {
        let path = format!("{path}.{}", schema.name);
        let mut values = schema.values.clone();
        let mut items = schema.items.as_deref();
        while let Some(item) = items {
            values.extend(item.values.iter().filter(|value| !schema.values.contains(value)).cloned());
            items = item.items.as_deref();
        }
        Field {
            wire: schema.name.clone(),
            rust: rust_name(&schema.name),
            r#type: self.r#type(schema, &path, &schema.name, parent),
            // A field with a default need not be sent, whatever else a source says.
            required: required && schema.default.is_none() && !self.direction.is_inbound(),
            schema: RawSchema { fields: Vec::new(), ..schema.clone() },
            values,
            paths: BTreeSet::from([path]),
            since: None,
        }
    }

    fn r#type(&mut self, schema: &RawSchema, path: &str, name: &str, parent: &str) -> Type {
        match (schema.kind, &schema.items) {
            (Kind::Array, Some(items)) => {
                Type::List(Box::new(self.r#type(items, &format!("{path}[]"), name, parent)))
            }
            (Kind::Object, _) if !schema.fields.is_empty() => {
                Type::Model(self.model(schema, path, name, parent))
            }
            _ => Type::Leaf(leaf(schema, name, parent, self.direction)),
        }
    }

    fn model(&mut self, schema: &RawSchema, path: &str, name: &str, _parent: &str) -> usize {
        let mut fields: Vec<Field> = Vec::new();
        for inner in &schema.fields {
            let mut field = self.field(inner, path, name, inner.required);
            while fields.iter().any(|other| other.rust == field.rust) {
                field.rust.push('_');
            }
            fields.push(field);
        }
        let mut parts: Vec<String> = fields
            .iter()
            .map(|field| format!("{}:{:?}:{}", field.wire, field.r#type, field.required))
            .collect();
        parts.sort();
        if self.direction == Direction::Event && path.ends_with(".response") {
            // Events are told apart by their types, also where they say the same.
            parts.push(path.to_owned());
        }
        let next = self.shapes.models.len();
        let id = *self.shapes.by_shape.entry(parts.join(";")).or_insert(next);
        if id == next {
            self.shapes.models.push(Model {
                fields,
                name: String::new(),
                reads: false,
                writes: false,
                paths: BTreeSet::new(),
                called: Vec::new(),
                root_of: BTreeSet::new(),
                used_by: BTreeSet::new(),
                parents: BTreeSet::new(),
            });
        } else {
            self.shapes.models[id].absorb(&fields);
        }
        let model = &mut self.shapes.models[id];
        model.paths.insert(path.to_owned());
        if !model.called.iter().any(|called| called == name) {
            model.called.push(name.to_owned());
        }
        model.used_by.insert(self.operation);
        model.reads |= self.direction.is_inbound();
        model.writes |= !self.direction.is_inbound();
        id
    }
}

impl Model {
    /// Takes over known values and paths of an equal shape.
    fn absorb(&mut self, fields: &[Field]) {
        for field in &mut self.fields {
            let Some(other) = fields.iter().find(|other| other.wire == field.wire) else { continue };
            field.paths.extend(other.paths.clone());
            for value in &other.values {
                if !field.values.contains(value) {
                    field.values.push(value.clone());
                }
            }
        }
    }
}

const KEYWORDS: [&str; 12] =
    ["type", "match", "ref", "in", "use", "where", "move", "mod", "impl", "for", "loop", "return"];

/// The field's Rust name; the name on the wire stays what it is.
fn rust_name(wire: &str) -> String {
    let name = snake(wire);
    if KEYWORDS.contains(&name.as_str()) {
        return format!("r#{name}");
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("n{name}") } else { name }
}
