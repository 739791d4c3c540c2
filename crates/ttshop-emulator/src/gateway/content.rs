//! Content type, size and JSON.

use serde_json::Value;
use ttshop_catalogue::{Field, Kind, Operation};
use ttshop_sign::is_multipart;

use crate::gateway::{Call, Content, Refusal};
use crate::switches::Switches;
use crate::upload::{Part, file_fits};

/// 36009021 for what the gateway did not read to its end.
pub(crate) fn size_is_acceptable(call: &Call<'_>) -> Result<(), Refusal> {
    match call.content {
        Content::Whole(_) | Content::Parts(_) | Content::Malformed => Ok(()),
        Content::TooLarge => Err(Refusal::too_large()),
    }
}

/// JSON, or multipart for uploads.
pub(crate) fn type_fits(call: &Call<'_>, operation: &Operation, switches: &Switches) -> Result<(), Refusal> {
    let content_type = call.content_type();
    let multipart = content_type.is_some_and(is_multipart);
    if !operation.multipart.is_empty() {
        return if multipart { Ok(()) } else { Err(Refusal::multipart()) };
    }
    if call.bytes().is_empty() && content_type.is_none() && !switches.content_type_on_empty_body {
        return Ok(());
    }
    if content_type.is_some_and(is_json) || multipart { Ok(()) } else { Err(Refusal::content_type()) }
}

/// The parts of an upload: the required ones, none without content, and files that the operation takes.
pub(crate) fn parts(call: &Call<'_>, operation: &Operation, switches: &Switches) -> Result<(), Refusal> {
    if operation.multipart.is_empty() {
        return Ok(());
    }
    if matches!(call.content, Content::Malformed) {
        return Err(Refusal::parameter("Invalid request body. It is not a valid multipart form."));
    }
    for field in operation.multipart {
        let part = call.parts().iter().find(|part| part.name == field.name);
        match part.filter(|part| part.bytes > 0) {
            Some(part) if field.schema.kind == Kind::File => {
                file_fits(operation, part, call.parts(), switches.upload_reading())?;
            }
            Some(part) => text_fits(field, part)?,
            None if field.required => {
                return Err(Refusal::parameter(format!("{} is a required field", field.name)));
            }
            None => {}
        }
    }
    Ok(())
}

fn text_fits(field: &Field, part: &Part) -> Result<(), Refusal> {
    let most = field.schema.max_length.and_then(|most| usize::try_from(most).ok());
    match part.as_text() {
        Some(text) if most.is_none_or(|most| text.chars().count() <= most) => Ok(()),
        _ => Err(Refusal::parameter(format!("Invalid parameter '{}'. Expected a short text.", field.name))),
    }
}

/// The JSON body, if there is one.
pub(crate) fn json(call: &Call<'_>, operation: &Operation) -> Result<Value, Refusal> {
    if call.bytes().is_empty() || operation.body.is_none() {
        return Ok(Value::Null);
    }
    if call.content_type().is_some_and(is_multipart) {
        return Err(Refusal::content_type());
    }
    serde_json::from_slice(call.bytes())
        .map_err(|_| Refusal::parameter("Invalid request body. It is not valid JSON."))
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}
