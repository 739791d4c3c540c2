//! Signatures against vectors that we did not compute, an independent oracle, and random requests.

mod explain;
mod oracle;
mod properties;
mod vectors;
mod webhook;
