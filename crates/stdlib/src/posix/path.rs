//! The paths that functions of `posix` are given: text, bytes or what has `__fspath__`, and for some of them the number of
//! an open file or nothing.

use viv_runtime::modules::io::system;
use viv_runtime::object::{Bytes, Int, Str, Type};
use viv_runtime::types::codec::utf8;
use viv_runtime::{Object, PyResult, Ref, Vm, protocol};

/// What a function takes for a path beside text, bytes and path objects.
#[derive(Clone, Copy)]
pub(super) struct Accepts {
    /// The function's name, for its errors.
    pub function: &'static str,
    /// The argument's name, for the same.
    pub argument: &'static str,
    /// Whether the number of an open file will do.
    pub number: bool,
    /// Whether None will do.
    pub none: bool,
}

impl Accepts {
    /// Of a function that takes a path and nothing else.
    pub const fn path(function: &'static str) -> Accepts {
        Accepts {
            function,
            argument: "path",
            number: false,
            none: false,
        }
    }

    const fn sorts(self) -> &'static str {
        match (self.number, self.none) {
            (false, false) => "string, bytes or os.PathLike",
            (true, false) => "string, bytes, os.PathLike or integer",
            (false, true) => "string, bytes, os.PathLike or None",
            (true, true) => "string, bytes, os.PathLike, integer or None",
        }
    }
}

/// The name of a file as the system takes it.
pub(super) struct Name {
    /// Text or bytes, which errors tell.
    pub object: Ref,
    /// The bytes of a text that is not ASCII.
    encoded: Option<Ref<Bytes>>,
}

impl Name {
    /// The name in the system's encoding; there is no null among its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        if let Some(encoded) = &self.encoded {
            return encoded.as_slice();
        }
        match self.object.downcast::<Str>() {
            Some(text) => text.as_ascii().map_or(&[], str::as_bytes),
            None => self.object.downcast::<Bytes>().map_or(&[], Bytes::as_slice),
        }
    }

    /// Whether names that come of it are bytes.
    pub fn is_bytes(&self) -> bool {
        self.object.downcast::<Bytes>().is_some()
    }
}

/// A path argument.
pub(super) enum Given {
    /// A name.
    Name(Name),
    /// The number of an open file.
    Number(i32),
    /// None.
    Nothing,
}

/// The path of a function that takes nothing else.
///
/// # Errors
/// TypeError: "stat: path should be string, bytes or os.PathLike, not int"; UnicodeEncodeError; ValueError.
pub(super) fn name(vm: &Vm, function: &'static str, object: &Object) -> PyResult<Name> {
    named(vm, Accepts::path(function), object)
}

/// As [`name`], for an argument of another name.
///
/// # Errors
/// As [`name`]
pub(super) fn named(vm: &Vm, accepts: Accepts, object: &Object) -> PyResult<Name> {
    match given(vm, accepts, object)? {
        Given::Name(name) => Ok(name),
        Given::Number(_) | Given::Nothing => Err(unfit(vm, accepts, object)),
    }
}

/// A path argument.
///
/// # Errors
/// As [`name`]; OverflowError of numbers of files.
pub(super) fn given(vm: &Vm, accepts: Accepts, object: &Object) -> PyResult<Given> {
    if accepts.none && vm.is_none(object) {
        return Ok(Given::Nothing);
    }
    if let Some(name) = plain(vm, accepts, object)? {
        return Ok(Given::Name(name));
    }
    if accepts.number && is_index(object) {
        return number(vm, object).map(Given::Number);
    }
    let Some(found) = protocol::call_special(vm, object, &vm.names.__fspath__, &[])? else {
        return Err(unfit(vm, accepts, object));
    };
    match plain(vm, accepts, &found)? {
        Some(name) => Ok(Given::Name(name)),
        None => Err(vm.type_error(format!(
            "expected {}.__fspath__() to return str or bytes, not {}",
            protocol::type_name(object),
            protocol::type_name(&found)
        ))),
    }
}

/// The name that text or bytes are.
fn plain(vm: &Vm, accepts: Accepts, object: &Object) -> PyResult<Option<Name>> {
    let mut encoded = None;
    if let Some(text) = object.downcast::<Str>() {
        if !text.is_ascii() {
            encoded = Some(utf8::encode(vm, text, "surrogateescape")?);
        }
    } else if object.downcast::<Bytes>().is_none() {
        return Ok(None);
    }
    let name = Name {
        object: object.to_ref(),
        encoded,
    };
    if name.as_bytes().contains(&0) {
        let Accepts {
            function, argument, ..
        } = accepts;
        return Err(vm.value_error(format!("{function}: embedded null character in {argument}")));
    }
    Ok(Some(name))
}

#[cold]
fn unfit(vm: &Vm, accepts: Accepts, object: &Object) -> viv_runtime::Raised {
    vm.type_error(format!(
        "{}: {} should be {}, not {}",
        accepts.function,
        accepts.argument,
        accepts.sorts(),
        protocol::type_name(object)
    ))
}

fn is_index(object: &Object) -> bool {
    Type::of(object).slots.index.get().is_some()
}

/// The number of an open file.
fn number(vm: &Vm, object: &Object) -> PyResult<i32> {
    let number = protocol::index(vm, object)?;
    let known = number.downcast::<Int>().and_then(Int::as_i64);
    match known.map(i32::try_from) {
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) if known.is_some_and(|n| n < 0) => {
            Err(vm.overflow_error("fd is less than minimum"))
        }
        _ => Err(vm.overflow_error("fd is greater than maximum")),
    }
}

/// `os.fspath(path)`
pub(super) fn fspath(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    match args {
        [Some(path)] => system::fspath(vm, path),
        _ => Ok(vm.none_ref()),
    }
}

/// Refuses a folder that a name would be relative to.
///
/// # Errors
/// TypeError; NotImplementedError: "dir_fd unavailable on this platform"
pub(super) fn no_folder(vm: &Vm, folder: Option<&Object>) -> PyResult<()> {
    let Some(folder) = folder.filter(|folder| !vm.is_none(folder)) else {
        return Ok(());
    };
    if !is_index(folder) {
        let given = protocol::type_name(folder);
        return Err(vm.type_error(format!("argument should be integer or None, not {given}")));
    }
    Err(vm.raise(
        &vm.exceptions.NotImplementedError,
        "dir_fd unavailable on this platform",
    ))
}
