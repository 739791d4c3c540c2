//! Objects and enumerations as Rust.

use std::fmt::Write as _;

use super::Writer;
use super::document::{comment, field as document, is_list};
use super::enumerations::Enumeration;
use super::leaf::Leaf;
use super::shape::{Field, Type};
use crate::codegen::names::pascal;

impl Writer<'_> {
    /// One object type with its impls.
    pub(crate) fn model(&self, id: usize) -> String {
        let model = &self.shapes.models[id];
        let name = &model.name;
        let place = model.paths.first().map(|path| path.splitn(3, '.').last().unwrap_or_default().to_owned());
        let place = place.unwrap_or_default();
        let event = self.event_of(id).map(|topic| format!("The data of `{topic}`."));
        let sentence = event.clone().unwrap_or_else(|| sentence(model.root_of.is_empty(), &place));
        let mut text = format!("\n/// {sentence}\n");
        text.push_str(&self.declaration(name, &model.fields, model.writes));
        if model.writes {
            text.push_str(&self.constructor(name, &model.fields));
        }
        text.push_str(&self.reading(name, &model.fields, model.reads));
        text.push_str(&self.writing(name, &model.fields, model.writes));
        if event.is_none() && !model.root_of.is_empty() {
            text.push_str(&self.answer(id));
        }
        text
    }

    /// The struct itself.
    pub(crate) fn declaration(&self, name: &str, fields: &[Field], in_request: bool) -> String {
        let mut text = format!("#[derive(Clone, Debug, Default)]\n#[non_exhaustive]\npub struct {name} {{\n");
        for field in fields {
            let doc = comment(&document(field, in_request));
            let _ = writeln!(text, "{doc}pub {}: {},", field.rust, self.field_type(field));
        }
        text + "}\n"
    }

    fn field_type(&self, field: &Field) -> String {
        let rust = self.rust(&field.r#type);
        if field.required || is_list(&field.r#type) { rust } else { format!("Option<{rust}>") }
    }

    /// `impl ReadModel`; always, or only with the feature `both`.
    pub(crate) fn reading(&self, name: &str, fields: &[Field], always: bool) -> String {
        let gate = if always { "" } else { "#[cfg(feature = \"both\")]\n" };
        let fields: Vec<&Field> =
            fields.iter().filter(|field| field.r#type != Type::Leaf(Leaf::File)).collect();
        let mut names: Vec<_> = fields.iter().map(|field| format!("{:?}", field.wire)).collect();
        let mut arms = String::new();
        for (number, field) in fields.iter().enumerate() {
            let mut numbers = number.to_string();
            for alias in &field.schema.aliases {
                let _ = write!(numbers, " | {}", names.len());
                names.push(format!("{alias:?}"));
            }
            let _ = writeln!(arms, "{numbers} => take(reader, &mut self.{}),", field.rust);
        }
        let field = if fields.is_empty() { "_" } else { "field" };
        let body = if fields.is_empty() {
            "reader.skip()".to_owned()
        } else {
            format!("match field {{ {arms} _ => reader.skip() }}")
        };
        format!(
            "\n{gate}impl ReadModel for {name} {{\n\
             const FIELDS: Fields = fields![{}];\n\n\
             fn read_field(&mut self, {field}: usize, reader: &mut Reader<'_>) -> Result<(), NotJson> {{\n{body}\n}}\n}}\n\n\
             {gate}readable!({name});\n",
            names.join(",")
        )
    }

    /// `impl WriteModel`; always, or only with the feature `both`.
    pub(crate) fn writing(&self, name: &str, fields: &[Field], always: bool) -> String {
        let gate = if always { "" } else { "#[cfg(feature = \"both\")]\n" };
        let fields: Vec<&Field> =
            fields.iter().filter(|field| field.r#type != Type::Leaf(Leaf::File)).collect();
        let puts: Vec<_> =
            fields.iter().map(|field| format!("put(map, {:?}, &self.{})", field.wire, field.rust)).collect();
        let (map, body) = match puts.split_last() {
            None => ("_", "Ok(())".to_owned()),
            Some((last, [])) => ("map", last.clone()),
            Some((last, first)) => ("map", format!("{}?;\n{last}", first.join("?;\n"))),
        };
        format!(
            "\n{gate}impl WriteModel for {name} {{\n\
             fn write_fields<M: SerializeMap>(&self, {map}: &mut M) -> Result<(), M::Error> {{\n{body}\n}}\n}}\n\n\
             {gate}writable!({name});\n"
        )
    }

    /// `new` with what is required, then a setter a field.
    pub(crate) fn constructor(&self, name: &str, fields: &[Field]) -> String {
        let required: Vec<&Field> = fields.iter().filter(|field| field.required).collect();
        let mut text = format!("\nimpl {name} {{\n");
        text.push_str(&self.new_function(&required, fields.len()));
        for field in fields.iter().filter(|field| !field.required) {
            let (argument, value) = self.argument(field, "value");
            let value = if is_list(&field.r#type) { value } else { format!("Some({value})") };
            let doc = document(field, true);
            let doc = if doc.is_empty() { vec![format!("Sets `{}`.", field.wire)] } else { doc };
            let _ = write!(
                text,
                "\n{}#[must_use]\npub fn {1}(mut self, value: {argument}) -> Self {{\nself.{1} = {value};\nself\n}}\n",
                comment(&doc),
                field.rust,
            );
        }
        text + "}\n"
    }

    fn new_function(&self, required: &[&Field], fields: usize) -> String {
        let mut arguments = Vec::new();
        let mut values = Vec::new();
        for field in required {
            let (argument, value) = self.argument(field, &field.rust);
            arguments.push(format!("{}: {argument}", field.rust));
            values.push(if value == field.rust { value } else { format!("{}: {value}", field.rust) });
        }
        let doc = match (required.is_empty(), fields) {
            (true, 0) => "There is nothing to set.",
            (true, _) => "Nothing is required.",
            (false, _) => "What is required.",
        };
        let many = if required.len() > ARGUMENTS_MAX {
            "#[expect(clippy::too_many_arguments, reason = \"the platform requires them all\")]\n"
        } else {
            ""
        };
        let body = match (required.len(), fields) {
            (0, 0) => "Self {}".to_owned(),
            (0, _) => "Self::default()".to_owned(),
            (some, all) if some == all => format!("Self {{ {} }}", values.join(",")),
            _ => format!("Self {{ {}, ..Self::default() }}", values.join(",")),
        };
        format!("/// {doc}\n{many}pub fn new({}) -> Self {{\n{body}\n}}\n", arguments.join(","))
    }

    /// An argument's type, and the expression that turns `name` into the field's value.
    fn argument(&self, field: &Field, name: &str) -> (String, String) {
        match &field.r#type {
            Type::List(item) if converts(item) => {
                let rust = self.rust(item);
                (
                    format!("impl IntoIterator<Item = impl Into<{rust}>>"),
                    format!("{name}.into_iter().map(Into::into).collect()"),
                )
            }
            Type::List(item) => (
                format!("impl IntoIterator<Item = {}>", self.rust(item)),
                format!("{name}.into_iter().collect()"),
            ),
            Type::Leaf(Leaf::Decimal) => {
                ("impl Into<String>".to_owned(), format!("DecimalText({name}.into())"))
            }
            other if converts(other) => {
                (format!("impl Into<{}>", self.rust(other)), format!("{name}.into()"))
            }
            other => (self.rust(other), name.to_owned()),
        }
    }

    /// `impl Answer`, with what failed where the answer can say so.
    fn answer(&self, id: usize) -> String {
        let model = &self.shapes.models[id];
        let name = &model.name;
        match self.failures(id) {
            None => format!("\nimpl Answer for {name} {{}}\n"),
            Some(body) => format!(
                "\nimpl Answer for {name} {{\nfn failures(&self) -> Vec<PartialFailure> {{\n{body}\n}}\n}}\n"
            ),
        }
    }

    fn failures(&self, id: usize) -> Option<String> {
        let find =
            |id: usize, wire: &str| self.shapes.models[id].fields.iter().find(|field| field.wire == wire);
        let errors = find(id, "errors").filter(|field| is_list(&field.r#type))?;
        let error = errors.r#type.model()?;
        let code = match find(error, "code")?.r#type {
            Type::Leaf(Leaf::Integer) => "error.code",
            Type::Leaf(Leaf::Text) => "error.code.as_deref().and_then(|code| code.trim().parse().ok())",
            _ => return None,
        };
        find(error, "message").filter(|field| field.r#type == Type::Leaf(Leaf::Text))?;
        let detail = find(error, "detail").and_then(|field| field.r#type.model());
        let fields = detail.map(|detail| self.shapes.models[detail].fields.as_slice()).unwrap_or_default();
        let mut named = Vec::new();
        for field in fields {
            let get = match &field.r#type {
                Type::Leaf(Leaf::Text) => "clone()",
                Type::Leaf(Leaf::Id(_)) => "as_ref().map(ToString::to_string)",
                Type::Leaf(Leaf::Integer) => "map(|number| number.to_string())",
                _ => continue,
            };
            named.push(format!("({:?}, detail.{}.{get})", field.wire, field.rust));
        }
        let subject = match named.is_empty() {
            true => "Vec::new()".to_owned(),
            false => format!(
                "error.detail.as_ref().map(|detail| subject([{}])).unwrap_or_default()",
                named.join(",")
            ),
        };
        Some(format!(
            "let failure = |error: &{}| PartialFailure {{ code: {code}, message: error.message.clone().unwrap_or_default(), subject: {subject} }};\n\
             self.errors.iter().map(failure).collect()",
            self.shapes.models[error].name
        ))
    }
}

/// Most arguments before clippy objects.
const ARGUMENTS_MAX: usize = 7;

/// Whether callers may pass something that turns into the type.
pub(crate) fn converts(r#type: &Type) -> bool {
    matches!(r#type, Type::Leaf(Leaf::Text | Leaf::Id(_) | Leaf::Seconds) | Type::Enumeration(_))
}

fn sentence(nested: bool, place: &str) -> String {
    if nested { format!("The object at `{place}`.") } else { "What the platform answers.".to_owned() }
}

/// Ways the platform spells one thing: events say CANCEL where orders say CANCELLED.
const CANCELLED: [&str; 3] = ["CANCELLED", "CANCELED", "CANCEL"];

/// An open enumeration; in events the spellings of one value are one variant.
pub(crate) fn enumeration(enumeration: &Enumeration, in_event: bool) -> String {
    let fields: Vec<_> = enumeration.fields.iter().map(|field| format!("`{field}`")).collect();
    let mut text =
        format!("\nopen_enum! {{\n    /// Values of {}.\n    {} {{\n", fields.join(", "), enumeration.name);
    let mut taken = std::collections::BTreeSet::from(["Unknown".to_owned()]);
    for value in &enumeration.values {
        if in_event && CANCELLED.contains(&value.as_str()) {
            if taken.insert("Cancelled".to_owned()) {
                let _ = writeln!(text, "        Cancelled = \"CANCELLED\" | \"CANCELED\" | \"CANCEL\",");
            }
            continue;
        }
        let mut variant = pascal(&value.to_lowercase());
        while !taken.insert(variant.clone()) {
            variant.push_str("Value");
        }
        let _ = writeln!(text, "        {variant} = {value:?},");
    }
    text + "    }\n}\n"
}
