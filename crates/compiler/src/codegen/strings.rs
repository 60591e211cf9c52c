//! f-strings, t-strings, `%` formatting of literals and docstrings.

use viv_bytecode::{Const, Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::at;
use super::expr::STACK_GUIDELINE;
use crate::error::Result;

fn conversion_code(conversion: i32) -> u32 {
    match u32::try_from(conversion).ok().and_then(char::from_u32) {
        Some('s') => 1,
        Some('r') => 2,
        Some('a') => 3,
        _ => 0,
    }
}

impl<'a> Codegen<'a> {
    pub fn joined_str(&mut self, loc: Location, values: &'a [Expr]) -> Result<()> {
        if values.len() > STACK_GUIDELINE {
            self.load_str(loc, "");
            self.op_name(loc, Op::LOAD_METHOD, &Name::const_new("join"));
            self.op(loc, Op::BUILD_LIST, 0);
            for value in values {
                self.expr(value)?;
                self.op(loc, Op::LIST_APPEND, 1);
            }
            self.op(loc, Op::CALL, 1);
            return Ok(());
        }
        self.exprs(values)?;
        match values.len() {
            0 => self.load_str(loc, ""),
            1 => {}
            count => self.op(loc, Op::BUILD_STRING, count as u32),
        }
        Ok(())
    }

    pub fn formatted_value(
        &mut self,
        loc: Location,
        value: &'a Expr,
        conversion: i32,
        spec: Option<&'a Expr>,
    ) -> Result<()> {
        self.expr(value)?;
        let code = conversion_code(conversion);
        if code != 0 {
            self.op(loc, Op::CONVERT_VALUE, code);
        }
        match spec {
            Some(spec) => {
                self.expr(spec)?;
                self.op0(loc, Op::FORMAT_WITH_SPEC);
            }
            None => self.op0(loc, Op::FORMAT_SIMPLE),
        }
        Ok(())
    }

    pub fn interpolation(
        &mut self,
        loc: Location,
        value: &'a Expr,
        text: &'a StrValue,
        conversion: i32,
        spec: Option<&'a Expr>,
    ) -> Result<()> {
        self.expr(value)?;
        self.load(loc, Const::Str(text.as_bytes().into()));
        if let Some(spec) = spec {
            self.expr(spec)?;
        }
        let arg = conversion_code(conversion) << 2 | u32::from(spec.is_some());
        self.op(loc, Op::BUILD_INTERPOLATION, arg);
        Ok(())
    }

    pub fn template_str(&mut self, loc: Location, values: &'a [Expr]) -> Result<()> {
        // Strings and interpolations take turns, beginning and ending with a string.
        let mut strings = 0;
        let mut open = true;
        for value in values {
            if matches!(value.kind, ExprKind::Interpolation { .. }) {
                if open {
                    self.load_str(loc, "");
                    strings += 1;
                }
                open = true;
            } else {
                self.expr(value)?;
                strings += 1;
                open = false;
            }
        }
        if open {
            self.load_str(loc, "");
            strings += 1;
        }
        self.tuple(loc, strings);
        let mut count = 0;
        for value in values
            .iter()
            .filter(|v| matches!(v.kind, ExprKind::Interpolation { .. }))
        {
            self.expr(value)?;
            count += 1;
        }
        self.tuple(loc, count);
        self.op0(loc, Op::BUILD_TEMPLATE);
        Ok(())
    }

    /// `'…%s…' % (a, b)` with a literal on the left becomes what the f-string would be.
    pub fn percent_format(
        &mut self,
        expr: &'a Expr,
        left: &'a Expr,
        op: Operator,
        right: &'a Expr,
    ) -> Result<bool> {
        let (
            Operator::Mod,
            ExprKind::Constant(Constant::Str { value, .. }),
            ExprKind::Tuple { elts, .. },
        ) = (op, &left.kind, &right.kind)
        else {
            return Ok(false);
        };
        if elts
            .iter()
            .any(|e| matches!(e.kind, ExprKind::Starred { .. }))
            || elts.len() > STACK_GUIDELINE / 2
        {
            return Ok(false);
        }
        let Some(parts) = value
            .as_str()
            .and_then(|text| percent_parts(text, elts.len()))
        else {
            return Ok(false);
        };
        let loc = at(expr.span);
        let mut count = 0;
        let mut values = elts.iter();
        for part in parts {
            count += 1;
            match part {
                Part::Text(text) => self.load_str(at(left.span), &text),
                Part::Field { conversion, spec } => {
                    let Some(value) = values.next() else { continue };
                    self.expr(value)?;
                    let place = at(value.span);
                    self.op(place, Op::CONVERT_VALUE, conversion);
                    if spec.is_empty() {
                        self.op0(place, Op::FORMAT_SIMPLE);
                    } else {
                        self.load_str(place, &spec);
                        self.op0(place, Op::FORMAT_WITH_SPEC);
                    }
                }
            }
        }
        match count {
            0 => self.load_str(loc, ""),
            1 => {}
            count => self.op(loc, Op::BUILD_STRING, count),
        }
        Ok(true)
    }
}

enum Part {
    Text(String),
    Field { conversion: u32, spec: String },
}

/// Splits a `%` format whose fields are all `%s`, `%r` or `%a` with at most a width, a precision and a `-`.
fn percent_parts(text: &str, fields: usize) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    let mut found = 0;
    while let Some(c) = chars.next() {
        if c != '%' {
            literal.push(c);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            literal.push('%');
            continue;
        }
        let mut left = false;
        while chars.peek() == Some(&'-') {
            chars.next();
            left = true;
        }
        let digits = |chars: &mut std::iter::Peekable<std::str::Chars>| {
            let mut number = String::new();
            while let Some(d) = chars.next_if(char::is_ascii_digit) {
                number.push(d);
            }
            number
        };
        if chars.peek() == Some(&'0') {
            return None;
        }
        let width = digits(&mut chars);
        let mut precision = None;
        if chars.next_if_eq(&'.').is_some() {
            precision = Some(digits(&mut chars));
        }
        let conversion = match chars.next()? {
            's' => 1,
            'r' => 2,
            'a' => 3,
            _ => return None,
        };
        if width.len() > 2 || precision.as_ref().is_some_and(|p| p.len() > 2) {
            return None;
        }
        let mut spec = String::new();
        if !left && !width.is_empty() {
            spec.push('>');
        }
        spec.push_str(&width);
        if let Some(precision) = precision {
            spec.push('.');
            spec.push_str(if precision.is_empty() {
                "0"
            } else {
                &precision
            });
        }
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal)));
        }
        parts.push(Part::Field { conversion, spec });
        found += 1;
    }
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    (found == fields).then_some(parts)
}

/// A docstring without its common indentation.
pub fn clean_doc(doc: &[u8]) -> Box<[u8]> {
    // Leading blanks of the first line go; tabs count as up to eight columns, as `str.expandtabs` has it.
    let text = expand_tabs(doc);
    let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    let indent = |line: &[u8]| line.iter().take_while(|b| **b == b' ').count();
    let margin = lines
        .iter()
        .skip(1)
        .filter(|l| indent(l) < l.len())
        .map(|l| indent(l))
        .min()
        .unwrap_or(0);
    let mut out = Vec::with_capacity(text.len());
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            out.extend_from_slice(&line[indent(line)..]);
        } else {
            out.push(b'\n');
            out.extend_from_slice(&line[margin.min(indent(line))..]);
        }
    }
    out.into()
}

fn expand_tabs(doc: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(doc.len());
    let mut column = 0usize;
    for &byte in doc {
        match byte {
            b'\t' => {
                let fill = 8 - column % 8;
                out.extend(std::iter::repeat_n(b' ', fill));
                column += fill;
            }
            b'\n' | b'\r' => {
                out.push(byte);
                column = 0;
            }
            _ => {
                out.push(byte);
                // Continuation bytes take no column.
                column += usize::from(byte & 0xc0 != 0x80);
            }
        }
    }
    out
}
