//! `uploads.toml`: what file parts may hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::catalogue::{Catalogue, Operation};
use super::source::Kind;

const MEGABYTE: u64 = 1024 * 1024;

/// Formats by the platform's words, with the names of `ttshop_catalogue::FileFormat`.
const FORMATS: [(&str, &str); 19] = [
    ("3GP", "ThreeGp"),
    ("AVI", "Avi"),
    ("AVIF", "Avif"),
    ("BMP", "Bmp"),
    ("FLV", "Flv"),
    ("GIF", "Gif"),
    ("HEIC", "Heic"),
    ("JPEG", "Jpeg"),
    ("MKV", "Mkv"),
    ("MOV", "Mov"),
    ("MP4", "Mp4"),
    ("MPEG", "Mpeg"),
    ("PDF", "Pdf"),
    ("PNG", "Png"),
    ("TIFF", "Tiff"),
    ("WEBM", "Webm"),
    ("WEBP", "Webp"),
    ("WMV", "Wmv"),
    ("ZIP", "Zip"),
];

/// The limits of one file part.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upload {
    family: String,
    operation: String,
    versions: Vec<String>,
    part: String,
    documented: bool,
    reason: String,
    codes: BTreeMap<String, i64>,
    name_field: Option<String>,
    accepts: Vec<Accepted>,
    #[serde(default)]
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    formats: Vec<String>,
    megabytes_max: u64,
    megabytes_max_doubted: Option<u64>,
    sides: Option<(u32, u32)>,
    ratio: Option<((u32, u32), (u32, u32))>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    field: String,
    value: String,
    sides: (u32, u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadFile {
    #[serde(default)]
    upload: Vec<Upload>,
}

pub(crate) fn read(text: &str) -> Result<Vec<Upload>> {
    let file: UploadFile = toml::from_str(text)?;
    for upload in &file.upload {
        ensure!(!upload.reason.trim().is_empty(), "the part `{}` gives no reason", upload.part);
        ensure!(!upload.accepts.is_empty(), "the part `{}` accepts nothing", upload.part);
    }
    Ok(file.upload)
}

impl Upload {
    fn is_of(&self, family: &str, operation: &Operation) -> bool {
        let raw = &operation.raw;
        self.family == family && self.operation == raw.name && self.versions.contains(&raw.version)
    }
}

/// Parts without limits, limits without a part, and words that nobody knows.
pub(crate) fn problems(catalogue: &Catalogue) -> Vec<String> {
    let mut problems = Vec::new();
    for (family, operation) in operations(catalogue) {
        let raw = &operation.raw;
        for part in raw.multipart.iter().filter(|part| part.kind == Kind::File) {
            let limits = catalogue.uploads.iter().filter(|upload| upload.is_of(family, operation));
            let count = limits.filter(|upload| upload.part == part.name).count();
            if count != 1 {
                let place = format!("{family} {} {} `{}`", raw.name, raw.version, part.name);
                problems.push(format!("uploads.toml: {count} entries for {place}"));
            }
        }
    }
    for upload in &catalogue.uploads {
        problems.extend(upload_problems(catalogue, upload));
    }
    problems
}

fn upload_problems(catalogue: &Catalogue, upload: &Upload) -> Vec<String> {
    let mut problems = Vec::new();
    let place = format!("uploads.toml: {} {} `{}`", upload.family, upload.operation, upload.part);
    let found: Vec<_> =
        operations(catalogue).filter(|(family, operation)| upload.is_of(family, operation)).collect();
    if found.len() != upload.versions.len() {
        problems.push(format!("{place}: no such operation in one of the versions"));
    }
    for (_, operation) in found {
        let parts = &operation.raw.multipart;
        let has = |name: &str, kind: Kind| parts.iter().any(|part| part.name == name && part.kind == kind);
        let texts = upload.cases.iter().map(|case| &case.field).chain(&upload.name_field);
        if !has(&upload.part, Kind::File) || texts.into_iter().any(|text| !has(text, Kind::String)) {
            problems.push(format!("{place}: the form has no such part"));
        }
        let documented = |code: &i64| operation.raw.error_codes.contains(code);
        for code in upload.codes.values().filter(|code| !documented(code)) {
            problems.push(format!("{place}: the operation does not document code {code}"));
        }
    }
    for fault in upload.codes.keys().filter(|fault| !FAULTS.contains(&fault.as_str())) {
        problems.push(format!("{place}: `{fault}` is no fault"));
    }
    for format in upload.accepts.iter().flat_map(|accepted| &accepted.formats) {
        if variant(format).is_none() {
            problems.push(format!("{place}: `{format}` is no format"));
        }
    }
    let sides = upload.accepts.iter().filter_map(|accepted| accepted.sides);
    if sides.chain(upload.cases.iter().map(|case| case.sides)).any(|(least, most)| least > most) {
        problems.push(format!("{place}: sides that are upside down"));
    }
    problems
}

/// The fields of `ttshop_catalogue::UploadCodes`.
const FAULTS: [&str; 6] = ["empty", "name", "format", "size", "sides", "damaged"];

/// The table, by key and version.
pub(crate) fn file(catalogue: &Catalogue) -> String {
    let mut text = String::from(
        "use crate::upload::{Accepted, FileFormat, UploadCase, UploadCodes, UploadRule};\n\n\
         /// The limits of file parts, by an operation's key and version.\n\
         pub(crate) static UPLOADS: &[(&str, &str, &[UploadRule])] = &[",
    );
    for (family, operation) in operations(catalogue) {
        let rules: Vec<_> =
            catalogue.uploads.iter().filter(|upload| upload.is_of(family, operation)).map(rule).collect();
        if !rules.is_empty() {
            let (name, version) = (&operation.name, &operation.raw.version);
            let _ = write!(text, "(\"{family}.{name}\", {version:?}, &[{}]),", rules.join(", "));
        }
    }
    text + "];\n"
}

fn rule(upload: &Upload) -> String {
    let accepts: Vec<_> = upload.accepts.iter().map(accepted).collect();
    let cases: Vec<_> = upload.cases.iter().map(case).collect();
    let codes: Vec<_> = upload.codes.iter().map(|(fault, code)| format!("{fault}: Some({code})")).collect();
    let codes = match codes.len() {
        0 => "UploadCodes::UNKNOWN".to_owned(),
        found if found == FAULTS.len() => format!("UploadCodes {{ {} }}", codes.join(", ")),
        _ => format!("UploadCodes {{ {}, ..UploadCodes::UNKNOWN }}", codes.join(", ")),
    };
    format!(
        "UploadRule {{ part: {:?}, documented: {}, accepts: &[{}], cases: &[{}], name_field: {:?}, codes: {codes} }}",
        upload.part,
        upload.documented,
        accepts.join(", "),
        cases.join(", "),
        upload.name_field,
    )
}

fn accepted(accepted: &Accepted) -> String {
    let formats = accepted.formats.iter().filter_map(|format| variant(format));
    let formats: Vec<_> = formats.map(|variant| format!("FileFormat::{variant}")).collect();
    format!(
        "Accepted {{ formats: &[{}], bytes_max: {}, bytes_max_doubted: {:?}, sides: {:?}, ratio: {:?} }}",
        formats.join(", "),
        accepted.megabytes_max * MEGABYTE,
        accepted.megabytes_max_doubted.map(|most| most * MEGABYTE),
        accepted.sides,
        accepted.ratio,
    )
}

fn case(case: &Case) -> String {
    format!("UploadCase {{ field: {:?}, value: {:?}, sides: {:?} }}", case.field, case.value, case.sides)
}

fn variant(format: &str) -> Option<&'static str> {
    FORMATS.iter().find(|(name, _)| *name == format).map(|(_, variant)| *variant)
}

fn operations(catalogue: &Catalogue) -> impl Iterator<Item = (&str, &Operation)> {
    let families = catalogue.families.iter();
    families.flat_map(|family| family.operations.iter().map(|operation| (family.name.as_str(), operation)))
}
