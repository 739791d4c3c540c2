//! What scripts rely on.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;
use ttshop_catalogue::by_key;

use crate::program::{printed, run, ttshop};

fn last_json(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

#[test]
fn the_list_of_operations_is_whole() {
    let list: Value = serde_json::from_str(&printed(&["ops", "list", "--json"])).unwrap();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 544);
    let search =
        list.iter().find(|one| one["key"] == "order.search_orders" && one["pinned"] == true).unwrap();
    assert_eq!(search["path"], "/order/202309/orders/search");
    assert_eq!(search["takes"], "shop_cipher");
    assert_eq!(search["user_types"], serde_json::json!(["seller"]));
}

#[test]
fn a_demo_loses_and_repeats_nothing() {
    let summary = last_json(&printed(&["demo", "--orders", "20", "--rate", "20", "--json"]));
    assert_eq!(
        (summary["placed"].as_u64(), summary["delivered"].as_u64()),
        (Some(20), Some(20)),
        "{summary}"
    );
    assert_eq!((summary["lost"].as_u64(), summary["duplicated"].as_u64()), (Some(0), Some(0)), "{summary}");
    assert_eq!(summary["mirror_differences"], 0, "{summary}");
    assert!(summary["p50_ms"].as_u64() > Some(0) && summary["p99_ms"].as_u64() >= summary["p50_ms"].as_u64());
}

/// `ttshop call` with the emulator's profile.
fn call(home: &Path, arguments: &[&str]) -> Output {
    let mut command = ttshop(home);
    command.args(["call", "--profile", "emulator", "--json"]).args(arguments).output().unwrap()
}

#[test]
fn an_emulator_says_where_it_is_and_saves_its_world_when_told_to_end() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("world");
    let mut command = ttshop(home.path());
    command.args([
        "emulate",
        "--json",
        "--listen",
        "127.0.0.1:0",
        "--write-profile",
        "emulator",
        "--data-dir",
    ]);
    let mut emulator = command.arg(&data).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(emulator.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    for key in ["api_url", "auth_url", "consent_url", "control_url", "app_key", "app_secret", "service_id"] {
        assert!(ready[key].as_str().is_some_and(|value| !value.is_empty()), "{key} is missing");
    }
    let shops = ready["shops"].as_array().unwrap();
    let regions: Vec<_> = shops.iter().map(|shop| shop["region"].as_str().unwrap()).collect();
    assert_eq!(regions, ["US", "GB"]);
    for key in ["shop_id", "cipher", "access_token", "refresh_token"] {
        assert!(shops.iter().all(|shop| shop[key].as_str().is_some_and(|value| !value.is_empty())), "{key}");
    }

    let search = ["order.search_orders", "--shop", "gb", "-p", "page_size=5"];
    let answer: Value = serde_json::from_slice(&call(home.path(), &search).stdout).unwrap();
    assert_eq!(answer["data"]["orders"].as_array().unwrap().len(), 5);

    let image = home.path().join("front.png");
    std::fs::write(&image, by_key("product.upload_product_image").unwrap().uploads()[0].example().bytes)
        .unwrap();
    let file = format!("data=@{}", image.display());
    let upload =
        ["product.upload_product_image", "--shop", "us", "--file", &file, "-p", "use_case=MAIN_IMAGE"];
    let answer: Value = serde_json::from_slice(&call(home.path(), &upload).stdout).unwrap();
    assert!(answer["data"]["uri"].is_string(), "{answer}");
    std::fs::write(&image, "GIF89a\0\0\0\0").unwrap();
    let refused = String::from_utf8(call(home.path(), &upload).stderr).unwrap();
    assert!(refused.contains("the file is GIF, and JPEG, PNG, WEBP, HEIC, BMP are accepted"), "{refused}");

    let killed =
        std::process::Command::new("kill").args(["-TERM", &emulator.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(emulator.wait().unwrap().success(), "an emulator that is told to end ends well");
    assert!(data.read_dir().unwrap().next().is_some(), "the world was saved");
}

#[test]
fn usage_errors_exit_with_two_and_failures_with_one() {
    assert_eq!(run(&["ops", "show", "order.no_such_thing"]).status.code(), Some(2));
    assert_eq!(run(&["frobnicate"]).status.code(), Some(2));
    assert_eq!(run(&["why", "1"]).status.code(), Some(1));
    let refused = run(&["hub", "--app-key", "k", "--service-id", "s", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("remedy:"));
}

#[test]
fn errors_are_json_where_json_is_wanted() {
    let failed = run(&["why", "1", "--json"]);
    let error: Value = serde_json::from_slice(&failed.stderr).unwrap();
    assert!(error["error"].as_str().unwrap().contains("not in the catalogue"));
    assert!(failed.stdout.is_empty());
}

#[test]
fn the_help_stays_as_scripts_and_people_know_it() {
    insta::assert_snapshot!("help", printed(&["--help"]));
    insta::assert_snapshot!("demo_help", printed(&["demo", "--help"]));
}
