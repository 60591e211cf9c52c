//! `open`, `open_code` and `text_encoding`.

use viv_heap::{Object, Ref};
use viv_host::fd;

use super::base::and_then_close;
use super::file_io::{self, FileIo};
use super::string_io::newline_argument;
use super::text::{self, Facts};
use super::{DEFAULT_BUFFER_SIZE, buffered, system};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Int, Str};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

/// The function `open`.
pub static OPEN: MethodDef = MethodDef::new(
    "open",
    "($module, /, file, mode='r', buffering=-1, encoding=None,\n     errors=None, newline=None, closefd=True, opener=None)",
    NativeCall::Bound(open),
    DOC,
);

/// The other functions of the module.
pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "open_code",
        "($module, /, path)",
        NativeCall::Bound(|vm, module, args| {
            let Some(path) = args[0] else {
                return Err(vm.system_error("open_code() lost its argument"));
            };
            if path.downcast::<Str>().is_none() {
                return Err(vm.type_error(format!(
                    "open_code() argument 'path' must be str, not {}",
                    type_name(path)
                )));
            }
            let mode = vm.new_str("rb")?;
            let mut all = [None; 8];
            all[0] = Some(path);
            all[1] = Some(&mode.head);
            open(vm, module, &all)
        }),
        "Opens the provided file with the intent to import the contents.\n\nThis may perform extra validation beyond open(), but is otherwise\ninterchangeable with calling open(path, 'rb').",
    ),
    MethodDef::new(
        "text_encoding",
        "($module, encoding, stacklevel=2, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: text_encoding,
        },
        "A helper function to choose the text encoding.\n\nWhen encoding is not None, this function returns it.\nOtherwise, this function returns the default text encoding\n(i.e. \"locale\" or \"utf-8\" depends on UTF-8 mode).\n\nThis function emits an EncodingWarning if encoding is None and\nsys.flags.warn_default_encoding is true.\n\nThis can be used in APIs with an encoding=None parameter.\nHowever, please consider using encoding=\"utf-8\" for new APIs.",
    ),
];

fn text_encoding(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    if !vm.is_none(args[0]) {
        return Ok(args[0].to_ref());
    }
    let level = args.get(1).map_or(Ok(2), |l| protocol::to_i64(vm, l))?;
    text::warn_default(vm, level)?;
    let name = if vm.config.flags.utf8_mode {
        "utf-8"
    } else {
        "locale"
    };
    Ok(vm.intern(name)?.upcast())
}

/// What the letters of a mode ask for.
struct Mode {
    /// `r`, `w`, `a` or `x`.
    kind: char,
    update: bool,
    binary: bool,
}

fn parse_mode(vm: &Vm, mode: &str) -> PyResult<Mode> {
    let invalid = || vm.value_error(format!("invalid mode: '{mode}'"));
    let mut parsed = Mode {
        kind: ' ',
        update: false,
        binary: false,
    };
    let (mut kinds, mut is_text) = (0, false);
    for (i, c) in mode.char_indices() {
        if mode.get(..i).is_some_and(|before| before.contains(c)) {
            return Err(invalid());
        }
        match c {
            'r' | 'w' | 'a' | 'x' => {
                parsed.kind = c;
                kinds += 1;
            }
            '+' => parsed.update = true,
            'b' => parsed.binary = true,
            't' => is_text = true,
            _ => return Err(invalid()),
        }
    }
    if is_text && parsed.binary {
        return Err(vm.value_error("can't have text and binary mode at once"));
    }
    if kinds > 1 {
        return Err(vm.value_error("must have exactly one of create/read/write/append mode"));
    }
    Ok(parsed)
}

/// `open(file, mode, buffering, encoding, errors, newline, closefd, opener)`
///
/// # Errors
/// OSError; ValueError and TypeError for arguments that do not fit; what the opener raises.
pub fn open(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let &[
        Some(name),
        mode,
        buffering,
        encoding,
        errors,
        newline,
        close_fd,
        opener,
    ] = args
    else {
        return Err(vm.system_error("open() lost its arguments"));
    };
    let mode_text = match mode.map(|m| m.downcast::<Str>().ok_or(m)) {
        None => "r".to_owned(),
        Some(Ok(mode)) => mode.to_text().into_owned(),
        Some(Err(other)) => {
            return Err(vm.type_error(format!(
                "open() argument 'mode' must be str, not {}",
                type_name(other)
            )));
        }
    };
    let buffering = buffering.map_or(Ok(-1), |b| protocol::to_i64(vm, b))?;
    let encoding = text::text_argument(vm, "open", "'encoding'", encoding)?;
    let errors = text::text_argument(vm, "open", "'errors'", errors)?;
    let newline_text = text::text_argument(vm, "open", "'newline'", newline)?;
    let close_fd = close_fd.map_or(Ok(true), |c| protocol::is_true(vm, c))?;
    let name = if name.downcast::<Int>().is_some() {
        name.to_ref()
    } else {
        system::fspath(vm, name)?
    };
    let mode = parse_mode(vm, &mode_text)?;
    for (given, what) in [
        (encoding.is_some(), "an encoding"),
        (errors.is_some(), "an errors"),
        (newline_text.is_some(), "a newline"),
    ] {
        if given && mode.binary {
            return Err(vm.value_error(format!("binary mode doesn't take {what} argument")));
        }
    }
    if mode.binary && buffering == 1 {
        vm.warn(
            &vm.exceptions.RuntimeWarning,
            "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
            1,
        )?;
    }
    let letter = if mode.kind == ' ' {
        String::new()
    } else {
        mode.kind.to_string()
    };
    let raw_mode = if mode.update { letter + "+" } else { letter };
    let raw = file_io::open(
        vm,
        &file_io::Request {
            file: &name,
            mode: &raw_mode,
            close_fd,
            opener: opener.filter(|opener| !vm.is_none(opener)),
        },
    )?;
    let settings = Settings {
        mode: &mode,
        text: &mode_text,
        buffering,
        encoding,
        errors,
        newline,
    };
    // What fails from here on leaves a file that must be closed.
    let mut result = raw.clone().upcast();
    match build(vm, &raw, &settings, &mut result) {
        Ok(()) => Ok(result),
        Err(raised) => {
            let closed = and_then_close(vm, Err(raised), || {
                protocol::call_method(vm, &result, &vm.names.close, &[]).map(drop)
            });
            match closed {
                Err(raised) => Err(raised),
                Ok(()) => Ok(result),
            }
        }
    }
}

struct Settings<'a> {
    mode: &'a Mode,
    text: &'a str,
    buffering: i64,
    encoding: Option<&'a Str>,
    errors: Option<&'a Str>,
    newline: Option<&'a Object>,
}

/// Puts the other layers onto a raw file; `result` is the uppermost so far.
fn build(vm: &Vm, raw: &FileIo, settings: &Settings<'_>, result: &mut Ref) -> PyResult<()> {
    let mode = settings.mode;
    let fd = raw.fd.get();
    let mut buffering = settings.buffering;
    let interactive = buffering < 0 && is_terminal(fd);
    let line_buffering = buffering == 1 && !mode.binary || interactive;
    if line_buffering || buffering == 1 {
        buffering = -1;
    }
    if buffering == 0 {
        if !mode.binary {
            return Err(vm.value_error("can't have unbuffered text I/O"));
        }
        return Ok(());
    }
    let size = usize::try_from(buffering).unwrap_or_else(|_| buffer_size(raw));
    let (readable, writable) = (raw.mode().readable, raw.mode().writable);
    let class = match (mode.update, mode.kind) {
        (true, _) => buffered::random(vm)?,
        (_, 'r') => buffered::reader(vm)?,
        _ => buffered::writer(vm)?,
    };
    if mode.update && !raw.is_seekable(vm)? {
        return Err(super::unsupported(vm, "File or stream is not seekable."));
    }
    *result = buffered::over(vm, &class, raw, (readable, writable), size)?;
    if mode.binary {
        return Ok(());
    }
    if settings.encoding.is_none() {
        text::warn_default(vm, 1)?;
    }
    let newline = newline_argument(vm, settings.newline, false)?;
    let seekable = raw.is_seekable(vm)?;
    let facts = Facts {
        readable,
        writable,
        seekable,
        at_start: !(seekable && writable) || raw.seek(vm, 0, 1)? == 0,
    };
    let file = text::over(
        vm,
        result,
        (settings.encoding, settings.errors),
        newline,
        (line_buffering, false),
        &facts,
    )?;
    *result = file.upcast();
    let mode = vm.intern(settings.text)?;
    protocol::set_attr(vm, result, &vm.names.mode, &mode)
}

/// Whether a person sits at the other end of a descriptor.
fn is_terminal(fd: i32) -> bool {
    fd::status(fd).is_ok_and(|status| status.is_character_device)
        && fd::is_terminal(fd).unwrap_or(false)
}

fn buffer_size(raw: &FileIo) -> usize {
    raw.block_size
        .get()
        .clamp(DEFAULT_BUFFER_SIZE, 8 * 1024 * 1024)
}

/// A standard stream: nothing where its descriptor is closed.
///
/// # Errors
/// MemoryError; LookupError where `PYTHONIOENCODING` names no encoding.
pub fn standard(vm: &Vm, fd: i32) -> PyResult {
    let Ok(status) = fd::status(fd) else {
        return Ok(vm.none_ref());
    };
    let stdio = &vm.config.stdio;
    let write = fd != 0;
    let name = vm.new_str(match fd {
        0 => "<stdin>",
        1 => "<stdout>",
        _ => "<stderr>",
    })?;
    let raw = file_io::standard(vm, fd, &name.head, write)?;
    if status.block_size > 1 {
        raw.block_size.set(status.block_size as usize);
    }
    let unbuffered = write && stdio.unbuffered;
    let terminal = status.is_character_device && fd::is_terminal(fd).unwrap_or(false);
    let buffer = if unbuffered {
        raw.clone().upcast()
    } else {
        let class = if write {
            buffered::writer(vm)?
        } else {
            buffered::reader(vm)?
        };
        buffered::over(vm, &class, &raw, (!write, write), buffer_size(&raw))?
    };
    let seekable = raw.is_seekable(vm)?;
    let facts = Facts {
        readable: !write,
        writable: write,
        seekable,
        at_start: !(seekable && write) || raw.seek(vm, 0, 1)? == 0,
    };
    let encoding = vm.intern(&text::canonical(vm, &stdio.encoding)?)?;
    let errors = vm.intern(if fd == 2 {
        "backslashreplace"
    } else {
        &stdio.errors
    })?;
    let newline = vm.new_char(u32::from(b'\n'))?;
    let line_buffering = !unbuffered && (terminal || fd == 2);
    let file = text::over(
        vm,
        &buffer,
        (Some(&encoding), Some(&errors)),
        Some(newline),
        (line_buffering, unbuffered),
        &facts,
    )?;
    let mode = vm.new_char(u32::from(if write { b'w' } else { b'r' }))?;
    protocol::set_attr(vm, &file, &vm.names.mode, &mode)?;
    Ok(file.upcast())
}

/// What `help(open)` tells.
const DOC: &str = "Open file and return a stream.  Raise OSError upon failure.\n\nfile is either a text or byte string giving the name (and the path\nif the file isn't in the current working directory) of the file to\nbe opened or an integer file descriptor of the file to be\nwrapped.  (If a file descriptor is given, it is closed when the\nreturned I/O object is closed, unless closefd is set to False.)\n\nmode is an optional string that specifies the mode in which the file\nis opened.  It defaults to 'r' which means open for reading in text\nmode.  Other common values are 'w' for writing (truncating the file if\nit already exists), 'x' for creating and writing to a new file, and\n'a' for appending (which on some Unix systems, means that all writes\nappend to the end of the file regardless of the current seek position).\nIn text mode, if encoding is not specified the encoding used is platform\ndependent: locale.getencoding() is called to get the current locale\nencoding.  (For reading and writing raw bytes use binary mode and leave\nencoding unspecified.)  The available modes are:\n\n========= ==========================================================\nCharacter Meaning\n--------- ----------------------------------------------------------\n'r'       open for reading (default)\n'w'       open for writing, truncating the file first\n'x'       create a new file and open it for writing\n'a'       open for writing, appending to the end of the file if it\n          exists\n'b'       binary mode\n't'       text mode (default)\n'+'       open a disk file for updating (reading and writing)\n========= ==========================================================\n\nThe default mode is 'rt' (open for reading text).  For binary random\naccess, the mode 'w+b' opens and truncates the file to 0 bytes, while\n'r+b' opens the file without truncation.  The 'x' mode implies 'w' and\nraises an `FileExistsError` if the file already exists.\n\nPython distinguishes between files opened in binary and text modes,\neven when the underlying operating system doesn't.  Files opened in\nbinary mode (appending 'b' to the mode argument) return contents as\nbytes objects without any decoding.  In text mode (the default, or when\n't' is appended to the mode argument), the contents of the file are\nreturned as strings, the bytes having been first decoded using a\nplatform-dependent encoding or using the specified encoding if given.\n\nbuffering is an optional integer used to set the buffering policy.\nPass 0 to switch buffering off (only allowed in binary mode), 1 to\nselect line buffering (only usable in text mode), and an integer > 1 to\nindicate the size of a fixed-size chunk buffer.   When no buffering\nargument is given, the default buffering policy works as follows:\n\n* Binary files are buffered in fixed-size chunks; the size of the buffer\n  is max(min(blocksize, 8 MiB), DEFAULT_BUFFER_SIZE) when the device\n  block size is available.\n  On most systems, the buffer will typically be 128 kilobytes long.\n\n* \"Interactive\" text files (files for which isatty() returns True)\n  use line buffering.  Other text files use the policy described above\n  for binary files.\n\nencoding is the name of the encoding used to decode or encode the\nfile.  This should only be used in text mode.  The default encoding is\nplatform dependent, but any encoding supported by Python can be\npassed.  See the codecs module for the list of supported encodings.\n\nerrors is an optional string that specifies how encoding errors are to\nbe handled---this argument should not be used in binary mode.  Pass\n'strict' to raise a ValueError exception if there is an encoding error\n(the default of None has the same effect), or pass 'ignore' to ignore\nerrors.  (Note that ignoring encoding errors can lead to data loss.)\nSee the documentation for codecs.register or run 'help(codecs.Codec)'\nfor a list of the permitted encoding error strings.\n\nnewline controls how universal newlines works (it only applies to text\nmode).  It can be None, '', '\\n', '\\r', and '\\r\\n'.  It works as\nfollows:\n\n* On input, if newline is None, universal newlines mode is enabled.\n  Lines in the input can end in '\\n', '\\r', or '\\r\\n', and these are\n  translated into '\\n' before being returned to the caller.  If it is\n  '', universal newline mode is enabled, but line endings are returned\n  to the caller untranslated.  If it has any of the other legal values,\n  input lines are only terminated by the given string, and the line\n  ending is returned to the caller untranslated.\n\n* On output, if newline is None, any '\\n' characters written are\n  translated to the system default line separator, os.linesep.  If\n  newline is '' or '\\n', no translation takes place.  If newline is any\n  of the other legal values, any '\\n' characters written are translated\n  to the given string.\n\nIf closefd is False, the underlying file descriptor will be kept open\nwhen the file is closed.  This does not work when a file name is given\nand must be True in that case.\n\nA custom opener can be used by passing a callable as *opener*.  The\nunderlying file descriptor for the file object is then obtained by\ncalling *opener* with (*file*, *flags*).  *opener* must return an open\nfile descriptor (passing os.open as *opener* results in functionality\nsimilar to passing None).\n\nopen() returns a file object whose type depends on the mode, and\nthrough which the standard file operations such as reading and writing\nare performed.  When open() is used to open a file in a text mode ('w',\n'r', 'wt', 'rt', etc.), it returns a TextIOWrapper.  When used to open\na file in a binary mode, the returned class varies: in read binary\nmode, it returns a BufferedReader; in write binary and append binary\nmodes, it returns a BufferedWriter, and in read/write mode, it returns\na BufferedRandom.\n\nIt is also possible to use a string or bytearray as a file for both\nreading and writing.  For strings StringIO can be used like a file\nopened in a text mode, and for bytes a BytesIO can be used like a file\nopened in a binary mode.";
