//! Warnings about code that is legal but surely wrong.

use viv_syntax::Warning;
use viv_syntax::ast::*;

use super::Codegen;

/// The type an expression certainly has.
fn type_name(expr: &Expr) -> Option<&'static str> {
    use ExprKind as K;
    Some(match &expr.kind {
        K::Tuple { .. } => "tuple",
        K::List { .. } | K::ListComp { .. } => "list",
        K::Dict { .. } | K::DictComp { .. } => "dict",
        K::Set { .. } | K::SetComp { .. } => "set",
        K::GeneratorExp { .. } => "generator",
        K::Lambda { .. } => "function",
        K::TemplateStr { .. } => "string.templatelib.Template",
        K::Interpolation { .. } => "string.templatelib.Interpolation",
        K::JoinedStr { .. } | K::FormattedValue { .. } => "str",
        K::Constant(value) => constant_type(value),
        _ => return None,
    })
}

fn constant_type(value: &Constant) -> &'static str {
    match value {
        Constant::None => "NoneType",
        Constant::True | Constant::False => "bool",
        Constant::Ellipsis => "ellipsis",
        Constant::Int(_) | Constant::BigInt(_) => "int",
        Constant::Float(_) => "float",
        Constant::Imaginary(_) => "complex",
        Constant::Str { .. } => "str",
        Constant::Bytes(_) => "bytes",
    }
}

/// Whether an operand of `is` is a literal whose identity means nothing.
fn odd_identity(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(value) => !matches!(
            value,
            Constant::None | Constant::True | Constant::False | Constant::Ellipsis
        ),
        ExprKind::Tuple { .. } => is_constant(expr),
        _ => false,
    }
}

/// Whether the expression is a literal, or a tuple of such.
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) => true,
        ExprKind::Tuple { elts, .. } => elts.iter().all(is_constant),
        _ => false,
    }
}

impl<'a> Codegen<'a> {
    /// Notes a `SyntaxWarning`.
    pub fn warn(&mut self, span: Span, msg: String) {
        if self.quiet == 0 {
            self.warnings.push(Warning {
                deprecation: false,
                msg,
                line: span.line,
                col: span.col,
                width: 0,
            });
        }
    }

    pub fn warn_compare(
        &mut self,
        expr: &Expr,
        left: &'a Expr,
        ops: &[CmpOp],
        comparators: &'a [Expr],
    ) {
        let mut left = left;
        for (op, right) in ops.iter().zip(comparators) {
            let (word, better) = match op {
                CmpOp::Is => ("is", "=="),
                CmpOp::IsNot => ("is not", "!="),
                _ => {
                    left = right;
                    continue;
                }
            };
            let odd = [left, right].into_iter().find(|e| odd_identity(e));
            if let Some(kind) = odd.and_then(type_name) {
                let msg = format!("\"{word}\" with '{kind}' literal. Did you mean \"{better}\"?");
                self.warn(expr.span, msg);
            }
            left = right;
        }
    }

    pub fn warn_caller(&mut self, expr: &Expr, func: &Expr) {
        let _ = expr;
        use ExprKind as K;
        let odd = matches!(
            func.kind,
            K::Constant(_)
                | K::Tuple { .. }
                | K::List { .. }
                | K::ListComp { .. }
                | K::Dict { .. }
                | K::DictComp { .. }
                | K::Set { .. }
                | K::SetComp { .. }
                | K::GeneratorExp { .. }
                | K::JoinedStr { .. }
                | K::TemplateStr { .. }
                | K::FormattedValue { .. }
                | K::Interpolation { .. }
        );
        if let (true, Some(kind)) = (odd, type_name(func)) {
            self.warn(
                func.span,
                format!("'{kind}' object is not callable; perhaps you missed a comma?"),
            );
        }
    }

    pub fn warn_subscript(&mut self, expr: &Expr, value: &Expr, slice: &Expr) {
        let _ = expr;
        use ExprKind as K;
        let unsubscriptable = match &value.kind {
            K::Constant(c) => !matches!(c, Constant::Str { .. } | Constant::Bytes(_)),
            K::Set { .. }
            | K::SetComp { .. }
            | K::GeneratorExp { .. }
            | K::Lambda { .. }
            | K::TemplateStr { .. }
            | K::Interpolation { .. } => true,
            _ => false,
        };
        let Some(kind) = type_name(value) else { return };
        if unsubscriptable {
            self.warn(
                value.span,
                format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"),
            );
            return;
        }
        let indexed = matches!(
            value.kind,
            K::Constant(_)
                | K::Tuple { .. }
                | K::List { .. }
                | K::ListComp { .. }
                | K::JoinedStr { .. }
                | K::FormattedValue { .. }
        );
        let index = type_name(slice).filter(|t| !matches!(*t, "int" | "bool"));
        if let (true, Some(index)) = (indexed, index) {
            let msg = format!(
                "{kind} indices must be integers or slices, not {index}; perhaps you missed a comma?"
            );
            self.warn(value.span, msg);
        }
    }

    pub fn warn_assert(&mut self, stmt: &Stmt, test: &Expr) {
        if matches!(&test.kind, ExprKind::Tuple { elts, .. } if !elts.is_empty()) {
            self.warn(
                stmt.span,
                "assertion is always true, perhaps remove parentheses?".to_owned(),
            );
        }
    }

    /// Leaving a `finally` clause by `return`, `break` or `continue` swallows exceptions (PEP 765).
    pub fn warn_leaves_finally(&mut self, span: Span, word: &str) {
        self.warn(span, format!("'{word}' in a 'finally' block"));
    }
}
