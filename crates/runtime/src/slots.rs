//! The slots of a type: what the interpreter calls for an operation, without looking anything up by name.
//!
//! A builtin type fills its slots in its spec; its `__dunder__` methods are then made from them (`types::ty::wrappers`). A
//! class statement works the other way round: for each special method that the class or a base defines, the slot becomes
//! a function that looks the method up and calls it (`types::ty::slot_defs`). Both directions follow one table.

use std::cell::Cell;

use viv_bytecode::CompareOp;
use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::object::{Str, Type};
use crate::result::PyResult;
use crate::vm::Vm;

/// `f(x)`
pub type Unary = fn(&Vm, &Object) -> PyResult;
/// `f(x, y)`; may give NotImplemented where the slot is that of an operator.
pub type Binary = fn(&Vm, &Object, &Object) -> PyResult;
/// `pow(x, y, z)`; `z` is None where it was not given.
pub type Ternary = fn(&Vm, &Object, &Object, &Object) -> PyResult;
/// The hash.
pub type Hash = fn(&Vm, &Object) -> PyResult<i64>;
/// A length.
pub type Len = fn(&Vm, &Object) -> PyResult<usize>;
/// A truth value.
pub type Truth = fn(&Vm, &Object) -> PyResult<bool>;
/// A call.
pub type Call = fn(&Vm, &Object, Args<'_>) -> PyResult;
/// `type.__new__`
pub type New = fn(&Vm, &Type, Args<'_>) -> PyResult;
/// `type.__init__`
pub type Init = fn(&Vm, &Object, Args<'_>) -> PyResult<()>;
/// Attribute read.
pub type GetAttr = fn(&Vm, &Object, &Str) -> PyResult;
/// Attribute write, or deletion where there is no value.
pub type SetAttr = fn(&Vm, &Object, &Str, Option<&Object>) -> PyResult<()>;
/// `x < y` and so on; may give NotImplemented.
pub type RichCompare = fn(&Vm, &Object, &Object, CompareOp) -> PyResult;
/// The next value of an iterator, nothing at its end (StopIteration is not raised).
pub type IterNext = fn(&Vm, &Object) -> PyResult<Option<Ref>>;
/// `descriptor.__get__(instance or None, owner)`
pub type DescrGet = fn(&Vm, &Object, Option<&Object>, Option<&Object>) -> PyResult;
/// `descriptor.__set__(instance, value)`, or `__delete__` where there is no value.
pub type DescrSet = fn(&Vm, &Object, &Object, Option<&Object>) -> PyResult<()>;
/// `container[key] = value`, or deletion where there is no value.
pub type SetItem = fn(&Vm, &Object, &Object, Option<&Object>) -> PyResult<()>;
/// `key in container`
pub type Contains = fn(&Vm, &Object, &Object) -> PyResult<bool>;
/// `sequence * n`
pub type Repeat = fn(&Vm, &Object, i64) -> PyResult;
/// A finaliser.
pub type Finalize = fn(&Vm, &Object);

macro_rules! slots {
    ($( $(#[doc = $doc:literal])+ $name:ident: $ty:ty ),+ $(,)?) => {
        /// The slots of one type; an empty one means that the type does not support the operation.
        #[derive(Default)]
        pub struct Slots {
            $( $(#[doc = $doc])+ pub $name: Cell<Option<$ty>>, )+
            /// `+ - * / // % ** << >> & | ^ @` in the order of [`BinaryOp`](viv_bytecode::BinaryOp); the entry of `**` is `pow`'s two-argument form.
            pub binary: [Cell<Option<Binary>>; 13],
            /// The in-place forms in the same order.
            pub inplace: [Cell<Option<Binary>>; 13],
        }

        impl Slots {
            /// Fills every empty slot from a base type.
            pub fn inherit(&self, base: &Slots) {
                $( if self.$name.get().is_none() { self.$name.set(base.$name.get()); } )+
                for i in 0..13 {
                    if self.binary[i].get().is_none() { self.binary[i].set(base.binary[i].get()); }
                    if self.inplace[i].get().is_none() { self.inplace[i].set(base.inplace[i].get()); }
                }
            }
        }
    };
}

slots! {
    /// `repr(x)`
    repr: Unary,
    /// `str(x)`
    str: Unary,
    /// `hash(x)`
    hash: Hash,
    /// `x(…)`
    call: Call,
    /// `type.__new__`
    new: New,
    /// `type.__init__`
    init: Init,
    /// `x.name`
    getattr: GetAttr,
    /// `x.name = value`
    setattr: SetAttr,
    /// Comparison.
    compare: RichCompare,
    /// `iter(x)`
    iter: Unary,
    /// `next(x)`
    next: IterNext,
    /// `__get__`
    descr_get: DescrGet,
    /// `__set__`, `__delete__`
    descr_set: DescrSet,
    /// `len(x)`
    len: Len,
    /// `x[key]`
    getitem: Binary,
    /// `x[key] = value`
    setitem: SetItem,
    /// `key in x`
    contains: Contains,
    /// Sequence `+`, tried where the number protocol gives up.
    concat: Binary,
    /// Sequence `*`, tried where the number protocol gives up.
    repeat: Repeat,
    /// Sequence `+=`
    inplace_concat: Binary,
    /// Sequence `*=`
    inplace_repeat: Repeat,
    /// `bool(x)`
    bool: Truth,
    /// `-x`
    neg: Unary,
    /// `+x`
    pos: Unary,
    /// `~x`
    invert: Unary,
    /// `abs(x)`
    abs: Unary,
    /// `int(x)`
    int: Unary,
    /// `float(x)`
    float: Unary,
    /// `operator.index(x)`
    index: Unary,
    /// `pow(x, y, z)` with a modulus
    pow: Ternary,
    /// The buffer protocol: access to the object's bytes.
    buffer: &'static crate::types::buffer::BufferProcs,
    /// `x.__await__()`
    awaitable: Unary,
    /// `x.__aiter__()`
    aiter: Unary,
    /// `x.__anext__()`
    anext: Unary,
    /// `x.__del__()`
    finalize: Finalize,
}
