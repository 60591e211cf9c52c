//! `re.Pattern`: a compiled regular expression.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Bytes, Dict, List, Str, Tuple, Type, TypeTraits};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::buffer::with_bytes;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::types::{iterators, mapping_proxy, str};
use viv_runtime::{
    CompareOp, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::engine::{self, Found, Mode, Scope};
use super::sets::Sets;
use super::{matched, replace, scanner, validate};
use crate::kinds;

/// A `re.Pattern`.
#[repr(C)]
pub struct Pattern {
    /// The header.
    pub head: Object,
    /// The source: a string, bytes, or None.
    pub source: Ref,
    /// The flags.
    pub flags: i64,
    /// How many groups there are.
    pub groups: usize,
    /// The groups' numbers by their names.
    pub group_index: Ref<Dict>,
    /// The groups' names by their numbers.
    pub names: Ref<Tuple>,
    /// The program.
    code: Box<[u32]>,
    /// What its sets say.
    sets: Sets,
    /// Whether the source is bytes; nothing where there is no source.
    bytes: Option<bool>,
    weakrefs: Cell<*const Object>,
}
object_layout!(
    Pattern = kinds::SRE_PATTERN,
    traverse | this,
    visit | {
        visit.visit(&this.source);
        visit.visit(this.group_index.as_object());
        visit.visit(this.names.as_object());
    },
    clear | _this | {}
);

static SPEC: TypeSpec = TypeSpec {
    name: "Pattern",
    module: "re",
    doc: "Compiled regular expression object.",
    traits: TypeTraits::NO_NEW,
    weaklist_offset: std::mem::offset_of!(Pattern, weakrefs) as u32,
    slots: |s| {
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
    },
    methods: &[METHODS, super::IMMUTABLE],
    getset: &[
        GetSetDef::member(
            "pattern",
            |vm, this| Ok(own(vm, this)?.source.clone()),
            "The pattern string from which the RE object was compiled.",
        ),
        GetSetDef::member(
            "flags",
            |vm, this| vm.new_int(own(vm, this)?.flags),
            "The regex matching flags.",
        ),
        GetSetDef::member(
            "groups",
            |vm, this| vm.new_usize(own(vm, this)?.groups),
            "The number of capturing groups in the pattern.",
        ),
        GetSetDef::get(
            "groupindex",
            |vm, this| mapping_proxy::new(vm, own(vm, this)?.group_index.as_object()),
            "A dictionary mapping group names to group numbers.",
        ),
    ],
    ..TypeSpec::new(Pattern::layout, true)
};

const STRING: &str = "($self, /, string, pos=0, endpos=sys.maxsize)";

const fn bound(
    name: &'static str,
    signature: &'static str,
    call: fn(&Vm, &Object, &[Option<&Object>]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, signature, NativeCall::Bound(call), doc)
}

const METHODS: &[MethodDef] = &[
    bound(
        "match",
        STRING,
        |vm, this, args| once(vm, this, args, Mode::Match),
        "Matches zero or more characters at the beginning of the string.",
    ),
    bound(
        "fullmatch",
        STRING,
        |vm, this, args| once(vm, this, args, Mode::FullMatch),
        "Matches against all of the string.",
    ),
    bound(
        "search",
        STRING,
        |vm, this, args| once(vm, this, args, Mode::Search),
        "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches.",
    ),
    bound(
        "findall",
        STRING,
        find_all,
        "Return a list of all non-overlapping matches of pattern in string.",
    ),
    bound(
        "finditer",
        STRING,
        |vm, this, args| {
            let made = scanner::make(vm, this, args)?;
            let search = protocol::get_attr_str(vm, &made, "search")?;
            iterators::callable_iterator(vm, &search, vm.none())
        },
        "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object.",
    ),
    bound("scanner", STRING, scanner::make, ""),
    bound(
        "split",
        "($self, /, string, maxsplit=0)",
        replace::split,
        "Split string by the occurrences of pattern.",
    ),
    bound(
        "sub",
        "($self, /, repl, string, count=0)",
        replace::sub,
        "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.",
    ),
    bound(
        "subn",
        "($self, /, repl, string, count=0)",
        replace::subn,
        "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.",
    ),
];

/// The type `re.Pattern`.
pub fn pattern_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Pattern> {
    receiver(vm, this)
}

/// `_sre.compile(…)`
pub fn compile(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let &[
        Some(source),
        Some(flags),
        Some(code),
        Some(groups),
        Some(group_index),
        Some(names),
    ] = args
    else {
        return Ok(vm.none_ref());
    };
    let wrong = |place: u32, name: &str, wanted: &str, given: &Object| {
        vm.type_error(format!(
            "compile() argument '{name}' (pos {place}) must be {wanted}, not {}",
            protocol::type_name(given)
        ))
    };
    let Some(code) = code.downcast::<List>() else {
        return Err(wrong(3, "code", "list", code));
    };
    let Some(group_index) = group_index.downcast::<Dict>() else {
        return Err(wrong(5, "groupindex", "dict", group_index));
    };
    let Some(names) = names.downcast::<Tuple>() else {
        return Err(wrong(6, "indexgroup", "tuple", names));
    };
    let (flags, groups) = (protocol::to_i64(vm, flags)?, protocol::to_i64(vm, groups)?);
    let mut words = Vec::with_capacity(code.len());
    for item in code.snapshot() {
        let word = u32::try_from(protocol::to_i64(vm, &item)?)
            .map_err(|_| vm.overflow_error("regular expression code size limit exceeded"))?;
        words.push(word);
    }
    let bytes = if vm.is_none(source) {
        None
    } else if source.downcast::<Str>().is_some() {
        Some(false)
    } else {
        buffer_len(vm, source)?;
        Some(true)
    };
    let groups = usize::try_from(groups).unwrap_or(0);
    if !validate::is_valid(&words, groups) {
        return Err(vm.runtime_error("invalid SRE code"));
    }
    let ty = pattern_type(vm)?;
    place_tracked(
        vm,
        Pattern {
            head: Object::new(ty.type_head_of()),
            source: source.to_ref(),
            flags,
            groups,
            group_index: Ref::of(group_index),
            names: Ref::of(names),
            code: words.into(),
            sets: Sets::default(),
            bytes,
            weakrefs: Cell::new(std::ptr::null()),
        },
    )
}

/// The length of a subject that is no string.
fn buffer_len(vm: &Vm, subject: &Object) -> PyResult<usize> {
    with_bytes(vm, subject, <[u8]>::len)?.ok_or_else(|| {
        vm.type_error(format!(
            "expected string or bytes-like object, got '{}'",
            protocol::type_name(subject)
        ))
    })
}

impl Pattern {
    /// Checks that the subject is of the pattern's kind; its length.
    ///
    /// # Errors
    /// TypeError
    pub fn subject_len(&self, vm: &Vm, subject: &Object) -> PyResult<usize> {
        if let Some(text) = subject.downcast::<Str>() {
            if self.bytes == Some(true) {
                return Err(vm.type_error("cannot use a bytes pattern on a string-like object"));
            }
            return Ok(text.len());
        }
        let len = buffer_len(vm, subject)?;
        if self.bytes == Some(false) {
            return Err(vm.type_error("cannot use a string pattern on a bytes-like object"));
        }
        Ok(len)
    }

    /// The positions that a call gives, within the subject.
    ///
    /// # Errors
    /// TypeError
    pub fn scope(
        &self,
        vm: &Vm,
        subject: &Object,
        start: Option<&Object>,
        end: Option<&Object>,
    ) -> PyResult<Scope<'_>> {
        let place = |given: Option<&Object>, default: i64| match given {
            Some(given) => protocol::to_isize_clamped(vm, given),
            None => Ok(default),
        };
        let (start, end) = (place(start, 0)?, place(end, i64::MAX)?);
        let len = self.subject_len(vm, subject)?;
        let within = |n: i64| usize::try_from(n).unwrap_or(0).min(len);
        Ok(self.scope_of(within(start), within(end)))
    }

    /// A view that keeps a changeable subject as it is for as long as it lives; nothing for strings and bytes.
    ///
    /// # Errors
    /// MemoryError
    pub fn hold(vm: &Vm, subject: &Object) -> PyResult<Option<Ref>> {
        if subject.downcast::<Str>().is_some() || subject.downcast::<Bytes>().is_some() {
            return Ok(None);
        }
        protocol::call_one(vm, &vm.types.memoryview.head, subject).map(Some)
    }

    /// The scope between two positions.
    pub fn scope_of(&self, start: usize, end: usize) -> Scope<'_> {
        Scope {
            code: &self.code,
            sets: &self.sets,
            groups: self.groups,
            start,
            end,
            must_advance: false,
        }
    }
}

fn once(vm: &Vm, this: &Object, args: &[Option<&Object>], mode: Mode) -> PyResult {
    let pattern = own(vm, this)?;
    let &[Some(subject), start, end] = args else {
        return Ok(vm.none_ref());
    };
    let scope = pattern.scope(vm, subject, start, end)?;
    match engine::once(vm, subject, scope, mode)? {
        Some(found) => matched::make(vm, pattern, subject, scope.start, scope.end, found),
        None => Ok(vm.none_ref()),
    }
}

fn find_all(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let pattern = own(vm, this)?;
    let &[Some(subject), start, end] = args else {
        return Ok(vm.none_ref());
    };
    let scope = pattern.scope(vm, subject, start, end)?;
    let group = |found: &Found, n: usize| {
        let (start, end) = found.groups.get(n).copied().flatten().unwrap_or((0, 0));
        matched::part(vm, subject, start, end)
    };
    let mut items = Vec::new();
    for found in engine::all(vm, subject, scope, 0)? {
        items.push(match pattern.groups {
            0 => matched::part(vm, subject, found.span.0, found.span.1)?,
            1 => group(&found, 0)?,
            n => {
                let parts = (0..n)
                    .map(|i| group(&found, i))
                    .collect::<PyResult<Vec<Ref>>>()?;
                vm.new_tuple(parts)?.upcast()
            }
        });
    }
    Ok(vm.new_list(items)?.upcast())
}

const FLAGS: [(i64, &str); 7] = [
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];
const UNICODE: i64 = 32;
const LOCALE_UNICODE_ASCII: i64 = 4 | UNICODE | 256;

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let pattern = own(vm, this)?;
    let mut flags = pattern.flags;
    if pattern.bytes == Some(false) && flags & LOCALE_UNICODE_ASCII == UNICODE {
        flags &= !UNICODE;
    }
    let mut names = Vec::new();
    for (flag, name) in FLAGS {
        if flags & flag != 0 {
            names.push(name.to_owned());
            flags &= !flag;
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    let source = protocol::repr(vm, &pattern.source)?;
    let shown = str::ops::slice(vm, &source, 0, source.len().min(200))?;
    let mut out = TextBuilder::new();
    out.push("re.compile(");
    out.push_str(&shown);
    if !names.is_empty() {
        out.push(", ");
        out.push(&names.join("|"));
    }
    out.push(")");
    Ok(out.finish(vm)?.upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let pattern = own(vm, this)?;
    let source = protocol::hash(vm, &pattern.source)?;
    let mut value = source ^ pattern.flags ^ (pattern.groups as i64) << 8;
    for word in &pattern.code {
        value = value.wrapping_mul(31).wrapping_add(i64::from(*word));
    }
    // -1 stands for an error with CPython's hashes.
    Ok(if value == -1 { -2 } else { value })
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Pattern>(), b.downcast::<Pattern>()) else {
        return Ok(vm.not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let equal = a.is(b)
        || (x.flags == y.flags
            && x.bytes == y.bytes
            && x.code == y.code
            && protocol::compare_eq(vm, &x.source, &y.source)?);
    Ok(vm.bool(equal == (op == CompareOp::Eq)))
}
