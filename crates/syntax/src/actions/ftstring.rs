//! The parts of f- and t-strings.

use super::{Cx, StringPart, join_constants, note};
use crate::ast::{Constant, Expr, ExprKind, StrValue};
use crate::escape::{self, EscapeError, Found};
use crate::lexer::Kind;

/// An f- or t-string that is being parsed.
pub(super) struct OpenString {
    raw: bool,
    template: bool,
    /// What is wrong with one of its texts.
    error: Option<String>,
}

/// A replacement field, as the values it stands for.
pub struct Field {
    /// With `=`, the text of the expression.
    debug: Option<Expr>,
    value: Expr,
}

/// An f- or t-string begins at token `l`.
pub fn ft_begin(cx: &mut Cx<'_>, l: u32) {
    let raw = cx.text(l).bytes().any(|b| b | 0x20 == b'r');
    cx.open.push(OpenString {
        raw,
        template: cx.token(l).kind == Kind::TStringStart,
        error: None,
    });
}

pub fn ft_string(cx: &mut Cx<'_>, l: u32, values: Vec<Expr>, end: u32) -> StringPart {
    if let Some(error) = cx.open.pop().and_then(|open| open.error) {
        cx.error(error, cx.token(end - 1).span);
    }
    let template = cx.token(l).kind == Kind::TStringStart;
    StringPart::Ft {
        template,
        values,
        end,
    }
}

impl Cx<'_> {
    /// Keeps an error in a text of the innermost f- or t-string until that has been read.
    pub(super) fn note_ft_error(&mut self, msg: String) {
        if let Some(open) = self.open.last_mut() {
            open.error.get_or_insert(msg);
        }
    }
}

/// Literal text, in which braces are doubled.
pub fn ft_text(cx: &mut Cx<'_>, mut values: Vec<Expr>, l: u32) -> Vec<Expr> {
    let text = cx.text(l);
    let raw = cx.open.last().is_some_and(|open| open.raw);
    let mut value = StrValue::new();
    let span = cx.token(l).span;
    if !text.contains(['{', '}', '\\']) {
        value.push_str(text);
    } else {
        undouble(cx, l, text, raw, &mut value);
    }
    values.push(cx.expr_at(span, ExprKind::Constant(Constant::Str { value, u: false })));
    values
}

/// Decodes text with doubled braces.
fn undouble(cx: &mut Cx<'_>, token: u32, text: &str, raw: bool, value: &mut StrValue) {
    let bytes = text.as_bytes();
    let (mut start, mut pos) = (0, 0);
    while let Some(&b) = bytes.get(pos) {
        match b {
            b'{' | b'}' if bytes.get(pos + 1) == Some(&b) => {
                decode(cx, token, text.get(start..=pos).unwrap_or(""), raw, value);
                pos += 2;
                start = pos;
            }
            b'\\'
                if !raw
                    && bytes.get(pos + 1) == Some(&b'N')
                    && bytes.get(pos + 2) == Some(&b'{') =>
            {
                pos += bytes[pos..]
                    .iter()
                    .position(|&b| b == b'}')
                    .map_or(3, |i| i + 1);
            }
            b'\\' if !matches!(bytes.get(pos + 1), None | Some(b'{' | b'}')) => pos += 2,
            _ => pos += 1,
        }
    }
    decode(cx, token, text.get(start..).unwrap_or(""), raw, value);
}

fn decode(cx: &mut Cx<'_>, token: u32, text: &str, raw: bool, value: &mut StrValue) {
    if raw || !text.contains('\\') {
        value.push_str(text);
        return;
    }
    // A backslash before a brace stands for itself, with a warning.
    let (body, brace) = match text
        .strip_suffix(['{', '}'])
        .filter(|b| ends_in_odd_backslashes(b))
    {
        Some(body) => (
            body.get(..body.len() - 1).unwrap_or(""),
            text.get(body.len() - 1..).unwrap_or(""),
        ),
        None if ends_in_odd_backslashes(text) => (
            text.get(..text.len() - 1).unwrap_or(""),
            text.get(text.len() - 1..).unwrap_or(""),
        ),
        None => (text, ""),
    };
    let found = escape::decode_str(body, value);
    note(cx, token, body, found);
    value.push_str(brace);
    if !brace.is_empty() {
        let next = brace.chars().nth(1).unwrap_or('{');
        let found = Ok::<_, EscapeError>(Some(Found::brace(next)));
        note(cx, token, body, found);
    }
}

fn ends_in_odd_backslashes(text: &str) -> bool {
    text.bytes().rev().take_while(|&b| b == b'\\').count() % 2 == 1
}

pub fn ft_field(mut values: Vec<Expr>, field: Field) -> Vec<Expr> {
    values.extend(field.debug);
    values.push(field.value);
    values
}

/// A field within a format specification, which is no interpolation even in a t-string.
pub fn spec_field(values: Vec<Expr>, mut field: Field) -> Vec<Expr> {
    if let ExprKind::Interpolation {
        value,
        conversion,
        format_spec,
        ..
    } = field.value.kind
    {
        field.value.kind = ExprKind::FormattedValue {
            value,
            conversion,
            format_spec,
        };
    }
    ft_field(values, field)
}

/// Literal text of a format specification.
pub fn spec_text(cx: &mut Cx<'_>, mut values: Vec<Expr>, l: u32) -> Vec<Expr> {
    let mut value = StrValue::new();
    let raw = cx.open.last().is_some_and(|open| open.raw);
    undouble(cx, l, cx.text(l), raw, &mut value);
    if let Some(error) = cx.open.last_mut().and_then(|open| open.error.take()) {
        cx.error(error, cx.token(l + 1).span);
    }
    values.push(cx.expr(
        l,
        ExprKind::Constant(Constant::Str { value, u: false }),
        l + 1,
    ));
    values
}

pub fn field_spec(cx: &mut Cx<'_>, l: u32, values: Vec<Expr>, r: u32) -> Expr {
    let values = join_constants(values);
    cx.expr(l, ExprKind::JoinedStr { values }, r)
}

/// The source text from the brace at token `l` up to token `end`, comments left out.
fn field_text(cx: &Cx<'_>, l: u32, end: u32) -> String {
    let source = cx.source.text();
    let mut text = String::new();
    for i in l..end {
        if i > l {
            text.push_str(cx.text(i));
        }
        let gap = source
            .get(cx.token(i).end as usize..cx.token(i + 1).start as usize)
            .unwrap_or("");
        push_without_comments(&mut text, gap);
    }
    text
}

fn push_without_comments(text: &mut String, gap: &str) {
    let mut rest = gap;
    while let Some(at) = rest.find('#') {
        text.push_str(&rest[..at]);
        rest = rest[at..].find('\n').map_or("", |n| &rest[at + n..]);
    }
    text.push_str(rest);
}

/// `{value = !conversion :spec}`; `debug` is the place of the `=`, `conversion` that of the letter.
pub fn field(
    cx: &mut Cx<'_>,
    l: u32,
    value: Expr,
    debug: Option<u32>,
    conversion: Option<u32>,
    format_spec: Option<Expr>,
    r: u32,
) -> Field {
    // The token after the expression and its `=`: `!`, `:` or `}`.
    let after = match (conversion, &format_spec) {
        (Some(c), _) => c.saturating_sub(1),
        (None, Some(spec)) => spec_token(cx, spec, r),
        (None, None) => r.saturating_sub(1),
    };
    let letter = conversion.map(|c| conversion_code(cx, c));
    let code = match letter {
        Some(code) => code,
        None if debug.is_some() && format_spec.is_none() => i32::from(b'r'),
        None => -1,
    };
    let debug_text = debug.map(|_| {
        let text = field_text(cx, l, after);
        let (open, end) = (cx.token(l).span, cx.token(after).span);
        let span = crate::ast::Span {
            line: open.line,
            col: open.col + 1,
            end_line: end.line,
            end_col: end.col,
        };
        cx.expr_at(
            span,
            ExprKind::Constant(Constant::Str {
                value: StrValue::from(text),
                u: false,
            }),
        )
    });
    let (value, format_spec) = (Box::new(value), format_spec.map(Box::new));
    let template = cx.open.last().is_some_and(|open| open.template);
    let kind = if template {
        let str = StrValue::from(field_text(cx, l, debug.unwrap_or(after)));
        ExprKind::Interpolation {
            value,
            str,
            conversion: code,
            format_spec,
        }
    } else {
        ExprKind::FormattedValue {
            value,
            conversion: code,
            format_spec,
        }
    };
    Field {
        debug: debug_text,
        value: cx.expr(l, kind, r),
    }
}

/// The index of the colon that begins a format specification, searched backwards from the field's end.
fn spec_token(cx: &Cx<'_>, spec: &Expr, r: u32) -> u32 {
    let at = |i: u32| cx.token(i).span;
    let mut i = r.saturating_sub(1);
    while i > 0 && (at(i).line, at(i).col) > (spec.span.line, spec.span.col) {
        i -= 1;
    }
    i
}

fn conversion_code(cx: &mut Cx<'_>, c: u32) -> i32 {
    let text = cx.text(c);
    let adjacent = cx.token(c.saturating_sub(1)).end == cx.token(c).start;
    match text {
        "s" | "r" | "a" if adjacent => i32::from(text.as_bytes()[0]),
        _ => {
            cx.invalid();
            -1
        }
    }
}
