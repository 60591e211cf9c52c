//! The module `zlib`: compression of gzip's kind, and checksums. `zlib-rs` does the work.

pub mod compressor;
pub mod decompressor;
pub mod incremental;
pub mod stream;

use viv_runtime::modules::make::{ModuleSpec, add_int, add_str};
use viv_runtime::object::Type;
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::types::extra::{exception_spec, extra_type};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};

use crate::binascii::checksum_arguments;
use stream::{Compressor, Decompressor, Failure, Parameters, flush_of};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "zlib",
    doc: "The functions in this module allow compression and decompression using the\nzlib library, which is based on GNU zip.\n\nadler32(string[, start]) -- Compute an Adler-32 checksum.\ncompress(data[, level]) -- Compress data, with compression level 0-9 or -1.\ncompressobj([level[, ...]]) -- Return a compressor object.\ncrc32(string[, start]) -- Compute a CRC-32 checksum.\ndecompress(string,[wbits],[bufsize]) -- Decompresses a compressed string.\ndecompressobj([wbits[, zdict]]) -- Return a decompressor object.\n\n'wbits' is window buffer size and container format.\nCompressor objects support compress() and flush() methods; decompressor\nobjects support decompress() and flush().",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        for &(name, value) in CONSTANTS {
            add_int(vm, module, name, value)?;
        }
        add_str(vm, module, "ZLIB_VERSION", "1.3.0")?;
        add_str(vm, module, "ZLIB_RUNTIME_VERSION", "1.3.0")?;
        module
            .dict
            .set_text(vm, "error", error_type(vm)?.as_object())?;
        let incremental = incremental::own_type(vm)?;
        module
            .dict
            .set_text(vm, "_ZlibDecompressor", incremental.as_object())
    },
};

const CONSTANTS: &[(&str, i64)] = &[
    ("DEFLATED", 8),
    ("DEF_BUF_SIZE", 16384),
    ("DEF_MEM_LEVEL", 8),
    ("MAX_WBITS", 15),
    ("Z_BEST_COMPRESSION", 9),
    ("Z_BEST_SPEED", 1),
    ("Z_BLOCK", 5),
    ("Z_DEFAULT_COMPRESSION", -1),
    ("Z_DEFAULT_STRATEGY", 0),
    ("Z_FILTERED", 1),
    ("Z_FINISH", 4),
    ("Z_FIXED", 4),
    ("Z_FULL_FLUSH", 3),
    ("Z_HUFFMAN_ONLY", 2),
    ("Z_NO_COMPRESSION", 0),
    ("Z_NO_FLUSH", 0),
    ("Z_PARTIAL_FLUSH", 1),
    ("Z_RLE", 3),
    ("Z_SYNC_FLUSH", 2),
    ("Z_TREES", 6),
];

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "adler32",
        "($module, data, value=1, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, _, args| {
                let (data, start) = checksum_arguments(vm, args, 1)?;
                let sum = require_bytes(vm, data, |bytes| zlib_rs::adler32::adler32(start, bytes))?;
                vm.new_int(i64::from(sum))
            },
        },
        "Compute an Adler-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer.",
    ),
    MethodDef::new(
        "crc32",
        "($module, data, value=0, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, _, args| {
                let (data, start) = checksum_arguments(vm, args, 0)?;
                let sum = require_bytes(vm, data, |bytes| zlib_rs::crc32::crc32(start, bytes))?;
                vm.new_int(i64::from(sum))
            },
        },
        "Compute a CRC-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer.",
    ),
    MethodDef::new(
        "compress",
        "($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)",
        NativeCall::Bound(compress),
        "Returns a bytes object containing compressed data.\n\n  data\n    Binary data to be compressed.\n  level\n    Compression level, in 0-9 or -1.\n  wbits\n    The window buffer size and container format.",
    ),
    MethodDef::new(
        "decompress",
        "($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)",
        NativeCall::Bound(decompress),
        "Returns a bytes object containing the uncompressed data.\n\n  data\n    Compressed data.\n  wbits\n    The window buffer size and container format.\n  bufsize\n    The initial output buffer size.",
    ),
    MethodDef::new(
        "compressobj",
        "($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=None)",
        NativeCall::Bound(compressor::compressobj),
        "Return a compressor object.\n\n  level\n    The compression level (an integer in the range 0-9 or -1; default is\n    currently equivalent to 6).  Higher compression levels are slower,\n    but produce smaller results.\n  method\n    The compression algorithm.  If given, this must be DEFLATED.\n  wbits\n    +9 to +15: The base-two logarithm of the window size.  Include a zlib\n        container.\n    -9 to -15: Generate a raw stream.\n    +25 to +31: Include a gzip container.\n  memLevel\n    Controls the amount of memory used for internal compression state.\n    Valid values range from 1 to 9.  Higher values result in higher memory\n    usage, faster compression, and smaller output.\n  strategy\n    Used to tune the compression algorithm.  Possible values are\n    Z_DEFAULT_STRATEGY, Z_FILTERED, and Z_HUFFMAN_ONLY.\n  zdict\n    The predefined compression dictionary - a sequence of bytes\n    containing subsequences that are likely to occur in the input data.",
    ),
    MethodDef::new(
        "decompressobj",
        "($module, /, wbits=MAX_WBITS, zdict=b'')",
        NativeCall::Bound(decompressor::decompressobj),
        "Return a decompressor object.\n\n  wbits\n    The window buffer size and container format.\n  zdict\n    The predefined compression dictionary.  This must be the same\n    dictionary as used by the compressor that produced the input data.",
    ),
];

static ERROR: TypeSpec = exception_spec("error", "zlib", "");

fn error_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ERROR, &vm.exceptions.Exception)
}

/// Raises `zlib.error`.
#[cold]
pub fn error(vm: &Vm, message: &str) -> Raised {
    match error_type(vm) {
        Ok(class) => vm.raise(&class, message),
        Err(raised) => raised,
    }
}

/// Raises `zlib.error` for a failure while something was done.
#[cold]
pub fn failed(vm: &Vm, failure: &Failure, doing: &str) -> Raised {
    let Failure(number, words) = failure;
    if *number == -4 {
        return vm.no_memory();
    }
    let words = words.or(match number {
        -5 => Some("incomplete or truncated stream"),
        -2 => Some("inconsistent stream state"),
        -3 => Some("invalid input data"),
        _ => None,
    });
    match words {
        Some(words) => error(vm, &format!("Error {number} {doing}: {words}")),
        None => error(vm, &format!("Error {number} {doing}")),
    }
}

/// A number among the arguments.
pub fn number(vm: &Vm, args: &[Option<&Object>], i: usize, default: i64) -> PyResult<i64> {
    match args.get(i) {
        Some(Some(value)) => protocol::to_i64(vm, value),
        _ => Ok(default),
    }
}

/// A number among the arguments that fits a C int.
pub fn small_number(vm: &Vm, args: &[Option<&Object>], i: usize, default: i64) -> PyResult<i64> {
    let value = number(vm, args, i, default)?;
    match i32::try_from(value) {
        Ok(_) => Ok(value),
        Err(_) if value < 0 => Err(vm.overflow_error("signed integer is less than minimum")),
        Err(_) => Err(vm.overflow_error("signed integer is greater than maximum")),
    }
}

/// A copy of the bytes of the first argument.
pub fn data_argument(vm: &Vm, args: &[Option<&Object>]) -> PyResult<Vec<u8>> {
    require_bytes(vm, crate::binascii::first(vm, args)?, <[u8]>::to_vec)
}

fn compress(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let data = data_argument(vm, args)?;
    let parameters = Parameters {
        level: small_number(vm, args, 1, -1)?,
        method: 8,
        wbits: small_number(vm, args, 2, 15)?,
        mem_level: 8,
        strategy: 0,
    };
    let Some(mut stream) = Compressor::new(parameters, None) else {
        return Err(error(vm, "Bad compression level"));
    };
    match stream.run(&data, flush_of(4).unwrap_or_default()) {
        Ok(out) => Ok(vm.new_bytes(&out)?.upcast()),
        Err(failure) => Err(failed(vm, &failure, "while compressing data")),
    }
}

fn decompress(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let data = data_argument(vm, args)?;
    let first = match number(vm, args, 2, 16384)? {
        ..0 => return Err(vm.value_error("bufsize must be non-negative")),
        size => (size as usize).clamp(1, 1 << 24),
    };
    let Some(mut stream) = Decompressor::new(small_number(vm, args, 1, 15)?) else {
        let failure = Failure(-2, None);
        return Err(failed(vm, &failure, "while preparing to decompress data"));
    };
    let doing = "while decompressing data";
    match stream.run(&data, usize::MAX, first) {
        Ok(piece) if stream.eof => Ok(vm.new_bytes(&piece.out)?.upcast()),
        Ok(_) => Err(failed(vm, &Failure(-5, None), doing)),
        Err(failure) => Err(failed(vm, &failure, doing)),
    }
}

/// Raises NotImplementedError: the library below cannot copy streams.
#[cold]
pub fn too_much_to_copy(vm: &Vm) -> Raised {
    vm.not_implemented_error(format!(
        "copying a zlib stream that took up more than {} bytes",
        stream::KEPT
    ))
}
