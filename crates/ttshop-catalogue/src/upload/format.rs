//! What a file is, told by its first bytes.

use std::fmt;

/// A file format that some operation takes, or that is often sent by mistake.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum FileFormat {
    /// JPEG, also as `.jpg`.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// HEIC, the pictures of Apple's phones.
    Heic,
    /// Windows bitmap.
    Bmp,
    /// GIF.
    Gif,
    /// TIFF.
    Tiff,
    /// AVIF.
    Avif,
    /// PDF.
    Pdf,
    /// MPEG-4 video.
    Mp4,
    /// QuickTime video.
    Mov,
    /// Matroska video.
    Mkv,
    /// Windows Media video.
    Wmv,
    /// WebM video.
    Webm,
    /// AVI video.
    Avi,
    /// 3GPP video.
    ThreeGp,
    /// Flash video.
    Flv,
    /// MPEG-1 or MPEG-2 video, as a program or a transport stream.
    Mpeg,
    /// A zip archive, also as an office document.
    Zip,
}

/// What a format holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Medium {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Pages, or anything else.
    Document,
}

impl FileFormat {
    /// Tells the format by the first bytes of a file; 64 are enough for all but the two Matroska kinds, which need up to 4 KiB.
    pub fn detect(head: &[u8]) -> Option<Self> {
        let magic =
            MAGIC.iter().find(|(at, magic, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
        match magic {
            Some((_, _, Self::Webp)) => riff(head),
            Some((_, _, Self::Mp4)) => brand(head),
            Some((_, _, Self::Mkv)) => Some(matroska(head)),
            Some((_, _, format)) => Some(*format),
            None => transport_stream(head),
        }
    }

    /// The platform's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WEBP",
            Self::Heic => "HEIC",
            Self::Bmp => "BMP",
            Self::Gif => "GIF",
            Self::Tiff => "TIFF",
            Self::Avif => "AVIF",
            Self::Pdf => "PDF",
            Self::Mp4 => "MP4",
            Self::Mov => "MOV",
            Self::Mkv => "MKV",
            Self::Wmv => "WMV",
            Self::Webm => "WEBM",
            Self::Avi => "AVI",
            Self::ThreeGp => "3GP",
            Self::Flv => "FLV",
            Self::Mpeg => "MPEG",
            Self::Zip => "ZIP",
        }
    }

    /// The media type that a form names it by.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Bmp => "image/bmp",
            Self::Gif => "image/gif",
            Self::Tiff => "image/tiff",
            Self::Avif => "image/avif",
            Self::Pdf => "application/pdf",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Mkv => "video/x-matroska",
            Self::Wmv => "video/x-ms-wmv",
            Self::Webm => "video/webm",
            Self::Avi => "video/x-msvideo",
            Self::ThreeGp => "video/3gpp",
            Self::Flv => "video/x-flv",
            Self::Mpeg => "video/mpeg",
            Self::Zip => "application/zip",
        }
    }

    /// What it holds.
    pub const fn medium(self) -> Medium {
        match self {
            Self::Jpeg
            | Self::Png
            | Self::Webp
            | Self::Heic
            | Self::Bmp
            | Self::Gif
            | Self::Tiff
            | Self::Avif => Medium::Image,
            Self::Mp4
            | Self::Mov
            | Self::Mkv
            | Self::Wmv
            | Self::Webm
            | Self::Avi
            | Self::ThreeGp
            | Self::Flv
            | Self::Mpeg => Medium::Video,
            Self::Pdf | Self::Zip => Medium::Document,
        }
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where which bytes stand in which format. `Webp` stands for every RIFF file, `Mp4` for every file that begins with a brand, and
/// `Mkv` for both Matroska kinds: their second look decides.
const MAGIC: &[(usize, &[u8], FileFormat)] = &[
    (0, b"\xff\xd8\xff", FileFormat::Jpeg),
    (0, b"\x89PNG\r\n\x1a\n", FileFormat::Png),
    (0, b"RIFF", FileFormat::Webp),
    (0, b"BM", FileFormat::Bmp),
    (0, b"GIF87a", FileFormat::Gif),
    (0, b"GIF89a", FileFormat::Gif),
    (0, b"II*\0", FileFormat::Tiff),
    (0, b"MM\0*", FileFormat::Tiff),
    (0, b"%PDF-", FileFormat::Pdf),
    (4, b"ftyp", FileFormat::Mp4),
    // Films of before QuickTime 7 have no brand.
    (4, b"moov", FileFormat::Mov),
    (4, b"mdat", FileFormat::Mov),
    (4, b"wide", FileFormat::Mov),
    (4, b"free", FileFormat::Mov),
    (0, b"\x1a\x45\xdf\xa3", FileFormat::Mkv),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileFormat::Wmv),
    (0, b"FLV\x01", FileFormat::Flv),
    (0, b"\0\0\x01\xba", FileFormat::Mpeg),
    (0, b"\0\0\x01\xb3", FileFormat::Mpeg),
    (0, b"PK\x03\x04", FileFormat::Zip),
];

/// How far into a Matroska file its kind may stand.
const MATROSKA_HEAD_BYTES: usize = 4096;
/// The length of one packet of a transport stream; each begins with the same byte.
const PACKET_BYTES: usize = 188;

fn riff(head: &[u8]) -> Option<FileFormat> {
    match head.get(8..12)? {
        b"WEBP" => Some(FileFormat::Webp),
        b"AVI " => Some(FileFormat::Avi),
        _ => None,
    }
}

fn brand(head: &[u8]) -> Option<FileFormat> {
    Some(match head.get(8..12)? {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
            // The general brand stands for AVIF too; then AVIF is among the compatible ones.
            let compatible = head.get(12..64.min(head.len())).unwrap_or_default();
            let is_avif = compatible.chunks(4).any(|brand| brand == b"avif");
            if is_avif { FileFormat::Avif } else { FileFormat::Heic }
        }
        b"avif" | b"avis" => FileFormat::Avif,
        b"qt  " => FileFormat::Mov,
        [b'3', b'g', ..] => FileFormat::ThreeGp,
        _ => FileFormat::Mp4,
    })
}

fn matroska(head: &[u8]) -> FileFormat {
    let head = head.get(..MATROSKA_HEAD_BYTES).unwrap_or(head);
    let is_webm = head.windows(4).any(|word| word == b"webm");
    if is_webm { FileFormat::Webm } else { FileFormat::Mkv }
}

fn transport_stream(head: &[u8]) -> Option<FileFormat> {
    let starts = |packet: usize| head.get(packet * PACKET_BYTES) == Some(&0x47);
    (0..3).all(starts).then_some(FileFormat::Mpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let check = |head: &[u8], expected| assert_eq!(FileFormat::detect(head), expected, "{head:?}");
        check(b"\xff\xd8\xff\xe0..JFIF", Some(FileFormat::Jpeg));
        check(b"\x89PNG\r\n\x1a\n", Some(FileFormat::Png));
        check(b"RIFF\x10\0\0\0WEBPVP8 ", Some(FileFormat::Webp));
        check(b"RIFF\x10\0\0\0AVI LIST", Some(FileFormat::Avi));
        check(b"RIFF\x10\0\0\0WAVEfmt ", None);
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some(FileFormat::Heic));
        check(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", Some(FileFormat::Avif));
        check(b"\0\0\0\x18ftypisom\0\0\x02\0isommp41", Some(FileFormat::Mp4));
        check(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Some(FileFormat::Mov));
        check(b"\0\0\0\x14ftyp3gp4\0\0\0\x003gp4", Some(FileFormat::ThreeGp));
        check(b"\x1a\x45\xdf\xa3\x42\x82\x84webm", Some(FileFormat::Webm));
        check(b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", Some(FileFormat::Mkv));
        check(b"%PDF-1.7", Some(FileFormat::Pdf));
        check(b"GIF89a", Some(FileFormat::Gif));
        let mut stream = vec![0; 3 * PACKET_BYTES];
        (0..3).for_each(|packet| stream[packet * PACKET_BYTES] = 0x47);
        check(&stream, Some(FileFormat::Mpeg));
        check(b"", None);
        check(b"<html>", None);
    }
}
