//! Uploads: files are held to their limits before anything is sent, then sent as they are read.
//!
//! [`check::form`] looks at the files of a request and makes a [`Form`] of it; a transport reads the form while it sends. A form of
//! bytes and paths is read anew for each try. A stream is read once: when some of it has left, the call is not tried again.
//!
//! Writing the form into one buffer would be simpler, and a video of 100 MB would be in memory twice.

mod body;
mod check;
mod form;

pub(crate) use body::FormBody;
pub use body::HttpBody;
pub(crate) use check::form;
pub use form::{Form, UPLOAD_BYTES_PER_SECOND_MIN};
pub(crate) use form::{SourceError, content_type};
