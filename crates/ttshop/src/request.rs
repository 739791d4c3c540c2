//! From a call to a signed request.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ttshop_api::{Body, Part, Parts};
use ttshop_catalogue::{Cipher, Operation, RetrySafety};
use ttshop_types::SecretText;
use url::Url;

use crate::attempts::Facts;
use crate::budget::BudgetKey;
use crate::core::Core;
use crate::error::InvalidCall;
use crate::hook::TryView;
use crate::tokens::AccessToken;
use crate::transport::HttpRequest;
use crate::upload::{self, HttpBody};

const ACCESS_TOKEN: HeaderName = HeaderName::from_static("x-tts-access-token");

/// What is never encoded in a query: the unreserved characters.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A call with everything that stays the same in every try.
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) budget_key: BudgetKey,
    path: String,
    query: Vec<(&'static str, String)>,
    cipher: Option<(&'static str, SecretText)>,
    content_type: HeaderValue,
    body: HttpBody,
    /// The parts of a form, and its boundary, until the files were looked at.
    unchecked: Option<(Vec<Part>, String)>,
}

impl Call {
    pub(crate) fn new(
        core: &Core,
        operation: &'static Operation,
        parts: Parts,
        cipher: Option<SecretText>,
        budget_key: BudgetKey,
    ) -> Result<Self, InvalidCall> {
        let Parts { path, query, body } = parts;
        let mut content_type = HeaderValue::from_static("application/json");
        let (mut bytes, mut unchecked) = (Bytes::new(), None);
        match body {
            Body::None => {}
            Body::Json(json) => bytes = json.into(),
            Body::Multipart(parts) => {
                let boundary = core.random_word();
                content_type =
                    HeaderValue::try_from(upload::content_type(&boundary)).map_err(|_| InvalidCall::Body)?;
                unchecked = Some((parts, boundary));
            }
        }
        let (body, cipher) = (bytes.into(), operation.takes.parameter().zip(cipher));
        Ok(Self { operation, budget_key, path, query, cipher, content_type, body, unchecked })
    }

    /// Looks at the files before the first try.
    pub(crate) async fn check_files(&mut self) -> Result<(), InvalidCall> {
        if let Some((parts, boundary)) = self.unchecked.take() {
            // Boxed, because most calls have no file and would carry the room for it.
            self.body = HttpBody::Form(Box::pin(upload::form(self.operation, &parts, &boundary)).await?);
        }
        Ok(())
    }

    /// Whether a stream in it was read, so that there is no further try.
    pub(crate) fn is_spent(&self) -> bool {
        matches!(&self.body, HttpBody::Form(form) if form.is_spent())
    }

    pub(crate) fn facts(&self) -> Facts {
        match &self.body {
            HttpBody::Bytes(_) => facts(self.operation),
            HttpBody::Form(form) => Facts { sending_time: form.sending_time(), ..facts(self.operation) },
        }
    }

    /// What hooks see of a try.
    pub(crate) fn view<'a>(&'a self, shop: Option<&'a str>, attempt: u32) -> TryView<'a> {
        let body = self.body.as_bytes().map(|body| &**body).filter(|body| !body.is_empty());
        TryView::new(self.operation, shop, attempt, &self.path, &self.query, body)
    }

    /// Stamps and signs.
    pub(crate) fn request(
        &self,
        core: &Core,
        token: &AccessToken,
        timeout: Duration,
    ) -> Result<HttpRequest, InvalidCall> {
        let timestamp = core.platform_now().as_seconds().to_string();
        let mut params: Vec<(&str, &str)> = Vec::with_capacity(self.query.len() + 4);
        params.push(("app_key", core.app.key.as_str()));
        params.push(("timestamp", &timestamp));
        params.extend(self.cipher.as_ref().map(|(name, cipher)| (*name, cipher.expose().as_str())));
        params.extend(self.query.iter().map(|(name, value)| (*name, value.as_str())));
        let body = self.body.as_bytes().map(|body| &**body);
        let sign = core.signer.sign(&self.path, &mut params, body);
        params.push(("sign", &sign));
        let mut token = HeaderValue::try_from(token.expose()).map_err(|_| InvalidCall::Token)?;
        token.set_sensitive(true);
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCESS_TOKEN, token);
        headers.insert(CONTENT_TYPE, self.content_type.clone());
        let url = address(&core.api_url, &self.path, &params)?;
        Ok(HttpRequest { method: method(self.operation), url, headers, body: self.body.clone(), timeout })
    }
}

/// What the catalogue says about calling `operation` twice.
pub(crate) fn facts(operation: &'static Operation) -> Facts {
    Facts {
        operation: operation.key,
        reads_only: operation.retry_safety == RetrySafety::Safe,
        repeatable: operation.retry_safety != RetrySafety::Unsafe,
        sending_time: Duration::ZERO,
    }
}

/// The cipher that `operation` takes, out of those the client has.
pub(crate) fn choose_cipher<'a>(
    operation: &Operation,
    shop: Option<&'a SecretText>,
    category_asset: Option<&'a SecretText>,
) -> Result<Option<&'a SecretText>, InvalidCall> {
    match operation.takes {
        Cipher::None => Ok(None),
        Cipher::Shop => shop.map(Some).ok_or(InvalidCall::ShopMissing),
        Cipher::CategoryAsset => category_asset.map(Some).ok_or(InvalidCall::CategoryAssetMissing),
    }
}

/// The base with path and query, of which only these two are parsed anew.
fn address(base: &Url, path: &str, params: &[(&str, &str)]) -> Result<Url, InvalidCall> {
    let mut query = String::with_capacity(512);
    for (index, (name, value)) in params.iter().enumerate() {
        if index > 0 {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.extend(utf8_percent_encode(value, QUERY));
    }
    let mut url = base.clone();
    match base.path().trim_end_matches('/') {
        "" => url.set_path(path),
        prefix => url.set_path(&format!("{prefix}{path}")),
    }
    url.set_query(Some(&query));
    // Dots or backslashes in an id would be resolved: then another path would be sent than was signed.
    if url.path().ends_with(path) { Ok(url) } else { Err(InvalidCall::Address) }
}

fn method(operation: &Operation) -> Method {
    match operation.method {
        ttshop_catalogue::Method::Get => Method::GET,
        ttshop_catalogue::Method::Post => Method::POST,
        ttshop_catalogue::Method::Put => Method::PUT,
        ttshop_catalogue::Method::Delete => Method::DELETE,
    }
}
