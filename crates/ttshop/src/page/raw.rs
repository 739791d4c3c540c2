//! One list, page by page, as raw JSON.

use std::collections::HashSet;

use serde_json::value::RawValue;
use ttshop_api::Parts;
use ttshop_catalogue::{Operation, Pagination};

use super::cap;
use super::position::{Counter, Listing, with_token};
use crate::Client;
use crate::client::never_sent;
use crate::error::{BadReply, Error, ErrorKind, InvalidCall, PagingError};
use crate::reply::RawReply;
use crate::request::facts;

/// The most pages that one listing reads, unless it says otherwise.
pub const PAGES_MAX: u32 = 10_000;

/// The most pages in a row without a single item, each naming a next one.
pub const EMPTY_PAGES_MAX: u32 = 50;

/// All pages of a list, one call each, as raw JSON.
///
/// It ends with an error, never silently, when the platform repeats a page, sends empty pages without end, shows fewer rows
/// than there are, or when there are more pages than permitted. After any other error the same page can be asked for again.
#[derive(Debug)]
pub struct RawPages {
    client: Client,
    operation: &'static Operation,
    parts: Parts,
    pages_max: u32,
    read: u32,
    rows: u64,
    empty_run: u32,
    seen: HashSet<String>,
    last_list: Option<Box<RawValue>>,
    next: NextPage,
}

#[derive(Debug)]
enum NextPage {
    First,
    Token(String),
    Number(Counter),
    Blocked(ErrorKind),
    Done,
}

impl RawPages {
    pub(crate) fn new(client: Client, operation: &'static Operation, parts: Parts) -> Self {
        let blocked = |reason| NextPage::Blocked(ErrorKind::Invalid(reason));
        let next = match operation.pagination {
            Pagination::Query(_) | Pagination::Body(_) => NextPage::First,
            Pagination::Number(field, _) => {
                Counter::begin(&parts, field).map_or_else(blocked, NextPage::Number)
            }
            Pagination::None => blocked(InvalidCall::NotPaged),
        };
        Self {
            client,
            operation,
            parts,
            pages_max: PAGES_MAX,
            read: 0,
            rows: 0,
            empty_run: 0,
            seen: HashSet::new(),
            last_list: None,
            next,
        }
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
        let page = self.next_listing().await?;
        Some(page.map(|(reply, _)| reply))
    }

    /// The next page and what it says about the list.
    pub(super) async fn next_listing(&mut self) -> Option<Result<(RawReply, Listing), Error>> {
        let parts = match &self.next {
            NextPage::First => Ok(self.parts.clone()),
            NextPage::Token(token) => with_token(&self.parts, self.operation, token),
            NextPage::Number(counter) => counter.request(&self.parts),
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

    fn advance(&mut self, reply: RawReply) -> Result<(RawReply, Listing), Error> {
        let listing = Listing::read(&reply, self.operation);
        let mut listing =
            listing.map_err(|error| facts(self.operation).error(BadReply::data(&error), &reply))?;
        self.read += 1;
        self.rows += listing.rows.unwrap_or(0);
        self.empty_run = if listing.rows == Some(0) { self.empty_run + 1 } else { 0 };
        let next = match self.next {
            NextPage::Number(counter) => self.next_number(counter, &mut listing),
            _ => self.next_token(&listing),
        };
        self.next = match next {
            Err(error) => NextPage::Blocked(ErrorKind::Paging(error)),
            Ok(NextPage::Done) => NextPage::Done,
            Ok(_) if self.empty_run >= EMPTY_PAGES_MAX => {
                NextPage::Blocked(ErrorKind::Paging(PagingError::EmptyPages { max: EMPTY_PAGES_MAX }))
            }
            Ok(_) if self.read >= self.pages_max => {
                NextPage::Blocked(ErrorKind::Paging(PagingError::TooManyPages { max: self.pages_max }))
            }
            Ok(next) => next,
        };
        Ok((reply, listing))
    }

    fn next_token(&mut self, listing: &Listing) -> Result<NextPage, PagingError> {
        match &listing.next_page_token {
            None => self.end(),
            Some(token) if !self.seen.insert(token.clone()) => {
                Err(PagingError::TokenRepeated { page: self.read })
            }
            Some(token) => Ok(NextPage::Token(token.clone())),
        }
    }

    /// A list with as many rows as the platform ever shows may have more.
    fn end(&self) -> Result<NextPage, PagingError> {
        match cap::rows_shown(self.operation) {
            Some(rows) if self.rows >= u64::from(rows) => Err(PagingError::Capped { rows }),
            _ => Ok(NextPage::Done),
        }
    }

    /// No token tells the end: it is reached when all rows that the platform counted were read, or on an empty page.
    fn next_number(&mut self, counter: Counter, listing: &mut Listing) -> Result<NextPage, PagingError> {
        let rows = listing.rows.unwrap_or(0);
        let total = listing.total_count.filter(|_| counter.from_start);
        if total.is_some_and(|total| self.rows >= total) || rows == 0 {
            return match total {
                Some(total) if self.rows < total => Err(PagingError::Incomplete { read: self.rows, total }),
                _ => Ok(NextPage::Done),
            };
        }
        let list = listing.list.take();
        let repeated = list.as_ref().map(|list| list.get()) == self.last_list.as_ref().map(|list| list.get());
        self.last_list = list;
        if repeated {
            return Err(PagingError::PageRepeated { page: self.read });
        }
        Ok(NextPage::Number(counter.after(rows)))
    }

    /// Gives up: nothing follows.
    pub(super) fn stop(&mut self) {
        self.next = NextPage::Done;
    }
}
