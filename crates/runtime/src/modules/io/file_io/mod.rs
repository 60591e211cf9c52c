//! `FileIO`: a file by its descriptor, without any buffer.

mod methods;
mod mode;

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref, object_layout};
use viv_host::fd::{self, OpenFlags};

pub use methods::offset;
pub use mode::Mode;

use super::base::raw_base;
use super::{file_type, system, unsupported};
use crate::args::Args;
use crate::native::GetSetDef;
use crate::native::bind::Parameters;
use crate::object::{Int, Str, Type, TypeTraits, kinds};
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
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
    methods: &[methods::METHODS, super::NO_STATE],
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
        GetSetDef::get(
            "_blksize",
            |vm, this| vm.new_usize(receiver::<FileIo>(vm, this)?.block_size.get()),
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
    let bound = Parameters::of(SIGNATURE).bind(vm, "FileIO", args)?;
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
pub fn plain<'a>(vm: &Vm, object: &'a Object) -> Option<&'a FileIo> {
    let file = object.downcast_exact::<FileIo>()?;
    match object.managed().and_then(|managed| managed.dict()) {
        None => Some(file),
        // Only its name.
        Some(dict) => super::holds_at_most(vm, dict, &vm.names.name).then_some(file),
    }
}

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
