//! Compiles files: `--dis` lists the code, else all code objects are verified, errors shown and the time told.
//! `--sources FILE` compiles sources separated by NUL bytes and prints what becomes of each.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use viv_compiler::{Options, compile_source};
use viv_syntax::Mode;

fn collect(path: &Path, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect();
        entries.sort();
        entries.iter().for_each(|entry| collect(entry, out));
    } else if path.extension().is_some_and(|e| e == "py") {
        out.push(path.to_owned());
    }
}

fn sources(file: &str) {
    let all = std::fs::read(file).unwrap_or_default();
    for source in all.split(|b| *b == 0) {
        match viv_syntax::parse(source, Mode::Exec) {
            Err(e) => println!(
                "PARSE {} {} {} {} {}",
                e.line, e.col, e.end_line, e.end_col, e.msg
            ),
            Ok(_) => match compile_source(source, "<s>", Mode::Exec, &Options::default()) {
                Err(e) => println!(
                    "ERROR {} {} {} {} {}",
                    e.line, e.col, e.end_line, e.end_col, e.msg
                ),
                Ok(output) => {
                    let texts = output
                        .warnings
                        .iter()
                        .map(|w| format!(" W{} {}", w.line, w.msg));
                    println!("OK{}", texts.collect::<String>());
                }
            },
        }
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, flag, file] = args.as_slice()
        && flag == "--sources"
    {
        return sources(file);
    }
    let mut files = Vec::new();
    let mut dis = false;
    for arg in std::env::args().skip(1) {
        if arg == "--dis" {
            dis = true;
        } else if Path::new(&arg).is_dir() {
            collect(Path::new(&arg), &mut files);
        } else {
            files.push(arg.into());
        }
    }
    let (mut ok, mut failed, mut refused, mut words) = (0, 0, 0, 0usize);
    let (mut parsing, mut compiling) = (Duration::ZERO, Duration::ZERO);
    for file in &files {
        let Ok(source) = std::fs::read(file) else {
            continue;
        };
        let name = file.to_string_lossy();
        let start = Instant::now();
        let parsed = viv_syntax::parse(&source, Mode::Exec);
        parsing += start.elapsed();
        if parsed.is_err() && !dis {
            refused += 1;
            continue;
        }
        drop(parsed);
        let start = Instant::now();
        let result = compile_source(&source, &name, Mode::Exec, &Options::default());
        compiling += start.elapsed();
        match result {
            Ok(output) => {
                if dis {
                    print!("{}", viv_bytecode::dis(&output.code));
                    for warning in &output.warnings {
                        println!("warning {}:{} {}", warning.line, warning.col, warning.msg);
                    }
                }
                words += output.code.instrs.len();
                match viv_bytecode::verify(&output.code) {
                    Ok(()) => ok += 1,
                    Err(error) => {
                        failed += 1;
                        println!("{name}: VERIFY {error}");
                    }
                }
            }
            Err(error) => {
                failed += 1;
                println!("{name}:{}:{}: {}", error.line, error.col, error.msg);
            }
        }
    }
    if !dis {
        println!(
            "{ok} compiled and verified, {failed} failed, {refused} refused by the parser, {words} words"
        );
        println!("parsing {parsing:?}, parsing and compiling {compiling:?}");
    }
}
