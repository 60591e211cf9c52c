//! From nodes of the module `ast` to the compiler's tree: what `compile()` does with a tree that a script has made.
//!
//! A script may put anything into a node. All is checked on the way, in the words of CPython's `ast.c` and of the code that
//! its grammar gives rise to: afterwards the tree is as good as one from the parser.

use viv_runtime::object::{Int, List, Str, Type};
use viv_runtime::{Object, PyResult, Ref, Vm, protocol};
use viv_syntax::ast::{
    BoolOp, CmpOp, Expr, ExprContext, ExprKind, MAX_DEPTH, Mod, Name, Operator, Span, StrValue,
    UnaryOp,
};

/// Reads one tree.
pub(super) struct Reader<'a> {
    pub(super) vm: &'a Vm,
    /// The module `_ast`.
    module: Ref,
}

pub(super) const LOAD: ExprContext = ExprContext::Load;
pub(super) const STORE: ExprContext = ExprContext::Store;

impl<'a> Reader<'a> {
    pub(super) fn new(vm: &'a Vm) -> PyResult<Self> {
        Ok(Self {
            vm,
            module: super::ast_module(vm)?,
        })
    }

    /// The tree of a root node.
    pub(super) fn root(&self, node: &Object, wanted: &str) -> PyResult<Mod> {
        let class = self.class(node)?;
        if class != wanted {
            let given = protocol::type_name(node);
            return Err(self
                .vm
                .type_error(format!("expected {wanted} node, got {given}")));
        }
        for ignore in self.list(node, &class, "type_ignores")? {
            if self.class(&ignore)? != "TypeIgnore" {
                return Err(self.unexpected("type_ignore", &ignore)?);
            }
        }
        Ok(match wanted {
            "Module" => Mod::Module {
                body: self.stmts(node, &class, "body")?,
            },
            "Interactive" => Mod::Interactive {
                body: self.stmts(node, &class, "body")?,
            },
            _ => Mod::Expression {
                body: self.expr(node, &class, "body")?,
            },
        })
    }

    /// The name of the node's class, or of the first base of it that is one of the module's.
    pub(super) fn class(&self, node: &Object) -> PyResult<String> {
        let mro = Type::of(node).mro.get();
        for class in mro.iter().flat_map(|mro| mro.as_slice()) {
            let name = class.downcast::<Type>().and_then(|class| class.name.get());
            let Some(name) = name else { continue };
            let own = protocol::get_attr_opt(self.vm, &self.module, &name)?;
            if own.is_some_and(|own| own.is(class)) {
                return Ok(name.to_text().into_owned());
            }
        }
        Ok(String::new())
    }

    pub(super) fn unexpected(&self, sort: &str, node: &Object) -> PyResult<viv_runtime::Raised> {
        let text = protocol::repr(self.vm, node)?;
        let text = text.to_text();
        Ok(self
            .vm
            .type_error(format!("expected some sort of {sort}, but got {text}")))
    }

    pub(super) fn invalid(&self, text: impl AsRef<str>) -> viv_runtime::Raised {
        self.vm.value_error(text.as_ref())
    }

    /// A field, which may be missing.
    fn field(&self, node: &Object, field: &str) -> PyResult<Option<Ref>> {
        protocol::get_attr_opt(self.vm, node, &*self.vm.intern(field)?)
    }

    /// A field, where None counts as missing.
    pub(super) fn optional(&self, node: &Object, field: &str) -> PyResult<Option<Ref>> {
        Ok(self
            .field(node, field)?
            .filter(|value| !self.vm.is_none(value)))
    }

    /// A field that must be there; it may be None.
    pub(super) fn present(&self, node: &Object, class: &str, field: &str) -> PyResult {
        self.field(node, field)?.ok_or_else(|| {
            self.vm
                .type_error(format!("required field \"{field}\" missing from {class}"))
        })
    }

    /// A field that must be there and be something.
    pub(super) fn required(&self, node: &Object, class: &str, field: &str) -> PyResult {
        let value = self.present(node, class, field)?;
        if self.vm.is_none(&value) {
            return Err(self.invalid(format!("field '{field}' is required for {class}")));
        }
        Ok(value)
    }

    pub(super) fn list(&self, node: &Object, class: &str, field: &str) -> PyResult<Vec<Ref>> {
        let Some(value) = self.field(node, field)? else {
            return Ok(Vec::new());
        };
        match value.downcast::<List>() {
            Some(list) => Ok(list.snapshot()),
            None => Err(self.vm.type_error(format!(
                "{class} field \"{field}\" must be a list, not a {}",
                protocol::type_name(&value)
            ))),
        }
    }

    /// The items of a list that must not be empty.
    pub(super) fn some(&self, node: &Object, class: &str, field: &str) -> PyResult<Vec<Ref>> {
        let items = self.list(node, class, field)?;
        if items.is_empty() {
            return Err(self.invalid(format!("empty {field} on {class}")));
        }
        Ok(items)
    }

    pub(super) fn int(&self, value: &Object) -> PyResult<i64> {
        if value.downcast::<Int>().is_none() {
            let text = protocol::repr(self.vm, value)?;
            return Err(self.invalid(format!("invalid integer value: {}", text.to_text())));
        }
        let wide = protocol::to_i64(self.vm, value)?;
        match i32::try_from(wide) {
            Ok(n) => Ok(i64::from(n)),
            Err(_) => Err(self
                .vm
                .overflow_error("Python int too large to convert to C int")),
        }
    }

    /// Where a node stands.
    pub(super) fn span(&self, node: &Object, sort: &str) -> PyResult<Span> {
        let line = self.int(&*self.present(node, sort, "lineno")?)?;
        let col = self.int(&*self.present(node, sort, "col_offset")?)?;
        let end_line = match self.optional(node, "end_lineno")? {
            Some(end) => self.int(&end)?,
            None => line,
        };
        let end_col = match self.optional(node, "end_col_offset")? {
            Some(end) => self.int(&end)?,
            None => col,
        };
        if line > end_line {
            return Err(self.invalid(format!(
                "AST node line range ({line}, {end_line}) is not valid"
            )));
        }
        if line < 0 && end_line != line || col < 0 && col != end_col {
            return Err(self.invalid(format!(
                "AST node column range ({col}, {end_col}) for line range ({line}, {end_line}) is not valid"
            )));
        }
        if line == end_line && col > end_col {
            return Err(self.invalid(format!(
                "line {line}, column {col}-{end_col} is not a valid range"
            )));
        }
        let number = |n: i64| u32::try_from(n).unwrap_or_default();
        Ok(Span {
            line: number(line),
            col: number(col),
            end_line: number(end_line),
            end_col: number(end_col),
        })
    }

    pub(super) fn identifier(&self, value: &Object) -> PyResult<Name> {
        match value.downcast_exact::<Str>() {
            Some(text) => Ok(Name::from(&*text.to_text())),
            None => Err(self.vm.type_error("AST identifier must be of type str")),
        }
    }

    pub(super) fn name(&self, node: &Object, class: &str, field: &str) -> PyResult<Name> {
        self.identifier(&*self.required(node, class, field)?)
    }

    pub(super) fn maybe_name(&self, node: &Object, field: &str) -> PyResult<Option<Name>> {
        match self.optional(node, field)? {
            Some(value) => self.identifier(&value).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn names(&self, node: &Object, class: &str, field: &str) -> PyResult<Vec<Name>> {
        let items = self.list(node, class, field)?;
        items.iter().map(|item| self.identifier(item)).collect()
    }

    /// Refuses the names of constants.
    pub(super) fn variable(&self, name: Name) -> PyResult<Name> {
        if matches!(&*name, "None" | "True" | "False") {
            return Err(self.invalid(format!(
                "identifier field can't represent '{name}' constant"
            )));
        }
        Ok(name)
    }

    pub(super) fn string(&self, value: &Object) -> PyResult<StrValue> {
        let Some(text) = value.downcast_exact::<Str>() else {
            return Err(self.vm.type_error("AST string must be of type str"));
        };
        Ok(super::from_parts::str_value(text))
    }

    pub(super) fn expr(&self, node: &Object, class: &str, field: &str) -> PyResult<Box<Expr>> {
        self.target(node, class, field, LOAD)
    }

    pub(super) fn target(
        &self,
        node: &Object,
        class: &str,
        field: &str,
        ctx: ExprContext,
    ) -> PyResult<Box<Expr>> {
        let child = self.required(node, class, field)?;
        self.expression(&child, ctx).map(Box::new)
    }

    pub(super) fn maybe_expr(&self, node: &Object, field: &str) -> PyResult<Option<Box<Expr>>> {
        match self.optional(node, field)? {
            Some(child) => self.expression(&child, LOAD).map(|e| Some(Box::new(e))),
            None => Ok(None),
        }
    }

    pub(super) fn exprs(&self, node: &Object, class: &str, field: &str) -> PyResult<Vec<Expr>> {
        self.targets(&self.list(node, class, field)?, LOAD)
    }

    pub(super) fn targets(&self, items: &[Ref], ctx: ExprContext) -> PyResult<Vec<Expr>> {
        let each = items.iter().map(|item| {
            if self.vm.is_none(item) {
                return Err(self.invalid("None disallowed in expression list"));
            }
            self.expression(item, ctx)
        });
        each.collect()
    }

    pub(super) fn maybe_exprs(
        &self,
        node: &Object,
        class: &str,
        field: &str,
    ) -> PyResult<Vec<Option<Expr>>> {
        let items = self.list(node, class, field)?;
        let each = items.iter().map(|item| {
            if self.vm.is_none(item) {
                return Ok(None);
            }
            self.expression(item, LOAD).map(Some)
        });
        each.collect()
    }

    fn context(&self, node: &Object, class: &str) -> PyResult<ExprContext> {
        let ctx = self.present(node, class, "ctx")?;
        match &*self.class(&ctx)? {
            "Load" => Ok(LOAD),
            "Store" => Ok(STORE),
            "Del" => Ok(ExprContext::Del),
            _ => Err(self.unexpected("expr_context", &ctx)?),
        }
    }

    pub(super) fn operator(&self, node: &Object, class: &str) -> PyResult<Operator> {
        use Operator as O;
        let op = self.present(node, class, "op")?;
        Ok(match &*self.class(&op)? {
            "Add" => O::Add,
            "Sub" => O::Sub,
            "Mult" => O::Mult,
            "MatMult" => O::MatMult,
            "Div" => O::Div,
            "Mod" => O::Mod,
            "Pow" => O::Pow,
            "LShift" => O::LShift,
            "RShift" => O::RShift,
            "BitOr" => O::BitOr,
            "BitXor" => O::BitXor,
            "BitAnd" => O::BitAnd,
            "FloorDiv" => O::FloorDiv,
            _ => return Err(self.unexpected("operator", &op)?),
        })
    }

    pub(super) fn comparison(&self, op: &Object) -> PyResult<CmpOp> {
        Ok(match &*self.class(op)? {
            "Eq" => CmpOp::Eq,
            "NotEq" => CmpOp::NotEq,
            "Lt" => CmpOp::Lt,
            "LtE" => CmpOp::LtE,
            "Gt" => CmpOp::Gt,
            "GtE" => CmpOp::GtE,
            "Is" => CmpOp::Is,
            "IsNot" => CmpOp::IsNot,
            "In" => CmpOp::In,
            "NotIn" => CmpOp::NotIn,
            _ => return Err(self.unexpected("cmpop", op)?),
        })
    }

    /// An expression, to be read, assigned to or deleted.
    pub(super) fn expression(&self, node: &Object, wanted: ExprContext) -> PyResult<Expr> {
        let vm = self.vm;
        let _depth = vm.enter_native(" while traversing 'expr' node")?;
        let class = self.class(node)?;
        if class.is_empty() || class == "expr" {
            return Err(self.unexpected("expr", node)?);
        }
        let span = self.span(node, "expr")?;
        let ctx = match &*class {
            "Attribute" | "Subscript" | "Starred" | "Name" | "List" | "Tuple" => {
                Some(self.context(node, &class)?)
            }
            _ => None,
        };
        match ctx {
            None if wanted != LOAD => {
                return Err(self.invalid(format!(
                    "expression which can't be assigned to in {wanted:?} context"
                )));
            }
            Some(ctx) if ctx != wanted => {
                return Err(self.invalid(format!(
                    "expression must have {wanted:?} context but has {ctx:?} instead"
                )));
            }
            _ => {}
        }
        let expr = Expr::new(span, self.kind(node, &class, span, wanted)?);
        if expr.depth > MAX_DEPTH {
            return Err(vm.raise(
                &vm.exceptions.RecursionError,
                "maximum recursion depth exceeded during compilation",
            ));
        }
        Ok(expr)
    }

    fn kind(&self, node: &Object, class: &str, span: Span, ctx: ExprContext) -> PyResult<ExprKind> {
        use ExprKind as K;
        Ok(match class {
            "BoolOp" => {
                let op = self.present(node, class, "op")?;
                let op = match &*self.class(&op)? {
                    "And" => BoolOp::And,
                    "Or" => BoolOp::Or,
                    _ => return Err(self.unexpected("boolop", &op)?),
                };
                let values = self.exprs(node, class, "values")?;
                if values.len() < 2 {
                    return Err(self.invalid("BoolOp with less than 2 values"));
                }
                K::BoolOp { op, values }
            }
            "NamedExpr" => {
                let target = self.required(node, class, "target")?;
                if self.class(&target)? != "Name" {
                    return Err(self.vm.type_error("NamedExpr target must be a Name"));
                }
                K::NamedExpr {
                    target: Box::new(self.expression(&target, STORE)?),
                    value: self.expr(node, class, "value")?,
                }
            }
            "BinOp" => K::BinOp {
                left: self.expr(node, class, "left")?,
                op: self.operator(node, class)?,
                right: self.expr(node, class, "right")?,
            },
            "UnaryOp" => {
                let op = self.present(node, class, "op")?;
                let op = match &*self.class(&op)? {
                    "Invert" => UnaryOp::Invert,
                    "Not" => UnaryOp::Not,
                    "UAdd" => UnaryOp::UAdd,
                    "USub" => UnaryOp::USub,
                    _ => return Err(self.unexpected("unaryop", &op)?),
                };
                let operand = self.expr(node, class, "operand")?;
                K::UnaryOp { op, operand }
            }
            "Lambda" => K::Lambda {
                args: Box::new(self.arguments(&*self.required(node, class, "args")?)?),
                body: self.expr(node, class, "body")?,
            },
            "IfExp" => K::IfExp {
                test: self.expr(node, class, "test")?,
                body: self.expr(node, class, "body")?,
                orelse: self.expr(node, class, "orelse")?,
            },
            "Dict" => {
                let keys = self.maybe_exprs(node, class, "keys")?;
                let values = self.list(node, class, "values")?;
                if keys.len() != values.len() {
                    return Err(self.invalid("Dict doesn't have the same number of keys as values"));
                }
                let values = self.targets(&values, LOAD)?;
                K::Dict { keys, values }
            }
            "Set" => K::Set {
                elts: self.exprs(node, class, "elts")?,
            },
            "ListComp" | "SetComp" | "GeneratorExp" => {
                let generators = self.generators(node, class)?;
                let elt = self.expr(node, class, "elt")?;
                match class {
                    "ListComp" => K::ListComp { elt, generators },
                    "SetComp" => K::SetComp { elt, generators },
                    _ => K::GeneratorExp { elt, generators },
                }
            }
            "DictComp" => K::DictComp {
                generators: self.generators(node, class)?,
                key: self.expr(node, class, "key")?,
                value: self.expr(node, class, "value")?,
            },
            "Await" => K::Await {
                value: self.expr(node, class, "value")?,
            },
            "Yield" => K::Yield {
                value: self.maybe_expr(node, "value")?,
            },
            "YieldFrom" => K::YieldFrom {
                value: self.expr(node, class, "value")?,
            },
            "Compare" => self.compare(node, class)?,
            "Call" => K::Call {
                func: self.expr(node, class, "func")?,
                args: self.exprs(node, class, "args")?,
                keywords: self.keywords(node, class)?,
            },
            "FormattedValue" => K::FormattedValue {
                value: self.expr(node, class, "value")?,
                conversion: self.conversion(node, class)?,
                format_spec: self.maybe_expr(node, "format_spec")?,
            },
            "Interpolation" => K::Interpolation {
                value: self.expr(node, class, "value")?,
                str: self.text_of(&*self.required(node, class, "str")?)?,
                conversion: self.conversion(node, class)?,
                format_spec: self.maybe_expr(node, "format_spec")?,
            },
            "JoinedStr" => K::JoinedStr {
                values: self.exprs(node, class, "values")?,
            },
            "TemplateStr" => K::TemplateStr {
                values: self.exprs(node, class, "values")?,
            },
            "Constant" => {
                let kind = match self.optional(node, "kind")? {
                    Some(kind) => self.string(&kind)?.as_str() == Some("u"),
                    None => false,
                };
                self.constant(&*self.present(node, class, "value")?, span, kind)?
            }
            "Attribute" => K::Attribute {
                value: self.expr(node, class, "value")?,
                attr: self.name(node, class, "attr")?,
                ctx,
            },
            "Subscript" => K::Subscript {
                value: self.expr(node, class, "value")?,
                slice: self.expr(node, class, "slice")?,
                ctx,
            },
            "Starred" => K::Starred {
                value: self.target(node, class, "value", ctx)?,
                ctx,
            },
            "Name" => K::Name {
                id: self.variable(self.name(node, class, "id")?)?,
                ctx,
            },
            "List" => K::List {
                elts: self.targets(&self.list(node, class, "elts")?, ctx)?,
                ctx,
            },
            "Tuple" => K::Tuple {
                elts: self.targets(&self.list(node, class, "elts")?, ctx)?,
                ctx,
            },
            "Slice" => K::Slice {
                lower: self.maybe_expr(node, "lower")?,
                upper: self.maybe_expr(node, "upper")?,
                step: self.maybe_expr(node, "step")?,
            },
            _ => return Err(self.unexpected("expr", node)?),
        })
    }
}
