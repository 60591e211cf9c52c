//! `BufferedRWPair`: a reader and a writer over two raw files, as one.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use super::super::base::{Ability, and_then_close, buffered_base, check};
use super::super::{DEFAULT_BUFFER_SIZE, file_type, no_args, uninitialized};
use super::{reader, writer};
use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `BufferedRWPair`.
#[repr(C)]
pub struct Pair {
    /// The header.
    pub head: Object,
    reader: Slot,
    writer: Slot,
}
object_layout!(
    Pair = kinds::BUFFERED_PAIR,
    traverse | this,
    visit | {
        this.reader.visit(visit);
        this.writer.visit(visit);
    },
    clear | this | {
        this.reader.set(None);
        this.writer.set(None);
    }
);

/// The type `io.BufferedRWPair`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "BufferedRWPair",
    module: "_io",
    doc: "A buffered reader and writer object together.\n\nA buffered reader object and buffered writer object put together to\nform a sequential IO object that can read and write. This is typically\nused with a socket or two-way pipe.\n\nreader and writer are RawIOBase objects that are readable and\nwriteable respectively. If the buffer_size is omitted it defaults to\nDEFAULT_BUFFER_SIZE.",
    signature: "(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| {
            place_tracked(
                vm,
                Pair {
                    head: Object::new(ty.type_head_of()),
                    reader: Slot::empty(),
                    writer: Slot::empty(),
                },
            )
        }));
        s.init.set(Some(init));
    },
    methods: &[METHODS],
    getset: &[
        super::super::DICT,
        GetSetDef::get(
            "closed",
            |vm, this| {
                let writer = part(vm, &receiver::<Pair>(vm, this)?.writer)?;
                protocol::get_attr(vm, &writer, &vm.names.closed)
            },
            "",
        ),
    ],
    ..TypeSpec::new(Pair::layout, true)
};

/// The type `io.BufferedRWPair`.
///
/// # Errors
/// MemoryError
pub fn buffered_pair(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &SPEC, &buffered_base(vm)?)
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let this = receiver::<Pair>(vm, this)?;
    let args = constructor_args(vm, "BufferedRWPair", args, 2, 3)?;
    check(vm, args[0], Ability::Read)?;
    check(vm, args[1], Ability::Write)?;
    let size = match args.get(2) {
        Some(size) => size.to_ref(),
        None => vm.new_usize(DEFAULT_BUFFER_SIZE)?,
    };
    let input = protocol::call_args(vm, &reader(vm)?.head, &[args[0], &size])?;
    let output = protocol::call_args(vm, &writer(vm)?.head, &[args[1], &size])?;
    this.reader.set(Some(input));
    this.writer.set(Some(output));
    Ok(())
}

fn part(vm: &Vm, slot: &Slot) -> PyResult {
    slot.get().ok_or_else(|| uninitialized(vm))
}

const METHODS: &[MethodDef] = &[
    to_reader("read", |vm, this, args| {
        forward(vm, this, &vm.names.read, args, false)
    }),
    to_reader("peek", |vm, this, args| {
        forward(vm, this, &*vm.intern("peek")?, args, false)
    }),
    to_reader("read1", |vm, this, args| {
        forward(vm, this, &vm.names.read1, args, false)
    }),
    to_reader("readinto", |vm, this, args| {
        forward(vm, this, &vm.names.readinto, args, false)
    }),
    to_reader("readinto1", |vm, this, args| {
        forward(vm, this, &vm.names.readinto1, args, false)
    }),
    to_reader("write", |vm, this, args| {
        forward(vm, this, &vm.names.write, args, true)
    }),
    no_args(
        "flush",
        |vm, this| forward(vm, this, &vm.names.flush, &[], true),
        "",
    ),
    no_args(
        "readable",
        |vm, this| forward(vm, this, &vm.names.readable, &[], false),
        "",
    ),
    no_args(
        "writable",
        |vm, this| forward(vm, this, &vm.names.writable, &[], true),
        "",
    ),
    no_args(
        "close",
        |vm, this| {
            let closed = forward(vm, this, &vm.names.close, &[], true).map(drop);
            and_then_close(vm, closed, || {
                forward(vm, this, &vm.names.close, &[], false).map(drop)
            })?;
            Ok(vm.none_ref())
        },
        "",
    ),
    no_args(
        "isatty",
        |vm, this| {
            let output = forward(vm, this, &vm.names.isatty, &[], true)?;
            if !output.is(&vm.false_.head) {
                return Ok(output);
            }
            forward(vm, this, &vm.names.isatty, &[], false)
        },
        "",
    ),
];

const fn to_reader(
    name: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
) -> MethodDef {
    MethodDef::new(
        name,
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call,
        },
        "",
    )
}

fn forward(vm: &Vm, this: &Object, name: &Str, args: &[&Object], write: bool) -> PyResult {
    let this = receiver::<Pair>(vm, this)?;
    let file = part(vm, if write { &this.writer } else { &this.reader })?;
    protocol::call_method(vm, &file, name, args)
}
