//! `zlib.Decompress` objects.

use std::cell::{Cell, RefCell};

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Bytes, Slot, Type};
use viv_runtime::types::buffer::{has_buffer, require_bytes};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::stream::{Decompressor, Failure, Piece};
use super::{data_argument, failed, number, small_number};
use crate::kinds;

/// A `zlib.Decompress`.
#[repr(C)]
pub struct DecompressObject {
    /// The header.
    pub head: Object,
    stream: RefCell<Decompressor>,
    /// The dictionary, until it was used.
    dictionary: Slot,
    unused: Slot<Bytes>,
    unconsumed: Slot<Bytes>,
    /// Whether `flush` has come to the end: nothing more can be read then.
    ended: Cell<bool>,
}
object_layout!(
    DecompressObject = kinds::DECOMPRESSOR,
    traverse | this,
    visit | {
        this.dictionary.visit(visit);
        this.unused.visit(visit);
        this.unconsumed.visit(visit);
    },
    clear | this | {
        this.dictionary.set(None);
    }
);

fn bytes_of(vm: &Vm, slot: &Slot<Bytes>) -> PyResult {
    match slot.get() {
        Some(bytes) => Ok(bytes.upcast()),
        None => Ok(vm.new_bytes(&[])?.upcast()),
    }
}

static SPEC: TypeSpec = TypeSpec {
    name: "Decompress",
    module: "zlib",
    methods: &[METHODS],
    getset: &[
        GetSetDef::member(
            "unused_data",
            |vm, this| bytes_of(vm, &receiver::<DecompressObject>(vm, this)?.unused),
            "",
        ),
        GetSetDef::member(
            "unconsumed_tail",
            |vm, this| bytes_of(vm, &receiver::<DecompressObject>(vm, this)?.unconsumed),
            "",
        ),
        GetSetDef::member(
            "eof",
            |vm, this| {
                let eof = receiver::<DecompressObject>(vm, this)?.stream.borrow().eof;
                Ok(vm.bool(eof))
            },
            "",
        ),
    ],
    ..TypeSpec::new(DecompressObject::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "decompress",
        "($self, data, /, max_length=0)",
        NativeCall::Bound(|vm, this, args| {
            let limit = match number(vm, args, 1, 0)? {
                ..0 => return Err(vm.value_error("max_length must be non-negative")),
                0 => usize::MAX,
                limit => limit as usize,
            };
            let data = data_argument(vm, args)?;
            read(vm, this, &data, limit, 16384)
        }),
        "Return a bytes object containing the decompressed version of the data.\n\n  data\n    The binary data to decompress.\n  max_length\n    The maximum allowable length of the decompressed data.\n    Unconsumed input data will be stored in\n    the unconsumed_tail attribute.\n\nAfter calling this function, some of the input data may still be\nstored in internal buffers for later processing.\nCall the flush() method to clear these buffers.",
    ),
    MethodDef::new(
        "flush",
        "($self, length=zlib.DEF_BUF_SIZE, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: flush,
        },
        "Return a bytes object containing any remaining decompressed data.\n\n  length\n    the initial size of the output buffer.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a copy of the decompression object.",
    ),
    MethodDef::new("__copy__", "($self, /)", NativeCall::NoArgs(copy), ""),
    MethodDef::new(
        "__deepcopy__",
        "($self, memo, /)",
        NativeCall::One(|vm, this, _| copy(vm, this)),
        "",
    ),
];

fn place(vm: &Vm, stream: Decompressor) -> PyResult<Ref<DecompressObject>> {
    let ty: Ref<Type> = extra_type(vm, &SPEC, &vm.types.object)?;
    let made = vm.place(DecompressObject {
        head: Object::new(ty.type_head_of()),
        stream: RefCell::new(stream),
        dictionary: Slot::default(),
        unused: Slot::default(),
        unconsumed: Slot::default(),
        ended: Cell::new(false),
    })?;
    vm.heap.track(made.as_object());
    Ok(made)
}

/// `zlib.decompressobj`
pub fn decompressobj(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let wbits = small_number(vm, args, 0, 15)?;
    let dictionary = args.get(1).copied().flatten();
    if let Some(dictionary) = dictionary
        && !has_buffer(vm, dictionary)?
    {
        return Err(vm.type_error("zdict argument must support the buffer protocol"));
    }
    let Some(mut stream) = Decompressor::new(wbits) else {
        return Err(vm.value_error("Invalid initialization option"));
    };
    if let Some(dictionary) = dictionary.filter(|_| wbits < 0) {
        set_dictionary(vm, &mut stream, dictionary)?;
    }
    let made = place(vm, stream)?;
    made.dictionary.set(dictionary.map(Object::to_ref));
    Ok(made.upcast())
}

/// Gives a stream its dictionary.
pub fn set_dictionary(vm: &Vm, stream: &mut Decompressor, dictionary: &Object) -> PyResult<()> {
    let bytes = require_bytes(vm, dictionary, <[u8]>::to_vec)?;
    stream
        .set_dictionary(&bytes)
        .map_err(|failure| failed(vm, &failure, "while setting zdict"))
}

/// Reads input, with the dictionary where the stream asks for it.
pub fn run(
    vm: &Vm,
    stream: &RefCell<Decompressor>,
    dictionary: Option<&Object>,
    data: &[u8],
    limit: usize,
    first: usize,
) -> PyResult<Piece> {
    let mut skipped = 0;
    loop {
        let rest = data.get(skipped..).unwrap_or_default();
        let before = stream.borrow().total_in();
        let done = stream.borrow_mut().run(rest, limit, first);
        skipped += (stream.borrow().total_in() - before) as usize;
        match (done, dictionary) {
            (Ok(mut piece), _) => {
                piece.read = skipped;
                return Ok(piece);
            }
            // A stream asks for its dictionary before it gives anything.
            (Err(Failure(2, _)), Some(dictionary)) => {
                set_dictionary(vm, &mut stream.borrow_mut(), dictionary)?;
            }
            (Err(failure), _) => return Err(failed(vm, &failure, "while decompressing data")),
        }
    }
}

fn read(vm: &Vm, this: &Object, data: &[u8], limit: usize, first: usize) -> PyResult {
    let this = receiver::<DecompressObject>(vm, this)?;
    if this.ended.get() {
        let failure = Failure(-2, None);
        return Err(failed(vm, &failure, "while decompressing data"));
    }
    let dictionary = this.dictionary.get();
    let piece = run(vm, &this.stream, dictionary.as_deref(), data, limit, first)?;
    let mut rest = data.get(piece.read..).unwrap_or_default();
    let eof = this.stream.borrow().eof;
    if eof && !rest.is_empty() {
        let mut unused = this
            .unused
            .get()
            .map_or_else(Vec::new, |unused| unused.as_slice().to_vec());
        unused.extend_from_slice(rest);
        this.unused.set(Some(vm.new_bytes(&unused)?));
        rest = &[];
    }
    this.unconsumed.set(Some(vm.new_bytes(rest)?));
    Ok(vm.new_bytes(&piece.out)?.upcast())
}

fn flush(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let given: Vec<Option<&Object>> = args.iter().map(|arg| Some(*arg)).collect();
    let first = match number(vm, &given, 0, 16384)? {
        ..=0 => return Err(vm.value_error("length must be greater than zero")),
        length => (length as usize).min(1 << 24),
    };
    let object = receiver::<DecompressObject>(vm, this)?;
    if object.ended.get() {
        return Ok(vm.new_bytes(&[])?.upcast());
    }
    let tail = object.unconsumed.get();
    let tail = tail.as_ref().map_or(&[][..], |tail| tail.as_slice());
    let out = read(vm, this, tail, usize::MAX, first)?;
    if object.stream.borrow().eof {
        object.ended.set(true);
    }
    Ok(out)
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<DecompressObject>(vm, this)?;
    if this.ended.get() {
        return Err(vm.value_error("Inconsistent stream state"));
    }
    let dictionary = this.dictionary.get();
    let bytes = match &dictionary {
        Some(dictionary) => Some(require_bytes(vm, dictionary, <[u8]>::to_vec)?),
        None => None,
    };
    let copied = this.stream.borrow().copy(bytes.as_deref());
    let Some(stream) = copied else {
        return Err(super::too_much_to_copy(vm));
    };
    let made = place(vm, stream)?;
    made.dictionary.set(dictionary);
    made.unused.set(this.unused.get());
    made.unconsumed.set(this.unconsumed.get());
    Ok(made.upcast())
}
