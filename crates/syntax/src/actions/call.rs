//! Arguments of calls: their order, and a generator expression without brackets of its own.

use super::Cx;
use crate::ast::{Comprehension, Expr, ExprKind, Keyword, Name};

/// One argument as written.
pub enum Argument {
    Positional(Expr),
    Keyword(Keyword),
    /// `x for …`: allowed only alone. Its node spans the brackets of the call.
    Generator(u32, Expr, Vec<Comprehension>, u32),
}

/// The arguments of a call.
#[derive(Default)]
pub struct Args {
    pub(super) args: Vec<Expr>,
    pub(super) keywords: Vec<Keyword>,
    /// The only argument is a generator expression without brackets.
    pub(super) bare_generator: bool,
}

pub fn keyword(cx: &mut Cx<'_>, l: u32, arg: Option<Name>, value: Expr, r: u32) -> Argument {
    Argument::Keyword(Keyword {
        span: cx.span(l, r),
        arg,
        value,
    })
}

/// Sorts arguments and judges their order: no positional one after a keyword, nothing starred after `**`.
pub fn arguments_of_call(cx: &mut Cx<'_>, list: Vec<Argument>) -> Args {
    let mut args = Args::default();
    let alone = list.len() == 1;
    let mut unpacked = false;
    for argument in list {
        match argument {
            Argument::Positional(e) => {
                let starred = matches!(e.kind, ExprKind::Starred { .. });
                if unpacked || (!starred && !args.keywords.is_empty()) {
                    cx.invalid();
                }
                args.args.push(e);
            }
            Argument::Keyword(k) => {
                unpacked |= k.arg.is_none();
                args.keywords.push(k);
            }
            Argument::Generator(l, elt, generators, r) => {
                // A trailing comma would make `r` no bracket.
                let closes = cx.token(r).kind == crate::lexer::Kind::RPar;
                if !alone || !closes {
                    cx.invalid();
                }
                args.bare_generator = true;
                args.args.push(super::generator(
                    cx,
                    l.saturating_sub(1),
                    elt,
                    generators,
                    r + 1,
                ));
            }
        }
    }
    args
}

pub fn call(cx: &mut Cx<'_>, l: u32, func: Expr, args: Args, r: u32) -> Expr {
    let kind = ExprKind::Call {
        func: Box::new(func),
        args: args.args,
        keywords: args.keywords,
    };
    cx.expr(l, kind, r)
}
