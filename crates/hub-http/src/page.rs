//! Small pages for people in browsers: no script, no style, nothing from elsewhere.

use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Text and lists; everything in it is escaped when it is shown.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) items: Vec<String>,
}

impl Page {
    pub(crate) fn into_response(self) -> Response {
        let title = escape(&self.title);
        let paragraphs: String =
            self.paragraphs.iter().map(|text| format!("<p>{}</p>\n", escape(text))).collect();
        let items: String = self.items.iter().map(|text| format!("<li>{}</li>\n", escape(text))).collect();
        let list = if items.is_empty() { String::new() } else { format!("<ul>\n{items}</ul>\n") };
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n{paragraphs}{list}</html>\n"
        );
        (self.status, HEADERS, Html(html)).into_response()
    }
}

/// The headers that every answer to a browser carries, redirects included.
pub(crate) fn private(mut response: Response) -> Response {
    response.headers_mut().extend(HEADERS);
    response
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}
