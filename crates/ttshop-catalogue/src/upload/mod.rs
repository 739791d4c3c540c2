//! Files that operations take: formats by their first bytes, sizes of images by their headers, and the limits of each part.

mod example;
mod format;
mod image;
mod rule;

pub use example::ExampleFile;
pub use format::{FileFormat, Medium};
pub use image::ImageSize;
pub use rule::{
    Accepted, FileFacts, Reading, UPLOAD_HEAD_BYTES, UploadCase, UploadCodes, UploadFault, UploadRule,
};
