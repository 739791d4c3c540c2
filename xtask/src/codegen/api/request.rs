//! Requests as Rust: the flat struct, its setters, and how it becomes a call.

use std::fmt::Write as _;

use super::Writer;
use super::leaf::Leaf;
use super::shape::Type;
use crate::codegen::catalogue::{Operation, Pagination};
use crate::codegen::names::pascal;
use crate::codegen::table::static_name;

impl Writer<'_> {
    /// The request of the operation at `place`.
    pub(crate) fn request(&self, place: usize) -> String {
        let operation = &self.family.operations[place];
        let request = &self.shapes.requests[place];
        let name = pascal(&operation.name);
        let mut text = self.request_head(place);
        text.push_str(&self.declaration(&name, &request.fields, true));
        text.push_str(&self.constructor(&name, &request.fields));
        text.push_str(&self.writing(&name, &request.fields, true));
        text.push_str(&self.reading(&name, &request.fields, false));
        text.push_str(&self.call(place, &name));
        text.push_str(&self.paged(place, &name).unwrap_or_default());
        text
    }

    fn request_head(&self, place: usize) -> String {
        let operation = &self.family.operations[place];
        let raw = &operation.raw;
        let method = format!("{:?}", raw.method).to_uppercase();
        let mut text = format!("/// `{method} {}`: {}.\n///\n", raw.path, operation.name.replace('_', " "));
        let _ = writeln!(text, "/// {}", conditions(operation));
        let name = pascal(&operation.name);
        for alias in [&raw.name, &raw.path].into_iter().filter(|alias| **alias != name) {
            let _ = writeln!(text, "#[doc(alias = {alias:?})]");
        }
        if let Some(successor) = self.successor(place) {
            let _ = writeln!(text, "#[deprecated(note = \"use {successor}\")]");
        }
        text
    }

    fn call(&self, place: usize, name: &str) -> String {
        let operation = &self.family.operations[place];
        let request = &self.shapes.requests[place];
        let response = request.response.map_or("Empty", |id| self.shapes.models[id].name.as_str());
        let decode = if request.wrapped { "decode_wrapped" } else { "decode" };
        let open = if request.wrapped {
            String::new()
        } else {
            format!(
                "\nfn open(body: &[u8]) -> Result<(Envelope<'_>, Option<{response}>), EnvelopeError> {{\nopen(body)\n}}\n"
            )
        };
        let files: Vec<_> =
            request.fields.iter().filter(|field| field.r#type == Type::Leaf(Leaf::File)).collect();
        let files: Vec<_> = files
            .iter()
            .map(|field| {
                let upload = if field.required {
                    format!("Some(&self.{})", field.rust)
                } else {
                    format!("self.{}.as_ref()", field.rust)
                };
                format!("Part::file({:?}, {upload})", field.wire)
            })
            .collect();
        let files = match files.is_empty() {
            true => "Vec::new()".to_owned(),
            false => format!("[{}].into_iter().flatten().collect()", files.join(",")),
        };
        format!(
            "\nimpl Request for {name} {{\n\
             type Response = {response};\n\n\
             const OPERATION: &'static Operation = &ttshop_catalogue::{}::{};\n\n\
             fn parts(&self) -> Parts {{\nparts(Self::OPERATION, self, {files})\n}}\n\n\
             fn decode(data: &[u8]) -> Result<{response}, serde_json::Error> {{\n{decode}(data)\n}}\n{open}}}\n",
            self.family.name,
            static_name(operation)
        )
    }

    /// `impl Paged`, where pages follow a token and hold one list.
    fn paged(&self, place: usize, name: &str) -> Option<String> {
        let operation = &self.family.operations[place];
        let request = &self.shapes.requests[place];
        let (Pagination::Query(paging) | Pagination::Body(paging)) = &operation.pagination else {
            return None;
        };
        let items = paging.items.as_ref()?.rsplit('.').next()?;
        let token = request.fields.iter().find(|field| field.wire == "page_token")?;
        let response = request.response?;
        let find = |wire: &str| self.shapes.models[response].fields.iter().find(|field| field.wire == wire);
        let next = find("next_page_token").filter(|field| field.r#type == Type::Leaf(Leaf::Text))?;
        let items = find(items)?;
        let Type::List(item) = &items.r#type else { return None };
        let total = find("total_count").filter(|field| field.r#type == Type::Leaf(Leaf::Integer));
        let total = total.map_or_else(|| "None".to_owned(), |field| format!("response.{}", field.rust));
        let set = if token.required { "token" } else { "Some(token)" };
        Some(format!(
            "\nimpl Paged for {name} {{\n\
             type Item = {};\n\n\
             fn set_page_token(&mut self, token: String) {{\nself.{} = {set};\n}}\n\n\
             fn page(response: Self::Response) -> Page<Self::Item> {{\nPage::new(response.{}, response.{}, {total})\n}}\n}}\n",
            self.rust(item),
            token.rust,
            items.rust,
            next.rust
        ))
    }
}

/// What a caller needs: scope, cipher, token.
fn conditions(operation: &Operation) -> String {
    let scopes: Vec<_> = operation.scopes.iter().map(|scope| format!("`{scope}`")).collect();
    let scope = match scopes.is_empty() {
        true => "No scope is documented.".to_owned(),
        false => format!("Scope {}.", scopes.join(" or ")),
    };
    match operation.raw.takes {
        Some(crate::codegen::source::Cipher::Shop) => format!("{scope} Takes a shop cipher."),
        Some(crate::codegen::source::Cipher::CategoryAsset) => {
            format!("{scope} Takes a category asset cipher.")
        }
        None => format!("{scope} Takes no cipher."),
    }
}
