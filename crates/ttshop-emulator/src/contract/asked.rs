//! What a request says, by field name.

use std::borrow::Cow;

use serde_json::{Map, Value};
use ttshop_catalogue::{PathParams, Schema};

use crate::contract::identity::{Noun, noun_of};

/// The request behind an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) path: PathParams<'a>,
    pub(super) params: &'a [(Cow<'a, str>, Cow<'a, str>)],
    pub(super) body: &'a Value,
}

/// A scalar that the caller sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given<'a> {
    Text(&'a str),
    Json(&'a Value),
}

/// Longer texts are not sent back.
const ECHO_LENGTH_MAX: usize = 256;

impl<'a> Given<'a> {
    /// As text; numbers in digits.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        let text = match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Json(Value::String(text)) => Cow::Borrowed(text.as_str()),
            Self::Json(Value::Number(number)) => Cow::Owned(number.to_string()),
            Self::Json(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => return None,
        };
        (!text.is_empty() && text.len() <= ECHO_LENGTH_MAX).then_some(text)
    }

    /// As a whole number; texts of digits count.
    pub(super) fn integer(self) -> Option<i64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Json(Value::String(text)) => text.parse().ok(),
            Self::Json(value) => value.as_i64(),
        }
    }

    pub(super) fn boolean(self) -> Option<bool> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Json(value) => value.as_bool(),
        }
    }
}

/// Several things that the caller asked for by name.
#[derive(Clone, Debug)]
pub(super) enum Batch<'a> {
    /// Their ids, and the field of the answer that repeats them.
    Ids(&'static str, Vec<Given<'a>>),
    /// Objects with fields of their own.
    Objects(&'a [Value]),
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'a> {
    Nothing,
    Id(&'static str, Given<'a>),
    Object(&'a Map<String, Value>),
}

impl<'a> Item<'a> {
    pub(super) fn given(self, name: &str) -> Option<Given<'a>> {
        match self {
            Self::Nothing => None,
            Self::Id(field, id) => (field == name).then_some(id),
            Self::Object(fields) => fields.get(name).map(Given::Json),
        }
    }
}

impl<'a> Batch<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ids(_, ids) => ids.len(),
            Self::Objects(objects) => objects.len(),
        }
    }

    pub(super) fn item(&self, place: usize) -> Item<'a> {
        match self {
            Self::Ids(field, ids) => ids.get(place).map_or(Item::Nothing, |id| Item::Id(field, *id)),
            Self::Objects(objects) => {
                objects.get(place).and_then(Value::as_object).map_or(Item::Nothing, Item::Object)
            }
        }
    }
}

impl<'a> Asked<'a> {
    /// What was sent under `name` in path, query or body.
    pub(super) fn scalar(&self, name: &str) -> Option<Given<'a>> {
        let path = self.path.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let query = || self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_ref());
        path.or_else(query).map(Given::Text).or_else(|| self.body.get(name).map(Given::Json))
    }

    /// The id of a thing of this kind: `product_id` for a product.
    pub(super) fn id_of(&self, noun: Noun) -> Option<Given<'a>> {
        let names_it = |name: &str| name.strip_suffix("_id").is_some_and(|stem| noun_of(stem) == noun);
        let path = self.path.iter().find(|(name, _)| names_it(name)).map(|(_, value)| value);
        let query = || self.params.iter().find(|(name, _)| names_it(name)).map(|(_, value)| value.as_ref());
        path.or_else(query).map(Given::Text).or_else(|| {
            let mut fields = self.body.as_object()?.iter();
            fields.find(|(name, _)| names_it(name)).map(|(_, value)| Given::Json(value))
        })
    }

    /// What the answer's list `list` was asked to hold, if the request names its items.
    pub(super) fn batch(&self, list: &str, item: &'static Schema) -> Option<Batch<'a>> {
        let objects = self.body.get(list).and_then(Value::as_array);
        if let Some(objects) = objects.filter(|objects| objects.iter().all(Value::is_object)) {
            return Some(Batch::Objects(objects)).filter(|batch| batch.len() > 0);
        }
        let in_query = self.params.iter().filter(|(_, value)| !value.is_empty()).find_map(|(name, value)| {
            let field = answering_field(name, list, item)?;
            Some(Batch::Ids(field, value.split(',').map(Given::Text).collect()))
        });
        in_query.or_else(|| self.ids_in_body(list, item)).filter(|batch| batch.len() > 0)
    }

    fn ids_in_body(&self, list: &str, item: &'static Schema) -> Option<Batch<'a>> {
        self.body.as_object()?.iter().find_map(|(name, value)| {
            let field = answering_field(name, list, item)?;
            let ids = match value {
                Value::Array(ids) if ids.iter().all(|id| id.is_string() || id.is_number()) => {
                    ids.iter().map(Given::Json).collect()
                }
                Value::String(id) if !id.is_empty() => vec![Given::Json(value)],
                _ => return None,
            };
            Some(Batch::Ids(field, ids))
        })
    }

    /// What the request names, for entries that tell which of it failed; `detail` holds their ids.
    pub(super) fn named_items(&self, detail: &'static Schema) -> Option<Batch<'a>> {
        let field_of = |list: &str| {
            let stem = list.strip_suffix("ids").map_or(list, |stem| stem.strip_suffix('_').unwrap_or(stem));
            let mut ids =
                detail.fields.iter().filter_map(|field| Some((field.name, field.name.strip_suffix("_id")?)));
            ids.find(|(_, noun)| stem.is_empty() || noun_of(noun) == noun_of(stem)).map(|(name, _)| name)
        };
        let in_query = self.params.iter().find_map(|(name, value)| {
            let field = field_of(name).filter(|_| name.ends_with("ids"))?;
            Some(Batch::Ids(field, value.split(',').map(Given::Text).collect()))
        });
        let in_body = || {
            self.body.as_object()?.iter().find_map(|(name, value)| {
                let items = value.as_array().filter(|items| !items.is_empty())?;
                let id = |item: &'a Value| {
                    Some(Given::Json(item.as_object().map_or(Some(item), |item| item.get("id"))?))
                };
                match (field_of(name), items.iter().map(id).collect::<Option<Vec<_>>>()) {
                    (Some(field), Some(ids)) => Some(Batch::Ids(field, ids)),
                    _ => items.iter().all(Value::is_object).then_some(Batch::Objects(items)),
                }
            })
        };
        in_query.or_else(in_body)
    }
}

/// The field of `item` that repeats what the parameter `name` asks for: `order_ids` and `order_id` ask for orders, `ids` for
/// whatever the list holds.
fn answering_field(name: &str, list: &str, item: &'static Schema) -> Option<&'static str> {
    let stem = name.strip_suffix("ids").or_else(|| name.strip_suffix("_id"))?;
    let stem = stem.strip_suffix('_').unwrap_or(stem);
    let same_noun = stem.is_empty() || noun_of(list) == noun_of(stem);
    if same_noun && let Some(id) = item.field("id") {
        return Some(id.name);
    }
    let is_list = name.ends_with("ids");
    let named = item.fields.iter().find(|field| field.name.strip_suffix("_id") == Some(stem));
    named.filter(|_| is_list || same_noun).map(|field| field.name)
}
