//! `from __future__ import …`: which features a module switches on, and where the last such statement stands.

use viv_syntax::ast::{Expr, ExprKind, Mod, Span, Stmt, StmtKind};

use crate::error::{Result, syntax_error};

/// What `__future__` statements ask for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Features {
    /// `annotations`: annotations are kept as text.
    pub annotations: bool,
    /// `barry_as_FLUFL`
    pub barry: bool,
    /// The end of the last `__future__` statement, or of what may stand before the first.
    pub last: Span,
}

const KNOWN: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "generator_stop",
];

/// Reads the `__future__` statements at the head of a tree.
pub fn features(tree: &Mod, inherited_annotations: bool) -> Result<Features> {
    let mut found = Features {
        annotations: inherited_annotations,
        ..Features::default()
    };
    let (Mod::Module { body } | Mod::Interactive { body }) = tree else {
        return Ok(found);
    };
    for (index, stmt) in body.iter().enumerate() {
        match &stmt.kind {
            StmtKind::ImportFrom {
                module: Some(module),
                names,
                level: 0,
            } if module == "__future__" => {
                for alias in names {
                    add(&mut found, &alias.name, alias.span)?;
                }
                found.last = stmt.span;
            }
            StmtKind::Expr { value } if index == 0 && is_docstring(value) => {}
            _ => break,
        }
    }
    Ok(found)
}

fn add(found: &mut Features, name: &str, span: Span) -> Result<()> {
    match name {
        "annotations" => found.annotations = true,
        "barry_as_FLUFL" => found.barry = true,
        "braces" => return Err(syntax_error(span, "not a chance")),
        _ if KNOWN.contains(&name) => {}
        _ => {
            return Err(syntax_error(
                span,
                format!("future feature {name:.100} is not defined"),
            ));
        }
    }
    Ok(())
}

/// Whether an expression statement with this value is a docstring.
pub fn is_docstring(value: &Expr) -> bool {
    matches!(
        &value.kind,
        ExprKind::Constant(viv_syntax::ast::Constant::Str { .. })
    )
}

/// The text of the docstring a body starts with.
pub fn docstring(body: &[Stmt]) -> Option<(&Expr, &viv_syntax::ast::StrValue)> {
    if let StmtKind::Expr { value } = &body.first()?.kind
        && let ExprKind::Constant(viv_syntax::ast::Constant::Str { value: text, .. }) = &value.kind
    {
        return Some((value, text));
    }
    None
}
