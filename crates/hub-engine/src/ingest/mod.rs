//! Ingest: from a signed notification to an inbox row and its work, in one commit.

mod door;
mod envelope;

pub use door::{DOOR_BODY_BYTES_MAX, Door, DoorAnswer, Knock};
pub(crate) use envelope::{
    DEAUTHORIZATION_TOPIC, UNREADABLE_TOPIC, is_plain_id, orders_named, read_incoming, topic_word,
};
