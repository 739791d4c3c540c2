//! A call as it arrived.

use std::borrow::Cow;
use std::net::IpAddr;

use http::HeaderMap;

use crate::upload::Part;

/// A request to the API.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Still percent-encoded.
    pub(crate) raw_query: &'a str,
    /// Decoded, in the order of arrival.
    pub(crate) params: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) content: Content<'a>,
    pub(crate) caller: IpAddr,
}

/// What was sent as a body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a> {
    Whole(&'a [u8]),
    /// The parts of an upload, whose files were counted and not kept.
    Parts(&'a [Part]),
    /// An upload that is no multipart form.
    Malformed,
    /// More than the gateway takes.
    TooLarge,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        method: &'a str,
        path: &'a str,
        raw_query: &'a str,
        headers: &'a HeaderMap,
        content: Content<'a>,
        caller: IpAddr,
    ) -> Self {
        let params = url::form_urlencoded::parse(raw_query.as_bytes()).collect();
        Self { method, path, raw_query, params, headers, content, caller }
    }

    /// A query parameter; an empty one is as good as none.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
        found.filter(|value| !value.is_empty())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }

    /// The body's bytes; nothing if there were too many.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        match self.content {
            Content::Whole(bytes) => bytes,
            Content::Parts(_) | Content::Malformed | Content::TooLarge => &[],
        }
    }

    /// The parts of an upload.
    pub(crate) fn parts(&self) -> &'a [Part] {
        match self.content {
            Content::Parts(parts) => parts,
            Content::Whole(_) | Content::Malformed | Content::TooLarge => &[],
        }
    }
}
