//! Width and height, read from the header of an image.
//!
//! A reader of our own, and not one of the crates for it: it is five small formats, has to live where the emulator and the
//! SDK both see it, and that crate has no dependency.

use std::fmt;

use super::FileFormat;

/// Width and height in pixels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ImageSize {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl ImageSize {
    /// Reads the size from the first bytes of an image; none when they do not reach to it, or are damaged.
    ///
    /// A picture that its viewer turns by a quarter is read as it is stored.
    pub fn read(format: FileFormat, head: &[u8]) -> Option<Self> {
        let size = match format {
            FileFormat::Jpeg => jpeg(head),
            FileFormat::Png => png(head),
            FileFormat::Webp => webp(head),
            FileFormat::Heic | FileFormat::Avif => heic(head),
            FileFormat::Bmp => bmp(head),
            FileFormat::Gif => size(low16(head, 6)?, low16(head, 8)?),
            _ => None,
        };
        size.filter(|size| size.width > 0 && size.height > 0)
    }

    /// The shorter side.
    pub const fn least(self) -> u32 {
        if self.width < self.height { self.width } else { self.height }
    }

    /// The longer side.
    pub const fn most(self) -> u32 {
        if self.width < self.height { self.height } else { self.width }
    }
}

impl fmt::Display for ImageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}", self.width, self.height)
    }
}

/// The segments before the picture, of which one holds the size.
fn jpeg(head: &[u8]) -> Option<ImageSize> {
    let mut at = 2;
    loop {
        if *head.get(at)? != 0xff {
            return None;
        }
        let marker = *head.get(at + 1)?;
        match marker {
            // A fill byte.
            0xff => at += 1,
            // Markers without a segment.
            0x01 | 0xd0..=0xd8 => at += 2,
            // The picture begins, or ends.
            0xd9 | 0xda => return None,
            // Frames, without the tables and the extension whose numbers lie between theirs.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return size(high16(head, at + 7)?, high16(head, at + 5)?);
            }
            _ => at += 2 + usize::try_from(high16(head, at + 2)?.max(2)).ok()?,
        }
    }
}

fn png(head: &[u8]) -> Option<ImageSize> {
    if head.get(12..16)? != b"IHDR" {
        return None;
    }
    size(high32(head, 16)?, high32(head, 20)?)
}

fn webp(head: &[u8]) -> Option<ImageSize> {
    match head.get(12..16)? {
        b"VP8 " if head.get(23..26)? == b"\x9d\x01\x2a" => {
            size(low16(head, 26)? & 0x3fff, low16(head, 28)? & 0x3fff)
        }
        b"VP8L" if *head.get(20)? == 0x2f => {
            let bits = low32(head, 21)?;
            size((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
        }
        b"VP8X" => size((low32(head, 24)? & 0x00ff_ffff) + 1, (low32(head, 26)? >> 8) + 1),
        _ => None,
    }
}

fn bmp(head: &[u8]) -> Option<ImageSize> {
    if low32(head, 14)? == 12 {
        return size(low16(head, 18)?, low16(head, 20)?);
    }
    // A negative height says that the first row is the upper one.
    let height = i32::from_le_bytes(array(head, 22)?);
    size(low32(head, 18)?, height.unsigned_abs())
}

/// The largest of all `ispe`: a photograph is made of tiles and has a small copy of itself, and both are smaller than it.
fn heic(head: &[u8]) -> Option<ImageSize> {
    let meta = boxes(head).find(|(name, _)| name == b"meta").map(|(_, body)| body)?;
    // The first four bytes of `meta` are its version.
    let properties = child(child(meta.get(4..)?, b"iprp")?, b"ipco")?;
    let extents = boxes(properties).filter(|(name, _)| name == b"ispe");
    let sizes = extents.filter_map(|(_, body)| size(high32(body, 4)?, high32(body, 8)?));
    sizes.max_by_key(|size| u64::from(size.width) * u64::from(size.height))
}

fn child<'a>(parent: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(parent).find(|(found, _)| found == name).map(|(_, body)| body)
}

/// The boxes that lie side by side in `bytes`; one that is cut off ends with the bytes.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let name: [u8; 4] = array(bytes, 4)?;
        let (header, length) = match high32(bytes, 0)? {
            0 => (8, bytes.len()),
            1 => (16, usize::try_from(u64::from_be_bytes(array(bytes, 8)?)).unwrap_or(usize::MAX)),
            length => (8, usize::try_from(length).ok()?),
        };
        if length < header {
            return None;
        }
        let body = bytes.get(header..length.min(bytes.len())).unwrap_or_default();
        bytes = bytes.get(length..).unwrap_or_default();
        Some((name, body))
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every reader ends with it, and each may find nothing")]
fn size(width: u32, height: u32) -> Option<ImageSize> {
    Some(ImageSize { width, height })
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn high16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_be_bytes).map(u32::from)
}

fn low16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_le_bytes).map(u32::from)
}

fn high32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

fn low32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &[u8], expected: Option<(u32, u32)>) {
        let format = FileFormat::detect(head).unwrap();
        let found = ImageSize::read(format, head).map(|size| (size.width, size.height));
        assert_eq!(found, expected, "{format}: {head:?}");
        // No shorter head is read wrongly, only not at all.
        for end in 0..head.len() {
            let cut = ImageSize::read(format, &head[..end]).map(|size| (size.width, size.height));
            assert!(cut.is_none() || cut == expected, "{format} at {end}: {cut:?}");
        }
    }

    fn heic(extents: &[(u32, u32)]) -> Vec<u8> {
        let framed = |name: &[u8], body: Vec<u8>| {
            let length = u32::try_from(body.len() + 8).unwrap();
            [length.to_be_bytes().as_slice(), name, &body].concat()
        };
        let extent = |(width, height): &(u32, u32)| {
            framed(b"ispe", [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat())
        };
        let properties = framed(b"ipco", extents.iter().flat_map(extent).collect());
        let meta = framed(b"meta", [vec![0; 4], framed(b"iprp", properties)].concat());
        [framed(b"ftyp", b"heic\0\0\0\0mif1heic".to_vec()), meta].concat()
    }

    #[test]
    fn sizes_are_read_from_the_header() {
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0", Some((640, 480)));
        check(b"GIF89a\x40\x01\xf0\0\0\0\0", Some((320, 240)));
        check(
            b"\xff\xd8\xff\xe0\0\x04AB\xff\xff\xc2\0\x11\x08\x01\xe0\x02\x80\x03\x01\x22\0",
            Some((640, 480)),
        );
        check(b"\xff\xd8\xff\xda\0\x04\0\0\xff\xc0\0\x11\x08\x01\xe0\x02\x80", None);
        check(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01", Some((640, 480)));
        check(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0", Some((640, 480)));
        check(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0", Some((640, 480)));
        let bitmap = |height: i32| {
            let head = b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x80\x02\0\0".to_vec();
            [head, height.to_le_bytes().to_vec()].concat()
        };
        check(&bitmap(480), Some((640, 480)));
        check(&bitmap(-480), Some((640, 480)));
        check(b"\x89PNG\r\n\x1a\n", None);
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\x01\xe0", None);
    }

    #[test]
    fn a_photograph_is_as_large_as_its_largest_part() {
        let head = heic(&[(512, 512), (4032, 3024), (320, 240)]);
        assert_eq!(ImageSize::read(FileFormat::Heic, &head), Some(ImageSize { width: 4032, height: 3024 }));
        assert_eq!(ImageSize::read(FileFormat::Heic, &head[..30]), None);
    }
}
