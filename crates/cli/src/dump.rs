//! `--dump`: what the lexer, the parser and the compiler make of a file, without running it.

use std::ffi::OsStr;
use std::io::Write as _;

use vivarium::codegen::{Options, compile_source};
use vivarium::syntax::{self, Mode, SyntaxError};

use crate::args::Dump;

/// Prints what was asked for; gives the exit code.
pub fn dump(what: Dump, file: &OsStr, optimize: u8) -> u8 {
    let read = std::fs::read(file);
    let file = &*file.to_string_lossy();
    let source = match read {
        Ok(source) => source,
        Err(error) => {
            eprintln!("viv: can't open file '{file}': {error}");
            return 2;
        }
    };
    let text = match what {
        Dump::Tokens => syntax::dump_tokens(&source).map_err(|error| *error),
        Dump::Ast => syntax::parse(&source, Mode::Exec)
            .map(|parsed| syntax::dump(&parsed.ast))
            .map_err(|error| *error),
        Dump::Bytecode => {
            let options = Options {
                optimize,
                future_annotations: false,
                top_level_await: false,
            };
            compile_source(&source, file, Mode::Exec, &options)
                .map(|output| vivarium::bytecode::dis(&output.code))
        }
    };
    match text {
        Ok(mut text) => {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            // A reader that has gone away wants no more.
            let _ = std::io::stdout().write_all(text.as_bytes());
            0
        }
        Err(error) => {
            eprint!("{}", plain(&error, file));
            1
        }
    }
}

/// A refusal as `FILE:LINE:COLUMN: message`.
fn plain(error: &SyntaxError, file: &str) -> String {
    format!("{file}:{}:{}: {error}\n", error.line, error.col)
}
