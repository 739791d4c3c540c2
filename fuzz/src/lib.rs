//! One line for each target of `ttshop-fuzz`.

/// Runs the target of this name.
pub fn run(name: &str, input: &[u8]) {
    let target = ttshop_fuzz::find(name).expect("the target is in the table of `ttshop-fuzz`");
    (target.run)(input);
}
