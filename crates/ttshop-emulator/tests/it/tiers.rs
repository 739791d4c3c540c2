//! The list that `docs/operations.md` is written from.

use std::fs;
use std::path::Path;

use ttshop_catalogue::OPERATIONS;
use ttshop_emulator::{Tier, tier};

#[test]
fn the_list_of_stateful_operations_is_fresh() {
    let stateful = OPERATIONS.iter().filter(|operation| tier(operation) == Tier::Stateful);
    let expected: String =
        stateful.map(|operation| format!("{}@{}\n", operation.key, operation.version)).collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("stateful.txt");
    let renew = "cargo run -p ttshop-emulator --example stateful > crates/ttshop-emulator/stateful.txt && cargo xtask codegen";
    assert!(
        fs::read_to_string(file).unwrap() == expected,
        "`stateful.txt` is stale; renew it with `{renew}`"
    );
}
