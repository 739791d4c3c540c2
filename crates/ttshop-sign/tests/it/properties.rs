//! What must hold for any request.

use proptest::prelude::*;
use ttshop_sign::{RequestSigner, signed_body};

use crate::oracle;

type Params = Vec<(String, String)>;

/// Unique keys, since the platform has no repeated ones; values of any script, with the characters that URLs fear.
fn params() -> impl Strategy<Value = Params> {
    let value = prop_oneof![r"[A-Za-z0-9+/=,&? _-]{0,20}", any::<String>()];
    let key = prop_oneof![9 => "[a-z_]{1,12}", 1 => Just("access_token".to_owned())];
    prop::collection::btree_map(key, value, 0..8).prop_map(|map| map.into_iter().collect())
}

fn borrowed(params: &Params) -> Vec<(&str, &str)> {
    params.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

proptest! {
    #[test]
    fn any_request_agrees_with_the_oracle(
        secret in any::<String>(),
        path in "/[a-z_]{1,10}/2023[0-9]{2}(/[^?#]{1,12}){1,3}",
        params in params().prop_shuffle(),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let signer = RequestSigner::new(secret.as_str().into());
        let sign = signer.sign(&path, &mut borrowed(&params), Some(&body));
        prop_assert_eq!(&*sign, oracle::sign(&secret, &path, &params, &body));
        prop_assert_eq!(sign.len(), 64);
    }

    #[test]
    fn the_order_of_parameters_does_not_matter(params in params(), seed in any::<u64>()) {
        let signer = RequestSigner::new("secret".into());
        let mut shuffled = borrowed(&params);
        let turn = usize::try_from(seed % 8).unwrap().min(shuffled.len());
        shuffled.rotate_left(turn);
        shuffled.reverse();
        let sorted = signer.sign("/a/202309/b", &mut borrowed(&params), None);
        prop_assert_eq!(&*sorted, &*signer.sign("/a/202309/b", &mut shuffled, None));
    }

    #[test]
    fn a_list_is_one_value_joined_with_commas(ids in prop::collection::vec("[0-9]{1,19}", 1..50)) {
        let joined = ids.join(",");
        let params = vec![("ids".to_owned(), joined.clone())];
        let sign = RequestSigner::new("secret".into()).sign("/order/202507/orders", &mut [("ids", &joined)], None);
        prop_assert_eq!(&*sign, oracle::sign("secret", "/order/202507/orders", &params, b""));
    }

    #[test]
    fn a_multipart_body_never_counts(
        body in prop::collection::vec(any::<u8>(), 0..100),
        boundary in "[A-Za-z0-9]{1,30}",
        upper in any::<bool>(),
    ) {
        let plain = format!("multipart/form-data; boundary={boundary}");
        let content_type = if upper { plain.to_uppercase() } else { plain };
        prop_assert_eq!(signed_body(Some(&content_type), &body), None);
    }

    #[test]
    fn any_other_body_counts_in_full(body in prop::collection::vec(any::<u8>(), 1..100)) {
        for content_type in [None, Some("application/json"), Some("multipart/mixed"), Some("")] {
            prop_assert_eq!(signed_body(content_type, &body), Some(body.as_slice()));
        }
    }

    #[test]
    fn an_empty_body_is_no_body(params in params()) {
        let signer = RequestSigner::new("secret".into());
        let none = signer.sign("/a/202309/b", &mut borrowed(&params), None);
        prop_assert_eq!(&*none, &*signer.sign("/a/202309/b", &mut borrowed(&params), Some(b"")));
        prop_assert_eq!(signed_body(Some("application/json"), b""), None);
    }

    #[test]
    fn one_changed_byte_of_the_body_breaks_the_signature(
        body in prop::collection::vec(any::<u8>(), 1..200),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let signer = RequestSigner::new("secret".into());
        let sign = signer.sign("/a/202309/b", &mut [], Some(&body));
        let mut tampered = body.clone();
        tampered[at.index(body.len())] ^= flip;
        prop_assert!(signer.verify("/a/202309/b", &mut [], Some(&body), &sign));
        prop_assert!(!signer.verify("/a/202309/b", &mut [], Some(&tampered), &sign));
    }

    #[test]
    fn a_prefix_or_a_longer_text_is_no_signature(cut in 0_usize..64, more in "[0-9a-f]{1,8}") {
        let signer = RequestSigner::new("secret".into());
        let sign = signer.sign("/a/202309/b", &mut [], None);
        prop_assert!(!signer.verify("/a/202309/b", &mut [], None, &sign[..cut]));
        let longer = sign.to_string() + &more;
        prop_assert!(!signer.verify("/a/202309/b", &mut [], None, &longer));
    }

    #[test]
    fn another_secret_path_or_value_gives_another_signature(
        secret in "[a-z0-9]{1,40}", path in "/[a-z/]{1,20}", value in "[a-z0-9]{0,10}", more in "[a-z0-9]{1,4}",
    ) {
        let sign = |secret: &str, path: &str, value: &str| {
            RequestSigner::new(secret.into()).sign(path, &mut [("k", value)], None).to_string()
        };
        let original = sign(&secret, &path, &value);
        prop_assert_ne!(&original, &sign(&format!("{secret}{more}"), &path, &value));
        prop_assert_ne!(&original, &sign(&secret, &format!("{path}/{more}"), &value));
        prop_assert_ne!(&original, &sign(&secret, &path, &format!("{value}{more}")));
    }
}

#[test]
fn nothing_shows_the_secret_or_the_signature() {
    let signer = RequestSigner::new("canary".into());
    let sign = signer.sign("/a/202309/b", &mut [], None);
    let shown = format!("{signer:?} {sign:?}");
    assert!(!shown.contains("canary") && !shown.contains(&*sign));
}
