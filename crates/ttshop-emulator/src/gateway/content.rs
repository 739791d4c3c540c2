//! Content type, size and JSON.

use serde_json::Value;
use ttshop_catalogue::Operation;
use ttshop_sign::is_multipart;

use crate::gateway::{Call, Content, Refusal};
use crate::switches::Switches;

/// 36009021 for what the gateway did not read to its end.
pub(crate) fn size_is_acceptable(call: &Call<'_>) -> Result<(), Refusal> {
    match call.content {
        Content::Whole(_) => Ok(()),
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
