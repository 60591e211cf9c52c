//! `zlib.Compress` objects.

use std::cell::RefCell;

use viv_runtime::object::Type;
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::stream::{Compressor, DeflateMode, Failure, Parameters, flush_of};
use super::{data_argument, failed, number, small_number};
use crate::kinds;

/// A `zlib.Compress`.
#[repr(C)]
pub struct CompressObject {
    /// The header.
    pub head: Object,
    stream: RefCell<Compressor>,
}
object_layout!(CompressObject = kinds::COMPRESSOR);

static SPEC: TypeSpec = TypeSpec {
    name: "Compress",
    module: "zlib",
    methods: &[METHODS],
    ..TypeSpec::new(CompressObject::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "compress",
        "($self, data, /)",
        NativeCall::One(|vm, this, data| {
            let data = require_bytes(vm, data, <[u8]>::to_vec)?;
            run(
                vm,
                this,
                &data,
                DeflateMode::NoFlush,
                "while compressing data",
            )
        }),
        "Returns a bytes object containing compressed data.\n\n  data\n    Binary data to be compressed.\n\nAfter calling this function, some of the input data may still\nbe stored in internal buffers for later processing.\nCall the flush() method to clear these buffers.",
    ),
    MethodDef::new(
        "flush",
        "($self, mode=zlib.Z_FINISH, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| {
                let given: Vec<Option<&Object>> = args.iter().map(|arg| Some(*arg)).collect();
                let mode = number(vm, &given, 0, 4)?;
                let doing = "while flushing";
                match flush_of(mode) {
                    Some(DeflateMode::NoFlush) => Ok(vm.new_bytes(&[])?.upcast()),
                    Some(mode) => run(vm, this, &[], mode, doing),
                    None => Err(failed(vm, &Failure(-2, None), doing)),
                }
            },
        },
        "Return a bytes object containing any remaining compressed data.\n\n  mode\n    One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.\n    If mode == Z_FINISH, the compressor object can no longer be\n    used after calling the flush() method.  Otherwise, more data\n    can still be compressed.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a copy of the compression object.",
    ),
    MethodDef::new("__copy__", "($self, /)", NativeCall::NoArgs(copy), ""),
    MethodDef::new(
        "__deepcopy__",
        "($self, memo, /)",
        NativeCall::One(|vm, this, _| copy(vm, this)),
        "",
    ),
];

fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn place(vm: &Vm, stream: Compressor) -> PyResult {
    let made = vm.place(CompressObject {
        head: Object::new(own_type(vm)?.type_head_of()),
        stream: RefCell::new(stream),
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

/// `zlib.compressobj`
pub fn compressobj(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let parameters = Parameters {
        level: small_number(vm, args, 0, -1)?,
        method: small_number(vm, args, 1, 8)?,
        wbits: small_number(vm, args, 2, 15)?,
        mem_level: small_number(vm, args, 3, 8)?,
        strategy: small_number(vm, args, 4, 0)?,
    };
    let dictionary = match args.get(5) {
        Some(&Some(dictionary)) => Some(data_argument(vm, &[Some(dictionary)])?),
        _ => None,
    };
    match Compressor::new(parameters, dictionary) {
        Some(stream) => place(vm, stream),
        None => Err(vm.value_error("Invalid initialization option")),
    }
}

fn run(vm: &Vm, this: &Object, data: &[u8], mode: DeflateMode, doing: &str) -> PyResult {
    let this = receiver::<CompressObject>(vm, this)?;
    let done = this.stream.borrow_mut().run(data, mode);
    match done {
        Ok(out) => Ok(vm.new_bytes(&out)?.upcast()),
        Err(failure) => Err(failed(vm, &failure, doing)),
    }
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<CompressObject>(vm, this)?;
    if this.stream.borrow().ended {
        return Err(vm.value_error("Inconsistent stream state"));
    }
    let copied = this.stream.borrow().copy();
    match copied {
        Some(stream) => place(vm, stream),
        None => Err(super::too_much_to_copy(vm)),
    }
}
