//! Field documentation: unit, bound, known values and duty, in few words.

use super::shape::{Field, Type};
use crate::codegen::source::{Format, RawSchema};

/// Most known values to list; more are looked up in the catalogue.
const VALUES_MAX: usize = 12;

/// The doc lines of a field; empty when there is nothing to say beyond its name and type.
pub(crate) fn field(field: &Field, in_request: bool) -> Vec<String> {
    let schema = &field.schema;
    let mut sentences = Vec::new();
    match schema.format {
        Some(Format::UnixMilliseconds) => sentences.push("Milliseconds since 1970.".to_owned()),
        Some(Format::Currency) => sentences.push("A currency code (ISO 4217).".to_owned()),
        Some(Format::Language) => sentences.push("A language tag (BCP 47).".to_owned()),
        Some(Format::DateTime) => sentences.push("RFC 3339.".to_owned()),
        Some(Format::UnixSeconds) | None => {}
    }
    if field.r#type.enumeration().is_none() {
        sentences.extend(values(&field.values));
    }
    if in_request {
        sentences.extend(bounds(schema));
        sentences.extend(default(schema).map(|default| format!("The platform assumes `{default}`.")));
        if field.required {
            sentences.push("Required.".to_owned());
        }
    }
    sentences.extend(field.since.as_ref().map(|version| format!("Since {version}.")));
    if schema.older_source_only {
        sentences.push("Only in older documentation.".to_owned());
    }
    if schema.deprecated {
        sentences.push("Deprecated by the platform.".to_owned());
    }
    match (sentences.is_empty(), snake_differs(field)) {
        (true, false) => Vec::new(),
        (_, true) => {
            sentences.insert(0, format!("`{}` on the wire.", field.wire));
            vec![sentences.join(" ")]
        }
        (false, false) => vec![sentences.join(" ")],
    }
}

fn snake_differs(field: &Field) -> bool {
    field.rust.trim_start_matches("r#") != field.wire
}

fn values(values: &[String]) -> Option<String> {
    if values.is_empty() || values.len() > VALUES_MAX {
        return None;
    }
    let listed: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    Some(format!("Known values: {}.", listed.join(", ")))
}

fn bounds(schema: &RawSchema) -> Vec<String> {
    let mut bounds = Vec::new();
    if let Some((least, most)) = schema.range {
        bounds.push(format!("{least} to {most}."));
    }
    bounds.extend(schema.max_length.map(|most| format!("At most {most} characters.")));
    bounds.extend(schema.max_count.map(|most| format!("At most {most} items.")));
    bounds
}

fn default(schema: &RawSchema) -> Option<String> {
    let default = schema.default.as_ref()?;
    Some(default.as_str().map_or_else(|| default.to_string(), str::to_owned))
}

/// Lines as doc comments.
pub(crate) fn comment(lines: &[String]) -> String {
    lines.iter().map(|line| format!("/// {line}\n")).collect()
}

/// Whether the field is a list.
pub(crate) fn is_list(r#type: &Type) -> bool {
    matches!(r#type, Type::List(_))
}
