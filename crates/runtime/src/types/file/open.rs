//! `open()` and the standard streams.

use std::cell::RefCell;
use std::fs::OpenOptions;
use std::rc::Rc;

use viv_heap::{Object, Ref};

use super::{Device, FileObject, Settings, Stream, os_error};
use crate::object::{Bytes, Int, Slot, Str, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

fn place(
    vm: &Vm,
    ty: &Type,
    stream: &Rc<RefCell<Stream>>,
    name: Option<Ref>,
    buffer: Option<Ref>,
    settings: Settings,
) -> PyResult {
    let head = Object::new(ty.type_head_of());
    let file = FileObject {
        head,
        stream: stream.clone(),
        name: Slot::new(name),
        buffer: Slot::new(buffer),
        settings: Box::new(settings),
    };
    crate::types::sequence::place_tracked(vm, file)
}

/// `sys.stdin`, `sys.stdout`, `sys.stderr`.
///
/// # Errors
/// MemoryError
pub fn standard(vm: &Vm, device: Device) -> PyResult {
    let (name, mode, errors, readable, ty) = match device {
        Device::Stdin => ("<stdin>", "r", "strict", true, &vm.types.buffered_reader),
        Device::Stderr => (
            "<stderr>",
            "w",
            "backslashreplace",
            false,
            &vm.types.buffered_writer,
        ),
        _ => ("<stdout>", "w", "strict", false, &vm.types.buffered_writer),
    };
    let stream = Rc::new(RefCell::new(Stream::new(device)));
    let line_buffering = name == "<stderr>" || stream.borrow().is_terminal();
    let settings = |mode: &str| Settings {
        mode: mode.to_owned(),
        readable,
        writable: !readable,
        line_buffering,
        encoding: "utf-8".to_owned(),
        errors: errors.to_owned(),
        newline: if readable {
            None
        } else {
            Some("\n".to_owned())
        },
    };
    let name = vm.new_str(name)?.upcast();
    let buffer = place(
        vm,
        ty,
        &stream,
        Some(name.clone()),
        None,
        settings(if readable { "rb" } else { "wb" }),
    )?;
    place(
        vm,
        &vm.types.text_io_wrapper,
        &stream,
        Some(name),
        Some(buffer),
        settings(mode),
    )
}

/// What the letters of a mode ask for.
struct Mode {
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
    let (mut kinds, mut text) = (0, false);
    for (i, c) in mode.char_indices() {
        if mode[..i].contains(c) {
            return Err(invalid());
        }
        match c {
            'r' | 'w' | 'a' | 'x' => {
                parsed.kind = c;
                kinds += 1;
            }
            '+' => parsed.update = true,
            'b' => parsed.binary = true,
            't' => text = true,
            _ => return Err(invalid()),
        }
    }
    if text && parsed.binary {
        return Err(vm.value_error("can't have text and binary mode at once"));
    }
    if kinds > 1 {
        return Err(vm.value_error("must have exactly one of create/read/write/append mode"));
    }
    if kinds == 0 {
        return Err(vm.value_error(
            "Must have exactly one of create/read/write/append mode and at most one plus",
        ));
    }
    Ok(parsed)
}

/// An argument that is a string or None.
fn text_argument(vm: &Vm, value: Option<&Object>, name: &str) -> PyResult<Option<String>> {
    match value.filter(|v| !vm.is_none(v)) {
        None => Ok(None),
        Some(value) => match value.downcast::<Str>() {
            Some(text) => Ok(Some(text.to_text().into_owned())),
            None => Err(vm.type_error(format!(
                "open() argument '{name}' must be str or None, not {}",
                type_name(value)
            ))),
        },
    }
}

/// The path that an object stands for.
///
/// # Errors
/// TypeError
pub(crate) fn path(vm: &Vm, object: &Object) -> PyResult<std::path::PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let found = match protocol::call_special(vm, object, &vm.names.__fspath__, &[])? {
        Some(found) => found,
        None => object.to_ref(),
    };
    if let Some(text) = found.downcast::<Str>() {
        return Ok(text.to_text().into_owned().into());
    }
    match found.downcast::<Bytes>() {
        Some(bytes) => Ok(std::ffi::OsString::from_vec(bytes.as_slice().to_vec()).into()),
        None => Err(vm.type_error(format!(
            "expected str, bytes or os.PathLike object, not {}",
            type_name(object)
        ))),
    }
}

/// `open(file, mode, buffering, encoding, errors, newline, closefd, opener)`
///
/// # Errors
/// OSError; ValueError and TypeError for arguments that do not fit.
pub fn open(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(name), mode, buffering, encoding, errors, newline, ..] = args else {
        return Err(vm.system_error("open() lost its arguments"));
    };
    let mode_text = match mode.map(|m| {
        m.downcast::<Str>()
            .map(|m| m.to_text().into_owned())
            .ok_or(m)
    }) {
        None => "r".to_owned(),
        Some(Ok(text)) => text,
        Some(Err(other)) => {
            return Err(vm.type_error(format!(
                "open() argument 'mode' must be str, not {}",
                type_name(other)
            )));
        }
    };
    let mode = parse_mode(vm, &mode_text)?;
    let buffering = buffering.map_or(Ok(-1), |b| protocol::to_i64(vm, b))?;
    let encoding = text_argument(vm, *encoding, "encoding")?;
    let errors = text_argument(vm, *errors, "errors")?;
    let newline = text_argument(vm, *newline, "newline")?;
    for (given, what) in [
        (encoding.is_some(), "an encoding"),
        (errors.is_some(), "an errors"),
        (newline.is_some(), "a newline"),
    ] {
        if given && mode.binary {
            return Err(vm.value_error(format!("binary mode doesn't take {what} argument")));
        }
    }
    if buffering == 0 && !mode.binary {
        return Err(vm.value_error("can't have unbuffered text I/O"));
    }
    if let Some(newline) = newline.as_deref()
        && !matches!(newline, "" | "\n" | "\r" | "\r\n")
    {
        return Err(vm.value_error(format!("illegal newline value: {newline}")));
    }
    let encoding = match encoding
        .as_deref()
        .unwrap_or("utf-8")
        .to_lowercase()
        .replace('_', "-")
        .as_str()
    {
        "utf-8" | "utf8" | "locale" => "utf-8",
        "ascii" | "us-ascii" => "ascii",
        "latin-1" | "latin1" | "iso-8859-1" => "latin-1",
        other => {
            return Err(vm.raise(
                &vm.exceptions.LookupError,
                &format!("unknown encoding: {other}"),
            ));
        }
    };
    if name.downcast::<Int>().is_some() {
        return Err(vm.not_implemented_error("open() of a file descriptor"));
    }
    let path = path(vm, name)?;
    let readable = mode.kind == 'r' || mode.update;
    let writable = mode.kind != 'r' || mode.update;
    let opened = OpenOptions::new()
        .read(readable)
        .write(writable && mode.kind != 'a')
        .append(mode.kind == 'a')
        .truncate(mode.kind == 'w')
        .create(matches!(mode.kind, 'w' | 'a'))
        .create_new(mode.kind == 'x')
        .open(&path);
    let file = opened.and_then(|file| match file.metadata()?.is_dir() {
        true => Err(std::io::Error::from_raw_os_error(21)),
        false => Ok(file),
    });
    let file = file.map_err(|error| os_error(vm, &error, Some(name)))?;
    let stream = Rc::new(RefCell::new(Stream::new(Device::File(file))));
    let settings = |mode: String| Settings {
        mode,
        readable,
        writable,
        line_buffering: buffering == 1,
        encoding: encoding.to_owned(),
        errors: errors.clone().unwrap_or_else(|| "strict".to_owned()),
        newline: newline.clone(),
    };
    let ty = match (mode.update, readable) {
        (true, _) => &vm.types.buffered_random,
        (false, true) => &vm.types.buffered_reader,
        (false, false) => &vm.types.buffered_writer,
    };
    let binary = place(
        vm,
        ty,
        &stream,
        Some(name.to_ref()),
        None,
        settings(mode_text.replace(['b', 't'], "") + "b"),
    )?;
    if mode.binary {
        return Ok(binary);
    }
    place(
        vm,
        &vm.types.text_io_wrapper,
        &stream,
        Some(name.to_ref()),
        Some(binary),
        settings(mode_text),
    )
}
