//! The readers: threads that answer from snapshots.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use hub_store::{StoreError, StoreFuture};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::OpenError;
use crate::database::DataDirectory;
use crate::error::{Outage, VerbError};

/// Threads that read. Reads are short, so two keep a slow one from holding up the rest.
const READERS: usize = 2;

/// Reads that may wait; one more is refused.
const QUEUE_MAX: usize = 1024;

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// The way to the readers; dropping it ends them.
#[derive(Debug)]
pub(crate) struct Readers {
    queue: Option<SyncSender<Read>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(crate) fn start(directory: &DataDirectory) -> Result<Self, OpenError> {
        let (queue, reads) = sync_channel(QUEUE_MAX);
        let reads = Arc::new(Mutex::new(reads));
        let mut readers = Self { queue: Some(queue), threads: Vec::new() };
        for number in 1..=READERS {
            let connection = directory.open_reader()?;
            let reads = Arc::clone(&reads);
            let builder = std::thread::Builder::new().name(format!("store-reader-{number}"));
            let thread = builder.spawn(move || serve(&connection, &reads)).map_err(OpenError::Thread)?;
            readers.threads.push(thread);
        }
        Ok(readers)
    }

    pub(crate) fn read<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Connection) -> Result<T, VerbError> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let (reply, answer) = oneshot::channel();
        let read: Read = Box::new(move |connection| {
            // Nobody waits for a read that was given up.
            if !reply.is_closed() {
                drop(reply.send(verb(connection).map_err(StoreError::from)));
            }
        });
        let refused = match self.queue.as_ref().map(|queue| queue.try_send(read)) {
            Some(Ok(())) => None,
            Some(Err(TrySendError::Full(_))) => Some(Outage::Busy),
            Some(Err(TrySendError::Disconnected(_))) | None => Some(Outage::Closed),
        };
        Box::pin(async move {
            match refused {
                Some(outage) => Err(outage.into()),
                None => answer.await.unwrap_or_else(|_| Err(Outage::Closed.into())),
            }
        })
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // A reader that panicked has said so already.
            drop(thread.join());
        }
    }
}

fn serve(connection: &Connection, reads: &Mutex<Receiver<Read>>) {
    loop {
        let next = reads.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(read) => read(connection),
            Err(_) => return,
        }
    }
}
