//! The inbox: every hint that something changed, once, with the bytes that said so.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use ttshop_types::{AppKey, NotificationId, ShopId, Timestamp};

use crate::Lane;

/// The hub's own name for one app, as written in its configuration and in its URLs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppName(String);

impl AppName {
    /// Names an app.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AppName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What makes a second copy of a hint the same hint: 128 bits, compared whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DedupeKey([u8; 16]);

impl DedupeKey {
    /// The key of a notification that carries its id.
    ///
    /// The platform's ids are numbers that grow with time. Such a number leads the key, big end first, so that new keys come
    /// last in a store's index: inserting at random places costs a store several times as much.
    pub fn of_notification(app: &AppKey, id: &NotificationId) -> Self {
        let mut key = Self::digest(&[b"notification", app.as_str().as_bytes(), id.as_str().as_bytes()]);
        if let Ok(number) = id.as_str().parse::<u64>() {
            key.0[..8].copy_from_slice(&number.to_be_bytes());
        }
        key
    }

    /// The key of a notification without an id: the app and the raw body.
    pub fn of_body(app: &AppKey, body: &[u8]) -> Self {
        Self::digest(&[b"body", app.as_str().as_bytes(), body])
    }

    /// The key of a sweep's finding: this entity in this version.
    pub fn of_finding(lane: &Lane, version: &str) -> Self {
        Self::digest(&[b"finding", lane.as_str().as_bytes(), version.as_bytes()])
    }

    /// The key of a body that came under this key after another body had.
    pub fn of_conflict(&self, body_hash: &[u8; 16]) -> Self {
        Self::digest(&[b"conflict", &self.0, body_hash])
    }

    /// The key as a store keeps it.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The key as a store kept it.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    fn digest(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Self(first_half(hash.finalize().into()))
    }
}

fn first_half(digest: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

/// Who gave the hint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The platform announced it.
    Webhook,
    /// A sweep found it.
    Sweep,
}

impl Origin {
    /// The word a store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Sweep => "sweep",
        }
    }
}

/// A hint on its way into the inbox, and the work it asks for; both become durable in one commit.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Tells a copy from news.
    pub key: DedupeKey,
    /// Who gave the hint.
    pub origin: Origin,
    /// The app it came through.
    pub app: AppName,
    /// The shop it speaks of, when it says so.
    pub shop_id: Option<ShopId>,
    /// The notification's type as the platform wrote it, or the resource a sweep looked at.
    pub topic: String,
    /// Where the work goes.
    pub lane: Lane,
    /// The bytes as they arrived.
    pub body: Vec<u8>,
    /// When the platform says it happened, if it says.
    pub sent_at: Option<Timestamp>,
    /// When we got it.
    pub received_at: Timestamp,
}

impl Incoming {
    /// What tells two bodies under one key apart: the first half of the body's SHA-256.
    pub fn body_hash(&self) -> [u8; 16] {
        first_half(Sha256::digest(&self.body).into())
    }
}

/// What became of an [`Incoming`] hint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Accepted {
    /// It is news, and has this number in the inbox.
    New(i64),
    /// A copy of it was accepted before. A sweep's finding asks for work all the same, unless its lane has work already.
    Duplicate,
    /// The same notification id came before with another body: kept beside it for inspection, and worked on as a hint.
    Conflict(i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let ab_c = DedupeKey::of_body(&AppKey::from("ab"), b"c");
        let a_bc = DedupeKey::of_body(&AppKey::from("a"), b"bc");
        assert_ne!(ab_c, a_bc);
    }

    #[test]
    fn later_notifications_have_later_keys() {
        let key = |id: &str| DedupeKey::of_notification(&AppKey::from("one"), &NotificationId::from(id));
        assert!(key("7327112393057371910") < key("7327112393057371911"));
        assert!(key("999") < key("7327112393057371910"));
        assert_ne!(key("not-a-number"), key("not-a-number-either"));
    }

    #[test]
    fn a_conflict_has_a_key_of_its_own() {
        let key = DedupeKey::of_body(&AppKey::from("one"), b"first");
        assert_ne!(key.of_conflict(&[1; 16]), key);
        assert_ne!(key.of_conflict(&[1; 16]), key.of_conflict(&[2; 16]));
    }

    #[test]
    fn two_apps_share_no_key() {
        let id = NotificationId::from("7327112393057371910");
        assert_ne!(
            DedupeKey::of_notification(&AppKey::from("one"), &id),
            DedupeKey::of_notification(&AppKey::from("two"), &id)
        );
    }
}
