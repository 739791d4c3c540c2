//! The real transport over TLS, against a server whose certificates are made here.

mod certificate;
mod server;

use std::error::Error as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use http::Version;
use serde_json::json;
use ttshop::{
    App, Client, Error, ErrorKind, FixedToken, HttpOptions, HttpTransport, Retry, RootCertificate,
    TransportError, TransportErrorKind,
};

use certificate::{Authority, Validity};
use server::Server;

const SHOPS: &str = "authorization.get_authorized_shops";
const CALLS: usize = 20;

fn client(port: u16, roots: Vec<RootCertificate>) -> Client {
    let options = HttpOptions { extra_roots: roots, ..HttpOptions::default() };
    let app = App { key: "key".into(), secret: "secret".into(), service_id: "service".into() };
    Client::builder(app)
        .base_url(format!("https://localhost:{port}"))
        .transport(Arc::new(HttpTransport::new(&options).unwrap()))
        .tokens(Arc::new(FixedToken::new("token".into())))
        .build()
        .unwrap()
}

async fn call(client: &Client) -> Result<(), Error> {
    client.call(SHOPS, json!({})).await.map(drop)
}

/// A server that the returned client trusts.
async fn trusted(alpn: &[&str]) -> (Server, Client) {
    let authority = Authority::new("company");
    let server = Server::start(authority.identity("localhost", Validity::Now), alpn).await;
    let client = client(server.port, vec![RootCertificate::from_der(authority.root())]);
    (server, client)
}

/// What a client says that trusts `authority` and meets `identity`; nothing may reach the server.
async fn refusal(authority: &Authority, identity: certificate::Identity) -> Error {
    let server = Server::start(identity, &["h2", "http/1.1"]).await;
    let client = client(server.port, vec![RootCertificate::from_der(authority.root())]);
    let error = call(&client).await.unwrap_err();
    assert!(server.versions().is_empty(), "a request was sent");
    assert_eq!(transport(&error).kind(), TransportErrorKind::Certificate, "{error:?}");
    assert!(!error.may_have_happened());
    assert_eq!(error.retry(), Retry::Never);
    assert_eq!(error.attempts(), 1, "another try would meet the same certificate");
    assert_eq!(transport(&error).to_string(), "the server's certificate was refused");
    error
}

fn transport(error: &Error) -> &TransportError {
    let ErrorKind::Transport(source) = error.kind() else { panic!("{error:?}") };
    source
}

/// The cause below the transport's own words.
fn reason(error: &Error) -> String {
    transport(error).source().unwrap().to_string()
}

#[tokio::test]
async fn http_2_is_spoken_where_the_server_offers_it_over_one_connection() {
    let (server, client) = trusted(&["h2", "http/1.1"]).await;
    call(&client).await.unwrap();
    for outcome in join_all((1..CALLS).map(|_| call(&client))).await {
        outcome.unwrap();
    }
    assert_eq!(server.versions(), [Version::HTTP_2; CALLS]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn http_1_1_is_spoken_where_the_server_offers_nothing_else_and_connections_are_kept() {
    for alpn in [&["http/1.1"][..], &[]] {
        let (server, client) = trusted(alpn).await;
        for _ in 0..CALLS {
            call(&client).await.unwrap();
        }
        assert_eq!(server.versions(), [Version::HTTP_11; CALLS], "{alpn:?}");
        assert_eq!(server.connections(), 1, "{alpn:?}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new("company");
    let reason = reason(&refusal(&authority, authority.identity("other.test", Validity::Now)).await);
    assert!(reason.contains("localhost") && reason.contains("other.test"), "{reason}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = Authority::new("company");
    let reason = reason(&refusal(&authority, authority.identity("localhost", Validity::Expired)).await);
    assert!(reason.contains("expired"), "{reason}");
}

#[tokio::test]
async fn an_unknown_authority_is_refused() {
    let (known, unknown) = (Authority::new("company"), Authority::new("stranger"));
    let reason = reason(&refusal(&known, unknown.identity("localhost", Validity::Now)).await);
    assert!(reason.contains("UnknownIssuer"), "{reason}");
}

#[tokio::test]
async fn an_authority_with_a_trusted_name_and_another_key_is_refused() {
    let (known, forged) = (Authority::new("company"), Authority::new("company"));
    let reason = reason(&refusal(&known, forged.identity("localhost", Validity::Now)).await);
    assert!(reason.contains("BadSignature") || reason.contains("UnknownIssuer"), "{reason}");
}

#[tokio::test]
async fn a_pem_file_gives_all_its_authorities() {
    let authorities = [Authority::new("first"), Authority::new("second")];
    let bundle: String = authorities.iter().map(|authority| pem(&authority.root())).collect();
    let roots = RootCertificate::all_from_pem(bundle.as_bytes()).unwrap();
    for authority in authorities {
        let identity = authority.identity("localhost", Validity::Now);
        let server = Server::start(identity, &["h2"]).await;
        call(&client(server.port, roots.clone())).await.unwrap();
    }
}

#[test]
fn what_is_no_certificate_is_refused_at_once() {
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for text in ["", "no pem", key, "-----BEGIN CERTIFICATE-----\nAAAA"] {
        assert!(RootCertificate::all_from_pem(text.as_bytes()).is_err(), "{text}");
    }
    let options =
        HttpOptions { extra_roots: vec![RootCertificate::from_der(*b"no der")], ..HttpOptions::default() };
    assert_eq!(HttpTransport::new(&options).unwrap_err().kind(), TransportErrorKind::Invalid);
}

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
}
