//! Small HTML pages without scripts.

/// The content type of a page.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#161823}\
    fieldset{border:1px solid #d0d1d6;border-radius:8px;margin:1rem 0;padding:1rem}button{font:inherit;padding:.5rem \
    1.25rem;border-radius:6px;border:1px solid #d0d1d6;background:#fff;margin-right:.5rem}button.yes{background:#fe2c55;\
    border-color:#fe2c55;color:#fff}small{color:#6b6c75}code{background:#f4f4f5;padding:0 .25rem}";

/// A whole page; `body` is HTML whose texts are escaped already.
pub(crate) fn page_of(title: &str, body: &str) -> Vec<u8> {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><meta name=\"viewport\" \
         content=\"width=device-width\"><style>{STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>"
    )
    .into_bytes()
}

/// Text that is safe between tags and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_escapes_from_an_attribute() {
        assert_eq!(escape("\"><script>&'"), "&quot;&gt;&lt;script&gt;&amp;&#39;");
    }
}
