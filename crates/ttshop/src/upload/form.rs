//! `multipart/form-data`, written while it is sent.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use ttshop_api::{FileContent, FileUpload};

/// How many bytes of a file are read, and reported, at once.
const CHUNK_BYTES: usize = 128 * 1024;

/// The slowest line that an upload is given time for, in bytes a second: 100 MB get 400 s on top of a call's usual time.
pub const UPLOAD_BYTES_PER_SECOND_MIN: u64 = 256 * 1024;

/// A form whose files are read while it is sent. Cloning is cheap.
#[derive(Clone)]
pub struct Form {
    pieces: Arc<[Piece]>,
    length: u64,
}

#[derive(Clone)]
enum Piece {
    /// Delimiters, heads and texts.
    Text(Bytes),
    File(FileUpload, u64),
}

/// The source of a file failed, not the network.
#[derive(Debug)]
pub(crate) struct SourceError(io::Error);

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed to read the file")
    }
}

impl std::error::Error for SourceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl Form {
    pub(super) fn new(parts: Vec<ReadyPart<'_>>, boundary: &str) -> Self {
        let mut pieces = Vec::with_capacity(2 * parts.len() + 1);
        let mut text = String::new();
        for part in parts {
            let name = quoted(part.name);
            text.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\""));
            match part.content {
                ReadyContent::Text(content) => {
                    text.push_str("\r\n\r\n");
                    text.push_str(content);
                }
                ReadyContent::File { file, length, media_type } => {
                    let (file_name, media_type) = (quoted(file.file_name()), quoted(media_type));
                    text.push_str(&format!(
                        "; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n"
                    ));
                    pieces.push(Piece::Text(std::mem::take(&mut text).into()));
                    pieces.push(Piece::File(file.clone(), length));
                }
            }
            text.push_str("\r\n");
        }
        text.push_str(&format!("--{boundary}--\r\n"));
        pieces.push(Piece::Text(text.into()));
        let length = pieces.iter().map(Piece::length).sum();
        Self { pieces: pieces.into(), length }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The form from its beginning. Files are opened when they are reached.
    pub fn read(&self) -> BoxStream<'static, io::Result<Bytes>> {
        let pieces = Arc::clone(&self.pieces);
        stream::iter(0..pieces.len()).flat_map(move |place| pieces[place].read()).boxed()
    }

    /// The whole form, for transports that send nothing but bytes.
    ///
    /// # Errors
    /// A file cannot be read, or a stream was read before.
    pub async fn to_bytes(&self) -> io::Result<Bytes> {
        let mut whole = BytesMut::new();
        let mut reading = self.read();
        while let Some(bytes) = reading.try_next().await? {
            whole.extend_from_slice(&bytes);
        }
        Ok(whole.freeze())
    }

    /// Whether a stream in it was read, so that it cannot be sent again.
    pub(crate) fn is_spent(&self) -> bool {
        let is_taken = |file: &FileUpload| match file.content() {
            FileContent::Stream(stream) => stream.is_taken(),
            FileContent::Bytes(_) | FileContent::Path(_) => false,
        };
        self.pieces.iter().any(|piece| matches!(piece, Piece::File(file, _) if is_taken(file)))
    }

    /// The time that a slow line needs for it.
    pub(crate) fn sending_time(&self) -> Duration {
        Duration::from_secs(self.length / UPLOAD_BYTES_PER_SECOND_MIN)
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({} bytes)", self.length)
    }
}

/// One part of a form, checked.
pub(super) struct ReadyPart<'a> {
    pub(super) name: &'a str,
    pub(super) content: ReadyContent<'a>,
}

pub(super) enum ReadyContent<'a> {
    Text(&'a str),
    File { file: &'a FileUpload, length: u64, media_type: &'a str },
}

/// The content type of a form with this boundary, which must not occur in the parts: take random letters.
pub(crate) fn content_type(boundary: &str) -> String {
    format!("multipart/form-data; boundary={boundary}")
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Text(text) => u64::try_from(text.len()).unwrap_or(u64::MAX),
            Self::File(_, length) => *length,
        }
    }

    fn read(&self) -> BoxStream<'static, io::Result<Bytes>> {
        match self {
            Self::Text(text) => stream::iter([Ok(text.clone())]).boxed(),
            Self::File(file, length) => measured(file.clone(), *length),
        }
    }
}

/// The bytes of a file, which must be as many as were announced.
fn measured(file: FileUpload, length: u64) -> BoxStream<'static, io::Result<Bytes>> {
    let source = contents(file.content());
    let reading = stream::try_unfold((source, 0), move |(mut source, sent)| {
        let file = file.clone();
        async move {
            let changed = || Err(io::Error::other("the file does not have the length that it had before"));
            match source.try_next().await? {
                Some(bytes) => {
                    let sent = sent + u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    if sent > length {
                        return changed();
                    }
                    file.report(sent, length);
                    Ok(Some((bytes, (source, sent))))
                }
                None if sent < length => changed(),
                None => Ok(None),
            }
        }
    });
    reading.boxed()
}

fn contents(content: &FileContent) -> BoxStream<'static, io::Result<Bytes>> {
    match content {
        FileContent::Bytes(bytes) => chunks(bytes.clone()).boxed(),
        FileContent::Path(path) => file_chunks(path.clone()),
        FileContent::Stream(stream) => {
            let stream = stream.clone();
            let taken = move || stream.take().ok_or_else(|| io::Error::other("the stream was read before"));
            stream::once(async move { taken() }).try_flatten().boxed()
        }
    }
}

fn chunks(mut bytes: Bytes) -> impl futures_core::Stream<Item = io::Result<Bytes>> {
    stream::iter(std::iter::from_fn(move || {
        let next = bytes.split_to(CHUNK_BYTES.min(bytes.len()));
        (!next.is_empty()).then_some(Ok(next))
    }))
}

fn file_chunks(path: PathBuf) -> BoxStream<'static, io::Result<Bytes>> {
    let opening = async move { File::open(path).await.map(reader) };
    stream::once(opening).try_flatten().boxed()
}

fn reader(file: File) -> impl futures_core::Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let mut chunk = BytesMut::with_capacity(CHUNK_BYTES);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (chunk.freeze(), file)))
    })
}

impl SourceError {
    pub(super) fn new(source: io::Error) -> Self {
        Self(source)
    }
}

/// Escapes what would end the quotation or the header, as browsers do.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
