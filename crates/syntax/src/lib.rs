//! The syntax of Python 3.14: from source text to an abstract syntax tree, or to CPython's very error.
//!
//! ```text
//! bytes ─source→ text ─lexer→ tokens ─classify→ tokens ─LALR parser + actions→ tree
//!                                                         └─refused→ diagnose→ SyntaxError
//! ```
//!
//! - [`source`] decodes (byte-order mark, coding cookie) and normalises line ends.
//! - [`lexer`] makes a vector of payload-free tokens. logos recognises what is regular; lines, brackets, strings and numbers
//!   are scanned by hand, and an f-string is a mode that the ordinary lexer returns to (PEP 701).
//! - `classify` settles what one token of lookahead cannot: soft keywords and the parentheses of `with`.
//! - `grammar/python.lalrpop`, at the top of the repository, is the grammar. Its locations are token indices, so that
//!   its actions find place and text of whatever they need; the actions only call the helpers of `actions`. Where the
//!   language is narrower than an LALR(1) grammar can say (targets, parameters, arguments), the grammar is wider and a
//!   helper judges.
//! - [`ast`] is the tree, node for node CPython's ASDL; [`dump`] prints it as `ast.dump` does.
//! - `diagnose` runs only for a source that is refused: a second reader, by recursive descent, which finds the message and
//!   place that CPython gives.
//!
//! **Invariant:** nothing here reads files, and nothing panics, whatever the input.
//!
//! **Invariant:** no tree is deeper than [`ast::MAX_DEPTH`]. Every helper that builds a node checks it, so that neither
//! consumers nor `Drop` overflow the stack; the LALR parser itself keeps its stack on the heap.
//!
//! What belongs to the compiler's stages is not found here: `return` outside a function, `nonlocal` at module level,
//! starred expressions where none may stand, f-strings in patterns, names bound twice, `from __future__`'s features.
//!
//! ```
//! use viv_syntax::{Mode, dump, parse_str};
//!
//! let parsed = parse_str("x = 1\n", Mode::Exec).expect("well-formed");
//! assert!(dump(&parsed.ast).starts_with("Module("));
//!
//! let error = parse_str("f(a b)\n", Mode::Exec).expect_err("a comma is missing");
//! assert_eq!(error.msg, "invalid syntax. Perhaps you forgot a comma?");
//! assert_eq!((error.line, error.col, error.end_col), (1, 3, 6));
//! ```

mod actions;
pub mod ast;
mod classify;
mod diagnose;
mod dump;
mod error;
mod escape;
pub mod lexer;
pub mod number;
mod parser;
pub mod source;
mod suggest;
mod unicode;

pub use dump::{bytes_repr, dump, dump_tokens, float_repr, imaginary_repr, str_repr};
pub use error::{ErrorKind, SyntaxError, Warning};
pub use parser::{Mode, Parsed, parse, parse_str};
pub use suggest::keyword_typo;

/// What LALRPOP makes of `grammar/python.lalrpop`.
#[allow(unused, clippy::all)]
#[rustfmt::skip]
mod grammar {
    include!(concat!(env!("OUT_DIR"), "/python.rs"));
}
