//! The cookbook's code is the code of the examples.

use std::fs;
use std::path::Path;

#[test]
fn every_chapter_shows_the_example_that_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let chapters = root.join("../../docs/cookbook");
    let mut shown = 0;
    for example in fs::read_dir(root.join("examples/cookbook")).unwrap() {
        let path = example.unwrap().path();
        let job = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if job == "main" {
            continue;
        }
        let example = fs::read_to_string(&path).unwrap();
        let chapter = fs::read_to_string(chapters.join(format!("{job}.md"))).unwrap();
        let code = chapter.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
        for line in code.lines() {
            assert!(
                example.lines().any(|compiled| compiled == line),
                "{job}: `{line}` is not in the example"
            );
        }
        assert!(code.contains("pub(crate)"), "{job} shows no function");
        shown += 1;
    }
    assert_eq!(shown, 10);
}
