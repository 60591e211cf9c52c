//! The documentation tells the truth about the tree: every path it names exists.
//!
//! Read are `README.md`, `docs/*.md` and `tests/README.md`. A path is a word in back-quotes that begins with a folder
//! of the top level, such as `crates/heap/src/arena.rs`; anything after a blank or with a placeholder in capitals,
//! braces or stars is left alone.

use std::fs;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 5] = ["crates/", "grammar/", "scripts/", "tests/", "docs/"];

fn root() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../..")
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("tests/README.md")];
    let docs = fs::read_dir(root().join("docs"));
    let docs = docs.into_iter().flatten().flatten().map(|e| e.path());
    pages.extend(docs.filter(|path| path.extension().is_some_and(|e| e == "md")));
    pages.retain(|path| path.exists());
    pages.sort();
    pages
}

/// The paths a page names in back-quotes.
fn named_paths(text: &str) -> Vec<&str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)))
        .filter(|word| {
            word.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "/._-".contains(c))
        })
        .collect()
}

#[test]
fn paths_named_in_the_documentation_exist() {
    let mut missing = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap_or_default();
        for path in named_paths(&text) {
            if !root().join(path).exists() {
                missing.push(format!("{}: {path}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no such path: {missing:#?}");
}
