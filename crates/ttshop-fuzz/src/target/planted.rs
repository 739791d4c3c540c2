//! Targets that fail on purpose, each in its own way, at inputs that only mutation reaches.

use super::{Shape, Target};

const SEED: &[u8] = b"{\"code\":0}";

pub(super) const TARGETS: [Target; 3] = [
    Target { name: "planted-panic", run: panics, seeds },
    Target { name: "planted-abort", run: aborts, seeds },
    Target { name: "planted-hang", run: hangs, seeds },
];

fn seeds() -> Vec<Vec<u8>> {
    vec![SEED.to_vec()]
}

fn is_reached(input: &[u8]) -> bool {
    input.starts_with(b"{\"code\":") && input != SEED
}

fn panics(input: &[u8]) -> Shape {
    assert!(!is_reached(input), "a planted panic");
    Shape(0)
}

fn aborts(input: &[u8]) -> Shape {
    if is_reached(input) {
        std::process::abort();
    }
    Shape(0)
}

fn hangs(input: &[u8]) -> Shape {
    while is_reached(input) {
        std::hint::spin_loop();
    }
    Shape(0)
}
