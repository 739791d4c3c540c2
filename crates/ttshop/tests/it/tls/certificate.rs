//! Certificates made on the spot: just enough DER for a root and what it signs.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const UTF8_STRING: u8 = 0x0c;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;

const TRUE: &[u8] = &[0x01, 0x01, 0xff];
const COMMON_NAME: &[u8] = &[0x06, 3, 0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS: &[u8] = &[0x06, 3, 0x55, 0x1d, 0x13];
const SUBJECT_ALT_NAME: &[u8] = &[0x06, 3, 0x55, 0x1d, 0x11];
const ECDSA_WITH_SHA256: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/// How long a certificate is valid.
#[derive(Clone, Copy)]
pub(crate) enum Validity {
    Now,
    Expired,
}

/// An authority with its own key.
pub(crate) struct Authority {
    name: &'static str,
    key: EcdsaKeyPair,
}

/// What a server shows, and the key behind it.
pub(crate) struct Identity {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) key: PrivateKeyDer<'static>,
}

impl Authority {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap() }
    }

    /// Its certificate, signed by itself.
    pub(crate) fn root(&self) -> Vec<u8> {
        let is_authority = value(SEQUENCE, &[TRUE]);
        let constraints = value(SEQUENCE, &[BASIC_CONSTRAINTS, TRUE, &value(OCTET_STRING, &[&is_authority])]);
        self.sign(self.name, &self.key, Validity::Now, &constraints)
    }

    /// A server's certificate for `host`.
    pub(crate) fn identity(&self, host: &str, validity: Validity) -> Identity {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let names = value(SEQUENCE, &[&value(DNS_NAME, &[host.as_bytes()])]);
        let names = value(SEQUENCE, &[SUBJECT_ALT_NAME, &value(OCTET_STRING, &[&names])]);
        let certificate = self.sign(host, &key, validity, &names).into();
        let key = PrivatePkcs8KeyDer::from(key.to_pkcs8v1().unwrap().as_ref().to_vec()).into();
        Identity { certificate, key }
    }

    fn sign(&self, subject: &str, key: &EcdsaKeyPair, validity: Validity, extension: &[u8]) -> Vec<u8> {
        let algorithm = value(SEQUENCE, &[ECDSA_WITH_SHA256]);
        let until = match validity {
            Validity::Now => "21000101000000Z",
            Validity::Expired => "20200201000000Z",
        };
        let validity = value(SEQUENCE, &[&time("20200101000000Z"), &time(until)]);
        let content = value(
            SEQUENCE,
            &[
                &value(VERSION, &[&value(INTEGER, &[&[2]])]),
                &value(INTEGER, &[&[1]]),
                &algorithm,
                &common_name(self.name),
                &validity,
                &common_name(subject),
                key.public_key().as_der().unwrap().as_ref(),
                &value(EXTENSIONS, &[&value(SEQUENCE, &[extension])]),
            ],
        );
        let signature = self.key.sign(&SystemRandom::new(), &content).unwrap();
        value(SEQUENCE, &[&content, &algorithm, &value(BIT_STRING, &[&[0], signature.as_ref()])])
    }
}

fn time(text: &str) -> Vec<u8> {
    value(GENERALIZED_TIME, &[text.as_bytes()])
}

fn common_name(name: &str) -> Vec<u8> {
    let attribute = value(SEQUENCE, &[COMMON_NAME, &value(UTF8_STRING, &[name.as_bytes()])]);
    value(SEQUENCE, &[&value(SET, &[&attribute])])
}

/// Tag, length, content.
fn value(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let mut value = vec![tag];
    match length {
        [0, short @ 0..=0x7f] => value.push(short),
        [0, long] => value.extend([0x81, long]),
        long => value.extend([0x82, long[0], long[1]]),
    }
    value.extend(content);
    value
}
