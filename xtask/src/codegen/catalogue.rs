//! The catalogue as the generators see it: corrected, named, pinned, checked.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::failures::{self, Failure};
use super::names::Names;
use super::personal::Personal;
use super::source::{
    ErrorFile, FamilyFile, Kind, Method, OneOrMany, RawError, RawOperation, RawSchema, RawWebhook, Sources,
    Status, WebhookFile,
};
use super::uploads::{self, Upload};
use super::{fixup, validate};

pub(crate) struct Catalogue {
    pub(crate) families: Vec<Family>,
    pub(crate) webhooks: Vec<RawWebhook>,
    /// By code.
    pub(crate) errors: Vec<ErrorCode>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) names: Names,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) failures: Vec<Failure>,
    pub(crate) personal: Personal,
}

pub(crate) struct Family {
    pub(crate) name: String,
    /// By name, then version.
    pub(crate) operations: Vec<Operation>,
}

pub(crate) struct Operation {
    pub(crate) raw: RawOperation,
    /// Our name; the same in every version of one method and resource.
    pub(crate) name: String,
    pub(crate) pinned: bool,
    pub(crate) scopes: Vec<String>,
    pub(crate) pagination: Pagination,
    pub(crate) idempotency: Idempotency,
    pub(crate) retry: Retry,
    pub(crate) batch_max: Option<u32>,
}

pub(crate) struct ErrorCode {
    pub(crate) code: i64,
    pub(crate) meaning: String,
    pub(crate) families: Vec<String>,
    pub(crate) cases: Vec<String>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Pagination {
    None,
    Query(Paging),
    Body(Paging),
    /// The page is asked for by the named body field.
    Number(String, Paging),
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Paging {
    /// The list inside `data`, with dots where it is nested.
    pub(crate) items: Option<String>,
    pub(crate) size_range: Option<(f64, f64)>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Idempotency {
    None,
    Query,
    Body,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Retry {
    Safe,
    Idempotent,
    Unsafe,
}

impl Catalogue {
    /// Corrects, names, pins and checks what `sources` hold.
    pub(crate) fn build(sources: &Sources) -> Result<Self> {
        let names = Names::parse(&sources.names).context("names.toml")?;
        let pins: BTreeMap<String, String> = toml::from_str(&sources.pins).context("pins.toml")?;
        let mut values = sources.operations.clone();
        for (name, text) in &sources.fixups {
            fixup::apply(text, &mut values).with_context(|| format!("fixups/{name}.toml"))?;
        }
        let mut families = Vec::new();
        for (file, value) in &values {
            families.push(family(file, value, &names).with_context(|| format!("operations/{file}.json"))?);
        }
        pin(&mut families, &pins)?;
        let mut webhooks: WebhookFile =
            serde_json::from_value(sources.webhooks.clone()).context("webhooks.json")?;
        let mut personal = Personal::read(&sources.personal).context("personal.toml")?;
        for operation in families.iter_mut().flat_map(|family| &mut family.operations) {
            personal.mark(&mut operation.raw.response, "");
        }
        webhooks.events.iter_mut().for_each(|event| personal.mark(&mut event.data, ""));
        let errors: ErrorFile = serde_json::from_value(sources.errors.clone()).context("errors.json")?;
        let scopes =
            families.iter().flat_map(|family| &family.operations).flat_map(|o| o.scopes.clone()).collect();
        let mut errors: Vec<_> = errors.errors.into_iter().map(error_code).collect();
        errors.sort_by_key(|error| error.code);
        let uploads = uploads::read(&sources.uploads).context("uploads.toml")?;
        let failures = failures::read(&sources.failures).context("failures.toml")?;
        let catalogue =
            Self { families, webhooks: webhooks.events, errors, scopes, names, uploads, failures, personal };
        let mut problems = validate::problems(&catalogue);
        problems.extend(uploads::problems(&catalogue));
        problems.extend(failures::problems(&catalogue));
        problems.extend(catalogue.personal.problems());
        ensure!(problems.is_empty(), "{} problems:\n  {}", problems.len(), problems.join("\n  "));
        Ok(catalogue)
    }
}

fn error_code(raw: RawError) -> ErrorCode {
    let families = OneOrMany::into_vec(raw.family);
    ErrorCode { code: raw.code, meaning: raw.meaning, families, cases: raw.cases }
}

fn family(file: &str, value: &Value, names: &Names) -> Result<Family> {
    let parsed: FamilyFile = serde_path(value)?;
    ensure!(parsed.family == file, "the file says it is family `{}`", parsed.family);
    let mut newest: BTreeMap<(Method, String), (bool, String, String)> = BTreeMap::new();
    for raw in &parsed.operations {
        let name = names.operation(file, raw);
        let rank = (raw.status == Status::Current, raw.version.clone(), name);
        let shared = newest.entry((raw.method, resource(&raw.path))).or_insert_with(|| rank.clone());
        *shared = rank.max(shared.clone());
    }
    let mut operations: Vec<_> = parsed
        .operations
        .into_iter()
        .map(|raw| {
            let name = newest[&(raw.method, resource(&raw.path))].2.clone();
            operation(file, name, raw, names)
        })
        .collect();
    operations.sort_by(|a, b| (&a.name, &a.raw.version).cmp(&(&b.name, &b.raw.version)));
    Ok(Family { name: file.to_owned(), operations })
}

/// Names the operation that does not parse: an error in a file of 500 kB must say where.
fn serde_path(value: &Value) -> Result<FamilyFile> {
    for operation in value["operations"].as_array().into_iter().flatten() {
        serde_json::from_value::<RawOperation>(operation.clone())
            .with_context(|| format!("operation {} {}", operation["name"], operation["version"]))?;
    }
    Ok(serde_json::from_value(value.clone())?)
}

/// The path after its version, parameters without their names: what is the same thing in two versions.
pub(crate) fn resource(path: &str) -> String {
    let segments = path.split('/').skip(3);
    segments
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

/// The path after its version, for people.
pub(crate) fn resource_path(path: &str) -> String {
    path.split('/').skip(3).collect::<Vec<_>>().join("/")
}

fn operation(family: &str, name: String, raw: RawOperation, names: &Names) -> Operation {
    let idempotency = idempotency(&raw);
    Operation {
        pinned: false,
        scopes: raw.scope.iter().flat_map(|scope| scope.split(" | ")).map(str::to_owned).collect(),
        pagination: pagination(&raw, names.items.get(family).and_then(|items| items.get(&name))),
        retry: retry(&raw, &name, idempotency),
        batch_max: batch_max(&raw),
        idempotency,
        name,
        raw,
    }
}

fn body_fields(raw: &RawOperation) -> &[RawSchema] {
    raw.body.as_ref().map(|body| body.fields.as_slice()).unwrap_or_default()
}

fn find<'a>(fields: &'a [RawSchema], name: &str) -> Option<&'a RawSchema> {
    fields.iter().find(|field| field.name == name)
}

fn pagination(raw: &RawOperation, items: Option<&String>) -> Pagination {
    let body = body_fields(raw);
    let size = find(&raw.query, "page_size").or_else(|| find(body, "page_size"));
    let size_range = size.and_then(|size| size.range);
    let items = items.cloned().or_else(|| items_by_rule(&raw.response));
    let paging = Paging { items, size_range };
    if find(&raw.query, "page_token").is_some() {
        return Pagination::Query(paging);
    }
    if find(body, "page_token").is_some() {
        return Pagination::Body(paging);
    }
    let number = ["page_no", "page_index", "page_offset"].into_iter().find(|name| find(body, name).is_some());
    number.map_or(Pagination::None, |name| Pagination::Number(name.to_owned(), paging))
}

/// The one list in `data`, also one level down where `data` is wrapped twice.
fn items_by_rule(response: &RawSchema) -> Option<String> {
    let lists: Vec<_> = response.fields.iter().filter(|field| field.kind == Kind::Array).collect();
    match (lists.as_slice(), response.fields.as_slice()) {
        ([only], _) => Some(only.name.clone()),
        ([], [inner]) if inner.kind == Kind::Object => {
            items_by_rule(inner).map(|items| format!("{}.{items}", inner.name))
        }
        _ => None,
    }
}

fn idempotency(raw: &RawOperation) -> Idempotency {
    if find(&raw.query, "idempotency_key").is_some() {
        Idempotency::Query
    } else if find(body_fields(raw), "idempotency_key").is_some() {
        Idempotency::Body
    } else {
        Idempotency::None
    }
}

/// First words of names that only read, whatever the method.
const READING_VERBS: [&str; 10] =
    ["get", "search", "list", "query", "check", "calculate", "recommend", "predict", "suggest", "map"];

fn retry(raw: &RawOperation, name: &str, idempotency: Idempotency) -> Retry {
    let verb = name.trim_start_matches("gs_").trim_start_matches("global_selling_");
    let verb = verb.trim_start_matches("full_service_").split('_').next().unwrap_or_default();
    let reads = READING_VERBS.contains(&verb) && !name.contains("_or_create_");
    match raw.method {
        Method::Get => Retry::Safe,
        Method::Post if reads || raw.path.ends_with("/search") => Retry::Safe,
        Method::Put | Method::Delete => Retry::Idempotent,
        Method::Post if idempotency != Idempotency::None => Retry::Idempotent,
        Method::Post => Retry::Unsafe,
    }
}

/// The bound of the one bounded list that a call works through.
fn batch_max(raw: &RawOperation) -> Option<u32> {
    let fields = raw.query.iter().chain(body_fields(raw));
    let mut bounds = fields.filter(|field| field.kind == Kind::Array).filter_map(|field| field.max_count);
    bounds.next().filter(|_| bounds.next().is_none())
}

/// Marks the default version of each name. A name with several versions needs exactly one entry in `pins.toml`.
fn pin(families: &mut [Family], pins: &BTreeMap<String, String>) -> Result<()> {
    let mut problems = Vec::new();
    let mut unused: BTreeSet<&str> = pins.keys().map(String::as_str).collect();
    for family in families {
        for group in family.operations.chunk_by_mut(|a, b| a.name == b.name) {
            let key = format!("{}.{}", family.name, group[0].name);
            unused.remove(key.as_str());
            match (group.len(), pins.get(&key)) {
                (1, None) => group[0].pinned = true,
                (1, Some(_)) => problems.push(format!("`{key}` has one version only, so it needs no pin")),
                (_, None) => problems.push(format!("\"{key}\" = \"{}\" is missing", newest(group))),
                (_, Some(version)) => {
                    group
                        .iter_mut()
                        .for_each(|operation| operation.pinned = operation.raw.version == *version);
                    if !group.iter().any(|operation| operation.pinned) {
                        problems.push(format!("`{key}` has no version {version}"));
                    }
                }
            }
        }
    }
    problems.extend(unused.iter().map(|key| format!("`{key}` does not exist")));
    ensure!(problems.is_empty(), "pins.toml: {}", problems.join("\n  "));
    Ok(())
}

/// What a new pin should say: the newest current version that is neither preview nor beta, else the newest.
fn newest(group: &[Operation]) -> &str {
    let rank = |raw: &RawOperation| (raw.stage.is_none(), raw.status == Status::Current, raw.version.clone());
    group
        .iter()
        .max_by_key(|operation| rank(&operation.raw))
        .map(|o| o.raw.version.as_str())
        .unwrap_or_default()
}
