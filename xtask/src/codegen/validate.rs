//! What must hold of the catalogue, each rule with a test that breaks it.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Catalogue, Family, Operation, Pagination, resource};
use super::source::{Kind, RawSchema, RawWebhook};

/// Path parameters of the longest path; `PathParams` keeps this many without allocating.
pub(crate) const PATH_PARAMS_MAX: usize = 4;

/// Everything that is wrong, in words that name the place.
pub(crate) fn problems(catalogue: &Catalogue) -> Vec<String> {
    let mut problems = Vec::new();
    let codes: BTreeSet<i64> = catalogue.errors.iter().map(|error| error.code).collect();
    if codes.len() != catalogue.errors.len() {
        problems.push("errors.json: a code occurs twice".into());
    }
    for family in &catalogue.families {
        check_family(family, &codes, &mut problems);
    }
    check_webhooks(&catalogue.webhooks, &mut problems);
    check_overrides(catalogue, &mut problems);
    problems
}

fn check_family(family: &Family, codes: &BTreeSet<i64>, problems: &mut Vec<String>) {
    let mut paths = BTreeMap::new();
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for operation in &family.operations {
        let raw = &operation.raw;
        let place = format!("{} {} {}", family.name, raw.name, raw.version);
        if paths.insert((raw.method, raw.path.as_str()), ()).is_some() {
            problems.push(format!("{place}: the same method and path occur twice"));
        }
        let thing = format!("{:?} {}", raw.method, resource(&raw.path));
        if names.entry(&operation.name).or_insert_with(|| thing.clone()) != &thing {
            problems.push(format!("{place}: two resources share the name `{}`", operation.name));
        }
        if !keys.insert((&operation.name, &raw.version)) {
            problems.push(format!("{place}: `{}` occurs twice in this version", operation.name));
        }
        check_operation(family, operation, codes, &place, problems);
    }
    for operation in &family.operations {
        let raw = &operation.raw;
        if let Some(successor) = &raw.superseded_by
            && !paths.contains_key(&(raw.method, successor.as_str()))
        {
            problems.push(format!("{} {}: successor `{successor}` does not exist", family.name, raw.name));
        }
    }
}

fn check_operation(
    family: &Family,
    operation: &Operation,
    codes: &BTreeSet<i64>,
    place: &str,
    problems: &mut Vec<String>,
) {
    let raw = &operation.raw;
    let mut segments = raw.path.split('/').skip(1);
    if segments.next() != Some(family.name.as_str()) || segments.next() != Some(raw.version.as_str()) {
        problems.push(format!("{place}: the path `{}` does not start with family and version", raw.path));
    }
    let in_path: Vec<_> =
        segments.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect();
    if in_path != raw.path_params || in_path.len() > PATH_PARAMS_MAX {
        problems.push(format!("{place}: path parameters {:?} do not fit `{}`", raw.path_params, raw.path));
    }
    if raw.version.len() != 6 || !raw.version.bytes().all(|byte| byte.is_ascii_digit()) {
        problems.push(format!("{place}: `{}` is no version", raw.version));
    }
    if raw.body.is_some() && !raw.multipart.is_empty() {
        problems.push(format!("{place}: a JSON body and a multipart body"));
    }
    if raw.user_types.is_empty() || raw.user_types.iter().any(|user| ![0, 1, 3].contains(user)) {
        problems.push(format!("{place}: user types {:?}", raw.user_types));
    }
    if raw.paginated && operation.pagination == Pagination::None {
        problems.push(format!("{place}: paginated, but no page field in query or body"));
    }
    for unknown in raw.error_codes.iter().filter(|code| !codes.contains(code)) {
        problems.push(format!("{place}: error code {unknown} is not in errors.json"));
    }
    check_names(&raw.query, place, problems);
    check_names(&raw.multipart, place, problems);
    let roots = raw.query.iter().chain(&raw.multipart);
    roots.for_each(|field| check_schema(field, &format!("{place} {}", field.name), problems));
    for field in
        raw.body.iter().chain(Some(&raw.response)).chain(&raw.query).filter(|field| holds_file(field))
    {
        problems.push(format!("{place}: a file outside a form, in `{}`", field.name));
    }
    for (name, root) in [("body", raw.body.as_ref()), ("response", Some(&raw.response))] {
        let Some(root) = root else { continue };
        check_schema(root, &format!("{place} {name}"), problems);
        if root.kind != Kind::Object {
            problems.push(format!("{place}: {name} is no object"));
        }
    }
}

fn holds_file(schema: &RawSchema) -> bool {
    schema.kind == Kind::File || schema.fields.iter().chain(schema.items.as_deref()).any(holds_file)
}

fn check_names(fields: &[RawSchema], place: &str, problems: &mut Vec<String>) {
    let names: BTreeSet<_> = fields.iter().map(|field| &field.name).collect();
    if names.len() != fields.len() {
        problems.push(format!("{place}: two fields of one name"));
    }
    if names.iter().any(|name| name.is_empty()) {
        problems.push(format!("{place}: a field without a name"));
    }
}

fn check_schema(schema: &RawSchema, place: &str, problems: &mut Vec<String>) {
    let mut say = |what: &str| problems.push(format!("{place}: {what}"));
    let is_list = matches!(schema.kind, Kind::Array | Kind::Map);
    if (schema.kind == Kind::Array) != schema.items.is_some() && (schema.kind != Kind::Map) {
        say("`items` is for arrays, and arrays need it");
    }
    if !schema.fields.is_empty() && schema.kind != Kind::Object {
        say("`fields` is for objects");
    }
    if schema.max_length.is_some() && schema.kind != Kind::String {
        say("`max_length` is for text");
    }
    if schema.max_count.is_some() && !is_list {
        say("`max_count` is for lists");
    }
    if schema.range.is_some_and(|(least, most)| least > most) {
        say("the range is upside down");
    }
    if !default_fits(schema) {
        say("the default is not of the field's type, or not one of its values");
    }
    check_names(&schema.fields, place, problems);
    for field in &schema.fields {
        check_schema(field, &format!("{place}.{}", field.name), problems);
    }
    if let Some(items) = &schema.items {
        check_schema(items, &format!("{place}[]"), problems);
    }
}

fn default_fits(schema: &RawSchema) -> bool {
    let Some(default) = &schema.default else { return true };
    let text = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
    match schema.kind {
        Kind::Boolean => text == "true" || text == "false",
        Kind::Integer => text.parse::<i64>().is_ok(),
        Kind::Number => text.parse::<f64>().is_ok(),
        Kind::String => schema.values.is_empty() || schema.values.contains(&text),
        _ => false,
    }
}

fn check_webhooks(webhooks: &[RawWebhook], problems: &mut Vec<String>) {
    let numbers: BTreeSet<_> = webhooks.iter().map(|webhook| webhook.number).collect();
    let names: BTreeSet<_> = webhooks.iter().map(|webhook| &webhook.name).collect();
    if numbers.len() != webhooks.len() || names.len() != webhooks.len() {
        problems.push("webhooks.json: a type or name occurs twice".into());
    }
    for webhook in webhooks {
        let owners = webhook
            .envelope
            .iter()
            .filter(|key| ["shop_id", "seller_open_id", "creator_open_id"].contains(&key.as_str()));
        if owners.count() != 1 {
            problems.push(format!("webhooks.json: `{}` has no single owner", webhook.name));
        }
        check_schema(&webhook.data, &webhook.name, problems);
    }
}

/// An override for something that no longer exists is stale.
fn check_overrides(catalogue: &Catalogue, problems: &mut Vec<String>) {
    let titles: BTreeSet<(&str, &str)> =
        operations(catalogue).map(|(family, o)| (family, o.raw.name.as_str())).collect();
    let names: BTreeSet<(&str, &str)> =
        operations(catalogue).map(|(family, o)| (family, o.name.as_str())).collect();
    let overrides = &catalogue.names;
    for (family, titles_here) in &overrides.operations {
        for title in titles_here.keys().filter(|title| !titles.contains(&(family, title))) {
            problems.push(format!("names.toml: no operation `{title}` in `{family}`"));
        }
    }
    for (family, merges) in &overrides.merge {
        for path in merges.values().flatten().filter(|path| !exists(catalogue, family, path)) {
            problems.push(format!("names.toml: `{path}` leads nowhere in `{family}`"));
        }
    }
    for (family, types) in &overrides.types {
        for path in types.keys().filter(|path| !exists(catalogue, family, path)) {
            problems.push(format!("names.toml: no type at `{path}` in `{family}`"));
        }
    }
    for (family, fields) in &overrides.fields {
        for field in fields.keys().filter(|field| !is_query_field(catalogue, family, field)) {
            problems.push(format!("names.toml: no field `{field}` in the queries of `{family}`"));
        }
    }
    for (family, items) in &overrides.items {
        for name in items.keys().filter(|name| !names.contains(&(family, name))) {
            problems.push(format!("names.toml: no operation `{name}` in `{family}`"));
        }
    }
}

fn operations(catalogue: &Catalogue) -> impl Iterator<Item = (&str, &Operation)> {
    let families = catalogue.families.iter();
    families.flat_map(|family| family.operations.iter().map(|operation| (family.name.as_str(), operation)))
}

/// Whether a path such as `search_orders.202309.response.orders[]` leads to an object or a list of values.
fn exists(catalogue: &Catalogue, family: &str, path: &str) -> bool {
    let mut segments = path.split('.');
    let (name, version, root) = (segments.next(), segments.next(), segments.next());
    if family == "events" {
        let mut webhooks = catalogue.webhooks.iter();
        let webhook = webhooks.find(|webhook| Some(webhook.name.to_lowercase().as_str()) == name);
        return webhook.is_some_and(|webhook| leads_somewhere(&webhook.data.fields, segments));
    }
    let operation = operations(catalogue).find(|(candidate, operation)| {
        *candidate == family
            && Some(operation.name.as_str()) == name
            && Some(operation.raw.version.as_str()) == version
    });
    let Some((_, operation)) = operation else { return false };
    let fields = match root {
        Some("response") => operation.raw.response.fields.as_slice(),
        Some("body") => operation.raw.body.as_ref().map(|body| body.fields.as_slice()).unwrap_or_default(),
        Some("query") => operation.raw.query.as_slice(),
        _ => return false,
    };
    leads_somewhere(fields, segments)
}

fn leads_somewhere<'a>(mut fields: &[RawSchema], segments: impl Iterator<Item = &'a str>) -> bool {
    for segment in segments {
        let name = segment.trim_end_matches("[]");
        let Some(mut at) = fields.iter().find(|field| field.name == name) else { return false };
        for _ in 0..segment.matches("[]").count() {
            let Some(items) = at.items.as_deref() else { return false };
            at = items;
        }
        fields = &at.fields;
    }
    true
}

fn is_query_field(catalogue: &Catalogue, family: &str, field: &str) -> bool {
    let Some((name, wire)) = field.split_once('.') else { return false };
    operations(catalogue)
        .filter(|(candidate, operation)| *candidate == family && operation.name == name)
        .any(|(_, operation)| operation.raw.query.iter().any(|query| query.name == wire))
}
