//! Reasoned corrections of the catalogue. A correction that no longer fits is an error, so none outlives its cause.

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FixupFile {
    #[serde(default)]
    fixup: Vec<Fixup>,
    #[serde(default)]
    sweep: Vec<Sweep>,
}

/// One correction of one operation, in the named versions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixup {
    family: String,
    operation: String,
    versions: Vec<String>,
    /// Where: `operation`, or a path such as `query`, `query.ids`, `body.skus[].price`, `response.fields`.
    target: String,
    /// Which key of the target; in a list of fields (`query`, `response.fields`) the field's name.
    key: String,
    /// What stands there; none when the key is absent.
    before: Option<toml::Value>,
    /// What shall stand there; none removes the key.
    after: Option<toml::Value>,
    reason: String,
}

/// The same correction wherever one value of one key occurs, with the count that was seen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sweep {
    /// The type of the fields to correct.
    r#type: String,
    key: String,
    before: toml::Value,
    after: Option<toml::Value>,
    count: usize,
    reason: String,
}

/// Applies one fixup file to one catalogue of families.
pub(crate) fn apply(text: &str, families: &mut std::collections::BTreeMap<String, Value>) -> Result<()> {
    let file: FixupFile = toml::from_str(text)?;
    for fixup in &file.fixup {
        for version in &fixup.versions {
            let name = format!("{} {} {version} `{}`", fixup.family, fixup.operation, fixup.target);
            apply_one(fixup, version, families).with_context(|| format!("fixup of {name}"))?;
        }
        ensure!(!fixup.versions.is_empty(), "fixup of {} names no version", fixup.operation);
    }
    for sweep in &file.sweep {
        ensure!(!sweep.reason.trim().is_empty(), "a sweep gives no reason");
        let before = json(&sweep.before)?;
        let after = sweep.after.as_ref().map(json).transpose()?;
        ensure!(after.as_ref() != Some(&before), "sweep of `{} = {before}` changes nothing", sweep.key);
        let count: usize =
            families.values_mut().map(|family| sweep_value(family, sweep, &before, after.as_ref())).sum();
        ensure!(count == sweep.count, "sweep of `{} = {before}` met {count}, not {}", sweep.key, sweep.count);
    }
    Ok(())
}

fn apply_one(
    fixup: &Fixup,
    version: &str,
    families: &mut std::collections::BTreeMap<String, Value>,
) -> Result<()> {
    ensure!(!fixup.reason.trim().is_empty(), "no reason given");
    let before = fixup.before.as_ref().map(json).transpose()?;
    let after = fixup.after.as_ref().map(json).transpose()?;
    ensure!(before != after, "changes nothing");
    let operation = families
        .get_mut(&fixup.family)
        .and_then(|family| family.get_mut("operations"))
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .find(|operation| operation["name"] == fixup.operation.as_str() && operation["version"] == version)
        .context("no such operation")?;
    match target(operation, &fixup.target)? {
        Value::Object(object) => {
            ensure!(
                object.get(&fixup.key) == before.as_ref(),
                "`{}` is {:?}",
                fixup.key,
                object.get(&fixup.key)
            );
            match after {
                Some(after) => drop(object.insert(fixup.key.clone(), after)),
                None => drop(object.remove(&fixup.key)),
            }
        }
        Value::Array(fields) => edit_field_list(fields, &fixup.key, before.as_ref(), after)?,
        _ => bail!("the target is neither object nor list of fields"),
    }
    Ok(())
}

fn edit_field_list(
    fields: &mut Vec<Value>,
    name: &str,
    before: Option<&Value>,
    after: Option<Value>,
) -> Result<()> {
    let place = fields.iter().position(|field| field["name"] == name);
    ensure!(place.and_then(|place| fields.get(place)) == before, "field `{name}` is not as `before` says");
    match (place, after) {
        (Some(place), Some(after)) => fields[place] = after,
        (Some(place), None) => drop(fields.remove(place)),
        (None, Some(after)) => fields.push(after),
        (None, None) => bail!("changes nothing"),
    }
    Ok(())
}

/// Walks `query.ids` or `body.skus[].price`; the last segment `fields` means the list itself. A missing list of the
/// operation is made, so that a fixup can add the first query field.
fn target<'a>(operation: &'a mut Value, path: &str) -> Result<&'a mut Value> {
    if path == "operation" {
        return Ok(operation);
    }
    let mut segments = path.split('.').peekable();
    let first = segments.next().context("an empty target")?;
    let lists = ["query", "multipart", "path_params"];
    if lists.contains(&first) && operation.get(first).is_none() {
        operation[first] = Value::Array(Vec::new());
    }
    let mut at = operation.get_mut(first).with_context(|| format!("no `{first}`"))?;
    while let Some(segment) = segments.next() {
        if segment == "fields" && segments.peek().is_none() {
            return at.get_mut("fields").context("no `fields`");
        }
        let name = segment.trim_end_matches("[]");
        let fields = if at.is_array() { at } else { at.get_mut("fields").context("no fields")? };
        let fields = fields.as_array_mut().context("fields are no list")?;
        at = fields
            .iter_mut()
            .find(|field| field["name"] == name)
            .with_context(|| format!("no field `{name}`"))?;
        for _ in 0..segment.matches("[]").count() {
            at = at.get_mut("items").with_context(|| format!("`{name}` has no items"))?;
        }
    }
    Ok(at)
}

fn sweep_value(value: &mut Value, sweep: &Sweep, before: &Value, after: Option<&Value>) -> usize {
    let mut count = 0;
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(|value| count += sweep_value(value, sweep, before, after));
        }
        Value::Object(object) => {
            if object.get("type").is_some_and(|kind| kind == sweep.r#type.as_str())
                && object.get(&sweep.key) == Some(before)
            {
                count += 1;
                match after {
                    Some(after) => drop(object.insert(sweep.key.clone(), after.clone())),
                    None => drop(object.remove(&sweep.key)),
                }
            }
            object.values_mut().for_each(|value| count += sweep_value(value, sweep, before, after));
        }
        _ => {}
    }
    count
}

fn json(value: &toml::Value) -> Result<Value> {
    Ok(serde_json::to_value(value)?)
}
