//! Walks a response schema and writes JSON as it goes.

use std::borrow::Cow;

use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::Value;
use ttshop_catalogue::{FailureList, Field, Kind, Operation, Schema};
use ttshop_types::Timestamp;

use crate::contract::asked::{Batch, Given, Item};
use crate::contract::context::Context;
use crate::contract::identity::{Noun, noun_of};
use crate::contract::{moment, number, text};
use crate::dice::{hash, scatter};

/// A list that the request decides holds at most so many items; the request may name many more.
pub(super) const ITEMS_MAX: u64 = 500;
/// A list inside of an item that the request spells out.
const NESTED_ITEMS_MAX: u64 = 50;
/// Any other list holds at most so many.
const FREE_ITEMS_MAX: u64 = 3;
/// Two lists of neighbouring items do not share an ordinal.
const ORDINALS_PER_ITEM: u64 = 8;

/// The whole of `data`.
#[derive(Debug)]
pub(super) struct Root<'a> {
    pub(super) context: &'a Context<'a>,
    noun: Noun,
    fields: &'static [Field],
    verdicts: Option<(&'static FailureList, &'static str)>,
}

impl<'a> Root<'a> {
    /// What an operation answers.
    pub(super) fn of_operation(context: &'a Context<'a>, operation: &'static Operation) -> Self {
        let last = operation.path.rsplit('/').next().unwrap_or_default();
        let parameter = last.strip_prefix('{').and_then(|last| last.strip_suffix('}'));
        let noun = parameter.map_or(last, |name| name.strip_suffix("_id").unwrap_or(name));
        // Lists with telling names are known by them.
        let verdicts = operation
            .failures
            .iter()
            .find(|list| list.path.contains('.') || !is_list_of_failures(list.path))
            .map(|list| (list, list.path));
        Self { context, noun: noun_of(noun), fields: operation.response.fields, verdicts }
    }

    /// What a webhook tells.
    pub(super) fn of_event(context: &'a Context<'a>, schema: &'static Schema) -> Self {
        Self { context, noun: noun_of("event"), fields: schema.fields, verdicts: None }
    }
}

/// An object on the way, and what its leaves have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) parent: Option<&'a Scope<'a>>,
    /// What the object is.
    pub(super) noun: Noun,
    /// Which one it is, among those of its noun.
    pub(super) own: u64,
    /// Which ones it refers to.
    pub(super) reference: u64,
    pub(super) draw: u64,
    pub(super) created: Timestamp,
    /// What the caller said about it.
    pub(super) item: Item<'a>,
    pub(super) in_list: bool,
    /// Where the rows of the page are from here.
    rows: Option<&'static str>,
    /// Where items say from here whether they failed; an empty path means this very object.
    verdicts: Option<(&'static FailureList, &'static str)>,
}

/// A value to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) scope: &'a Scope<'a>,
    pub(super) schema: &'static Schema,
    pub(super) name: &'static str,
    pub(super) siblings: &'static [Field],
    pub(super) draw: u64,
}

struct Object<'a> {
    context: &'a Context<'a>,
    scope: Scope<'a>,
    fields: &'static [Field],
}

impl Serialize for Root<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let context = self.context;
        let scope = Scope {
            parent: None,
            noun: self.noun,
            // Something new: its id comes from what was sent, far from the ids of lists.
            own: context.key | 1 << 32,
            reference: 0,
            draw: context.key,
            created: moment::creation(context.day, context.key),
            item: Item::Nothing,
            in_list: false,
            rows: context.window.as_ref().and_then(|window| window.items),
            verdicts: self.verdicts,
        };
        Object { context, scope, fields: self.fields }.serialize(serializer)
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let verdicts = self.scope.verdicts.filter(|(_, path)| path.is_empty()).map(|(list, _)| list);
        let mut map = serializer.serialize_map(None)?;
        for field in self.fields {
            match verdicts {
                Some(list) if list.each => {}
                Some(list) if list.verdict == Some(field.name) => match field.schema.kind {
                    Kind::Boolean => map.serialize_entry(field.name, &true)?,
                    _ => map.serialize_entry(field.name, "SUCCESS")?,
                },
                Some(list) if list.reason == Some(field.name) => match field.schema.kind {
                    Kind::Array => map.serialize_entry(field.name, &[(); 0])?,
                    Kind::Object => {}
                    _ => map.serialize_entry(field.name, "")?,
                },
                Some(_) | None => map.serialize_entry(field.name, &self.node(field))?,
            }
        }
        map.end()
    }
}

impl<'a> Object<'a> {
    fn node<'s>(&'s self, field: &Field) -> Node<'s>
    where
        'a: 's,
    {
        Node {
            context: self.context,
            scope: &self.scope,
            schema: field.schema,
            name: field.name,
            siblings: self.fields,
            draw: scatter(self.scope.draw ^ hash(field.name.as_bytes())),
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.schema.kind {
            Kind::Object => self.object().serialize(serializer),
            Kind::Array => self.list(serializer),
            Kind::String => serializer.serialize_str(&text::text(self)),
            Kind::Integer => serializer.serialize_i64(number::integer(self)),
            Kind::Number => serializer.serialize_f64(number::decimal(self)),
            Kind::Boolean => {
                let given = self.given().and_then(Given::boolean);
                serializer.serialize_bool(given.unwrap_or_else(|| self.draw.is_multiple_of(2)))
            }
            Kind::Map => {
                let mut map = serializer.serialize_map(Some(1))?;
                match self.schema.items {
                    Some(schema) => map.serialize_entry("default", &Self { schema, ..*self })?,
                    None => map.serialize_entry("default", "")?,
                }
                map.end()
            }
            Kind::Any | Kind::File => serializer.serialize_str(&text::text(self)),
            // The shape ends here, as it does for things without parts of their own.
            Kind::Recursive => serializer.serialize_none(),
        }
    }
}

impl<'a> Node<'a> {
    /// What the caller said about this field. Inside lists only what was said about the item itself counts.
    pub(super) fn given(&self) -> Option<Given<'a>> {
        let asked = || (!self.scope.in_list).then(|| self.context.asked.scalar(self.name)).flatten();
        self.scope.item.given(self.name).or_else(asked)
    }

    fn object(&self) -> Object<'_> {
        let item = match self.scope.item.given(self.name) {
            Some(Given::Json(Value::Object(fields))) => Item::Object(fields),
            _ => Item::Nothing,
        };
        let below = |path: &'static str| path.strip_prefix(self.name)?.strip_prefix('.');
        let scope = Scope {
            parent: Some(self.scope),
            noun: noun_of(self.name),
            own: self.scope.reference,
            draw: self.draw,
            item,
            rows: self.scope.rows.and_then(below),
            verdicts: self.verdicts(),
            ..*self.scope
        };
        Object { context: self.context, scope, fields: self.schema.fields }
    }

    fn list<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(schema) = self.schema.items else { return serializer.serialize_seq(Some(0))?.end() };
        if schema.kind != Kind::Object {
            return self.scalars(schema, serializer);
        }
        let plan = self.plan(schema);
        let mut list = serializer.serialize_seq(None)?;
        for place in plan.first..plan.first + plan.count {
            list.serialize_element(&self.item(schema, place, plan.batch.as_ref()))?;
        }
        list.end()
    }

    /// Where items inside of this field say whether they failed.
    fn verdicts(&self) -> Option<(&'static FailureList, &'static str)> {
        let (list, path) = self.scope.verdicts?;
        let rest = path.strip_prefix(self.name)?;
        if rest.is_empty() { Some((list, rest)) } else { Some((list, rest.strip_prefix('.')?)) }
    }

    /// Whether this list holds nothing but what failed.
    fn lists_failures(&self) -> bool {
        let each = self.verdicts().is_some_and(|(list, path)| path.is_empty() && list.each);
        each || is_list_of_failures(self.name)
    }

    fn item(&self, schema: &'static Schema, place: u64, batch: Option<&Batch<'a>>) -> Object<'_> {
        let item = batch.and_then(|batch| Some(batch.item(usize::try_from(place).ok()?)));
        let outer = self.scope.in_list;
        let ordinal = if outer { self.scope.reference * ORDINALS_PER_ITEM + place } else { place };
        let draw = scatter(self.draw ^ scatter(ordinal));
        let created = if outer { self.scope.created } else { moment::creation(self.context.day, draw) };
        let scope = Scope {
            parent: Some(self.scope),
            noun: noun_of(self.name),
            own: ordinal,
            reference: ordinal,
            draw,
            created,
            item: item.unwrap_or(Item::Nothing),
            in_list: true,
            rows: None,
            verdicts: self.verdicts(),
        };
        Object { context: self.context, scope, fields: schema.fields }
    }

    /// Which items a list of objects holds.
    pub(super) fn plan(&self, schema: &'static Schema) -> Plan<'a> {
        if self.lists_failures() {
            return self.failures(schema);
        }
        if self.scope.in_list {
            return self.nested_plan();
        }
        let batch = self.context.asked.batch(self.name, schema);
        let window = self.context.window.as_ref();
        let paged = window.filter(|window| window.items.is_none() || self.scope.rows == Some(self.name));
        if let Some(window) = paged {
            return Plan { first: window.first, count: window.count, batch };
        }
        match batch {
            Some(batch) => {
                let named = u64::try_from(batch.len()).unwrap_or(ITEMS_MAX).min(ITEMS_MAX);
                let failed = if self.context.partial.is_some() { failing(named) } else { 0 };
                Plan { first: failed, count: named - failed, batch: Some(batch) }
            }
            None => Plan { first: 0, count: self.free_count(), batch: None },
        }
    }

    /// Lists inside of a named item follow the request, those further inside do not: a small request must not ask for a huge
    /// answer.
    fn nested_plan(&self) -> Plan<'a> {
        if self.scope.parent.is_some_and(|parent| !parent.in_list)
            && let Some(Given::Json(Value::Array(objects))) = self.scope.item.given(self.name)
            && objects.iter().all(Value::is_object)
        {
            let count = u64::try_from(objects.len()).unwrap_or(NESTED_ITEMS_MAX).min(NESTED_ITEMS_MAX);
            return Plan { first: 0, count, batch: Some(Batch::Objects(objects)) };
        }
        Plan { first: 0, count: self.free_count(), batch: None }
    }

    /// Nothing fails unless a fault says so; then half of what the request names does.
    fn failures(&self, schema: &'static Schema) -> Plan<'a> {
        if self.context.partial.is_none() || self.scope.in_list || self.name != "errors" {
            return Plan { first: 0, count: 0, batch: None };
        }
        let detail = schema.field("detail").map_or(schema, |detail| detail.schema);
        let batch = self.context.asked.named_items(detail);
        let named = batch.as_ref().map_or(1, |batch| u64::try_from(batch.len()).unwrap_or(ITEMS_MAX));
        Plan { first: 0, count: failing(named.min(ITEMS_MAX)), batch }
    }

    fn free_count(&self) -> u64 {
        // Lists of lists stay short: their lengths multiply.
        let level = match self.scope.parent {
            _ if !self.scope.in_list => FREE_ITEMS_MAX,
            Some(parent) if parent.in_list => 1,
            Some(_) | None => 2,
        };
        let most = self.schema.max_count.map_or(level, u64::from).clamp(1, level);
        1 + self.draw % most
    }

    fn scalars<S: Serializer>(&self, schema: &'static Schema, serializer: S) -> Result<S::Ok, S::Error> {
        if self.lists_failures() {
            return serializer.serialize_seq(Some(0))?.end();
        }
        let mut list = serializer.serialize_seq(None)?;
        if schema.kind == Kind::String
            && let Some(texts) = self.given_texts()
        {
            for text in texts {
                list.serialize_element(&*text)?;
            }
            return list.end();
        }
        let known = u64::try_from(schema.values.len()).unwrap_or(u64::MAX);
        let count = if known == 0 { self.free_count() } else { self.free_count().min(known) };
        for place in 0..count {
            // Neighbours differ: a list of known values names each of them once.
            let draw = if known == 0 { scatter(self.draw ^ place) } else { self.draw.wrapping_add(place) };
            list.serialize_element(&ListItem { node: Node { schema, draw, ..*self }, place })?;
        }
        list.end()
    }

    /// The texts that the caller sent under the list's own name.
    fn given_texts(&self) -> Option<Vec<Cow<'a, str>>> {
        let most = usize::try_from(ITEMS_MAX).unwrap_or(usize::MAX);
        let texts: Vec<_> = match self.given()? {
            Given::Json(Value::Array(items)) => {
                items.iter().take(most).map(|item| Given::Json(item).text()).collect::<Option<_>>()?
            }
            Given::Text(text) => {
                text.split(',').take(most).map(|item| Given::Text(item).text()).collect::<Option<_>>()?
            }
            Given::Json(_) => return None,
        };
        (!texts.is_empty()).then_some(texts)
    }
}

/// Which items a list holds, and what the caller said about them.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) first: u64,
    pub(super) count: u64,
    batch: Option<Batch<'a>>,
}

/// A scalar at its place in a list.
struct ListItem<'a> {
    node: Node<'a>,
    place: u64,
}

impl Serialize for ListItem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.node.schema.kind {
            Kind::String => serializer.serialize_str(&text::listed(&self.node, self.place)),
            Kind::Integer => serializer.serialize_i64(number::listed(&self.node, self.place)),
            _ => self.node.serialize(serializer),
        }
    }
}

/// How many of the named items fail.
fn failing(named: u64) -> u64 {
    named.div_ceil(2).max(1)
}

fn is_list_of_failures(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or_default();
    matches!(first, "errors" | "error" | "failed" | "fail" | "failures" | "invalid" | "warnings")
        || name.ends_with("_errors")
}

impl<'a> Scope<'a> {
    /// The id that the caller used for this very thing.
    pub(super) fn item_id(&self) -> Option<Given<'a>> {
        let names_it = |name: &str| name.strip_suffix("_id").is_some_and(|stem| noun_of(stem) == self.noun);
        match self.item {
            Item::Id(field, id) => names_it(field).then_some(id),
            Item::Object(fields) => {
                fields.iter().find(|(name, _)| names_it(name)).map(|(_, value)| Given::Json(value))
            }
            Item::Nothing => None,
        }
    }
}

impl Scope<'_> {
    /// Whether this is an entry of `errors`, or inside of one.
    pub(super) fn is_failure(&self) -> bool {
        self.in_list
            && self.parent.is_some_and(|parent| self.noun == noun_of("errors") || parent.is_failure())
    }
}
