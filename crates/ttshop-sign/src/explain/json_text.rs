//! The same JSON, written as other serialisers would.

/// The usual ways to write the JSON text `body`: compact or with spaces, with other letters or slashes escaped. Empty when
/// it is no text.
pub(super) fn rewritings(body: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(body) else { return Vec::new() };
    let compact = outside_strings(text, |c| if c.is_ascii_whitespace() { String::new() } else { c.into() });
    let spaced =
        outside_strings(&compact, |c| if matches!(c, ':' | ',') { format!("{c} ") } else { c.into() });
    let spacings = [compact, spaced, text.to_owned()];
    let escaped = spacings.iter().map(|text| escape_letters(text));
    let unescaped = spacings.iter().map(|text| text.replace("\\/", "/"));
    let slashed = spacings.iter().map(|text| text.replace("\\/", "/").replace('/', "\\/"));
    let both = spacings.iter().map(|text| escape_letters(&text.replace("\\/", "/").replace('/', "\\/")));
    escaped
        .chain(unescaped)
        .chain(slashed)
        .chain(both)
        .chain(spacings.iter().cloned())
        .map(String::into_bytes)
        .collect()
}

/// Rewrites every character outside of strings.
fn outside_strings(text: &str, change: impl Fn(char) -> String) -> String {
    let (mut out, mut inside, mut escaped) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        match (inside, escaped, c) {
            (true, false, '\\') => escaped = true,
            (_, false, '"') => inside = !inside,
            _ => escaped = false,
        }
        if inside || c == '"' { out.push(c) } else { out.push_str(&change(c)) }
    }
    out
}

/// Letters beyond ASCII as `\uXXXX`.
fn escape_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}
