//! The methods that bytes and bytearray share. Each gives an object of the receiver's own builtin type.

use std::borrow::Cow;

use memchr::memmem;
use viv_heap::{Object, Ref};

use super::construct::byte;
use crate::native::{MethodDef, NativeCall};
use crate::object::{ByteArray, Bytes, Int, List, Str, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::buffer::{Exported, not_bytes_like, require_bytes, with_bytes};
use crate::types::str::methods::bounds;
use crate::vm::Vm;

const fn range(
    name: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    let signature = match name.as_bytes() {
        b"startswith" => "($self, prefix[, start[, end]], /)",
        b"endswith" => "($self, suffix[, start[, end]], /)",
        _ => "($self, sub[, start[, end]], /)",
    };
    MethodDef::new(
        name,
        signature,
        NativeCall::Positional {
            min: 1,
            max: 3,
            call,
        },
        doc,
    )
}

const fn test(
    name: &'static str,
    call: fn(&Vm, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, "", NativeCall::NoArgs(call), doc)
}

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__buffer__",
        "($self, flags, /)",
        NativeCall::One(crate::types::memoryview::methods::buffer),
        "Return a buffer object that exposes the underlying memory of the object.",
    ),
    range(
        "find",
        |vm, this, args| position(vm, this, args, false, false),
        "Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].\n\n  start\n    Optional start position. Default: start of the bytes.\n  end\n    Optional stop position. Default: end of the bytes.\n\nReturn -1 on failure.",
    ),
    range(
        "rfind",
        |vm, this, args| position(vm, this, args, true, false),
        "Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].\n\n  start\n    Optional start position. Default: start of the bytes.\n  end\n    Optional stop position. Default: end of the bytes.\n\nReturn -1 on failure.",
    ),
    range(
        "index",
        |vm, this, args| position(vm, this, args, false, true),
        "Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].\n\n  start\n    Optional start position. Default: start of the bytes.\n  end\n    Optional stop position. Default: end of the bytes.\n\nRaise ValueError if the subsection is not found.",
    ),
    range(
        "rindex",
        |vm, this, args| position(vm, this, args, true, true),
        "Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].\n\n  start\n    Optional start position. Default: start of the bytes.\n  end\n    Optional stop position. Default: end of the bytes.\n\nRaise ValueError if the subsection is not found.",
    ),
    range(
        "count",
        count,
        "Return the number of non-overlapping occurrences of subsection 'sub' in bytes B[start:end].\n\n  start\n    Optional start position. Default: start of the bytes.\n  end\n    Optional stop position. Default: end of the bytes.",
    ),
    range(
        "startswith",
        |vm, this, args| affix(vm, this, args, "startswith", false),
        "Return True if the bytes starts with the specified prefix, False otherwise.\n\n  prefix\n    A bytes or a tuple of bytes to try.\n  start\n    Optional start position. Default: start of the bytes.\n  end\n    Optional stop position. Default: end of the bytes.",
    ),
    range(
        "endswith",
        |vm, this, args| affix(vm, this, args, "endswith", true),
        "Return True if the bytes ends with the specified suffix, False otherwise.\n\n  suffix\n    A bytes or a tuple of bytes to try.\n  start\n    Optional start position. Default: start of the bytes.\n  end\n    Optional stop position. Default: end of the bytes.",
    ),
    MethodDef::new(
        "replace",
        "($self, old, new, count=-1, /)",
        NativeCall::Positional {
            min: 2,
            max: 3,
            call: replace,
        },
        "Return a copy with all occurrences of substring old replaced by new.\n\n  count\n    Maximum number of occurrences to replace.\n    -1 (the default value) means replace all occurrences.\n\nIf the optional argument count is given, only the first count occurrences are\nreplaced.",
    ),
    MethodDef::new(
        "split",
        "($self, /, sep=None, maxsplit=-1)",
        NativeCall::Bound(split),
        "Return a list of the sections in the bytes, using sep as the delimiter.\n\n  sep\n    The delimiter according which to split the bytes.\n    None (the default value) means split on ASCII whitespace characters\n    (space, tab, return, newline, formfeed, vertical tab).\n  maxsplit\n    Maximum number of splits to do.\n    -1 (the default value) means no limit.",
    ),
    MethodDef::new(
        "rsplit",
        "($self, /, sep=None, maxsplit=-1)",
        NativeCall::Bound(rsplit),
        "Return a list of the sections in the bytes, using sep as the delimiter.\n\n  sep\n    The delimiter according which to split the bytes.\n    None (the default value) means split on ASCII whitespace characters\n    (space, tab, return, newline, formfeed, vertical tab).\n  maxsplit\n    Maximum number of splits to do.\n    -1 (the default value) means no limit.\n\nSplitting is done starting at the end of the bytes and working to the front.",
    ),
    MethodDef::new(
        "splitlines",
        "($self, /, keepends=False)",
        NativeCall::Bound(splitlines),
        "Return a list of the lines in the bytes, breaking at line boundaries.\n\nLine breaks are not included in the resulting list unless keepends is given and\ntrue.",
    ),
    MethodDef::new(
        "partition",
        "($self, sep, /)",
        NativeCall::One(|vm, this, sep| partition(vm, this, sep, false)),
        "Partition the bytes into three parts using the given separator.\n\nThis will search for the separator sep in the bytes. If the separator is found,\nreturns a 3-tuple containing the part before the separator, the separator\nitself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing the original bytes\nobject and two empty bytes objects.",
    ),
    MethodDef::new(
        "rpartition",
        "($self, sep, /)",
        NativeCall::One(|vm, this, sep| partition(vm, this, sep, true)),
        "Partition the bytes into three parts using the given separator.\n\nThis will search for the separator sep in the bytes, starting at the end. If\nthe separator is found, returns a 3-tuple containing the part before the\nseparator, the separator itself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing two empty bytes\nobjects and the original bytes object.",
    ),
    MethodDef::new(
        "join",
        "($self, iterable_of_bytes, /)",
        NativeCall::One(join),
        "Concatenate any number of bytes objects.\n\nThe bytes whose method is called is inserted in between each pair.\n\nThe result is returned as a new bytes object.\n\nExample: b'.'.join([b'ab', b'pq', b'rs']) -> b'ab.pq.rs'.",
    ),
    MethodDef::new(
        "strip",
        "($self, bytes=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| strip(vm, this, args, true, true),
        },
        "Strip leading and trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading and trailing ASCII whitespace.",
    ),
    MethodDef::new(
        "lstrip",
        "($self, bytes=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| strip(vm, this, args, true, false),
        },
        "Strip leading bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading  ASCII whitespace.",
    ),
    MethodDef::new(
        "rstrip",
        "($self, bytes=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| strip(vm, this, args, false, true),
        },
        "Strip trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip trailing ASCII whitespace.",
    ),
    MethodDef::new(
        "removeprefix",
        "($self, prefix, /)",
        NativeCall::One(removeprefix),
        "Return a bytes object with the given prefix string removed if present.\n\nIf the bytes starts with the prefix string, return bytes[len(prefix):].\nOtherwise, return a copy of the original bytes.",
    ),
    MethodDef::new(
        "removesuffix",
        "($self, suffix, /)",
        NativeCall::One(removesuffix),
        "Return a bytes object with the given suffix string removed if present.\n\nIf the bytes ends with the suffix string and that suffix is not empty,\nreturn bytes[:-len(prefix)].  Otherwise, return a copy of the original\nbytes.",
    ),
    MethodDef::new(
        "center",
        "($self, width, fillchar=b' ', /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, this, args| {
                pad(vm, this, args, "center", |n, width| n / 2 + (n & width & 1))
            },
        },
        "Return a centered string of length width.\n\nPadding is done using the specified fill character.",
    ),
    MethodDef::new(
        "ljust",
        "($self, width, fillchar=b' ', /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, this, args| pad(vm, this, args, "ljust", |_, _| 0),
        },
        "Return a left-justified string of length width.\n\nPadding is done using the specified fill character.",
    ),
    MethodDef::new(
        "rjust",
        "($self, width, fillchar=b' ', /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, this, args| pad(vm, this, args, "rjust", |n, _| n),
        },
        "Return a right-justified string of length width.\n\nPadding is done using the specified fill character.",
    ),
    MethodDef::new(
        "zfill",
        "($self, width, /)",
        NativeCall::One(zfill),
        "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe original string is never truncated.",
    ),
    MethodDef::new(
        "expandtabs",
        "($self, /, tabsize=8)",
        NativeCall::Bound(expandtabs),
        "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not given, a tab size of 8 characters is assumed.",
    ),
    MethodDef::new(
        "translate",
        "($self, table, /, delete=b'')",
        NativeCall::Bound(translate),
        "Return a copy with each character mapped by the given translation table.\n\n  table\n    Translation table, which must be a bytes object of length 256.\n\nAll characters occurring in the optional argument delete are removed.\nThe remaining characters are mapped through the given translation table.",
    ),
    MethodDef::fixed(
        "maketrans",
        "(frm, to, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: maketrans,
        },
        "Return a translation table usable for the bytes or bytearray translate method.\n\nThe returned table will be one where each byte in frm is mapped to the byte at\nthe same position in to.\n\nThe bytes objects frm and to must be of the same length.",
    ),
    MethodDef::new(
        "decode",
        "($self, /, encoding='utf-8', errors='strict')",
        NativeCall::Bound(decode),
        "Decode the bytes using the codec registered for encoding.\n\n  encoding\n    The encoding with which to decode the bytes.\n  errors\n    The error handling scheme to use for the handling of decoding errors.\n    The default is 'strict' meaning that decoding errors raise a\n    UnicodeDecodeError. Other possible values are 'ignore' and 'replace'\n    as well as any other name registered with codecs.register_error that\n    can handle UnicodeDecodeErrors.",
    ),
    MethodDef::new(
        "hex",
        "($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
        NativeCall::Bound(hex),
        "Create a string of hexadecimal numbers from a bytes object.\n\n  sep\n    An optional single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, negative values count from the left.\n\nExample:\n>>> value = b'\\xb9\\x01\\xef'\n>>> value.hex()\n'b901ef'\n>>> value.hex(':')\n'b9:01:ef'\n>>> value.hex(':', 2)\n'b9:01ef'\n>>> value.hex(':', -2)\n'b901:ef'",
    ),
    MethodDef::class(
        "fromhex",
        "($type, string, /)",
        NativeCall::One(from_hex),
        "Create a bytes object from a string of hexadecimal numbers.\n\nSpaces between two numbers are accepted.\nExample: bytes.fromhex('B9 01EF') -> b'\\\\xb9\\\\x01\\\\xef'.",
    ),
    test(
        "lower",
        |vm, this| map(vm, this, |b, _| b.to_ascii_lowercase()),
        "B.lower() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to lowercase.",
    ),
    test(
        "upper",
        |vm, this| map(vm, this, |b, _| b.to_ascii_uppercase()),
        "B.upper() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to uppercase.",
    ),
    test(
        "swapcase",
        |vm, this| {
            map(vm, this, |b, _| {
                if b.is_ascii_lowercase() {
                    b.to_ascii_uppercase()
                } else {
                    b.to_ascii_lowercase()
                }
            })
        },
        "B.swapcase() -> copy of B\n\nReturn a copy of B with uppercase ASCII characters converted\nto lowercase ASCII and vice versa.",
    ),
    test(
        "capitalize",
        |vm, this| {
            map(vm, this, |b, before| {
                if before.is_none() {
                    b.to_ascii_uppercase()
                } else {
                    b.to_ascii_lowercase()
                }
            })
        },
        "B.capitalize() -> copy of B\n\nReturn a copy of B with only its first character capitalized (ASCII)\nand the rest lower-cased.",
    ),
    test(
        "title",
        |vm, this| {
            map(vm, this, |b, before| {
                if before.is_some_and(|b| b.is_ascii_alphabetic()) {
                    b.to_ascii_lowercase()
                } else {
                    b.to_ascii_uppercase()
                }
            })
        },
        "B.title() -> copy of B\n\nReturn a titlecased version of B, i.e. ASCII words start with uppercase\ncharacters, all remaining cased characters have lowercase.",
    ),
    test(
        "isalpha",
        |vm, this| all(vm, this, |b| b.is_ascii_alphabetic()),
        "B.isalpha() -> bool\n\nReturn True if all characters in B are alphabetic\nand there is at least one character in B, False otherwise.",
    ),
    test(
        "isalnum",
        |vm, this| all(vm, this, |b| b.is_ascii_alphanumeric()),
        "B.isalnum() -> bool\n\nReturn True if all characters in B are alphanumeric\nand there is at least one character in B, False otherwise.",
    ),
    test(
        "isdigit",
        |vm, this| all(vm, this, |b| b.is_ascii_digit()),
        "B.isdigit() -> bool\n\nReturn True if all characters in B are digits\nand there is at least one character in B, False otherwise.",
    ),
    test(
        "isspace",
        |vm, this| all(vm, this, is_space),
        "B.isspace() -> bool\n\nReturn True if all characters in B are whitespace\nand there is at least one character in B, False otherwise.",
    ),
    test(
        "isascii",
        |vm, this| Ok(vm.bool(own(vm, this)?.is_ascii())),
        "B.isascii() -> bool\n\nReturn True if B is empty or all characters in B are ASCII,\nFalse otherwise.",
    ),
    test(
        "islower",
        |vm, this| {
            one_case(
                vm,
                this,
                |b| b.is_ascii_lowercase(),
                |b| b.is_ascii_uppercase(),
            )
        },
        "B.islower() -> bool\n\nReturn True if all cased characters in B are lowercase and there is\nat least one cased character in B, False otherwise.",
    ),
    test(
        "isupper",
        |vm, this| {
            one_case(
                vm,
                this,
                |b| b.is_ascii_uppercase(),
                |b| b.is_ascii_lowercase(),
            )
        },
        "B.isupper() -> bool\n\nReturn True if all cased characters in B are uppercase and there is\nat least one cased character in B, False otherwise.",
    ),
    test(
        "istitle",
        istitle,
        "B.istitle() -> bool\n\nReturn True if B is a titlecased string and there is at least one\ncharacter in B, i.e. uppercase characters may only follow uncased\ncharacters and lowercase characters only cased ones. Return False\notherwise.",
    ),
];

/// White space of ASCII, the vertical tab included.
pub fn is_space(b: u8) -> bool {
    matches!(b, b' ' | 9..=13)
}

/// The receiver's bytes: a bytearray's as a copy, for it may change meanwhile.
pub fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<Cow<'a, [u8]>> {
    if let Some(bytes) = this.downcast::<Bytes>() {
        return Ok(Cow::Borrowed(bytes.as_slice()));
    }
    match this.downcast::<ByteArray>() {
        Some(array) => Ok(Cow::Owned(array.to_vec())),
        None => Err(not_bytes_like(vm, this)),
    }
}

/// An object of the receiver's builtin type.
pub fn make(vm: &Vm, this: &Object, bytes: &[u8]) -> PyResult {
    if this.downcast::<ByteArray>().is_some() {
        return Ok(ByteArray::place(vm, &vm.types.bytearray, bytes)?.upcast());
    }
    super::make(vm, bytes)
}

/// A part of the receiver; the whole of exact bytes is the object itself.
fn part(vm: &Vm, this: &Object, bytes: &[u8], start: usize, end: usize) -> PyResult {
    if start == 0 && end == bytes.len() && this.is_exact::<Bytes>() {
        return Ok(this.to_ref());
    }
    make(vm, this, bytes.get(start..end).unwrap_or_default())
}

/// What is looked for: bytes, or one byte as an int.
/// Runs what may run Python code while the receiver cannot change its size.
pub(in crate::types) fn while_exported<R>(this: &Object, f: impl FnOnce() -> R) -> R {
    let exported = Exported::new(this);
    let result = f();
    drop(exported);
    result
}

fn needle(vm: &Vm, value: &Object) -> PyResult<Vec<u8>> {
    if let Some(bytes) = with_bytes(vm, value, <[u8]>::to_vec)? {
        return Ok(bytes);
    }
    if value.downcast::<Int>().is_some() || Type::of(value).slots.index.get().is_some() {
        return Ok(vec![byte(vm, value, "byte")?]);
    }
    Err(vm.type_error(format!(
        "argument should be integer or bytes-like object, not '{}'",
        protocol::type_name(value)
    )))
}

fn position(vm: &Vm, this: &Object, args: &[&Object], last: bool, must: bool) -> PyResult {
    let [value, ..] = args else {
        return Err(vm.system_error("find without argument"));
    };
    let needle = while_exported(this, || needle(vm, value))?;
    let bytes = own(vm, this)?;
    let (start, end) = bounds(vm, args, bytes.len())?;
    let found = bytes.get(start..end).and_then(|section| {
        if last {
            memmem::rfind(section, &needle)
        } else {
            memmem::find(section, &needle)
        }
    });
    match found {
        Some(i) => vm.new_usize(start + i),
        None if must => Err(vm.value_error("subsection not found")),
        None => vm.new_int(-1),
    }
}

fn count(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let [value, ..] = args else {
        return Err(vm.system_error("count without argument"));
    };
    let needle = while_exported(this, || needle(vm, value))?;
    let bytes = own(vm, this)?;
    let (start, end) = bounds(vm, args, bytes.len())?;
    let Some(section) = bytes.get(start..end) else {
        return vm.new_int(0);
    };
    if needle.is_empty() {
        return vm.new_usize(section.len() + 1);
    }
    vm.new_usize(memmem::find_iter(section, &needle).count())
}

fn affix(vm: &Vm, this: &Object, args: &[&Object], name: &str, at_end: bool) -> PyResult {
    let [value, ..] = args else {
        return Err(vm.system_error("startswith without argument"));
    };
    let bytes = own(vm, this)?;
    let (start, end) = bounds(vm, args, bytes.len())?;
    let section = bytes.get(start..end);
    let matches = |piece: &[u8]| {
        section.is_some_and(|s| {
            if at_end {
                s.ends_with(piece)
            } else {
                s.starts_with(piece)
            }
        })
    };
    if let Some(tuple) = value.downcast::<Tuple>() {
        for piece in tuple.iter() {
            if require_bytes(vm, piece, matches)? {
                return Ok(vm.bool(true));
            }
        }
        return Ok(vm.bool(false));
    }
    match with_bytes(vm, value, matches)? {
        Some(found) => Ok(vm.bool(found)),
        None => {
            let given = protocol::type_name(value);
            Err(vm.type_error(format!(
                "{name} first arg must be bytes or a tuple of bytes, not {given}"
            )))
        }
    }
}

fn replace(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let [old, new, rest @ ..] = args else {
        return Err(vm.system_error("replace without arguments"));
    };
    let old = require_bytes(vm, old, <[u8]>::to_vec)?;
    let new = require_bytes(vm, new, <[u8]>::to_vec)?;
    let most = rest.first().map_or(Ok(-1), |n| protocol::to_i64(vm, n))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let bytes = own(vm, this)?;
    let mut out = Vec::with_capacity(bytes.len());
    let (mut from, mut done) = (0, 0);
    if old.is_empty() {
        while done < most && from <= bytes.len() {
            out.extend_from_slice(&new);
            done += 1;
            out.extend(bytes.get(from));
            from += 1;
        }
    } else {
        while done < most
            && let Some(i) = bytes.get(from..).and_then(|rest| memmem::find(rest, &old))
        {
            out.extend_from_slice(bytes.get(from..from + i).unwrap_or_default());
            out.extend_from_slice(&new);
            from += i + old.len();
            done += 1;
        }
    }
    if done == 0 {
        return part(vm, this, &bytes, 0, bytes.len());
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    make(vm, this, &out)
}

fn split_arguments(vm: &Vm, args: &[Option<&Object>]) -> PyResult<(Option<Vec<u8>>, usize)> {
    let [separator, most] = args else {
        return Err(vm.system_error("split: bad arguments"));
    };
    let most = most.map_or(Ok(-1), |n| protocol::to_i64(vm, n))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let Some(separator) = separator.filter(|s| !vm.is_none(s)) else {
        return Ok((None, most));
    };
    let separator = require_bytes(vm, separator, <[u8]>::to_vec)?;
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    Ok((Some(separator), most))
}

/// A list of parts of the receiver.
fn list_of(vm: &Vm, this: &Object, bytes: &[u8], parts: &[(usize, usize)]) -> PyResult {
    let parts = parts
        .iter()
        .map(|&(from, to)| part(vm, this, bytes, from, to))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_list(parts)?.upcast())
}

fn split(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let (separator, most) = while_exported(this, || split_arguments(vm, args))?;
    let bytes = own(vm, this)?;
    let (mut parts, mut from) = (Vec::new(), 0);
    if let Some(separator) = separator {
        while parts.len() < most
            && let Some(i) = bytes
                .get(from..)
                .and_then(|rest| memmem::find(rest, &separator))
        {
            parts.push((from, from + i));
            from += i + separator.len();
        }
        parts.push((from, bytes.len()));
    } else {
        let space = |i: usize| bytes.get(i).is_some_and(|&b| is_space(b));
        loop {
            while space(from) {
                from += 1;
            }
            if from >= bytes.len() {
                break;
            }
            let mut end = from;
            while end < bytes.len() && (parts.len() >= most || !space(end)) {
                end += 1;
            }
            parts.push((from, end));
            from = end;
        }
    }
    list_of(vm, this, &bytes, &parts)
}

fn rsplit(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let (separator, most) = while_exported(this, || split_arguments(vm, args))?;
    let bytes = own(vm, this)?;
    let (mut parts, mut end) = (Vec::new(), bytes.len());
    if let Some(separator) = separator {
        while parts.len() < most
            && let Some(i) = bytes
                .get(..end)
                .and_then(|rest| memmem::rfind(rest, &separator))
        {
            parts.push((i + separator.len(), end));
            end = i;
        }
        parts.push((0, end));
    } else {
        let space_before = |i: usize| i > 0 && bytes.get(i - 1).is_some_and(|&b| is_space(b));
        loop {
            while space_before(end) {
                end -= 1;
            }
            if end == 0 {
                break;
            }
            let mut start = end;
            while start > 0 && (parts.len() >= most || !space_before(start)) {
                start -= 1;
            }
            parts.push((start, end));
            end = start;
        }
    }
    parts.reverse();
    list_of(vm, this, &bytes, &parts)
}

fn splitlines(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let keep = match args {
        [Some(keep)] => protocol::is_true(vm, keep)?,
        _ => false,
    };
    let bytes = own(vm, this)?;
    let (mut parts, mut from) = (Vec::new(), 0);
    while let Some(rest) = bytes.get(from..).filter(|r| !r.is_empty()) {
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let ending = match rest.get(length..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        parts.push((from, from + length + if keep { ending } else { 0 }));
        from += length + ending;
    }
    list_of(vm, this, &bytes, &parts)
}

fn partition(vm: &Vm, this: &Object, separator: &Object, last: bool) -> PyResult {
    let wanted = require_bytes(vm, separator, <[u8]>::to_vec)?;
    if wanted.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let bytes = own(vm, this)?;
    let found = if last {
        memmem::rfind(&bytes, &wanted)
    } else {
        memmem::find(&bytes, &wanted)
    };
    let middle = |vm: &Vm| {
        if this.downcast::<ByteArray>().is_some() {
            make(vm, this, &wanted)
        } else {
            Ok(separator.to_ref())
        }
    };
    let empty = |vm: &Vm| make(vm, this, &[]);
    let parts = match found {
        Some(i) => vec![
            part(vm, this, &bytes, 0, i)?,
            middle(vm)?,
            part(vm, this, &bytes, i + wanted.len(), bytes.len())?,
        ],
        None if last => vec![
            empty(vm)?,
            empty(vm)?,
            part(vm, this, &bytes, 0, bytes.len())?,
        ],
        None => vec![
            part(vm, this, &bytes, 0, bytes.len())?,
            empty(vm)?,
            empty(vm)?,
        ],
    };
    Ok(vm.new_tuple(parts)?.upcast())
}

fn join(vm: &Vm, this: &Object, iterable: &Object) -> PyResult {
    if Type::of(iterable).slots.iter.get().is_none()
        && Type::of(iterable).slots.getitem.get().is_none()
    {
        return Err(vm.type_error("can only join an iterable"));
    }
    // Neither the separator nor an item may change its size while Python code runs for the others.
    let exports = Exported::new(this);
    let items = protocol::collect(vm, iterable);
    drop(exports);
    let items = items?;
    let separator = own(vm, this)?;
    if let [only] = &items[..]
        && only.is_exact::<Bytes>()
        && this.downcast::<Bytes>().is_some()
    {
        return Ok(only.clone());
    }
    let mut out = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(&separator);
        }
        if with_bytes(vm, item, |bytes| out.extend_from_slice(bytes))?.is_none() {
            let given = protocol::type_name(item);
            return Err(vm.type_error(format!(
                "sequence item {i}: expected a bytes-like object, {given} found"
            )));
        }
        if (iterable.downcast::<List>()).is_some_and(|list| list.len() != items.len()) {
            return Err(vm.runtime_error("sequence changed size during iteration"));
        }
    }
    make(vm, this, &out)
}

fn strip(vm: &Vm, this: &Object, args: &[&Object], front: bool, back: bool) -> PyResult {
    let chars = match args.first().filter(|c| !vm.is_none(c)) {
        None => None,
        Some(chars) => Some(require_bytes(vm, chars, <[u8]>::to_vec)?),
    };
    let gone = |b: &u8| {
        chars
            .as_ref()
            .map_or_else(|| is_space(*b), |chars| chars.contains(b))
    };
    let bytes = own(vm, this)?;
    let start = if front {
        bytes.iter().position(|b| !gone(b)).unwrap_or(bytes.len())
    } else {
        0
    };
    let end = if back {
        bytes
            .iter()
            .rposition(|b| !gone(b))
            .map_or(start, |i| i + 1)
    } else {
        bytes.len()
    };
    part(vm, this, &bytes, start, end.max(start))
}

fn removeprefix(vm: &Vm, this: &Object, prefix: &Object) -> PyResult {
    let prefix = require_bytes(vm, prefix, <[u8]>::to_vec)?;
    let bytes = own(vm, this)?;
    let start = if bytes.starts_with(&prefix) {
        prefix.len()
    } else {
        0
    };
    part(vm, this, &bytes, start, bytes.len())
}

fn removesuffix(vm: &Vm, this: &Object, suffix: &Object) -> PyResult {
    let suffix = require_bytes(vm, suffix, <[u8]>::to_vec)?;
    let bytes = own(vm, this)?;
    let end = if bytes.ends_with(&suffix) {
        bytes.len() - suffix.len()
    } else {
        bytes.len()
    };
    part(vm, this, &bytes, 0, end)
}

fn pad(
    vm: &Vm,
    this: &Object,
    args: &[&Object],
    name: &str,
    left: fn(usize, usize) -> usize,
) -> PyResult {
    let width = args.first().map_or(Ok(0), |w| protocol::to_i64(vm, w))?;
    let mut fill = b' ';
    if let Some(given) = args.get(1) {
        let bytes = given.downcast::<Bytes>().map(|b| b.as_slice().to_vec());
        let Some(bytes) = bytes.or_else(|| given.downcast::<ByteArray>().map(ByteArray::to_vec))
        else {
            let given = protocol::type_name(given);
            return Err(vm.type_error(format!(
                "{name}() argument 2 must be a byte string of length 1, not {given}"
            )));
        };
        let [byte] = bytes[..] else {
            let kind = protocol::type_name(given);
            let length = bytes.len();
            return Err(vm.type_error(format!(
                "{name}(): argument 2 must be a byte string of length 1, not a {kind} object of length {length}"
            )));
        };
        fill = byte;
    }
    let bytes = own(vm, this)?;
    let missing = usize::try_from(width)
        .unwrap_or(0)
        .saturating_sub(bytes.len());
    if missing == 0 {
        return part(vm, this, &bytes, 0, bytes.len());
    }
    let before = left(missing, width as usize);
    let mut out = Vec::new();
    if out.try_reserve_exact(width as usize).is_err() {
        return Err(vm.no_memory());
    }
    out.resize(before, fill);
    out.extend_from_slice(&bytes);
    out.resize(width as usize, fill);
    make(vm, this, &out)
}

fn zfill(vm: &Vm, this: &Object, width: &Object) -> PyResult {
    let width = usize::try_from(protocol::to_i64(vm, width)?).unwrap_or(0);
    let bytes = own(vm, this)?;
    if width <= bytes.len() {
        return part(vm, this, &bytes, 0, bytes.len());
    }
    let signed = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut out = Vec::new();
    if out.try_reserve_exact(width).is_err() {
        return Err(vm.no_memory());
    }
    let (sign, digits) = bytes.split_at(signed);
    out.extend_from_slice(sign);
    out.resize(width - digits.len(), b'0');
    out.extend_from_slice(digits);
    make(vm, this, &out)
}

fn expandtabs(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let size = match args {
        [Some(size)] => protocol::to_i64(vm, size)?,
        _ => 8,
    };
    if size > i64::from(i32::MAX) {
        return Err(vm.overflow_error("Python int too large to convert to C int"));
    }
    let size = usize::try_from(size).unwrap_or(0);
    let (mut out, mut column) = (Vec::new(), 0);
    for &b in own(vm, this)?.iter() {
        if b == b'\t' {
            if size > 0 {
                let spaces = size - column % size;
                column += spaces;
                if out.try_reserve(spaces).is_err() {
                    return Err(vm.no_memory());
                }
                out.resize(out.len() + spaces, b' ');
            }
        } else {
            column = if matches!(b, b'\n' | b'\r') {
                0
            } else {
                column + 1
            };
            out.push(b);
        }
    }
    make(vm, this, &out)
}

fn translate(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(table), delete] = args else {
        return Err(vm.system_error("translate: bad arguments"));
    };
    let table = if vm.is_none(table) {
        None
    } else {
        Some(require_bytes(vm, table, <[u8]>::to_vec)?)
    };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let delete = delete.map_or(Ok(Vec::new()), |d| require_bytes(vm, d, <[u8]>::to_vec))?;
    let bytes = own(vm, this)?;
    let mapped = |b: u8| {
        table
            .as_ref()
            .and_then(|t| t.get(usize::from(b)))
            .copied()
            .unwrap_or(b)
    };
    let out: Vec<u8> = bytes
        .iter()
        .filter(|b| !delete.contains(b))
        .map(|&b| mapped(b))
        .collect();
    if *out == *bytes {
        return part(vm, this, &bytes, 0, bytes.len());
    }
    make(vm, this, &out)
}

fn maketrans(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [from, to] = args else {
        return Err(vm.system_error("maketrans: bad arguments"));
    };
    let (from, to) = (
        require_bytes(vm, from, <[u8]>::to_vec)?,
        require_bytes(vm, to, <[u8]>::to_vec)?,
    );
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (from, to) in from.iter().zip(to) {
        if let Some(place) = table.get_mut(usize::from(*from)) {
            *place = to;
        }
    }
    Ok(vm.new_bytes(&table)?.upcast())
}

fn decode(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [encoding, errors] = args else {
        return Err(vm.system_error("decode: bad arguments"));
    };
    let encoding = crate::types::str::text::argument_text(vm, *encoding, "decode", "encoding")?;
    let errors = crate::types::str::text::argument_text(vm, *errors, "decode", "errors")?;
    let bytes = own(vm, this)?;
    Ok(
        crate::types::codec::decode(vm, this, &bytes, encoding.as_deref(), errors.as_deref())?
            .upcast(),
    )
}

/// The hexadecimal digits of bytes, with separators where wanted.
///
/// # Errors
/// ValueError, TypeError for a bad separator.
pub fn hex_text(vm: &Vm, bytes: &[u8], args: &[Option<&Object>]) -> PyResult {
    let [separator, group] = args else {
        return Err(vm.system_error("hex: bad arguments"));
    };
    let group = group.map_or(Ok(1), |g| protocol::to_i64(vm, g))?;
    let separator = match separator {
        None => None,
        Some(separator) => {
            if protocol::len(vm, separator)? != 1 {
                return Err(vm.value_error("sep must be length 1."));
            }
            let point = if let Some(text) = separator.downcast::<Str>() {
                text.char_at(0)
            } else if let Some(bytes) = separator.downcast::<Bytes>() {
                bytes.as_slice().first().map(|&b| u32::from(b))
            } else {
                return Err(vm.type_error("sep must be str or bytes."));
            };
            match point
                .and_then(|c| u8::try_from(c).ok())
                .filter(u8::is_ascii)
            {
                Some(byte) => Some(byte as char),
                None => return Err(vm.value_error("sep must be ASCII.")),
            }
        }
    };
    let mut out = String::with_capacity(bytes.len() * 2);
    let size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    for (i, b) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && i > 0
            && size > 0
            && (if group > 0 { bytes.len() - i } else { i }).is_multiple_of(size)
        {
            out.push(separator);
        }
        for digit in [b >> 4, b & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    Ok(vm.new_str(&out)?.upcast())
}

fn hex(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let bytes = own(vm, this)?;
    while_exported(this, || hex_text(vm, &bytes, args))
}

fn from_hex(vm: &Vm, this: &Object, source: &Object) -> PyResult {
    let text: Vec<u32> = if let Some(text) = source.downcast::<Str>() {
        text.chars().collect()
    } else {
        match with_bytes(vm, source, |bytes| {
            bytes.iter().map(|&b| u32::from(b)).collect()
        })? {
            Some(points) => points,
            None => {
                let given = protocol::type_name(source);
                return Err(vm.type_error(format!(
                    "fromhex() argument must be str or bytes-like, not {given}"
                )));
            }
        }
    };
    let digit = |i: usize| {
        text.get(i)
            .and_then(|&c| u8::try_from(c).ok())
            .and_then(|c| (c as char).to_digit(16))
    };
    let bad = |i: usize| {
        vm.value_error(format!(
            "non-hexadecimal number found in fromhex() arg at position {i}"
        ))
    };
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&c) = text.get(at) {
        if c < 0x80 && is_space(c as u8) {
            at += 1;
            continue;
        }
        let high = digit(at).ok_or_else(|| bad(at))?;
        if at + 1 >= text.len() {
            return Err(
                vm.value_error("fromhex() arg must contain an even number of hexadecimal digits")
            );
        }
        let low = digit(at + 1).ok_or_else(|| bad(at + 1))?;
        out.push((high * 16 + low) as u8);
        at += 2;
    }
    let Some(ty) = this.downcast::<Type>() else {
        return Ok(vm.new_bytes(&out)?.upcast());
    };
    let made = if ty.is_subtype(&vm.types.bytearray) {
        ByteArray::place(vm, &vm.types.bytearray, &out)?.upcast()
    } else {
        super::make(vm, &out)?
    };
    if ty.is(&vm.types.bytes) || ty.is(&vm.types.bytearray) {
        Ok(made)
    } else {
        protocol::call_one(vm, &ty.head, &made)
    }
}

/// Each byte changed, the one before it being known.
fn map(vm: &Vm, this: &Object, f: fn(u8, Option<u8>) -> u8) -> PyResult {
    let bytes = own(vm, this)?;
    let before = std::iter::once(None).chain(bytes.iter().map(|&b| Some(b)));
    let out: Vec<u8> = bytes
        .iter()
        .zip(before)
        .map(|(&b, before)| f(b, before))
        .collect();
    make(vm, this, &out)
}

fn all(vm: &Vm, this: &Object, test: fn(u8) -> bool) -> PyResult {
    let bytes = own(vm, this)?;
    Ok(vm.bool(!bytes.is_empty() && bytes.iter().all(|&b| test(b))))
}

fn one_case(vm: &Vm, this: &Object, wanted: fn(u8) -> bool, other: fn(u8) -> bool) -> PyResult {
    let bytes = own(vm, this)?;
    Ok(vm.bool(bytes.iter().any(|&b| wanted(b)) && !bytes.iter().any(|&b| other(b))))
}

fn istitle(vm: &Vm, this: &Object) -> PyResult {
    let (mut in_word, mut any) = (false, false);
    for &b in own(vm, this)?.iter() {
        if b.is_ascii_alphabetic() {
            if b.is_ascii_uppercase() == in_word {
                return Ok(vm.bool(false));
            }
            (in_word, any) = (true, true);
        } else {
            in_word = false;
        }
    }
    Ok(vm.bool(any))
}
