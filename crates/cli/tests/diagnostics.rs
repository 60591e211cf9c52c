//! Mistakes as a terminal shows them: each script of tests/diagnostics has its text beside it, and advice in it.
//!
//! `VIV_RECORD=1` writes the texts anew; they are to be read before they are committed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn folder() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo"))
        .join("../../tests/diagnostics")
}

fn viv(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_viv"))
        .args(arguments)
        .current_dir(folder())
        .env_remove("FORCE_COLOR")
        .env("NO_COLOR", "1")
        .output()
}

fn scripts() -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".py").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

#[test]
fn every_mistake_gets_advice() -> Outcome {
    let record = std::env::var_os("VIV_RECORD").is_some();
    let here = folder().canonicalize()?.to_string_lossy().into_owned();
    let mut wrong = Vec::new();
    let names = scripts()?;
    assert!(names.len() >= 40, "{names:?}");
    for name in names {
        let output = viv(&["--diagnostics=rich", &format!("{name}.py")])?;
        let text = String::from_utf8(output.stderr)?.replace(&format!("{here}/"), "");
        let golden = folder().join(format!("{name}.txt"));
        if record {
            std::fs::write(&golden, &text)?;
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if text != expected || !text.contains("help: ") || output.status.code() != Some(1) {
            wrong.push(format!("== {name}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn tools_get_json() -> Outcome {
    let output = viv(&["--diagnostics=json", "missing_colon.py"])?;
    let value: serde_json::Value = serde_json::from_slice(&output.stderr)?;
    assert_eq!(value["kind"], "SyntaxError");
    assert_eq!(value["message"], "expected ':'");
    assert_eq!((&value["line"], &value["column"]), (&1.into(), &8.into()));
    assert!(value["help"].is_string());
    let output = viv(&["--diagnostics=json", "--nonsense"])?;
    let value: serde_json::Value = serde_json::from_slice(&output.stderr)?;
    assert_eq!(value["kind"], "usage");
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

#[test]
fn without_a_terminal_the_text_is_plain() -> Outcome {
    let output = viv(&["missing_colon.py"])?;
    let text = String::from_utf8(output.stderr)?;
    assert!(
        text.ends_with("line 1\n    if True\n           ^\nSyntaxError: expected ':'\n"),
        "{text}"
    );
    Ok(())
}
