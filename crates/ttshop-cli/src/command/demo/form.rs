//! Forms of an HTML page, read well enough to choose something and press a button.

/// One form with the values it would send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) is_post: bool,
    /// Hidden and text inputs, then what was chosen and pressed.
    pub(super) fields: Vec<(String, String)>,
    /// Radio buttons.
    choices: Vec<Control>,
    /// Buttons that send the form.
    buttons: Vec<Control>,
}

/// Something to click on, with the words beside or on it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Control {
    name: String,
    value: String,
    label: String,
}

impl Form {
    /// Chooses the radio button beside these words; false where there is none.
    pub(super) fn choose(&mut self, label: &str) -> bool {
        click(&mut self.fields, &self.choices, label)
    }

    /// Presses the button with this word; false where there is none.
    pub(super) fn press(&mut self, label: &str) -> bool {
        click(&mut self.fields, &self.buttons, label)
    }
}

fn click(fields: &mut Vec<(String, String)>, controls: &[Control], label: &str) -> bool {
    let Some(control) = controls.iter().find(|control| control.label == label) else { return false };
    fields.retain(|(name, _)| *name != control.name);
    fields.push((control.name.clone(), control.value.clone()));
    true
}

/// The forms of a page, in its order.
pub(super) fn forms(html: &str) -> Vec<Form> {
    let starts = html.split("<form").skip(1);
    starts.map(|piece| form(piece.split("</form>").next().unwrap_or_default())).collect()
}

fn form(html: &str) -> Form {
    let (head, inside) = html.split_once('>').unwrap_or((html, ""));
    let mut form = Form {
        action: attribute(head, "action").unwrap_or_default(),
        is_post: attribute(head, "method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
        fields: Vec::new(),
        choices: Vec::new(),
        buttons: Vec::new(),
    };
    for piece in inside.split('<').skip(1) {
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        let Some(name) = attribute(tag, "name") else { continue };
        let value = attribute(tag, "value").unwrap_or_default();
        let label = unescape(after.trim());
        let is_radio = attribute(tag, "type").is_some_and(|kind| kind == "radio");
        match tag.split_whitespace().next() {
            Some("input") if is_radio => form.choices.push(Control { name, value, label }),
            Some("input") => form.fields.push((name, value)),
            Some("button") => form.buttons.push(Control { name, value, label }),
            Some(_) | None => {}
        }
    }
    form
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescape(value))
}

fn unescape(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<body><form method="post" action="/consent?a=1&amp;b=2">
        <input type="hidden" name="state" value="&quot;x&amp;y&quot;">
        <label><input type="radio" name="seller" value="7" checked> Maple Street</label>
        <label><input type="radio" name="seller" value="8"> Thames &amp; Thread</label>
        <button class="yes" name="decision" value="authorize">Authorize</button>
        <button name="decision" value="cancel">Cancel</button></form></body>"#;

    #[test]
    fn a_form_sends_what_was_hidden_chosen_and_pressed() {
        let mut form = forms(PAGE).remove(0);
        assert_eq!((form.action.as_str(), form.is_post), ("/consent?a=1&b=2", true));
        assert!(form.choose("Thames & Thread") && form.press("Authorize"));
        let expected = [("state", "\"x&y\""), ("seller", "8"), ("decision", "authorize")];
        assert_eq!(form.fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_not_there_cannot_be_clicked() {
        let mut form = forms(PAGE).remove(0);
        assert!(!form.choose("Elbe Elegance") && !form.press("Buy"));
        assert!(forms("<p>done</p>").is_empty());
    }
}
