//! The module `binascii`: binary data as text of several kinds, and checksums.

pub mod base64;
pub mod hex;
pub mod quoted;
pub mod uu;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Int, Str, Type};
use viv_runtime::types::buffer::{require_bytes, require_contiguous, with_bytes};
use viv_runtime::types::extra::{exception_spec, extra_type};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "binascii",
    doc: "Conversion between binary data and ASCII",
    functions: &[
        base64::FUNCTIONS,
        hex::FUNCTIONS,
        quoted::FUNCTIONS,
        uu::FUNCTIONS,
        CHECKSUMS,
    ],
    fill: |vm, module| {
        module
            .dict
            .set_text(vm, "Error", error_type(vm)?.as_object())?;
        let incomplete = extra_type(vm, &INCOMPLETE, &vm.exceptions.Exception)?;
        module
            .dict
            .set_text(vm, "Incomplete", incomplete.as_object())
    },
};

const CHECKSUMS: &[MethodDef] = &[
    MethodDef::new(
        "crc32",
        "($module, data, crc=0, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, _, args| {
                let (data, start) = checksum_arguments(vm, args, 0)?;
                let sum = require_bytes(vm, data, |bytes| zlib_rs::crc32::crc32(start, bytes))?;
                vm.new_int(i64::from(sum))
            },
        },
        "Compute CRC-32 incrementally.",
    ),
    MethodDef::new(
        "crc_hqx",
        "($module, data, crc, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| {
                let (data, start) = checksum_arguments(vm, args, 0)?;
                let sum = require_bytes(vm, data, |bytes| {
                    bytes.iter().fold(start as u16, |sum, byte| {
                        (0..8).fold(sum ^ u16::from(*byte) << 8, |sum, _| {
                            sum << 1 ^ if sum & 0x8000 == 0 { 0 } else { 0x1021 }
                        })
                    })
                })?;
                vm.new_int(i64::from(sum))
            },
        },
        "Compute CRC-CCITT incrementally.",
    ),
];

static ERROR: TypeSpec = exception_spec("Error", "binascii", "");
static INCOMPLETE: TypeSpec = exception_spec("Incomplete", "binascii", "");

fn error_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ERROR, &vm.exceptions.ValueError)
}

/// Raises `binascii.Error`.
#[cold]
pub fn error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    match error_type(vm) {
        Ok(class) => vm.raise(&class, message.as_ref()),
        Err(raised) => raised,
    }
}

/// The data of a checksum and the low 32 bits of the number from which to go on.
pub fn checksum_arguments<'a>(
    vm: &Vm,
    args: &[&'a Object],
    default: u32,
) -> PyResult<(&'a Object, u32)> {
    let Some((data, rest)) = args.split_first() else {
        return Err(vm.type_error("a checksum needs data"));
    };
    let Some(start) = rest.first() else {
        return Ok((data, default));
    };
    let index = protocol::index(vm, start)?;
    let low = index.downcast::<Int>().map_or(0, |int| match int.as_i64() {
        Some(small) => small as u32,
        None => {
            let low = int.limbs().first().map_or(0, |limb| *limb as u32);
            if int.signum() < 0 {
                low.wrapping_neg()
            } else {
                low
            }
        }
    });
    Ok((data, low))
}

/// Runs `f` on ASCII text given as a string or as bytes.
///
/// # Errors
/// ValueError for a string with other characters; TypeError for anything else.
pub fn ascii<R>(vm: &Vm, data: &Object, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    if let Some(text) = data.downcast::<Str>() {
        return match text.as_ascii() {
            Some(text) => Ok(f(text.as_bytes())),
            None => Err(vm.value_error("string argument should contain only ASCII characters")),
        };
    }
    require_contiguous(vm, data)?;
    match with_bytes(vm, data, f)? {
        Some(result) => Ok(result),
        None => Err(vm.type_error(format!(
            "argument should be bytes, buffer or ASCII string, not '{}'",
            protocol::type_name(data)
        ))),
    }
}

/// The truth of an argument that may be missing.
pub fn flag(vm: &Vm, args: &[Option<&Object>], i: usize, default: bool) -> PyResult<bool> {
    match args.get(i).copied().flatten() {
        Some(value) => protocol::is_true(vm, value),
        None => Ok(default),
    }
}

/// The first argument, which the binder has checked for.
pub fn first<'a>(vm: &Vm, args: &[Option<&'a Object>]) -> PyResult<&'a Object> {
    match args.first() {
        Some(Some(first)) => Ok(first),
        _ => Err(vm.type_error("an argument is missing")),
    }
}
