//! Expressions, their operators, parameters and arguments.

use super::{Name, Span, StrValue};

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// The height of the tree below and including this node; see [`Expr::new`].
    pub depth: u32,
    /// What it is.
    pub kind: ExprKind,
}

/// The alternatives of `expr`.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `a and b and c`: one node per run of equal operators.
    BoolOp { op: BoolOp, values: Vec<Expr> },
    /// `target := value`
    NamedExpr { target: Box<Expr>, value: Box<Expr> },
    /// `left op right`
    BinOp {
        left: Box<Expr>,
        op: Operator,
        right: Box<Expr>,
    },
    /// `op operand`
    UnaryOp { op: UnaryOp, operand: Box<Expr> },
    /// `lambda args: body`
    Lambda {
        args: Box<Arguments>,
        body: Box<Expr>,
    },
    /// `body if test else orelse`
    IfExp {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    /// `{k: v, **m}`; a `None` key marks an unpacked mapping.
    Dict {
        keys: Vec<Option<Expr>>,
        values: Vec<Expr>,
    },
    /// `{a, b}`
    Set { elts: Vec<Expr> },
    /// `[elt for …]`
    ListComp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    /// `{elt for …}`
    SetComp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    /// `{key: value for …}`
    DictComp {
        key: Box<Expr>,
        value: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    /// `(elt for …)`
    GeneratorExp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    /// `await value`
    Await { value: Box<Expr> },
    /// `yield value`
    Yield { value: Option<Box<Expr>> },
    /// `yield from value`
    YieldFrom { value: Box<Expr> },
    /// `left ops[0] comparators[0] ops[1] …`; both vectors have the same length.
    Compare {
        left: Box<Expr>,
        ops: Vec<CmpOp>,
        comparators: Vec<Expr>,
    },
    /// `func(args, keywords)`
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<Keyword>,
    },
    /// A replacement field of an f-string. `conversion` is -1, or the code of `s`, `r` or `a`.
    FormattedValue {
        value: Box<Expr>,
        conversion: i32,
        format_spec: Option<Box<Expr>>,
    },
    /// A replacement field of a t-string; `str` is the text of the expression as written.
    Interpolation {
        value: Box<Expr>,
        str: StrValue,
        conversion: i32,
        format_spec: Option<Box<Expr>>,
    },
    /// An f-string: `Constant` strings and `FormattedValue`s in turn.
    JoinedStr { values: Vec<Expr> },
    /// A t-string: `Constant` strings and `Interpolation`s in turn.
    TemplateStr { values: Vec<Expr> },
    /// A literal. `kind` of the ASDL is `Some("u")` where [`Constant::Str`] says so.
    Constant(Constant),
    /// `value.attr`
    Attribute {
        value: Box<Expr>,
        attr: Name,
        ctx: ExprContext,
    },
    /// `value[slice]`
    Subscript {
        value: Box<Expr>,
        slice: Box<Expr>,
        ctx: ExprContext,
    },
    /// `*value`
    Starred { value: Box<Expr>, ctx: ExprContext },
    /// A name.
    Name { id: Name, ctx: ExprContext },
    /// `[a, b]`
    List { elts: Vec<Expr>, ctx: ExprContext },
    /// `a, b`
    Tuple { elts: Vec<Expr>, ctx: ExprContext },
    /// `lower:upper:step`, only inside a subscript.
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
}

/// The value of a literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An integer that fits.
    Int(i64),
    /// A larger integer: `0x` and lower-case hexadecimal digits without leading zeros or underscores.
    BigInt(Box<str>),
    /// A float.
    Float(f64),
    /// An imaginary number: its imaginary part.
    Imaginary(f64),
    /// A string; `u` tells whether its first part had the prefix `u`.
    Str { value: StrValue, u: bool },
    /// A bytes object.
    Bytes(Vec<u8>),
}

/// `boolop`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoolOp {
    And,
    Or,
}

/// `operator`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    Add,
    Sub,
    Mult,
    MatMult,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv,
}

/// `unaryop`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Invert,
    Not,
    UAdd,
    USub,
}

/// `cmpop`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CmpOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

/// `expr_context`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExprContext {
    Load,
    Store,
    Del,
}

/// One `for target in iter if …` clause of a comprehension.
#[derive(Clone, Debug, PartialEq)]
pub struct Comprehension {
    pub target: Expr,
    pub iter: Expr,
    pub ifs: Vec<Expr>,
    pub is_async: bool,
}

/// A parameter list.
///
/// `defaults` belong to the last parameters of `posonlyargs` and `args` together; `kw_defaults` has one entry for
/// each of `kwonlyargs`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    pub posonlyargs: Vec<Arg>,
    pub args: Vec<Arg>,
    pub vararg: Option<Box<Arg>>,
    pub kwonlyargs: Vec<Arg>,
    pub kw_defaults: Vec<Option<Expr>>,
    pub kwarg: Option<Box<Arg>>,
    pub defaults: Vec<Expr>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    pub span: Span,
    pub arg: Name,
    pub annotation: Option<Box<Expr>>,
}

/// A keyword argument; without a name it is `**value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    pub span: Span,
    pub arg: Option<Name>,
    pub value: Expr,
}

fn max(exprs: &[Expr]) -> u32 {
    exprs.iter().map(|e| e.depth).max().unwrap_or(0)
}

fn opt(expr: Option<&Expr>) -> u32 {
    expr.map_or(0, |e| e.depth)
}

fn generators(clauses: &[Comprehension]) -> u32 {
    let depth = |c: &Comprehension| c.target.depth.max(c.iter.depth).max(max(&c.ifs));
    clauses.iter().map(depth).max().unwrap_or(0)
}

impl Arguments {
    /// The height of the deepest annotation or default.
    #[must_use]
    pub fn depth(&self) -> u32 {
        let arg = |a: &Arg| opt(a.annotation.as_deref());
        let args = self
            .posonlyargs
            .iter()
            .chain(&self.args)
            .chain(&self.kwonlyargs);
        let args = args
            .chain(self.vararg.as_deref())
            .chain(self.kwarg.as_deref());
        let kw = self
            .kw_defaults
            .iter()
            .flatten()
            .map(|e| e.depth)
            .max()
            .unwrap_or(0);
        args.map(arg)
            .max()
            .unwrap_or(0)
            .max(kw)
            .max(max(&self.defaults))
    }
}

impl Expr {
    /// Builds a node and computes its depth from its children's.
    #[must_use]
    pub fn new(span: Span, kind: ExprKind) -> Expr {
        let depth = 1 + kind.children_depth();
        Expr { span, depth, kind }
    }
}

impl ExprKind {
    /// The greatest depth among the children.
    #[must_use]
    pub fn children_depth(&self) -> u32 {
        use ExprKind as K;
        match self {
            K::Constant(_) | K::Name { .. } => 0,
            K::BoolOp { values, .. } | K::JoinedStr { values } | K::TemplateStr { values } => {
                max(values)
            }
            K::NamedExpr { target, value } => target.depth.max(value.depth),
            K::BinOp { left, right, .. } => left.depth.max(right.depth),
            K::UnaryOp { operand, .. } => operand.depth,
            K::Lambda { args, body } => args.depth().max(body.depth),
            K::IfExp { test, body, orelse } => test.depth.max(body.depth).max(orelse.depth),
            K::Dict { keys, values } => keys
                .iter()
                .flatten()
                .map(|e| e.depth)
                .max()
                .unwrap_or(0)
                .max(max(values)),
            K::Set { elts } | K::List { elts, .. } | K::Tuple { elts, .. } => max(elts),
            K::ListComp { elt, generators: g }
            | K::SetComp { elt, generators: g }
            | K::GeneratorExp { elt, generators: g } => elt.depth.max(generators(g)),
            K::DictComp {
                key,
                value,
                generators: g,
            } => key.depth.max(value.depth).max(generators(g)),
            K::Await { value }
            | K::YieldFrom { value }
            | K::Attribute { value, .. }
            | K::Starred { value, .. } => value.depth,
            K::Yield { value } => opt(value.as_deref()),
            K::Compare {
                left, comparators, ..
            } => left.depth.max(max(comparators)),
            K::Call {
                func,
                args,
                keywords,
            } => {
                let kw = keywords.iter().map(|k| k.value.depth).max().unwrap_or(0);
                func.depth.max(max(args)).max(kw)
            }
            K::FormattedValue {
                value, format_spec, ..
            }
            | K::Interpolation {
                value, format_spec, ..
            } => value.depth.max(opt(format_spec.as_deref())),
            K::Subscript { value, slice, .. } => value.depth.max(slice.depth),
            K::Slice { lower, upper, step } => opt(lower.as_deref())
                .max(opt(upper.as_deref()))
                .max(opt(step.as_deref())),
        }
    }
}
