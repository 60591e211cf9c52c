//! String literals: escapes, and concatenation of what stands side by side.

use super::Cx;
use crate::ast::{Constant, Expr, ExprKind, StrValue};
use crate::error::Warning;
use crate::escape::{self, EscapeError, Found};
use crate::lexer::Kind;

/// One of the literals that stand side by side.
pub enum StringPart {
    /// A token without fields.
    Plain(u32),
    /// An f-string (or, if `template`, a t-string) with its parts.
    Ft {
        template: bool,
        values: Vec<Expr>,
        end: u32,
    },
}

/// Prefix letters and body of a string token.
struct Literal<'s> {
    bytes: bool,
    raw: bool,
    u: bool,
    body: &'s str,
}

fn literal(token: &str) -> Literal<'_> {
    let start = token.find(['"', '\'']).unwrap_or(0);
    let prefix = &token.as_bytes()[..start];
    let has = |c: u8| prefix.iter().any(|b| b | 0x20 == c);
    let rest = token.get(start..).unwrap_or("");
    let quotes = if rest.len() >= 6 && (rest.starts_with("\"\"\"") || rest.starts_with("'''")) {
        3
    } else {
        1
    };
    let body = rest
        .get(quotes..rest.len().saturating_sub(quotes))
        .unwrap_or("");
    Literal {
        bytes: has(b'b'),
        raw: has(b'r'),
        // CPython notes the small letter only.
        u: prefix.contains(&b'u'),
        body,
    }
}

/// The expression of literals side by side.
pub fn strings(cx: &mut Cx<'_>, l: u32, parts: Vec<StringPart>, r: u32) -> Expr {
    let is_bytes = |p: &StringPart| matches!(p, StringPart::Plain(i) if literal(cx.text(*i)).bytes);
    let bytes = parts.iter().filter(|p| is_bytes(p)).count();
    let templates = parts
        .iter()
        .filter(|p| matches!(p, StringPart::Ft { template: true, .. }))
        .count();
    let fstrings = parts.iter().any(|p| matches!(p, StringPart::Ft { .. }));
    let mixed_templates = templates > 0 && templates < parts.len();
    if !mixed_templates && (bytes == 0 || bytes == parts.len()) {
        return if fstrings {
            concatenate_ft(cx, l, parts, r, templates > 0)
        } else if bytes > 0 {
            concatenate_bytes(cx, l, &parts, r)
        } else {
            concatenate_plain(cx, l, &parts, r)
        };
    }
    // What is wrong with one of them comes before that they do not go together.
    for part in &parts {
        match part {
            StringPart::Plain(token) if literal(cx.text(*token)).bytes => {
                bytes_value(cx, *token, &mut Vec::new());
            }
            StringPart::Plain(token) => drop(string_value(cx, *token)),
            StringPart::Ft { .. } => {}
        }
    }
    if mixed_templates {
        let end = first_other_kind(&parts).unwrap_or(r);
        let span = cx.span(l, end);
        cx.error(
            "cannot mix t-string literals with string or bytes literals",
            span,
        );
    } else {
        cx.error_after(r, "cannot mix bytes and nonbytes literals");
    }
    cx.expr(l, ExprKind::Constant(Constant::None), r)
}

/// The token after the first part that is a t-string where the first is none, or the other way round.
fn first_other_kind(parts: &[StringPart]) -> Option<u32> {
    let template = |p: &StringPart| matches!(p, StringPart::Ft { template: true, .. });
    let first = template(parts.first()?);
    parts
        .iter()
        .find(|p| template(p) != first)
        .map(|p| match p {
            StringPart::Plain(token) => token + 1,
            StringPart::Ft { end, .. } => *end,
        })
}

fn concatenate_plain(cx: &mut Cx<'_>, l: u32, parts: &[StringPart], r: u32) -> Expr {
    let mut value = StrValue::new();
    for (i, part) in parts.iter().enumerate() {
        let StringPart::Plain(token) = part else {
            continue;
        };
        let text = string_value(cx, *token);
        if i == 0 {
            value = text;
        } else {
            value.push_value(&text);
        }
    }
    let u = matches!(parts.first(), Some(StringPart::Plain(i)) if literal(cx.text(*i)).u);
    cx.expr(l, ExprKind::Constant(Constant::Str { value, u }), r)
}

fn concatenate_bytes(cx: &mut Cx<'_>, l: u32, parts: &[StringPart], r: u32) -> Expr {
    let mut value = Vec::new();
    for part in parts {
        let StringPart::Plain(token) = part else {
            continue;
        };
        bytes_value(cx, *token, &mut value);
    }
    cx.expr(l, ExprKind::Constant(Constant::Bytes(value)), r)
}

fn bytes_value(cx: &mut Cx<'_>, token: u32, value: &mut Vec<u8>) {
    let lit = literal(cx.text(token));
    if !lit.body.is_ascii() {
        let span = cx.token(token).span;
        cx.error("bytes can only contain ASCII literal characters", span);
    } else if lit.raw || !lit.body.contains('\\') {
        value.extend_from_slice(lit.body.as_bytes());
    } else {
        let found = escape::decode_bytes(lit.body, value);
        note(cx, token, lit.body, found);
    }
}

fn string_value(cx: &mut Cx<'_>, token: u32) -> StrValue {
    let lit = literal(cx.text(token));
    if lit.raw || !lit.body.contains('\\') {
        return StrValue::from(lit.body);
    }
    let mut value = StrValue::new();
    let found = escape::decode_str(lit.body, &mut value);
    note(cx, token, lit.body, found);
    value
}

/// Reports what decoding the text `body` of a token found: a warning, or an error.
pub(super) fn note(
    cx: &mut Cx<'_>,
    token: u32,
    body: &str,
    found: Result<Option<Found>, EscapeError>,
) {
    let part = cx.token(token).kind == Kind::FtMiddle;
    let span = cx.token(token).span;
    match found {
        Ok(None) => {}
        Ok(Some(found)) => {
            // The line is counted from the token's; in an f-string CPython counts from its closing quotes.
            let before = body.get(..found.at).unwrap_or("");
            let first = if part {
                string_end(cx, token)
            } else {
                span.line
            };
            let line = first + before.matches('\n').count() as u32;
            let (col, width) = if part {
                (span.col, 0)
            } else {
                (escape_column(cx, token, line, body, found.at), 2)
            };
            cx.warnings.push(Warning {
                deprecation: false,
                msg: found.message(),
                line,
                col,
                width,
            });
        }
        // CPython decodes the parts of an f-string when it has come to its end.
        Err(error) if part => cx.note_ft_error(error.message()),
        Err(error) => cx.error(error.message(), span),
    }
}

/// The column, in characters, of an escape `at` bytes after the start of a literal's body.
fn escape_column(cx: &Cx<'_>, token: u32, line: u32, body: &str, at: usize) -> u32 {
    let text = cx.text(token);
    // The body ends where the quotes do that it began with.
    let quotes = if text.len() >= body.len() + 6 { 3 } else { 1 };
    let start = text.len().saturating_sub(body.len() + quotes);
    let place = cx.token(token).start as usize + start + at;
    u32::try_from(cx.source.char_col(cx.source.line_start(line), place)).unwrap_or(0)
}

/// Reports the escapes of the plain strings before token `end`, where the source turned out to be wrong.
pub(crate) fn note_strings(cx: &mut Cx<'_>, end: u32) {
    cx.warnings.clear();
    for token in 0..end {
        if cx.token(token).kind != Kind::String {
            continue;
        }
        let lit = literal(cx.text(token));
        if lit.raw || !lit.body.contains('\\') {
            continue;
        }
        let found = if lit.bytes {
            escape::decode_bytes(lit.body, &mut Vec::new())
        } else {
            escape::decode_str(lit.body, &mut StrValue::new())
        };
        if let Ok(Some(_)) = found {
            note(cx, token, lit.body, found);
        }
    }
}

/// The line of the closing quotes of the f- or t-string around token `i`.
fn string_end(cx: &Cx<'_>, i: u32) -> u32 {
    let mut depth = 0usize;
    for token in cx.tokens.iter().skip(i as usize) {
        match token.kind {
            Kind::FStringStart | Kind::TStringStart => depth += 1,
            Kind::FtEnd if depth == 0 => return token.span.end_line,
            Kind::FtEnd => depth -= 1,
            _ => {}
        }
    }
    cx.token(i).span.end_line
}

/// An f- or t-string's values, with constants side by side joined and empty ones left out.
pub(super) fn join_constants(values: Vec<Expr>) -> Vec<Expr> {
    let mut joined: Vec<Expr> = Vec::with_capacity(values.len());
    for e in values {
        if let ExprKind::Constant(Constant::Str { value: next, .. }) = &e.kind
            && let Some(last) = joined.last_mut()
            && let ExprKind::Constant(Constant::Str { value, .. }) = &mut last.kind
        {
            value.push_value(next);
            last.span = last.span.to(e.span);
            continue;
        }
        joined.push(e);
    }
    let empty = |e: &Expr| matches!(&e.kind, ExprKind::Constant(Constant::Str { value, .. }) if value.is_empty());
    joined.retain(|e| !empty(e));
    joined
}

fn concatenate_ft(cx: &mut Cx<'_>, l: u32, parts: Vec<StringPart>, r: u32, template: bool) -> Expr {
    let mut all = Vec::new();
    for part in parts {
        match part {
            StringPart::Plain(token) => {
                let value = string_value(cx, token);
                let u = literal(cx.text(token)).u;
                let kind = ExprKind::Constant(Constant::Str { value, u });
                all.push(cx.expr(token, kind, token + 1));
            }
            StringPart::Ft { values, .. } => all.extend(values),
        }
    }
    let values = join_constants(all);
    let kind = if template {
        ExprKind::TemplateStr { values }
    } else {
        ExprKind::JoinedStr { values }
    };
    cx.expr(l, kind, r)
}
