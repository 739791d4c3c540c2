//! `ttshop ops show`: everything the catalogue knows about one operation.

use clap::Args;
use serde_json::{Value, json};
use ttshop_catalogue::{Operation, RetrySafety, error_code};

use super::entry::{self, Entry};
use super::{find, tree};
use crate::failure::Failure;
use crate::output::{Output, Tone};

const EXAMPLES: &str = "\
Examples:
  ttshop ops show order.search_orders
  ttshop ops show order.get_order_detail@202309
  ttshop ops show GetOrderList --json | jq .body";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// `family.operation`, with `@version` unless the pinned one is meant; the platform's title works too.
    operation: String,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let operation = find(&arguments.operation)?;
    if output.wants_json() {
        return output.json(&as_json(operation));
    }
    output.line(as_text(operation, output))
}

fn as_json(operation: &'static Operation) -> Value {
    let mut value = json!(Entry::from(operation));
    let fields = |fields| Value::Array(tree::fields_json(fields));
    value["path_params"] = json!(operation.path_params);
    value["query"] = fields(operation.query);
    value["body"] = operation.body.map_or(Value::Null, tree::schema_json);
    value["multipart"] = fields(operation.multipart);
    value["response"] = tree::schema_json(operation.response);
    value["retry"] = json!(retry_word(operation.retry_safety));
    value["batch_max"] = json!(operation.batch_max);
    let errors = operation.error_codes.iter().map(|code| json!({"code": code, "meaning": meaning(*code)}));
    value["error_codes"] = errors.collect();
    value
}

fn as_text(operation: &'static Operation, output: Output) -> String {
    let title = |text: &str| output.paint(text, Tone::Title);
    let mut lines = vec![
        format!("{}@{}  {}", title(operation.key), operation.version, operation.title),
        format!("{} {}", operation.method, operation.path),
        facts(operation).join(" · "),
    ];
    lines.extend(operation.superseded_by.map(|path| format!("superseded by {path}")));
    let mut section = |name: &str, body: Vec<String>| {
        if !body.is_empty() {
            lines.push(String::new());
            lines.push(title(name));
            lines.extend(body);
        }
    };
    section("path", operation.path_params.iter().map(|name| format!("  {name}*  string")).collect());
    section("query", tree::fields_text(operation.query));
    section("body", operation.body.map(tree::schema_text).unwrap_or_default());
    section("multipart", tree::fields_text(operation.multipart));
    section("response", tree::schema_text(operation.response));
    let errors = operation.error_codes.iter().map(|code| format!("  {code}  {}", meaning(*code)));
    section("errors, beside the gateway's own", errors.collect());
    lines.join("\n")
}

fn facts(operation: &Operation) -> Vec<String> {
    let mut facts = vec![
        match operation.scope {
            [] => "scope not documented".to_owned(),
            scope => format!("scope {}", scope.join(" or ")),
        },
        format!("token of a {}", entry::user_types(operation).join(" or ")),
        operation
            .takes
            .parameter()
            .map_or_else(|| "no cipher".to_owned(), |cipher| format!("needs {cipher}")),
        retry_word(operation.retry_safety).to_owned(),
        format!("emulator: {}", entry::tier(operation)),
    ];
    if let Some((least, most)) = operation.pagination.paging().and_then(|paging| paging.size_range) {
        facts.push(format!("pages of {least} to {most}"));
    }
    facts.extend(operation.batch_max.map(|most| format!("at most {most} at once")));
    facts.push(format!(
        "{}{}",
        entry::status(operation.status),
        if operation.deprecated { ", deprecated" } else { "" }
    ));
    facts
}

fn retry_word(safety: RetrySafety) -> &'static str {
    match safety {
        RetrySafety::Safe => "reads only",
        RetrySafety::Idempotent => "safe to repeat",
        RetrySafety::Unsafe => "not safe to repeat",
    }
}

fn meaning(code: i64) -> &'static str {
    error_code(code).map_or("not explained in the catalogue", |known| known.meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::ColorChoice;

    fn text(key: &str) -> String {
        as_text(find(key).unwrap(), Output::new(false, ColorChoice::Never))
    }

    #[test]
    fn parameters_bodies_and_answers_are_trees() {
        let text = text("order.search_orders");
        assert!(text.contains("POST /order/202309/orders/search"), "{text}");
        assert!(text.contains("integer (int32), 1 to 100, default 20"), "{text}");
        assert!(text.contains("  orders[]  object\n    id  string"), "{text}");
    }

    #[test]
    fn every_operation_can_be_shown() {
        for operation in ttshop_catalogue::OPERATIONS {
            let output = Output::new(false, ColorChoice::Never);
            assert!(as_text(operation, output).contains(operation.path));
            assert_eq!(as_json(operation)["key"], operation.key);
        }
    }
}
