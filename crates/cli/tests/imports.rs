//! Every module of the embedded library is imported, but for those that `tests/stdlib/imports.txt` lists with a reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn every_module_is_imported_or_listed() {
    let tests =
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../../tests");
    let output = Command::new(env!("CARGO_BIN_EXE_viv"))
        .arg(tests.join("import_all.py"))
        .output()
        .expect("viv runs");
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let pairs = |text: &str| -> BTreeMap<String, String> {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(": "))
            .map(|(name, why)| (name.to_owned(), why.to_owned()))
            .collect()
    };
    let listed = fs::read_to_string(tests.join("stdlib/imports.txt")).expect("the list is there");
    let (found, listed) = (pairs(&found), pairs(&listed));
    let unlisted: Vec<_> = found
        .iter()
        .filter(|(name, _)| !listed.contains_key(*name))
        .collect();
    let passing: Vec<_> = listed
        .keys()
        .filter(|name| !found.contains_key(*name))
        .collect();
    assert!(
        unlisted.is_empty(),
        "cannot be imported and are not listed: {unlisted:#?}"
    );
    assert!(passing.is_empty(), "are listed, and imported: {passing:#?}");
}
