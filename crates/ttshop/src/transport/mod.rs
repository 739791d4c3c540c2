//! How bytes travel: the [`Transport`] trait, and HTTP over TLS behind it.

mod connect;
mod error;
mod http;
mod message;
mod root;
mod tls;

pub use error::{TransportError, TransportErrorKind};
pub use http::{HttpOptions, HttpTransport, PlainHttp, REPLY_BYTES_MAX};
pub use message::{HttpReply, HttpRequest, Transport};
pub use root::RootCertificate;
