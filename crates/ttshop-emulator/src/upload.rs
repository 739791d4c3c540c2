//! Uploads: parts are counted as they arrive, so that a hundred megabytes of video need no memory.

use ttshop_catalogue::{FileFacts, Operation, Reading, UPLOAD_HEAD_BYTES, UploadFault, UploadRule};

use crate::gateway::Refusal;

/// Text parts are kept up to this size; what is longer can only be a file.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// The head of a part.
const HEAD_BYTES_MAX: usize = 8 * 1024;
/// A form has at most so many parts.
const PARTS_MAX: usize = 16;
/// The longest boundary (RFC 2046).
const BOUNDARY_BYTES_MAX: usize = 70;

/// The largest form that the gateway reads: the largest file that any operation takes, and a little more, so that what is a little too
/// large is refused by its operation. No source tells the platform's own bound.
pub(crate) const FORM_BYTES_MAX: usize = 110 * 1024 * 1024;

/// Whether the file in `part` is one that its operation takes; `parts` are all of the form.
pub(crate) fn file_fits(
    operation: &Operation,
    part: &Part,
    parts: &[Part],
    reading: Reading,
) -> Result<(), Refusal> {
    let Some(rule) = operation.uploads().iter().find(|rule| rule.part == part.name) else { return Ok(()) };
    let text = |name: &str| parts.iter().find(|part| part.name == name).and_then(Part::as_text);
    let length = u64::try_from(part.bytes).unwrap_or(u64::MAX);
    let checked = rule.check(&FileFacts { length, head: &part.text }, text, reading);
    checked.map(drop).map_err(|fault| refusal(rule, &fault))
}

fn refusal(rule: &UploadRule, fault: &UploadFault) -> Refusal {
    match (rule.codes.of(fault), fault) {
        (Some(code), _) => Refusal::business(code, fault.to_string()),
        (None, UploadFault::Size { .. }) => Refusal::too_large(),
        (None, _) => Refusal::parameter(format!("Invalid parameter '{}': {fault}.", rule.part)),
    }
}

/// One part of a form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) bytes: usize,
    /// The first bytes; all of them if the part is a short text.
    pub(crate) text: Vec<u8>,
}

impl Part {
    /// The part as a text, unless it is a file or too long.
    pub(crate) fn as_text(&self) -> Option<&str> {
        let whole = self.file_name.is_none() && self.bytes == self.text.len();
        std::str::from_utf8(&self.text).ok().filter(|_| whole)
    }

    /// How many of its bytes are kept.
    fn kept_max(&self) -> usize {
        if self.file_name.is_some() { UPLOAD_HEAD_BYTES } else { TEXT_BYTES_MAX }
    }
}

/// The form is no multipart form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Malformed;

/// Reads a form piece by piece.
#[derive(Debug)]
pub(crate) struct PartScanner {
    delimiter: Vec<u8>,
    /// What was not understood yet: less than a head and a delimiter.
    rest: Vec<u8>,
    place: Place,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Before the first part.
    Preamble,
    /// Behind a delimiter: another part, or the end.
    Border,
    Head,
    Body,
    End,
}

impl PartScanner {
    /// A scanner for a form with this content type.
    pub(crate) fn new(content_type: &str) -> Result<Self, Malformed> {
        let parameters = content_type.split(';').skip(1).map(str::trim);
        let mut boundaries = parameters.filter_map(|parameter| parameter.split_once('='));
        let boundary = boundaries.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"));
        let boundary = boundary.map(|(_, value)| value.trim().trim_matches('"')).unwrap_or_default();
        if boundary.is_empty() || boundary.len() > BOUNDARY_BYTES_MAX {
            return Err(Malformed);
        }
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // The first delimiter has no line before it.
        Ok(Self { delimiter, rest: b"\r\n".to_vec(), place: Place::Preamble, parts: Vec::new() })
    }

    /// Takes the next piece.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), Malformed> {
        self.rest.extend_from_slice(piece);
        while self.step()? {}
        Ok(())
    }

    /// The parts, once the form has ended.
    pub(crate) fn finish(self) -> Result<Vec<Part>, Malformed> {
        if self.place == Place::End { Ok(self.parts) } else { Err(Malformed) }
    }

    /// Understands a little more; false when it needs another piece.
    fn step(&mut self) -> Result<bool, Malformed> {
        match self.place {
            Place::Preamble | Place::Body => Ok(self.step_through_content()),
            Place::Border => self.step_over_border(),
            Place::Head => self.step_over_head(),
            Place::End => {
                self.rest.clear();
                Ok(false)
            }
        }
    }

    fn step_through_content(&mut self) -> bool {
        let found = find(&self.rest, &self.delimiter);
        // The beginning of a delimiter may stand at the end of the piece.
        let known = found.unwrap_or_else(|| self.rest.len().saturating_sub(self.delimiter.len() - 1));
        if self.place == Place::Body
            && let (Some(part), Some(content)) = (self.parts.last_mut(), self.rest.get(..known))
        {
            part.bytes += content.len();
            let room = part.kept_max().saturating_sub(part.text.len());
            part.text.extend(content.iter().take(room));
        }
        self.rest.drain(..known + found.map_or(0, |_| self.delimiter.len()));
        if found.is_some() {
            self.place = Place::Border;
        }
        found.is_some()
    }

    fn step_over_border(&mut self) -> Result<bool, Malformed> {
        let Some(border) = self.rest.get(..2) else { return Ok(false) };
        self.place = match border {
            b"--" => Place::End,
            b"\r\n" if self.parts.len() < PARTS_MAX => Place::Head,
            _ => return Err(Malformed),
        };
        // The line end stays: it ends an empty head.
        Ok(true)
    }

    fn step_over_head(&mut self) -> Result<bool, Malformed> {
        let Some(end) = find(&self.rest, b"\r\n\r\n") else {
            return if self.rest.len() > HEAD_BYTES_MAX { Err(Malformed) } else { Ok(false) };
        };
        let head = String::from_utf8_lossy(self.rest.get(..end).unwrap_or_default()).into_owned();
        self.rest.drain(..end + 4);
        self.parts.push(part_of(&head)?);
        self.place = Place::Body;
        Ok(true)
    }
}

fn part_of(head: &str) -> Result<Part, Malformed> {
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    });
    let parameter = |wanted: &str| {
        let mut parameters = disposition?.split(';').filter_map(|parameter| parameter.split_once('='));
        let found = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim().trim_matches('"').to_owned())
    };
    let name = parameter("name").ok_or(Malformed)?;
    Ok(Part { name, file_name: parameter("filename"), bytes: 0, text: Vec::new() })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut from = 0;
    loop {
        from += haystack.get(from..)?.iter().position(|byte| byte == first)?;
        if haystack.get(from..)?.starts_with(needle) {
            return Some(from);
        }
        from += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.png\"\r\n\
        Content-Type: image/png\r\n\r\n\r\n--b-not the end\r\n\r\n--b\r\ncontent-disposition: form-data; name=use_case\r\n\r\n\
        MAIN_IMAGE\r\n--b\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b--\r\n";

    fn scan(form: &[u8], piece: usize) -> Result<Vec<Part>, Malformed> {
        let mut scanner = PartScanner::new("multipart/form-data; boundary=\"b\"")?;
        form.chunks(piece).try_for_each(|piece| scanner.push(piece))?;
        scanner.finish()
    }

    #[test]
    fn parts_are_the_same_however_they_arrive() {
        let form = String::from_utf8_lossy(FORM).replace("--b-not", "-- b-not").into_bytes();
        let whole = scan(&form, form.len()).unwrap();
        assert_eq!(whole.len(), 3);
        assert_eq!((whole[0].name.as_str(), whole[0].file_name.as_deref()), ("data", Some("a.png")));
        assert_eq!(whole[0].text, b"\r\n-- b-not the end\r\n");
        assert_eq!(
            (whole[1].name.as_str(), whole[1].text.as_slice()),
            ("use_case", b"MAIN_IMAGE".as_slice())
        );
        assert_eq!((whole[2].name.as_str(), whole[2].bytes), ("empty", 0));
        for piece in 1..40 {
            assert_eq!(scan(&form, piece).as_ref(), Ok(&whole), "{piece}");
        }
    }

    #[test]
    fn what_does_not_end_is_no_form() {
        assert_eq!(scan(&FORM[..FORM.len() - 6], 7), Err(Malformed));
        assert_eq!(
            scan(FORM, 7),
            Err(Malformed),
            "a delimiter inside of a part is followed by neither of its ends"
        );
        assert_eq!(scan(b"", 1), Err(Malformed));
        assert!(PartScanner::new("multipart/form-data").is_err());
    }

    #[test]
    fn a_long_part_is_counted_and_not_kept() {
        let mut form =
            b"--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"v.mp4\"\r\n\r\n".to_vec();
        form.resize(form.len() + 3 * 1024 * 1024, b'v');
        form.extend_from_slice(b"\r\n--b--");
        let parts = scan(&form, 16 * 1024).unwrap();
        assert_eq!((parts[0].bytes, parts[0].text.len()), (3 * 1024 * 1024, UPLOAD_HEAD_BYTES));
    }
}
