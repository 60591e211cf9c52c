//! `BufferedReader`, `BufferedWriter` and `BufferedRandom`: buffers over a raw file.
//!
//! All three share a layout: what has been read ahead (`input[at..end]`) and what has been written and not been passed on
//! (`output`).
//!
//! **Invariant.** Never both: before something is read, `output` is passed on; before something is written, the raw file is
//! moved back over what was read ahead. While one operation is on its way (`busy`), no other one may begin: those of
//! other threads wait.

mod pair;
mod read;
mod write;

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref, object_layout};

pub use pair::{SPEC as PAIR_SPEC, buffered_pair};

use super::base::{Ability, and_then_close, buffered_base, check};
use super::bytes_io::whence_argument;
use super::file_io::{self, FileIo};
use super::{
    DEFAULT_BUFFER_SIZE, attribute_is_true, file_type, no_args, one, one_or_two, uninitialized,
    unsupported, up_to_one,
};
use crate::args::Args;
use crate::native::bind::Parameters;
use crate::native::{GetSetDef, MethodDef};
use crate::object::{Dict, Inner, Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;
use crate::vm::threads::wait::WaitQueue;

/// A buffered file.
#[repr(C)]
pub struct Buffered {
    /// The header.
    pub head: Object,
    raw: Slot,
    life: Cell<Life>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    finalizing: Cell<bool>,
    /// The thread whose operation is on its way, 0 for none; and those that wait for its end.
    busy: Cell<u64>,
    waiting: WaitQueue,
    /// Bytes that each buffer holds at most.
    size: Cell<usize>,
    input: Inner<HVec<u8>>,
    at: Cell<usize>,
    end: Cell<usize>,
    output: Inner<HVec<u8>>,
}
object_layout!(
    Buffered = kinds::BUFFERED,
    traverse | this,
    visit | {
        this.raw.visit(visit);
    },
    clear | this | {
        this.life.set(Life::Detached);
        this.raw.set(None);
    }
);

/// Whether a file can be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Unborn,
    Ready,
    Detached,
}

/// One operation on its way.
struct Operation<'a>(&'a Buffered);

impl Drop for Operation<'_> {
    fn drop(&mut self) {
        self.0.busy.set(0);
        self.0.waiting.wake_one(false);
    }
}

const fn spec(
    name: &'static str,
    doc: &'static str,
    slots: fn(&crate::slots::Slots),
    methods: &'static [&'static [MethodDef]],
) -> TypeSpec {
    TypeSpec {
        name,
        module: "_io",
        doc,
        signature: SIGNATURE,
        traits: TypeTraits::BASE,
        slots,
        methods,
        getset: GETSET,
        ..TypeSpec::new(Buffered::layout, true)
    }
}

const SIGNATURE: &str = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)";

/// The type `io.BufferedReader`.
pub static READER: TypeSpec = spec(
    "BufferedReader",
    "Create a new buffered reader using the given readable raw IO object.",
    |s| {
        s.new.set(Some(new));
        s.init.set(Some(|vm, this, args| {
            init(vm, this, args, "BufferedReader")
        }));
        s.repr.set(Some(repr));
        s.next.set(Some(read::next));
    },
    &[
        &[no_args(
            "flush",
            |vm, this| {
                let raw = open(vm, this)?.raw(vm)?;
                protocol::call_method(vm, &raw, &vm.names.flush, &[])
            },
            "",
        )],
        COMMON,
        read::METHODS,
        super::NO_STATE,
    ],
);

/// The type `io.BufferedWriter`.
pub static WRITER: TypeSpec = spec(
    "BufferedWriter",
    "A buffer for a writeable sequential RawIO object.\n\nThe constructor creates a BufferedWriter for the given writeable raw\nstream. If the buffer_size is not given, it defaults to\nDEFAULT_BUFFER_SIZE.",
    |s| {
        s.new.set(Some(new));
        s.init.set(Some(|vm, this, args| {
            init(vm, this, args, "BufferedWriter")
        }));
        s.repr.set(Some(repr));
    },
    &[COMMON, write::METHODS, super::NO_STATE],
);

/// The type `io.BufferedRandom`.
pub static RANDOM: TypeSpec = spec(
    "BufferedRandom",
    "A buffered interface to random access streams.\n\nThe constructor creates a reader and writer for a seekable stream,\nraw, given in the first argument. If the buffer_size is omitted it\ndefaults to DEFAULT_BUFFER_SIZE.",
    |s| {
        s.new.set(Some(new));
        s.init.set(Some(|vm, this, args| {
            init(vm, this, args, "BufferedRandom")
        }));
        s.repr.set(Some(repr));
        s.next.set(Some(read::next));
    },
    &[COMMON, read::METHODS, write::METHODS, super::NO_STATE],
);

/// The type `io.BufferedReader`.
///
/// # Errors
/// MemoryError
pub fn reader(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &READER, &buffered_base(vm)?)
}

/// The type `io.BufferedWriter`.
///
/// # Errors
/// MemoryError
pub fn writer(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &WRITER, &buffered_base(vm)?)
}

/// The type `io.BufferedRandom`.
///
/// # Errors
/// MemoryError
pub fn random(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &RANDOM, &buffered_base(vm)?)
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    place_tracked(
        vm,
        Buffered {
            head: Object::new(ty.type_head_of()),
            raw: Slot::empty(),
            life: Cell::new(Life::Unborn),
            readable: Cell::new(false),
            writable: Cell::new(false),
            finalizing: Cell::new(false),
            busy: Cell::new(0),
            waiting: WaitQueue::default(),
            size: Cell::new(0),
            input: Inner::new(HVec::new_in(HeapAlloc)),
            at: Cell::new(0),
            end: Cell::new(0),
            output: Inner::new(HVec::new_in(HeapAlloc)),
        },
    )
}

/// The buffered file of a type over a raw file that fits it.
///
/// # Errors
/// MemoryError
pub fn over(
    vm: &Vm,
    ty: &Type,
    raw: &Object,
    (readable, writable): (bool, bool),
    size: usize,
) -> PyResult {
    let made = new(vm, ty, Args::positional(&[]))?;
    if let Some(file) = made.downcast::<Buffered>() {
        file.start(raw, (readable, writable), size);
    }
    Ok(made)
}

fn init(vm: &Vm, this: &Object, args: Args<'_>, kind: &'static str) -> PyResult<()> {
    let this = receiver::<Buffered>(vm, this)?;
    this.life.set(Life::Unborn);
    let bound = Parameters::of(SIGNATURE).bind(vm, kind, args)?;
    let [Some(raw), size] = bound[..] else {
        return Err(vm.system_error("a buffered file lost its arguments"));
    };
    let size = size.map_or(Ok(DEFAULT_BUFFER_SIZE as i64), |s| super::to_size(vm, s))?;
    let (readable, writable) = (kind != "BufferedWriter", kind != "BufferedReader");
    if readable && writable {
        check(vm, raw, Ability::Seek)?;
    }
    if readable {
        check(vm, raw, Ability::Read)?;
    }
    if writable {
        check(vm, raw, Ability::Write)?;
    }
    let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
        return Err(vm.value_error("buffer size must be strictly positive"));
    };
    if size > isize::MAX as usize / 2 {
        return Err(vm.no_memory());
    }
    this.start(raw, (readable, writable), size);
    Ok(())
}

fn open<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Buffered> {
    receiver::<Buffered>(vm, this)
}

/// The buffered file that an object is, if nothing in it can be overridden: no subclass, an empty `__dict__`.
#[inline]
pub fn plain(object: &Object) -> Option<&Buffered> {
    let file = object.downcast_exact::<Buffered>()?;
    match object.managed().and_then(|managed| managed.dict()) {
        None => Some(file),
        Some(dict) => dict.downcast::<Dict>()?.is_empty().then_some(file),
    }
}

impl Buffered {
    fn start(&self, raw: &Object, (readable, writable): (bool, bool), size: usize) {
        self.raw.set(Some(raw.to_ref()));
        self.readable.set(readable);
        self.writable.set(writable);
        self.size.set(size);
        self.forget();
        self.life.set(Life::Ready);
    }

    /// Drops what the buffers hold.
    pub fn forget(&self) {
        self.at.set(0);
        self.end.set(0);
        self.input.write(|input| *input = HVec::new_in(HeapAlloc));
        self.output
            .write(|output| *output = HVec::new_in(HeapAlloc));
    }

    /// The raw file.
    ///
    /// # Errors
    /// ValueError where there is none.
    pub fn raw(&self, vm: &Vm) -> PyResult {
        match self.raw.get() {
            Some(raw) if self.life.get() == Life::Ready => Ok(raw),
            _ => Err(self.unusable(vm)),
        }
    }

    #[cold]
    fn unusable(&self, vm: &Vm) -> Raised {
        match self.life.get() {
            Life::Detached => vm.value_error("raw stream has been detached"),
            _ => uninitialized(vm),
        }
    }

    /// Whether it is only read.
    pub fn is_reader(&self) -> bool {
        !self.writable.get()
    }

    /// Whether it is only written.
    pub fn is_writer(&self) -> bool {
        !self.readable.get()
    }

    /// Begins an operation, after those of other threads.
    ///
    /// # Errors
    /// RuntimeError where another one of this thread is on its way; what a signal handler raises.
    fn enter(&self, vm: &Vm) -> PyResult<Operation<'_>> {
        let me = vm.thread_number();
        if self.busy.get() == 0 || !vm.has_thread(self.busy.get()) {
            // A thread that is not here any more was in the middle of its operation when the process was copied.
            self.busy.set(me);
            return Ok(Operation(self));
        }
        let shown = || protocol::repr(vm, self).map(|shown| shown.to_text().into_owned());
        if self.busy.get() == me {
            return Err(vm.runtime_error(format!("reentrant call inside {}", shown()?)));
        }
        if vm.threads.ending() {
            return Err(vm.runtime_error(format!(
                "could not acquire lock for {} at interpreter shutdown, possibly due to daemon threads",
                shown()?
            )));
        }
        let take = |_| (self.busy.get() == 0).then(|| self.busy.set(me));
        self.waiting.until(vm, None, take)?;
        Ok(Operation(self))
    }

    /// Whether the raw file is closed.
    ///
    /// # Errors
    /// ValueError where there is none; what asking raises.
    pub fn is_closed(&self, vm: &Vm) -> PyResult<bool> {
        let raw = self.raw(vm)?;
        // An entry of the `__dict__` does not hide an attribute that is computed.
        match raw.downcast_exact::<FileIo>() {
            Some(raw) => Ok(raw.is_closed()),
            None => attribute_is_true(vm, &raw, &vm.names.closed),
        }
    }

    /// # Errors
    /// ValueError with this message for a closed file, unless something is left that was read ahead.
    fn check_open(&self, vm: &Vm, message: &str) -> PyResult<()> {
        if self.is_closed(vm)? && self.ahead() == 0 {
            return Err(vm.value_error(message));
        }
        Ok(())
    }

    /// Number of bytes that have been read ahead.
    #[inline]
    fn ahead(&self) -> usize {
        self.end.get() - self.at.get()
    }

    /// Number of bytes that wait to be passed on.
    #[inline]
    fn waiting(&self) -> usize {
        self.output.read(|output| output.len())
    }

    /// The position of the raw file.
    fn raw_tell(&self, vm: &Vm) -> PyResult<i64> {
        let raw = self.raw(vm)?;
        let at = match file_io::plain(vm, &raw) {
            Some(raw) => raw.seek(vm, 0, 1)?,
            None => {
                let at = protocol::call_method(vm, &raw, &vm.names.tell, &[])?;
                file_io::offset(vm, &at)?
            }
        };
        if at < 0 {
            return Err(vm.os_error(format!("Raw stream returned invalid position {at}")));
        }
        Ok(at)
    }

    /// Moves the raw file.
    fn raw_seek(&self, vm: &Vm, offset: i64, whence: i64) -> PyResult<i64> {
        let raw = self.raw(vm)?;
        let at = match file_io::plain(vm, &raw) {
            Some(raw) => raw.seek(vm, offset, whence as i32)?,
            None => {
                let (offset, whence) = (vm.new_int(offset)?, vm.new_int(whence)?);
                let at = protocol::call_method(vm, &raw, &vm.names.seek, &[&offset, &whence])?;
                file_io::offset(vm, &at)?
            }
        };
        if at < 0 {
            return Err(vm.os_error(format!("Raw stream returned invalid position {at}")));
        }
        Ok(at)
    }

    /// Passes on what was written, and moves the raw file back over what was read ahead.
    fn flush_and_rewind(&self, vm: &Vm) -> PyResult<()> {
        self.pass_on(vm)?;
        self.unread(vm)
    }

    /// Moves the raw file back over what was read ahead.
    fn unread(&self, vm: &Vm) -> PyResult<()> {
        let ahead = self.ahead();
        self.at.set(0);
        self.end.set(0);
        if ahead != 0 {
            self.raw_seek(vm, -(ahead as i64), 1)?;
        }
        Ok(())
    }

    /// Warns that the file is given up without having been closed.
    fn warn_lost(&self, vm: &Vm, source: &Object) -> PyResult<()> {
        if let Some(raw) = self.raw.get().filter(|_| self.life.get() == Life::Ready)
            && let Err(raised) = protocol::call_method(vm, &raw, &vm.names._dealloc_warn, &[source])
        {
            // A raw file of a script's own has no such method.
            drop(vm.take_raised(raised));
        }
        Ok(())
    }
}

/// Calls a method of the raw file.
fn forward(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let raw = open(vm, this)?.raw(vm)?;
    protocol::call_method(vm, &raw, name, &[])
}

const GETSET: &[GetSetDef] = &[
    super::DICT,
    GetSetDef::member(
        "raw",
        |vm, this| Ok(open(vm, this)?.raw.get().unwrap_or_else(|| vm.none_ref())),
        "",
    ),
    GetSetDef {
        member: true,
        ..GetSetDef::get_set(
            "_finalizing",
            |vm, this| Ok(vm.bool(open(vm, this)?.finalizing.get())),
            |vm, this, value| {
                let on = super::flag_value(vm, value)?;
                open(vm, this)?.finalizing.set(on);
                Ok(())
            },
            "",
        )
    },
    GetSetDef::get(
        "closed",
        |vm, this| {
            let raw = open(vm, this)?.raw(vm)?;
            protocol::get_attr(vm, &raw, &vm.names.closed)
        },
        "",
    ),
    GetSetDef::get(
        "name",
        |vm, this| {
            let raw = open(vm, this)?.raw(vm)?;
            protocol::get_attr(vm, &raw, &vm.names.name)
        },
        "",
    ),
    GetSetDef::get(
        "mode",
        |vm, this| {
            let raw = open(vm, this)?.raw(vm)?;
            protocol::get_attr(vm, &raw, &vm.names.mode)
        },
        "",
    ),
];

const COMMON: &[MethodDef] = &[
    no_args("detach", detach, ""),
    no_args("close", close, ""),
    no_args(
        "seekable",
        |vm, this| forward(vm, this, &vm.names.seekable),
        "",
    ),
    no_args("fileno", |vm, this| forward(vm, this, &vm.names.fileno), ""),
    no_args("isatty", |vm, this| forward(vm, this, &vm.names.isatty), ""),
    one(
        "_dealloc_warn",
        "($self, source, /)",
        |vm, this, source| {
            open(vm, this)?.warn_lost(vm, source)?;
            Ok(vm.none_ref())
        },
        "",
    ),
    one_or_two("seek", "($self, target, whence=0, /)", seek, ""),
    no_args("tell", tell, ""),
    up_to_one("truncate", "($self, pos=None, /)", truncate, ""),
    no_args("__sizeof__", size_of, ""),
];

fn size_of(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    let buffers = file.input.read(|b| b.capacity()) + file.output.read(|b| b.capacity());
    vm.new_usize(this.own_size() + buffers)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let kind = protocol::type_name(this);
    let name = match protocol::get_attr_opt(vm, this, &vm.names.name) {
        Ok(name) => name,
        Err(raised) => vm.swallow(raised, &vm.exceptions.ValueError)?,
    };
    let text = match name {
        None => format!("<{kind}>"),
        Some(name) => match vm.enter_repr(this) {
            Some(_guard) => format!("<{kind} name={}>", protocol::repr(vm, &name)?.to_text()),
            None => {
                return Err(vm.runtime_error(format!("reentrant call inside {kind}.__repr__")));
            }
        },
    };
    Ok(vm.new_str(&text)?.upcast())
}

fn detach(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    file.raw(vm)?;
    protocol::call_method(vm, this, &vm.names.flush, &[])?;
    let raw = file.raw(vm)?;
    file.life.set(Life::Detached);
    file.raw.set(None);
    file.forget();
    Ok(raw)
}

/// Closes a buffered file.
///
/// # Errors
/// Whatever flushing it or closing the raw file raises.
pub fn close(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    if file.is_closed(vm)? {
        return Ok(vm.none_ref());
    }
    if file.finalizing.get() {
        file.warn_lost(vm, this)?;
    }
    let flushed = match plain(this) {
        // What BufferedReader's does is nothing.
        Some(file) if !file.writable.get() && file_io::plain(vm, &*file.raw(vm)?).is_some() => {
            Ok(())
        }
        _ => protocol::call_method(vm, this, &vm.names.flush, &[]).map(drop),
    };
    let mut result = vm.none_ref();
    and_then_close(vm, flushed, || {
        let _operation = file.enter(vm)?;
        let raw = file.raw(vm)?;
        result = protocol::call_method(vm, &raw, &vm.names.close, &[])?;
        file.forget();
        Ok(())
    })?;
    Ok(result)
}

fn seek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let whence = whence_argument(vm, args)?;
    let file = open(vm, this)?;
    let raw = file.raw(vm)?;
    if !(0..=4).contains(&whence) {
        return Err(vm.value_error(format!("whence value {whence} unsupported")));
    }
    file.check_open(vm, "seek of closed file")?;
    match file_io::plain(vm, &raw) {
        Some(raw) if raw.is_seekable(vm)? => {}
        _ => check(vm, &raw, Ability::Seek)?,
    }
    let mut target = file_io::offset(vm, args[0])?;
    if file.ahead() != 0 && whence < 2 && file.readable.get() {
        // The place may be among what has been read ahead.
        let current = file.raw_tell(vm)? - file.ahead() as i64;
        let by = if whence == 0 {
            target - current
        } else {
            target
        };
        let inside = by >= -(file.at.get() as i64) && by <= file.ahead() as i64;
        if inside {
            let at = file.at.get().saturating_add_signed(by as isize);
            file.at.set(at.min(file.end.get()));
            // Some devices have no position and tell 0 always.
            return vm.new_int((current + by).max(0));
        }
    }
    let _operation = file.enter(vm)?;
    file.pass_on(vm)?;
    if whence == 1 {
        target -= file.ahead() as i64;
    }
    let at = file.raw_seek(vm, target, whence)?;
    file.at.set(0);
    file.end.set(0);
    vm.new_int(at)
}

fn tell(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    let at = file.raw_tell(vm)?;
    let at = at - file.ahead() as i64 + file.waiting() as i64;
    vm.new_int(at.max(0))
}

fn truncate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let file = open(vm, this)?;
    let raw = file.raw(vm)?;
    file.check_open(vm, "truncate of closed file")?;
    if !file.writable.get() {
        return Err(unsupported(vm, "truncate"));
    }
    let _operation = file.enter(vm)?;
    file.flush_and_rewind(vm)?;
    match args.first() {
        Some(size) => protocol::call_method(vm, &raw, &vm.names.truncate, &[size]),
        None => protocol::call_method(vm, &raw, &vm.names.truncate, &[vm.none()]),
    }
}

/// The raw file, where its functions may be called directly.
fn direct<'a>(vm: &Vm, raw: &'a Object) -> Option<&'a FileIo> {
    file_io::plain(vm, raw)
}
