//! The static table of `ttshop-catalogue`: one file a family, and the tree of routes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::catalogue::{Catalogue, Family, Idempotency, Operation, Pagination, Paging, Retry};
use super::layout::lay_out;
use super::output::Output;
use super::source::{Kind, RawSchema, RawWebhook};
use super::{failures, personal, route, uploads};

const DIRECTORY: &str = "crates/ttshop-catalogue/src/generated";

/// A shape that says at least this much and occurs twice in a file becomes a shared static.
const SHARED_FROM: usize = 4;

pub(crate) fn emit(catalogue: &Catalogue, output: &mut Output) {
    output.own(DIRECTORY);
    for family in &catalogue.families {
        output.add_laid_out(format!("{DIRECTORY}/{}.rs", family.name), &family_file(catalogue, family));
    }
    output.add_laid_out(format!("{DIRECTORY}/webhooks.rs"), &webhooks_file(&catalogue.webhooks));
    output.add_laid_out(format!("{DIRECTORY}/errors.rs"), &errors_file(catalogue));
    output.add(format!("{DIRECTORY}/personal.rs"), personal::file(&catalogue.personal));
    output.add(format!("{DIRECTORY}/uploads.rs"), uploads::file(catalogue));
    output.add_laid_out(format!("{DIRECTORY}/routes.rs"), &route::file(catalogue));
    output.add(format!("{DIRECTORY}/mod.rs"), mod_file(catalogue));
}

/// The name of an operation's static: `SEARCH_ORDERS_202309`.
pub(crate) fn static_name(operation: &Operation) -> String {
    format!("{}_{}", operation.name.to_uppercase(), operation.raw.version)
}

fn mod_file(catalogue: &Catalogue) -> String {
    let mut text = String::from(
        "#[rustfmt::skip]\nmod errors;\nmod personal;\n#[rustfmt::skip]\nmod routes;\nmod uploads;\n#[rustfmt::skip]\nmod webhooks;\n\n",
    );
    for family in &catalogue.families {
        let _ = writeln!(
            text,
            "/// Operations of `{0}`, each under its name and version.\n#[rustfmt::skip]\npub mod {0};",
            family.name
        );
    }
    text.push_str("\nuse crate::operation::{Family, Operation};\n\n");
    text.push_str("pub use errors::ERRORS;\npub(crate) use personal::PERSONAL;\npub(crate) use routes::ROOT;\npub(crate) use uploads::UPLOADS;\npub use webhooks::WEBHOOKS;\n\n");
    text.push_str("/// Every family, by name.\npub static FAMILIES: &[Family] = &[");
    for family in &catalogue.families {
        let _ = write!(text, "Family {{ name: {0:?}, operations: {0}::OPERATIONS }},", family.name);
    }
    text.push_str("];\n\n/// Every operation in every version, by family, name and version.\n");
    text.push_str("pub static OPERATIONS: &[&Operation] = &[");
    for family in &catalogue.families {
        for operation in &family.operations {
            let _ = write!(text, "&{}::{},", family.name, static_name(operation));
        }
    }
    let scopes: Vec<_> = catalogue.scopes.iter().collect();
    let _ = write!(
        text,
        "];\n\n/// Every scope key that an operation asks for, sorted.\npub static SCOPES: &[&str] = &{scopes:?};\n"
    );
    text
}

fn family_file(catalogue: &Catalogue, family: &Family) -> String {
    let mut shapes = Shapes::default();
    for operation in &family.operations {
        roots(operation).for_each(|root| shapes.count(root));
    }
    let mut statics = String::new();
    for operation in &family.operations {
        let raw = &operation.raw;
        let method = format!("{:?}", raw.method).to_uppercase();
        let _ = write!(statics, "\n/// `{method} {}`, which the platform calls `{}`.\n", raw.path, raw.name);
        let name = static_name(operation);
        let failures = failures::lists(catalogue, &family.name, operation);
        let literal = operation_literal(family, operation, &failures, &mut shapes);
        let _ = writeln!(statics, "{}", lay_out(&format!("pub static {name}: Operation = {literal};")));
    }
    let list: Vec<_> =
        family.operations.iter().map(|operation| format!("&{}", static_name(operation))).collect();
    let list = lay_out(&format!("pub(crate) static OPERATIONS: &[&Operation] = &[{}];", list.join(", ")));
    let body = format!("{list}\n{statics}{}", shapes.shared_statics());
    imports(&body) + &body
}

/// Imports only what the text uses: an unused import is a warning.
fn imports(body: &str) -> String {
    let mut text = String::new();
    let modules = [
        (
            "operation",
            &[
                "Cipher",
                "FailureList",
                "Idempotency",
                "Method",
                "Operation",
                "Paging",
                "Pagination",
                "RetrySafety",
                "Stage",
                "Status",
                "UserType",
            ][..],
        ),
        (
            "schema",
            &["BOOLEAN", "Bits", "FILE", "Field", "Format", "INTEGER", "Kind", "OBJECT", "Schema", "TEXT"][..],
        ),
        ("webhook", &["Owner", "WebhookType"][..]),
    ];
    for (module, names) in modules {
        let used: Vec<_> = names.iter().copied().filter(|name| uses(body, name)).collect();
        if !used.is_empty() {
            let _ = writeln!(text, "use crate::{module}::{{{}}};", used.join(", "));
        }
    }
    text + "\n"
}

/// Whether `name` stands in `body` as a whole word.
pub(crate) fn uses(body: &str, name: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    body.match_indices(name).any(|(place, _)| {
        let before = body[..place].chars().next_back();
        let after = body[place + name.len()..].chars().next();
        !before.is_some_and(is_word)
            && !after.is_some_and(is_word)
            && before != Some('"')
            && before != Some('`')
    })
}

fn roots(operation: &Operation) -> impl Iterator<Item = &RawSchema> {
    let raw = &operation.raw;
    raw.query.iter().chain(&raw.multipart).chain(&raw.body).chain(Some(&raw.response))
}

fn operation_literal(family: &Family, operation: &Operation, failures: &str, shapes: &mut Shapes) -> String {
    let raw = &operation.raw;
    let users: Vec<_> = raw
        .user_types
        .iter()
        .map(|user| format!("UserType::{}", ["Seller", "Creator", "", "Partner"][usize::from(*user)]))
        .collect();
    let takes = raw.takes.map_or_else(|| "None".to_owned(), |cipher| format!("{cipher:?}"));
    let stage = raw.stage.map_or_else(|| "None".to_owned(), |stage| format!("Some(Stage::{stage:?})"));
    let retry = match operation.retry {
        Retry::Safe => "Safe",
        Retry::Idempotent => "Idempotent",
        Retry::Unsafe => "Unsafe",
    };
    let idempotency = match operation.idempotency {
        Idempotency::None => "None",
        Idempotency::Query => "Query",
        Idempotency::Body => "Body",
    };
    let body =
        raw.body.as_ref().map_or_else(|| "None".to_owned(), |body| format!("Some({})", shapes.literal(body)));
    format!(
        "Operation {{ key: \"{family}.{name}\", family: {family:?}, name: {name:?}, title: {title:?}, version: {version:?}, \
         method: Method::{method:?}, path: {path:?}, status: Status::{status:?}, stage: {stage}, \
         superseded_by: {superseded_by:?}, deprecated: {deprecated}, pinned: {pinned}, takes: Cipher::{takes}, \
         user_types: &[{users}], scope: &{scope:?}, scope_inferred: {scope_inferred}, pagination: {pagination}, \
         path_params: &{path_params:?}, query: &{query}, body: {body}, multipart: &{multipart}, response: {response}, \
         error_codes: &[{error_codes}], idempotency: Idempotency::{idempotency}, retry_safety: RetrySafety::{retry}, \
         batch_max: {batch_max:?}, failures: &{failures} }}",
        family = family.name,
        name = operation.name,
        title = raw.name,
        version = raw.version,
        method = raw.method,
        path = raw.path,
        status = raw.status,
        superseded_by = raw.superseded_by,
        deprecated = raw.deprecated,
        pinned = operation.pinned,
        users = users.join(", "),
        scope = operation.scopes,
        scope_inferred = raw.scope_inferred,
        pagination = pagination(&operation.pagination),
        path_params = raw.path_params,
        query = shapes.fields(&raw.query),
        multipart = shapes.fields(&raw.multipart),
        response = shapes.literal(&raw.response),
        error_codes = raw.error_codes.iter().map(|code| grouped(*code)).collect::<Vec<_>>().join(", "),
        batch_max = operation.batch_max,
    )
}

fn pagination(pagination: &Pagination) -> String {
    match pagination {
        Pagination::None => "Pagination::None".to_owned(),
        Pagination::Query(page) => format!("Pagination::Query({})", paging(page)),
        Pagination::Body(page) => format!("Pagination::Body({})", paging(page)),
        Pagination::Number(field, page) => format!("Pagination::Number({field:?}, {})", paging(page)),
    }
}

fn paging(paging: &Paging) -> String {
    let range = paging
        .size_range
        .map_or_else(|| "None".to_owned(), |(least, most)| format!("Some(({least}, {most}))"));
    format!("Paging {{ items: {:?}, size_range: {range} }}", paging.items)
}

/// `36_009_004`: long numbers are written in groups.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// Literals of shapes, with long ones that occur twice written once.
#[derive(Default)]
struct Shapes {
    counts: BTreeMap<u64, usize>,
    shared: BTreeMap<String, String>,
}

impl Shapes {
    /// Counts a shape and everything inside it; call it for all roots before the first literal.
    fn count(&mut self, schema: &RawSchema) {
        if size(schema) >= SHARED_FROM {
            let count = self.counts.entry(identity(schema)).or_default();
            *count += 1;
            // What is inside a repeated shape is repeated with it; only its first occurrence counts.
            if *count > 1 {
                return;
            }
        }
        schema.fields.iter().chain(schema.items.as_deref()).for_each(|inner| self.count(inner));
    }

    /// An expression of type `&'static Schema`.
    fn literal(&mut self, schema: &RawSchema) -> String {
        if let Some(name) = plain(schema) {
            return format!("&{name}");
        }
        let identity = identity(schema);
        if self.counts.get(&identity).is_none_or(|count| *count < 2) {
            return format!("&{}", self.inline(schema));
        }
        let name = format!("SHARED_{:08X}", identity >> 32);
        if !self.shared.contains_key(&name) {
            let text = self.inline(schema);
            self.shared.insert(name.clone(), text);
        }
        format!("&{name}")
    }

    fn inline(&mut self, schema: &RawSchema) -> String {
        let mut text = format!("Schema {{ kind: Kind::{:?},", schema.kind);
        let mut set = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = write!(text, " {name}: {value},");
            }
        };
        set("format", schema.format.map(|format| format!("Some(Format::{format:?})")));
        set("bits", schema.bits.map(|bits| format!("Some(Bits::{bits:?})")));
        set("items", schema.items.as_ref().map(|items| format!("Some({})", self.literal(items))));
        set("fields", (!schema.fields.is_empty()).then(|| format!("&{}", self.fields(&schema.fields))));
        set("values", (!schema.values.is_empty()).then(|| format!("&{:?}", schema.values)));
        set("max_count", schema.max_count.map(|most| format!("Some({most})")));
        set("max_length", schema.max_length.map(|most| format!("Some({most})")));
        set("range", schema.range.map(|(least, most)| format!("Some(({least:?}, {most:?}))")));
        let default = schema.default.as_ref();
        let default = default.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        set("default", default.map(|default| format!("Some({default:?})")));
        set("nullable", schema.nullable.then(|| "true".to_owned()));
        text.push_str(" ..Schema::ANY }");
        text
    }

    /// An expression of type `[Field; N]`.
    fn fields(&mut self, fields: &[RawSchema]) -> String {
        let mut text = String::from("[");
        for field in fields {
            let (name, schema) = (&field.name, self.literal(field));
            let _ = match (field.required, field.deprecated) {
                (false, false) => write!(text, "Field::new({name:?}, {schema}), "),
                (true, false) => write!(text, "Field::required({name:?}, {schema}), "),
                (required, true) => {
                    write!(
                        text,
                        "Field {{ name: {name:?}, schema: {schema}, required: {required}, deprecated: true }},"
                    )
                }
            };
        }
        text.truncate(text.trim_end_matches(", ").len());
        text + "]"
    }

    fn shared_statics(&self) -> String {
        let mut text = String::new();
        for (name, literal) in &self.shared {
            let _ = write!(text, "\n{}\n", lay_out(&format!("static {name}: Schema = {literal};")));
        }
        text
    }
}

/// The static of a shape that is nothing but its kind.
fn plain(schema: &RawSchema) -> Option<&'static str> {
    let name = match schema.kind {
        Kind::String => "TEXT",
        Kind::Integer => "INTEGER",
        Kind::Boolean => "BOOLEAN",
        Kind::Object => "OBJECT",
        Kind::File => "FILE",
        Kind::Number | Kind::Array | Kind::Map | Kind::Any | Kind::Recursive => return None,
    };
    (size(schema) == 1).then_some(name)
}

/// How much a shape says: its kind, its attributes, its values, and what is inside.
fn size(schema: &RawSchema) -> usize {
    let attributes = [
        schema.format.is_some(),
        schema.bits.is_some(),
        schema.max_count.is_some(),
        schema.max_length.is_some(),
        schema.range.is_some(),
        schema.default.is_some(),
        schema.nullable,
    ];
    let attributes = attributes.into_iter().filter(|present| *present).count();
    let inside: usize = schema.fields.iter().chain(schema.items.as_deref()).map(size).sum();
    1 + attributes + schema.values.len() + inside
}

/// FNV-1a over everything a shape says but its own name, so that names of shared shapes stay when others change.
fn identity(schema: &RawSchema) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    mix(&format!("{:?} {:?} {:?} {:?}", schema.kind, schema.format, schema.bits, schema.range));
    mix(&format!("{:?} {:?} {:?}", schema.max_count, schema.max_length, schema.nullable));
    mix(&format!("{:?} {:?}", schema.default, schema.values));
    for field in &schema.fields {
        mix(&format!("{} {} {} {}", field.name, field.required, field.deprecated, identity(field)));
    }
    schema.items.iter().for_each(|items| mix(&identity(items).to_string()));
    hash
}

fn webhooks_file(webhooks: &[RawWebhook]) -> String {
    let mut shapes = Shapes::default();
    webhooks.iter().for_each(|webhook| shapes.count(&webhook.data));
    let mut sorted: Vec<_> = webhooks.iter().collect();
    sorted.sort_by_key(|webhook| webhook.number);
    let mut list = String::from("pub static WEBHOOKS: &[WebhookType] = &[");
    for webhook in sorted {
        let has = |key: &str| webhook.envelope.iter().any(|present| present == key);
        let owner = match (has("shop_id"), has("seller_open_id")) {
            (true, _) => "Shop",
            (_, true) => "Seller",
            _ => "Creator",
        };
        let _ = write!(
            list,
            "WebhookType {{ number: {}, name: {:?}, named_in_event_api: {}, owner: Owner::{owner}, has_notification_id: {}, data: {} }},",
            webhook.number,
            webhook.name,
            webhook.named_in_event_api,
            has("tts_notification_id"),
            shapes.literal(&webhook.data)
        );
    }
    let list = lay_out(&format!("{list}];"));
    let body = format!("/// Every known topic, by number.\n{list}\n{}", shapes.shared_statics());
    imports(&body) + &body
}

fn errors_file(catalogue: &Catalogue) -> String {
    let mut text = String::from("use crate::error_code::ErrorCode;\n\n");
    text.push_str("/// Every known code, sorted.\n");
    let mut list = String::from("pub static ERRORS: &[ErrorCode] = &[");
    for error in &catalogue.errors {
        let (code, meaning) = (grouped(error.code), &error.meaning);
        let (families, cases) = (&error.families, &error.cases);
        let _ = write!(
            list,
            "ErrorCode {{ code: {code}, meaning: {meaning:?}, families: &{families:?}, cases: &{cases:?} }},"
        );
    }
    text + &lay_out(&(list + "];"))
}
