//! What a shop sold, day by day, as its analytics see it.
//!
//! [`facts`] are the paid units of some days, each with how its buyer came. [`Measures`] add them up; what no order tells,
//! impressions and visits, is drawn from the date and never falls short of the buyers. Nothing is stored: the numbers follow
//! from the orders.

mod attribution;
mod fact;
mod measures;
mod traffic;

pub(crate) use attribution::{Account, Channel};
pub(crate) use fact::{Fact, Refunded, facts};
pub(crate) use measures::{Measures, through};
pub(crate) use traffic::{Traffic, traffic};
