//! The binary: its allocator, its provider of cryptography, and nothing else.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Whoever installs a provider first wins; there is only one in this binary.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    ttshop_cli::run(std::env::args_os())
}
