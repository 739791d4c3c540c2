//! Pages with types.

use std::marker::PhantomData;
use std::ops::Range;

use futures_core::Stream;
use futures_util::stream;
use ttshop_api::{Paged, Request};
use ttshop_types::Timestamp;

use super::{RawPages, RawWindows};
use crate::Client;
use crate::error::Error;
use crate::reply::Reply;

/// All pages of a list, typed; see [`RawPages`].
#[derive(Debug)]
pub struct Pages<R> {
    raw: RawPages,
    request: PhantomData<fn() -> R>,
}

impl<R: Request> Pages<R> {
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
        R: Paged<Item: Send>,
    {
        items::<R, _>(self)
    }
}

/// All pages of a list, typed, through windows of time; see [`RawWindows`].
#[derive(Debug)]
pub struct Windows<R> {
    raw: RawWindows,
    request: PhantomData<fn() -> R>,
}

impl<R: Request> Windows<R> {
    pub(crate) fn new(client: Client, request: &R, time: &str, range: &Range<Timestamp>) -> Self {
        let raw = RawWindows::new(client, R::OPERATION, request.parts(), time, range);
        Self { raw, request: PhantomData }
    }

    /// Halves windows with this many rows or more.
    #[must_use]
    pub fn rows_max(mut self, rows_max: u32) -> Self {
        self.raw = self.raw.rows_max(rows_max);
        self
    }

    /// Every row before this instant was given; see [`RawWindows::read_until`].
    pub fn read_until(&self) -> Option<Timestamp> {
        self.raw.read_until()
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// See [`RawWindows::next`].
    pub async fn next(&mut self) -> Option<Result<Reply<R::Response>, Error>> {
        let raw = self.raw.next().await?;
        Some(raw.and_then(Reply::read::<R>))
    }

    /// All items of all windows; the stream ends after the first error.
    pub fn items(self) -> impl Stream<Item = Result<R::Item, Error>> + Send
    where
        R: Paged<Item: Send>,
    {
        items::<R, _>(self)
    }
}

/// Gives pages one after the other.
trait PageSource<R: Request>: Send {
    fn next_page(&mut self) -> impl Future<Output = Option<Result<Reply<R::Response>, Error>>> + Send;

    fn stop(&mut self);
}

impl<R: Request> PageSource<R> for Pages<R> {
    fn next_page(&mut self) -> impl Future<Output = Option<Result<Reply<R::Response>, Error>>> + Send {
        self.next()
    }

    fn stop(&mut self) {
        self.raw.stop();
    }
}

impl<R: Request> PageSource<R> for Windows<R> {
    fn next_page(&mut self) -> impl Future<Output = Option<Result<Reply<R::Response>, Error>>> + Send {
        self.next()
    }

    fn stop(&mut self) {
        self.raw.stop();
    }
}

fn items<R: Paged<Item: Send>, P: PageSource<R>>(
    pages: P,
) -> impl Stream<Item = Result<R::Item, Error>> + Send {
    stream::unfold((pages, Vec::new().into_iter()), |(mut pages, mut items)| async move {
        loop {
            if let Some(item) = items.next() {
                return Some((Ok(item), (pages, items)));
            }
            match pages.next_page().await? {
                Ok(reply) => items = R::page(reply.data).items.into_iter(),
                Err(error) => {
                    pages.stop();
                    return Some((Err(error), (pages, items)));
                }
            }
        }
    })
}
