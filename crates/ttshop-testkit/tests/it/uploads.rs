//! Every operation that takes files, called by name with bytes, a path and a stream.

use std::sync::Arc;

use futures_util::stream;
use serde_json::{Map, Value};
use ttshop::FixedToken;
use ttshop::api::FileUpload;
use ttshop_catalogue::{OPERATIONS, Operation, UploadRule};
use ttshop_emulator::sample_request;
use ttshop_testkit::{PlatformOptions, TestPlatform};

use crate::every_operation::client_for;

/// The example file of a rule from each source.
fn sources(rule: &UploadRule, directory: &tempfile::TempDir) -> [FileUpload; 3] {
    let example = rule.example();
    let path = directory.path().join(example.name);
    std::fs::write(&path, example.bytes).unwrap();
    let pieces = example.bytes.chunks(7).map(|piece| Ok(piece.into()));
    let length = u64::try_from(example.bytes.len()).unwrap();
    [
        FileUpload::from_bytes(example.name, example.bytes),
        FileUpload::from_path(path),
        FileUpload::from_stream(example.name, length, stream::iter(pieces)),
    ]
}

/// Query and texts of the least request, as arguments.
fn arguments(operation: &Operation) -> Value {
    let sample = sample_request(operation);
    let texts = sample.query.into_iter().chain(sample.texts);
    texts.map(|(name, value)| (name.to_owned(), Value::from(value))).collect::<Map<_, _>>().into()
}

#[tokio::test]
async fn every_file_part_takes_bytes_a_path_and_a_stream() {
    let mut options = PlatformOptions::default();
    options.switches.contract_only = true;
    let platform = TestPlatform::start(options).await.unwrap();
    let client = platform.client(Arc::new(FixedToken::new("set for each call".into()))).unwrap();
    let (connection, directory) = (platform.connection(), tempfile::tempdir().unwrap());
    let mut calls = 0;
    for operation in OPERATIONS.iter().copied().filter(|operation| !operation.multipart.is_empty()) {
        let client = client_for(&client, &connection, operation);
        let name = format!("{}@{}", operation.key, operation.version);
        for rule in operation.uploads() {
            for file in sources(rule, &directory) {
                let files = [(rule.part.to_owned(), file)];
                let reply = client.call_with_files(&name, arguments(operation), files).await;
                reply.unwrap_or_else(|error| panic!("{name}: {error}"));
                calls += 1;
            }
        }
    }
    println!("{calls} uploads went through");
    assert_eq!(calls, 3 * 17);
}
