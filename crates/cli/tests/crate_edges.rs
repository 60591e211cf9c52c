//! The crates use each other only as `docs/architecture.md` says.
//!
//! The table is data here; `cargo metadata` is asked for the edges that exist (normal, build and
//! development ones alike), and any edge that the table does not allow fails. The same goes for
//! the crates that belong to the command line alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each crate and what it may use.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("viv-syntax", &[]),
    ("viv-bytecode", &[]),
    ("viv-compiler", &["viv-syntax", "viv-bytecode"]),
    ("viv-heap", &[]),
    ("viv-host", &[]),
    ("viv-system", &[]),
    (
        "viv-runtime",
        &["viv-heap", "viv-bytecode", "viv-host", "viv-system"],
    ),
    (
        "viv-stdlib",
        // The first three compile the library when it is built, and only then.
        &[
            "viv-syntax",
            "viv-compiler",
            "viv-bytecode",
            "viv-runtime",
            "viv-host",
            "viv-system",
        ],
    ),
    (
        "vivarium",
        &[
            "viv-syntax",
            "viv-bytecode",
            "viv-compiler",
            "viv-heap",
            "viv-host",
            "viv-runtime",
            "viv-stdlib",
            "viv-system",
        ],
    ),
    ("viv-cli", &["vivarium"]),
];

/// What only the command line may use.
const CLI_ONLY: [&str; 3] = ["clap", "rustyline", "miette"];

/// Package name → names of all its dependencies, of every kind.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let names = |list: &Value| -> BTreeSet<String> {
        list.as_array()
            .into_iter()
            .flatten()
            .filter_map(|dependency| Some(dependency["name"].as_str()?.to_owned()))
            .collect()
    };
    metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|package| {
            let name = package["name"].as_str()?.to_owned();
            Some((name, names(&package["dependencies"])))
        })
        .collect()
}

#[test]
fn every_crate_is_in_the_table() {
    let found: BTreeSet<String> = dependencies().into_keys().collect();
    let listed: BTreeSet<String> = MAY_USE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, listed);
}

#[test]
fn crates_use_only_what_the_table_allows() {
    let listed: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut wrong = Vec::new();
    for (name, uses) in dependencies() {
        let allowed = listed.get(name.as_str()).copied().unwrap_or(&[]);
        for used in uses {
            if listed.contains_key(used.as_str()) && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{name} -> {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "edges outside the design: {wrong:?}");
}

#[test]
fn the_library_compiles_nothing_at_run_time() {
    let manifest = include_str!("../../stdlib/Cargo.toml");
    let section = |title: &str| {
        let (_, rest) = manifest.split_once(title).unwrap_or_default();
        rest.split("\n[").next().unwrap_or_default()
    };
    for build_only in ["viv-syntax", "viv-compiler", "viv-bytecode"] {
        assert!(section("\n[build-dependencies]").contains(build_only));
        assert!(!section("\n[dependencies]").contains(build_only));
    }
}

#[test]
fn only_the_command_line_draws_and_prompts() {
    let mut wrong = Vec::new();
    for (name, uses) in dependencies() {
        for used in CLI_ONLY {
            if name != "viv-cli" && uses.contains(used) {
                wrong.push(format!("{name} -> {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "crates for viv-cli alone: {wrong:?}");
}

/// All files of Rust code under a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the workspace") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn unsafe_code_stands_where_the_design_says() {
    let crates = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("..");
    let allowed = [
        "heap/",
        "system/src/",
        "runtime/src/eval/",
        "runtime/src/object/",
    ];
    let mut files = Vec::new();
    sources(&crates, &mut files);
    let permission = concat!("allow(", "unsafe_code");
    let wrong: Vec<String> = files
        .iter()
        .filter_map(|path| path.strip_prefix(&crates).ok().map(|name| (path, name)))
        .filter(|(_, name)| !allowed.iter().any(|place| name.starts_with(place)))
        .filter(|(path, _)| std::fs::read_to_string(path).is_ok_and(|s| s.contains(permission)))
        .map(|(_, name)| name.display().to_string())
        .collect();
    assert!(
        wrong.is_empty(),
        "unsafe code outside the design: {wrong:?}"
    );
}
