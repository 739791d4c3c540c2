//! The limits of file parts, and how a file is held to them.

use std::fmt;

use super::{FileFormat, ImageSize, Medium};

/// How many of a file's first bytes a check needs: in a photograph, previews and colour tables may stand before the size.
pub const UPLOAD_HEAD_BYTES: usize = 256 * 1024;

/// What one file part of an operation may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UploadRule {
    /// The part's name.
    pub part: &'static str,
    /// A source says so; otherwise it is taken from a sibling operation, and only [`Reading::Strict`] holds a file to it.
    pub documented: bool,
    /// What is accepted, each with its limits.
    pub accepts: &'static [Accepted],
    /// Narrower limits for what another field says.
    pub cases: &'static [UploadCase],
    /// The text part with the file's name, if the name has rules of its own.
    pub name_field: Option<&'static str>,
    /// What the platform refuses with.
    pub codes: UploadCodes,
}

/// Formats with common limits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// Any of these; none stands for every format.
    pub formats: &'static [FileFormat],
    /// Most bytes.
    pub bytes_max: u64,
    /// Fewer bytes, which one source says and another contradicts.
    pub bytes_max_doubted: Option<u64>,
    /// Least and most pixels of each side of an image.
    pub sides: Option<(u32, u32)>,
    /// The narrowest and the widest shape of an image, each as width and height.
    pub ratio: Option<((u32, u32), (u32, u32))>,
}

/// Limits that depend on another field of the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UploadCase {
    /// The field.
    pub field: &'static str,
    /// Its value.
    pub value: &'static str,
    /// Least and most pixels of each side then.
    pub sides: (u32, u32),
}

/// The platform's codes for each fault, where its list of codes tells them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UploadCodes {
    /// The part is empty.
    pub empty: Option<i64>,
    /// The name breaks its rules.
    pub name: Option<i64>,
    /// The format is not accepted.
    pub format: Option<i64>,
    /// The file is too large.
    pub size: Option<i64>,
    /// The image has too few or too many pixels, or the wrong shape.
    pub sides: Option<i64>,
    /// The image cannot be read.
    pub damaged: Option<i64>,
}

/// How facts that no source settles are taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reading {
    /// Only what is certain is held against a file: for clients.
    Tolerant,
    /// What is likely, too: for emulators.
    Strict,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
pub struct FileFacts<'a> {
    /// All bytes of the file.
    pub length: u64,
    /// The first of them, [`UPLOAD_HEAD_BYTES`] or all.
    pub head: &'a [u8],
}

/// Why a file is not accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum UploadFault {
    /// It has no bytes.
    Empty,
    /// Its name breaks the rules for names.
    Name {
        /// The field that holds it.
        field: &'static str,
        /// The name.
        name: String,
    },
    /// It is of another format.
    Format {
        /// The format that was found, if it is one that we know.
        found: Option<FileFormat>,
        /// What is accepted.
        accepts: &'static [Accepted],
    },
    /// It is too large.
    Size {
        /// Its bytes.
        bytes: u64,
        /// Most bytes.
        bytes_max: u64,
        /// Its format.
        format: Option<FileFormat>,
    },
    /// A side of the image has too few or too many pixels.
    Sides {
        /// The image's.
        found: ImageSize,
        /// Least and most.
        range: (u32, u32),
        /// The field and the value that ask for this range, unless every image has it.
        case: Option<(&'static str, &'static str)>,
    },
    /// The image is too narrow or too wide.
    Ratio {
        /// Its size.
        found: ImageSize,
        /// The narrowest and the widest shape.
        range: ((u32, u32), (u32, u32)),
    },
    /// The header of the image cannot be read although it is there.
    Damaged {
        /// What it begins as.
        format: FileFormat,
    },
}

impl UploadRule {
    /// Holds a file to the rule; `text` gives the form's other fields. Answers the format, if it is one that we know.
    ///
    /// # Errors
    /// The first limit that the file breaks.
    pub fn check<'a>(
        &self,
        file: &FileFacts<'_>,
        text: impl Fn(&str) -> Option<&'a str>,
        reading: Reading,
    ) -> Result<Option<FileFormat>, UploadFault> {
        let format = FileFormat::detect(file.head);
        if file.length == 0 {
            return Err(UploadFault::Empty);
        }
        if reading == Reading::Tolerant && !self.documented {
            return Ok(format);
        }
        if let Some((field, name)) = self.name_field.and_then(|field| Some((field, text(field)?)))
            && !is_plain_name(name)
        {
            return Err(UploadFault::Name { field, name: name.to_owned() });
        }
        let accepted = self.accepted(format, reading);
        let accepted = accepted.ok_or(UploadFault::Format { found: format, accepts: self.accepts })?;
        let bytes_max = accepted.bytes_max_by(reading);
        if file.length > bytes_max {
            return Err(UploadFault::Size { bytes: file.length, bytes_max, format });
        }
        if let Some(format) = format.filter(|format| format.medium() == Medium::Image) {
            self.check_image(format, accepted, file, text, reading)?;
        }
        Ok(format)
    }

    /// Most bytes that any file of this part may have.
    pub fn bytes_max(&self, reading: Reading) -> u64 {
        self.accepts.iter().map(|accepted| accepted.bytes_max_by(reading)).max().unwrap_or(u64::MAX)
    }

    /// The limits for a format. Films have so many kinds that not all are told by their first bytes: where films are taken, an
    /// unknown file may be one.
    fn accepted(&self, format: Option<FileFormat>, reading: Reading) -> Option<&'static Accepted> {
        let fits = |accepted: &&Accepted| match format {
            _ if accepted.formats.is_empty() => true,
            Some(format) => accepted.formats.contains(&format),
            None => {
                let films = accepted.formats.iter().any(|format| format.medium() == Medium::Video);
                reading == Reading::Tolerant && films
            }
        };
        self.accepts.iter().find(fits)
    }

    fn check_image<'a>(
        &self,
        format: FileFormat,
        accepted: &Accepted,
        file: &FileFacts<'_>,
        text: impl Fn(&str) -> Option<&'a str>,
        reading: Reading,
    ) -> Result<(), UploadFault> {
        let Some(found) = ImageSize::read(format, file.head) else {
            let whole = u64::try_from(file.head.len()).is_ok_and(|length| length >= file.length);
            // Photographs are stored in more ways than the reader knows.
            let certain = format != FileFormat::Heic || reading == Reading::Strict;
            return if whole && certain { Err(UploadFault::Damaged { format }) } else { Ok(()) };
        };
        let case = self.cases.iter().find(|case| text(case.field) == Some(case.value));
        let range = case.map(|case| case.sides).or(accepted.sides);
        if let Some(range) = range.filter(|(least, most)| found.least() < *least || found.most() > *most) {
            let case = case.map(|case| (case.field, case.value));
            return Err(UploadFault::Sides { found, range, case });
        }
        match accepted.ratio {
            Some(range) if !has_shape(found, range) => Err(UploadFault::Ratio { found, range }),
            _ => Ok(()),
        }
    }
}

impl Accepted {
    fn bytes_max_by(&self, reading: Reading) -> u64 {
        match reading {
            Reading::Tolerant => self.bytes_max,
            Reading::Strict => self.bytes_max_doubted.unwrap_or(self.bytes_max),
        }
    }
}

impl UploadCodes {
    /// No code is known.
    pub const UNKNOWN: Self =
        Self { empty: None, name: None, format: None, size: None, sides: None, damaged: None };

    /// The platform's code for `fault`, if it is known.
    pub const fn of(&self, fault: &UploadFault) -> Option<i64> {
        match fault {
            UploadFault::Empty => self.empty,
            UploadFault::Name { .. } => self.name,
            UploadFault::Format { .. } => self.format,
            UploadFault::Size { .. } => self.size,
            UploadFault::Sides { .. } | UploadFault::Ratio { .. } => self.sides,
            UploadFault::Damaged { .. } => self.damaged,
        }
    }
}

/// A name with an extension and no second full stop, no space, and no symbol at its beginning.
fn is_plain_name(name: &str) -> bool {
    let parts = name.split_once('.').filter(|(stem, extension)| !stem.is_empty() && !extension.is_empty());
    let parts = parts.filter(|(_, extension)| !extension.contains('.'));
    parts.is_some() && !name.contains(char::is_whitespace) && name.starts_with(char::is_alphanumeric)
}

fn has_shape(found: ImageSize, (narrowest, widest): ((u32, u32), (u32, u32))) -> bool {
    let (width, height) = (u64::from(found.width), u64::from(found.height));
    let at_least = width * u64::from(narrowest.1) >= height * u64::from(narrowest.0);
    at_least && width * u64::from(widest.1) <= height * u64::from(widest.0)
}

/// The limit, what was found, and the remedy.
impl fmt::Display for UploadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty: send one with content"),
            Self::Name { field, name } => write!(
                f,
                "`{field}` is `{name}`, and a name has an extension, one full stop, no space, and begins with a letter or a \
                 digit: rename it"
            ),
            Self::Format { found, accepts } => {
                match found {
                    Some(found) => write!(f, "the file is {found}")?,
                    None => f.write_str("the file's format is unknown")?,
                }
                let formats = accepts.iter().flat_map(|accepted| accepted.formats);
                let formats: Vec<_> = formats.map(|format| format.name()).collect();
                write!(f, ", and {} are accepted: convert it", formats.join(", "))
            }
            Self::Size { bytes, bytes_max, format } => {
                let what = format.map_or("file", FileFormat::name);
                write!(f, "the {what} has {bytes} bytes, and {bytes_max} are accepted: make it smaller")
            }
            Self::Sides { found, range: (least, most), case } => {
                write!(f, "the image is {found} pixels, and sides of {least} to {most} are accepted")?;
                if let Some((field, value)) = case {
                    write!(f, " for `{field}` {value}")?;
                }
                f.write_str(if found.least() < *least { ": take a larger one" } else { ": scale it down" })
            }
            Self::Ratio { found, range: (narrowest, widest) } => write!(
                f,
                "the image is {found} pixels, and shapes of {}:{} to {}:{} are accepted: crop it",
                narrowest.0, narrowest.1, widest.0, widest.1
            ),
            Self::Damaged { format } => {
                write!(
                    f,
                    "the header of the {format} cannot be read: it is damaged or cut off, export it again"
                )
            }
        }
    }
}

impl std::error::Error for UploadFault {}
