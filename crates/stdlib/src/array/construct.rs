//! `array(typecode, initializer)`, and the function that pickles name.

use viv_runtime::native::bind::check_count;
use viv_runtime::object::{Bytes, List, Str, Tuple, Type};
use viv_runtime::types::buffer;
use viv_runtime::types::extra::extra_type;
use viv_runtime::{Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, protocol};

use super::item::Code;
use super::{Array, SPEC, methods};

/// The documentation of the type.
pub const DOC: &str = "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted by typecode, and\ninitialized from the optional initializer value, which must be a list,\nstring or iterable over elements of the appropriate type.\n\nArrays represent basic values and behave very much like lists, except\nthe type of objects stored in them is constrained. The type is specified\nat object creation time by using a type code, which is a single character.\nThe following type codes are defined:\n\n    Type code   C Type             Minimum size in bytes\n    'b'         signed integer     1\n    'B'         unsigned integer   1\n    'u'         Unicode character  2 (see note)\n    'h'         signed integer     2\n    'H'         unsigned integer   2\n    'i'         signed integer     2\n    'I'         unsigned integer   2\n    'l'         signed integer     4\n    'L'         unsigned integer   4\n    'q'         signed integer     8 (see note)\n    'Q'         unsigned integer   8 (see note)\n    'f'         floating-point     4\n    'd'         floating-point     8\n\nNOTE: The 'u' typecode corresponds to Python's unicode character. On\nnarrow builds this is 2-bytes on wide builds this is 4-bytes.\n\nNOTE: The 'q' and 'Q' type codes are only available if the platform\nC compiler used to build Python supports 'long long', or, on Windows,\n'__int64'.\n\nMethods:\n\nappend() -- append a new item to the end of the array\nbuffer_info() -- return information giving the current memory info\nbyteswap() -- byteswap all the items of the array\ncount() -- return number of occurrences of an object\nextend() -- extend array by appending multiple elements from an iterable\nfromfile() -- read items from a file object\nfromlist() -- append items from the list\nfrombytes() -- append items from the string\nindex() -- return index of first occurrence of an object\ninsert() -- insert a new item into the array at a provided position\npop() -- remove and return item (default last)\nremove() -- remove first occurrence of an object\nreverse() -- reverse the order of the items in the array\ntofile() -- write all items to a file object\ntolist() -- return the array converted to an ordinary list\ntobytes() -- return the array converted to a string\n\nAttributes:\n\ntypecode -- the typecode character used to create the array\nitemsize -- the length in bytes of one array item\n";

/// The module's functions.
pub const FUNCTIONS: &[MethodDef] = &[MethodDef::new(
    "_array_reconstructor",
    "($module, arraytype, typecode, mformat_code, items, /)",
    NativeCall::Positional {
        min: 4,
        max: 4,
        call: reconstruct,
    },
    "Internal. Used for pickling support.",
)];

fn bad_code(vm: &Vm) -> viv_runtime::Raised {
    vm.value_error("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)")
}

fn code_argument(vm: &Vm, value: &Object, function: &str, place: usize) -> PyResult<Code> {
    match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => {
            Code::of(text.char_at(0).unwrap_or_default()).ok_or_else(|| bad_code(vm))
        }
        Some(text) => Err(vm.type_error(format!(
            "{function}() argument {place} must be a unicode character, not a string of length {}",
            text.len()
        ))),
        None => Err(vm.type_error(format!(
            "{function}() argument {place} must be a unicode character, not {}",
            protocol::type_name(value)
        ))),
    }
}

/// `array.__new__`
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let own = extra_type(vm, &SPEC, &vm.types.object)?;
    let exact = std::ptr::eq(ty, &*own);
    if exact && args.keyword_count() > 0 {
        return Err(vm.type_error("array.array() takes no keyword arguments"));
    }
    let given = args.pos();
    let Some((letter, rest)) = given.split_first() else {
        return Err(vm.type_error("array() takes at least 1 argument (0 given)"));
    };
    check_count(vm, "array", given.len(), 1, 2)?;
    let code = code_argument(vm, letter, "array", 1)?;
    if code == Code::Wide {
        vm.warn(
            &vm.exceptions.DeprecationWarning,
            "The 'u' type code is deprecated and will be removed in Python 3.16",
            1,
        )?;
    }
    let array = Array::place(vm, ty, code, &[])?;
    let Some(&initial) = rest.first() else {
        return Ok(array.upcast());
    };
    if !code.is_text() {
        let what = if initial.downcast::<Str>().is_some() {
            Some("a str")
        } else if initial
            .downcast::<Array>()
            .is_some_and(|a| a.code.is_text())
        {
            Some("a unicode array")
        } else {
            None
        };
        if let Some(what) = what {
            return Err(vm.type_error(format!(
                "cannot use {what} to initialize an array with typecode '{}'",
                code.letter()
            )));
        }
    }
    if let Some(text) = initial.downcast::<Str>() {
        let bytes: Vec<u8> = text.chars().flat_map(u32::to_le_bytes).collect();
        array.append(vm, &bytes)?;
    } else if let Some(other) = initial.downcast::<Array>().filter(|a| a.code == code) {
        array.append(vm, &other.to_vec())?;
    } else if initial.downcast::<Bytes>().is_some()
        || initial
            .downcast::<viv_runtime::object::ByteArray>()
            .is_some()
    {
        let bytes = buffer::copy_bytes(vm, initial)?.unwrap_or_default();
        methods::append_bytes(vm, &array, &bytes)?;
    } else if initial.downcast::<List>().is_some() || initial.downcast::<Tuple>().is_some() {
        // The length is known: one allocation of the exact size.
        let items = protocol::collect(vm, initial)?;
        let mut bytes = Vec::with_capacity(items.len() * code.size());
        for item in &items {
            let raw = code.store(vm, item)?;
            bytes.extend_from_slice(raw.get(..code.size()).unwrap_or_default());
        }
        return Ok(Array::place(vm, ty, code, &bytes)?.upcast());
    } else {
        methods::extend_from(vm, &array, initial)?;
    }
    Ok(array.upcast())
}

fn reconstruct(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let &[class, letter, format, items] = args else {
        return Ok(vm.none_ref());
    };
    let Some(ty) = class.downcast::<Type>() else {
        return Err(vm.type_error("first argument must be a type object"));
    };
    let code = code_argument(vm, letter, "_array_reconstructor", 2)?;
    let format = protocol::to_i64(vm, format)?;
    let Some(bytes) = items.downcast::<Bytes>() else {
        return Err(vm.type_error(format!(
            "fourth argument should be bytes, not {}",
            protocol::type_name(items)
        )));
    };
    if !(0..=21).contains(&format) {
        return Err(vm.value_error("third argument must be a valid machine format code."));
    }
    if ty.info.layout.get().kind != Array::layout().kind {
        return Err(vm.type_error(format!(
            "{} is not a subtype of array.array",
            ty.display_name()
        )));
    }
    let bytes = bytes.as_slice();
    let array = Array::place(vm, ty, code, &[])?;
    if format == code.machine_format() {
        methods::append_bytes(vm, &array, bytes)?;
        return Ok(array.upcast());
    }
    if code.is_text() && format < 18 || !code.is_text() && format >= 18 {
        return Err(vm.value_error("bad typecode for a machine format"));
    }
    for item in foreign_items(vm, format, bytes)? {
        let raw = code.store(vm, &item)?;
        array.append(vm, raw.get(..code.size()).unwrap_or_default())?;
    }
    Ok(array.upcast())
}

/// The items of bytes that another machine has written.
fn foreign_items(vm: &Vm, format: i64, bytes: &[u8]) -> PyResult<Vec<Ref>> {
    // Formats come in pairs: least significant byte first, then most; the two of single bytes have no order.
    let (size, big) = match format {
        0 | 1 => (1, false),
        2..=5 | 18 | 19 => (2, format & 1 == 1),
        6..=9 | 14 | 15 | 20 | 21 => (4, format & 1 == 1),
        _ => (8, format & 1 == 1),
    };
    if !bytes.len().is_multiple_of(size) {
        return Err(vm.value_error("string length not a multiple of item size"));
    }
    let mut words = Vec::with_capacity(bytes.len() / size);
    for item in bytes.chunks_exact(size) {
        let fold = |word: u64, byte: &u8| word << 8 | u64::from(*byte);
        words.push(if big {
            item.iter().fold(0, fold)
        } else {
            item.iter().rev().fold(0, fold)
        });
    }
    if format >= 18 {
        let mut points: Vec<u32> = Vec::with_capacity(words.len());
        for word in words {
            let unit = word as u32;
            match points.last_mut() {
                Some(high @ 0xd800..0xdc00) if format < 20 && (0xdc00..0xe000).contains(&unit) => {
                    *high = 0x1_0000 + ((*high - 0xd800) << 10) + (unit - 0xdc00);
                }
                _ => points.push(unit),
            }
        }
        let text = points.into_iter().map(|c| Ok(vm.new_char(c)?.upcast()));
        return text.collect();
    }
    let unused = 64 - 8 * size as u32;
    let signed = matches!(format, 1 | 4 | 5 | 8 | 9 | 12 | 13);
    let objects = words.into_iter().map(|word| match format {
        14 | 15 => vm.new_float(f64::from(f32::from_bits(word as u32))),
        16 | 17 => vm.new_float(f64::from_bits(word)),
        _ if signed => vm.new_int((word as i64) << unused >> unused),
        _ => vm.new_int_from_le_bytes(&word.to_le_bytes()),
    });
    objects.collect()
}
