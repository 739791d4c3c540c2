//! Tasks with an owner.

use std::sync::{Mutex, PoisonError};

use tokio::task::JoinSet;

/// Tasks that outlive their caller and never their owner: whoever stops the hub drains the set.
#[derive(Debug, Default)]
pub(crate) struct TaskSet {
    tasks: Mutex<JoinSet<()>>,
}

impl TaskSet {
    /// Starts a task; ended ones are forgotten on the way.
    pub(crate) fn start(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(ended) = tasks.try_join_next() {
            report(ended);
        }
        tasks.spawn(task);
    }

    /// Waits until every task has ended, those included that start meanwhile.
    pub(crate) async fn drain(&self) {
        loop {
            let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
            if tasks.is_empty() {
                return;
            }
            while let Some(ended) = tasks.join_next().await {
                report(ended);
            }
        }
    }
}

/// A panic in a task is a bug: it is shouted, and the others go on.
pub(crate) fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(error = %error, "a task of the hub ended badly");
    }
}
