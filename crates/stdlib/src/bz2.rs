//! The module `_bz2`: compressor and decompressor of bzip2 streams, which a crate does.

use std::cell::{Cell, RefCell};

use bzip2::{Action, Compress, Compression, Decompress, Status};
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Bytes, Slot, Type};
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{constructor_args, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Vm, object_layout, protocol,
};

use crate::kinds;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_bz2",
    doc: "",
    functions: &[],
    fill: |vm, module| {
        let compressor = extra_type(vm, &COMPRESSOR, &vm.types.object)?;
        let decompressor = extra_type(vm, &DECOMPRESSOR, &vm.types.object)?;
        module
            .dict
            .set_text(vm, "BZ2Compressor", compressor.as_object())?;
        module
            .dict
            .set_text(vm, "BZ2Decompressor", decompressor.as_object())
    },
};

/// Bytes by which output grows.
const STEP: usize = 16 * 1024;

/// A `_bz2.BZ2Compressor`.
#[repr(C)]
pub struct Compressor {
    /// The header.
    pub head: Object,
    /// Nothing once it has been flushed.
    stream: RefCell<Option<Compress>>,
}
object_layout!(Compressor = kinds::BZ2_COMPRESSOR);

static COMPRESSOR: TypeSpec = TypeSpec {
    name: "BZ2Compressor",
    module: "_bz2",
    doc: "Create a compressor object for compressing data incrementally.\n\n  compresslevel\n    Compression level, as a number between 1 and 9.\n\nFor one-shot compression, use the compress() function instead.",
    signature: "(compresslevel=9, /)",
    slots: |s| s.new.set(Some(new_compressor)),
    methods: &[&[
        MethodDef::new(
            "compress",
            "($self, data, /)",
            NativeCall::One(|vm, this, data| {
                let data = require_bytes(vm, data, <[u8]>::to_vec)?;
                compress(vm, this, &data, Action::Run)
            }),
            "Provide data to the compressor object.\n\nReturns a chunk of compressed data if possible, or b'' otherwise.\n\nWhen you have finished providing data to the compressor, call the\nflush() method to finish the compression process.",
        ),
        MethodDef::new(
            "flush",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| compress(vm, this, &[], Action::Finish)),
            "Finish the compression process.\n\nReturns the compressed data left in internal buffers.\n\nThe compressor object may not be used after this method is called.",
        ),
        NO_PICKLE,
    ]],
    ..TypeSpec::new(Compressor::layout, false)
};

const NO_PICKLE: MethodDef = MethodDef::new(
    "__reduce__",
    "",
    NativeCall::NoArgs(|vm, this| {
        let class = Type::of(this).display_name();
        Err(vm.type_error(format!("cannot pickle '{class}' object")))
    }),
    "",
);

fn new_compressor(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let args = constructor_args(vm, "BZ2Compressor", args, 0, 1)?;
    let level = args.first().map_or(Ok(9), |l| protocol::to_i64(vm, l))?;
    if !(1..=9).contains(&level) {
        return Err(vm.value_error("compresslevel must be between 1 and 9"));
    }
    let stream = Compress::new(Compression::new(level as u32), 0);
    let made = vm.place(Compressor {
        head: Object::new(ty.type_head_of()),
        stream: RefCell::new(Some(stream)),
    })?;
    Ok(made.upcast())
}

fn compress(vm: &Vm, this: &Object, data: &[u8], action: Action) -> PyResult {
    let this = receiver::<Compressor>(vm, this)?;
    let Some(mut stream) = this.stream.take() else {
        return Err(vm.value_error(match action {
            Action::Finish => "Repeated call to flush()",
            _ => "Compressor has been flushed",
        }));
    };
    let (out, stream) = vm.allow_threads(move || {
        let (mut out, start) = (Vec::new(), stream.total_in());
        loop {
            let read = (stream.total_in() - start) as usize;
            if read >= data.len() && action != Action::Finish {
                break;
            }
            out.reserve(STEP);
            match stream.compress_vec(data.get(read..).unwrap_or_default(), &mut out, action) {
                Ok(Status::StreamEnd) => break,
                Ok(_) => {}
                Err(_) => return (None, stream),
            }
        }
        (Some(out), stream)
    });
    if action != Action::Finish {
        this.stream.replace(Some(stream));
    }
    match out {
        Some(out) => Ok(vm.new_bytes(&out)?.upcast()),
        None => Err(vm.raise(&vm.exceptions.OSError, "Invalid data stream")),
    }
}

/// A `_bz2.BZ2Decompressor`.
#[repr(C)]
pub struct Decompressor {
    /// The header.
    pub head: Object,
    /// Nothing after an error, or while a call uses it.
    stream: RefCell<Option<Decompress>>,
    /// Input that was not read yet.
    waiting: RefCell<Vec<u8>>,
    eof: Cell<bool>,
    needs_input: Cell<bool>,
    unused: Slot<Bytes>,
}
object_layout!(
    Decompressor = kinds::BZ2_DECOMPRESSOR,
    traverse | this,
    visit | {
        this.unused.visit(visit);
    }
);

static DECOMPRESSOR: TypeSpec = TypeSpec {
    name: "BZ2Decompressor",
    module: "_bz2",
    doc: "Create a decompressor object for decompressing data incrementally.\n\nFor one-shot decompression, use the decompress() function instead.",
    signature: "()",
    slots: |s| s.new.set(Some(new_decompressor)),
    methods: &[&[
        MethodDef::new(
            "decompress",
            "($self, /, data, max_length=-1)",
            NativeCall::Bound(decompress),
            "Decompress *data*, returning uncompressed data as bytes.\n\nIf *max_length* is nonnegative, returns at most *max_length* bytes\nof decompressed data.  If this limit is reached and further output\ncan be produced, *self.needs_input* will be set to ``False``.  In\nthis case, the next call to *decompress()* may provide *data* as b''\nto obtain more of the output.\n\nIf all of the input data was decompressed and returned (either\nbecause this was less than *max_length* bytes, or because\n*max_length* was negative), *self.needs_input* will be set to True.\n\nAttempting to decompress data after the end of stream is reached\nraises an EOFError.  Any data found after the end of the stream is\nignored and saved in the unused_data attribute.",
        ),
        NO_PICKLE,
    ]],
    getset: &[
        GetSetDef::member(
            "eof",
            |vm, this| Ok(vm.bool(receiver::<Decompressor>(vm, this)?.eof.get())),
            "True if the end-of-stream marker has been reached.",
        ),
        GetSetDef::member(
            "unused_data",
            |vm, this| match receiver::<Decompressor>(vm, this)?.unused.get() {
                Some(bytes) => Ok(bytes.upcast()),
                None => Ok(vm.new_bytes(&[])?.upcast()),
            },
            "Data found after the end of the compressed stream.",
        ),
        GetSetDef::member(
            "needs_input",
            |vm, this| Ok(vm.bool(receiver::<Decompressor>(vm, this)?.needs_input.get())),
            "True if more input is needed before more decompressed data can be produced.",
        ),
    ],
    ..TypeSpec::new(Decompressor::layout, false)
};

fn new_decompressor(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    constructor_args(vm, "BZ2Decompressor", args, 0, 0)?;
    let made = vm.place(Decompressor {
        head: Object::new(ty.type_head_of()),
        stream: RefCell::new(Some(Decompress::new(false))),
        waiting: RefCell::default(),
        eof: Cell::new(false),
        needs_input: Cell::new(true),
        unused: Slot::default(),
    })?;
    Ok(made.upcast())
}

/// What one call gave: the output, how much input it read, and whether the stream has ended.
type Piece = Option<(Vec<u8>, usize, bool)>;

fn expand(stream: &mut Decompress, input: &[u8], limit: usize) -> Piece {
    let (mut out, start) = (Vec::new(), stream.total_in());
    loop {
        let read = (stream.total_in() - start) as usize;
        if out.len() >= limit {
            return Some((out, read, false));
        }
        let before = out.len();
        // Room beyond what was asked for would be filled, too.
        let mut piece = Vec::with_capacity(STEP.min(limit - before));
        let status = stream.decompress_vec(input.get(read..)?, &mut piece).ok()?;
        out.extend_from_slice(&piece);
        let now = (stream.total_in() - start) as usize;
        match status {
            Status::StreamEnd => return Some((out, now, true)),
            _ if now == read && out.len() == before => return Some((out, now, false)),
            _ => {}
        }
    }
}

fn decompress(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let this = receiver::<Decompressor>(vm, this)?;
    let [Some(data), limit] = args else {
        return Err(vm.system_error("decompress() lost its arguments"));
    };
    let data = require_bytes(vm, data, <[u8]>::to_vec)?;
    let limit = limit.map_or(Ok(-1), |limit| protocol::to_i64(vm, limit))?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if this.eof.get() {
        return Err(vm.eof_error("End of stream already reached"));
    }
    let Some(mut stream) = this.stream.take() else {
        return Err(vm.value_error("Decompressor is unusable after a previous error"));
    };
    let mut input = this.waiting.take();
    input.extend_from_slice(&data);
    let (piece, input, stream) = vm.allow_threads(move || {
        let piece = expand(&mut stream, &input, limit);
        (piece, input, stream)
    });
    let Some((out, read, eof)) = piece else {
        return Err(vm.raise(&vm.exceptions.OSError, "Invalid data stream"));
    };
    this.stream.replace(Some(stream));
    let rest = input.get(read..).unwrap_or_default();
    this.eof.set(eof);
    if eof {
        this.needs_input.set(false);
        if !rest.is_empty() {
            this.unused.set(Some(vm.new_bytes(rest)?));
        }
    } else {
        // Where the limit was reached more may come out of what has been read.
        this.needs_input.set(rest.is_empty() && out.len() < limit);
        this.waiting.replace(rest.to_vec());
    }
    Ok(vm.new_bytes(&out)?.upcast())
}
