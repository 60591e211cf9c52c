//! Expressions back to text: what annotations become under `from __future__ import annotations`.

use viv_bytecode::Const;
use viv_syntax::ast::*;
use viv_syntax::{bytes_repr, float_repr, imaginary_repr, str_repr};

/// Binding strength of what surrounds an expression, weakest first.
mod level {
    pub const TUPLE: u8 = 0;
    pub const TEST: u8 = 1;
    pub const OR: u8 = 2;
    pub const AND: u8 = 3;
    pub const NOT: u8 = 4;
    pub const CMP: u8 = 5;
    pub const EXPR: u8 = 6;
    pub const BXOR: u8 = 7;
    pub const BAND: u8 = 8;
    pub const SHIFT: u8 = 9;
    pub const ARITH: u8 = 10;
    pub const TERM: u8 = 11;
    pub const FACTOR: u8 = 12;
    pub const POWER: u8 = 13;
    pub const AWAIT: u8 = 14;
    pub const ATOM: u8 = 15;
}

/// The text of an expression.
pub fn expr(e: &Expr) -> String {
    let mut out = Out::default();
    out.expr(e, level::TEST);
    out.text
}

/// The `repr` of a constant that can be a literal.
pub fn constant(value: &Const) -> String {
    let mut out = Out::default();
    match value {
        Const::None => out.constant(&Constant::None),
        Const::True => out.constant(&Constant::True),
        Const::False => out.constant(&Constant::False),
        Const::Int(n) => out.constant(&Constant::Int(*n)),
        Const::BigInt(digits) => out.constant(&Constant::BigInt(digits.clone())),
        Const::Float(x) => out.constant(&Constant::Float(*x)),
        Const::Complex(re, im) if *re == 0.0 && re.is_sign_positive() => {
            out.constant(&Constant::Imaginary(*im))
        }
        Const::Complex(re, im) => {
            let sign = if im.is_sign_negative() { "" } else { "+" };
            let text = format!("({}{sign}{}j)", complex_part(*re), complex_part(*im));
            out.put(&text);
        }
        Const::Str(bytes) => {
            out.text = str_repr(&String::from_utf8_lossy(bytes).into_owned().into())
        }
        Const::Bytes(bytes) => out.constant(&Constant::Bytes(bytes.to_vec())),
        other => out.put(&viv_bytecode::dis::show(other)),
    }
    out.text
}

fn complex_part(x: f64) -> String {
    float(x).trim_end_matches(".0").to_owned()
}

#[derive(Default)]
struct Out {
    text: String,
}

impl Out {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn parens(&mut self, when: bool, body: impl FnOnce(&mut Self)) {
        if when {
            self.put("(");
        }
        body(self);
        if when {
            self.put(")");
        }
    }

    fn list(&mut self, items: &[Expr], level: u8) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.put(", ");
            }
            self.expr(item, level);
        }
    }

    fn expr(&mut self, e: &Expr, level: u8) {
        crate::stack::deeper(|| self.expr_inner(e, level));
    }

    fn expr_inner(&mut self, e: &Expr, around: u8) {
        use ExprKind as K;
        match &e.kind {
            K::BoolOp { op, values } => {
                let (word, own) = match op {
                    BoolOp::And => (" and ", level::AND),
                    BoolOp::Or => (" or ", level::OR),
                };
                self.parens(around > own, |o| {
                    for (index, value) in values.iter().enumerate() {
                        if index > 0 {
                            o.put(word);
                        }
                        o.expr(value, own + 1);
                    }
                });
            }
            K::BinOp { left, op, right } => {
                let (word, own) = binary(*op);
                let right_first = *op == Operator::Pow;
                self.parens(around > own, |o| {
                    o.expr(left, own + u8::from(right_first));
                    o.put(word);
                    o.expr(right, own + u8::from(!right_first));
                });
            }
            K::UnaryOp { op, operand } => {
                let (word, own) = match op {
                    UnaryOp::Invert => ("~", level::FACTOR),
                    UnaryOp::Not => ("not ", level::NOT),
                    UnaryOp::UAdd => ("+", level::FACTOR),
                    UnaryOp::USub => ("-", level::FACTOR),
                };
                self.parens(around > own, |o| {
                    o.put(word);
                    o.expr(operand, own);
                });
            }
            K::Lambda { args, body } => self.parens(around > level::TEST, |o| {
                let positional = !args.posonlyargs.is_empty() || !args.args.is_empty();
                o.put(if positional { "lambda " } else { "lambda" });
                o.arguments(args);
                o.put(": ");
                o.expr(body, level::TEST);
            }),
            K::IfExp { test, body, orelse } => self.parens(around > level::TEST, |o| {
                o.expr(body, level::TEST + 1);
                o.put(" if ");
                o.expr(test, level::TEST + 1);
                o.put(" else ");
                o.expr(orelse, level::TEST);
            }),
            K::Dict { keys, values } => {
                self.put("{");
                for (index, (key, value)) in keys.iter().zip(values).enumerate() {
                    if index > 0 {
                        self.put(", ");
                    }
                    match key {
                        Some(key) => {
                            self.expr(key, level::TEST);
                            self.put(": ");
                            self.expr(value, level::TEST);
                        }
                        None => {
                            self.put("**");
                            self.expr(value, level::EXPR);
                        }
                    }
                }
                self.put("}");
            }
            K::Set { elts } => {
                self.put("{");
                self.list(elts, level::TEST);
                self.put("}");
            }
            K::GeneratorExp { elt, generators } => self.comp("(", elt, None, generators, ")"),
            K::ListComp { elt, generators } => self.comp("[", elt, None, generators, "]"),
            K::SetComp { elt, generators } => self.comp("{", elt, None, generators, "}"),
            K::DictComp {
                key,
                value,
                generators,
            } => self.comp("{", key, Some(value), generators, "}"),
            K::Yield { value } => {
                self.put("(yield");
                if let Some(value) = value {
                    self.put(" ");
                    self.expr(value, level::TEST);
                }
                self.put(")");
            }
            K::YieldFrom { value } => {
                self.put("(yield from ");
                self.expr(value, level::TEST);
                self.put(")");
            }
            K::Await { value } => self.parens(around > level::AWAIT, |o| {
                o.put("await ");
                o.expr(value, level::ATOM);
            }),
            K::Compare {
                left,
                ops,
                comparators,
            } => self.parens(around > level::CMP, |o| {
                o.expr(left, level::CMP + 1);
                for (op, right) in ops.iter().zip(comparators) {
                    o.put(compare(*op));
                    o.expr(right, level::CMP + 1);
                }
            }),
            K::Call {
                func,
                args,
                keywords,
            } => self.call(func, args, keywords),
            K::Constant(value) => self.constant(value),
            K::JoinedStr { values } => self.joined('f', values),
            K::TemplateStr { values } => self.joined('t', values),
            K::FormattedValue { .. } | K::Interpolation { .. } => {
                let mut inner = Out::default();
                inner.field(e);
                self.put("f");
                self.put(&str_repr(&inner.text.into()));
            }
            K::Attribute { value, attr, .. } => {
                self.expr(value, level::ATOM);
                if matches!(
                    value.kind,
                    K::Constant(Constant::Int(_) | Constant::BigInt(_))
                ) {
                    self.put(" ");
                }
                self.put(".");
                self.put(attr);
            }
            K::Starred { value, .. } => {
                self.put("*");
                self.expr(value, level::EXPR);
            }
            K::Name { id, .. } => self.put(id),
            K::List { elts, .. } => {
                self.put("[");
                self.list(elts, level::TEST);
                self.put("]");
            }
            K::Tuple { elts, .. } if elts.is_empty() => self.put("()"),
            K::Tuple { elts, .. } => self.parens(around > level::TUPLE, |o| {
                o.list(elts, level::TEST);
                if elts.len() == 1 {
                    o.put(",");
                }
            }),
            K::Subscript { value, slice, .. } => {
                self.expr(value, level::ATOM);
                self.put("[");
                self.expr(slice, level::TUPLE);
                self.put("]");
            }
            K::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.expr(lower, level::TEST);
                }
                self.put(":");
                if let Some(upper) = upper {
                    self.expr(upper, level::TEST);
                }
                if let Some(step) = step {
                    self.put(":");
                    self.expr(step, level::TEST);
                }
            }
            K::NamedExpr { target, value } => self.parens(around > level::TUPLE, |o| {
                o.expr(target, level::ATOM);
                o.put(" := ");
                o.expr(value, level::ATOM);
            }),
        }
    }

    fn comp(
        &mut self,
        open: &str,
        elt: &Expr,
        value: Option<&Expr>,
        clauses: &[Comprehension],
        close: &str,
    ) {
        self.put(open);
        self.expr(elt, level::TEST);
        if let Some(value) = value {
            self.put(": ");
            self.expr(value, level::TEST);
        }
        for clause in clauses {
            self.put(if clause.is_async {
                " async for "
            } else {
                " for "
            });
            self.expr(&clause.target, level::TUPLE);
            self.put(" in ");
            self.expr(&clause.iter, level::TEST + 1);
            for test in &clause.ifs {
                self.put(" if ");
                self.expr(test, level::TEST + 1);
            }
        }
        self.put(close);
    }

    fn call(&mut self, func: &Expr, args: &[Expr], keywords: &[Keyword]) {
        self.expr(func, level::ATOM);
        if let ([only], []) = (args, keywords)
            && matches!(only.kind, ExprKind::GeneratorExp { .. })
        {
            // A lone generator expression brings its own parentheses.
            self.expr(only, level::TEST);
            return;
        }
        self.put("(");
        self.list(args, level::TEST);
        for (index, keyword) in keywords.iter().enumerate() {
            if index > 0 || !args.is_empty() {
                self.put(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    self.put(name);
                    self.put("=");
                }
                None => self.put("**"),
            }
            self.expr(&keyword.value, level::TEST);
        }
        self.put(")");
    }

    fn arguments(&mut self, args: &Arguments) {
        let mut first = true;
        let mut comma = |o: &mut Self| {
            if !std::mem::take(&mut first) {
                o.put(", ");
            }
        };
        let positional = args.posonlyargs.len() + args.args.len();
        for (index, arg) in args.posonlyargs.iter().chain(&args.args).enumerate() {
            comma(self);
            self.put(&arg.arg);
            if let Some(default) = (index + args.defaults.len())
                .checked_sub(positional)
                .and_then(|i| args.defaults.get(i))
            {
                self.put("=");
                self.expr(default, level::TEST);
            }
            if !args.posonlyargs.is_empty() && index + 1 == args.posonlyargs.len() {
                self.put(", /");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            comma(self);
            self.put("*");
            if let Some(vararg) = &args.vararg {
                self.put(&vararg.arg);
            }
        }
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            comma(self);
            self.put(&arg.arg);
            if let Some(default) = default {
                self.put("=");
                self.expr(default, level::TEST);
            }
        }
        if let Some(kwarg) = &args.kwarg {
            comma(self);
            self.put("**");
            self.put(&kwarg.arg);
        }
    }

    fn constant(&mut self, value: &Constant) {
        match value {
            Constant::None => self.put("None"),
            Constant::True => self.put("True"),
            Constant::False => self.put("False"),
            Constant::Ellipsis => self.put("..."),
            Constant::Int(n) => self.put(&n.to_string()),
            Constant::BigInt(digits) => self.put(&decimal(digits)),
            Constant::Float(x) => self.put(&float(*x)),
            Constant::Imaginary(x) if x.is_infinite() => self.put("1e309j"),
            Constant::Imaginary(x) => self.put(&imaginary_repr(*x)),
            Constant::Str { value, u } => {
                if *u {
                    self.put("u");
                }
                self.put(&str_repr(value));
            }
            Constant::Bytes(bytes) => self.put(&bytes_repr(bytes)),
        }
    }

    fn joined(&mut self, prefix: char, values: &[Expr]) {
        let mut inner = Out::default();
        inner.joined_parts(values);
        self.text.push(prefix);
        self.put(&str_repr(&inner.text.into()));
    }

    fn joined_parts(&mut self, values: &[Expr]) {
        for value in values {
            match &value.kind {
                ExprKind::Constant(Constant::Str { value, .. }) => {
                    let text = String::from_utf8_lossy(value.as_bytes());
                    self.put(&text.replace('{', "{{").replace('}', "}}"));
                }
                ExprKind::JoinedStr { values } => self.joined_parts(values),
                _ => self.field(value),
            }
        }
    }

    fn field(&mut self, e: &Expr) {
        let (value, conversion, spec) = match &e.kind {
            ExprKind::FormattedValue {
                value,
                conversion,
                format_spec,
            }
            | ExprKind::Interpolation {
                value,
                conversion,
                format_spec,
                ..
            } => (value, *conversion, format_spec),
            _ => return self.expr(e, level::TEST),
        };
        let mut inner = Out::default();
        match &e.kind {
            // A t-string keeps the text of its expressions.
            ExprKind::Interpolation { str, .. } => {
                inner.put(&String::from_utf8_lossy(str.as_bytes()));
            }
            _ => inner.expr(value, level::TEST + 1),
        }
        // A brace at the start must not double the field's own.
        self.put(if inner.text.starts_with('{') {
            "{ "
        } else {
            "{"
        });
        self.put(&inner.text);
        if let Some(c) = u32::try_from(conversion).ok().and_then(char::from_u32) {
            self.put("!");
            self.put(c.encode_utf8(&mut [0; 4]));
        }
        if let Some(spec) = spec {
            self.put(":");
            match &spec.kind {
                ExprKind::JoinedStr { values } => self.joined_parts(values),
                _ => self.joined_parts(std::slice::from_ref(spec)),
            }
        }
        self.put("}");
    }
}

fn binary(op: Operator) -> (&'static str, u8) {
    match op {
        Operator::Add => (" + ", level::ARITH),
        Operator::Sub => (" - ", level::ARITH),
        Operator::Mult => (" * ", level::TERM),
        Operator::MatMult => (" @ ", level::TERM),
        Operator::Div => (" / ", level::TERM),
        Operator::Mod => (" % ", level::TERM),
        Operator::LShift => (" << ", level::SHIFT),
        Operator::RShift => (" >> ", level::SHIFT),
        Operator::BitOr => (" | ", level::EXPR),
        Operator::BitXor => (" ^ ", level::BXOR),
        Operator::BitAnd => (" & ", level::BAND),
        Operator::FloorDiv => (" // ", level::TERM),
        Operator::Pow => (" ** ", level::POWER),
    }
}

fn compare(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}

/// Python's `repr` of a float; infinity as a literal that overflows.
fn float(x: f64) -> String {
    if x.is_infinite() {
        "1e309".to_owned()
    } else {
        float_repr(x)
    }
}

/// Decimal digits of a hexadecimal (or already decimal) number.
fn decimal(digits: &str) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits),
    };
    let Some(hex) = digits.strip_prefix("0x") else {
        return format!("{sign}{digits}");
    };
    // Limbs of nine decimal digits, least significant first.
    let mut limbs = vec![0u64];
    for digit in hex.bytes() {
        let mut carry = u64::from(char::from(digit).to_digit(16).unwrap_or(0));
        for limb in &mut limbs {
            let value = *limb * 16 + carry;
            *limb = value % 1_000_000_000;
            carry = value / 1_000_000_000;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut out = String::from(sign);
    for (index, limb) in limbs.iter().rev().enumerate() {
        out.push_str(&if index == 0 {
            limb.to_string()
        } else {
            format!("{limb:09}")
        });
    }
    out
}
