//! File parts are held to the limits of their operation.

use reqwest::Method;
use serde_json::json;
use ttshop_catalogue::{FileFormat, OPERATIONS, Operation, Reading, UploadRule, by_key};
use ttshop_emulator::{SampleFile, sample_request};

use crate::catalogue::{call, peer};
use crate::client::Peer;

/// A PNG's header.
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, b"\x08\x02\0\0\0"].concat()
}

/// Sends the sample with this file and these texts; answers status, code and message.
async fn upload(
    peer: &Peer,
    operation: &Operation,
    file: SampleFile,
    texts: &[(&'static str, &str)],
) -> (u16, i64, String) {
    let mut sample = sample_request(operation);
    sample.files.retain(|other| other.part != file.part);
    sample.files.push(file);
    for (name, value) in texts {
        sample.texts.retain(|(other, _)| other != name);
        sample.texts.push((name, (*value).to_owned()));
    }
    let reply = peer.send(&call(peer, operation, &sample)).await;
    let answer = reply.json();
    let message = answer["message"].as_str().unwrap_or_default().to_owned();
    (reply.status.as_u16(), answer["code"].as_i64().unwrap_or_default(), message)
}

fn file(rule: &UploadRule, bytes: Vec<u8>) -> SampleFile {
    SampleFile { part: rule.part, file_name: "sample.bin", bytes }
}

fn rules() -> impl Iterator<Item = (&'static Operation, &'static UploadRule)> {
    OPERATIONS.iter().flat_map(|operation| operation.uploads().iter().map(move |rule| (*operation, rule)))
}

#[tokio::test]
async fn every_file_part_refuses_what_its_operation_does_not_take() {
    let peer = peer().await;
    let mut parts = 0;
    for (operation, rule) in rules() {
        let place = format!("{} `{}`", operation.path, rule.part);
        let (status, code, message) =
            upload(&peer, operation, file(rule, rule.example().bytes.to_vec()), &[]).await;
        assert_eq!((status, code), (200, 0), "{place}: {message}");
        if rule.accepts.iter().any(|accepted| !accepted.formats.is_empty()) {
            let (_, code, message) = upload(&peer, operation, file(rule, b"II*\0tiff".to_vec()), &[]).await;
            assert_eq!(code, rule.codes.format.unwrap_or(36_009_004), "{place}: {message}");
            assert!(message.contains("the file is TIFF, and "), "{place}: {message}");
        }
        let most = usize::try_from(rule.bytes_max(Reading::Strict)).unwrap();
        // Larger ones would take longer and tell nothing else.
        if most <= 20 << 20 {
            let mut large = rule.example().bytes.to_vec();
            large.resize(most + 1, 0);
            let (_, code, message) = upload(&peer, operation, file(rule, large), &[]).await;
            assert_eq!(code, rule.codes.size.unwrap_or(36_009_021), "{place}: {message}");
        }
        parts += 1;
    }
    assert_eq!(parts, 17);
}

#[tokio::test]
async fn pixels_depend_on_what_the_image_is_for() {
    let peer = peer().await;
    let operation = by_key("product.upload_product_image").unwrap();
    let rule = &operation.uploads()[0];
    let check = async |width, height, use_case: &str, expected| {
        let (_, code, message) =
            upload(&peer, operation, file(rule, png(width, height)), &[("use_case", use_case)]).await;
        assert_eq!(code, expected, "{width} x {height} {use_case}: {message}");
    };
    check(300, 4000, "MAIN_IMAGE", 0).await;
    check(299, 4000, "MAIN_IMAGE", 12_038_014).await;
    check(300, 4001, "MAIN_IMAGE", 12_038_014).await;
    check(300, 4001, "DESCRIPTION_IMAGE", 0).await;
    check(1023, 2000, "SIZE_CHART_IMAGE", 12_038_014).await;
    check(100, 20_001, "DESCRIPTION_IMAGE", 12_038_014).await;
    let (_, code, message) = upload(&peer, operation, file(rule, png(9, 9)[..20].to_vec()), &[]).await;
    assert_eq!(code, 12_038_015, "{message}");
}

#[tokio::test]
async fn assumed_limits_can_be_switched_off() {
    let peer = peer().await;
    let operation = by_key("affiliate_creator.upload_shoppable_video_file").unwrap();
    let rule = &operation.uploads()[0];
    let mut film = rule.example().bytes.to_vec();
    film.resize(11 << 20, 0);
    let (status, code, _) = upload(&peer, operation, file(rule, film.clone()), &[]).await;
    assert_eq!((status, code), (400, 36_009_021));
    peer.control(Method::PUT, "switches", json!({ "assumed_upload_limits": false })).await;
    let (status, code, _) = upload(&peer, operation, file(rule, film), &[]).await;
    assert_eq!((status, code), (200, 0));
}

#[tokio::test]
async fn forms_are_held_to_their_form() {
    let peer = peer().await;
    let operation = by_key("product.upload_product_file").unwrap();
    let rule = &operation.uploads()[0];
    let pdf = || file(rule, rule.example().bytes.to_vec());
    let (_, code, message) = upload(&peer, operation, pdf(), &[("name", "my report.pdf")]).await;
    assert_eq!(code, 12_019_104, "{message}");
    let (status, code, message) = upload(&peer, operation, file(rule, Vec::new()), &[]).await;
    assert_eq!((status, code), (400, 36_009_004), "{message}");
    let mut huge = rule.example().bytes.to_vec();
    huge.resize(111 << 20, 0);
    let (status, code, message) = upload(&peer, operation, file(rule, huge), &[]).await;
    assert_eq!((status, code), (400, 36_009_021), "{message}");
    let mut cut = call(&peer, operation, &sample_request(operation));
    cut.form = cut.form.map(|form| form[..form.len() - 10].to_vec());
    let reply = peer.send(&cut).await.json();
    assert!(reply["message"].as_str().unwrap().contains("multipart form"), "{reply}");
    assert_eq!(rule.example().format, FileFormat::Pdf);
}
