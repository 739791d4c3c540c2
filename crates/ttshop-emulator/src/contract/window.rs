//! The page that was asked for.

use std::time::Duration;

use ttshop_catalogue::{Operation, Pagination, Schema};

use crate::contract::context::{Context, page_field};
use crate::contract::shape::ITEMS_MAX;
use crate::dice::scatter;
use crate::gateway::{Admitted, Refusal};
use crate::page_token::PageToken;
use crate::world::World;

/// Rows on a page when neither the caller nor the catalogue says (PLATFORM.md 6.2: 10 or 20).
const PAGE_SIZE_DEFAULT: u64 = 10;
/// A listing has at least so many rows, so that small pages have a next one.
const ROWS_MIN: u64 = 5;
/// A listing has at most so many rows: paging ends soon.
const ROWS_MAX: u64 = 12;

/// Some rows of a listing.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) first: u64,
    pub(super) count: u64,
    pub(super) total: u64,
    /// The token of the next page; empty at the end.
    pub(super) next: String,
    /// Where the rows are, with dots; none where several lists share a page.
    pub(super) items: Option<&'static str>,
}

impl Window {
    /// The page of `call`, if its operation has pages.
    pub(super) fn open(
        call: &Admitted<'_>,
        context: &Context<'_>,
        world: &World,
    ) -> Result<Option<Self>, Refusal> {
        let operation = call.operation;
        let Some(paging) = operation.pagination.paging() else { return Ok(None) };
        let drawn = ROWS_MIN + scatter(context.key) % (ROWS_MAX - ROWS_MIN + 1);
        let batch = paging.items.and_then(|items| {
            let (name, item) = rows(operation.response, items)?;
            context.asked.batch(name, item)
        });
        let total = batch.map_or(drawn, |batch| u64::try_from(batch.len()).unwrap_or(drawn));
        let size = page_size(call, context)?.min(ITEMS_MAX);
        let first = first_row(call, context, world, size)?;
        let count = size.min(total.saturating_sub(first));
        let after = first + count;
        let next = if after < total && !matches!(operation.pagination, Pagination::Number(..)) {
            let token = PageToken { position: [after, 0], total, issued: call.now };
            token.seal(context.seed, &context.key.to_be_bytes())
        } else {
            String::new()
        };
        Ok(Some(Self { first, count, total, next, items: paging.items }))
    }
}

/// The list at a path with dots, and its items.
fn rows(response: &'static Schema, path: &'static str) -> Option<(&'static str, &'static Schema)> {
    let (list, mut holder) = (path.rsplit('.').next()?, response);
    for name in path.split('.') {
        holder = holder.field(name)?.schema;
    }
    Some((list, holder.items?))
}

fn page_size(call: &Admitted<'_>, context: &Context<'_>) -> Result<u64, Refusal> {
    let (least, most) =
        call.operation.pagination.paging().and_then(|paging| paging.size_range).unwrap_or((1, u32::MAX));
    let field = size_field(call.operation);
    let default = field.and_then(|field| field.default).and_then(|default| default.parse().ok());
    let default = default.unwrap_or(PAGE_SIZE_DEFAULT).clamp(u64::from(least.max(1)), u64::from(most));
    let Some(given) = context.asked.scalar("page_size").filter(|given| given.text().is_some()) else {
        return Ok(default);
    };
    let size = given.integer().and_then(|size| u64::try_from(size).ok());
    match size {
        Some(0) if least == 0 || field.is_none_or(|field| field.range.is_none()) => Ok(default),
        Some(size) if (u64::from(least)..=u64::from(most)).contains(&size) => Ok(size),
        _ => Err(Refusal::parameter("Invalid parameter 'page_size'. It is out of range.")),
    }
}

fn size_field(operation: &Operation) -> Option<&'static Schema> {
    let in_query = operation.query.iter().find(|field| field.name == "page_size");
    let in_body = || operation.body.and_then(|body| body.field("page_size"));
    in_query.or_else(in_body).map(|field| field.schema)
}

fn first_row(call: &Admitted<'_>, context: &Context<'_>, world: &World, size: u64) -> Result<u64, Refusal> {
    if let Pagination::Number(field, _) = call.operation.pagination {
        let given = context.asked.scalar(field).and_then(|given| given.integer());
        let number = given.map_or(Ok(0), u64::try_from);
        let number = number
            .map_err(|_| Refusal::parameter(format!("Invalid parameter '{field}'. It is negative.")))?;
        // An offset counts rows; pages are counted from 1.
        let counts_rows = field.contains("offset");
        return Ok(if counts_rows { number } else { number.saturating_sub(1).saturating_mul(size) });
    }
    let name = page_field(call.operation).unwrap_or("page_token");
    let Some(text) = context.asked.scalar(name).and_then(|given| given.text()) else { return Ok(0) };
    let life = Duration::from_secs(world.switches.page_token_seconds);
    let search = context.key.to_be_bytes();
    let token = PageToken::open(&text, context.seed, &search, call.now, life);
    token
        .map(|token| token.position[0])
        .ok_or_else(|| Refusal::parameter("Invalid parameter 'page_token'. It does not fit this search."))
}
