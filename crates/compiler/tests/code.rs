//! The code of small sources, as listings beside them in `tests/code`; with `UPDATE_CODE` set they are written.

use std::path::Path;

use viv_compiler::{Options, compile_source};
use viv_syntax::Mode;

#[test]
fn listings() {
    let folder =
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("tests/code");
    let update = std::env::var_os("UPDATE_CODE").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("tests/code exists") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "py") {
            continue;
        }
        count += 1;
        let source = std::fs::read(&path).expect("a source");
        let output = compile_source(&source, "code.py", Mode::Exec, &Options::default());
        let output = output.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        viv_bytecode::verify(&output.code).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let listing = viv_bytecode::dis(&output.code);
        let expected = path.with_extension("txt");
        if update {
            std::fs::write(&expected, &listing).expect("a listing can be written");
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != listing {
            wrong.push(path.display().to_string());
        }
    }
    assert!(count >= 30, "only {count} sources");
    assert!(
        wrong.is_empty(),
        "listings differ (UPDATE_CODE=1 writes them): {wrong:#?}"
    );
}
