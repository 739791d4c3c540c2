//! An OpenAPI document whose one answer is the emulator's.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::jobs::Job;

/// The exported document with nothing left but the job's operation, its answer as the example. No file outlives the target
/// directory.
pub(crate) fn document(exported: &Path, job: &Job) -> PathBuf {
    let mut document: Value = serde_json::from_slice(&std::fs::read(exported).unwrap()).unwrap();
    let mut operation = document["paths"][job.path][job.method].take();
    assert!(operation.is_object(), "the document has no {} {}", job.method, job.path);
    let reply: Value = serde_json::from_slice(&job.reply).unwrap();
    operation["responses"]["200"]["content"]["application/json"]["example"] = reply;
    document["paths"] = json!({ job.path: { job.method: operation } });
    document["webhooks"] = json!({});
    let path = exported.with_extension(format!("{}.json", job.name.replace(' ', "-")));
    std::fs::write(&path, serde_json::to_vec(&document).unwrap()).unwrap();
    path
}
