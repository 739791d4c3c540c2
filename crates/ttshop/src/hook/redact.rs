//! Hiding secrets and buyers' data in JSON: what the catalogue says is personal, and whatever is named like it, since the platform adds
//! fields before the catalogue knows them.

use serde_json::Value;
use ttshop_catalogue::is_personal;

/// What stands in the place of a hidden text.
const HIDDEN: &str = "<redacted>";

/// Parts of the names of fields that hold secrets, or name a person. A name too many costs a field in a recording; a name too
/// few would show a buyer.
const HIDDEN_PARTS: [&str; 27] = [
    "access_token",
    "address",
    "auth_code",
    "avatar",
    "birth",
    "buyer_email",
    "buyer_message",
    "buyer_note",
    "cipher",
    "contact",
    "cpf",
    "email",
    "first_name",
    "full_name",
    "last_name",
    "national",
    "nickname",
    "passport",
    "password",
    "phone",
    "post_town",
    "postal_code",
    "recipient",
    "refresh_token",
    "secret",
    "tax_id",
    "widget_token",
];

/// Names of fields that are hidden as a whole.
const HIDDEN_NAMES: [&str; 7] =
    ["buyer_user_id", "content", "district_info", "sign", "token", "user_id", "user_name"];

/// `value` of the field `name`, with everything hidden that must not be shown. Numbers and the shape stay.
pub(super) fn redacted(name: &str, value: Value) -> Value {
    walk(name, value, is_hidden("", name))
}

fn walk(parent: &str, value: Value, hidden: bool) -> Value {
    match value {
        Value::String(text) if hidden && !text.is_empty() => HIDDEN.into(),
        Value::Number(_) if hidden => HIDDEN.into(),
        Value::Array(items) => items.into_iter().map(|item| walk(parent, item, hidden)).collect(),
        Value::Object(fields) => {
            let field = |(name, value): (String, Value)| {
                let hidden = hidden || is_hidden(parent, &name);
                let value = walk(&name, value, hidden);
                (name, value)
            };
            fields.into_iter().map(field).collect()
        }
        other => other,
    }
}

fn is_hidden(parent: &str, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    is_personal(parent, &name)
        || HIDDEN_NAMES.contains(&name.as_str())
        || HIDDEN_PARTS.iter().any(|part| name.contains(part))
}
