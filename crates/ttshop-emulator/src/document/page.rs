//! A page with text and a bar code, as PDF and as ZPL.

use std::fmt::Write as _;

use crate::document::code128::bars;

/// What a document says.
#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) title: &'static str,
    pub(crate) lines: Vec<String>,
    /// In bars.
    pub(crate) tracking_number: String,
}

/// Points from the left and lower edge.
const MARGIN: u32 = 20;
const BAR_HEIGHT: u32 = 70;

/// A PDF of one page, `width` by `height` points.
pub(crate) fn pdf(label: &Label, width: u32, height: u32) -> Vec<u8> {
    let content = content(label, width, height);
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(text.len());
        put(&mut text, format_args!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let table = text.len();
    put(&mut text, format_args!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        put(&mut text, format_args!("{place:010} 00000 n \n"));
    }
    let count = objects.len() + 1;
    put(&mut text, format_args!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    text.into_bytes()
}

/// The same for a label printer of 203 dots an inch; the printer draws the bars.
pub(crate) fn zpl(label: &Label) -> Vec<u8> {
    let mut text = format!("^XA\n^CI28\n^FO40,40^A0N,40,40^FD{}^FS\n", plain(label.title));
    for (place, line) in label.lines.iter().enumerate() {
        put(&mut text, format_args!("^FO40,{}^A0N,24,24^FD{}^FS\n", 100 + place * 32, plain(line)));
    }
    put(&mut text, format_args!("^FO40,520^BY2^BCN,160,Y,N,N^FD{}^FS\n^XZ\n", plain(&label.tracking_number)));
    text.into_bytes()
}

/// Text from the top, bars at the bottom. Bars are as wide as the page lets them be.
fn content(label: &Label, width: u32, height: u32) -> String {
    let bars = bars(&label.tracking_number);
    let modules: u32 = bars.iter().sum();
    let unit_milli = (width - 2 * MARGIN) * 1_000 / modules;
    let mut text = format!("BT /F1 14 Tf {MARGIN} {} Td ({}) Tj ET\n", height - 30, plain(label.title));
    for (place, line) in (1u32..).zip(&label.lines) {
        let top = (height - 30).saturating_sub(place * 14);
        put(&mut text, format_args!("BT /F1 9 Tf {MARGIN} {top} Td ({}) Tj ET\n", plain(line)));
    }
    let number = plain(&label.tracking_number);
    put(&mut text, format_args!("BT /F1 9 Tf {MARGIN} {} Td ({number}) Tj ET\n", MARGIN - 10));
    let mut left_milli = MARGIN * 1_000;
    for (place, bar) in bars.into_iter().enumerate() {
        let wide = bar * unit_milli;
        if place % 2 == 0 {
            let (left, wide) = (points(left_milli), points(wide));
            put(&mut text, format_args!("{left} {MARGIN} {wide} {BAR_HEIGHT} re f\n"));
        }
        left_milli += wide;
    }
    text
}

fn points(milli: u32) -> String {
    format!("{}.{:03}", milli / 1_000, milli % 1_000)
}

/// Neither format lets these letters through as they are.
fn plain(text: &str) -> String {
    let special = |c: char| matches!(c, '(' | ')' | '\\' | '^' | '~');
    text.chars().map(|c| if special(c) || !c.is_ascii() { '?' } else { c }).collect()
}

fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::code128::tests::read;

    fn label() -> Label {
        Label { title: "Shipping label", lines: vec!["Ada (A)".into()], tracking_number: "EMU115".into() }
    }

    #[test]
    fn the_drawn_bars_say_the_tracking_number() {
        let pdf = String::from_utf8(pdf(&label(), 298, 420)).unwrap();
        let milli = |text: &str| text.replace('.', "").parse::<u32>().unwrap();
        let drawn: Vec<(u32, u32)> = pdf
            .lines()
            .filter_map(|line| line.strip_suffix(" re f"))
            .map(|line| line.split(' ').collect::<Vec<_>>())
            .map(|words| (milli(words[0]), milli(words[2])))
            .collect();
        let unit = drawn[0].1 / 2;
        let mut widths = Vec::new();
        for (place, (left, wide)) in drawn.iter().enumerate() {
            widths.push(wide / unit);
            if let Some((next, _)) = drawn.get(place + 1) {
                widths.push((next - left - wide) / unit);
            }
        }
        assert_eq!(read(&widths).as_deref(), Some("EMU115"));
    }

    #[test]
    fn the_table_of_a_pdf_points_at_its_objects() {
        let pdf = String::from_utf8(pdf(&label(), 298, 420)).unwrap();
        let table = pdf.split("xref\n0 6\n").nth(1).unwrap();
        for (number, line) in table.lines().skip(1).take(5).enumerate() {
            let place: usize = line[..10].parse().unwrap();
            assert!(pdf[place..].starts_with(&format!("{} 0 obj", number + 1)), "{line}");
        }
        let start: usize = pdf.lines().rev().nth(1).unwrap().parse().unwrap();
        assert!(pdf[start..].starts_with("xref"));
    }
}
