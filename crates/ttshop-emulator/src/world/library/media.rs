//! Names of uploaded images and files. A name tells the platform what it names, so nothing has to be kept.

use std::fmt;

use crate::dice::scatter;

/// What is known of an uploaded image.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Image {
    pub(crate) use_case: UseCase,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// What an image is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UseCase {
    Main,
    Attribute,
    Description,
    Certification,
    SizeChart,
    Customization,
}

impl UseCase {
    const ALL: [Self; 6] = [
        Self::Main,
        Self::Attribute,
        Self::Description,
        Self::Certification,
        Self::SizeChart,
        Self::Customization,
    ];

    /// The API's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Main => "MAIN_IMAGE",
            Self::Attribute => "ATTRIBUTE_IMAGE",
            Self::Description => "DESCRIPTION_IMAGE",
            Self::Certification => "CERTIFICATION_IMAGE",
            Self::SizeChart => "SIZE_CHART_IMAGE",
            Self::Customization => "CUSTOMIZATION_IMAGE",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|use_case| use_case.as_str() == word)
    }

    /// The platform squares what is far from square (PLATFORM.md 12 #27).
    fn is_squared(self) -> bool {
        matches!(self, Self::Main | Self::Attribute)
    }
}

/// Sides are below this: 20,000 pixels is the platform's own bound.
const SIDE_BITS: u32 = 15;
const SIDE_MASK: u64 = (1 << SIDE_BITS) - 1;
const USE_CASE_BITS: u32 = 3;
const FILE: u64 = 7;
const IMAGE_PREFIX: &str = "tos-emulated-i-o3syd03w52/";
const FILE_PREFIX: &str = "v09e40f40000";

impl Image {
    /// The image as the platform keeps it.
    pub(crate) fn kept(self) -> Self {
        let (short, long) = (self.width.min(self.height), self.width.max(self.height));
        let is_far = u64::from(short) * 4 < u64::from(long) * 3;
        if self.use_case.is_squared() && is_far { Self { width: long, height: long, ..self } } else { self }
    }

    /// The name of one upload of a seller. `owner` keeps sellers apart.
    pub(crate) fn uri(self, seed: u64, owner: u64, serial: u32) -> String {
        let use_case = UseCase::ALL.iter().position(|other| *other == self.use_case).unwrap_or(0);
        let side = |side: u32| u64::from(side) & SIDE_MASK;
        let word = u64::try_from(use_case).unwrap_or(0)
            | side(self.width) << USE_CASE_BITS
            | side(self.height) << (USE_CASE_BITS + SIDE_BITS)
            | u64::from(serial & (u32::MAX >> 1)) << (USE_CASE_BITS + 2 * SIDE_BITS);
        format!("{IMAGE_PREFIX}{}", Name::of(word, seed, owner))
    }

    /// What a name stands for; none if the platform never gave it.
    pub(crate) fn of_uri(uri: &str, seed: u64) -> Option<Self> {
        let word = word_of(uri.strip_prefix(IMAGE_PREFIX)?, seed)?;
        let use_case = usize::try_from(word & ((1 << USE_CASE_BITS) - 1)).ok()?;
        let side = |shift: u32| u32::try_from((word >> shift) & SIDE_MASK).ok();
        Some(Self {
            use_case: *UseCase::ALL.get(use_case)?,
            width: side(USE_CASE_BITS)?,
            height: side(USE_CASE_BITS + SIDE_BITS)?,
        })
    }
}

/// Where an image can be looked at.
pub(crate) fn image_url(uri: &str) -> String {
    format!("https://p16-oec-va.ibyteimg.com/{uri}~tplv-o3syd03w52-origin-jpeg.jpeg")
}

/// The image behind a link that the platform gave.
pub(crate) fn image_of_url(url: &str, seed: u64) -> Option<Image> {
    let (_, rest) = url.split_once("ibyteimg.com/")?;
    Image::of_uri(rest.split('~').next()?, seed)
}

/// The name of an uploaded file.
pub(crate) fn file_id(seed: u64, owner: u64, serial: u32) -> String {
    format!("{FILE_PREFIX}{}", Name::of(FILE | u64::from(serial) << USE_CASE_BITS, seed, owner))
}

/// Whether the platform gave this name to a file.
pub(crate) fn is_file_id(id: &str, seed: u64) -> bool {
    let word = id.strip_prefix(FILE_PREFIX).and_then(|name| word_of(name, seed));
    word.is_some_and(|word| word & FILE == FILE)
}

/// 48 hexadecimal digits: a word, its owner, and a check that both are ours.
struct Name {
    word: u64,
    owner: u64,
    check: u64,
}

impl Name {
    fn of(word: u64, seed: u64, owner: u64) -> Self {
        let check = check(word, owner, seed);
        Self { word: word ^ scatter(check), owner: scatter(owner), check }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}{:016x}", self.check, self.owner, self.word)
    }
}

fn check(word: u64, owner: u64, seed: u64) -> u64 {
    scatter(word ^ scatter(scatter(owner) ^ scatter(seed)))
}

fn word_of(name: &str, seed: u64) -> Option<u64> {
    let part = |place: usize| u64::from_str_radix(name.get(place * 16..(place + 1) * 16)?, 16).ok();
    let (given, owner, hidden) = (part(0)?, part(1)?, part(2)?);
    let word = hidden ^ scatter(given);
    let right = scatter(word ^ scatter(owner ^ scatter(seed)));
    (given == right && name.len() == 48).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_names() {
        for (serial, use_case) in (1..).zip(UseCase::ALL) {
            let image = Image { use_case, width: 300 + serial, height: 20_000 };
            let uri = image.uri(7, 7_495, serial);
            assert_eq!(Image::of_uri(&uri, 7), Some(image), "{uri}");
            assert_eq!(image_of_url(&image_url(&uri), 7), Some(image));
            assert_eq!(Image::of_uri(&uri, 8), None);
            assert_ne!(uri, image.uri(7, 7_496, serial));
            assert_ne!(uri, image.uri(7, 7_495, serial + 1));
        }
        for made_up in
            ["", "tos-emulated-i-o3syd03w52/", "tos-emulated-i-o3syd03w52/00", "é".repeat(60).as_str()]
        {
            assert_eq!(Image::of_uri(made_up, 7), None);
        }
    }

    fn names_are_known(id: &str) -> bool {
        is_file_id(id, 7) && !is_file_id(id, 8)
    }

    #[test]
    fn files_have_names_of_their_own() {
        let names = [(7, 7_495, 1), (7, 7_495, 2), (7, 7_496, 1), (8, 7_495, 1)];
        let names = names.map(|(seed, owner, serial)| file_id(seed, owner, serial));
        assert_eq!(std::collections::BTreeSet::from(names).len(), 4);
        assert!(names_are_known(&file_id(7, 7_495, 1)) && !names_are_known("v09e40f40000"));
    }

    #[test]
    fn main_images_are_nearly_square() {
        let kept = |use_case, width, height| {
            let image = Image { use_case, width, height }.kept();
            (image.width, image.height)
        };
        assert_eq!(kept(UseCase::Main, 600, 800), (600, 800));
        assert_eq!(kept(UseCase::Main, 599, 800), (800, 800));
        assert_eq!(kept(UseCase::Description, 599, 800), (599, 800));
    }
}
