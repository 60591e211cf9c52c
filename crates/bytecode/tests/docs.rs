//! `docs/opcodes.md` is what the opcode table says; with `UPDATE_DOCS` set it is written.

use std::path::Path;

#[test]
fn opcodes_page_is_current() {
    let path = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../../docs/opcodes.md");
    let want = viv_bytecode::docs::opcodes();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &want).expect("docs/opcodes.md can be written");
    }
    let have = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        have == want,
        "docs/opcodes.md is out of date: run UPDATE_DOCS=1 cargo test -p viv-bytecode"
    );
}

#[test]
fn numbers_and_opcodes_agree() {
    for (number, op) in viv_bytecode::op::ALL.iter().enumerate() {
        assert_eq!(*op as usize, number);
        assert_eq!(viv_bytecode::Op::from_u8(number as u8), Some(*op));
    }
}
