//! From nodes of the module `ast` to the compiler's tree: constants, comprehensions, arguments and parameters.

use viv_runtime::object::{Bytes, Complex, Float, Int, Str, Tuple, Type};
use viv_runtime::{Object, PyResult, protocol};
use viv_syntax::ast::{
    Arg, Arguments, Comprehension, Constant, Expr, ExprKind, Keyword, Operator, Span, StrValue,
    UnaryOp,
};

use super::from_python::{LOAD, Reader, STORE};

/// A string as the tree keeps it.
pub(super) fn str_value(text: &Str) -> StrValue {
    StrValue::from_points(text.chars())
}

impl Reader<'_> {
    pub(super) fn compare(&self, node: &Object, class: &str) -> PyResult<ExprKind> {
        let left = self.expr(node, class, "left")?;
        let ops = self.list(node, class, "ops")?;
        let ops = ops.iter().map(|op| self.comparison(op));
        let ops = ops.collect::<PyResult<Vec<_>>>()?;
        let comparators = self.list(node, class, "comparators")?;
        if comparators.is_empty() {
            return Err(self.invalid("Compare with no comparators"));
        }
        if comparators.len() != ops.len() {
            return Err(self.invalid("Compare has a different number of comparators and operands"));
        }
        Ok(ExprKind::Compare {
            left,
            ops,
            comparators: self.targets(&comparators, LOAD)?,
        })
    }

    pub(super) fn generators(&self, node: &Object, class: &str) -> PyResult<Vec<Comprehension>> {
        let items = self.list(node, class, "generators")?;
        if items.is_empty() {
            return Err(self.invalid("comprehension with no generators"));
        }
        let each = items.iter().map(|item| {
            let sort = "comprehension";
            if self.class(item)? != sort {
                return Err(self.unexpected(sort, item)?);
            }
            Ok(Comprehension {
                target: *self.target(item, sort, "target", STORE)?,
                iter: *self.expr(item, sort, "iter")?,
                ifs: self.exprs(item, sort, "ifs")?,
                is_async: self.int(&*self.present(item, sort, "is_async")?)? != 0,
            })
        });
        each.collect()
    }

    pub(super) fn keywords(&self, node: &Object, class: &str) -> PyResult<Vec<Keyword>> {
        let items = self.list(node, class, "keywords")?;
        let each = items.iter().map(|item| {
            if self.class(item)? != "keyword" {
                return Err(self.unexpected("keyword", item)?);
            }
            Ok(Keyword {
                span: self.span(item, "keyword")?,
                arg: self.maybe_name(item, "arg")?,
                value: *self.expr(item, "keyword", "value")?,
            })
        });
        each.collect()
    }

    pub(super) fn conversion(&self, node: &Object, class: &str) -> PyResult<i32> {
        let number = self.int(&*self.present(node, class, "conversion")?)?;
        if ![-1, i64::from(b's'), i64::from(b'r'), i64::from(b'a')].contains(&number) {
            return Err(self
                .vm
                .system_error(format!("Unrecognized conversion character {number}")));
        }
        Ok(number as i32)
    }

    /// The text of an interpolation, which may be any constant.
    pub(super) fn text_of(&self, value: &Object) -> PyResult<StrValue> {
        Ok(str_value(&*protocol::str(self.vm, value)?))
    }

    pub(super) fn arguments(&self, node: &Object) -> PyResult<Arguments> {
        let sort = "arguments";
        if self.class(node)? != sort {
            return Err(self.unexpected(sort, node)?);
        }
        let args = Arguments {
            posonlyargs: self.parameters(node, "posonlyargs")?,
            args: self.parameters(node, "args")?,
            vararg: self.maybe_parameter(node, "vararg")?,
            kwonlyargs: self.parameters(node, "kwonlyargs")?,
            kw_defaults: self.maybe_exprs(node, sort, "kw_defaults")?,
            kwarg: self.maybe_parameter(node, "kwarg")?,
            defaults: self.exprs(node, sort, "defaults")?,
        };
        if args.defaults.len() > args.posonlyargs.len() + args.args.len() {
            return Err(self.invalid("more positional defaults than args on arguments"));
        }
        if args.kwonlyargs.len() != args.kw_defaults.len() {
            return Err(
                self.invalid("length of kwonlyargs is not the same as kw_defaults on arguments")
            );
        }
        Ok(args)
    }

    fn parameters(&self, node: &Object, field: &str) -> PyResult<Vec<Arg>> {
        let items = self.list(node, "arguments", field)?;
        items.iter().map(|item| self.parameter(item)).collect()
    }

    fn maybe_parameter(&self, node: &Object, field: &str) -> PyResult<Option<Box<Arg>>> {
        match self.optional(node, field)? {
            Some(item) => self.parameter(&item).map(|arg| Some(Box::new(arg))),
            None => Ok(None),
        }
    }

    fn parameter(&self, node: &Object) -> PyResult<Arg> {
        if self.class(node)? != "arg" {
            return Err(self.unexpected("arg", node)?);
        }
        Ok(Arg {
            span: self.span(node, "arg")?,
            arg: self.name(node, "arg", "arg")?,
            annotation: self.maybe_expr(node, "annotation")?,
        })
    }

    /// The value of a `Constant` as a literal, or as what the compiler folds to it.
    pub(super) fn constant(&self, value: &Object, span: Span, u: bool) -> PyResult<ExprKind> {
        let vm = self.vm;
        let literal = |value| Ok(ExprKind::Constant(value));
        if vm.is_none(value) {
            return literal(Constant::None);
        }
        if value.is(&vm.ellipsis.head) {
            return literal(Constant::Ellipsis);
        }
        if Type::of(value).is(&vm.types.bool) {
            let truth = protocol::is_true(vm, value)?;
            return literal(if truth {
                Constant::True
            } else {
                Constant::False
            });
        }
        if let Some(float) = value.downcast_exact::<Float>() {
            return literal(Constant::Float(float.value()));
        }
        if let Some(text) = value.downcast_exact::<Str>() {
            let value = str_value(text);
            return literal(Constant::Str { value, u });
        }
        if let Some(bytes) = value.downcast_exact::<Bytes>() {
            return literal(Constant::Bytes(bytes.as_slice().to_vec()));
        }
        let part = |kind| Box::new(Expr::new(span, kind));
        if value.downcast_exact::<Int>().is_some() {
            let hex = protocol::format(vm, value, &*vm.new_str("x")?)?;
            let hex = hex.to_text();
            let (negative, digits) = match hex.strip_prefix('-') {
                Some(digits) => (true, digits),
                None => (false, &*hex),
            };
            let number = match i64::from_str_radix(digits, 16) {
                Ok(number) => Constant::Int(number),
                Err(_) => Constant::BigInt(format!("0x{digits}").into()),
            };
            let number = ExprKind::Constant(number);
            return Ok(if negative {
                ExprKind::UnaryOp {
                    op: UnaryOp::USub,
                    operand: part(number),
                }
            } else {
                number
            });
        }
        if let Some(complex) = value.downcast_exact::<Complex>() {
            let imaginary = ExprKind::Constant(Constant::Imaginary(complex.im));
            return Ok(if complex.re == 0.0 && complex.re.is_sign_positive() {
                imaginary
            } else {
                ExprKind::BinOp {
                    left: part(ExprKind::Constant(Constant::Float(complex.re))),
                    op: Operator::Add,
                    right: part(imaginary),
                }
            });
        }
        if let Some(items) = value.downcast_exact::<Tuple>() {
            let _depth = vm.enter_native(" during compilation")?;
            let elts = items.as_slice().iter().map(|item| {
                let kind = self.constant(item, span, false)?;
                Ok(Expr::new(span, kind))
            });
            let elts = elts.collect::<PyResult<Vec<_>>>()?;
            return Ok(ExprKind::Tuple { elts, ctx: LOAD });
        }
        if Type::of(value).is(&vm.types.frozenset) {
            return Err(vm.not_implemented_error("a frozenset in Constant is not supported yet"));
        }
        Err(vm.type_error(format!(
            "got an invalid type in Constant: {}",
            protocol::type_name(value)
        )))
    }
}
