//! `ttshop completions`: what a shell needs to complete commands.

use clap::Args;
use clap_complete::Shell;

use crate::app;
use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  ttshop completions bash > ~/.local/share/bash-completion/completions/ttshop
  ttshop completions zsh > ~/.zfunc/_ttshop";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell to write for.
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut app::definition(), "ttshop", &mut script);
    output.line(String::from_utf8_lossy(&script).trim_end())
}
