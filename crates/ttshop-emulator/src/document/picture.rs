//! The bar code as a picture: PNG of one bit a pixel, not compressed.

use crate::document::code128::bars;

const SCALE: usize = 2;
const QUIET: usize = 20;
const HEIGHT: usize = 120;

/// Bars of the text with the quiet zone that scanners need.
pub(crate) fn png(text: &str) -> Vec<u8> {
    let mut pixels = vec![true; QUIET];
    for (place, bar) in bars(text).into_iter().enumerate() {
        pixels.extend(vec![place % 2 == 1; usize::try_from(bar).unwrap_or(1) * SCALE]);
    }
    pixels.extend([true; QUIET]);
    let mut row = vec![0];
    row.extend(pixels.chunks(8).map(|chunk| {
        chunk.iter().enumerate().fold(0u8, |byte, (bit, white)| byte | u8::from(*white) << (7 - bit))
    }));
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    let mut header = [number(pixels.len()), number(HEIGHT)].concat();
    header.extend([1, 0, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", stored(&row.repeat(HEIGHT))), (b"IEND", Vec::new())] {
        let named = [&kind[..], &data].concat();
        png.extend(number(data.len()));
        png.extend(crc(&named).to_be_bytes());
        let end = png.len() - 4;
        png.splice(end..end, named);
    }
    png
}

/// A zlib stream of blocks that are stored as they are (RFC 1950, RFC 1951).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let sum = |(a, b): (u32, u32), byte: &u8| {
        ((a + u32::from(*byte)) % 65_521, (a + u32::from(*byte) + b) % 65_521)
    };
    let (a, b) = data.iter().fold((1, 0), sum);
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

/// CRC-32 of the PNG specification.
fn crc(data: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !data.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_specifications() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b"IEND"), 0xae42_6082);
        let stream = stored(b"Wikipedia");
        assert_eq!(stream[stream.len() - 4..], 0x11e6_0398u32.to_be_bytes());
    }

    #[test]
    fn the_picture_ends_as_every_png_does() {
        let png = png("EMU1");
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"));
        assert!(png.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"));
    }
}
