//! The one table of special methods: their names, the slots behind them, how a slot is called as a method (for the
//! wrappers of builtin types), and which function a Python method puts into its slot.
//!
//! **Invariant.** Several names may share a slot (`__add__`, `__radd__`) and several slots a name (`__add__` of numbers and
//! of sequences). Of the latter, only the number's slot is filled for a Python method.

use std::collections::HashMap;
use std::sync::LazyLock;

use viv_bytecode::CompareOp;
use viv_heap::{Object, Ref, TypeFlags};

use super::slot_functions as generic;
use super::slot_wrapper::SlotWrapper;
use crate::args::Args;
use crate::object::{Dict, NativeFunction, Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::slots::Slots;
use crate::vm::Vm;

/// One slot.
pub struct SlotOps {
    /// The special methods that it stands for.
    pub names: &'static [&'static str],
    /// The address of its function, 0 where it is empty.
    pub address: fn(&Slots) -> usize,
    /// Copies it.
    pub copy: fn(&Slots, &Slots),
    /// Fills it with the function that calls the Python method.
    pub fill: fn(&Slots),
    /// Empties it.
    pub clear: fn(&Slots),
}

/// Calls a slot of a type as a method.
pub type Wrap = fn(&Vm, &Type, &Object, Args<'_>) -> PyResult;

/// One special method.
pub struct SlotDef {
    /// Its name.
    pub name: &'static str,
    /// `__text_signature__`
    pub signature: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// Its slot.
    pub slot: &'static SlotOps,
    /// Calls the slot.
    pub wrap: Wrap,
}

macro_rules! slot {
    ($static:ident, [$($field:tt)+], $fill:expr, $($name:literal)+) => {
        static $static: SlotOps = SlotOps {
            names: &[$($name),+],
            address: |s| s.$($field)+.get().map_or(0, |f| f as usize),
            copy: |to, from| to.$($field)+.set(from.$($field)+.get()),
            fill: |s| s.$($field)+.set($fill),
            clear: |s| s.$($field)+.set(None),
        };
    };
}

slot!(REPR, [repr], Some(generic::repr), "__repr__");
slot!(STR, [str], Some(generic::str), "__str__");
slot!(HASH, [hash], Some(generic::hash), "__hash__");
slot!(CALL, [call], Some(generic::call_slot), "__call__");
slot!(NEW, [new], Some(generic::new), "__new__");
slot!(INIT, [init], Some(generic::init), "__init__");
slot!(GETATTR, [getattr], Some(generic::getattr), "__getattribute__" "__getattr__");
slot!(SETATTR, [setattr], Some(generic::setattr), "__setattr__" "__delattr__");
slot!(COMPARE, [compare], Some(generic::compare), "__lt__" "__le__" "__eq__" "__ne__" "__gt__" "__ge__");
slot!(ITER, [iter], Some(generic::iter), "__iter__");
slot!(NEXT, [next], Some(generic::next), "__next__");
slot!(DESCR_GET, [descr_get], Some(generic::descr_get), "__get__");
slot!(DESCR_SET, [descr_set], Some(generic::descr_set), "__set__" "__delete__");
slot!(LEN, [len], Some(generic::len), "__len__");
slot!(GETITEM, [getitem], Some(generic::getitem), "__getitem__");
slot!(SETITEM, [setitem], Some(generic::setitem), "__setitem__" "__delitem__");
slot!(
    CONTAINS,
    [contains],
    Some(generic::contains),
    "__contains__"
);
slot!(BOOL, [bool], Some(generic::bool), "__bool__");
slot!(NEG, [neg], Some(generic::neg), "__neg__");
slot!(POS, [pos], Some(generic::pos), "__pos__");
slot!(INVERT, [invert], Some(generic::invert), "__invert__");
slot!(ABS, [abs], Some(generic::abs), "__abs__");
slot!(INT, [int], Some(generic::int), "__int__");
slot!(FLOAT, [float], Some(generic::float), "__float__");
slot!(INDEX, [index], Some(generic::index), "__index__");
slot!(TERNARY_POW, [pow], Some(generic::pow), "__pow__" "__rpow__");
slot!(AWAIT, [awaitable], Some(generic::awaitable), "__await__");
slot!(AITER, [aiter], Some(generic::aiter), "__aiter__");
slot!(ANEXT, [anext], Some(generic::anext), "__anext__");
slot!(FINALIZE, [finalize], Some(generic::finalize), "__del__");
slot!(CONCAT, [concat], None, "__add__");
slot!(REPEAT, [repeat], None, "__mul__" "__rmul__");
slot!(INPLACE_CONCAT, [inplace_concat], None, "__iadd__");
slot!(INPLACE_REPEAT, [inplace_repeat], None, "__imul__");
slot!(ADD, [binary[0]], Some(generic::binary::<0>), "__add__" "__radd__");
slot!(IADD, [inplace[0]], Some(generic::inplace::<0>), "__iadd__");
slot!(SUB, [binary[1]], Some(generic::binary::<1>), "__sub__" "__rsub__");
slot!(ISUB, [inplace[1]], Some(generic::inplace::<1>), "__isub__");
slot!(MUL, [binary[2]], Some(generic::binary::<2>), "__mul__" "__rmul__");
slot!(IMUL, [inplace[2]], Some(generic::inplace::<2>), "__imul__");
slot!(TRUEDIV, [binary[3]], Some(generic::binary::<3>), "__truediv__" "__rtruediv__");
slot!(
    ITRUEDIV,
    [inplace[3]],
    Some(generic::inplace::<3>),
    "__itruediv__"
);
slot!(FLOORDIV, [binary[4]], Some(generic::binary::<4>), "__floordiv__" "__rfloordiv__");
slot!(
    IFLOORDIV,
    [inplace[4]],
    Some(generic::inplace::<4>),
    "__ifloordiv__"
);
slot!(MOD, [binary[5]], Some(generic::binary::<5>), "__mod__" "__rmod__");
slot!(IMOD, [inplace[5]], Some(generic::inplace::<5>), "__imod__");
slot!(POW, [binary[6]], Some(generic::binary::<6>), "__pow__" "__rpow__");
slot!(IPOW, [inplace[6]], Some(generic::inplace::<6>), "__ipow__");
slot!(LSHIFT, [binary[7]], Some(generic::binary::<7>), "__lshift__" "__rlshift__");
slot!(
    ILSHIFT,
    [inplace[7]],
    Some(generic::inplace::<7>),
    "__ilshift__"
);
slot!(RSHIFT, [binary[8]], Some(generic::binary::<8>), "__rshift__" "__rrshift__");
slot!(
    IRSHIFT,
    [inplace[8]],
    Some(generic::inplace::<8>),
    "__irshift__"
);
slot!(AND, [binary[9]], Some(generic::binary::<9>), "__and__" "__rand__");
slot!(IAND, [inplace[9]], Some(generic::inplace::<9>), "__iand__");
slot!(OR, [binary[10]], Some(generic::binary::<10>), "__or__" "__ror__");
slot!(IOR, [inplace[10]], Some(generic::inplace::<10>), "__ior__");
slot!(XOR, [binary[11]], Some(generic::binary::<11>), "__xor__" "__rxor__");
slot!(
    IXOR,
    [inplace[11]],
    Some(generic::inplace::<11>),
    "__ixor__"
);
slot!(MATMUL, [binary[12]], Some(generic::binary::<12>), "__matmul__" "__rmatmul__");
slot!(
    IMATMUL,
    [inplace[12]],
    Some(generic::inplace::<12>),
    "__imatmul__"
);

/// All slots.
pub static SLOTS: &[&SlotOps] = &[
    &REPR,
    &STR,
    &HASH,
    &CALL,
    &NEW,
    &INIT,
    &GETATTR,
    &SETATTR,
    &COMPARE,
    &ITER,
    &NEXT,
    &DESCR_GET,
    &DESCR_SET,
    &LEN,
    &GETITEM,
    &SETITEM,
    &CONTAINS,
    &BOOL,
    &NEG,
    &POS,
    &INVERT,
    &ABS,
    &INT,
    &FLOAT,
    &INDEX,
    &TERNARY_POW,
    &AWAIT,
    &AITER,
    &ANEXT,
    &FINALIZE,
    &CONCAT,
    &REPEAT,
    &INPLACE_CONCAT,
    &INPLACE_REPEAT,
    &ADD,
    &IADD,
    &SUB,
    &ISUB,
    &MUL,
    &IMUL,
    &TRUEDIV,
    &ITRUEDIV,
    &FLOORDIV,
    &IFLOORDIV,
    &MOD,
    &IMOD,
    &POW,
    &IPOW,
    &LSHIFT,
    &ILSHIFT,
    &RSHIFT,
    &IRSHIFT,
    &AND,
    &IAND,
    &OR,
    &IOR,
    &XOR,
    &IXOR,
    &MATMUL,
    &IMATMUL,
];

fn missing(vm: &Vm) -> crate::result::Raised {
    vm.type_error("the type has lost this method")
}

/// The positional arguments of a special method: exactly `N`.
fn exactly<'a, const N: usize>(vm: &Vm, args: Args<'a>) -> PyResult<[&'a Object; N]> {
    match <[&Object; N]>::try_from(args.pos()) {
        Ok(args) => Ok(args),
        Err(_) => {
            let s = if N == 1 { "" } else { "s" };
            Err(vm.type_error(format!(
                "expected {N} argument{s}, got {}",
                args.pos().len()
            )))
        }
    }
}

macro_rules! wrap {
    (unary $($field:tt)+) => {
        |vm, ty, this, args| {
            let [] = exactly(vm, args)?;
            ty.slots.$($field)+.get().ok_or_else(|| missing(vm))?(vm, this)
        }
    };
    (binary $($field:tt)+) => {
        |vm, ty, this, args| {
            let [other] = exactly(vm, args)?;
            ty.slots.$($field)+.get().ok_or_else(|| missing(vm))?(vm, this, other)
        }
    };
    (reflected $($field:tt)+) => {
        |vm, ty, this, args| {
            let [other] = exactly(vm, args)?;
            ty.slots.$($field)+.get().ok_or_else(|| missing(vm))?(vm, other, this)
        }
    };
    (truth $($field:tt)+) => {
        |vm, ty, this, args| {
            let [] = exactly(vm, args)?;
            let truth = ty.slots.$($field)+.get().ok_or_else(|| missing(vm))?(vm, this)?;
            Ok(vm.bool(truth))
        }
    };
    (repeat $($field:tt)+) => {
        |vm, ty, this, args| {
            let [count] = exactly(vm, args)?;
            let count = protocol::to_index(vm, count)?;
            ty.slots.$($field)+.get().ok_or_else(|| missing(vm))?(vm, this, count)
        }
    };
    (compare $op:ident) => {
        |vm, ty, this, args| {
            let [other] = exactly(vm, args)?;
            ty.slots.compare.get().ok_or_else(|| missing(vm))?(vm, this, other, CompareOp::$op)
        }
    };
}

/// The name of an attribute as an argument.
pub fn attribute_name<'a>(vm: &Vm, name: &'a Object) -> PyResult<&'a Str> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name),
        None => Err(vm.type_error(format!(
            "attribute name must be string, not '{}'",
            protocol::type_name(name)
        ))),
    }
}

fn wrap_hash(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [] = exactly(vm, args)?;
    vm.new_int(ty.slots.hash.get().ok_or_else(|| missing(vm))?(vm, this)?)
}

fn wrap_call(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    ty.slots.call.get().ok_or_else(|| missing(vm))?(vm, this, args)
}

fn wrap_init(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    ty.slots.init.get().ok_or_else(|| missing(vm))?(vm, this, args)?;
    Ok(vm.none_ref())
}

fn wrap_getattr(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [name] = exactly(vm, args)?;
    let name = attribute_name(vm, name)?;
    ty.slots.getattr.get().ok_or_else(|| missing(vm))?(vm, this, name)
}

/// Refuses `object.__setattr__(C, ...)`: the most derived builtin base's own way must be used.
fn check_setattr(vm: &Vm, ty: &Type, this: &Object, what: &str) -> PyResult<()> {
    let mut at = Some(Ref::of(Type::of(this)));
    while let Some(class) = at.as_ref().filter(|c| c.has(TypeTraits::HEAP)) {
        at = class.base.get();
    }
    let own = |t: &Type| t.slots.setattr.get().map_or(0, |f| f as usize);
    match at {
        Some(class) if own(&class) != own(ty) && !ty.has(TypeTraits::HEAP) => {
            Err(vm.type_error(format!(
                "can't apply this {what} to {} object",
                Type::of(this).display_name()
            )))
        }
        _ => Ok(()),
    }
}

fn wrap_setattr(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [name, value] = exactly(vm, args)?;
    check_setattr(vm, ty, this, "__setattr__")?;
    let name = attribute_name(vm, name)?;
    ty.slots.setattr.get().ok_or_else(|| missing(vm))?(vm, this, name, Some(value))?;
    Ok(vm.none_ref())
}

fn wrap_delattr(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [name] = exactly(vm, args)?;
    check_setattr(vm, ty, this, "__delattr__")?;
    let name = attribute_name(vm, name)?;
    ty.slots.setattr.get().ok_or_else(|| missing(vm))?(vm, this, name, None)?;
    Ok(vm.none_ref())
}

fn wrap_next(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [] = exactly(vm, args)?;
    match ty.slots.next.get().ok_or_else(|| missing(vm))?(vm, this)? {
        Some(value) => Ok(value),
        None => Err(vm.stop_iteration(None)),
    }
}

fn wrap_get(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    crate::native::bind::check_count(vm, "__get__", args.pos().len(), 1, 2)?;
    let given = |i: usize| args.pos().get(i).copied().filter(|o| !vm.is_none(o));
    if given(0).is_none() && given(1).is_none() {
        return Err(vm.type_error("__get__(None, None) is invalid"));
    }
    ty.slots.descr_get.get().ok_or_else(|| missing(vm))?(vm, this, given(0), given(1))
}

fn wrap_set(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [instance, value] = exactly(vm, args)?;
    ty.slots.descr_set.get().ok_or_else(|| missing(vm))?(vm, this, instance, Some(value))?;
    Ok(vm.none_ref())
}

fn wrap_delete(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [instance] = exactly(vm, args)?;
    ty.slots.descr_set.get().ok_or_else(|| missing(vm))?(vm, this, instance, None)?;
    Ok(vm.none_ref())
}

fn wrap_len(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [] = exactly(vm, args)?;
    vm.new_usize(ty.slots.len.get().ok_or_else(|| missing(vm))?(vm, this)?)
}

fn wrap_setitem(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [key, value] = exactly(vm, args)?;
    ty.slots.setitem.get().ok_or_else(|| missing(vm))?(vm, this, key, Some(value))?;
    Ok(vm.none_ref())
}

fn wrap_delitem(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [key] = exactly(vm, args)?;
    ty.slots.setitem.get().ok_or_else(|| missing(vm))?(vm, this, key, None)?;
    Ok(vm.none_ref())
}

fn wrap_contains(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [item] = exactly(vm, args)?;
    let found = ty.slots.contains.get().ok_or_else(|| missing(vm))?(vm, this, item)?;
    Ok(vm.bool(found))
}

fn wrap_finalize(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    let [] = exactly(vm, args)?;
    ty.slots.finalize.get().ok_or_else(|| missing(vm))?(vm, this);
    Ok(vm.none_ref())
}

fn wrap_pow(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    match args.pos() {
        [other] => ty.slots.binary[6].get().ok_or_else(|| missing(vm))?(vm, this, other),
        [other, modulus] => match ty.slots.pow.get() {
            Some(pow) => pow(vm, this, other, modulus),
            None => ty.slots.binary[6].get().ok_or_else(|| missing(vm))?(vm, this, other),
        },
        other => Err(pow_arguments(vm, other.len())),
    }
}

#[cold]
fn pow_arguments(vm: &Vm, given: usize) -> crate::result::Raised {
    vm.type_error(format!("expected 1 or 2 arguments, got {given}"))
}

fn wrap_rpow(vm: &Vm, ty: &Type, this: &Object, args: Args<'_>) -> PyResult {
    match args.pos() {
        [other] => ty.slots.binary[6].get().ok_or_else(|| missing(vm))?(vm, other, this),
        [other, modulus] => match ty.slots.pow.get() {
            Some(pow) => pow(vm, other, this, modulus),
            None => ty.slots.binary[6].get().ok_or_else(|| missing(vm))?(vm, other, this),
        },
        other => Err(pow_arguments(vm, other.len())),
    }
}

macro_rules! def {
    ($name:literal, $signature:literal, $slot:ident, $doc:literal, $wrap:expr) => {
        SlotDef {
            name: $name,
            signature: $signature,
            doc: $doc,
            slot: &$slot,
            wrap: $wrap,
        }
    };
}

/// All special methods, in the order in which they stand in the dicts of builtin types.
pub static DEFS: &[SlotDef] = &[
    def!(
        "__getattribute__",
        "($self, name, /)",
        GETATTR,
        "Return getattr(self, name).",
        wrap_getattr
    ),
    def!(
        "__setattr__",
        "($self, name, value, /)",
        SETATTR,
        "Implement setattr(self, name, value).",
        wrap_setattr
    ),
    def!(
        "__delattr__",
        "($self, name, /)",
        SETATTR,
        "Implement delattr(self, name).",
        wrap_delattr
    ),
    def!(
        "__repr__",
        "($self, /)",
        REPR,
        "Return repr(self).",
        wrap!(unary repr)
    ),
    def!(
        "__hash__",
        "($self, /)",
        HASH,
        "Return hash(self).",
        wrap_hash
    ),
    def!(
        "__call__",
        "($self, /, *args, **kwargs)",
        CALL,
        "Call self as a function.",
        wrap_call
    ),
    def!(
        "__str__",
        "($self, /)",
        STR,
        "Return str(self).",
        wrap!(unary str)
    ),
    def!(
        "__lt__",
        "($self, value, /)",
        COMPARE,
        "Return self<value.",
        wrap!(compare Lt)
    ),
    def!(
        "__le__",
        "($self, value, /)",
        COMPARE,
        "Return self<=value.",
        wrap!(compare Le)
    ),
    def!(
        "__eq__",
        "($self, value, /)",
        COMPARE,
        "Return self==value.",
        wrap!(compare Eq)
    ),
    def!(
        "__ne__",
        "($self, value, /)",
        COMPARE,
        "Return self!=value.",
        wrap!(compare Ne)
    ),
    def!(
        "__gt__",
        "($self, value, /)",
        COMPARE,
        "Return self>value.",
        wrap!(compare Gt)
    ),
    def!(
        "__ge__",
        "($self, value, /)",
        COMPARE,
        "Return self>=value.",
        wrap!(compare Ge)
    ),
    def!(
        "__iter__",
        "($self, /)",
        ITER,
        "Implement iter(self).",
        wrap!(unary iter)
    ),
    def!(
        "__next__",
        "($self, /)",
        NEXT,
        "Implement next(self).",
        wrap_next
    ),
    def!(
        "__get__",
        "($self, instance, owner=None, /)",
        DESCR_GET,
        "Return an attribute of instance, which is of type owner.",
        wrap_get
    ),
    def!(
        "__set__",
        "($self, instance, value, /)",
        DESCR_SET,
        "Set an attribute of instance to value.",
        wrap_set
    ),
    def!(
        "__delete__",
        "($self, instance, /)",
        DESCR_SET,
        "Delete an attribute of instance.",
        wrap_delete
    ),
    def!(
        "__init__",
        "($self, /, *args, **kwargs)",
        INIT,
        "Initialize self.  See help(type(self)) for accurate signature.",
        wrap_init
    ),
    def!(
        "__del__",
        "($self, /)",
        FINALIZE,
        "Called when the instance is about to be destroyed.",
        wrap_finalize
    ),
    def!(
        "__await__",
        "($self, /)",
        AWAIT,
        "Return an iterator to be used in await expression.",
        wrap!(unary awaitable)
    ),
    def!(
        "__aiter__",
        "($self, /)",
        AITER,
        "Return an awaitable, that resolves in asynchronous iterator.",
        wrap!(unary aiter)
    ),
    def!(
        "__anext__",
        "($self, /)",
        ANEXT,
        "Return a value or raise StopAsyncIteration.",
        wrap!(unary anext)
    ),
    def!(
        "__add__",
        "($self, value, /)",
        ADD,
        "Return self+value.",
        wrap!(binary binary[0])
    ),
    def!(
        "__radd__",
        "($self, value, /)",
        ADD,
        "Return value+self.",
        wrap!(reflected binary[0])
    ),
    def!(
        "__sub__",
        "($self, value, /)",
        SUB,
        "Return self-value.",
        wrap!(binary binary[1])
    ),
    def!(
        "__rsub__",
        "($self, value, /)",
        SUB,
        "Return value-self.",
        wrap!(reflected binary[1])
    ),
    def!(
        "__mul__",
        "($self, value, /)",
        MUL,
        "Return self*value.",
        wrap!(binary binary[2])
    ),
    def!(
        "__rmul__",
        "($self, value, /)",
        MUL,
        "Return value*self.",
        wrap!(reflected binary[2])
    ),
    def!(
        "__truediv__",
        "($self, value, /)",
        TRUEDIV,
        "Return self/value.",
        wrap!(binary binary[3])
    ),
    def!(
        "__rtruediv__",
        "($self, value, /)",
        TRUEDIV,
        "Return value/self.",
        wrap!(reflected binary[3])
    ),
    def!(
        "__floordiv__",
        "($self, value, /)",
        FLOORDIV,
        "Return self//value.",
        wrap!(binary binary[4])
    ),
    def!(
        "__rfloordiv__",
        "($self, value, /)",
        FLOORDIV,
        "Return value//self.",
        wrap!(reflected binary[4])
    ),
    def!(
        "__mod__",
        "($self, value, /)",
        MOD,
        "Return self%value.",
        wrap!(binary binary[5])
    ),
    def!(
        "__rmod__",
        "($self, value, /)",
        MOD,
        "Return value%self.",
        wrap!(reflected binary[5])
    ),
    def!(
        "__pow__",
        "($self, value, mod=None, /)",
        POW,
        "Return pow(self, value, mod).",
        wrap_pow
    ),
    def!(
        "__rpow__",
        "($self, value, mod=None, /)",
        POW,
        "Return pow(value, self, mod).",
        wrap_rpow
    ),
    def!(
        "__lshift__",
        "($self, value, /)",
        LSHIFT,
        "Return self<<value.",
        wrap!(binary binary[7])
    ),
    def!(
        "__rlshift__",
        "($self, value, /)",
        LSHIFT,
        "Return value<<self.",
        wrap!(reflected binary[7])
    ),
    def!(
        "__rshift__",
        "($self, value, /)",
        RSHIFT,
        "Return self>>value.",
        wrap!(binary binary[8])
    ),
    def!(
        "__rrshift__",
        "($self, value, /)",
        RSHIFT,
        "Return value>>self.",
        wrap!(reflected binary[8])
    ),
    def!(
        "__and__",
        "($self, value, /)",
        AND,
        "Return self&value.",
        wrap!(binary binary[9])
    ),
    def!(
        "__rand__",
        "($self, value, /)",
        AND,
        "Return value&self.",
        wrap!(reflected binary[9])
    ),
    def!(
        "__or__",
        "($self, value, /)",
        OR,
        "Return self|value.",
        wrap!(binary binary[10])
    ),
    def!(
        "__ror__",
        "($self, value, /)",
        OR,
        "Return value|self.",
        wrap!(reflected binary[10])
    ),
    def!(
        "__xor__",
        "($self, value, /)",
        XOR,
        "Return self^value.",
        wrap!(binary binary[11])
    ),
    def!(
        "__rxor__",
        "($self, value, /)",
        XOR,
        "Return value^self.",
        wrap!(reflected binary[11])
    ),
    def!(
        "__matmul__",
        "($self, value, /)",
        MATMUL,
        "Return self@value.",
        wrap!(binary binary[12])
    ),
    def!(
        "__rmatmul__",
        "($self, value, /)",
        MATMUL,
        "Return value@self.",
        wrap!(reflected binary[12])
    ),
    def!("__neg__", "($self, /)", NEG, "-self", wrap!(unary neg)),
    def!("__pos__", "($self, /)", POS, "+self", wrap!(unary pos)),
    def!("__abs__", "($self, /)", ABS, "abs(self)", wrap!(unary abs)),
    def!(
        "__bool__",
        "($self, /)",
        BOOL,
        "True if self else False",
        wrap!(truth bool)
    ),
    def!(
        "__invert__",
        "($self, /)",
        INVERT,
        "~self",
        wrap!(unary invert)
    ),
    def!("__int__", "($self, /)", INT, "int(self)", wrap!(unary int)),
    def!(
        "__float__",
        "($self, /)",
        FLOAT,
        "float(self)",
        wrap!(unary float)
    ),
    def!(
        "__iadd__",
        "($self, value, /)",
        IADD,
        "Return self+=value.",
        wrap!(binary inplace[0])
    ),
    def!(
        "__isub__",
        "($self, value, /)",
        ISUB,
        "Return self-=value.",
        wrap!(binary inplace[1])
    ),
    def!(
        "__imul__",
        "($self, value, /)",
        IMUL,
        "Return self*=value.",
        wrap!(binary inplace[2])
    ),
    def!(
        "__itruediv__",
        "($self, value, /)",
        ITRUEDIV,
        "Return self/=value.",
        wrap!(binary inplace[3])
    ),
    def!(
        "__ifloordiv__",
        "($self, value, /)",
        IFLOORDIV,
        "Return self//=value.",
        wrap!(binary inplace[4])
    ),
    def!(
        "__imod__",
        "($self, value, /)",
        IMOD,
        "Return self%=value.",
        wrap!(binary inplace[5])
    ),
    def!(
        "__ipow__",
        "($self, value, /)",
        IPOW,
        "Return self**=value.",
        wrap!(binary inplace[6])
    ),
    def!(
        "__ilshift__",
        "($self, value, /)",
        ILSHIFT,
        "Return self<<=value.",
        wrap!(binary inplace[7])
    ),
    def!(
        "__irshift__",
        "($self, value, /)",
        IRSHIFT,
        "Return self>>=value.",
        wrap!(binary inplace[8])
    ),
    def!(
        "__iand__",
        "($self, value, /)",
        IAND,
        "Return self&=value.",
        wrap!(binary inplace[9])
    ),
    def!(
        "__ior__",
        "($self, value, /)",
        IOR,
        "Return self|=value.",
        wrap!(binary inplace[10])
    ),
    def!(
        "__ixor__",
        "($self, value, /)",
        IXOR,
        "Return self^=value.",
        wrap!(binary inplace[11])
    ),
    def!(
        "__imatmul__",
        "($self, value, /)",
        IMATMUL,
        "Return self@=value.",
        wrap!(binary inplace[12])
    ),
    def!(
        "__index__",
        "($self, /)",
        INDEX,
        "Return self converted to an integer, if self is suitable for use as an index into a list.",
        wrap!(unary index)
    ),
    def!("__len__", "($self, /)", LEN, "Return len(self).", wrap_len),
    def!(
        "__getitem__",
        "($self, key, /)",
        GETITEM,
        "Return self[key].",
        wrap!(binary getitem)
    ),
    def!(
        "__setitem__",
        "($self, key, value, /)",
        SETITEM,
        "Set self[key] to value.",
        wrap_setitem
    ),
    def!(
        "__delitem__",
        "($self, key, /)",
        SETITEM,
        "Delete self[key].",
        wrap_delitem
    ),
    def!(
        "__add__",
        "($self, value, /)",
        CONCAT,
        "Return self+value.",
        wrap!(binary concat)
    ),
    def!(
        "__mul__",
        "($self, value, /)",
        REPEAT,
        "Return self*value.",
        wrap!(repeat repeat)
    ),
    def!(
        "__rmul__",
        "($self, value, /)",
        REPEAT,
        "Return value*self.",
        wrap!(repeat repeat)
    ),
    def!(
        "__contains__",
        "($self, key, /)",
        CONTAINS,
        "Return bool(key in self).",
        wrap_contains
    ),
    def!(
        "__iadd__",
        "($self, value, /)",
        INPLACE_CONCAT,
        "Implement self+=value.",
        wrap!(binary inplace_concat)
    ),
    def!(
        "__imul__",
        "($self, value, /)",
        INPLACE_REPEAT,
        "Implement self*=value.",
        wrap!(repeat inplace_repeat)
    ),
];

/// Brings one slot of a class in line with the methods that its MRO gives.
pub fn update_slot(vm: &Vm, ty: &Type, slot: &'static SlotOps) -> PyResult<()> {
    let mut specific: Option<Ref<Type>> = None;
    let (mut python, mut unhashable) = (false, false);
    for name in slot.names {
        let Some(found) = vm.type_lookup(ty, &*vm.intern(name)?) else {
            continue;
        };
        let owner = if let Some(wrapper) = found.downcast::<SlotWrapper>() {
            if wrapper.def.name == *name
                && !std::ptr::eq(wrapper.def.slot, slot)
                && !(std::ptr::eq(slot, &TERNARY_POW))
                && ty.is_subtype(&wrapper.owner)
            {
                // The method of another slot of the same name.
                continue;
            }
            (wrapper.def.name == *name && ty.is_subtype(&wrapper.owner))
                .then(|| wrapper.owner.clone())
        } else if std::ptr::eq(slot, &NEW) {
            found
                .downcast::<NativeFunction>()
                .filter(|f| std::ptr::eq(f.def, &super::new::NEW))
                .and_then(|f| f.receiver.get().and_then(|r| r.cast::<Type>().ok()))
                .map(|owner| match ty.base.get() {
                    // That of a type which is no base would make an object of another layout.
                    Some(base) if !ty.is_subtype(&owner) => base,
                    _ => owner,
                })
        } else {
            None
        };
        if std::ptr::eq(slot, &HASH) && vm.is_none(&found) {
            unhashable = true;
            continue;
        }
        match owner {
            Some(owner) => {
                let other = specific
                    .as_ref()
                    .is_some_and(|s| (slot.address)(&s.slots) != (slot.address)(&owner.slots));
                python = python || other;
                specific = Some(owner);
            }
            None => python = true,
        }
    }
    if python {
        (slot.fill)(&ty.slots);
    } else if let Some(owner) = &specific {
        (slot.copy)(&ty.slots, &owner.slots);
    } else {
        (slot.clear)(&ty.slots);
    }
    if std::ptr::eq(slot, &HASH) {
        ty.set_trait(TypeTraits::UNHASHABLE, unhashable);
    } else if std::ptr::eq(slot, &GETATTR) {
        ty.set_trait(TypeTraits::CUSTOM_GETATTR, python);
    } else if std::ptr::eq(slot, &FINALIZE) {
        let flags = ty.info.flags.get() & !TypeFlags::HAS_FINALIZER;
        let has = ty.slots.finalize.get().is_some();
        ty.info
            .flags
            .set(flags | if has { TypeFlags::HAS_FINALIZER } else { 0 });
    }
    Ok(())
}

/// Brings all slots that a name stands for in line, in the class and in its subclasses.
pub fn update_name(vm: &Vm, ty: &Type, name: &Str) -> PyResult<()> {
    let Some(text) = name.as_ascii() else {
        return Ok(());
    };
    if !text.starts_with("__") {
        return Ok(());
    }
    let slots: Vec<&'static SlotOps> = SLOTS
        .iter()
        .copied()
        .filter(|s| s.names.contains(&text))
        .collect();
    if slots.is_empty() {
        return Ok(());
    }
    update_all(vm, ty, &slots, name)
}

fn update_all(vm: &Vm, ty: &Type, slots: &[&'static SlotOps], name: &Str) -> PyResult<()> {
    for slot in slots {
        update_slot(vm, ty, slot)?;
    }
    for subclass in ty.subclass_refs() {
        // A class with a method of its own does not see that of its base.
        let hidden = subclass
            .dict(vm)
            .is_some_and(|d| d.get_str(vm, name).is_some());
        if !hidden {
            update_all(vm, &subclass, slots, name)?;
        }
    }
    Ok(())
}

/// A set of slots, by their places in [`SLOTS`].
type SlotSet = u64;

/// The slots that each special method stands for.
static BY_NAME: LazyLock<HashMap<&'static str, SlotSet>> = LazyLock::new(|| {
    const { assert!(SLOTS.len() <= SlotSet::BITS as usize) };
    let mut all = HashMap::new();
    for (place, slot) in SLOTS.iter().enumerate() {
        for name in slot.names {
            *all.entry(*name).or_insert(0) |= 1 << place;
        }
    }
    all
});

/// The slots that the methods in a class's dict speak of.
fn spoken_of(vm: &Vm, class: &Type) -> SlotSet {
    let mut found = 0;
    if let Some(dict) = class.dict(vm) {
        dict.for_each_key(|key| {
            let text = key.downcast::<Str>().and_then(Str::as_ascii);
            if let Some(text) = text.filter(|text| text.starts_with("__")) {
                found |= BY_NAME.get(text).copied().unwrap_or(0);
            }
        });
    }
    found
}

/// The slots in which a class may differ from its base: what the classes say that its MRO has beside those of the base's.
fn differing(vm: &Vm, ty: &Type) -> SlotSet {
    let single = ty.bases.get().is_none_or(|bases| bases.len() == 1);
    let (mro, base) = (ty.mro.get(), ty.base.get().and_then(|base| base.mro.get()));
    let (Some(mro), Some(base), false) = (mro, base, single) else {
        return spoken_of(vm, ty);
    };
    let (inherited, added): (Vec<_>, Vec<_>) = mro
        .iter()
        .partition(|class| base.iter().any(|other| other.is(class)));
    // A metaclass may have made an MRO of its own.
    let same =
        inherited.len() == base.len() && inherited.iter().zip(base.iter()).all(|(a, b)| a.is(b));
    if !same {
        return SlotSet::MAX;
    }
    let added = added.iter().filter_map(|class| class.downcast::<Type>());
    added.fold(0, |all, class| all | spoken_of(vm, class))
}

/// Fills the slots of a new class: what its base has, and what the methods of its MRO say.
pub fn fill_slots(vm: &Vm, ty: &Type) -> PyResult<()> {
    if let Some(base) = ty.base.get() {
        SLOTS
            .iter()
            .for_each(|slot| (slot.copy)(&ty.slots, &base.slots));
        ty.slots.buffer.set(base.slots.buffer.get());
        let inherited = TypeTraits::UNHASHABLE | TypeTraits::CUSTOM_GETATTR;
        ty.traits
            .set(ty.traits.get() | base.traits.get() & inherited);
        let finalizer =
            base.info.flags.get() & (TypeFlags::HAS_FINALIZER | TypeFlags::OLD_FINALIZER);
        ty.info.flags.set(ty.info.flags.get() | finalizer);
    }
    let differing = differing(vm, ty);
    for (place, slot) in SLOTS.iter().enumerate() {
        if differing & 1 << place != 0 {
            update_slot(vm, ty, slot)?;
        }
    }
    Ok(())
}

/// The interned names of [`DEFS`], in the same order: hundreds of types look them up when an interpreter starts.
fn slot_names(vm: &Vm) -> PyResult<&[Ref<Str>]> {
    if let Some(names) = vm.slot_names.get() {
        return Ok(names);
    }
    let names = DEFS
        .iter()
        .map(|def| vm.intern(def.name))
        .collect::<PyResult<Box<[Ref<Str>]>>>()?;
    Ok(vm.slot_names.get_or_init(|| names))
}

/// Enters the wrappers of the slots that a builtin type has of its own into its dict.
pub fn add_slot_wrappers(vm: &Vm, ty: &Ref<Type>, dict: &Dict) -> PyResult<()> {
    let base = ty.base.get();
    let own = |slot: &SlotOps| {
        let address = (slot.address)(&ty.slots);
        address != 0
            && base
                .as_ref()
                .is_none_or(|b| (slot.address)(&b.slots) != address)
    };
    if own(&NEW) && dict.get_str(vm, &vm.names.__new__).is_none() {
        let new = super::new::new_function(vm, ty)?;
        dict.set_str(vm, &vm.names.__new__, &new)?;
    }
    let defs: smallvec::SmallVec<[usize; 64]> =
        (0..DEFS.len()).filter(|&i| own(DEFS[i].slot)).collect();
    dict.reserve(defs.len() + 1);
    let names = slot_names(vm)?;
    for (def, name) in defs.iter().map(|&i| (&DEFS[i], &names[i])) {
        if dict.get_str(vm, name).is_some() {
            continue;
        }
        let wrapper = super::slot_wrapper::make(vm, def, ty)?;
        dict.set_str(vm, name, &wrapper)?;
    }
    if ty.has(TypeTraits::UNHASHABLE) && dict.get_str(vm, &vm.names.__hash__).is_none() {
        dict.set_str(vm, &vm.names.__hash__, vm.none())?;
    }
    Ok(())
}
