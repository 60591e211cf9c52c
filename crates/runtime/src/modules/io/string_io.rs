//! `StringIO`: a text file in memory.

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref, object_layout};

use super::base::text_base;
use super::bytes_io::{dict_copy, update_dict, whence_argument};
use super::newline::{LineEnd, Newlines};
use super::{
    file_type, no_args, one, one_or_two, size_argument, to_size, uninitialized, up_to_one,
};
use crate::args::Args;
use crate::native::bind::Parameters;
use crate::native::{GetSetDef, MethodDef};
use crate::object::{Dict, Inner, Int, Slot, Str, StrData, Tuple, Type, TypeTraits, kinds};
use crate::protocol::type_name;
use crate::result::{PyResult, Raised};
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The characters: a byte each as long as all are below U+0100.
enum Store {
    Narrow(HVec<u8>),
    Wide(HVec<u32>),
}

impl Store {
    fn empty() -> Store {
        Store::Narrow(HVec::new_in(HeapAlloc))
    }

    fn len(&self) -> usize {
        match self {
            Store::Narrow(data) => data.len(),
            Store::Wide(data) => data.len(),
        }
    }

    fn slice(&self, vm: &Vm, start: usize, end: usize) -> PyResult<Ref<Str>> {
        match self {
            Store::Narrow(data) => {
                let part = data.get(start..end).unwrap_or_default();
                match part {
                    [] => Ok(vm.empty_str.clone()),
                    [c] => vm.new_char(u32::from(*c)),
                    _ => Str::place_latin1(vm, &vm.types.str, part),
                }
            }
            Store::Wide(data) => vm.new_str_points(data.get(start..end).unwrap_or_default()),
        }
    }

    fn widen(&mut self) -> bool {
        let Store::Narrow(data) = self else {
            return true;
        };
        let mut wide = HVec::new_in(HeapAlloc);
        if wide.try_reserve(data.len()).is_err() {
            return false;
        }
        wide.extend(data.iter().map(|c| u32::from(*c)));
        *self = Store::Wide(wide);
        true
    }

    /// Writes a string at a place; false where there is no memory.
    fn write(&mut self, at: usize, text: &Str) -> bool {
        match (&mut *self, text.data()) {
            (Store::Narrow(data), StrData::One(bytes)) => put(data, at, bytes.iter().copied()),
            (Store::Wide(data), _) => put(data, at, text.chars()),
            (Store::Narrow(_), _) => self.widen() && self.write(at, text),
        }
    }

    fn truncate(&mut self, size: usize) {
        match self {
            Store::Narrow(data) => data.truncate(size),
            Store::Wide(data) => data.truncate(size),
        }
    }

    fn line_end(&self, end: LineEnd, start: usize) -> Option<usize> {
        match self {
            Store::Narrow(data) => end.find(StrData::One(data), start),
            Store::Wide(data) => end.find(StrData::Four(data), start),
        }
    }
}

/// Writes over and behind what is there; zeros fill a gap before it.
fn put<T: Copy + Default>(
    data: &mut HVec<T>,
    at: usize,
    items: impl ExactSizeIterator<Item = T>,
) -> bool {
    let Some(end) = at
        .checked_add(items.len())
        .filter(|end| *end < isize::MAX as usize / 4)
    else {
        return false;
    };
    if end > data.len() {
        let more = end - data.len();
        if data.try_reserve(more).is_err() {
            return false;
        }
        if at >= data.len() {
            data.resize(at, T::default());
            data.extend(items);
            return true;
        }
        data.resize(end, T::default());
    }
    for (place, item) in data.iter_mut().skip(at).zip(items) {
        *place = item;
    }
    true
}

/// A `StringIO`.
#[repr(C)]
pub struct StringIo {
    /// The header.
    pub head: Object,
    text: Inner<Store>,
    at: Cell<usize>,
    state: Cell<Life>,
    /// The argument `newline=`.
    newline: Slot<Str>,
    line_end: Cell<LineEnd>,
    /// Whether `\r` and `\r\n` are recognised, and what has been seen of them.
    universal: Cell<bool>,
    newlines: Newlines,
}
object_layout!(
    StringIo = kinds::STRING_IO,
    traverse | this,
    visit | {
        this.newline.visit(visit);
    }
);

/// Whether a file can be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Unborn,
    Open,
    Closed,
}

/// The type `io.StringIO`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "StringIO",
    module: "_io",
    doc: "Text I/O implementation using an in-memory buffer.\n\nThe initial_value argument sets the value of object.  The newline\nargument is like the one of TextIOWrapper's constructor.",
    signature: "(initial_value='', newline='\\n')",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    getset: &[
        super::DICT,
        GetSetDef::get(
            "closed",
            |vm, this| {
                let state = receiver::<StringIo>(vm, this)?.state.get();
                match state {
                    Life::Unborn => Err(uninitialized(vm)),
                    _ => Ok(vm.bool(state == Life::Closed)),
                }
            },
            "",
        ),
        GetSetDef::get(
            "newlines",
            |vm, this| {
                let file = open(vm, this)?;
                if file.universal.get() {
                    file.newlines.seen(vm)
                } else {
                    Ok(vm.none_ref())
                }
            },
            "Line endings translated so far.\n\nOnly line endings translated during reading are considered.\n\nSubclasses should override.\n",
        ),
        GetSetDef::get(
            "line_buffering",
            |vm, this| {
                open(vm, this)?;
                Ok(vm.bool(false))
            },
            "",
        ),
    ],
    ..TypeSpec::new(StringIo::layout, true)
};

/// The type `io.StringIO`.
///
/// # Errors
/// MemoryError
pub fn string_io(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &SPEC, &text_base(vm)?)
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    place_tracked(
        vm,
        StringIo {
            head: Object::new(ty.type_head_of()),
            text: Inner::new(Store::empty()),
            at: Cell::new(0),
            state: Cell::new(Life::Unborn),
            newline: Slot::empty(),
            line_end: Cell::new(LineEnd::Lf),
            universal: Cell::new(false),
            newlines: Newlines::default(),
        },
    )
}

/// The argument `newline=`: None, "", "\n", "\r" or "\r\n". `quoted` says how the message shows another one.
///
/// # Errors
/// TypeError; ValueError: "illegal newline value: 'x'"
pub fn newline_argument(
    vm: &Vm,
    newline: Option<&Object>,
    quoted: bool,
) -> PyResult<Option<Ref<Str>>> {
    let Some(newline) = newline.filter(|newline| !vm.is_none(newline)) else {
        return Ok(None);
    };
    let Some(text) = newline.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "newline must be str or None, not {}",
            type_name(newline)
        )));
    };
    if !matches!(&*text.to_text(), "" | "\n" | "\r" | "\r\n") {
        let shown = if quoted {
            crate::protocol::repr(vm, newline)?
        } else {
            Ref::of(text)
        };
        return Err(vm.value_error(format!("illegal newline value: {}", shown.to_text())));
    }
    Ok(Some(Ref::of(text)))
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let this = receiver::<StringIo>(vm, this)?;
    let bound = Parameters::of("(initial_value='', newline='\\n')").bind(vm, "StringIO", args)?;
    let [initial, newline] = bound[..] else {
        return Err(vm.system_error("StringIO: bad arguments"));
    };
    let newline = match newline {
        Some(newline) => newline_argument(vm, Some(newline), true)?,
        None => Some(vm.new_char(u32::from(b'\n'))?),
    };
    let initial = match initial.filter(|initial| !vm.is_none(initial)) {
        Some(initial) => match initial.downcast::<Str>() {
            Some(text) => Some(text),
            None => {
                return Err(vm.type_error(format!(
                    "initial_value must be str or None, not {}",
                    type_name(initial)
                )));
            }
        },
        None => None,
    };
    this.configure(newline);
    this.state.set(Life::Open);
    if let Some(initial) = initial {
        this.write(vm, initial)?;
    }
    this.at.set(0);
    Ok(())
}

fn open<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a StringIo> {
    let this = receiver::<StringIo>(vm, this)?;
    match this.state.get() {
        Life::Open => Ok(this),
        state => Err(unusable(vm, state)),
    }
}

#[cold]
fn unusable(vm: &Vm, state: Life) -> Raised {
    match state {
        Life::Unborn => uninitialized(vm),
        _ => vm.value_error("I/O operation on closed file"),
    }
}

impl StringIo {
    /// Empties the file and sets how it treats line ends.
    fn configure(&self, newline: Option<Ref<Str>>) {
        let text = newline.as_ref().map(|n| n.to_text().into_owned());
        self.line_end.set(LineEnd::of(text.as_deref()));
        self.universal
            .set(text.as_deref().is_none_or(str::is_empty));
        self.newlines.reset();
        self.newlines.translate.set(text.is_none());
        self.newline.set(newline);
        self.at.set(0);
        self.text.write(|text| *text = Store::empty());
    }

    fn write(&self, vm: &Vm, text: &Str) -> PyResult<()> {
        if text.is_empty() {
            return Ok(());
        }
        let mut text = Ref::of(text);
        if self.universal.get() {
            text = self.newlines.take(vm, text, true)?;
        }
        let end: &[u32] = match self.line_end.get() {
            LineEnd::Cr => &[0x0d],
            LineEnd::CrLf => &[0x0d, 0x0a],
            _ => &[],
        };
        if !end.is_empty() {
            let mut points = Vec::with_capacity(text.len() + 8);
            for c in text.chars() {
                if c == 0x0a {
                    points.extend_from_slice(end);
                } else {
                    points.push(c);
                }
            }
            text = vm.new_str_points(&points)?;
        }
        let at = self.at.get();
        if !self.text.write(|store| store.write(at, &text)) {
            return Err(vm.no_memory());
        }
        self.at.set(at + text.len());
        Ok(())
    }

    fn line(&self, vm: &Vm, limit: Option<usize>) -> PyResult<Ref<Str>> {
        let (start, len) = (self.at.get(), self.text.read(Store::len));
        if start >= len {
            return Ok(vm.empty_str.clone());
        }
        let found = self
            .text
            .read(|text| text.line_end(self.line_end.get(), start));
        let end = found.unwrap_or(len);
        let end = match limit {
            Some(limit) => end.min(start.saturating_add(limit)),
            None => end,
        };
        self.at.set(end);
        self.slice(vm, start, end)
    }

    /// Making a string runs no Python code.
    fn slice(&self, vm: &Vm, start: usize, end: usize) -> PyResult<Ref<Str>> {
        self.text.read(|text| text.slice(vm, start, end))
    }

    fn value(&self, vm: &Vm) -> PyResult<Ref<Str>> {
        self.slice(vm, 0, self.text.read(Store::len))
    }
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let file = open(vm, this)?;
    if this.is_exact::<StringIo>() {
        let line = file.line(vm, None)?;
        return Ok((!line.is_empty()).then(|| line.upcast()));
    }
    let line = crate::protocol::call_method(vm, this, &vm.names.readline, &[])?;
    match line.downcast::<Str>() {
        Some(text) => Ok((!text.is_empty()).then(|| line.clone())),
        None => Err(vm.os_error(format!(
            "readline() should have returned a str object, not '{}'",
            type_name(&line)
        ))),
    }
}

/// Whether a file is a `StringIO` in which nothing can be overridden.
#[inline]
pub fn plain(file: &Object) -> bool {
    file.is_exact::<StringIo>()
        && file
            .managed()
            .and_then(|managed| managed.dict())
            .is_none_or(|dict| dict.downcast::<Dict>().is_some_and(Dict::is_empty))
}

/// Writes a string to a `StringIO`.
///
/// # Errors
/// ValueError for a closed file; MemoryError
pub fn write_text(vm: &Vm, this: &Object, text: &Str) -> PyResult<()> {
    open(vm, this)?.write(vm, text)
}

const METHODS: &[MethodDef] = &[
    no_args(
        "close",
        |vm, this| {
            let file = receiver::<StringIo>(vm, this)?;
            file.state.set(Life::Closed);
            file.text.write(|text| *text = Store::empty());
            Ok(vm.none_ref())
        },
        "Close the IO object.\n\nAttempting any further operation after the object is closed\nwill raise a ValueError.\n\nThis method has no effect if the file is already closed.",
    ),
    no_args(
        "getvalue",
        |vm, this| Ok(open(vm, this)?.value(vm)?.upcast()),
        "Retrieve the entire contents of the object.",
    ),
    up_to_one(
        "read",
        "($self, size=-1, /)",
        read,
        "Read at most size characters, returned as a string.\n\nIf the argument is negative or omitted, read until EOF\nis reached. Return an empty string at EOF.",
    ),
    up_to_one(
        "readline",
        "($self, size=-1, /)",
        |vm, this, args| {
            let size = size_argument(vm, args.first().copied())?;
            Ok(open(vm, this)?
                .line(vm, usize::try_from(size).ok())?
                .upcast())
        },
        "Read until newline or EOF.\n\nReturns an empty string if EOF is hit immediately.",
    ),
    no_args(
        "tell",
        |vm, this| vm.new_usize(open(vm, this)?.at.get()),
        "Tell the current file position.",
    ),
    up_to_one(
        "truncate",
        "($self, pos=None, /)",
        truncate,
        "Truncate size to pos.\n\nThe pos argument defaults to the current file position, as\nreturned by tell().  The current file position is unchanged.\nReturns the new absolute position.",
    ),
    one_or_two(
        "seek",
        "($self, pos, whence=0, /)",
        seek,
        "Change stream position.\n\nSeek to character offset pos relative to position indicated by\nwhence:\n    0  Start of stream (the default).  pos should be >= 0;\n    1  Current position - pos must be 0;\n    2  End of stream - pos must be 0.\nReturns the new absolute position.",
    ),
    one(
        "write",
        "($self, s, /)",
        |vm, this, text| {
            let Some(text) = text.downcast::<Str>() else {
                return Err(vm.type_error(format!(
                    "string argument expected, got '{}'",
                    type_name(text)
                )));
            };
            open(vm, this)?.write(vm, text)?;
            vm.new_usize(text.len())
        },
        "Write string to file.\n\nReturns the number of characters written, which is always equal to\nthe length of the string.",
    ),
    no_args(
        "seekable",
        yes,
        "Returns True if the IO object can be seeked.",
    ),
    no_args(
        "readable",
        yes,
        "Returns True if the IO object can be read.",
    ),
    no_args(
        "writable",
        yes,
        "Returns True if the IO object can be written.",
    ),
    no_args("__getstate__", get_state, ""),
    one("__setstate__", "($self, state, /)", set_state, ""),
];

fn yes(vm: &Vm, this: &Object) -> PyResult {
    open(vm, this)?;
    Ok(vm.bool(true))
}

fn read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size_argument(vm, args.first().copied())?;
    let file = open(vm, this)?;
    let (start, len) = (file.at.get(), file.text.read(Store::len));
    let count = usize::try_from(size).unwrap_or(usize::MAX);
    let end = start.saturating_add(count).min(len);
    if start >= end {
        return Ok(vm.empty_str.clone().upcast());
    }
    file.at.set(end);
    Ok(file.slice(vm, start, end)?.upcast())
}

fn truncate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let file = open(vm, this)?;
    let size = match args.first().filter(|size| !vm.is_none(size)) {
        Some(size) => to_size(vm, size)?,
        None => file.at.get() as i64,
    };
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.value_error(format!("Negative size value {size}")));
    };
    file.text.write(|text| text.truncate(size));
    vm.new_usize(size)
}

fn seek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let offset = to_size(vm, args[0])?;
    let whence = whence_argument(vm, args)?;
    let file = open(vm, this)?;
    let to = match whence {
        0 if offset < 0 => return Err(vm.value_error(format!("Negative seek position {offset}"))),
        0 => offset as usize,
        1 | 2 if offset != 0 => return Err(vm.os_error("Can't do nonzero cur-relative seeks")),
        1 => file.at.get(),
        2 => file.text.read(Store::len),
        _ => {
            return Err(vm.value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    file.at.set(to);
    vm.new_usize(to)
}

fn get_state(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    let value = file.value(vm)?;
    let newline = file
        .newline
        .get()
        .map_or_else(|| vm.none_ref(), Ref::upcast);
    let at = vm.new_usize(file.at.get())?;
    let dict = dict_copy(vm, this)?;
    Ok(vm.tuple_of(&[&value.head, &newline, &at, &dict])?.upcast())
}

fn set_state(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let file = receiver::<StringIo>(vm, this)?;
    if file.state.get() == Life::Closed {
        return Err(unusable(vm, Life::Closed));
    }
    let parts = state.downcast::<Tuple>().map(Tuple::as_slice);
    let Some([value, newline, at, dict, ..]) = parts else {
        return Err(vm.type_error(format!(
            "_io.StringIO.__setstate__ argument should be 4-tuple, got {}",
            type_name(state)
        )));
    };
    let newline = newline_argument(vm, Some(newline), true)?;
    let value = match value.downcast::<Str>() {
        Some(text) => Some(text),
        None if vm.is_none(value) => None,
        None => {
            return Err(vm.type_error(format!(
                "initial_value must be str or None, not {}",
                type_name(value)
            )));
        }
    };
    file.configure(newline);
    file.state.set(Life::Open);
    // The value is what had been translated already: it is taken as it is.
    if let Some(value) = value
        && !file.text.write(|text| text.write(0, value))
    {
        return Err(vm.no_memory());
    }
    if at.downcast::<Int>().is_none() {
        return Err(vm.type_error(format!(
            "third item of state must be an integer, got {}",
            type_name(at)
        )));
    }
    let Ok(at) = usize::try_from(to_size(vm, at)?) else {
        return Err(vm.value_error("position value cannot be negative"));
    };
    file.at.set(at);
    update_dict(vm, this, dict, "fourth")?;
    Ok(vm.none_ref())
}
