//! The layouts of all builtin objects: `#[repr(C)]` structs with the header first, and the safe ways to look into them.
//!
//! Behaviour (methods, operators, representation) is not here but in [`types`](crate::types).

#![allow(unsafe_code)]

pub mod buffer;
pub mod dict;
pub(crate) mod dict_table;
pub mod exception;
pub mod function;
pub mod iterator;
mod kept;
pub mod kinds;
pub mod live;
pub(crate) mod lookup;
pub mod number;
pub mod range;
pub mod sequence;
pub mod set;
pub mod singleton;
pub mod slot;
pub mod string;
pub mod ty;

pub use buffer::{
    ByteArray, ByteArrayIterator, BytesIterator, MemoryIterator, MemoryView, StrIterator,
};
pub use dict::Dict;
pub use exception::{Exception, Frame, Generator, GeneratorKind, GeneratorState, Traceback};
pub use function::{
    BoundMethod, CellObject, Code, Function, GetSetDescriptor, GivenCode, MemberDescriptor,
    MethodDescriptor, Module, NativeFunction,
};
pub use iterator::{
    CallableIterator, DictIterator, DictView, DictWhat, Enumerate, Filter, ListIterator,
    ListReverseIterator, LongRangeIterator, MapObject, RangeIterator, Reversed, SequenceIterator,
    SetIterator, TupleIterator, Zip,
};
pub use kept::KeptTuple;
pub use number::{Complex, Float, Int};
pub use range::{Range, Slice};
pub use sequence::{List, Tuple};
pub use set::Set;
pub use singleton::Singleton;
pub(crate) use slot::fill;
pub use slot::{Inner, Slot};
pub use string::{Bytes, Str, StrData};
pub use ty::{Instance, Type, TypeTraits};
