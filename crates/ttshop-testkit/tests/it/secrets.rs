//! No secret in any log at trace level, in the hub's files, or in its metrics.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use ttshop_testkit::{KeptLog, Leak, LeakHunt, World};

/// What stands on the wire before a secret, and what ends it.
const MARKS: [(&str, &str); 14] = [
    ("sign=", "& \r\n\""),
    ("x-tts-access-token: ", "\r\n"),
    ("shop_cipher=", "& \r\n\""),
    ("auth_code=", "& \r\n\""),
    ("refresh_token=", "& \r\n\""),
    ("app_secret=", "& \r\n\""),
    ("\"access_token\":\"", "\""),
    ("\"refresh_token\":\"", "\""),
    ("\"cipher\":\"", "\""),
    ("authorization: ", "\r\n"),
    ("?code=", "& \r\n\""),
    ("state=", "& \r\n\""),
    ("cookie: ", ";\r\n"),
    ("set-cookie: ", ";\r\n"),
];

/// Every secret that the taps heard, decoded.
fn overheard(world: &World) -> BTreeSet<(&'static str, Vec<u8>)> {
    let mut secrets = BTreeSet::new();
    for tap in &world.taps {
        let heard = String::from_utf8_lossy(&tap.heard()).into_owned();
        for (mark, ends) in MARKS {
            for piece in heard.split(mark).skip(1) {
                let word = piece.split(|c| ends.contains(c)).next().unwrap_or_default();
                let word = word
                    .rsplit_once('=')
                    .filter(|_| mark.contains("cookie"))
                    .map_or(word, |(_, value)| value);
                let word = word.trim_start_matches("Bearer ");
                if word.len() >= 16 {
                    secrets.insert((mark, percent_decoded(word)));
                }
            }
        }
    }
    secrets
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    decoded
}

fn hunt_of(world: &World) -> LeakHunt {
    let mut hunt = LeakHunt::default();
    let app = world.platform.app();
    hunt.know("app secret", app.secret.expose().as_bytes());
    hunt.know("API key", world.api_key.expose().as_bytes());
    hunt.know("master key", &hex::decode(world.master_key.expose()).unwrap());
    let sink_secret = world.sink.secret();
    let sink_secret = sink_secret.expose().strip_prefix("whsec_").unwrap();
    hunt.know("sink secret", &STANDARD.decode(sink_secret).unwrap());
    for event in world.sink.events() {
        hunt.know("event signature", event.signature.trim_start_matches("v1,").as_bytes());
    }
    for (mark, secret) in overheard(world) {
        hunt.know(mark.trim_matches(['"', ':', '=', ' ', '?']), &secret);
    }
    hunt
}

/// A day in the life of a hub, with everything that usually makes programs talk too much.
async fn live(world: &World) {
    let shop = world.platform.shop("US").unwrap();
    world.converge().await.unwrap();
    let faults = json!({"rules": [
        {"kind": "internal_error", "times": 2}, {"kind": "html_bad_gateway", "times": 1},
        {"kind": "truncated_body", "times": 1}, {"kind": "throttle", "times": 1},
    ]});
    world.control().put("faults", &faults).await.unwrap();
    world.sink.fail_next(2);
    world.control().place(&shop.shop_id, 5, "ON_HOLD").await.unwrap();
    world.converge().await.unwrap();
    let tokens = world.platform.shop("US").unwrap();
    world.control().post("tokens/expire", &json!({"access_token": tokens.access_token})).await.unwrap();
    world.control().place(&shop.shop_id, 5, "UNPAID").await.unwrap();
    world.converge().await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let forged =
        client.post(format!("{}/webhooks/test", world.hub_url())).header("authorization", "0".repeat(64));
    assert_eq!(forged.body("{}").send().await.unwrap().status().as_u16(), 401);
    let other = client.get(format!("{}/v1/orders", world.hub_url())).bearer_auth("wrong-key-canary");
    assert_eq!(other.send().await.unwrap().status().as_u16(), 401);
    let gone = client
        .get(format!("{}/callback/test?code=stolen-code-canary&state=unknown-state-canary", world.hub_url()));
    assert!(gone.send().await.unwrap().status().is_client_error());
}

async fn metrics(world: &World) -> Vec<u8> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}/metrics", world.hub_url())).bearer_auth(world.api_key.expose());
    request.send().await.unwrap().bytes().await.unwrap().to_vec()
}

fn search_files(hunt: &LeakHunt, dir: &std::path::Path) -> (usize, Vec<Leak>) {
    let (mut files, mut leaks) = (0, Vec::new());
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            files += 1;
            leaks.extend(hunt.search(&path.display().to_string(), &std::fs::read(&path).unwrap()));
        }
    }
    (files, leaks)
}

#[tokio::test]
async fn no_secret_is_logged_stored_or_counted() {
    let log = KeptLog::start().unwrap();
    let world = World::builder().seed(77).tapped().sweep_every(Duration::from_secs(1)).start().await.unwrap();
    live(&world).await;
    let hunt = hunt_of(&world);
    let mut canaries = LeakHunt::default();
    for canary in ["wrong-key-canary", "stolen-code-canary", "unknown-state-canary"] {
        canaries.know(canary, canary.as_bytes());
    }
    let shown = metrics(&world).await;
    assert!(String::from_utf8_lossy(&shown).contains("hub_webhooks_total"), "there are no metrics to search");
    let (files, mut leaks) = search_files(&hunt, world.store_dir());
    assert!(files > 0, "there are no files to search");
    leaks.extend(hunt.search("metrics", &shown));
    let logged = log.bytes();
    leaks.extend(hunt.search("log", &logged));
    leaks.extend(canaries.search("log", &logged));
    println!(
        "{} secrets, {} bytes of log, {files} files, {} leaks",
        hunt.secrets(),
        logged.len(),
        leaks.len()
    );
    assert!(hunt.secrets() > 50, "only {} secrets are known: the taps heard too little", hunt.secrets());
    assert!(logged.len() > 100_000, "only {} bytes were logged", logged.len());
    assert!(leaks.is_empty(), "{leaks:#?}");

    let token = world.platform.shop("US").unwrap().access_token.unwrap();
    tracing::trace!(planted = token, "the hunt must find this");
    assert!(!hunt.search("log", &log.bytes()).is_empty(), "the hunt found not even what was planted");
    world.shutdown().await.unwrap();
}
