//! The least file that a rule accepts.

use super::{FileFormat, Medium, UploadRule};

/// A file for tests and samples.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExampleFile {
    /// Its name.
    pub name: &'static str,
    /// Its format.
    pub format: FileFormat,
    /// What it holds: a header and nothing behind it.
    pub bytes: &'static [u8],
}

/// 1,024 pixels square, which every limit of sides and shapes lets pass.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\0\0\x04\0\x08\x02\0\0\0\xf0\x7f\xbc\xd4\0\0\0\0IEND\xaeB`\x82";
const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";
const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isommp41";

impl UploadRule {
    /// A file that passes [`UploadRule::check`] in every reading.
    pub fn example(&self) -> ExampleFile {
        let medium = self.accepts.iter().flat_map(|accepted| accepted.formats).map(|format| format.medium());
        match medium.min_by_key(|medium| *medium != Medium::Image).unwrap_or(Medium::Document) {
            Medium::Image => ExampleFile { name: "sample.png", format: FileFormat::Png, bytes: PNG },
            Medium::Document => ExampleFile { name: "sample.pdf", format: FileFormat::Pdf, bytes: PDF },
            Medium::Video => ExampleFile { name: "sample.mp4", format: FileFormat::Mp4, bytes: MP4 },
        }
    }
}
