//! The dumps of the corpus's language scripts are CPython's: `tests/trees.txt` has length and CRC-32 of each, recorded by
//! `scripts/ast-compare --record`. `scripts/ast-compare FILE` shows where a dump differs.

use std::fs;
use std::path::Path;

use viv_syntax::{Mode, dump, parse};

#[test]
fn dumps_are_those_of_cpython() {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../..");
    let recorded = fs::read_to_string(root.join("tests/trees.txt")).expect("the recorded digests");
    let mut compared = 0;
    let mut differing = Vec::new();
    for line in recorded.lines() {
        let path = line.splitn(3, ' ').nth(2).expect("length, checksum, path");
        let source = fs::read(root.join(path)).expect(path);
        let digest = match parse(&source, Mode::Exec) {
            Ok(parsed) => {
                let text = dump(&parsed.ast);
                format!("{} {:08x} {path}", text.len(), crc32(text.as_bytes()))
            }
            Err(error) => format!("{path}: {}", error.msg),
        };
        compared += 1;
        if digest != line {
            differing.push(path);
        }
    }
    assert!(compared >= 100, "only {compared} dumps are recorded");
    assert!(
        differing.is_empty(),
        "scripts/ast-compare {}",
        differing.join(" ")
    );
}

/// The checksum of zlib and PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut crc, &byte| {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1));
        }
        crc
    })
}
