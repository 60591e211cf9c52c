//! The module `_operator`.

pub mod getters;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Bytes, Int, Str, Type};
use viv_runtime::protocol;
use viv_runtime::{Args, BinaryOp, CompareOp, MethodDef, NativeCall, Object, PyResult, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_operator",
    doc: "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the intrinsic operators of Python.  For example, operator.add(x, y)\nis equivalent to the expression x+y.",
    functions: &[BINARY, COMPARISONS, UNARY, OTHERS],
    fill: |vm, module| {
        module
            .dict
            .set_text(vm, "itemgetter", getters::item_getter_type(vm)?.as_object())?;
        module.dict.set_text(
            vm,
            "attrgetter",
            getters::attribute_getter_type(vm)?.as_object(),
        )?;
        module.dict.set_text(
            vm,
            "methodcaller",
            getters::method_caller_type(vm)?.as_object(),
        )
    },
};

type Positional = fn(&Vm, &Object, &[&Object]) -> PyResult;

const fn two(name: &'static str, doc: &'static str, call: Positional) -> MethodDef {
    MethodDef::new(
        name,
        "($module, a, b, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call,
        },
        doc,
    )
}

const fn one(
    name: &'static str,
    doc: &'static str,
    call: fn(&Vm, &Object, &Object) -> PyResult,
) -> MethodDef {
    MethodDef::new(name, "($module, a, /)", NativeCall::One(call), doc)
}

/// Declares functions of two operands.
macro_rules! table {
    ($table:ident, $f:path: $($name:literal $doc:literal $op:expr;)+) => {
        const $table: &[MethodDef] = &[$(two($name, $doc, |vm, _, args| match args {
            [a, b] => $f(vm, a, b, $op),
            _ => Ok(vm.none_ref()),
        })),+];
    };
}

table! {
    BINARY, protocol::binary:
    "add" "Same as a + b." BinaryOp::Add;
    "sub" "Same as a - b." BinaryOp::Sub;
    "mul" "Same as a * b." BinaryOp::Mul;
    "matmul" "Same as a @ b." BinaryOp::MatMul;
    "truediv" "Same as a / b." BinaryOp::TrueDiv;
    "floordiv" "Same as a // b." BinaryOp::FloorDiv;
    "mod" "Same as a % b." BinaryOp::Mod;
    "pow" "Same as a ** b." BinaryOp::Pow;
    "lshift" "Same as a << b." BinaryOp::LShift;
    "rshift" "Same as a >> b." BinaryOp::RShift;
    "and_" "Same as a & b." BinaryOp::And;
    "or_" "Same as a | b." BinaryOp::Or;
    "xor" "Same as a ^ b." BinaryOp::Xor;
    "iadd" "Same as a += b." BinaryOp::IAdd;
    "isub" "Same as a -= b." BinaryOp::ISub;
    "imul" "Same as a *= b." BinaryOp::IMul;
    "imatmul" "Same as a @= b." BinaryOp::IMatMul;
    "itruediv" "Same as a /= b." BinaryOp::ITrueDiv;
    "ifloordiv" "Same as a //= b." BinaryOp::IFloorDiv;
    "imod" "Same as a %= b." BinaryOp::IMod;
    "ipow" "Same as a **= b." BinaryOp::IPow;
    "ilshift" "Same as a <<= b." BinaryOp::ILShift;
    "irshift" "Same as a >>= b." BinaryOp::IRShift;
    "iand" "Same as a &= b." BinaryOp::IAnd;
    "ior" "Same as a |= b." BinaryOp::IOr;
    "ixor" "Same as a ^= b." BinaryOp::IXor;
}

table! {
    COMPARISONS, protocol::compare:
    "lt" "Same as a < b." CompareOp::Lt;
    "le" "Same as a <= b." CompareOp::Le;
    "eq" "Same as a == b." CompareOp::Eq;
    "ne" "Same as a != b." CompareOp::Ne;
    "gt" "Same as a > b." CompareOp::Gt;
    "ge" "Same as a >= b." CompareOp::Ge;
}

const UNARY: &[MethodDef] = &[
    one("abs", "Same as abs(a).", |vm, _, a| {
        match Type::of(a).slots.abs.get() {
            Some(slot) => slot(vm, a),
            None => Err(vm.type_error(format!(
                "bad operand type for abs(): '{}'",
                protocol::type_name(a)
            ))),
        }
    }),
    one("index", "Same as a.__index__()", |vm, _, a| {
        let int = protocol::index(vm, a)?;
        match int.downcast::<Int>() {
            Some(own) if !int.is_exact::<Int>() => vm.new_big_int(&own.to_big()),
            _ => Ok(int),
        }
    }),
    one("inv", "Same as ~a.", |vm, _, a| protocol::invert(vm, a)),
    one("invert", "Same as ~a.", |vm, _, a| protocol::invert(vm, a)),
    one("neg", "Same as -a.", |vm, _, a| protocol::negative(vm, a)),
    one("pos", "Same as +a.", |vm, _, a| protocol::positive(vm, a)),
    one("not_", "Same as not a.", |vm, _, a| {
        Ok(vm.bool(!protocol::is_true(vm, a)?))
    }),
    one(
        "truth",
        "Return True if a is true, False otherwise.",
        |vm, _, a| Ok(vm.bool(protocol::is_true(vm, a)?)),
    ),
    one("is_none", "Same as a is None.", |vm, _, a| {
        Ok(vm.bool(vm.is_none(a)))
    }),
    one("is_not_none", "Same as a is not None.", |vm, _, a| {
        Ok(vm.bool(!vm.is_none(a)))
    }),
];

const OTHERS: &[MethodDef] = &[
    two("is_", "Same as a is b.", |vm, _, args| {
        Ok(vm.bool(matches!(args, [a, b] if a.is(b))))
    }),
    two("is_not", "Same as a is not b.", |vm, _, args| {
        Ok(vm.bool(!matches!(args, [a, b] if a.is(b))))
    }),
    two(
        "concat",
        "Same as a + b, for a and b sequences.",
        |vm, _, args| concat(vm, args, BinaryOp::Add),
    ),
    two(
        "iconcat",
        "Same as a += b, for a and b sequences.",
        |vm, _, args| concat(vm, args, BinaryOp::IAdd),
    ),
    two(
        "contains",
        "Same as b in a (note reversed operands).",
        |vm, _, args| match args {
            [a, b] => Ok(vm.bool(protocol::contains(vm, a, b)?)),
            _ => Ok(vm.none_ref()),
        },
    ),
    two("getitem", "Same as a[b].", |vm, _, args| match args {
        [a, b] => protocol::get_item(vm, a, b),
        _ => Ok(vm.none_ref()),
    }),
    two("delitem", "Same as del a[b].", |vm, _, args| {
        if let [a, b] = args {
            protocol::del_item(vm, a, b)?;
        }
        Ok(vm.none_ref())
    }),
    MethodDef::new(
        "setitem",
        "($module, a, b, c, /)",
        NativeCall::Positional {
            min: 3,
            max: 3,
            call: |vm, _, args| {
                if let [a, b, c] = args {
                    protocol::set_item(vm, a, b, c)?;
                }
                Ok(vm.none_ref())
            },
        },
        "Same as a[b] = c.",
    ),
    two(
        "countOf",
        "Return the number of items in a which are, or which equal, b.",
        count_of,
    ),
    two("indexOf", "Return the first index of b in a.", index_of),
    MethodDef::new(
        "length_hint",
        "($module, obj, default=0, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: length_hint,
        },
        "Return an estimate of the number of items in obj.\n\nThis is useful for presizing containers when building from an iterable.\n\nIf the object supports len(), the result will be exact.\nOtherwise, it may over- or under-estimate by an arbitrary amount.\nThe result will be an integer >= 0.",
    ),
    MethodDef::new(
        "call",
        "($module, obj, /, *args, **kwargs)",
        NativeCall::Raw(call),
        "Same as obj(*args, **kwargs).",
    ),
    two(
        "_compare_digest",
        "Return 'a == b'.\n\nThis function uses an approach designed to prevent\ntiming analysis, making it appropriate for cryptography.\n\na and b must both be of the same type: either str (ASCII only),\nor any bytes-like object.\n\nNote: If a and b are of different lengths, or if an error occurs,\na timing attack could theoretically reveal information about the\ntypes and lengths of a and b--but not their values.",
        compare_digest,
    ),
];

fn concat(vm: &Vm, args: &[&Object], op: BinaryOp) -> PyResult {
    let [a, b] = args else {
        return Ok(vm.none_ref());
    };
    let is_sequence = |o: &Object| Type::of(o).slots.getitem.get().is_some();
    if Type::of(a).slots.concat.get().is_none() && !(is_sequence(a) && is_sequence(b)) {
        return Err(vm.type_error(format!(
            "'{}' object can't be concatenated",
            protocol::type_name(a)
        )));
    }
    protocol::binary(vm, a, b, op)
}

fn iterable<'a>(
    vm: &Vm,
    args: &'a [&'a Object],
) -> PyResult<Option<(viv_runtime::Ref, &'a Object)>> {
    let [a, b] = args else { return Ok(None) };
    match protocol::iter(vm, a) {
        Ok(iterator) => Ok(Some((iterator, b))),
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            Err(vm.type_error(format!(
                "argument of type '{}' is not iterable",
                protocol::type_name(a)
            )))
        }
    }
}

fn count_of(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let Some((iterator, sought)) = iterable(vm, args)? else {
        return Ok(vm.none_ref());
    };
    let mut n = 0;
    while let Some(item) = protocol::next(vm, &iterator)? {
        n += i64::from(protocol::compare::compare_is_or_eq(vm, &item, sought)?);
    }
    vm.new_int(n)
}

fn index_of(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let Some((iterator, sought)) = iterable(vm, args)? else {
        return Ok(vm.none_ref());
    };
    let mut n = 0;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if protocol::compare::compare_is_or_eq(vm, &item, sought)? {
            return vm.new_int(n);
        }
        n += 1;
    }
    Err(vm.value_error("sequence.index(x): x not in sequence"))
}

fn length_hint(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [object, default @ ..] = args else {
        return Ok(vm.none_ref());
    };
    let default = default.first().map_or(Ok(0), |d| protocol::to_i64(vm, d))?;
    // A default below zero is given back where there is no hint at all.
    let found = protocol::length_hint(vm, object, usize::MAX)?;
    if found == usize::MAX {
        vm.new_int(default)
    } else {
        vm.new_usize(found)
    }
}

fn call(vm: &Vm, _: &Object, args: Args<'_>) -> PyResult {
    match args.pos() {
        [callable, ..] => protocol::call(vm, callable, args.skip_first().args()),
        [] => Err(vm.type_error("call expected at least 1 argument, got 0")),
    }
}

/// Compares without an early end.
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (x, y)| acc | x ^ y) == 0
}

fn compare_digest(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [a, b] = args else {
        return Ok(vm.none_ref());
    };
    if let (Some(a), Some(b)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
        let (Some(a), Some(b)) = (a.as_ascii(), b.as_ascii()) else {
            return Err(
                vm.type_error("comparing strings with non-ASCII characters is not supported")
            );
        };
        return Ok(vm.bool(same_bytes(a.as_bytes(), b.as_bytes())));
    }
    let bytes = |o: &Object| match o.downcast::<Bytes>() {
        Some(bytes) => Ok(bytes.as_slice().to_vec()),
        None => Err(vm.type_error(format!(
            "a bytes-like object is required, not '{}'",
            protocol::type_name(o)
        ))),
    };
    Ok(vm.bool(same_bytes(&bytes(a)?, &bytes(b)?)))
}
