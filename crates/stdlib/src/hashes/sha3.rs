//! The module `_sha3`: SHA-3 and SHAKE.

use viv_runtime::modules::make::{ModuleSpec, add_str};
use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Int, Type};
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Vm, protocol};

use super::keccak::Sponge;
use super::{
    Algorithm, BLOCK_SIZE, COPY, DIGEST, DIGEST_SIZE, HEXDIGEST, HashObject, Info, NAME,
    UPDATE_DATA, hex, one_message, start_as,
};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_sha3",
    doc: "",
    functions: &[],
    fill: |vm, module| {
        let types: Vec<(&str, &'static Info)> = ALL.iter().map(|info| (info.name, *info)).collect();
        super::add_types(vm, module, &types)?;
        add_str(vm, module, "implementation", "native")
    },
};

impl Algorithm for Sponge {
    fn update(&mut self, bytes: &[u8]) {
        self.absorb(bytes);
    }

    fn digest(&self, length: usize) -> Vec<u8> {
        self.squeeze(length)
    }

    fn boxed(&self) -> Box<dyn Algorithm> {
        Box::new(self.clone())
    }
}

macro_rules! algorithms {
    ($($id:ident, $name:literal, $rate:literal, $size:literal, $suffix:literal, $methods:expr, $doc:literal;)+) => {
        $(static $id: Info = Info {
            name: $name,
            block_size: $rate,
            digest_size: $size,
            start: || Box::new(Sponge::new($rate, $suffix)),
            spec: {
                static SPEC: TypeSpec = TypeSpec {
                    name: $name,
                    module: "_sha3",
                    doc: $doc,
                    slots: |s| s.new.set(Some(|vm, ty, args| new(vm, ty, &$id, args))),
                    methods: &[$methods],
                    getset: GETSET,
                    exact: false,
                    ..TypeSpec::new(HashObject::layout, true)
                };
                &SPEC
            },
        };)+
        static ALL: &[&Info] = &[$(&$id),+];
    };
}

algorithms! {
    SHA3_224, "sha3_224", 144, 28, 6, SHA3, "sha3_224([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 28 bytes.";
    SHA3_256, "sha3_256", 136, 32, 6, SHA3, "sha3_256([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 32 bytes.";
    SHA3_384, "sha3_384", 104, 48, 6, SHA3, "sha3_384([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 48 bytes.";
    SHA3_512, "sha3_512", 72, 64, 6, SHA3, "sha3_512([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 64 bytes.";
    SHAKE_128, "shake_128", 168, 0, 0x1f, SHAKE, "shake_128([data], *, usedforsecurity=True) -> SHAKE object\n\nReturn a new SHAKE hash object.";
    SHAKE_256, "shake_256", 136, 0, 0x1f, SHAKE, "shake_256([data], *, usedforsecurity=True) -> SHAKE object\n\nReturn a new SHAKE hash object.";
}

const SHA3: &[MethodDef] = &[COPY, DIGEST, HEXDIGEST, UPDATE_DATA];
const SHAKE: &[MethodDef] = &[
    COPY,
    MethodDef::new(
        "digest",
        "($self, /, length)",
        NativeCall::Bound(|vm, this, args| Ok(vm.new_bytes(&of_length(vm, this, args)?)?.upcast())),
        "Return the digest value as a bytes object.",
    ),
    MethodDef::new(
        "hexdigest",
        "($self, /, length)",
        NativeCall::Bound(|vm, this, args| hex(vm, &of_length(vm, this, args)?)),
        "Return the digest value as a string of hexadecimal digits.",
    ),
    UPDATE_DATA,
];

const GETSET: &[GetSetDef] = &[
    BLOCK_SIZE,
    NAME,
    DIGEST_SIZE,
    GetSetDef::get(
        "_capacity_bits",
        |vm, this| {
            let rate = receiver::<HashObject>(vm, this)?.info.block_size;
            vm.new_usize(1600 - 8 * rate)
        },
        "",
    ),
    GetSetDef::get(
        "_rate_bits",
        |vm, this| vm.new_usize(8 * receiver::<HashObject>(vm, this)?.info.block_size),
        "",
    ),
    GetSetDef::get(
        "_suffix",
        |vm, this| {
            let open = receiver::<HashObject>(vm, this)?.digest_size == 0;
            Ok(vm.new_bytes(&[if open { 0x1f } else { 6 }])?.upcast())
        },
        "",
    ),
];

fn new(vm: &Vm, ty: &Type, info: &'static Info, args: Args<'_>) -> PyResult {
    let parameters = Parameters::of("(data=b'', *, usedforsecurity=True, string=None)");
    match parameters.bind(vm, info.name, args)?[..] {
        [data, _, string] => start_as(vm, ty, info, one_message(vm, data, string)?),
        _ => Err(vm.system_error("arguments of a hash function")),
    }
}

fn of_length(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult<Vec<u8>> {
    let this = receiver::<HashObject>(vm, this)?;
    let length = match args.first().copied().flatten() {
        Some(length) => protocol::index(vm, length)?,
        None => return Err(vm.type_error("digest() needs a length")),
    };
    let length = length.downcast::<Int>();
    if length.is_some_and(|length| length.signum() < 0) {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    match length.and_then(Int::as_i64) {
        Some(length) if length < 1 << 29 => Ok(this.digest(length as usize)),
        _ => Err(vm.value_error("length is too large")),
    }
}
