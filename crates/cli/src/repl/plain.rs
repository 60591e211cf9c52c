//! The prompt without a terminal: lines from standard input, prompts to standard error, no editing.

use std::io::BufRead as _;

use vivarium::session::{Outcome, Session, wants_more};

use super::say;

/// Runs statements until the input ends; gives the exit code.
pub fn run(session: &Session<'_>) -> i32 {
    let mut text = String::new();
    loop {
        say(&session.prompt(if text.is_empty() { "ps1" } else { "ps2" }));
        let mut bytes = Vec::new();
        let mut blank_before = true;
        // The lock is held for one line only: the program may read standard input, too.
        let ended = match std::io::stdin().lock().read_until(b'\n', &mut bytes) {
            Ok(read) => read == 0,
            Err(_) => true,
        };
        text.push_str(&String::from_utf8_lossy(&bytes));
        let line = text.strip_suffix('\n').unwrap_or(&text);
        if ended || !wants_more(line) {
            let blank = text.trim().is_empty();
            // The last line has no end of its own.
            let is_last = ended || !bytes.ends_with(b"\n");
            if is_last && !blank {
                say("\n");
            }
            if !blank && let Outcome::Exit(code) = session.run_single(&text, "<stdin>") {
                return code;
            }
            text.clear();
            blank_before = blank;
        }
        if ended {
            if !blank_before {
                say(&session.prompt("ps1"));
            }
            say("\n");
            return 0;
        }
    }
}
