//! Why a store could not do as it was asked.

/// A store's answer when it did nothing at all: every verb is all or nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another worker holds the claim by now; drop this work, it is being done elsewhere.
    #[error("the claim on `{lane}` was lost to another worker")]
    FenceLost {
        /// The lane or delivery in question.
        lane: String,
    },
    /// Somebody changed the grant since it was read; read it again.
    #[error("authorization `{id}` changed meanwhile")]
    RevisionLost {
        /// The grant.
        id: String,
    },
    /// The text is no page cursor of this store; whoever sent it made it up or cut it.
    #[error("`{cursor}` is not a page cursor")]
    BadCursor {
        /// The text.
        cursor: String,
    },
    /// The store is busy, full or gone; the caller may try again.
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Stored data does not read back; a person must look.
    #[error("stored data is damaged: {what}")]
    Damaged {
        /// Which table and row, without contents.
        what: String,
    },
}

impl StoreError {
    /// Whether the same call may succeed later without anyone's help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
