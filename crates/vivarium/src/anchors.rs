//! What tracebacks underline with `^` inside an expression: the operator, the brackets or the parentheses that failed.
//!
//! The text is parsed between parentheses on lines of their own, so that an expression over several lines is one; its
//! first line is therefore line 2 of what is parsed.

use viv_runtime::vm::interp::Anchors;
use viv_syntax::ast::{Expr, ExprKind, Mod, Span, StmtKind};
use viv_syntax::{Mode, parse_str};

/// A line and a byte column, both from 0.
type Position = (usize, usize);

fn end_of(span: Span) -> Position {
    (
        (span.end_line as usize).saturating_sub(2),
        span.end_col as usize,
    )
}

fn start_of(span: Span) -> Position {
    ((span.line as usize).saturating_sub(2), span.col as usize)
}

/// The first position from `at` whose character passes; comments and continued line ends are passed over.
fn find(lines: &[&str], at: Position, passes: impl Fn(char) -> bool) -> Option<Position> {
    let (mut line, mut col) = at;
    loop {
        let rest = lines.get(line)?.get(col..)?;
        for (i, c) in rest.char_indices() {
            if matches!(c, '#' | '\\') {
                break;
            }
            if passes(c) {
                return Some((line, col + i));
            }
        }
        line += 1;
        col = 0;
    }
}

/// See [`viv_runtime::vm::Compiler::anchors`].
pub(crate) fn anchors(text: &str) -> Option<Anchors> {
    let parsed = parse_str(&format!("(\n{text}\n)"), Mode::Exec).ok()?;
    let Mod::Module { body, .. } = &parsed.ast else {
        return None;
    };
    let [statement] = body.as_slice() else {
        return None;
    };
    let StmtKind::Expr { value } = &statement.kind else {
        return None;
    };
    let lines: Vec<&str> = text.split('\n').collect();
    match &value.kind {
        ExprKind::BinOp { left, right, .. } => {
            let operator = find(&lines, end_of(left.span), |c| {
                !c.is_whitespace() && c != ')'
            })?;
            let (line, col) = operator;
            let mut end = col + 1;
            let next = lines.get(line)?.get(end..)?.chars().next();
            if (line, end) < start_of(right.span)
                && next.is_some_and(|c| !c.is_whitespace() && !matches!(c, '\\' | '#'))
            {
                end += 1;
            }
            Some(Anchors {
                left: operator,
                right: (line, end),
            })
        }
        ExprKind::Subscript {
            value: container, ..
        } => Some(Anchors {
            left: find(&lines, end_of(container.span), |c| c == '[')?,
            right: end_of(value.span),
        }),
        ExprKind::Call { func, .. } => Some(Anchors {
            left: find(&lines, end_of(func.span), |c| c == '(')?,
            right: end_of(value.span),
        }),
        _ => None,
    }
}

/// See [`viv_runtime::vm::Compiler::is_plain_call`].
pub(crate) fn is_plain_call(lines: &str, start: usize, end: usize) -> bool {
    let Ok(parsed) = parse_str(lines, Mode::Exec) else {
        return false;
    };
    let Mod::Module { body, .. } = &parsed.ast else {
        return false;
    };
    let Some(statement) = body.first() else {
        return false;
    };
    let call: Option<&Expr> = match &statement.kind {
        StmtKind::Return { value: Some(value) } => match &value.kind {
            ExprKind::Call { func, .. } if matches!(func.kind, ExprKind::Name { .. }) => {
                Some(value)
            }
            _ => None,
        },
        StmtKind::Assign { targets, value, .. } if matches!(targets.as_slice(), [t] if matches!(t.kind, ExprKind::Name { .. })) => {
            matches!(value.kind, ExprKind::Call { .. }).then_some(value)
        }
        _ => None,
    };
    let count = lines.split('\n').count();
    call.is_some_and(|call| {
        let span = call.span;
        span.line == 1
            && span.end_line as usize == count
            && span.col as usize == start
            && span.end_col as usize == end
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_brackets_and_parentheses() {
        assert_eq!(
            anchors("a + b"),
            Some(Anchors {
                left: (0, 2),
                right: (0, 3)
            })
        );
        assert_eq!(
            anchors("(a) // b"),
            Some(Anchors {
                left: (0, 4),
                right: (0, 6)
            })
        );
        assert_eq!(
            anchors("x[1]"),
            Some(Anchors {
                left: (0, 1),
                right: (0, 4)
            })
        );
        assert_eq!(
            anchors("f(\n1\n)"),
            Some(Anchors {
                left: (0, 1),
                right: (2, 1)
            })
        );
        assert_eq!(anchors("a.b"), None);
        assert!(is_plain_call("return f(1)", 7, 11));
        assert!(!is_plain_call("return o.f(1)", 7, 13));
    }
}
