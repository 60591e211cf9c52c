//! `FileIO`: a file by its descriptor, without any buffer.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref, object_layout};
use viv_host::fd::{self, OpenFlags};

use super::base::{and_then_close, raw_base};
use super::bytes_io::whence_argument;
use super::{
    file_type, buffer_size, fill_buffer, no_args, one, one_or_two, size_argument, system, unsupported, up_to_one,
};
use crate::args::Args;
use crate::native::bind::Parameters;
use crate::native::{GetSetDef, MethodDef};
use crate::object::{Dict, Int, Str, Type, TypeTraits, kinds};
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
use crate::types::buffer::require_bytes;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `FileIO`.
#[repr(C)]
pub struct FileIo {
    /// The header.
    pub head: Object,
    /// The descriptor, below zero where it is closed.
    pub fd: Cell<i32>,
    mode: Cell<Mode>,
    close_fd: Cell<bool>,
    seekable: Cell<Option<bool>>,
    finalizing: Cell<bool>,
    /// The bytes that are best read or written at once; 0 where nobody knows.
    pub block_size: Cell<usize>,
}
object_layout!(FileIo = kinds::FILE_IO);

/// How a file was opened.
#[derive(Clone, Copy, Default)]
pub struct Mode {
    /// It may be read.
    pub readable: bool,
    /// It may be written.
    pub writable: bool,
    created: bool,
    appending: bool,
}

impl Mode {
    /// # Errors
    /// ValueError
    fn parse(vm: &Vm, text: &str) -> PyResult<(Mode, OpenFlags)> {
        let mut mode = Mode::default();
        let mut flags = OpenFlags::O_CLOEXEC;
        let (mut kinds, mut plus) = (0, 0);
        for c in text.chars() {
            match c {
                'x' => {
                    mode.created = true;
                    flags |= OpenFlags::O_EXCL | OpenFlags::O_CREAT;
                }
                'r' => mode.readable = true,
                'w' => flags |= OpenFlags::O_CREAT | OpenFlags::O_TRUNC,
                'a' => {
                    mode.appending = true;
                    flags |= OpenFlags::O_APPEND | OpenFlags::O_CREAT;
                }
                'b' => continue,
                '+' => {
                    plus += 1;
                    continue;
                }
                _ => return Err(vm.value_error(format!("invalid mode: {text}"))),
            }
            mode.writable |= c != 'r';
            kinds += 1;
        }
        if kinds != 1 || plus > 1 {
            return Err(vm.value_error(
                "Must have exactly one of create/read/write/append mode and at most one plus",
            ));
        }
        if plus == 1 {
            mode.readable = true;
            mode.writable = true;
        }
        flags |= match (mode.readable, mode.writable) {
            (true, true) => OpenFlags::O_RDWR,
            (true, false) => OpenFlags::O_RDONLY,
            _ => OpenFlags::O_WRONLY,
        };
        Ok((mode, flags))
    }

    /// The attribute `mode`.
    fn text(self) -> &'static str {
        match (self.created, self.appending, self.readable, self.writable) {
            (true, _, true, _) => "xb+",
            (true, ..) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, ..) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, _) => "rb",
            _ => "wb",
        }
    }
}

/// The type `io.FileIO`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "FileIO",
    module: "_io",
    doc: "Open a file.\n\nThe mode can be 'r' (default), 'w', 'x' or 'a' for reading,\nwriting, exclusive creation or appending.  The file will be created\nif it doesn't exist when opened for writing or appending; it will be\ntruncated when opened for writing.  A FileExistsError will be raised\nif it already exists when opened for creating.  Opening a file for\ncreating implies writing so this mode behaves in a similar way to\n'w'.  Add a '+' to the mode to allow simultaneous reading and\nwriting.\n\nA custom opener can be used by passing a callable as *opener*.\nThe underlying file descriptor for the file object is then obtained\nby calling opener with (*name*, *flags*).  *opener* must return\nan open file descriptor (passing os.open as *opener* results in\nfunctionality similar to passing None).",
    signature: SIGNATURE,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
    },
    methods: &[METHODS, super::NO_STATE],
    getset: &[
        super::DICT,
        GetSetDef {
            member: true,
            ..GetSetDef::get_set(
                "_finalizing",
                |vm, this| Ok(vm.bool(receiver::<FileIo>(vm, this)?.finalizing.get())),
                |vm, this, value| {
                    let on = super::flag_value(vm, value)?;
                    receiver::<FileIo>(vm, this)?.finalizing.set(on);
                    Ok(())
                },
                "",
            )
        },
        GetSetDef::get(
            "closed",
            |vm, this| Ok(vm.bool(receiver::<FileIo>(vm, this)?.is_closed())),
            "True if the file is closed",
        ),
        GetSetDef::get(
            "closefd",
            |vm, this| Ok(vm.bool(receiver::<FileIo>(vm, this)?.close_fd.get())),
            "True if the file descriptor will be closed by close().",
        ),
        GetSetDef::get(
            "mode",
            |vm, this| {
                Ok(vm
                    .intern(receiver::<FileIo>(vm, this)?.mode.get().text())?
                    .upcast())
            },
            "String giving the file mode",
        ),
        GetSetDef::get_set(
            "_blksize",
            |vm, this| vm.new_usize(receiver::<FileIo>(vm, this)?.block_size.get()),
            |vm, this, value| {
                let Some(value) = value else {
                    return Err(vm.type_error("can't delete attribute"));
                };
                let size = usize::try_from(protocol::to_i64(vm, value)?).unwrap_or(0);
                receiver::<FileIo>(vm, this)?.block_size.set(size);
                Ok(())
            },
            "Stat st_blksize if available",
        ),
    ],
    ..TypeSpec::new(FileIo::layout, true)
};

const SIGNATURE: &str = "(file, mode='r', closefd=True, opener=None)";

/// The type `io.FileIO`.
///
/// # Errors
/// MemoryError
pub fn file_io(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &SPEC, &raw_base(vm)?)
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    Ok(place(vm, ty)?.upcast())
}

fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<FileIo>> {
    let made = vm.place(FileIo {
        head: Object::new(ty.type_head_of()),
        fd: Cell::new(-1),
        mode: Cell::default(),
        close_fd: Cell::new(true),
        seekable: Cell::new(None),
        finalizing: Cell::new(false),
        block_size: Cell::new(DEFAULT_BLOCK),
    })?;
    vm.heap.track(&made.head);
    Ok(made)
}

const DEFAULT_BLOCK: usize = 8192;

/// What opening a raw file needs.
pub struct Request<'a> {
    /// A path or a descriptor.
    pub file: &'a Object,
    /// The letters of the mode.
    pub mode: &'a str,
    /// Whether closing the file closes the descriptor.
    pub close_fd: bool,
    /// What opens the file instead of the system.
    pub opener: Option<&'a Object>,
}

/// Opens a raw file.
///
/// # Errors
/// OSError; TypeError and ValueError for arguments that do not fit; what the opener raises.
pub fn open(vm: &Vm, request: &Request<'_>) -> PyResult<Ref<FileIo>> {
    let file = place(vm, &*file_io(vm)?)?;
    file.open(vm, request)?;
    Ok(file)
}

/// The raw file of a descriptor that is open and stays so, under a name of its own: a standard stream.
///
/// # Errors
/// MemoryError
pub fn standard(vm: &Vm, fd: i32, name: &Object, write: bool) -> PyResult<Ref<FileIo>> {
    let file = place(vm, &*file_io(vm)?)?;
    file.fd.set(fd);
    file.close_fd.set(false);
    file.mode.set(Mode {
        readable: !write,
        writable: write,
        ..Mode::default()
    });
    protocol::set_attr(vm, &file, &vm.names.name, name)?;
    Ok(file)
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let this = receiver::<FileIo>(vm, this)?;
    let bound = Parameters::parse(SIGNATURE).bind(vm, "FileIO", args)?;
    let [Some(file), mode, close_fd, opener] = bound[..] else {
        return Err(vm.system_error("FileIO: bad arguments"));
    };
    let mode = match mode.map(|mode| mode.downcast::<Str>().ok_or(mode)) {
        None => "r".to_owned(),
        Some(Ok(mode)) => mode.to_text().into_owned(),
        Some(Err(other)) => {
            return Err(vm.type_error(format!(
                "FileIO() argument 'mode' must be str, not {}",
                type_name(other)
            )));
        }
    };
    let close_fd = close_fd.map_or(Ok(true), |c| protocol::is_true(vm, c))?;
    let request = Request {
        file,
        mode: &mode,
        close_fd,
        opener: opener.filter(|opener| !vm.is_none(opener)),
    };
    this.open(vm, &request)
}

/// A descriptor given as a number.
fn descriptor(vm: &Vm, file: &Object) -> PyResult<Option<i32>> {
    let Some(number) = file.downcast::<Int>() else {
        return Ok(None);
    };
    if Type::of(file).is(&vm.types.bool) {
        vm.warn(
            &vm.exceptions.RuntimeWarning,
            "bool is used as a file descriptor",
            1,
        )?;
    }
    match number.as_i64().map(i32::try_from) {
        Some(Ok(fd)) if fd >= 0 => Ok(Some(fd)),
        Some(Ok(_)) => Err(vm.value_error("negative file descriptor")),
        _ => Err(vm.overflow_error("Python int too large to convert to C int")),
    }
}

impl FileIo {
    /// Whether there is no descriptor.
    #[inline]
    pub fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }

    /// How it was opened.
    pub fn mode(&self) -> Mode {
        self.mode.get()
    }

    fn open(&self, vm: &Vm, request: &Request<'_>) -> PyResult<()> {
        if !self.is_closed() {
            if self.close_fd.get() {
                self.close_descriptor(vm)?;
            } else {
                self.fd.set(-1);
            }
        }
        self.seekable.set(None);
        let given = descriptor(vm, request.file)?;
        let (mode, flags) = Mode::parse(vm, request.mode)?;
        self.mode.set(mode);
        self.close_fd.set(request.close_fd);
        let own = given.is_none();
        let opened = match given {
            Some(fd) => fd,
            None => self.open_path(vm, request, flags)?,
        };
        self.fd.set(opened);
        let done = self.settle(vm, request.file);
        if done.is_err() && !own {
            self.fd.set(-1);
        } else if done.is_err() {
            let fd = self.fd.replace(-1);
            if request.close_fd {
                // The first failure is the one to tell.
                let _ = fd::close(fd);
            }
        }
        done
    }

    fn open_path(&self, vm: &Vm, request: &Request<'_>, flags: OpenFlags) -> PyResult<i32> {
        let path = system::path(vm, request.file)?;
        if !request.close_fd {
            return Err(vm.value_error("Cannot use closefd=False with file name"));
        }
        let Some(opener) = request.opener else {
            return match system::call(vm, || fd::open(&path, flags))? {
                Ok(fd) => Ok(fd),
                Err(error) => Err(system::os_error(vm, &error, Some(request.file))),
            };
        };
        let flags = vm.new_int(i64::from(flags.bits()))?;
        let number = protocol::call_args(vm, opener, &[request.file, &flags])?;
        let Some(number) = number.downcast::<Int>() else {
            return Err(vm.type_error("expected integer from opener"));
        };
        let fd = match number.as_i64().map(i32::try_from) {
            Some(Ok(fd)) if fd >= 0 => fd,
            Some(Ok(fd)) => return Err(vm.value_error(format!("opener returned {fd}"))),
            _ => return Err(vm.overflow_error("Python int too large to convert to C int")),
        };
        system::check(vm, fd::set_inheritable(fd, false))?;
        Ok(fd)
    }

    /// Looks at what was opened.
    fn settle(&self, vm: &Vm, name: &Object) -> PyResult<()> {
        match fd::status(self.fd.get()) {
            Ok(status) if status.is_folder => {
                let error = std::io::Error::from_raw_os_error(libc::EISDIR);
                return Err(system::os_error(vm, &error, Some(name)));
            }
            Ok(status) if status.block_size > 1 => self.block_size.set(status.block_size as usize),
            Ok(_) => {}
            Err(error) if error.raw_os_error() == Some(libc::EBADF) => {
                return Err(system::os_error(vm, &error, None));
            }
            Err(_) => {}
        }
        protocol::set_attr(vm, self, &vm.names.name, name)?;
        if self.mode.get().appending {
            // Elsewhere this might be done only when something is written; pipes have no position.
            match fd::seek(self.fd.get(), 0, 2) {
                Err(error) if error.raw_os_error() != Some(libc::ESPIPE) => {
                    return Err(system::os_error(vm, &error, None));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn close_descriptor(&self, vm: &Vm) -> PyResult<()> {
        let fd = self.fd.replace(-1);
        if fd < 0 {
            return Ok(());
        }
        match fd::close(fd) {
            // The descriptor is gone although a signal came; another attempt might close somebody else's.
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(()),
            result => system::check(vm, result),
        }
    }

    /// The descriptor.
    ///
    /// # Errors
    /// ValueError for a closed file.
    pub fn descriptor(&self, vm: &Vm) -> PyResult<i32> {
        match self.fd.get() {
            fd if fd >= 0 => Ok(fd),
            _ => Err(closed(vm)),
        }
    }

    /// The descriptor of a file that may be read.
    ///
    /// # Errors
    /// ValueError; UnsupportedOperation: "File not open for reading"
    pub fn readable(&self, vm: &Vm) -> PyResult<i32> {
        let fd = self.descriptor(vm)?;
        if !self.mode.get().readable {
            return Err(unsupported(vm, "File not open for reading"));
        }
        Ok(fd)
    }

    /// The descriptor of a file that may be written.
    ///
    /// # Errors
    /// ValueError; UnsupportedOperation: "File not open for writing"
    pub fn writable(&self, vm: &Vm) -> PyResult<i32> {
        let fd = self.descriptor(vm)?;
        if !self.mode.get().writable {
            return Err(unsupported(vm, "File not open for writing"));
        }
        Ok(fd)
    }

    /// Whether it has a position that can be set.
    ///
    /// # Errors
    /// ValueError for a closed file.
    pub fn is_seekable(&self, vm: &Vm) -> PyResult<bool> {
        let fd = self.descriptor(vm)?;
        if let Some(known) = self.seekable.get() {
            return Ok(known);
        }
        let answer = fd::seek(fd, 0, 1).is_ok();
        self.seekable.set(Some(answer));
        Ok(answer)
    }

    /// Moves the position; gives it.
    ///
    /// # Errors
    /// OSError; ValueError for a closed file.
    pub fn seek(&self, vm: &Vm, offset: i64, whence: i32) -> PyResult<i64> {
        let fd = self.descriptor(vm)?;
        let at = system::check(vm, fd::seek(fd, offset, whence))?;
        self.seekable.set(Some(true));
        Ok(at)
    }

    /// Reads up to the end; nothing where the file does not block and is not ready.
    ///
    /// # Errors
    /// OSError; ValueError for a closed file.
    pub fn read_all(&self, vm: &Vm) -> PyResult<Option<Vec<u8>>> {
        let fd = self.descriptor(vm)?;
        let mut all = Vec::new();
        let rest = match (fd::status(fd), fd::seek(fd, 0, 1)) {
            (Ok(status), Ok(at)) if status.size > at => status.size - at,
            _ => 0,
        };
        // One byte more, so that the end shows without growing.
        let mut room = match rest {
            0 => DEFAULT_BLOCK,
            rest => rest as usize + 1,
        };
        let mut have = 0;
        loop {
            if all.try_reserve_exact(room).is_err() {
                return Err(vm.no_memory());
            }
            all.resize(have + room, 0);
            let got =
                system::transfer(vm, || fd::read(fd, all.get_mut(have..).unwrap_or_default()))?;
            match got {
                None if have == 0 => return Ok(None),
                None | Some(0) => break,
                Some(count) => have += count,
            }
            // A full buffer grows by its own size.
            room = match all.len() - have {
                0 => all.len().clamp(DEFAULT_BLOCK, 1 << 26),
                left => left,
            };
        }
        all.truncate(have);
        Ok(Some(all))
    }

    /// Warns that the file is given up without having been closed.
    fn warn_lost(&self, vm: &Vm, source: &Object) {
        if self.is_closed() || !self.close_fd.get() {
            return;
        }
        let waiting = vm.pending.take();
        let warned = protocol::repr(vm, source).and_then(|shown| {
            vm.warn_resource(source, &format!("unclosed file {}", shown.to_text()))
        });
        if let Err(raised) = warned {
            if vm.raised_is(&raised, &vm.exceptions.Warning) {
                vm.unraisable(raised, "while finalizing file", Some(self));
            } else {
                drop(vm.take_raised(raised));
            }
        }
        vm.pending.set(waiting);
    }
}

#[cold]
fn closed(vm: &Vm) -> Raised {
    vm.value_error("I/O operation on closed file")
}

/// The raw file that an object is, if nothing in it can be overridden: no subclass, no methods in its `__dict__`.
#[inline]
pub fn plain(object: &Object) -> Option<&FileIo> {
    let file = object.downcast_exact::<FileIo>()?;
    match object.managed().and_then(|managed| managed.dict()) {
        None => Some(file),
        // Only its name.
        Some(dict) => (dict.downcast::<Dict>()?.len() <= 1).then_some(file),
    }
}

/// Calls the function of a raw file by its name.
fn repr(vm: &Vm, this: &Object) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let kind = protocol::type_name(this);
    if file.is_closed() {
        return Ok(vm.new_str(&format!("<{kind} [closed]>"))?.upcast());
    }
    let name = protocol::get_attr_opt(vm, this, &vm.names.name)?;
    let text = match name {
        Some(name) => match vm.enter_repr(this) {
            Some(_guard) => format!("name={}", protocol::repr(vm, &name)?.to_text()),
            None => {
                return Err(vm.runtime_error(format!("reentrant call inside {kind}.__repr__")));
            }
        },
        None => format!("fd={}", file.fd.get()),
    };
    let close_fd = if file.close_fd.get() { "True" } else { "False" };
    let text = format!(
        "<{kind} {text} mode='{}' closefd={close_fd}>",
        file.mode.get().text()
    );
    Ok(vm.new_str(&text)?.upcast())
}

const METHODS: &[MethodDef] = &[
    up_to_one(
        "read",
        "($self, size=-1, /)",
        read,
        "Read at most size bytes, returned as bytes.\n\nIf size is less than 0, read all bytes in the file making multiple\nread calls.  See ``FileIO.readall``.\n\nAttempts to make only one system call, retrying only per PEP 475\n(EINTR).  This means less data may be returned than requested.\n\nIn non-blocking mode, returns None if no data is available.  Return\nan empty bytes object at EOF.",
    ),
    no_args(
        "readall",
        read_all,
        "Read all data from the file, returned as bytes.\n\nReads until either there is an error or read() returns size 0\n(indicates EOF).  If the file is already at EOF, returns an empty\nbytes object.\n\nIn non-blocking mode, returns as much data as could be read before\nEAGAIN.  If no data is available (EAGAIN is returned before bytes\nare read) returns None.",
    ),
    one(
        "readinto",
        "($self, buffer, /)",
        read_into,
        "Same as RawIOBase.readinto().",
    ),
    one(
        "write",
        "($self, b, /)",
        write,
        "Write buffer b to file, return number of bytes written.\n\nOnly makes one system call, so not all of the data may be written.\nThe number of bytes actually written is returned.  In non-blocking\nmode, returns None if the write would block.",
    ),
    one_or_two(
        "seek",
        "($self, pos, whence=0, /)",
        seek,
        "Move to new file position and return the file position.\n\nArgument offset is a byte count.  Optional argument whence defaults\nto SEEK_SET or 0 (offset from start of file, offset should be >= 0);\nother values are SEEK_CUR or 1 (move relative to current position,\npositive or negative), and SEEK_END or 2 (move relative to end of\nfile, usually negative, although many platforms allow seeking beyond\nthe end of a file).\n\nNote that not all file objects are seekable.",
    ),
    no_args(
        "tell",
        |vm, this| vm.new_int(receiver::<FileIo>(vm, this)?.seek(vm, 0, 1)?),
        "Current file position.\n\nCan raise OSError for non seekable files.",
    ),
    up_to_one(
        "truncate",
        "($self, size=None, /)",
        truncate,
        "Truncate the file to at most size bytes and return the truncated size.\n\nSize defaults to the current file position, as returned by tell().\nThe current file position is changed to the value of size.",
    ),
    no_args(
        "close",
        close,
        "Close the file.\n\nA closed file cannot be used for further I/O operations.  close()\nmay be called more than once without error.",
    ),
    no_args(
        "seekable",
        |vm, this| Ok(vm.bool(receiver::<FileIo>(vm, this)?.is_seekable(vm)?)),
        "True if file supports random-access.",
    ),
    no_args(
        "readable",
        |vm, this| {
            let file = receiver::<FileIo>(vm, this)?;
            file.descriptor(vm)?;
            Ok(vm.bool(file.mode.get().readable))
        },
        "True if file was opened in a read mode.",
    ),
    no_args(
        "writable",
        |vm, this| {
            let file = receiver::<FileIo>(vm, this)?;
            file.descriptor(vm)?;
            Ok(vm.bool(file.mode.get().writable))
        },
        "True if file was opened in a write mode.",
    ),
    no_args(
        "fileno",
        |vm, this| vm.new_int(i64::from(receiver::<FileIo>(vm, this)?.descriptor(vm)?)),
        "Return the underlying file descriptor (an integer).",
    ),
    no_args(
        "isatty",
        |vm, this| {
            let fd = receiver::<FileIo>(vm, this)?.descriptor(vm)?;
            Ok(vm.bool(fd::is_terminal(fd).unwrap_or(false)))
        },
        "True if the file is connected to a TTY device.",
    ),
    no_args(
        "_isatty_open_only",
        |vm, this| {
            let fd = receiver::<FileIo>(vm, this)?.descriptor(vm)?;
            Ok(vm.bool(
                fd::status(fd).is_ok_and(|s| s.is_character_device)
                    && fd::is_terminal(fd).unwrap_or(false),
            ))
        },
        "",
    ),
    one(
        "_dealloc_warn",
        "($self, object, /)",
        |vm, this, source| {
            receiver::<FileIo>(vm, this)?.warn_lost(vm, source);
            Ok(vm.none_ref())
        },
        "",
    ),
];

fn count_or_none(vm: &Vm, count: Option<usize>) -> PyResult {
    match count {
        Some(count) => vm.new_usize(count),
        None => Ok(vm.none_ref()),
    }
}

fn read_all(vm: &Vm, this: &Object) -> PyResult {
    match receiver::<FileIo>(vm, this)?.read_all(vm)? {
        Some(bytes) => Ok(vm.new_bytes(&bytes)?.upcast()),
        None => Ok(vm.none_ref()),
    }
}

fn read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size_argument(vm, args.first().copied())?;
    let file = receiver::<FileIo>(vm, this)?;
    let fd = file.readable(vm)?;
    let Ok(size) = usize::try_from(size) else {
        return protocol::call_method(vm, this, &vm.names.readall, &[]);
    };
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(size).is_err() {
        return Err(vm.no_memory());
    }
    bytes.resize(size, 0);
    match system::transfer(vm, || fd::read(fd, &mut bytes))? {
        Some(count) => Ok(vm
            .new_bytes(bytes.get(..count).unwrap_or_default())?
            .upcast()),
        None => Ok(vm.none_ref()),
    }
}

fn read_into(vm: &Vm, this: &Object, into: &Object) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    if vm.threads.active() {
        // Nothing of the buffer is borrowed while other threads may run.
        let mut bytes = vec![0; buffer_size(vm, "readinto", into)?];
        let fd = file.readable(vm)?;
        let got = system::transfer(vm, || fd::read(fd, &mut bytes))?;
        if let Some(from) = bytes.get(..got.unwrap_or(0)) {
            fill_buffer(vm, "readinto", into, |to| {
                if let Some(to) = to.get_mut(..from.len()) {
                    to.copy_from_slice(from);
                }
            })?;
        }
        return count_or_none(vm, got);
    }
    let result = loop {
        let fd = file.readable(vm)?;
        let result = fill_buffer(vm, "readinto", into, |bytes| fd::read(fd, bytes))?;
        match result {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => vm.check_signals()?,
            result => break result,
        }
    };
    count_or_none(vm, system::transfer(vm, || result_again(&result))?)
}

/// A result that has been got already, as often as it is asked for.
fn result_again(result: &std::io::Result<usize>) -> std::io::Result<usize> {
    match result {
        Ok(count) => Ok(*count),
        Err(error) => Err(std::io::Error::from_raw_os_error(
            error.raw_os_error().unwrap_or(libc::EIO),
        )),
    }
}

fn write(vm: &Vm, this: &Object, bytes: &Object) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let fd = file.writable(vm)?;
    if vm.threads.active() {
        // Nothing of the object is borrowed while other threads may run.
        let bytes = require_bytes(vm, bytes, <[u8]>::to_vec)?;
        return count_or_none(vm, system::transfer(vm, || fd::write(fd, &bytes))?);
    }
    let result = loop {
        match require_bytes(vm, bytes, |bytes| fd::write(fd, bytes))? {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => vm.check_signals()?,
            result => break result,
        }
    };
    count_or_none(vm, system::transfer(vm, || result_again(&result))?)
}

/// An offset in a file.
///
/// # Errors
/// TypeError; OverflowError
pub fn offset(vm: &Vm, value: &Object) -> PyResult<i64> {
    let int = protocol::index(vm, value)?;
    match int.downcast::<Int>().and_then(Int::as_i64) {
        Some(offset) => Ok(offset),
        None => Err(vm.overflow_error("Python int too large to convert to C long")),
    }
}

fn seek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let whence = whence_argument(vm, args)?;
    file.descriptor(vm)?;
    let offset = offset(vm, args[0])?;
    vm.new_int(file.seek(vm, offset, whence as i32)?)
}

fn truncate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let fd = file.writable(vm)?;
    let size = match args.first().filter(|size| !vm.is_none(size)) {
        Some(size) => size.to_ref(),
        None => vm.new_int(file.seek(vm, 0, 1)?)?,
    };
    let length = offset(vm, &size)?;
    let result = system::call(vm, || fd::truncate(fd, length))?;
    system::check(vm, result)?;
    Ok(size)
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let close_base = || -> PyResult<()> {
        if this.is_exact::<FileIo>() {
            // All that it does is call `flush`, which does nothing, and leave a mark for it.
            return Ok(());
        }
        let base = protocol::get_attr(vm, &raw_base(vm)?.head, &vm.names.close)?;
        protocol::call_one(vm, &base, this).map(drop)
    };
    let closed = close_base();
    if !file.close_fd.get() {
        file.fd.set(-1);
        closed?;
        return Ok(vm.none_ref());
    }
    if file.finalizing.get() {
        file.warn_lost(vm, this);
    }
    and_then_close(vm, closed, || file.close_descriptor(vm))?;
    Ok(vm.none_ref())
}
