//! Limits of file parts, and readers that take any bytes.

use proptest::prelude::*;
use ttshop_catalogue::{
    FileFacts, FileFormat, ImageSize, Kind, OPERATIONS, Reading, UploadFault, UploadRule, by_key,
};

/// A PNG's header.
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, b"\x08\x02\0\0\0"].concat()
}

fn rule(key: &str) -> &'static UploadRule {
    &by_key(key).expect("an operation").uploads()[0]
}

fn check(key: &str, head: &[u8], length: u64, texts: &[(&str, &'static str)]) -> String {
    let text = |name: &str| texts.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    match rule(key).check(&FileFacts { length, head }, text, Reading::Tolerant) {
        Ok(format) => format.map_or("unknown", FileFormat::name).to_owned(),
        Err(fault) => fault.to_string(),
    }
}

#[test]
fn every_file_part_has_one_rule() {
    let mut parts = 0;
    for operation in OPERATIONS {
        let files: Vec<_> = operation
            .multipart
            .iter()
            .filter(|part| part.schema.kind == Kind::File)
            .map(|part| part.name)
            .collect();
        let mut rules: Vec<_> = operation.uploads().iter().map(|rule| rule.part).collect();
        parts += files.len();
        rules.sort_unstable_by_key(|rule| files.iter().position(|file| file == rule));
        assert_eq!(rules, files, "{}", operation.path);
    }
    assert_eq!(parts, 17);
}

#[test]
fn a_fault_names_the_limit_the_value_and_the_remedy() {
    let image = "product.upload_product_image";
    assert_eq!(check(image, &png(600, 600), 5_000, &[]), "PNG");
    assert_eq!(check(image, b"", 0, &[]), "the file is empty: send one with content");
    assert_eq!(
        check(image, &png(99, 600), 5_000, &[]),
        "the image is 99 x 600 pixels, and sides of 100 to 20000 are accepted: take a larger one"
    );
    assert_eq!(
        check(image, &png(4001, 4000), 5_000, &[("use_case", "MAIN_IMAGE")]),
        "the image is 4001 x 4000 pixels, and sides of 300 to 4000 are accepted for `use_case` MAIN_IMAGE: scale it down"
    );
    assert_eq!(check(image, &png(4001, 4000), 5_000, &[("use_case", "DESCRIPTION_IMAGE")]), "PNG");
    assert_eq!(
        check(image, b"GIF89a\x40\x01\xf0\0", 5_000, &[]),
        "the file is GIF, and JPEG, PNG, WEBP, HEIC, BMP are accepted: convert it"
    );
    assert_eq!(
        check(image, b"<html>", 5_000, &[]),
        "the file's format is unknown, and JPEG, PNG, WEBP, HEIC, BMP are accepted: convert it"
    );
    assert_eq!(
        check(image, &png(600, 600), 10_485_761, &[]),
        "the PNG has 10485761 bytes, and 10485760 are accepted: make it smaller"
    );
    assert_eq!(
        check(image, b"\x89PNG\r\n\x1a\n", 8, &[]),
        "the header of the PNG cannot be read: it is damaged or cut off, export it again"
    );
    assert_eq!(
        check("affiliate_creator.upload_shoppable_photo_file", &png(500, 900), 5_000, &[]),
        "the image is 500 x 900 pixels, and shapes of 9:16 to 16:9 are accepted: crop it"
    );
}

#[test]
fn names_of_files_have_rules_of_their_own() {
    let file = "product.upload_product_file";
    for name in ["certificate.pdf", "2024-report_a.PDF"] {
        assert_eq!(check(file, b"%PDF-1.7", 9, &[("name", name)]), "PDF", "{name}");
    }
    for name in ["my report.pdf", "report.v2.pdf", "report", ".pdf", "-report.pdf", ""] {
        let said = check(file, b"%PDF-1.7", 9, &[("name", name)]);
        assert!(said.starts_with("`name` is `") && said.ends_with(": rename it"), "{name}: {said}");
    }
}

#[test]
fn examples_pass() {
    for operation in OPERATIONS {
        for rule in operation.uploads() {
            let example = rule.example();
            let length = u64::try_from(example.bytes.len()).unwrap();
            let facts = FileFacts { length, head: example.bytes };
            for (field, value) in rule.cases.iter().map(|case| (case.field, case.value)).chain([("", "")]) {
                let text = |name: &str| match name {
                    _ if Some(name) == rule.name_field => Some(example.name),
                    name => Some(value).filter(|_| name == field),
                };
                assert_eq!(
                    rule.check(&facts, text, Reading::Strict),
                    Ok(Some(example.format)),
                    "{}",
                    operation.path
                );
            }
        }
    }
}

#[test]
fn what_no_source_settles_binds_emulators_only() {
    let facts = FileFacts { length: 20 << 20, head: b"\0\0\0\x18ftypisom\0\0\x02\0isommp41" };
    let by = |key: &str, reading| rule(key).check(&facts, |_| None, reading);
    let video = "affiliate_creator.upload_shoppable_video_file";
    assert_eq!(by(video, Reading::Tolerant), Ok(Some(FileFormat::Mp4)));
    assert!(matches!(by(video, Reading::Strict), Err(UploadFault::Size { bytes_max: 10_485_760, .. })));
    let guessed = "gs_full_service_commodity.gs_upload_qualification_file";
    assert_eq!(by(guessed, Reading::Tolerant), Ok(Some(FileFormat::Mp4)));
    assert!(matches!(by(guessed, Reading::Strict), Err(UploadFault::Format { .. })));
}

/// The beginnings of all formats, so that arbitrary bytes reach the readers.
fn beginning() -> impl Strategy<Value = Vec<u8>> {
    let beginnings: [&[u8]; 9] = [
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"RIFF\0\0\0\0WEBPVP8L",
        b"RIFF\0\0\0\0WEBPVP8X",
        b"BM",
        b"GIF89a",
        b"\0\0\0\x0cftypheic\0\0\0\xffmeta\0\0\0\0\0\0\0\xf0iprp\0\0\0\xe0ipco\0\0\0\x14ispe",
    ];
    prop::sample::select(beginnings.map(<[u8]>::to_vec).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096, ..ProptestConfig::default() })]

    #[test]
    fn readers_take_any_bytes(
        beginning in beginning(),
        rest in prop::collection::vec(any::<u8>(), 0..300),
        length in any::<u64>(),
    ) {
        let head = [beginning, rest].concat();
        if let Some(format) = FileFormat::detect(&head) {
            let size = ImageSize::read(format, &head);
            prop_assert!(size.is_none_or(|size| size.width > 0 && size.height > 0));
        }
        for rule in OPERATIONS.iter().flat_map(|operation| operation.uploads()) {
            for reading in [Reading::Tolerant, Reading::Strict] {
                if let Err(fault) = rule.check(&FileFacts { length, head: &head }, |_| None, reading) {
                    prop_assert!(!fault.to_string().is_empty());
                }
            }
        }
    }
}
