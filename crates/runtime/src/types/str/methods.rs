//! The methods of str that find, cut and fill; those about case are in `case`.

use viv_heap::{Object, Ref};

use super::search::{Searcher, stands_at};
use super::{exact, ops};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, Int, List, Str, Tuple, Type};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::{clamp_index, receiver};
use crate::types::unicode;
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

/// The methods.
pub const METHODS: &[MethodDef] = &[
    range(
        "find",
        |vm, this, args| position(vm, this, args, "find", false, false),
        "Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nReturn -1 on failure.",
    ),
    range(
        "rfind",
        |vm, this, args| position(vm, this, args, "rfind", true, false),
        "Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nReturn -1 on failure.",
    ),
    range(
        "index",
        |vm, this, args| position(vm, this, args, "index", false, true),
        "Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nRaises ValueError when the substring is not found.",
    ),
    range(
        "rindex",
        |vm, this, args| position(vm, this, args, "rindex", true, true),
        "Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nRaises ValueError when the substring is not found.",
    ),
    range(
        "count",
        count,
        "Return the number of non-overlapping occurrences of substring sub in string S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.",
    ),
    range(
        "startswith",
        |vm, this, args| affix(vm, this, args, "startswith", false),
        "Return True if the string starts with the specified prefix, False otherwise.\n\n  prefix\n    A string or a tuple of strings to try.\n  start\n    Optional start position. Default: start of the string.\n  end\n    Optional stop position. Default: end of the string.",
    ),
    range(
        "endswith",
        |vm, this, args| affix(vm, this, args, "endswith", true),
        "Return True if the string ends with the specified suffix, False otherwise.\n\n  suffix\n    A string or a tuple of strings to try.\n  start\n    Optional start position. Default: start of the string.\n  end\n    Optional stop position. Default: end of the string.",
    ),
    MethodDef::new(
        "replace",
        "($self, old, new, /, count=-1)",
        NativeCall::Bound(replace),
        "Return a copy with all occurrences of substring old replaced by new.\n\n  count\n    Maximum number of occurrences to replace.\n    -1 (the default value) means replace all occurrences.\n\nIf the optional argument count is given, only the first count occurrences are\nreplaced.",
    ),
    MethodDef::new(
        "split",
        "($self, /, sep=None, maxsplit=-1)",
        NativeCall::Bound(split),
        "Return a list of the substrings in the string, using sep as the separator string.\n\n  sep\n    The separator used to split the string.\n\n    When set to None (the default value), will split on any whitespace\n    character (including \\n \\r \\t \\f and spaces) and will discard\n    empty strings from the result.\n  maxsplit\n    Maximum number of splits.\n    -1 (the default value) means no limit.\n\nSplitting starts at the front of the string and works to the end.\n\nNote, str.split() is mainly useful for data that has been intentionally\ndelimited.  With natural text that includes punctuation, consider using\nthe regular expression module.",
    ),
    MethodDef::new(
        "rsplit",
        "($self, /, sep=None, maxsplit=-1)",
        NativeCall::Bound(rsplit),
        "Return a list of the substrings in the string, using sep as the separator string.\n\n  sep\n    The separator used to split the string.\n\n    When set to None (the default value), will split on any whitespace\n    character (including \\n \\r \\t \\f and spaces) and will discard\n    empty strings from the result.\n  maxsplit\n    Maximum number of splits.\n    -1 (the default value) means no limit.\n\nSplitting starts at the end of the string and works to the front.",
    ),
    MethodDef::new(
        "splitlines",
        "($self, /, keepends=False)",
        NativeCall::Bound(splitlines),
        "Return a list of the lines in the string, breaking at line boundaries.\n\nLine breaks are not included in the resulting list unless keepends is given and\ntrue.",
    ),
    MethodDef::new(
        "partition",
        "($self, sep, /)",
        NativeCall::One(|vm, this, sep| partition(vm, this, sep, false)),
        "Partition the string into three parts using the given separator.\n\nThis will search for the separator in the string.  If the separator is found,\nreturns a 3-tuple containing the part before the separator, the separator\nitself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing the original string\nand two empty strings.",
    ),
    MethodDef::new(
        "rpartition",
        "($self, sep, /)",
        NativeCall::One(|vm, this, sep| partition(vm, this, sep, true)),
        "Partition the string into three parts using the given separator.\n\nThis will search for the separator in the string, starting at the end. If\nthe separator is found, returns a 3-tuple containing the part before the\nseparator, the separator itself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing two empty strings\nand the original string.",
    ),
    MethodDef::new(
        "join",
        "($self, iterable, /)",
        NativeCall::One(join),
        "Concatenate any number of strings.\n\nThe string whose method is called is inserted in between each given string.\nThe result is returned as a new string.\n\nExample: '.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'",
    ),
    MethodDef::new(
        "strip",
        "($self, chars=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| strip(vm, this, args, "strip"),
        },
        "Return a copy of the string with leading and trailing whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead.",
    ),
    MethodDef::new(
        "lstrip",
        "($self, chars=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| strip(vm, this, args, "lstrip"),
        },
        "Return a copy of the string with leading whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead.",
    ),
    MethodDef::new(
        "rstrip",
        "($self, chars=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| strip(vm, this, args, "rstrip"),
        },
        "Return a copy of the string with trailing whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead.",
    ),
    MethodDef::new(
        "removeprefix",
        "($self, prefix, /)",
        NativeCall::One(removeprefix),
        "Return a str with the given prefix string removed if present.\n\nIf the string starts with the prefix string, return string[len(prefix):].\nOtherwise, return a copy of the original string.",
    ),
    MethodDef::new(
        "removesuffix",
        "($self, suffix, /)",
        NativeCall::One(removesuffix),
        "Return a str with the given suffix string removed if present.\n\nIf the string ends with the suffix string and that suffix is not empty,\nreturn string[:-len(suffix)]. Otherwise, return a copy of the original\nstring.",
    ),
    MethodDef::new(
        "center",
        "($self, width, fillchar=' ', /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, this, args| pad(vm, this, args, |n, width| n / 2 + (n & width & 1)),
        },
        "Return a centered string of length width.\n\nPadding is done using the specified fill character (default is a space).",
    ),
    MethodDef::new(
        "ljust",
        "($self, width, fillchar=' ', /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, this, args| pad(vm, this, args, |_, _| 0),
        },
        "Return a left-justified string of length width.\n\nPadding is done using the specified fill character (default is a space).",
    ),
    MethodDef::new(
        "rjust",
        "($self, width, fillchar=' ', /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, this, args| pad(vm, this, args, |n, _| n),
        },
        "Return a right-justified string of length width.\n\nPadding is done using the specified fill character (default is a space).",
    ),
    MethodDef::new(
        "zfill",
        "($self, width, /)",
        NativeCall::One(zfill),
        "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe string is never truncated.",
    ),
    MethodDef::new(
        "expandtabs",
        "($self, /, tabsize=8)",
        NativeCall::Bound(expandtabs),
        "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not given, a tab size of 8 characters is assumed.",
    ),
    MethodDef::new(
        "translate",
        "($self, table, /)",
        NativeCall::One(translate),
        "Replace each character in the string using the given translation table.\n\n  table\n    Translation table, which must be a mapping of Unicode ordinals to\n    Unicode ordinals, strings, or None.\n\nThe table must implement lookup/indexing via __getitem__, for instance a\ndictionary or list.  If this operation raises LookupError, the character is\nleft untouched.  Characters mapped to None are deleted.",
    ),
    MethodDef::fixed(
        "maketrans",
        "(x, y=<unrepresentable>, z=<unrepresentable>, /)",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: maketrans,
        },
        "Return a translation table usable for str.translate().\n\nIf there is only one argument, it must be a dictionary mapping Unicode\nordinals (integers) or characters to Unicode ordinals, strings or None.\nCharacter keys will be then converted to ordinals.\nIf there are two arguments, they must be strings of equal length, and\nin the resulting dictionary, each character in x will be mapped to the\ncharacter at the same position in y. If there is a third argument, it\nmust be a string, whose characters will be mapped to None in the result.",
    ),
    MethodDef::new(
        "encode",
        "($self, /, encoding='utf-8', errors='strict')",
        NativeCall::Bound(encode),
        "Encode the string using the codec registered for encoding.\n\n  encoding\n    The encoding in which to encode the string.\n  errors\n    The error handling scheme to use for encoding errors.\n    The default is 'strict' meaning that encoding errors raise a\n    UnicodeEncodeError.  Other possible values are 'ignore', 'replace' and\n    'xmlcharrefreplace' as well as any other name registered with\n    codecs.register_error that can handle UnicodeEncodeErrors.",
    ),
    MethodDef::new(
        "format",
        "($self, /, *args, **kwargs)",
        NativeCall::Raw(crate::types::format::template::format),
        "Return a formatted version of the string, using substitutions from args and kwargs.\n\nThe substitutions are identified by braces ('{' and '}').",
    ),
    MethodDef::new(
        "format_map",
        "($self, mapping, /)",
        NativeCall::One(crate::types::format::template::format_map),
        "Return a formatted version of the string, using substitutions from mapping.\n\nThe substitutions are identified by braces ('{' and '}').",
    ),
    MethodDef::new(
        "__format__",
        "($self, format_spec, /)",
        NativeCall::One(format),
        "Return a formatted version of the string as described by format_spec.",
    ),
    MethodDef::new(
        "__getnewargs__",
        "($self, /)",
        NativeCall::NoArgs(getnewargs),
        "",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "Return the size of the string in memory, in bytes.",
    ),
];

/// The argument as a string.
fn text<'a>(vm: &Vm, value: &'a Object, function: &str, number: usize) -> PyResult<&'a Str> {
    value.downcast::<Str>().ok_or_else(|| {
        vm.type_error(format!(
            "{function}() argument {number} must be str, not {}",
            protocol::argument_name(vm, value)
        ))
    })
}

/// The bounds that a method's arguments give, fitted to a length.
pub fn bounds(vm: &Vm, args: &[&Object], len: usize) -> PyResult<(usize, usize)> {
    let bound = |i: usize, default: i64| -> PyResult<i64> {
        match args.get(i) {
            Some(value) if !vm.is_none(value) => {
                if Type::of(value).slots.index.get().is_none() {
                    return Err(vm.type_error(
                        "slice indices must be integers or None or have an __index__ method",
                    ));
                }
                protocol::to_isize_clamped(vm, value)
            }
            _ => Ok(default),
        }
    };
    let (start, end) = (bound(1, 0)?, bound(2, i64::MAX)?);
    // A start beyond the end finds nothing, not even the empty string.
    let start = if start > len as i64 {
        start as usize
    } else {
        clamp_index(start, len)
    };
    Ok((start, clamp_index(end, len)))
}

fn position(
    vm: &Vm,
    this: &Object,
    args: &[&Object],
    name: &str,
    last: bool,
    must: bool,
) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let [part, ..] = args else {
        return Err(vm.system_error("find without argument"));
    };
    let part = text(vm, part, name, 1)?;
    let (start, end) = bounds(vm, args, string.len())?;
    let found = if start > end {
        None
    } else if last {
        Searcher::new(string, part).rfind(start, end)
    } else {
        super::search::find(string, part, start, end)
    };
    match found {
        Some(i) => vm.new_usize(i),
        None if must => Err(vm.value_error("substring not found")),
        None => vm.new_int(-1),
    }
}

fn count(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let [part, ..] = args else {
        return Err(vm.system_error("count without argument"));
    };
    let part = text(vm, part, "count", 1)?;
    let (start, end) = bounds(vm, args, string.len())?;
    vm.new_usize(Searcher::new(string, part).count(start, end))
}

fn affix(vm: &Vm, this: &Object, args: &[&Object], name: &str, at_end: bool) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let [part, ..] = args else {
        return Err(vm.system_error("startswith without argument"));
    };
    let (start, end) = bounds(vm, args, string.len())?;
    let matches = |part: &Str| {
        start <= end
            && part.len() <= end - start
            && stands_at(string, part, if at_end { end - part.len() } else { start })
    };
    if let Some(part) = part.downcast::<Str>() {
        return Ok(vm.bool(matches(part)));
    }
    let Some(tuple) = part.downcast::<Tuple>() else {
        let given = protocol::type_name(part);
        return Err(vm.type_error(format!(
            "{name} first arg must be str or a tuple of str, not {given}"
        )));
    };
    for part in tuple.iter() {
        let Some(part) = part.downcast::<Str>() else {
            let given = protocol::type_name(part);
            return Err(vm.type_error(format!(
                "tuple for {name} must only contain str, not {given}"
            )));
        };
        if matches(part) {
            return Ok(vm.bool(true));
        }
    }
    Ok(vm.bool(false))
}

fn replace(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let [Some(old), Some(new), count] = args else {
        return Err(vm.system_error("replace without arguments"));
    };
    let (old, new) = (text(vm, old, "replace", 1)?, text(vm, new, "replace", 2)?);
    let most = count.map_or(Ok(-1), |n| protocol::to_i64(vm, n))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut parts: Vec<Ref<Str>> = Vec::new();
    if old.is_empty() {
        // The new text goes before each character and to the end.
        let mut out = TextBuilder::new();
        let mut left = most;
        for c in string.chars() {
            if left > 0 {
                out.push_str(new);
                left -= 1;
            }
            out.push_points([c]);
        }
        if left > 0 {
            out.push_str(new);
        }
        return if most == 0 {
            Ok(exact(vm, string)?.upcast())
        } else {
            Ok(out.finish(vm)?.upcast())
        };
    }
    if old.len() > string.len() || most == 0 || old.eq_str(new) {
        return Ok(exact(vm, string)?.upcast());
    }
    let searcher = Searcher::new(string, old);
    if string.is_ascii() && new.width() == 1 {
        return replace_bytes(vm, string, &searcher, old.len(), new, most);
    }
    let mut from = 0;
    while parts.len() < most
        && let Some(at) = searcher.find(from, string.len())
    {
        parts.push(ops::slice(vm, string, from, at)?);
        from = at + old.len();
    }
    if parts.is_empty() {
        return Ok(exact(vm, string)?.upcast());
    }
    parts.push(ops::slice(vm, string, from, string.len())?);
    Ok(ops::join(vm, new, &parts, |part| Some(part))?.upcast())
}

/// `replace` in an ASCII string of something that is not empty by characters below U+0100.
fn replace_bytes(
    vm: &Vm,
    string: &Str,
    searcher: &Searcher<'_>,
    old_len: usize,
    new: &Str,
    most: usize,
) -> PyResult {
    let mut places: Vec<usize> = Vec::new();
    let mut from = 0;
    while places.len() < most
        && let Some(at) = searcher.find(from, string.len())
    {
        places.push(at);
        from = at + old_len;
    }
    if places.is_empty() {
        return Ok(exact(vm, string)?.upcast());
    }
    let kept = string.len() - places.len() * old_len;
    let Some(len) = places
        .len()
        .checked_mul(new.len())
        .and_then(|n| n.checked_add(kept))
    else {
        return Err(vm.overflow_error("replace string is too long"));
    };
    let (source, new_bytes) = (string.as_bytes(), new.as_bytes());
    if len <= 1 {
        let mut left = Vec::with_capacity(len);
        let mut from = 0;
        for at in places {
            left.extend_from_slice(&source[from..at]);
            left.extend_from_slice(new_bytes);
            from = at + old_len;
        }
        left.extend_from_slice(&source[from..]);
        return match left.first() {
            Some(&c) => vm.new_char(u32::from(c)).map(Ref::upcast),
            None => Ok(vm.empty_str.clone().upcast()),
        };
    }
    let made = Str::build(vm, len, 1, new.is_ascii(), |out| {
        let (mut from, mut to) = (0, 0);
        let mut put = |bytes: &[u8]| {
            out[to..to + bytes.len()].copy_from_slice(bytes);
            to += bytes.len();
        };
        for at in places {
            put(&source[from..at]);
            put(new_bytes);
            from = at + old_len;
        }
        put(&source[from..]);
    })?;
    Ok(made.upcast())
}

/// The separator and the greatest number of cuts.
fn split_arguments<'a>(vm: &Vm, args: &[Option<&'a Object>]) -> PyResult<(Option<&'a Str>, usize)> {
    let [separator, most] = args else {
        return Err(vm.system_error("split: bad arguments"));
    };
    let most = most.map_or(Ok(-1), |n| protocol::to_i64(vm, n))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let Some(separator) = separator.filter(|s| !vm.is_none(s)) else {
        return Ok((None, most));
    };
    let Some(separator) = separator.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "must be str or None, not {}",
            protocol::type_name(separator)
        )));
    };
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    Ok((Some(separator), most))
}

fn split(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let (separator, most) = split_arguments(vm, args)?;
    let mut parts: Vec<Ref> = Vec::new();
    let mut push = |from: usize, to: usize| -> PyResult<usize> {
        parts.push(ops::slice(vm, string, from, to)?.upcast());
        Ok(parts.len())
    };
    let len = string.len();
    let mut from = 0;
    if let Some(separator) = separator {
        let searcher = Searcher::new(string, separator);
        let mut cuts = 0;
        while cuts < most
            && let Some(at) = searcher.find(from, len)
        {
            cuts = push(from, at)?;
            from = at + separator.len();
        }
        push(from, len)?;
        return Ok(vm.new_list(parts)?.upcast());
    }
    let data = string.data();
    let mut cuts = 0;
    loop {
        while from < len && unicode::is_space(data.at(from)) {
            from += 1;
        }
        if from >= len {
            break;
        }
        if cuts >= most {
            // What is left keeps the white space at its end, as CPython does.
            push(from, len)?;
            break;
        }
        let mut end = from;
        while end < len && !unicode::is_space(data.at(end)) {
            end += 1;
        }
        cuts = push(from, end)?;
        from = end;
    }
    Ok(vm.new_list(parts)?.upcast())
}

fn rsplit(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let (separator, most) = split_arguments(vm, args)?;
    let mut parts: Vec<Ref> = Vec::new();
    let mut end = string.len();
    if let Some(separator) = separator {
        let searcher = Searcher::new(string, separator);
        while parts.len() < most
            && let Some(at) = searcher.rfind(0, end)
        {
            parts.push(ops::slice(vm, string, at + separator.len(), end)?.upcast());
            end = at;
        }
        parts.push(ops::slice(vm, string, 0, end)?.upcast());
    } else {
        let data = string.data();
        loop {
            while end > 0 && unicode::is_space(data.at(end - 1)) {
                end -= 1;
            }
            if end == 0 {
                break;
            }
            let mut start = end;
            if parts.len() >= most {
                start = 0;
            }
            while start > 0 && !unicode::is_space(data.at(start - 1)) {
                start -= 1;
            }
            parts.push(ops::slice(vm, string, start, end)?.upcast());
            end = start;
        }
    }
    parts.reverse();
    Ok(vm.new_list(parts)?.upcast())
}

fn splitlines(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let keep = match args {
        [Some(keep)] => protocol::is_true(vm, keep)?,
        _ => false,
    };
    let data = string.data();
    let (len, mut from, mut parts) = (string.len(), 0, Vec::new());
    while from < len {
        let mut end = from;
        while end < len && !unicode::is_line_break(data.at(end)) {
            end += 1;
        }
        let mut next = end;
        if end < len {
            next += if data.at(end) == 13 && end + 1 < len && data.at(end + 1) == 10 {
                2
            } else {
                1
            };
        }
        parts.push(ops::slice(vm, string, from, if keep { next } else { end })?.upcast());
        from = next;
    }
    Ok(vm.new_list(parts)?.upcast())
}

fn partition(vm: &Vm, this: &Object, separator: &Object, last: bool) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let Some(sep) = separator.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "must be str, not {}",
            protocol::type_name(separator)
        )));
    };
    if sep.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let searcher = Searcher::new(string, sep);
    let len = string.len();
    let found = if last {
        searcher.rfind(0, len)
    } else {
        searcher.find(0, len)
    };
    let empty = || vm.empty_str.clone().upcast();
    let parts = match found {
        Some(at) => vec![
            ops::slice(vm, string, 0, at)?.upcast(),
            separator.to_ref(),
            ops::slice(vm, string, at + sep.len(), len)?.upcast(),
        ],
        None if last => vec![empty(), empty(), exact(vm, string)?.upcast()],
        None => vec![exact(vm, string)?.upcast(), empty(), empty()],
    };
    Ok(vm.new_tuple(parts)?.upcast())
}

fn join(vm: &Vm, this: &Object, iterable: &Object) -> PyResult {
    let separator = receiver::<Str>(vm, this)?;
    if Type::of(iterable).slots.iter.get().is_none()
        && Type::of(iterable).slots.getitem.get().is_none()
    {
        return Err(vm.type_error("can only join an iterable"));
    }
    let joined = if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        join_items(vm, separator, tuple.as_slice())
    } else if let Some(list) = iterable.downcast_exact::<List>() {
        // Joining strings runs no Python code; what is raised is made afterwards.
        list.items.read(|items| join_items(vm, separator, items))
    } else {
        join_items(vm, separator, &protocol::collect(vm, iterable)?)
    };
    match joined {
        Ok(joined) => Ok(joined?.upcast()),
        Err((i, given)) => Err(vm.type_error(format!(
            "sequence item {i}: expected str instance, {given} found"
        ))),
    }
}

/// The strings joined; or the number of the first item that is none, with the name of its type.
fn join_items(
    vm: &Vm,
    separator: &Str,
    items: &[Ref],
) -> Result<PyResult<Ref<Str>>, (usize, String)> {
    if let Some(i) = items
        .iter()
        .position(|item| item.downcast::<Str>().is_none())
    {
        return Err((i, protocol::type_name(&items[i]).to_string()));
    }
    Ok(ops::join(vm, separator, items, |item| {
        item.downcast::<Str>()
    }))
}

fn strip(vm: &Vm, this: &Object, args: &[&Object], name: &str) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let chars: Option<Vec<u32>> = match args.first().filter(|c| !vm.is_none(c)) {
        None => None,
        Some(chars) => match chars.downcast::<Str>() {
            Some(chars) => Some(chars.chars().collect()),
            None => return Err(vm.type_error(format!("{name} arg must be None or str"))),
        },
    };
    let gone = |c: u32| {
        chars
            .as_ref()
            .map_or_else(|| unicode::is_space(c), |chars| chars.contains(&c))
    };
    let data = string.data();
    let (mut start, mut end) = (0, string.len());
    if name != "rstrip" {
        while start < end && gone(data.at(start)) {
            start += 1;
        }
    }
    if name != "lstrip" {
        while end > start && gone(data.at(end - 1)) {
            end -= 1;
        }
    }
    Ok(ops::slice(vm, string, start, end)?.upcast())
}

/// The argument of `removeprefix` and `removesuffix`.
fn only_text<'a>(vm: &Vm, value: &'a Object, function: &str) -> PyResult<&'a Str> {
    value.downcast::<Str>().ok_or_else(|| {
        vm.type_error(format!(
            "{function}() argument must be str, not {}",
            protocol::argument_name(vm, value)
        ))
    })
}

fn removeprefix(vm: &Vm, this: &Object, prefix: &Object) -> PyResult {
    let (string, prefix) = (
        receiver::<Str>(vm, this)?,
        only_text(vm, prefix, "removeprefix")?,
    );
    let start = if stands_at(string, prefix, 0) {
        prefix.len()
    } else {
        0
    };
    Ok(ops::slice(vm, string, start, string.len())?.upcast())
}

fn removesuffix(vm: &Vm, this: &Object, suffix: &Object) -> PyResult {
    let (string, suffix) = (
        receiver::<Str>(vm, this)?,
        only_text(vm, suffix, "removesuffix")?,
    );
    let end = match string.len().checked_sub(suffix.len()) {
        Some(at) if stands_at(string, suffix, at) => at,
        _ => string.len(),
    };
    Ok(ops::slice(vm, string, 0, end)?.upcast())
}

fn pad(vm: &Vm, this: &Object, args: &[&Object], left: fn(usize, usize) -> usize) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let width = args.first().map_or(Ok(0), |w| protocol::to_i64(vm, w))?;
    let mut fill = u32::from(b' ');
    if let Some(given) = args.get(1) {
        let Some(given) = given.downcast::<Str>() else {
            let given = protocol::type_name(given);
            return Err(vm.type_error(format!(
                "The fill character must be a unicode character, not {given}"
            )));
        };
        let Some(c) = given.char_at(0).filter(|_| given.len() == 1) else {
            return Err(vm.type_error("The fill character must be exactly one character long"));
        };
        fill = c;
    }
    let missing = usize::try_from(width)
        .unwrap_or(0)
        .saturating_sub(string.len());
    if missing == 0 {
        return Ok(exact(vm, string)?.upcast());
    }
    let before = left(missing, width as usize);
    let unit = vm.new_char(fill)?;
    let fill_text = |n: usize| ops::repeat(vm, &unit, n as i64);
    let (front, back) = (fill_text(before)?, fill_text(missing - before)?);
    match (front.downcast::<Str>(), back.downcast::<Str>()) {
        (Some(front), Some(back)) => Ok(ops::concat_all(vm, &[front, string, back])?.upcast()),
        _ => Ok(exact(vm, string)?.upcast()),
    }
}

fn zfill(vm: &Vm, this: &Object, width: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let width = usize::try_from(protocol::to_i64(vm, width)?).unwrap_or(0);
    let missing = width.saturating_sub(string.len());
    if missing == 0 {
        return Ok(exact(vm, string)?.upcast());
    }
    let zero = vm.new_char(u32::from(b'0'))?;
    let zeros = ops::repeat(vm, &zero, missing as i64)?;
    let Some(zeros) = zeros.downcast::<Str>() else {
        return Ok(exact(vm, string)?.upcast());
    };
    let signed = usize::from(matches!(string.char_at(0), Some(0x2b | 0x2d)));
    let (sign, digits) = (
        ops::slice(vm, string, 0, signed)?,
        ops::slice(vm, string, signed, string.len())?,
    );
    Ok(ops::concat_all(vm, &[&sign, zeros, &digits])?.upcast())
}

fn expandtabs(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let size = match args {
        [Some(size)] => protocol::to_i64(vm, size)?,
        _ => 8,
    };
    if size > i64::from(i32::MAX) {
        return Err(vm.overflow_error("Python int too large to convert to C int"));
    }
    let size = usize::try_from(size).unwrap_or(0);
    let mut out = Vec::with_capacity(string.len());
    let mut column = 0;
    for c in string.chars() {
        match c {
            9 => {
                if size > 0 {
                    let spaces = size - column % size;
                    column += spaces;
                    if out.try_reserve(spaces).is_err() {
                        return Err(vm.no_memory());
                    }
                    out.extend(std::iter::repeat_n(u32::from(b' '), spaces));
                }
            }
            _ => {
                column = if matches!(c, 10 | 13) { 0 } else { column + 1 };
                out.push(c);
            }
        }
    }
    if out.len() == string.len() && string.chars().eq(out.iter().copied()) {
        return Ok(exact(vm, string)?.upcast());
    }
    Ok(vm.new_str_points(&out)?.upcast())
}

/// In a table of ASCII characters: one that has not been asked for, and one that goes away.
const UNKNOWN: u8 = 0xff;
const GONE: u8 = 0xfe;

/// Translates the beginning of an ASCII string as far as each character stays an ASCII character or goes away: the table is asked
/// once for each, as CPython does. Gives the number of characters done.
fn translate_ascii(vm: &Vm, text: &str, table: &Object, out: &mut TextBuilder) -> PyResult<usize> {
    let mut known = [UNKNOWN; 128];
    let mut made = Vec::with_capacity(text.len());
    let mut done = 0;
    for &c in text.as_bytes() {
        let mut to = known[usize::from(c)];
        if to == UNKNOWN {
            match translation(vm, table, c)? {
                Some(found) => to = found,
                None => break,
            }
            known[usize::from(c)] = to;
        }
        if to != GONE {
            made.push(to);
        }
        done += 1;
    }
    out.push_points(made.into_iter().map(u32::from));
    Ok(done)
}

/// The ASCII character for another one, GONE for None; nothing where it is something else.
fn translation(vm: &Vm, table: &Object, c: u8) -> PyResult<Option<u8>> {
    let key = vm.new_int(i64::from(c))?;
    let value = if let Some(dict) = table.downcast_exact::<Dict>() {
        dict.get(vm, &key)?
    } else {
        match protocol::get_item(vm, table, &key) {
            Ok(value) => Some(value),
            Err(raised) => vm.swallow(raised, &vm.exceptions.LookupError)?,
        }
    };
    let Some(value) = value else {
        return Ok(Some(c));
    };
    if vm.is_none(&value) {
        return Ok(Some(GONE));
    }
    let point = if let Some(text) = value.downcast::<Str>() {
        text.char_at(0).filter(|_| text.len() == 1)
    } else {
        value
            .downcast::<Int>()
            .and_then(Int::as_i64)
            .and_then(|n| u32::try_from(n).ok())
    };
    Ok(point
        .and_then(|p| u8::try_from(p).ok())
        .filter(u8::is_ascii))
}

fn translate(vm: &Vm, this: &Object, table: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let mut out = TextBuilder::new();
    let done = match string.as_ascii() {
        Some(text) => translate_ascii(vm, text, table, &mut out)?,
        None => 0,
    };
    for c in string.chars().skip(done) {
        let key = vm.new_int(i64::from(c))?;
        let value = match protocol::get_item(vm, table, &key) {
            Ok(value) => value,
            Err(raised) => {
                vm.swallow::<()>(raised, &vm.exceptions.LookupError)?;
                out.push_points([c]);
                continue;
            }
        };
        if vm.is_none(&value) {
            continue;
        }
        if let Some(text) = value.downcast::<Str>() {
            out.push_str(text);
        } else if let Some(int) = value.downcast::<Int>() {
            let point = int
                .as_i64()
                .and_then(|n| u32::try_from(n).ok())
                .filter(|n| *n < 0x11_0000);
            let Some(point) = point else {
                return Err(vm.value_error("character mapping must be in range(0x110000)"));
            };
            out.push_points([point]);
        } else {
            return Err(vm.type_error("character mapping must return integer, None or str"));
        }
    }
    Ok(out.finish(vm)?.upcast())
}

fn maketrans(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let table = vm.new_dict()?;
    let [x, rest @ ..] = args else {
        return Err(vm.system_error("maketrans without argument"));
    };
    let Some((y, z)) = rest.split_first() else {
        let Some(dict) = x.downcast::<Dict>() else {
            return Err(
                vm.type_error("if you give only one argument to maketrans it must be a dict")
            );
        };
        for (key, value) in dict.snapshot() {
            let key = if let Some(text) = key.downcast::<Str>() {
                match text.char_at(0) {
                    Some(c) if text.len() == 1 => vm.new_int(i64::from(c))?,
                    _ => {
                        return Err(
                            vm.value_error("string keys in translatetable must be of length 1")
                        );
                    }
                }
            } else if key.downcast::<Int>().is_some() {
                key
            } else {
                return Err(vm.type_error("keys in translate table mustbe strings or integers"));
            };
            protocol::set_item(vm, &table, &key, &value)?;
        }
        return Ok(table.upcast());
    };
    let y = text(vm, y, "maketrans", 2)?;
    let z = z.first().map(|z| text(vm, z, "maketrans", 3)).transpose()?;
    let Some(x) = x.downcast::<Str>() else {
        return Err(vm.type_error(
            "first maketrans argument must be a string if there is a second argument",
        ));
    };
    if x.len() != y.len() {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    for (from, to) in x.chars().zip(y.chars()) {
        protocol::set_item(
            vm,
            &table,
            &*vm.new_int(i64::from(from))?,
            &*vm.new_int(i64::from(to))?,
        )?;
    }
    for gone in z.into_iter().flat_map(Str::chars) {
        protocol::set_item(vm, &table, &*vm.new_int(i64::from(gone))?, vm.none())?;
    }
    Ok(table.upcast())
}

fn encode(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [encoding, errors] = args else {
        return Err(vm.system_error("encode: bad arguments"));
    };
    let encoding = super::text::argument_text(vm, *encoding, "encode", "encoding")?;
    let errors = super::text::argument_text(vm, *errors, "encode", "errors")?;
    crate::types::codec::encode(
        vm,
        receiver(vm, this)?,
        encoding.as_deref(),
        errors.as_deref(),
    )
}

fn format(vm: &Vm, this: &Object, spec: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let Some(spec) = spec.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "__format__() argument must be str, not {}",
            protocol::type_name(spec)
        )));
    };
    if spec.is_empty() {
        return Ok(protocol::str(vm, this)?.upcast());
    }
    Ok(crate::types::format::format_str(vm, string, spec)?.upcast())
}

fn getnewargs(vm: &Vm, this: &Object) -> PyResult {
    let copy = vm.new_str_points(&receiver::<Str>(vm, this)?.chars().collect::<Vec<u32>>())?;
    Ok(vm.new_tuple(vec![copy.upcast()])?.upcast())
}

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    vm.new_usize(this.own_size() + string.as_bytes().len())
}
