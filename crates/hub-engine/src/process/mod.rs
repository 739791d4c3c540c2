//! Process: from claimed work to a committed mirror row and its event.
//!
//! The worker claims what is due and sorts it into queues, one a shop. Of each queue one call is under way at a time, with
//! up to fifty orders in it: while one call runs, hints gather for the next, so a busy shop costs few calls and a slow one
//! delays nobody else. Rejected: a task for each job. It would spend a call on each order, and the shop's budget with them.

mod failure;
mod notifications;
mod orders;
mod outcome;
mod worker;

#[cfg(test)]
pub(crate) use orders::work as work_on_orders;
pub(crate) use worker::run;
#[cfg(test)]
mod tests;
