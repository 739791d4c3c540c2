//! The models of `ttshop-api`: one file an operation, one file a shared type.

mod document;
mod enumerations;
mod events;
mod history;
mod homes;
mod leaf;
mod merge;
mod model;
mod naming;
mod phrase;
mod request;
mod samples;
mod scope;
mod shape;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::catalogue::{Catalogue, Family};
use super::names::{Names, pascal};
use super::output::Output;
use homes::Home;
use leaf::{Direction, Leaf};
use naming::Named;
#[cfg(test)]
pub(crate) use phrase::{NAME_MAX, repeats};
use shape::{Shapes, Type};

/// Where generated models live, seen from the repository's root.
const DIRECTORY: &str = "crates/ttshop-api/src/generated";

/// Writes the models of every family, a sample of each request, and the list of modules.
pub(crate) fn emit(catalogue: &Catalogue, output: &mut Output) {
    output.own(DIRECTORY);
    let mut text = String::new();
    for family in &catalogue.families {
        let _ = write!(
            text,
            "/// Operations under `/{0}/`.\n#[cfg(feature = {0:?})]\npub mod {0};\n",
            family.name
        );
        let writer = Writer::new(family, &catalogue.names, Direction::Response);
        writer.write(&format!("{DIRECTORY}/{}", family.name), output);
        output.add(format!("{DIRECTORY}/samples/{}.rs", family.name), writer.samples());
    }
    text.push_str("#[cfg(feature = \"samples\")]\npub(crate) mod samples;\n");
    text.push_str("#[cfg(feature = \"webhooks\")]\npub(crate) mod events;\n");
    output.add(format!("{DIRECTORY}/mod.rs"), text);
    events::emit(&catalogue.webhooks, &catalogue.names, &format!("{DIRECTORY}/events"), output);
    output.add(format!("{DIRECTORY}/samples/mod.rs"), samples::list(catalogue));
}

/// Every type by family: its name, and whether it is a request or answer, which follow the platform's title.
#[cfg(test)]
pub(crate) fn type_names(catalogue: &Catalogue) -> Vec<(String, String, bool)> {
    let mut names = Vec::new();
    for family in &catalogue.families {
        let writer = Writer::new(family, &catalogue.names, Direction::Response);
        let mut add = |name: &str, titled: bool| names.push((family.name.clone(), name.to_owned(), titled));
        family.operations.iter().for_each(|operation| add(&pascal(&operation.name), true));
        writer.shapes.models.iter().for_each(|model| add(&model.name, !model.root_of.is_empty()));
        writer.named.enumerations.iter().for_each(|enumeration| add(&enumeration.name, false));
    }
    names
}

/// The id type of this name.
pub(crate) fn known_id(name: &str) -> Leaf {
    let known = [
        "OrderId",
        "LineItemId",
        "PackageId",
        "ProductId",
        "SkuId",
        "WarehouseId",
        "ShopId",
        "CancelId",
        "ReturnId",
    ];
    known.into_iter().find(|known| *known == name).map_or(Leaf::Text, Leaf::Id)
}

/// What generated files may import.
const IMPORTS: &[(&str, &[&str])] = &[
    ("crate::enumeration", &["open_enum"]),
    ("crate::envelope", &["Envelope", "EnvelopeError"]),
    ("crate::failure", &["Answer", "Empty", "PartialFailure", "subject"]),
    ("crate::request", &["Page", "Paged", "Part", "Parts", "Request"]),
    (
        "crate::rt",
        &[
            "Fields",
            "NotJson",
            "ReadModel",
            "Reader",
            "WriteModel",
            "decode",
            "decode_wrapped",
            "fields",
            "open",
            "parts",
            "put",
            "readable",
            "take",
            "writable",
        ],
    ),
    ("crate::upload", &["FileUpload"]),
    ("serde::ser", &["SerializeMap"]),
    ("serde_json", &["Value"]),
    ("ttshop_catalogue", &["Operation"]),
    (
        "ttshop_types",
        &[
            "CancelId",
            "DecimalText",
            "LineItemId",
            "Masked",
            "OrderId",
            "PackageId",
            "ProductId",
            "ReturnId",
            "SecretText",
            "ShopId",
            "SkuId",
            "UnixSeconds",
            "WarehouseId",
        ],
    ),
];

/// Writes one family.
pub(crate) struct Writer<'a> {
    pub(crate) family: &'a Family,
    pub(crate) shapes: Shapes,
    pub(crate) named: Named,
    is_event: bool,
}

impl<'a> Writer<'a> {
    fn new(family: &'a Family, names: &Names, inbound: Direction) -> Self {
        let mut shapes = Shapes::build(family, names, inbound);
        let named = naming::name(family, &mut shapes, names);
        Self { family, shapes, named, is_event: inbound == Direction::Event }
    }

    fn write(&self, directory: &str, output: &mut Output) {
        let files = self.files();
        let mut versions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, operation) in self.family.operations.iter().enumerate() {
            versions.entry(&operation.raw.version).or_default().push(place);
        }
        let mut shared = Vec::new();
        for (home, body) in &files {
            let text = self.imports(home, body) + body;
            match home {
                Home::Operation(place) => {
                    let operation = &self.family.operations[*place];
                    output.add(format!("{directory}/v{}/{}.rs", operation.raw.version, operation.name), text);
                }
                Home::Shared(name) => {
                    shared.push(name.clone());
                    output.add(format!("{directory}/models/{name}.rs"), text);
                }
            }
        }
        for (version, places) in &versions {
            output.add(format!("{directory}/v{version}/mod.rs"), self.version_mod(places));
        }
        if !shared.is_empty() {
            output.add(format!("{directory}/models/mod.rs"), modules(&shared));
        }
        output.add(format!("{directory}/mod.rs"), self.family_mod(&versions, !shared.is_empty()));
    }

    /// The text of every file, without its imports.
    fn files(&self) -> BTreeMap<Home, String> {
        let mut files: BTreeMap<Home, String> = BTreeMap::new();
        for place in (0..self.family.operations.len()).filter(|_| !self.is_event) {
            files.insert(Home::Operation(place), self.request(place));
        }
        for (id, home) in self.named.homes.iter().enumerate().rev() {
            files.entry(home.clone()).or_default().push_str(&self.model(id));
        }
        for enumeration in &self.named.enumerations {
            let text = model::enumeration(enumeration, self.is_event);
            files.entry(enumeration.home()).or_default().push_str(&text);
        }
        files
    }

    /// The topic whose data the model is.
    pub(crate) fn event_of(&self, id: usize) -> Option<&str> {
        let place = self.shapes.models[id].root_of.first().filter(|_| self.is_event)?;
        Some(&self.family.operations[*place].raw.name)
    }

    fn version_mod(&self, places: &[usize]) -> String {
        let names: Vec<_> = places.iter().map(|place| self.family.operations[*place].name.clone()).collect();
        let mut text = modules(&names);
        for (place, name) in places.iter().zip(&names).filter(|(place, _)| self.successor(**place).is_some())
        {
            let module = format!("mod {name};\n");
            let reason = format!("{} implements itself", pascal(&self.family.operations[*place].name));
            text =
                text.replacen(&module, &format!("#[expect(deprecated, reason = {reason:?})]\n{module}"), 1);
        }
        text
    }

    fn family_mod(&self, versions: &BTreeMap<&str, Vec<usize>>, has_shared: bool) -> String {
        let mut text = String::new();
        if has_shared {
            text.push_str("mod models;\n\n");
        }
        for version in versions.keys() {
            let _ = write!(text, "/// Version {version}.\npub mod v{version};\n");
        }
        if has_shared {
            text.push_str("\npub use models::*;\n");
        }
        for (version, places) in versions {
            let names: Vec<_> = places
                .iter()
                .filter(|place| self.family.operations[**place].pinned)
                .flat_map(|place| self.names_in(&Home::Operation(*place)))
                .collect();
            if !names.is_empty() {
                let _ = writeln!(text, "pub use v{version}::{{{}}};", names.join(","));
            }
        }
        text
    }

    /// Every type that lives in a file.
    fn names_in(&self, home: &Home) -> Vec<String> {
        let mut names = Vec::new();
        if let Home::Operation(place) = home {
            names.push(pascal(&self.family.operations[*place].name));
        }
        let models = self.shapes.models.iter().zip(&self.named.homes).filter(|(_, at)| *at == home);
        names.extend(models.map(|(model, _)| model.name.clone()));
        let enumerations = self.named.enumerations.iter().filter(|enumeration| enumeration.home() == *home);
        names.extend(enumerations.map(|enumeration| enumeration.name.clone()));
        names
    }

    /// Imports exactly what the text names: an unused import is a warning.
    fn imports(&self, home: &Home, body: &str) -> String {
        let mut text = String::new();
        let body = &names_only(body);
        let here: BTreeSet<String> = self.names_in(home).into_iter().collect();
        for (module, names) in IMPORTS {
            let used = names.iter().copied().filter(|name| names_item(body, name));
            let (always, both): (Vec<_>, Vec<_>) = used.partition(|name| used_always(body, name));
            if !always.is_empty() {
                let _ = writeln!(text, "use {module}::{{{}}};", always.join(","));
            }
            if !both.is_empty() {
                let _ = writeln!(text, "#[cfg(feature = \"both\")]\nuse {module}::{{{}}};", both.join(","));
            }
        }
        let elsewhere: Vec<String> =
            self.all_shared().filter(|name| !here.contains(name) && super::table::uses(body, name)).collect();
        if !elsewhere.is_empty() {
            let _ = writeln!(
                text,
                "use crate::generated::{}::models::{{{}}};",
                self.family.name,
                elsewhere.join(",")
            );
        }
        text + "\n"
    }

    fn all_shared(&self) -> impl Iterator<Item = String> {
        let models = self.shapes.models.iter().zip(&self.named.homes);
        let models =
            models.filter(|(_, home)| matches!(home, Home::Shared(_))).map(|(model, _)| model.name.clone());
        let enumerations = self.named.enumerations.iter();
        let enumerations =
            enumerations.filter(|e| matches!(e.home(), Home::Shared(_))).map(|e| e.name.clone());
        models.chain(enumerations)
    }

    /// A type as Rust writes it, without `Option`.
    pub(crate) fn rust(&self, r#type: &Type) -> String {
        match r#type {
            Type::Leaf(leaf) => leaf.rust().to_owned(),
            Type::Enumeration(id) => self.named.enumerations[*id].name.clone(),
            Type::Model(id) => self.shapes.models[*id].name.clone(),
            Type::List(item) => format!("Vec<{}>", self.rust(item)),
        }
    }

    /// `v202507::GetOrderDetail`, if the operation at `place` is superseded and not the default itself.
    pub(crate) fn successor(&self, place: usize) -> Option<String> {
        let operation = &self.family.operations[place];
        operation.raw.superseded_by.as_ref().filter(|_| !operation.pinned)?;
        let default =
            self.family.operations.iter().find(|other| other.name == operation.name && other.pinned)?;
        Some(format!("v{}::{}", default.raw.version, pascal(&default.name)))
    }
}

/// Whether a name stands outside everything that only the feature `both` compiles.
fn used_always(body: &str, name: &str) -> bool {
    let mut rest = String::new();
    let mut gated = false;
    for line in body.lines() {
        if line.starts_with("#[cfg(feature = \"both\")]") {
            gated = true;
        } else if gated && (line == "}" || line.ends_with(");") && !line.starts_with(' ')) {
            gated = false;
        } else if !gated {
            rest.push_str(line);
            rest.push('\n');
        }
    }
    names_item(&rest, name)
}

/// Whether the text uses an imported item: a type by its name, a function or macro by its call.
fn names_item(body: &str, name: &str) -> bool {
    if name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return super::table::uses(body, name);
    }
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.';
    [format!("{name}("), format!("{name}!")].iter().any(|call| {
        body.match_indices(call.as_str())
            .any(|(place, _)| !body[..place].chars().next_back().is_some_and(is_word))
    })
}

/// The text without enum variants and function names, which look like types and functions from elsewhere.
fn names_only(body: &str) -> String {
    let is_variant =
        |line: &&str| line.starts_with("        ") && line.ends_with("\",") && line.contains(" = \"");
    let lines: Vec<&str> = body.lines().filter(|line| !is_variant(line)).collect();
    lines.join("\n").replace("fn decode(", "fn (").replace("fn open(", "fn (").replace("fn parts(", "fn (")
}

fn modules(names: &[String]) -> String {
    let mut text = String::new();
    names.iter().for_each(|name| text.push_str(&format!("mod {name};\n")));
    text.push('\n');
    names.iter().for_each(|name| text.push_str(&format!("pub use {name}::*;\n")));
    text
}
