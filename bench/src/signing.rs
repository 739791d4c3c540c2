//! Signing one request, beside HMAC-SHA256 of the same bytes.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use ttshop_sign::RequestSigner;

use crate::{Contender, Contest};

const SECRET: &str = "0123456789abcdef0123456789abcdef01234567";
const READ: &str = "/order/202507/orders";
const SEARCH: &str = "/order/202309/orders/search";
const WRITE: &str = "/product/202309/products";
const PARAMS: [(&str, &str); 4] = [
    ("timestamp", "1790000000"),
    ("shop_cipher", "ROW_hVzQ5wAAAABl0p8Bq0M6kYvXUu9zT1s4"),
    ("app_key", "6abcdefghijkl"),
    ("ids", "576461413038785752,576461413038785753"),
];

pub(crate) fn contests() -> Vec<Contest> {
    vec![
        contest("sign a read", READ, Vec::new()),
        contest("sign a search", SEARCH, br#"{"order_status":"AWAITING_SHIPMENT"}"#.to_vec()),
        contest("sign a write of 8 KiB", WRITE, vec![b'x'; 8 << 10]),
    ]
}

fn contest(name: &'static str, path: &'static str, body: Vec<u8>) -> Contest {
    let signed = (!body.is_empty()).then_some(body);
    let mut sorted = PARAMS;
    sorted.sort_unstable();
    let params = sorted.iter().flat_map(|(key, value)| [*key, *value]);
    let mut bytes: Vec<u8> = [SECRET, path].into_iter().chain(params).flat_map(str::bytes).collect();
    bytes.extend(signed.iter().flatten());
    bytes.extend(SECRET.bytes());

    let keyed = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("HMAC takes a key of any length");
    let signer = RequestSigner::new(SECRET.into());
    #[cfg(feature = "published")]
    let theirs = {
        let expected = signer.sign(path, &mut PARAMS.clone(), signed.as_deref());
        crate::published::signing(path, &PARAMS, signed.clone(), SECRET, &expected)
    };
    Contest {
        name,
        bytes: None,
        contenders: vec![
            Contender::each("bare HMAC-SHA256", move || {
                let mut mac = keyed.clone();
                mac.update(&bytes);
                mac.finalize().into_bytes()
            }),
            Contender::each("ttshop", move || {
                let mut params = PARAMS;
                signer.sign(path, std::hint::black_box(&mut params), signed.as_deref())
            }),
            #[cfg(feature = "published")]
            theirs,
        ],
    }
}
