//! Prints the operations that read and change the world, for `docs/operations.md`:
//! `cargo run -p ttshop-emulator --example stateful > crates/ttshop-emulator/stateful.txt && cargo xtask codegen`.

#![expect(clippy::print_stdout, reason = "its output is a file")]

use ttshop_catalogue::OPERATIONS;
use ttshop_emulator::{Tier, tier};

fn main() {
    for operation in OPERATIONS.iter().filter(|operation| tier(operation) == Tier::Stateful) {
        println!("{}@{}", operation.key, operation.version);
    }
}
