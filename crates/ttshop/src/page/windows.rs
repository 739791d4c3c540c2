//! A list that is longer than the platform shows, read through windows of time.

use std::collections::VecDeque;
use std::ops::Range;

use ttshop_api::Parts;
use ttshop_catalogue::Operation;
use ttshop_types::Timestamp;

use super::cap;
use super::position::Listing;
use super::raw::{PAGES_MAX, RawPages};
use super::time_filter::{TimeFilter, Window};
use crate::Client;
use crate::error::{Error, ErrorKind, PagingError};
use crate::reply::RawReply;
use crate::request::facts;

/// All pages of a list whose rows lie in a span of time, in windows narrow enough for the platform to show every row.
///
/// A window that has too many rows is halved, without a gap and without an overlap, until it has few enough. Where the
/// platform counts the rows, pages are given as they are read; where it does not, a window is held back until it is whole.
/// It ends with an error when one second has more rows than the platform shows. After any other error than
/// [`ErrorKind::Paging`] the same page can be asked for again.
#[derive(Debug)]
pub struct RawWindows {
    client: Client,
    operation: &'static Operation,
    parts: Parts,
    plan: Result<Plan, Option<ErrorKind>>,
    rows_max: u32,
    pages_max: u32,
    reading: Option<Reading>,
    ready: VecDeque<RawReply>,
}

/// What is still to be read, the next window last.
#[derive(Debug)]
struct Plan {
    filter: TimeFilter,
    todo: Vec<Window>,
    end: i64,
}

/// The window that is being read.
#[derive(Debug)]
struct Reading {
    window: Window,
    pages: RawPages,
    held: VecDeque<RawReply>,
    given: bool,
    rows: u64,
    /// The least total that any page named.
    total: Option<u64>,
}

impl RawWindows {
    pub(crate) fn new(
        client: Client,
        operation: &'static Operation,
        parts: Parts,
        time: &str,
        range: &Range<Timestamp>,
    ) -> Self {
        let plan = TimeFilter::of(operation, time).map(|filter| {
            let window = filter.window(range);
            let end = window.map_or(i64::MIN, |window| window.to);
            Plan { filter, todo: window.into_iter().collect(), end }
        });
        Self {
            client,
            operation,
            parts,
            plan: plan.map_err(|reason| Some(ErrorKind::Invalid(reason))),
            rows_max: cap::rows_shown(operation).unwrap_or(super::WINDOW_ROWS_MAX),
            pages_max: PAGES_MAX,
            reading: None,
            ready: VecDeque::new(),
        }
    }

    /// Halves windows with this many rows or more.
    #[must_use]
    pub fn rows_max(mut self, rows_max: u32) -> Self {
        self.rows_max = rows_max;
        self
    }

    /// Reads at most this many pages of each window.
    #[must_use]
    pub fn pages_max(mut self, pages_max: u32) -> Self {
        self.pages_max = pages_max;
        self
    }

    /// Every row before this instant was given: a new listing may begin here. None before the listing could begin.
    pub fn read_until(&self) -> Option<Timestamp> {
        let plan = self.plan.as_ref().ok().filter(|plan| plan.end > i64::MIN)?;
        let window =
            self.reading.as_ref().map(|reading| reading.window).or_else(|| plan.todo.last().copied());
        let unit = window.map_or(plan.end, |window| window.from);
        self.ready.is_empty().then(|| plan.filter.instant(unit))
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// The call failed, in which case the page can be asked for again, or the list cannot be read to its end.
    pub async fn next(&mut self) -> Option<Result<RawReply, Error>> {
        loop {
            if let Some(page) = self.ready.pop_front() {
                return Some(Ok(page));
            }
            let reading = match self.begin() {
                Ok(reading) => reading?,
                Err(error) => return Some(Err(error)),
            };
            let page = reading.pages.next_listing().await;
            match self.take(page) {
                Ok(None) => {}
                Ok(Some(page)) => return Some(Ok(page)),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// The window being read, or the next one.
    fn begin(&mut self) -> Result<Option<&mut Reading>, Error> {
        if self.reading.is_none() {
            let plan = match &mut self.plan {
                Ok(plan) => plan,
                Err(kind) => {
                    return match kind.take() {
                        Some(kind) => Err(Error::new(kind, facts(self.operation).context_unsent())),
                        None => Ok(None),
                    };
                }
            };
            let Some(window) = plan.todo.pop() else { return Ok(None) };
            let parts = plan.filter.apply(&self.parts, window);
            let parts = parts.map_err(|reason| crate::client::never_sent(self.operation, reason))?;
            let pages = RawPages::new(self.client.clone(), self.operation, parts).pages_max(self.pages_max);
            let (held, given, rows, total) = (VecDeque::new(), false, 0, None);
            self.reading = Some(Reading { window, pages, held, given, rows, total });
        }
        Ok(self.reading.as_mut())
    }

    fn take(&mut self, page: Option<Result<(RawReply, Listing), Error>>) -> Result<Option<RawReply>, Error> {
        let Some(reading) = &mut self.reading else { return Ok(None) };
        match page {
            None => self.finish().map(|()| None),
            Some(Ok((page, listing))) => {
                reading.rows += listing.rows.unwrap_or(0);
                let counted = listing.total_count.filter(|_| listing.rows.is_some());
                reading.total = match (reading.total, counted) {
                    (Some(least), Some(total)) => Some(least.min(total)),
                    (known, named) => known.or(named),
                };
                let rows = listing.total_count.unwrap_or(0).max(reading.rows);
                if !reading.given && rows >= u64::from(self.rows_max) {
                    return self.narrow(rows).map(|()| None);
                }
                if reading.given || listing.total_count.is_some() {
                    reading.given = true;
                    return Ok(Some(page));
                }
                reading.held.push_back(page);
                Ok(None)
            }
            Some(Err(error)) if cap::is_passed(&error) || is_capped(&error) => {
                let rows = reading.rows;
                self.narrow(rows).map(|()| None)
            }
            Some(Err(error)) => {
                if matches!(error.kind(), ErrorKind::Paging(_)) {
                    self.stop();
                }
                Err(error)
            }
        }
    }

    /// A window was read to its end.
    fn finish(&mut self) -> Result<(), Error> {
        let Some(reading) = self.reading.take() else { return Ok(()) };
        if let Some(total) = reading.total.filter(|total| reading.rows < *total) {
            return Err(self.fail(PagingError::Incomplete { read: reading.rows, total }));
        }
        self.ready = reading.held;
        Ok(())
    }

    /// Puts two halves in the place of a window with too many rows.
    fn narrow(&mut self, rows: u64) -> Result<(), Error> {
        let Some(reading) = self.reading.take() else { return Ok(()) };
        if reading.given {
            return Err(self.fail(PagingError::CutOff { read: reading.rows }));
        }
        let (Some((earlier, later)), Ok(plan)) = (reading.window.halves(), &mut self.plan) else {
            return Err(self.fail(PagingError::WindowTooFull { rows, max: self.rows_max }));
        };
        plan.todo.push(later);
        plan.todo.push(earlier);
        Ok(())
    }

    fn fail(&mut self, reason: PagingError) -> Error {
        self.stop();
        Error::new(ErrorKind::Paging(reason), facts(self.operation).context_unsent())
    }

    /// Gives up: nothing follows.
    pub(super) fn stop(&mut self) {
        self.reading = None;
        self.ready.clear();
        if let Ok(plan) = &mut self.plan {
            plan.todo.clear();
            plan.end = i64::MIN;
        }
    }
}

/// Whether a listing ended because the platform shows no more rows.
fn is_capped(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Paging(PagingError::Capped { .. }))
}
