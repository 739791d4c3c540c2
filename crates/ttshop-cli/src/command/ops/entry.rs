//! One operation as lists show it.

use serde::Serialize;
use ttshop_catalogue::{Operation, Stage, Status, UserType};

use crate::output::{TableRows, Tone};

/// From how many characters in a line on methods and paths are shown beside the names.
const PATHS_FROM: u16 = 100;

/// What scripts get for one operation.
#[derive(Serialize)]
pub(super) struct Entry {
    key: &'static str,
    family: &'static str,
    version: &'static str,
    title: &'static str,
    method: &'static str,
    path: &'static str,
    scope: &'static [&'static str],
    user_types: Vec<&'static str>,
    takes: Option<&'static str>,
    paginated: bool,
    status: &'static str,
    stage: Option<&'static str>,
    deprecated: bool,
    pinned: bool,
    superseded_by: Option<&'static str>,
    emulator_tier: &'static str,
}

impl From<&'static Operation> for Entry {
    fn from(operation: &'static Operation) -> Self {
        Self {
            key: operation.key,
            family: operation.family,
            version: operation.version,
            title: operation.title,
            method: operation.method.as_str(),
            path: operation.path,
            scope: operation.scope,
            user_types: user_types(operation),
            takes: operation.takes.parameter(),
            paginated: operation.pagination.paging().is_some(),
            status: status(operation.status),
            stage: operation.stage.map(stage),
            deprecated: operation.deprecated,
            pinned: operation.pinned,
            superseded_by: operation.superseded_by,
            emulator_tier: tier(operation),
        }
    }
}

/// How the emulator answers it: from a world's state, or by contract.
pub(super) fn tier(operation: &Operation) -> &'static str {
    ttshop_emulator::tier(operation).as_str()
}

/// Whose tokens may call it.
pub(super) fn user_types(operation: &Operation) -> Vec<&'static str> {
    let word = |user_type: &UserType| match user_type {
        UserType::Seller => "seller",
        UserType::Creator => "creator",
        UserType::Partner => "partner",
    };
    operation.user_types.iter().map(word).collect()
}

/// The word for a status, as arguments and answers use it.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Current => "current",
        Status::Documented => "documented",
    }
}

/// Operations as a table.
pub(super) fn table(operations: &[&'static Operation]) -> TableRows {
    let mut rows = TableRows::new(&["operation", "version", "method", "path", "emulator"]);
    rows = rows.unbroken(&[0, 1, 2, 4]).wide(&[2, 3], PATHS_FROM);
    for operation in operations {
        let faint = if operation.pinned { Tone::Plain } else { Tone::Faint };
        rows.toned([
            (operation.key.to_owned(), faint),
            (operation.version.to_owned(), faint),
            (operation.method.as_str().to_owned(), faint),
            (operation.path.to_owned(), faint),
            (tier(operation).to_owned(), faint),
        ]);
    }
    rows
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Preview => "preview",
        Stage::Beta => "beta",
    }
}
