//! Prints the dump, or the error, of each file named on the command line. `scripts/ast-compare` drives it.
//!
//! `--digest` prints one line `length crc32 path` a file, `--time` how long all of them take to parse. A path `-` reads the
//! list of files from standard input. `--cases` reads sources from there instead; see [`cases`].

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let digest = take(&mut args, "--digest");
    let time = take(&mut args, "--time");
    if take(&mut args, "--cases") {
        return cases();
    }
    if args == ["-"] {
        args = std::io::stdin()
            .lock()
            .lines()
            .map_while(Result::ok)
            .collect();
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut total = Duration::ZERO;
    let mut bytes = 0;
    for path in &args {
        let Ok(source) = std::fs::read(path) else {
            continue;
        };
        let start = Instant::now();
        let parsed = viv_syntax::parse(&source, viv_syntax::Mode::Exec);
        total += start.elapsed();
        bytes += source.len();
        if time {
            continue;
        }
        let text = match &parsed {
            Ok(parsed) => viv_syntax::dump(&parsed.ast),
            Err(e) => format!(
                "{:?}: {} {}:{} {}:{}",
                e.kind, e.msg, e.line, e.col, e.end_line, e.end_col
            ),
        };
        let written = if digest {
            writeln!(out, "{} {:08x} {path}", text.len(), crc32(text.as_bytes()))
        } else {
            writeln!(out, "{text}")
        };
        if written.is_err() {
            return;
        }
    }
    if time {
        let _ = writeln!(
            out,
            "{} files, {bytes} bytes, {:.3} s",
            args.len(),
            total.as_secs_f64()
        );
    }
}

/// Reads cases `mode hexadecimal-source`, one a line, and prints how each is refused.
fn cases() {
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Some((mode, hex)) = line.split_once(' ') else {
            continue;
        };
        let source: Vec<u8> = (0..hex.len() / 2)
            .filter_map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok())
            .collect();
        let mode_of = match mode.trim_end_matches("-str") {
            "eval" => viv_syntax::Mode::Eval,
            "single" => viv_syntax::Mode::Single,
            _ => viv_syntax::Mode::Exec,
        };
        let parsed = match std::str::from_utf8(&source) {
            Ok(text) if mode.ends_with("-str") => viv_syntax::parse_str(text, mode_of),
            _ => viv_syntax::parse(&source, mode_of),
        };
        let written = match parsed {
            Ok(_) => writeln!(out, "ok"),
            Err(e) if mode.ends_with("-typos") => {
                let source = String::from_utf8_lossy(&source);
                let typo = viv_syntax::keyword_typo(&e, &source, false, |_| true);
                let typo = typo.map(|t| format!("{} {} {}", t.msg, t.col, t.end_col));
                writeln!(out, "{}", typo.unwrap_or_default())
            }
            Err(e) => writeln!(
                out,
                "{:?}\t{}\t{}\t{}\t{}\t{}\t{:?}",
                e.kind,
                e.msg.escape_debug(),
                e.line,
                e.col,
                e.end_line,
                e.end_col,
                e.text.unwrap_or_default()
            ),
        };
        if written.is_err() {
            return;
        }
    }
}

fn take(args: &mut Vec<String>, flag: &str) -> bool {
    let before = args.len();
    args.retain(|a| a != flag);
    args.len() < before
}

/// The checksum of zlib, which Python computes quickly.
fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256u32)
        .map(|n| {
            (0..8).fold(n, |c, _| {
                if c & 1 == 1 {
                    0xedb8_8320 ^ (c >> 1)
                } else {
                    c >> 1
                }
            })
        })
        .collect();
    !bytes.iter().fold(!0u32, |c, b| {
        table[((c ^ u32::from(*b)) & 0xff) as usize] ^ (c >> 8)
    })
}
