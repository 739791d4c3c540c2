//! Files on their way: looked at first, sent as they are read, and sent again where that is possible.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{FutureExt as _, stream};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use ttshop::api::FileUpload;
use ttshop::api::product::{UploadProductFile, UploadProductImage};
use ttshop::{
    Client, Error, ErrorKind, HttpBody, HttpOptions, HttpRequest, HttpTransport, Retry, TransportErrorKind,
};
use ttshop_clock::VirtualClock;

use crate::world::{
    Answer, NOW, Script, broken, builder, client, drive, is_signed, param, refusal, seconds, success,
};

/// A PNG's header.
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, b"\x08\x02\0\0\0"].concat()
}

/// The bytes in pieces of five.
fn streamed(bytes: &[u8]) -> FileUpload {
    let pieces: Vec<_> = bytes.chunks(5).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    FileUpload::from_stream("front.png", u64::try_from(bytes.len()).unwrap(), stream::iter(pieces))
}

/// A file of `length` bytes that begins with `head`; the rest needs no room on the disk.
fn large_file(directory: &tempfile::TempDir, head: &[u8], length: u64) -> PathBuf {
    let path = directory.path().join("film.mp4");
    std::fs::write(&path, head).unwrap();
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
    path
}

const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isommp41";

async fn body(request: &HttpRequest) -> io::Result<Bytes> {
    let HttpBody::Form(form) = &request.body else { panic!("an upload is a form") };
    let bytes = form.to_bytes().await?;
    assert_eq!(u64::try_from(bytes.len()).unwrap(), form.length());
    Ok(bytes)
}

#[tokio::test]
async fn a_form_is_the_same_wherever_its_file_comes_from() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a\"b.png");
    let image = [png(600, 600), b"\r\n--\r\n".to_vec()].concat();
    std::fs::write(&path, &image).unwrap();
    let files = [
        FileUpload::from_bytes("a\"b.png", image.clone()),
        FileUpload::from_path(&path),
        streamed(&image).named("a\"b.png"),
        FileUpload::new("a\"b.png", "image/png", image.clone()),
    ];
    for file in files {
        let script = Script::of([success(r#"{"uri":"u"}"#)]);
        let (client, _) = client(&script);
        let upload = UploadProductImage::new(file).use_case("MAIN_IMAGE");
        client.product().upload_product_image(upload).await.unwrap();
        let request = script.requests().remove(0);
        let content_type = request.headers["content-type"].to_str().unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let before = [
            &format!("--{boundary}"),
            r#"Content-Disposition: form-data; name="use_case""#,
            "",
            "MAIN_IMAGE",
            &format!("--{boundary}"),
            r#"Content-Disposition: form-data; name="data"; filename="a%22b.png""#,
            "Content-Type: image/png",
            "",
            "",
        ]
        .join("\r\n");
        let after = format!("\r\n--{boundary}--\r\n");
        assert_eq!(body(&request).await.unwrap(), [before.as_bytes(), &image, after.as_bytes()].concat());
        assert!(is_signed(&request), "the form must not be in the signature");
        assert_eq!(param(&request, "shop_cipher"), None, "an upload takes no cipher");
    }
}

async fn refused(file: FileUpload) -> String {
    let script = Script::of([success("{}")]);
    let upload = UploadProductImage::new(file).use_case("MAIN_IMAGE");
    let error = client(&script).0.product().upload_product_image(upload).await.unwrap_err();
    assert_eq!(script.count(), 0, "it was sent");
    assert!(!error.may_have_happened() && error.retry() == Retry::Never, "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn what_would_be_refused_is_not_sent() {
    let directory = tempfile::tempdir().unwrap();
    let check = async |file: FileUpload, part: &str| {
        let text = refused(file).await;
        assert!(text.contains(part) && text.contains("`data`"), "{text}");
    };
    let small = png(299, 600);
    check(FileUpload::from_bytes("a.png", small.clone()), "the image is 299 x 600 pixels").await;
    check(streamed(&small), "sides of 300 to 4000 are accepted for `use_case` MAIN_IMAGE").await;
    check(FileUpload::from_bytes("a.png", "GIF89a...."), "the file is GIF").await;
    check(FileUpload::from_bytes("a.png", ""), "the file is empty").await;
    let large = large_file(&directory, &png(600, 600), 10_485_761);
    check(FileUpload::from_path(large), "the PNG has 10485761 bytes, and 10485760 are accepted").await;
    check(FileUpload::from_path(directory.path().join("none.png")), "cannot be read: entity not found").await;
    check(FileUpload::from_path(directory.path()), "cannot be read: is a directory").await;
    let failing = stream::iter([Err(io::ErrorKind::PermissionDenied.into())]);
    check(FileUpload::from_stream("a.png", 9, failing), "cannot be read: permission denied").await;
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    let pdf = FileUpload::from_bytes("a.pdf", "%PDF-1.7\n");
    let error = client.product().upload_product_file(UploadProductFile::new(pdf, "my file.pdf")).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("`name` is `my file.pdf`") && error.ends_with("rename it; not sent"), "{error}");
}

#[tokio::test]
async fn a_stream_that_was_refused_before_it_was_sent_is_whole() {
    let file = streamed(&png(299, 600));
    refused(file.clone()).await;
    let text = refused(file.clone()).await;
    assert!(text.contains("299 x 600"), "{text}");
    let script = Script::of([success("{}")]);
    let upload = UploadProductImage::new(file).use_case("DESCRIPTION_IMAGE");
    client(&script).0.product().upload_product_image(upload).await.unwrap();
    let sent = body(&script.requests()[0]).await.unwrap();
    assert!(sent.windows(29).any(|window| window == png(299, 600)), "{sent:?}");
}

/// Reads each request to its end, as the platform does, before it gives the next answer.
fn reading(answers: Vec<Answer>, reads_first: bool) -> Arc<Script> {
    let mut tries = 0;
    Script::new(move |request| {
        tries += 1;
        if tries > 1 || reads_first {
            body(request).now_or_never().expect("it needs no wait").unwrap();
        }
        answers[tries - 1].clone()
    })
}

fn throttled() -> Answer {
    refusal(429, 36_009_002, "too many requests")
}

async fn upload(script: &Arc<Script>, file: FileUpload) -> Result<(), Error> {
    let (client, clock) = client(script);
    let call = client.product().upload_product_image(UploadProductImage::new(file));
    drive(&clock, call.into_future()).await.map(drop)
}

#[tokio::test]
async fn a_stream_is_not_tried_again_once_bytes_have_left() {
    let script = reading(vec![throttled(), success("{}")], true);
    let file = streamed(&png(600, 600));
    let error = upload(&script, file.clone()).await.unwrap_err();
    assert_eq!((script.count(), error.code()), (1, Some(36_009_002)));
    assert!(
        error.to_string().contains("the stream of the upload is used up: make the call again with a new one")
    );
    assert!(error.retry() == Retry::Never && !error.may_have_happened(), "{error:?}");
    let error = upload(&script, file).await.unwrap_err().to_string();
    assert!(
        error.contains("the stream for `data` was sent before: give a new one, a path or bytes"),
        "{error}"
    );
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn a_stream_of_which_nothing_has_left_is_tried_again() {
    let script = reading(vec![broken(TransportErrorKind::Connect), success("{}")], false);
    upload(&script, streamed(&png(600, 600))).await.unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn bytes_are_tried_again() {
    let script = reading(vec![throttled(), success("{}")], true);
    upload(&script, FileUpload::from_bytes("a.png", png(600, 600))).await.unwrap();
    assert_eq!(script.count(), 2);
}

/// A client over a real connection, and what the peer received.
struct Platform {
    client: Client,
    clock: VirtualClock,
    received: Arc<Mutex<Vec<Bytes>>>,
    _serving: JoinSet<()>,
}

async fn over_http(answers: &'static [&'static str]) -> Platform {
    let received = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bodies = Arc::clone(&received);
    let answer = move |headers: http::HeaderMap, body: Bytes| async move {
        let announced = headers["content-length"].to_str().unwrap().parse::<usize>().unwrap();
        assert_eq!(announced, body.len());
        let mut bodies = bodies.lock().unwrap();
        bodies.push(body);
        answers[bodies.len() - 1]
    };
    let limit = axum::extract::DefaultBodyLimit::disable();
    let router = axum::Router::new().fallback(axum::routing::post(answer)).layer(limit);
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
    let clock = VirtualClock::at(NOW);
    let transport = HttpTransport::new(&HttpOptions::default()).unwrap();
    let client = builder(&Script::of([success("{}")]), &clock).transport(Arc::new(transport));
    let client = client.base_url(format!("http://{address}")).build().unwrap();
    Platform { client, clock, received, _serving: serving }
}

const THROTTLED: &str = r#"{"code":36009002,"message":"too many","request_id":"r","data":null}"#;
const SUCCESS: &str = r#"{"code":0,"message":"Success","request_id":"r","data":{"id":"1"}}"#;

#[tokio::test]
async fn a_path_is_read_anew_for_each_try() {
    let directory = tempfile::tempdir().unwrap();
    let Platform { client, clock, received, .. } = &over_http(&[THROTTLED, SUCCESS]).await;
    let path = large_file(&directory, MP4, 3_000_000);
    let told = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&told);
    let file = FileUpload::from_path(path)
        .on_progress(move |sent, length| ears.lock().unwrap().push((sent, length)));
    let call = client.product().upload_product_file(UploadProductFile::new(file, "film.mp4"));
    drive(clock, call.into_future()).await.unwrap();
    let bodies = received.lock().unwrap();
    assert_eq!(bodies.len(), 2);
    assert!(bodies[0] == bodies[1] && bodies[0].len() > 3_000_000);
    let told = told.lock().unwrap();
    assert!(told.iter().all(|(sent, length)| sent <= length && *length == 3_000_000));
    assert_eq!(told.iter().filter(|(sent, _)| *sent == 3_000_000).count(), 2, "once a try");
}

#[tokio::test]
async fn a_file_that_fails_on_its_way_is_no_fault_of_the_network() {
    let Platform { client, received, .. } = &over_http(&[SUCCESS]).await;
    let check = async |file: FileUpload, length: &str| {
        let call = client.product().upload_product_image(UploadProductImage::new(file));
        let error = call.await.unwrap_err();
        let ErrorKind::Transport(transport) = error.kind() else { panic!("{error:?}") };
        assert_eq!(
            (transport.kind(), error.attempts()),
            (TransportErrorKind::File, 1),
            "{length}: {error:?}"
        );
        assert!(!error.may_have_happened(), "the platform saw no whole request");
    };
    let short = stream::iter([Ok(Bytes::from(png(600, 600)))]);
    check(FileUpload::from_stream("a.png", 1_000, short), "shorter than announced").await;
    let long = stream::iter([Ok(Bytes::from(png(600, 600))), Ok(Bytes::from(vec![0; 300_000]))]);
    check(FileUpload::from_stream("a.png", 2_000, long), "longer than announced").await;
    assert_eq!(received.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_large_file_waits_on_the_disk_while_the_peer_is_slow() {
    let directory = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let clock = VirtualClock::at(NOW);
    let transport = HttpTransport::new(&HttpOptions::default()).unwrap();
    let client = builder(&Script::of([success("{}")]), &clock).transport(Arc::new(transport));
    let client = client.base_url(format!("http://{address}")).build().unwrap();
    let length = 100 << 20;
    let sent = Arc::new(Mutex::new(0));
    let ears = Arc::clone(&sent);
    let file = FileUpload::from_path(large_file(&directory, MP4, length))
        .on_progress(move |sent, _| *ears.lock().unwrap() = sent);
    let call = client.product().upload_product_file(UploadProductFile::new(file, "film.mp4")).into_future();
    let peer = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        // One kilobyte, and then nothing for as long as the other side can fill what lies between them.
        stream.read_exact(&mut [0; 1024]).await.unwrap();
        let mut before = 0;
        loop {
            tokio::task::spawn_blocking(std::thread::yield_now).await.unwrap();
            for _ in 0..1_000 {
                tokio::task::yield_now().await;
            }
            let now = *sent.lock().unwrap();
            if now > 0 && now == before {
                return now;
            }
            before = now;
        }
    };
    let read = tokio::select! {
        read = peer => read,
        answer = call => panic!("{answer:?}"),
    };
    assert!(read < length / 4, "{read} bytes were read for a peer that takes none");
}

#[tokio::test]
async fn a_large_upload_has_time() {
    let directory = tempfile::tempdir().unwrap();
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    let film = FileUpload::from_path(large_file(&directory, MP4, 100 << 20));
    client.product().upload_product_file(UploadProductFile::new(film, "film.mp4")).await.unwrap();
    assert_eq!(script.requests()[0].timeout, seconds(30 + 400));
}

#[tokio::test]
async fn files_go_with_a_call_by_name() {
    let script = Script::of([success(r#"{"uri":"u"}"#)]);
    let (client, _) = client(&script);
    let image = || ("data".to_owned(), FileUpload::from_bytes("a.png", png(600, 600)));
    let arguments = json!({"use_case": "MAIN_IMAGE"});
    client.call_with_files("product.upload_product_image", arguments.clone(), [image()]).await.unwrap();
    let sent = body(&script.requests()[0]).await.unwrap();
    let text = String::from_utf8_lossy(&sent);
    assert!(text.contains("name=\"use_case\"\r\n\r\nMAIN_IMAGE\r\n"), "{text}");
    assert!(text.contains("filename=\"a.png\"\r\nContent-Type: image/png\r\n"), "{text}");
    let refused = async |name: &str, files: Vec<(String, FileUpload)>| {
        let error = client.call_with_files(name, arguments.clone(), files).await.unwrap_err();
        assert_eq!(script.count(), 1, "it was sent");
        error.to_string()
    };
    let text = refused("product.upload_product_image", vec![]).await;
    assert!(text.contains("`data` is a file: give it with `call_with_files`"), "{text}");
    let stray = ("photo".to_owned(), FileUpload::default());
    let text = refused("product.upload_product_image", vec![image(), stray]).await;
    assert!(text.contains("no file is called `photo` here; known are data"), "{text}");
    let text = refused("order.search_orders", vec![image()]).await;
    assert!(text.contains("unknown parameter `use_case`"), "{text}");
}
