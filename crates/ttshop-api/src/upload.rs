//! Files on their way to the platform: bytes, a path, or a stream.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;

/// A file to upload: [`FileUpload::from_path`], [`FileUpload::from_bytes`] or [`FileUpload::from_stream`].
///
/// Files and streams are read while they are sent and never held whole.
#[derive(Clone, Default)]
pub struct FileUpload {
    file_name: String,
    media_type: Option<String>,
    content: FileContent,
    progress: Option<Progress>,
}

/// Where the bytes of a file come from.
#[derive(Clone)]
pub enum FileContent {
    /// They are in memory.
    Bytes(Bytes),
    /// They are read from this path, anew for each try.
    Path(PathBuf),
    /// They come once, so a call that failed after some of them had left is not tried again.
    Stream(FileStream),
}

type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// What a stream of bytes is made of.
pub type ByteStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

impl FileUpload {
    /// A file of this name, media type and content.
    pub fn new(file_name: impl Into<String>, media_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { media_type: Some(media_type.into()), ..Self::from_bytes(file_name, bytes) }
    }

    /// A file of this name and content; its first bytes tell its media type.
    pub fn from_bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::of(file_name, FileContent::Bytes(bytes.into()))
    }

    /// The file at `path`, under its own name. It is opened when the call is made, and again for each further try.
    pub fn from_path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self::of(file_name.unwrap_or_default(), FileContent::Path(path.to_owned()))
    }

    /// A file of this name whose `length` bytes come from `stream`. It can be sent once.
    pub fn from_stream(
        file_name: impl Into<String>,
        length: u64,
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self::of(file_name, FileContent::Stream(FileStream::new(length, stream)))
    }

    /// The same file under another name.
    #[must_use]
    pub fn named(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// The same file, said to be of this media type.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Tells how many bytes have left, and how many there are. A further try begins anew.
    #[must_use]
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Its name.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// Its media type, if one was given.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// Where its bytes come from.
    pub fn content(&self) -> &FileContent {
        &self.content
    }

    /// Tells whoever asked ([`FileUpload::on_progress`]) that `sent` of `length` bytes have left.
    pub fn report(&self, sent: u64, length: u64) {
        if let Some(progress) = &self.progress {
            progress(sent, length);
        }
    }

    fn of(file_name: impl Into<String>, content: FileContent) -> Self {
        Self { file_name: file_name.into(), content, ..Self::default() }
    }
}

impl Default for FileContent {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

/// Neither content nor path: both may tell of a person.
impl fmt::Debug for FileUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileUpload({}, {:?})", self.file_name, self.content)
    }
}

impl fmt::Debug for FileContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Path(_) => f.write_str("a path"),
            Self::Stream(stream) => stream.fmt(f),
        }
    }
}

/// A stream that can be read once, however many copies of its file there are.
#[derive(Clone)]
pub struct FileStream {
    length: u64,
    /// None once it is read.
    rest: Arc<Mutex<Option<ByteStream>>>,
}

impl FileStream {
    fn new(length: u64, stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self { length, rest: Arc::new(Mutex::new(Some(Box::pin(stream)))) }
    }

    /// How many bytes it is said to have.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The stream, unless somebody else has taken it.
    pub fn take(&self) -> Option<ByteStream> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Gives back what was taken and is whole again.
    pub fn put_back(&self, stream: ByteStream) {
        *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream);
    }

    /// Whether it was taken.
    pub fn is_taken(&self) -> bool {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

impl fmt::Debug for FileStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a stream of {} bytes", self.length)
    }
}
