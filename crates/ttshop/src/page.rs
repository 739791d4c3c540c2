//! Reading all pages of a list, and saying so when it cannot be all.

use std::collections::HashSet;
use std::marker::PhantomData;

use futures_core::Stream;
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;
use ttshop_api::{Body, Paged, Parts};
use ttshop_catalogue::{Operation, Pagination};

use crate::Client;
use crate::client::never_sent;
use crate::error::{BadReply, Error, ErrorKind, InvalidCall, PagingError};
use crate::reply::{RawReply, Reply};
use crate::request::facts;

/// The most pages that one listing reads, unless it says otherwise.
pub const PAGES_MAX: u32 = 10_000;

/// All pages of a list, one call each, as raw JSON.
///
/// It ends with an error, never silently, when the platform repeats a page token or there are more pages than permitted.
/// After any other error the same page can be asked for again.
#[derive(Debug)]
pub struct RawPages {
    client: Client,
    operation: &'static Operation,
    parts: Parts,
    pages_max: u32,
    read: u32,
    seen: HashSet<String>,
    next: NextPage,
}

#[derive(Debug)]
enum NextPage {
    First,
    Token(String),
    Blocked(ErrorKind),
    Done,
}

impl RawPages {
    pub(crate) fn new(client: Client, operation: &'static Operation, parts: Parts) -> Self {
        let followed = matches!(operation.pagination, Pagination::Query(_) | Pagination::Body(_));
        let next = if followed {
            NextPage::First
        } else {
            NextPage::Blocked(ErrorKind::Invalid(InvalidCall::NotPaged))
        };
        Self { client, operation, parts, pages_max: PAGES_MAX, read: 0, seen: HashSet::new(), next }
    }

    /// Reads at most this many pages.
    #[must_use]
    pub fn pages_max(mut self, pages_max: u32) -> Self {
        self.pages_max = pages_max;
        self
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// The call failed, in which case the page can be asked for again, or the list cannot be read to its end.
    pub async fn next(&mut self) -> Option<Result<RawReply, Error>> {
        let parts = match &self.next {
            NextPage::First => Ok(self.parts.clone()),
            NextPage::Token(token) => with_page_token(&self.parts, self.operation, token),
            NextPage::Done => return None,
            NextPage::Blocked(kind) => {
                let error = Error::new(kind.clone(), facts(self.operation).context_unsent());
                self.next = NextPage::Done;
                return Some(Err(error));
            }
        };
        let parts = match parts {
            Ok(parts) => parts,
            Err(reason) => return Some(Err(never_sent(self.operation, reason))),
        };
        let reply = self.client.send_parts(self.operation, parts).await;
        Some(reply.and_then(|reply| self.advance(reply)))
    }

    fn advance(&mut self, reply: RawReply) -> Result<RawReply, Error> {
        let token = next_page_token(&reply, self.operation);
        let token = token.map_err(|error| facts(self.operation).error(BadReply::data(&error), &reply))?;
        self.read += 1;
        self.next = match token {
            None => NextPage::Done,
            Some(token) if !self.seen.insert(token.clone()) => {
                NextPage::Blocked(ErrorKind::Paging(PagingError::TokenRepeated { page: self.read }))
            }
            Some(_) if self.read >= self.pages_max => {
                NextPage::Blocked(ErrorKind::Paging(PagingError::TooManyPages { max: self.pages_max }))
            }
            Some(token) => NextPage::Token(token),
        };
        Ok(reply)
    }

    /// Gives up: nothing follows.
    fn stop(&mut self) {
        self.next = NextPage::Done;
    }
}

/// All pages of a list, typed; see [`RawPages`].
#[derive(Debug)]
pub struct Pages<R> {
    raw: RawPages,
    request: PhantomData<fn() -> R>,
}

impl<R: Paged> Pages<R> {
    pub(crate) fn new(client: Client, request: &R) -> Self {
        Self { raw: RawPages::new(client, R::OPERATION, request.parts()), request: PhantomData }
    }

    /// Reads at most this many pages.
    #[must_use]
    pub fn pages_max(mut self, pages_max: u32) -> Self {
        self.raw = self.raw.pages_max(pages_max);
        self
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// See [`RawPages::next`].
    pub async fn next(&mut self) -> Option<Result<Reply<R::Response>, Error>> {
        let raw = self.raw.next().await?;
        Some(raw.and_then(Reply::read::<R>))
    }

    /// All items of all pages; the stream ends after the first error.
    pub fn items(self) -> impl Stream<Item = Result<R::Item, Error>> + Send
    where
        R::Item: Send,
    {
        let start = (self, Vec::new().into_iter());
        stream::unfold(start, |(mut pages, mut items)| async move {
            loop {
                if let Some(item) = items.next() {
                    return Some((Ok(item), (pages, items)));
                }
                match pages.next().await? {
                    Ok(reply) => items = R::page(reply.data).items.into_iter(),
                    Err(error) => {
                        pages.raw.stop();
                        return Some((Err(error), (pages, items)));
                    }
                }
            }
        })
    }
}

/// The parts of a request for the page behind `token`.
fn with_page_token(parts: &Parts, operation: &Operation, token: &str) -> Result<Parts, InvalidCall> {
    let mut parts = parts.clone();
    if matches!(operation.pagination, Pagination::Body(_)) {
        let Body::Json(json) = &parts.body else { return Err(InvalidCall::NotPaged) };
        let mut body: Value = serde_json::from_slice(json).map_err(|_| InvalidCall::Body)?;
        let fields = body.as_object_mut().ok_or(InvalidCall::Body)?;
        fields.insert("page_token".into(), token.into());
        parts.body = Body::Json(serde_json::to_vec(&body).map_err(|_| InvalidCall::Body)?);
    } else {
        parts.query.retain(|(name, _)| *name != "page_token");
        parts.query.push(("page_token", token.into()));
    }
    Ok(parts)
}

/// The token that an answer names; it stands beside the list of items.
fn next_page_token(reply: &RawReply, operation: &Operation) -> Result<Option<String>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Listing {
        #[serde(default)]
        next_page_token: Option<String>,
    }
    let items = operation.pagination.paging().and_then(|paging| paging.items).unwrap_or_default();
    let listing = match items.rsplit_once('.') {
        None => reply.decode::<Option<Listing>>()?,
        Some((parent, _)) => match reply.field(parent)? {
            Some(parent) => serde_json::from_str(parent.get())?,
            None => None,
        },
    };
    Ok(listing.and_then(|listing| listing.next_page_token).filter(|token| !token.is_empty()))
}
