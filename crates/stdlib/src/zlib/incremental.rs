//! `zlib._ZlibDecompressor`: a decompressor that keeps what it could not read yet.

use std::cell::{Cell, RefCell};

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Bytes, Slot, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::decompressor::{run, set_dictionary};
use super::stream::Decompressor;
use super::{data_argument, number, small_number};
use crate::kinds;

/// A `zlib._ZlibDecompressor`.
#[repr(C)]
pub struct Incremental {
    /// The header.
    pub head: Object,
    stream: RefCell<Decompressor>,
    dictionary: Slot,
    /// Input that was not read yet.
    waiting: RefCell<Vec<u8>>,
    needs_input: Cell<bool>,
    unused: Slot<Bytes>,
}
object_layout!(
    Incremental = kinds::ZLIB_DECOMPRESSOR,
    traverse | this,
    visit | {
        this.dictionary.visit(visit);
        this.unused.visit(visit);
    },
    clear | this | {
        this.dictionary.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "_ZlibDecompressor",
    module: "zlib",
    doc: "Create a decompressor object for decompressing data incrementally.\n\n  wbits = 15\n  zdict\n     The predefined compression dictionary. This is a sequence of bytes\n     (such as a bytes object) containing subsequences that are expected\n     to occur frequently in the data that is to be compressed. Those\n     subsequences that are expected to be most common should come at the\n     end of the dictionary. This must be the same dictionary as used by the\n     compressor that produced the input data.\n",
    signature: "(wbits=15, zdict=b'')",
    slots: |s| s.new.set(Some(new)),
    methods: &[&[MethodDef::new(
        "decompress",
        "($self, /, data, max_length=-1)",
        NativeCall::Bound(decompress),
        "Decompress *data*, returning uncompressed data as bytes.\n\nIf *max_length* is nonnegative, returns at most *max_length* bytes of\ndecompressed data. If this limit is reached and further output can be\nproduced, *self.needs_input* will be set to ``False``. In this case, the next\ncall to *decompress()* may provide *data* as b'' to obtain more of the output.\n\nIf all of the input data was decompressed and returned (either because this\nwas less than *max_length* bytes, or because *max_length* was negative),\n*self.needs_input* will be set to True.\n\nAttempting to decompress data after the end of stream is reached raises an\nEOFError.  Any data found after the end of the stream is ignored and saved in\nthe unused_data attribute.",
    )]],
    getset: &[
        GetSetDef::member(
            "eof",
            |vm, this| {
                let eof = receiver::<Incremental>(vm, this)?.stream.borrow().eof;
                Ok(vm.bool(eof))
            },
            "True if the end-of-stream marker has been reached.",
        ),
        GetSetDef::member(
            "unused_data",
            |vm, this| match receiver::<Incremental>(vm, this)?.unused.get() {
                Some(bytes) => Ok(bytes.upcast()),
                None => Ok(vm.new_bytes(&[])?.upcast()),
            },
            "Data found after the end of the compressed stream.",
        ),
        GetSetDef::member(
            "needs_input",
            |vm, this| Ok(vm.bool(receiver::<Incremental>(vm, this)?.needs_input.get())),
            "True if more input is needed before more decompressed data can be produced.",
        ),
    ],
    ..TypeSpec::new(Incremental::layout, true)
};

/// The type `zlib._ZlibDecompressor`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = Parameters::of("(wbits=15, zdict=b'')").bind(vm, "_ZlibDecompressor", args)?;
    let wbits = small_number(vm, &bound, 0, 15)?;
    let dictionary = bound.get(1).copied().flatten();
    let Some(mut stream) = Decompressor::new(wbits) else {
        return Err(vm.value_error("Invalid initialization option"));
    };
    if let Some(dictionary) = dictionary.filter(|_| wbits < 0) {
        set_dictionary(vm, &mut stream, dictionary)?;
    }
    let made = vm.place(Incremental {
        head: Object::new(ty.type_head_of()),
        stream: RefCell::new(stream),
        dictionary: Slot::new(dictionary.map(Object::to_ref)),
        waiting: RefCell::default(),
        needs_input: Cell::new(true),
        unused: Slot::default(),
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

fn decompress(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let this = receiver::<Incremental>(vm, this)?;
    let data = data_argument(vm, args)?;
    let limit = usize::try_from(number(vm, args, 1, -1)?).unwrap_or(usize::MAX);
    if this.stream.borrow().eof {
        return Err(vm.eof_error("End of stream already reached"));
    }
    let mut input = this.waiting.take();
    if input.is_empty() {
        input = data;
    } else {
        input.extend_from_slice(&data);
    }
    let dictionary = this.dictionary.get();
    let piece = run(
        vm,
        &this.stream,
        dictionary.as_deref(),
        &input,
        limit,
        16384,
    )?;
    input.drain(..piece.read.min(input.len()));
    if this.stream.borrow().eof {
        this.needs_input.set(false);
        if !input.is_empty() {
            this.unused.set(Some(vm.new_bytes(&input)?));
        }
    } else {
        this.needs_input.set(input.is_empty());
        this.waiting.replace(input);
    }
    Ok(vm.new_bytes(&piece.out)?.upcast())
}
