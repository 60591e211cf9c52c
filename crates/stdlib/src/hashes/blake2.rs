//! The module `_blake2`: BLAKE2b and BLAKE2s with all their parameters.

use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Int, Type, TypeTraits};
use viv_runtime::types::buffer;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, MethodDef, Object, ObjectLayout, PyResult, Vm, protocol};

use super::{
    Algorithm, BLOCK_SIZE, COPY, DIGEST, DIGEST_SIZE, HEXDIGEST, HashObject, Info, NAME,
    UPDATE_DATA, message, one_message, place, type_of,
};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_blake2",
    doc: "_blake2b provides BLAKE2b for hashlib\n",
    functions: &[],
    fill: |vm, module| {
        super::add_types(vm, module, &[("blake2b", &BLAKE2B), ("blake2s", &BLAKE2S)])?;
        for (info, prefix) in [(&BLAKE2B, "BLAKE2B"), (&BLAKE2S, "BLAKE2S")] {
            let (size, part) = (info.digest_size as i64, info.digest_size as i64 / 4);
            let ty = type_of(vm, info)?;
            for (name, value) in [
                ("SALT_SIZE", part),
                ("PERSON_SIZE", part),
                ("MAX_KEY_SIZE", size),
                ("MAX_DIGEST_SIZE", size),
            ] {
                add_int(vm, module, &format!("{prefix}_{name}"), value)?;
                if let Some(dict) = ty.dict(vm) {
                    dict.set_text(vm, name, &*vm.new_int(value)?)?;
                }
            }
        }
        Ok(())
    },
};

const GETSET: &[GetSetDef] = &[NAME, BLOCK_SIZE, DIGEST_SIZE];
const METHODS: &[MethodDef] = &[COPY, DIGEST, HEXDIGEST, UPDATE_DATA];
const SIGNATURE: &str = "(data=b'', *, digest_size=0, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)";

macro_rules! algorithm {
    ($id:ident, $name:literal, $crate_name:ident, $block:literal, $size:literal, $text:literal) => {
        impl Algorithm for $crate_name::State {
            fn update(&mut self, bytes: &[u8]) {
                $crate_name::State::update(self, bytes);
            }

            fn digest(&self, _: usize) -> Vec<u8> {
                self.finalize().as_bytes().to_vec()
            }

            fn boxed(&self) -> Box<dyn Algorithm> {
                Box::new(self.clone())
            }
        }

        static $id: Info = Info {
            name: $name,
            block_size: $block,
            digest_size: $size,
            start: || Box::new($crate_name::State::new()),
            spec: {
                static SPEC: TypeSpec = TypeSpec {
                    name: $name,
                    module: "_blake2",
                    doc: concat!("Return a new ", $text, " hash object."),
                    signature: SIGNATURE,
                    traits: TypeTraits::BASE,
                    slots: |s| {
                        s.new.set(Some(|vm, ty, args| {
                            new(vm, ty, &$id, $text, args, |p| {
                                let mut params = $crate_name::Params::new();
                                params
                                    .hash_length(p.digest_size)
                                    .key(&p.key)
                                    .salt(&p.salt)
                                    .personal(&p.person)
                                    .fanout(p.fanout)
                                    .max_depth(p.depth)
                                    .max_leaf_length(p.leaf_size)
                                    .node_offset(p.node_offset)
                                    .node_depth(p.node_depth)
                                    .inner_hash_length(p.inner_size)
                                    .last_node(p.last_node);
                                Box::new(params.to_state())
                            })
                        }));
                    },
                    methods: &[METHODS],
                    getset: GETSET,
                    exact: false,
                    ..TypeSpec::new(HashObject::layout, true)
                };
                &SPEC
            },
        };
    };
}

algorithm!(BLAKE2B, "blake2b", blake2b_simd, 128, 64, "Blake2b");
algorithm!(BLAKE2S, "blake2s", blake2s_simd, 64, 32, "Blake2s");

/// The checked parameters.
struct Params {
    digest_size: usize,
    key: Vec<u8>,
    salt: Vec<u8>,
    person: Vec<u8>,
    fanout: u8,
    depth: u8,
    leaf_size: u32,
    node_offset: u64,
    node_depth: u8,
    inner_size: usize,
    last_node: bool,
}

fn number(vm: &Vm, given: Option<&Object>, default: i64) -> PyResult<i64> {
    let Some(given) = given else {
        return Ok(default);
    };
    let index = protocol::index(vm, given)?;
    match index.downcast::<Int>().and_then(Int::as_i64) {
        Some(n) if i32::try_from(n).is_ok() => Ok(n),
        Some(_) => Err(vm.overflow_error("signed integer is greater than maximum")),
        None => Err(vm.overflow_error("Python int too large to convert to C int")),
    }
}

/// A number between `least` and 255.
fn byte(vm: &Vm, given: Option<&Object>, name: &str, least: i64, default: i64) -> PyResult<u8> {
    match number(vm, given, default)? {
        n if (least..=255).contains(&n) => Ok(n as u8),
        _ => Err(vm.value_error(format!("{name} must be between {least} and 255"))),
    }
}

fn unsigned(vm: &Vm, given: Option<&Object>) -> PyResult<u64> {
    let Some(given) = given else {
        return Ok(0);
    };
    let index = protocol::index(vm, given)?;
    let Some(int) = index.downcast::<Int>() else {
        return Ok(0);
    };
    if int.signum() < 0 {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    match (int.as_i64(), int.limbs()) {
        (Some(small), _) => Ok(small as u64),
        (None, &[limb]) => Ok(limb),
        _ => Err(vm.overflow_error("Python int too large for C unsigned long long")),
    }
}

fn short_bytes(vm: &Vm, given: Option<&Object>, what: &str, most: usize) -> PyResult<Vec<u8>> {
    let Some(given) = given else {
        return Ok(Vec::new());
    };
    let bytes = buffer::require_bytes(vm, given, <[u8]>::to_vec)?;
    if bytes.len() > most {
        return Err(vm.value_error(format!("maximum {what} length is {most} bytes")));
    }
    Ok(bytes)
}

fn new(
    vm: &Vm,
    ty: &Type,
    info: &'static Info,
    text: &str,
    args: Args<'_>,
    make: fn(&Params) -> Box<dyn Algorithm>,
) -> PyResult {
    let bound = Parameters::of(SIGNATURE).bind(vm, info.name, args)?;
    let &[
        data,
        digest_size,
        key,
        salt,
        person,
        fanout,
        depth,
        leaf_size,
        node_offset,
        node_depth,
        inner_size,
        last_node,
        _,
        string,
    ] = &bound[..]
    else {
        return Err(vm.system_error("arguments of a hash function"));
    };
    let most = info.digest_size;
    let data = one_message(vm, data, string)?;
    let size = number(vm, digest_size, most as i64)?;
    if !(1..=most as i64).contains(&size) {
        return Err(vm.value_error(format!(
            "digest_size for {text} must be between 1 and {most} bytes, here it is {size}"
        )));
    }
    let salt = short_bytes(vm, salt, "salt", most / 4)?;
    let person = short_bytes(vm, person, "person", most / 4)?;
    let fanout = byte(vm, fanout, "fanout", 0, 1)?;
    let depth = byte(vm, depth, "depth", 1, 1)?;
    let leaf_size = u32::try_from(unsigned(vm, leaf_size)?)
        .map_err(|_| vm.overflow_error("leaf_size is too large"))?;
    let node_offset = unsigned(vm, node_offset)?;
    if most == 32 && node_offset >> 48 != 0 {
        return Err(vm.overflow_error("node_offset is too large"));
    }
    let node_depth = byte(vm, node_depth, "node_depth", 0, 0)?;
    let inner_size = number(vm, inner_size, 0)?;
    if !(0..=most as i64).contains(&inner_size) {
        return Err(vm.value_error(format!("inner_size must be between 0 and is {most}")));
    }
    let params = Params {
        digest_size: size as usize,
        key: short_bytes(vm, key, "key", most)?,
        salt,
        person,
        fanout,
        depth,
        leaf_size,
        node_offset,
        node_depth,
        inner_size: inner_size as usize,
        last_node: match last_node {
            Some(last_node) => protocol::is_true(vm, last_node)?,
            None => false,
        },
    };
    let mut state = make(&params);
    if let Some(data) = data {
        message(vm, data, |bytes| state.update(bytes))?;
    }
    Ok(place(vm, ty, info, params.digest_size, state)?.upcast())
}
