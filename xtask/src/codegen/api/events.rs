//! What the platform pushes: one type a topic, and the enumeration of all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::Writer;
use super::homes::Home;
use super::leaf::Direction;
use crate::codegen::catalogue::{Family, Idempotency, Operation, Pagination, Retry};
use crate::codegen::names::{Names, pascal};
use crate::codegen::output::Output;
use crate::codegen::source::RawWebhook;

/// Topics have no versions; models want one.
const VERSION: &str = "0";

/// Writes one file a topic, their shared models, and the enumeration.
pub(crate) fn emit(webhooks: &[RawWebhook], names: &Names, directory: &str, output: &mut Output) {
    let mut sorted: Vec<_> = webhooks.iter().collect();
    sorted.sort_by_key(|webhook| webhook.number);
    let family = Family {
        name: "events".to_owned(),
        operations: sorted.iter().map(|webhook| as_operation(webhook)).collect(),
    };
    let types: BTreeMap<_, _> = sorted
        .iter()
        .map(|webhook| (format!("{}.{VERSION}.response", webhook.name.to_lowercase()), type_name(webhook)))
        .collect();
    let mut names = Names { types: names.types.clone(), ..Names::default() };
    names.types.entry(family.name.clone()).or_default().extend(types);
    let writer = Writer::new(&family, &names, Direction::Event);
    let mut modules = String::new();
    let mut exports = String::new();
    for (home, body) in writer.files() {
        let text = writer.imports(&home, &body) + &body;
        let name = match &home {
            Home::Operation(place) => family.operations[*place].name.clone(),
            Home::Shared(name) => format!("models/{name}"),
        };
        match &home {
            Home::Operation(_) => {
                let _ = writeln!(modules, "mod {name};");
                let _ = writeln!(exports, "pub use {name}::*;");
            }
            Home::Shared(_) => {}
        }
        output.add(format!("{directory}/{name}.rs"), text);
    }
    let shared: Vec<_> = writer
        .files()
        .into_keys()
        .filter_map(|home| if let Home::Shared(name) = home { Some(name) } else { None })
        .collect();
    if !shared.is_empty() {
        modules.push_str("mod models;\n");
        exports.push_str("pub use models::*;\n");
        output.add(format!("{directory}/models/mod.rs"), super::modules(&shared));
    }
    output.add(format!("{directory}/mod.rs"), format!("{modules}\n{exports}\n{}", enumeration(&sorted)));
}

fn type_name(webhook: &RawWebhook) -> String {
    pascal(&webhook.name.to_lowercase())
}

/// A topic as an operation that answers its data, so that models are made in one way.
fn as_operation(webhook: &RawWebhook) -> Operation {
    let raw = json!({
        "name": webhook.name, "version": VERSION, "status": "current", "method": "POST", "path": webhook.name,
        "takes": null, "user_types": [0], "scope": null, "superseded_by": null, "stage": null, "body": null,
        "response": { "type": "object" }, "seen_in": []
    });
    let mut raw: crate::codegen::source::RawOperation =
        serde_json::from_value(raw).expect("a literal that fits");
    raw.response = webhook.data.clone();
    Operation {
        raw,
        name: webhook.name.to_lowercase(),
        pinned: true,
        scopes: Vec::new(),
        pagination: Pagination::None,
        idempotency: Idempotency::None,
        retry: Retry::Safe,
        batch_max: None,
    }
}

fn enumeration(webhooks: &[&RawWebhook]) -> String {
    let (mut variants, mut reads, mut numbers) = (String::new(), String::new(), String::new());
    for webhook in webhooks {
        let (number, name, topic) = (webhook.number, type_name(webhook), &webhook.name);
        let _ = writeln!(
            variants,
            "/// Topic {number}, `{topic}`.\n#[doc(alias = {topic:?})]\n{name}(Box<{name}>),"
        );
        let _ = writeln!(reads, "{number} => Self::{name}(Box::new(decode(data).ok()?)),");
        let _ = writeln!(numbers, "Self::{name}(_) => {number},");
    }
    format!(
        "use crate::rt::decode;\nuse crate::webhook::UnknownEvent;\n\n\
         /// What happened, by topic; the platform adds topics without notice.\n\
         #[derive(Clone, Debug)]\n#[non_exhaustive]\npub enum Event {{\n{variants}\
         /// A topic or shape this version does not know.\nUnknown(UnknownEvent),\n}}\n\n\
         impl Event {{\n/// Reads the data of topic `number`; none when it is unknown or the bytes are no JSON.\n\
         pub(crate) fn read(number: i64, data: &[u8]) -> Option<Self> {{\nSome(match number {{\n{reads}_ => return None,\n}})\n}}\n\n\
         /// The topic's number; none when it is unknown.\n\
         pub fn number(&self) -> Option<i64> {{\nSome(match self {{\n{numbers}Self::Unknown(_) => return None,\n}})\n}}\n}}\n"
    )
}
