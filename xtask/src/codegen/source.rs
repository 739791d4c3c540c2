//! The catalogue's files as they are written.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

/// Everything under `catalogue/`, read but not yet understood.
pub(crate) struct Sources {
    /// `operations/<family>.json` by family.
    pub(crate) operations: BTreeMap<String, Value>,
    pub(crate) webhooks: Value,
    pub(crate) errors: Value,
    pub(crate) pins: String,
    pub(crate) names: String,
    pub(crate) uploads: String,
    pub(crate) failures: String,
    pub(crate) personal: String,
    /// `fixups/<name>.toml` by file name.
    pub(crate) fixups: BTreeMap<String, String>,
}

impl Sources {
    pub(crate) fn read(catalogue: &Path) -> Result<Self> {
        let mut operations = BTreeMap::new();
        for (name, text) in files(&catalogue.join("operations"), "json")? {
            operations
                .insert(name.clone(), serde_json::from_str(&text).with_context(|| format!("{name}.json"))?);
        }
        let json = |name: &str| -> Result<Value> { Ok(serde_json::from_str(&text(&catalogue.join(name))?)?) };
        Ok(Self {
            operations,
            webhooks: json("webhooks.json")?,
            errors: json("errors.json")?,
            pins: text(&catalogue.join("pins.toml"))?,
            names: text(&catalogue.join("names.toml"))?,
            uploads: text(&catalogue.join("uploads.toml"))?,
            failures: text(&catalogue.join("failures.toml"))?,
            personal: text(&catalogue.join("personal.toml"))?,
            fixups: files(&catalogue.join("fixups"), "toml")?,
        })
    }
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))
}

fn files(directory: &Path, extension: &str) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in
        std::fs::read_dir(directory).with_context(|| format!("failed to list `{}`", directory.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            found.insert(name, text(&path)?);
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FamilyFile {
    pub(crate) family: String,
    pub(crate) operations: Vec<RawOperation>,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOperation {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) status: Status,
    pub(crate) stage: Option<Stage>,
    pub(crate) superseded_by: Option<String>,
    #[serde(default)]
    pub(crate) deprecated: bool,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) takes: Option<Cipher>,
    pub(crate) user_types: Vec<u8>,
    pub(crate) scope: Option<String>,
    #[serde(default)]
    pub(crate) scope_inferred: bool,
    #[serde(default)]
    pub(crate) paginated: bool,
    #[serde(default)]
    pub(crate) path_params: Vec<String>,
    #[serde(default)]
    pub(crate) query: Vec<RawSchema>,
    #[serde(default)]
    pub(crate) multipart: Vec<RawSchema>,
    pub(crate) body: Option<RawSchema>,
    pub(crate) response: RawSchema,
    #[serde(default)]
    pub(crate) error_codes: Vec<i64>,
    #[serde(rename = "seen_in")]
    pub(crate) _seen_in: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Current,
    Documented,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    Preview,
    Beta,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cipher {
    #[serde(rename = "shop_cipher")]
    Shop,
    #[serde(rename = "category_asset_cipher")]
    CategoryAsset,
}

/// A value's shape; with a name it is a field.
#[derive(Deserialize, Clone, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSchema {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    pub(crate) items: Option<Box<Self>>,
    #[serde(default)]
    pub(crate) fields: Vec<Self>,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) values: Vec<String>,
    pub(crate) max_count: Option<u32>,
    pub(crate) max_length: Option<u32>,
    pub(crate) range: Option<(f64, f64)>,
    pub(crate) default: Option<Value>,
    pub(crate) format: Option<Format>,
    pub(crate) bits: Option<Bits>,
    #[serde(default)]
    pub(crate) deprecated: bool,
    #[serde(default)]
    pub(crate) nullable: bool,
    /// Other names it arrives under.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default)]
    pub(crate) older_source_only: bool,
    /// It tells of a person; `personal.toml` says so.
    #[serde(skip)]
    pub(crate) personal: bool,
}

impl RawSchema {
    /// Whether it is a text, or a list of texts.
    pub(crate) fn is_text(&self) -> bool {
        self.kind == Kind::String || self.items.as_ref().is_some_and(|items| items.is_text())
    }

    pub(crate) fn mark_personal(&mut self) {
        self.personal = true;
        self.items.iter_mut().for_each(|items| items.mark_personal());
    }
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
    Map,
    File,
    Any,
    Recursive,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Format {
    #[serde(rename = "unix-seconds")]
    UnixSeconds,
    #[serde(rename = "unix-milliseconds")]
    UnixMilliseconds,
    #[serde(rename = "iso-4217")]
    Currency,
    #[serde(rename = "bcp-47")]
    Language,
    #[serde(rename = "date-time")]
    DateTime,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bits {
    Int32,
    Int64,
    Float,
    Double,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookFile {
    pub(crate) events: Vec<RawWebhook>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWebhook {
    #[serde(rename = "type")]
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) named_in_event_api: bool,
    pub(crate) envelope: Vec<String>,
    pub(crate) data: RawSchema,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorFile {
    pub(crate) errors: Vec<RawError>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawError {
    pub(crate) code: i64,
    pub(crate) meaning: String,
    pub(crate) family: OneOrMany,
    #[serde(default)]
    pub(crate) cases: Vec<String>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(crate) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}
