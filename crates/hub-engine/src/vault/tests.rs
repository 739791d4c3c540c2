use proptest::prelude::*;

use super::*;
use crate::SeededEntropy;

const PLACE: SecretPlace<'_> = SecretPlace { table: "authorization", row: "main/7", column: "tokens" };

fn key(name: &str, byte: u8) -> MasterKey {
    MasterKey::new(KeyId::parse(name).unwrap(), [byte; 32])
}

fn vault(current: MasterKey, previous: Vec<MasterKey>) -> Vault {
    Vault::new(MasterKeys { current, previous }, Arc::new(SeededEntropy::new(7)))
}

#[test]
fn what_was_sealed_opens_in_its_place() {
    let vault = vault(key("a", 1), vec![]);
    let sealed = vault.seal(PLACE, b"canary").unwrap();
    assert!(!sealed.0.windows(6).any(|window| window == b"canary"));
    assert_eq!(vault.open(PLACE, &sealed).unwrap().expose(), b"canary");
}

#[test]
fn two_seals_of_one_secret_differ() {
    let vault = vault(key("a", 1), vec![]);
    assert_ne!(vault.seal(PLACE, b"canary").unwrap(), vault.seal(PLACE, b"canary").unwrap());
}

#[test]
fn another_key_of_the_same_name_names_itself() {
    let sealed = vault(key("2026-11", 1), vec![]).seal(PLACE, b"canary").unwrap();
    let error = vault(key("2026-11", 2), vec![]).open(PLACE, &sealed).unwrap_err();
    assert!(matches!(&error, VaultError::DoesNotOpen { key_id } if key_id == "2026-11"));
    assert_eq!(error.code(), HubCode::SecretDoesNotOpen);
}

#[test]
fn a_key_that_is_not_loaded_names_itself() {
    let sealed = vault(key("old", 1), vec![]).seal(PLACE, b"canary").unwrap();
    let error = vault(key("new", 2), vec![]).open(PLACE, &sealed).unwrap_err();
    assert!(matches!(&error, VaultError::KeyUnknown { key_id } if key_id == "old"));
}

#[test]
fn a_rotation_leaves_nothing_behind() {
    let sealed = vault(key("old", 1), vec![]).seal(PLACE, b"canary").unwrap();
    let both = vault(key("new", 2), vec![key("old", 1)]);
    let rewrapped = both.rewrap(PLACE, &sealed).unwrap().unwrap();
    assert!(both.rewrap(PLACE, &rewrapped).unwrap().is_none());
    assert_eq!(vault(key("new", 2), vec![]).open(PLACE, &rewrapped).unwrap().expose(), b"canary");
}

#[test]
fn every_flipped_bit_is_noticed() {
    let vault = vault(key("a", 1), vec![]);
    let sealed = vault.seal(PLACE, b"canary").unwrap();
    for index in 0..sealed.0.len() * 8 {
        let mut damaged = sealed.clone();
        damaged.0[index / 8] ^= 1 << (index % 8);
        assert!(vault.open(PLACE, &damaged).is_err(), "bit {index}");
    }
    for length in 0..sealed.0.len() {
        assert!(vault.open(PLACE, &SealedBytes(sealed.0[..length].to_vec())).is_err(), "length {length}");
    }
}

#[test]
fn keys_survive_their_text_form_and_hide_from_debug() {
    let key = key("a", 0xab);
    assert_eq!(key.to_hex().expose(), &"ab".repeat(32));
    let read =
        MasterKey::from_hex(KeyId::parse("a").unwrap(), &SecretText::from(format!("{}\n", "ab".repeat(32))));
    assert_eq!(read.unwrap().key, key.key);
    assert!(MasterKey::from_hex(KeyId::parse("a").unwrap(), &"abcd".into()).is_none());
    assert!(!format!("{:?}", vault(key, vec![])).contains("171"));
    assert!(
        KeyId::parse("").is_none()
            && KeyId::parse("a b").is_none()
            && KeyId::parse(&"x".repeat(33)).is_none()
    );
}

proptest! {
    /// Bytes open only in the place they were sealed for, however alike two places look when run together.
    #[test]
    fn a_moved_blob_does_not_open(from in ("[a-c]{0,3}", "[a-c]{0,3}", "[a-c]{0,3}"), to in ("[a-c]{0,3}", "[a-c]{0,3}", "[a-c]{0,3}")) {
        let vault = vault(key("a", 1), vec![]);
        let from_place = SecretPlace { table: &from.0, row: &from.1, column: &from.2 };
        let to_place = SecretPlace { table: &to.0, row: &to.1, column: &to.2 };
        let sealed = vault.seal(from_place, b"canary").unwrap();
        prop_assert_eq!(vault.open(to_place, &sealed).is_ok(), from == to);
        prop_assert!(vault.rewrap(to_place, &sealed).unwrap().is_none());
    }
}
