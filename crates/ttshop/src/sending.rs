//! A request and the client that will send it.

use std::borrow::Cow;
use std::future::IntoFuture;
use std::ops::Range;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use ttshop_api::{Paged, Request};
use ttshop_types::Timestamp;

use crate::Client;
use crate::budget::Priority;
use crate::error::Error;
use crate::page::{Pages, Windows};
use crate::reply::Reply;

/// A call that is ready: `.await` makes it, and a list can also be read by [`pages`](Self::pages) or [`items`](Self::items).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `.await`"]
pub struct Sending<'a, R> {
    client: Cow<'a, Client>,
    request: R,
}

impl<'a, R: Request> Sending<'a, R> {
    pub(crate) fn new(client: &'a Client, request: R) -> Self {
        Self { client: Cow::Borrowed(client), request }
    }

    /// The same call with this urgency.
    pub fn priority(self, priority: Priority) -> Self {
        Self { client: Cow::Owned(self.client.with_priority(priority)), ..self }
    }

    /// All pages of the list.
    pub fn pages(self) -> Pages<R> {
        self.client.pages(&self.request)
    }

    /// The list through windows of time, so that it may be longer than the platform shows; see [`Client::windows`].
    pub fn windows(self, time: &str, range: Range<Timestamp>) -> Windows<R> {
        self.client.windows(&self.request, time, range)
    }

    /// All items of the list, page by page; the stream ends with an error when the list cannot be read to its end.
    pub fn items(self) -> impl Stream<Item = Result<R::Item, Error>> + Send + use<R>
    where
        R: Paged<Item: Send>,
    {
        self.client.items(&self.request)
    }
}

impl<'a, R: Request + 'a> IntoFuture for Sending<'a, R> {
    type Output = Result<Reply<R::Response>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.client.send(self.request).await })
    }
}
