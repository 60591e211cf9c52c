//! What LALR(1) cannot tell from one token of lookahead, decided once, between lexer and parser.
//!
//! 1. `match`, `case` and `type` are keywords only where a statement of theirs starts, and names elsewhere. `match`
//!    opens a statement if its logical line ends in a colon outside brackets, which no expression statement does; `case`
//!    is a keyword at the start of each line directly in the block of a `match`; `type` is one where a name follows it
//!    and then `=` or `[`.
//! 2. `with (` opens a parenthesised list of with-items if the closing bracket stands directly before the colon, and what
//!    is between could be such items: not empty, and neither a `:=`, a `yield`, a starred item nor a comprehension of its
//!    own. Otherwise the bracket belongs to an expression.
//! 3. After `from __future__ import barry_as_FLUFL` the operators `<>` and `!=` change places.
//!
//! Invariant: only kinds change, never the number or the places of tokens.

use crate::lexer::{Kind, Token};

/// Marks soft keywords and the brackets of with-items.
pub fn classify(text: &str, tokens: &mut [Token]) {
    let mut blocks: Vec<Block> = vec![Block::Other];
    let mut next_block = Block::Other;
    for i in 1..tokens.len() {
        match tokens[i].kind {
            Kind::Indent => {
                blocks.push(next_block);
                next_block = Block::Other;
            }
            Kind::Dedent => {
                blocks.pop();
            }
            Kind::Name => match word(text, tokens[i]) {
                "match" if starts_line(tokens, i) && ends_in_colon(tokens, i) => {
                    tokens[i].kind = Kind::Match;
                    next_block = Block::Match;
                }
                "case" if starts_line(tokens, i) && blocks.last() == Some(&Block::Match) => {
                    tokens[i].kind = Kind::Case;
                }
                "barry_as_FLUFL" if in_future_import(text, tokens, i) => {
                    swap_unequal(&mut tokens[i..])
                }
                "type" if starts_statement(tokens, i) && type_follows(tokens, i) => {
                    tokens[i].kind = Kind::Type;
                }
                _ => {}
            },
            Kind::With if holds_items(tokens, i + 1) => tokens[i + 1].kind = Kind::WithLPar,
            _ => {}
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Block {
    Match,
    Other,
}

fn word(text: &str, token: Token) -> &str {
    text.get(token.start as usize..token.end as usize)
        .unwrap_or("")
}

fn starts_line(tokens: &[Token], i: usize) -> bool {
    matches!(
        tokens[i - 1].kind,
        Kind::Newline | Kind::Indent | Kind::Dedent | Kind::StartExec | Kind::StartSingle
    )
}

fn starts_statement(tokens: &[Token], i: usize) -> bool {
    starts_line(tokens, i) || matches!(tokens[i - 1].kind, Kind::Semi | Kind::Colon)
}

fn type_follows(tokens: &[Token], i: usize) -> bool {
    let kind = |n: usize| tokens.get(i + n).map(|t| t.kind);
    kind(1) == Some(Kind::Name) && matches!(kind(2), Some(Kind::Equal | Kind::LSqb))
}

fn in_future_import(text: &str, tokens: &[Token], i: usize) -> bool {
    let start = tokens[..i]
        .iter()
        .rposition(|t| t.kind == Kind::From)
        .unwrap_or(0);
    tokens
        .get(start + 1)
        .is_some_and(|t| word(text, *t) == "__future__")
}

fn swap_unequal(tokens: &mut [Token]) {
    for token in tokens {
        token.kind = match token.kind {
            Kind::LessGreater => Kind::NotEqual,
            Kind::NotEqual => Kind::LessGreater,
            kind => kind,
        };
    }
}

fn ends_in_colon(tokens: &[Token], i: usize) -> bool {
    // Brackets hold no newline tokens, so the first one ends the logical line.
    let end = tokens[i..]
        .iter()
        .position(|t| matches!(t.kind, Kind::Newline | Kind::End));
    end.is_some_and(|n| n > 2 && tokens[i + n - 1].kind == Kind::Colon)
}

/// Whether the brackets at `open` enclose with-items and stand before the colon of the statement.
fn holds_items(tokens: &[Token], open: usize) -> bool {
    if tokens.get(open).is_none_or(|t| t.kind != Kind::LPar) {
        return false;
    }
    let mut depth = 0usize;
    for i in open..tokens.len() {
        match tokens[i].kind {
            Kind::LPar | Kind::LSqb | Kind::LBrace => depth += 1,
            Kind::RPar | Kind::RSqb | Kind::RBrace => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return i > open + 1
                        && tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Colon);
                }
            }
            Kind::ColonEqual | Kind::Yield | Kind::For if depth == 1 => return false,
            Kind::Star if depth == 1 && matches!(tokens[i - 1].kind, Kind::LPar | Kind::Comma) => {
                return false;
            }
            Kind::Newline | Kind::End | Kind::Error => return false,
            _ => {}
        }
    }
    false
}
