//! Hash functions: the modules `_md5`, `_sha1`, `_sha2`, `_sha3` and `_blake2`.
//!
//! All their objects have one layout, [`HashObject`]; what an algorithm adds stands in its [`Info`].

pub mod blake2;
pub mod keccak;
pub mod sha3;

use std::cell::RefCell;

use sha1::Digest;
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Module, Str, Type};
use viv_runtime::types::buffer;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use crate::kinds;

/// A hash that is being computed.
pub trait Algorithm {
    /// Takes bytes up.
    fn update(&mut self, bytes: &[u8]);
    /// The hash of all bytes so far; `length` counts only where the algorithm leaves it open.
    fn digest(&self, length: usize) -> Vec<u8>;
    /// Another one in the same state.
    fn boxed(&self) -> Box<dyn Algorithm>;
}

/// An algorithm of the `digest` crate.
struct Plain<T>(T);

impl<T: Digest + Clone + 'static> Algorithm for Plain<T> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn digest(&self, _: usize) -> Vec<u8> {
        self.0.clone().finalize().to_vec()
    }

    fn boxed(&self) -> Box<dyn Algorithm> {
        Box::new(Plain(self.0.clone()))
    }
}

fn plain<T: Digest + Clone + 'static>() -> Box<dyn Algorithm> {
    Box::new(Plain(T::new()))
}

/// What is fixed about an algorithm.
pub struct Info {
    /// The name.
    pub name: &'static str,
    /// Bytes of a block.
    pub block_size: usize,
    /// Bytes of a hash; 0 where the caller chooses.
    pub digest_size: usize,
    /// The type of its objects.
    pub spec: &'static TypeSpec,
    /// A hash of nothing.
    pub start: fn() -> Box<dyn Algorithm>,
}

/// A hash object of any algorithm.
#[repr(C)]
pub struct HashObject {
    /// The header.
    pub head: Object,
    /// The algorithm.
    pub info: &'static Info,
    /// Bytes of the hash.
    pub digest_size: usize,
    state: RefCell<Box<dyn Algorithm>>,
}
object_layout!(HashObject = kinds::HASH);

macro_rules! algorithms {
    ($($id:ident, $module:literal, $name:literal, $block:literal, $size:literal, $start:ty;)+) => {
        $(static $id: Info = Info {
            name: $name,
            block_size: $block,
            digest_size: $size,
            start: plain::<$start>,
            spec: {
                static SPEC: TypeSpec = TypeSpec {
                    name: $name,
                    module: $module,
                    methods: &[METHODS],
                    getset: GETSET,
                    exact: false,
                    ..TypeSpec::new(HashObject::layout, true)
                };
                &SPEC
            },
        };)+
    };
}

algorithms! {
    MD5_INFO, "_md5", "md5", 64, 16, md5::Md5;
    SHA1_INFO, "_sha1", "sha1", 64, 20, sha1::Sha1;
    SHA224_INFO, "_sha2", "sha224", 64, 28, sha2::Sha224;
    SHA256_INFO, "_sha2", "sha256", 64, 32, sha2::Sha256;
    SHA384_INFO, "_sha2", "sha384", 128, 48, sha2::Sha384;
    SHA512_INFO, "_sha2", "sha512", 128, 64, sha2::Sha512;
}

const SIGNATURE: &str = "($module, /, data=b'', *, usedforsecurity=True, string=None)";

const fn function(
    name: &'static str,
    call: fn(&Vm, &Object, &[Option<&Object>]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, SIGNATURE, NativeCall::Bound(call), doc)
}

/// The module `_md5`.
pub static MD5: ModuleSpec = ModuleSpec {
    name: "_md5",
    doc: "",
    functions: &[&[function(
        "md5",
        |vm, _, args| start(vm, &MD5_INFO, args),
        "Return a new MD5 hash object; optionally initialized with a string.",
    )]],
    fill: |vm, module| add_types(vm, module, &[("MD5Type", &MD5_INFO)]),
};

/// The module `_sha1`.
pub static SHA1: ModuleSpec = ModuleSpec {
    name: "_sha1",
    doc: "",
    functions: &[&[function(
        "sha1",
        |vm, _, args| start(vm, &SHA1_INFO, args),
        "Return a new SHA1 hash object; optionally initialized with a string.",
    )]],
    fill: |vm, module| add_types(vm, module, &[("SHA1Type", &SHA1_INFO)]),
};

/// The module `_sha2`.
pub static SHA2: ModuleSpec = ModuleSpec {
    name: "_sha2",
    doc: "",
    functions: &[&[
        function(
            "sha224",
            |vm, _, args| start(vm, &SHA224_INFO, args),
            "Return a new SHA-224 hash object; optionally initialized with a string.",
        ),
        function(
            "sha256",
            |vm, _, args| start(vm, &SHA256_INFO, args),
            "Return a new SHA-256 hash object; optionally initialized with a string.",
        ),
        function(
            "sha384",
            |vm, _, args| start(vm, &SHA384_INFO, args),
            "Return a new SHA-384 hash object; optionally initialized with a string.",
        ),
        function(
            "sha512",
            |vm, _, args| start(vm, &SHA512_INFO, args),
            "Return a new SHA-512 hash object; optionally initialized with a string.",
        ),
    ]],
    fill: |vm, module| {
        let types: &[(&str, &'static Info)] = &[
            ("SHA224Type", &SHA224_INFO),
            ("SHA256Type", &SHA256_INFO),
            ("SHA384Type", &SHA384_INFO),
            ("SHA512Type", &SHA512_INFO),
        ];
        add_types(vm, module, types)
    },
};

/// The type of an algorithm's objects.
fn type_of(vm: &Vm, info: &'static Info) -> PyResult<Ref<Type>> {
    extra_type(vm, info.spec, &vm.types.object)
}

/// Adds the types of algorithms to a module, and the constant that all hash modules have.
fn add_types(vm: &Vm, module: &Module, types: &[(&str, &'static Info)]) -> PyResult<()> {
    for &(name, info) in types {
        module
            .dict
            .set_text(vm, name, type_of(vm, info)?.as_object())?;
    }
    add_int(vm, module, "_GIL_MINSIZE", 2048)
}

/// Runs `f` on the bytes of a message.
///
/// # Errors
/// TypeError for a string, and for what offers no bytes.
pub fn message<R>(vm: &Vm, data: &Object, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    if data.downcast::<Str>().is_some() {
        return Err(vm.type_error("Strings must be encoded before hashing"));
    }
    buffer::require_contiguous(vm, data)?;
    match buffer::with_bytes(vm, data, f)? {
        Some(result) => Ok(result),
        None => Err(vm.type_error("object supporting the buffer API required")),
    }
}

/// The message among the arguments `data` and `string`.
pub fn one_message<'a>(
    vm: &Vm,
    data: Option<&'a Object>,
    string: Option<&'a Object>,
) -> PyResult<Option<&'a Object>> {
    match (data, string) {
        (Some(_), Some(_)) => Err(vm.type_error(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.",
        )),
        (data, string) => Ok(data.or(string)),
    }
}

/// A hash object.
pub fn place(
    vm: &Vm,
    ty: &Type,
    info: &'static Info,
    digest_size: usize,
    state: Box<dyn Algorithm>,
) -> PyResult<Ref<HashObject>> {
    let made = vm.place(HashObject {
        head: Object::new(ty.type_head_of()),
        info,
        digest_size,
        state: RefCell::new(state),
    })?;
    vm.heap.track(made.as_object());
    Ok(made)
}

/// A new object of an algorithm, from the bound arguments of [`SIGNATURE`].
fn start(vm: &Vm, info: &'static Info, args: &[Option<&Object>]) -> PyResult {
    let &[data, _, string] = args else {
        return Err(vm.system_error("arguments of a hash function"));
    };
    start_as(
        vm,
        &*type_of(vm, info)?,
        info,
        one_message(vm, data, string)?,
    )
}

fn start_as(vm: &Vm, ty: &Type, info: &'static Info, data: Option<&Object>) -> PyResult {
    let mut state = (info.start)();
    if let Some(data) = data {
        message(vm, data, |bytes| state.update(bytes))?;
    }
    Ok(place(vm, ty, info, info.digest_size, state)?.upcast())
}

fn hex(vm: &Vm, bytes: &[u8]) -> PyResult {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let text: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]
        })
        .collect();
    Ok(Str::place_latin1(vm, &vm.types.str, &text)?.upcast())
}

impl HashObject {
    /// The hash of what was taken up.
    pub fn digest(&self, length: usize) -> Vec<u8> {
        self.state.borrow().digest(length)
    }
}

const DIGEST: MethodDef = MethodDef::new(
    "digest",
    "($self, /)",
    NativeCall::NoArgs(|vm, this| {
        let this = receiver::<HashObject>(vm, this)?;
        Ok(vm.new_bytes(&this.digest(this.digest_size))?.upcast())
    }),
    "Return the digest value as a bytes object.",
);
const HEXDIGEST: MethodDef = MethodDef::new(
    "hexdigest",
    "($self, /)",
    NativeCall::NoArgs(|vm, this| {
        let this = receiver::<HashObject>(vm, this)?;
        hex(vm, &this.digest(this.digest_size))
    }),
    "Return the digest value as a string of hexadecimal digits.",
);
const COPY: MethodDef = MethodDef::new(
    "copy",
    "($self, /)",
    NativeCall::NoArgs(|vm, this| {
        let ty = Type::of(this);
        let this = receiver::<HashObject>(vm, this)?;
        let state = this.state.borrow().boxed();
        Ok(place(vm, ty, this.info, this.digest_size, state)?.upcast())
    }),
    "Return a copy of the hash object.",
);

fn update(vm: &Vm, this: &Object, data: &Object) -> PyResult {
    let this = receiver::<HashObject>(vm, this)?;
    message(vm, data, |bytes| this.state.borrow_mut().update(bytes))?;
    Ok(vm.none_ref())
}

const METHODS: &[MethodDef] = &[
    COPY,
    DIGEST,
    HEXDIGEST,
    MethodDef::new(
        "update",
        "($self, obj, /)",
        NativeCall::One(update),
        "Update this hash object's state with the provided string.",
    ),
];

const UPDATE_DATA: MethodDef = MethodDef::new(
    "update",
    "($self, data, /)",
    NativeCall::One(update),
    "Update this hash object's state with the provided bytes-like object.",
);

const GETSET: &[GetSetDef] = &[BLOCK_SIZE, NAME, DIGEST_SIZE];
const BLOCK_SIZE: GetSetDef = GetSetDef::get(
    "block_size",
    |vm, this| vm.new_usize(receiver::<HashObject>(vm, this)?.info.block_size),
    "",
);
const NAME: GetSetDef = GetSetDef::get(
    "name",
    |vm, this| {
        let info = receiver::<HashObject>(vm, this)?.info;
        Ok(vm.new_str(info.name)?.upcast())
    },
    "",
);
const DIGEST_SIZE: GetSetDef = GetSetDef::get(
    "digest_size",
    |vm, this| vm.new_usize(receiver::<HashObject>(vm, this)?.digest_size),
    "",
);
