//! Packs the pure-Python half of the standard library and our own modules in Python (`python/`): each file deflated, one
//! after the other, and an index of them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What is left out: programs and tests that are no part of a running script, and what needs libraries that are not there.
const LEFT_OUT: &[&str] = &[
    "ensurepip",
    "idlelib",
    "lib2to3",
    "test",
    "tests",
    "tkinter",
    "turtle.py",
    "turtledemo",
    "venv",
    "__hello__.py",
    "__phello__",
    "_dummy_os.py",
    "_dummy_thread.py",
    "dummy_threading.py",
];

fn main() {
    let root = Path::new(rustpython_pylib::LIB_PATH);
    let mut files = Vec::new();
    collect(root, &mut files);
    let mut files: Vec<(String, PathBuf)> = files
        .into_iter()
        .filter_map(|file| {
            let name = file.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            Some((name, file))
        })
        .collect();
    let mut own = Vec::new();
    for entry in fs::read_dir("python")
        .expect("the package has the folder")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.retain(|(other, _)| *other != name);
        own.push(name.trim_end_matches(".py").to_owned());
        files.push((name, entry.path()));
    }
    files.sort();
    let mut blob = Vec::new();
    let mut index = String::from("&[\n");
    for (name, file) in &files {
        let text = fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let start = blob.len();
        let mut packer = flate2::write::DeflateEncoder::new(blob, flate2::Compression::best());
        packer.write_all(&text).expect("memory takes all bytes");
        blob = packer.finish().expect("memory takes all bytes");
        index += &format!("({name:?}, {start}, {}, {}),\n", blob.len(), text.len());
    }
    index.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("library.bin"), blob).expect("OUT_DIR can be written");
    own.sort();
    fs::write(out.join("own.rs"), format!("&{own:?}")).expect("OUT_DIR can be written");
    fs::write(out.join("library.rs"), index).expect("OUT_DIR can be written");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=python");
}

/// All Python files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        if LEFT_OUT.contains(&name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if name.ends_with(".py") {
            files.push(path);
        }
    }
}
