//! One sample of every request: the least that the catalogue accepts, made by the typed constructors.

use std::fmt::Write as _;

use super::Writer;
use super::homes::Home;
use super::leaf::Leaf;
use super::model::converts;
use super::shape::{Field, Type};
use crate::codegen::catalogue::{Catalogue, Operation};
use crate::codegen::names::pascal;
use crate::codegen::source::{Format, Kind};
use crate::codegen::table::static_name;

/// The function that visits the samples of every family.
pub(crate) fn list(catalogue: &Catalogue) -> String {
    let (mut modules, mut calls) = (String::new(), String::new());
    for family in &catalogue.families {
        let _ = writeln!(modules, "mod {};", family.name);
        let _ = writeln!(calls, "{}::each(visitor);", family.name);
    }
    format!(
        "use crate::samples::Visitor;\n\n{modules}\n/// Visits one request of every operation.\n\
         pub fn each(visitor: &mut impl Visitor) {{\n{calls}}}\n"
    )
}

impl Writer<'_> {
    /// The file that visits the samples of this family.
    pub(crate) fn samples(&self) -> String {
        let family = &self.family.name;
        let mut visits = String::new();
        for (place, operation) in self.family.operations.iter().enumerate() {
            let fields = &self.shapes.requests[place].fields;
            let arguments = if operation.raw.multipart.is_empty() {
                self.sample_arguments(fields)
            } else {
                self.form_arguments(operation, fields)
            };
            let request = self.at(&Home::Operation(place), &pascal(&operation.name));
            let _ = writeln!(visits, "visitor.visit({request}::new({arguments}));");
        }
        let is_superseded = (0..self.family.operations.len()).any(|place| self.successor(place).is_some());
        let expectation = if is_superseded {
            "#[expect(deprecated, reason = \"superseded versions are called too\")]\n"
        } else {
            ""
        };
        let upload = if visits.contains("upload(&") { ", upload" } else { "" };
        let mut text = format!("use crate::generated::{family};\nuse crate::samples::{{Visitor{upload}}};\n");
        for name in ["DecimalText", "UnixSeconds"].iter().filter(|name| visits.contains(**name)) {
            let _ = writeln!(text, "use ttshop_types::{name};");
        }
        let _ =
            write!(text, "\n{expectation}pub(super) fn each(visitor: &mut impl Visitor) {{\n{visits}}}\n");
        text
    }

    fn at(&self, home: &Home, name: &str) -> String {
        let family = &self.family.name;
        match home {
            Home::Shared(_) => format!("{family}::{name}"),
            Home::Operation(place) => {
                format!("{family}::v{}::{name}", self.family.operations[*place].raw.version)
            }
        }
    }

    fn sample_arguments(&self, fields: &[Field]) -> String {
        let required = fields.iter().filter(|field| field.required);
        required.map(|field| self.argument_sample(field)).collect::<Vec<_>>().join(", ")
    }

    /// A form's files, and the name of a file, are those of the example that its limits let pass.
    fn form_arguments(&self, operation: &Operation, fields: &[Field]) -> String {
        let path = format!("&ttshop_catalogue::{}::{}", self.family.name, static_name(operation));
        let argument = |field: &Field| match field.r#type {
            Type::Leaf(Leaf::File) => format!("upload({path}, {:?})", field.wire),
            _ if field.wire == "name" => format!("upload({path}, \"data\").file_name()"),
            _ => self.argument_sample(field),
        };
        let required = fields.iter().filter(|field| field.required);
        required.map(argument).collect::<Vec<_>>().join(", ")
    }

    /// A value as the constructor takes it.
    fn argument_sample(&self, field: &Field) -> String {
        match &field.r#type {
            Type::List(item) if converts(item) => format!("[{}]", self.loose(item, field)),
            Type::List(item) => format!("[{}]", self.exact(item, field)),
            Type::Leaf(Leaf::Decimal) => "\"1\"".to_owned(),
            other if converts(other) => self.loose(other, field),
            other => self.exact(other, field),
        }
    }

    /// A value that turns into the type.
    fn loose(&self, r#type: &Type, field: &Field) -> String {
        match r#type {
            Type::Enumeration(id) => format!("{:?}", self.named.enumerations[*id].values[0]),
            Type::Leaf(Leaf::Text) => format!("{:?}", text(field)),
            Type::Leaf(Leaf::Id(_)) => "\"7\"".to_owned(),
            other => self.exact(other, field),
        }
    }

    /// A value of the type.
    fn exact(&self, r#type: &Type, field: &Field) -> String {
        match r#type {
            Type::List(item) => format!("vec![{}]", self.exact(item, field)),
            Type::Model(id) => {
                let arguments = self.sample_arguments(&self.shapes.models[*id].fields);
                let name = self.at(&self.named.homes[*id], &self.shapes.models[*id].name);
                format!("{name}::new({arguments})")
            }
            Type::Leaf(Leaf::Decimal) => "DecimalText(\"1\".into())".to_owned(),
            Type::Leaf(Leaf::Seconds) => "UnixSeconds(1_700_000_000)".to_owned(),
            Type::Leaf(Leaf::Integer) => integer(field),
            Type::Leaf(Leaf::Float) => "1.0".to_owned(),
            Type::Leaf(Leaf::Boolean) => "true".to_owned(),
            Type::Leaf(Leaf::File) => unreachable!("files stand in forms alone, says validate.rs"),
            Type::Leaf(Leaf::Json) if field.schema.kind == Kind::Array => "serde_json::json!([])".to_owned(),
            Type::Leaf(Leaf::Json) => "serde_json::json!({})".to_owned(),
            loose => format!("{}.into()", self.loose(loose, field)),
        }
    }
}

fn integer(field: &Field) -> String {
    if field.schema.format == Some(Format::UnixMilliseconds) {
        return "1_700_000_000_000".to_owned();
    }
    let least = field.schema.range.map_or(1.0, |(least, _)| least.max(1.0));
    field.values.first().cloned().unwrap_or_else(|| least.to_string())
}

fn text(field: &Field) -> String {
    let by_format = match field.schema.format {
        Some(Format::Currency) => "USD",
        Some(Format::Language) => "en-US",
        Some(Format::DateTime) => "2026-01-01T00:00:00Z",
        Some(Format::UnixSeconds) => "1700000000",
        Some(Format::UnixMilliseconds) => "1700000000000",
        None if field.wire.contains("date") => "2026-01-01",
        None => "7",
    };
    field.values.first().cloned().unwrap_or_else(|| by_format.to_owned())
}
