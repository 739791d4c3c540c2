//! Files are looked at before anything is sent.

use std::io;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use ttshop_api::{FileContent, FileStream, FileUpload, Part, PartContent};
use ttshop_catalogue::{FileFacts, FileFormat, Operation, Reading, UPLOAD_HEAD_BYTES, UploadFault};

use super::Form;
use super::form::{ReadyContent, ReadyPart};
use crate::error::InvalidCall;

/// What a part is said to be when neither the caller nor its first bytes say it.
const UNKNOWN_MEDIA_TYPE: &str = "application/octet-stream";

/// The form of `parts`, whose files keep to the limits of `operation`.
pub(crate) async fn form(
    operation: &'static Operation,
    parts: &[Part],
    boundary: &str,
) -> Result<Form, InvalidCall> {
    let mut ready = Vec::with_capacity(parts.len());
    for part in parts {
        let content = match &part.content {
            PartContent::Text(text) => ReadyContent::Text(text),
            PartContent::File(file) => {
                let look = look(part.name, file).await?;
                let format = check(operation, part.name, &look, parts)?;
                let media_type = file.media_type().or_else(|| format.map(FileFormat::media_type));
                let media_type = media_type.unwrap_or(UNKNOWN_MEDIA_TYPE);
                ReadyContent::File { file, length: look.length, media_type }
            }
        };
        ready.push(ReadyPart { name: part.name, content });
    }
    Ok(Form::new(ready, boundary))
}

/// What is seen of a file before it is sent.
struct Look {
    length: u64,
    head: Bytes,
}

fn check(
    operation: &'static Operation,
    name: &'static str,
    look: &Look,
    parts: &[Part],
) -> Result<Option<FileFormat>, InvalidCall> {
    let facts = FileFacts { length: look.length, head: &look.head };
    let text = |wanted: &str| {
        parts.iter().find(|part| part.name == wanted).and_then(|part| match &part.content {
            PartContent::Text(text) => Some(text.as_str()),
            PartContent::File(_) => None,
        })
    };
    let fault = |fault: UploadFault| InvalidCall::File { part: name, fault };
    match operation.uploads().iter().find(|rule| rule.part == name) {
        Some(rule) => rule.check(&facts, text, Reading::Tolerant).map_err(fault),
        None => Ok(FileFormat::detect(&look.head)),
    }
}

async fn look(name: &'static str, file: &FileUpload) -> Result<Look, InvalidCall> {
    let unreadable =
        |error: io::Error| InvalidCall::FileUnreadable { part: name, reason: error.kind().to_string() };
    match file.content() {
        FileContent::Bytes(bytes) => {
            let head = bytes.slice(..UPLOAD_HEAD_BYTES.min(bytes.len()));
            Ok(Look { length: u64::try_from(bytes.len()).unwrap_or(u64::MAX), head })
        }
        FileContent::Path(path) => {
            let file = File::open(path).await.map_err(unreadable)?;
            look_at_file(file).await.map_err(unreadable)
        }
        FileContent::Stream(stream) => {
            let head = look_at_stream(stream).await.map_err(unreadable)?;
            let head = head.ok_or(InvalidCall::StreamUsed(name))?;
            Ok(Look { length: stream.length(), head })
        }
    }
}

async fn look_at_file(file: File) -> io::Result<Look> {
    let metadata = file.metadata().await?;
    if !metadata.is_file() {
        let kind = if metadata.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::Unsupported };
        return Err(kind.into());
    }
    let mut head = Vec::new();
    file.take(u64::try_from(UPLOAD_HEAD_BYTES).unwrap_or(u64::MAX)).read_to_end(&mut head).await?;
    Ok(Look { length: metadata.len(), head: head.into() })
}

/// Reads the first bytes of a stream and puts them back in front of it; none if it was read before.
async fn look_at_stream(stream: &FileStream) -> io::Result<Option<Bytes>> {
    let Some(mut rest) = stream.take() else { return Ok(None) };
    let (mut read, mut head) = (Vec::new(), BytesMut::new());
    while head.len() < UPLOAD_HEAD_BYTES {
        let Some(bytes) = rest.try_next().await? else { break };
        head.extend_from_slice(&bytes);
        read.push(Ok(bytes));
    }
    stream.put_back(Box::pin(stream::iter(read).chain(rest)));
    head.truncate(UPLOAD_HEAD_BYTES);
    Ok(Some(head.freeze()))
}
