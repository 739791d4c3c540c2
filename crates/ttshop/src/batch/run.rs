//! Cutting a batch into calls and joining what comes back.

use std::collections::{HashMap, HashSet};
use std::fmt;

use futures_util::{StreamExt as _, stream};
use ttshop_api::Request;

use super::outcome::{Batch, ChunkResults, ItemError};
use crate::Client;
use crate::error::ItemFailure;
use crate::reply::Reply;

/// How many things go into one call where the platform documents no bound: the smallest bound it has for ids.
pub const BATCH_CHUNK: usize = 20;

/// How many calls of one batch are made at a time, unless it says otherwise.
pub const BATCH_CONCURRENCY: usize = 4;

/// The most calls of one batch at a time.
pub const BATCH_CONCURRENCY_MAX: usize = 32;

/// A batch that is ready: [`find`](Self::find) reads things, [`act`](Self::act) does something to them.
#[must_use = "nothing is sent before `find` or `act`"]
pub struct Batching<I, F> {
    client: Client,
    inputs: Vec<I>,
    key: fn(&I) -> String,
    request: F,
    chunk: usize,
    concurrency: usize,
}

impl<I, F> fmt::Debug for Batching<I, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batching({} inputs, {} in a call)", self.inputs.len(), self.chunk)
    }
}

impl Client {
    /// Works through many ids with as few calls as the platform permits:
    /// `client.batch(ids, |chunk| GetOrderDetail::new(chunk)).find(|reply| reply.orders, |order| order.id.as_ref())`.
    pub fn batch<I: ToString, R: Request, F: Fn(Vec<I>) -> R>(
        &self,
        ids: impl IntoIterator<Item = I>,
        request: F,
    ) -> Batching<I, F> {
        self.batch_by(ids, I::to_string, request)
    }

    /// Like [`Client::batch`], for inputs that are more than an id: `key` is the id by which the platform names them.
    pub fn batch_by<I, R: Request, F: Fn(Vec<I>) -> R>(
        &self,
        inputs: impl IntoIterator<Item = I>,
        key: fn(&I) -> String,
        request: F,
    ) -> Batching<I, F> {
        Batching {
            client: self.clone(),
            inputs: inputs.into_iter().collect(),
            key,
            request,
            chunk: documented_chunk::<R>(),
            concurrency: BATCH_CONCURRENCY,
        }
    }
}

/// The most things that the platform takes in one call.
fn documented_chunk<R: Request>() -> usize {
    let documented = R::OPERATION.batch_max.and_then(|max| usize::try_from(max).ok());
    documented.unwrap_or(BATCH_CHUNK).max(1)
}

impl<I: Clone + Send + Sync, F> Batching<I, F> {
    /// Puts fewer things into a call than the platform permits; where no bound is documented, also more.
    pub fn chunk_size<R: Request>(mut self, size: usize) -> Self
    where
        F: Fn(Vec<I>) -> R,
    {
        let most = R::OPERATION.batch_max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
        self.chunk = size.clamp(1, most.max(1));
        self
    }

    /// Makes this many calls at a time, at most [`BATCH_CONCURRENCY_MAX`].
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.clamp(1, BATCH_CONCURRENCY_MAX);
        self
    }

    /// Reads things: `rows` takes them out of an answer, `id` tells which is which. What an answer leaves out is missing.
    pub async fn find<R, T, K>(
        self,
        rows: impl Fn(R::Response) -> Vec<T> + Sync,
        id: impl Fn(&T) -> Option<&K> + Sync,
    ) -> Batch<I, T>
    where
        R: Request,
        T: Send,
        K: AsRef<str> + ?Sized,
        F: Fn(Vec<I>) -> R + Sync,
    {
        let by_id = |response: R::Response| {
            let named = |row: T| Some((id(&row)?.as_ref().to_owned(), row));
            rows(response).into_iter().filter_map(named).collect()
        };
        self.run(by_id, || Err(ItemError::Missing)).await
    }

    /// Does something to things: whatever the platform does not say to have failed is done.
    pub async fn act<R: Request>(self) -> Batch<I, ()>
    where
        F: Fn(Vec<I>) -> R + Sync,
    {
        self.run(|_| HashMap::new(), || Ok(())).await
    }

    async fn run<R: Request, T: Send>(
        self,
        read: impl Fn(R::Response) -> HashMap<String, T> + Sync,
        otherwise: impl Fn() -> Result<T, ItemError> + Sync,
    ) -> Batch<I, T>
    where
        F: Fn(Vec<I>) -> R + Sync,
    {
        let mut seen = HashSet::new();
        let keyed: Vec<_> = self.inputs.into_iter().map(|input| ((self.key)(&input), input)).collect();
        let (places, fresh): (Vec<_>, Vec<_>) =
            keyed.iter().enumerate().filter(|(_, (key, _))| seen.insert(key)).unzip();
        let chunks = fresh.chunks(self.chunk).map(|chunk| {
            let inputs = chunk.iter().map(|(_, input)| input.clone()).collect();
            let call = call((self.request)(inputs), &self.client);
            let keys: Vec<String> = chunk.iter().map(|(key, _)| key.clone()).collect();
            let (read, otherwise) = (&read, &otherwise);
            async move { join(call.await, &keys, read, otherwise) }
        });
        let joined: Vec<Vec<Result<T, ItemError>>> =
            stream::iter(chunks.collect::<Vec<_>>()).buffered(self.concurrency).collect().await;
        let mut results: HashMap<usize, _> = places.into_iter().zip(joined.into_iter().flatten()).collect();
        let with_result =
            |(place, (_, input))| (input, results.remove(&place).unwrap_or(Err(ItemError::Repeated)));
        Batch { items: keyed.into_iter().enumerate().map(with_result).collect() }
    }
}

type Called<T> = (Result<Reply<T>, crate::Error>, Vec<ItemFailure>);

/// One call; a failure in part is an answer with failures.
async fn call<R: Request>(request: R, client: &Client) -> Called<R::Response> {
    match client.send(request).await {
        Ok(reply) => (Ok(reply), Vec::new()),
        Err(error) => match error.batch_failure() {
            Some(partial) => (Reply::read::<R>(partial.reply.clone()), partial.failures.clone()),
            None => (Err(error), Vec::new()),
        },
    }
}

/// The result for each of `keys`, in their order.
fn join<A, T>(
    (answer, failures): Called<A>,
    keys: &[String],
    read: impl Fn(A) -> HashMap<String, T>,
    otherwise: impl Fn() -> Result<T, ItemError>,
) -> Vec<Result<T, ItemError>> {
    let mut results = ChunkResults { outcome: answer.map(|reply| read(reply.data)), failures };
    let unattributed = results.unattributed(keys);
    let silent = || match &unattributed {
        Some(failure) => Err(ItemError::Unattributed(failure.clone())),
        None => otherwise(),
    };
    keys.iter().map(|key| results.take(key, silent)).collect()
}
