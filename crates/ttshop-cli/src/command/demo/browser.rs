//! A seller's browser, as far as consent needs one: it follows redirects, keeps cookies and submits forms.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use url::Url;

use super::form::{Form, forms};

/// The longest chain of redirects that is followed.
const REDIRECTS_MAX: usize = 10;
/// How long one page may take.
const PAGE_TIMEOUT: Duration = Duration::from_secs(10);

/// One browser with its cookies.
#[derive(Debug)]
pub(super) struct Browser {
    client: Client,
    /// Cookies by origin; real browsers share them between ports, which would only hide a mistake here.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

/// A page that was reached.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) url: Url,
    body: String,
}

/// Why the browser did not get there. Texts name the place without its query, which may hold a code.
#[derive(Debug, thiserror::Error)]
pub(super) enum BrowserError {
    #[error("failed to start a browser")]
    Start(#[source] reqwest::Error),
    #[error("failed to load `{place}`")]
    Load {
        place: String,
        #[source]
        source: reqwest::Error,
    },
    #[error("`{place}` redirects without saying where")]
    Redirect { place: String },
    #[error("`{place}` redirects more than {REDIRECTS_MAX} times")]
    Circle { place: String },
    #[error("`{place}` answered {status}: {excerpt}")]
    Status { place: String, status: StatusCode, excerpt: String },
}

impl Page {
    /// The forms on the page.
    pub(super) fn forms(&self) -> Vec<Form> {
        forms(&self.body)
    }
}

impl Browser {
    pub(super) fn new() -> Result<Self, BrowserError> {
        let client =
            Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PAGE_TIMEOUT).no_proxy();
        Ok(Self { client: client.build().map_err(BrowserError::Start)?, cookies: BTreeMap::new() })
    }

    /// Opens a link.
    pub(super) async fn open(&mut self, url: Url) -> Result<Page, BrowserError> {
        self.load(Method::GET, url, &[]).await
    }

    /// Presses a form's button.
    pub(super) async fn submit(&mut self, page: &Page, form: &Form) -> Result<Page, BrowserError> {
        let target = page.url.join(&form.action).unwrap_or_else(|_| page.url.clone());
        let method = if form.is_post { Method::POST } else { Method::GET };
        self.load(method, target, &form.fields).await
    }

    async fn load(
        &mut self,
        method: Method,
        url: Url,
        fields: &[(String, String)],
    ) -> Result<Page, BrowserError> {
        let mut request = if method == Method::POST {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            let request = self.client.post(url.clone()).body(body);
            request.header("content-type", "application/x-www-form-urlencoded")
        } else {
            let mut url = url.clone();
            if !fields.is_empty() {
                url.query_pairs_mut().clear().extend_pairs(fields);
            }
            self.client.get(url)
        };
        let mut url = url;
        for _ in 0..REDIRECTS_MAX {
            let response = self.send(request, &url).await?;
            if !response.status().is_redirection() {
                return finish(url, response).await;
            }
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let next = location.and_then(|location| url.join(location).ok());
            url = next.ok_or_else(|| BrowserError::Redirect { place: place(&url) })?;
            request = self.client.get(url.clone());
        }
        Err(BrowserError::Circle { place: place(&url) })
    }

    async fn send(&mut self, request: RequestBuilder, url: &Url) -> Result<Response, BrowserError> {
        let origin = url.origin().ascii_serialization();
        let kept = self.cookies.get(&origin).into_iter().flatten();
        let cookies: Vec<_> = kept.map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) };
        let response = request
            .send()
            .await
            .map_err(|source| BrowserError::Load { place: place(url), source: source.without_url() })?;
        let set = response.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        for cookie in set {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                let kept = self.cookies.entry(origin.clone()).or_default();
                kept.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        Ok(response)
    }
}

async fn finish(url: Url, response: Response) -> Result<Page, BrowserError> {
    let status = response.status();
    let body = response
        .text()
        .await
        .map_err(|source| BrowserError::Load { place: place(&url), source: source.without_url() })?;
    if status.is_success() {
        return Ok(Page { url, body });
    }
    let excerpt = body.chars().take(200).collect();
    Err(BrowserError::Status { place: place(&url), status, excerpt })
}

/// Where a page is, without its query.
fn place(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}
