//! The pure-Python half of the standard library, which the build has packed and compiled: its files are read one by one,
//! when asked for.

use std::io::Read;

use viv_runtime::modules::import;
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::{Str, Type, TypeTraits};
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::vm::{HashCheck, Library};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

/// The module `_vivarium`: what our own modules in Python ask of the program.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_vivarium",
    doc: "What the library's own modules ask of the program.",
    functions: &[&[
        MethodDef::new(
            "library_source",
            "($module, path, /)",
            NativeCall::One(library_source),
            "The source text of a file of the library.",
        ),
        MethodDef::new(
            "library_code",
            "($module, path, filename, /)",
            NativeCall::Positional {
                min: 2,
                max: 2,
                call: library_code,
            },
            "The code of a file of the library, or None where it has to be compiled first.",
        ),
        MethodDef::new(
            "source_hash",
            "($module, key, source, /)",
            NativeCall::Positional {
                min: 2,
                max: 2,
                call: source_hash,
            },
            "The hash of a source text that a file in __pycache__ may have in its header.",
        ),
        MethodDef::new(
            "library_has",
            "($module, path, /)",
            NativeCall::One(|vm, _, path| {
                let path = path.downcast::<Str>();
                Ok(vm.bool(path.is_some_and(|path| find(&path.to_text()).is_some())))
            }),
            "Whether the library has a file.",
        ),
        MethodDef::new(
            "library_paths",
            "($module, /)",
            NativeCall::NoArgs(|vm, _| {
                let paths = EMBEDDED.paths();
                let paths = paths.iter().map(|path| Ok(vm.new_str(path)?.upcast()));
                Ok(vm.new_list(paths.collect::<PyResult<_>>()?)?.upcast())
            }),
            "The paths of all files of the library, sorted.",
        ),
        MethodDef::new(
            "persistent_map",
            "($module, /)",
            NativeCall::NoArgs(|vm, _| Ok(crate::contextvars::hamt::Hamt::empty(vm)?.upcast())),
            "An empty map of the kind that contexts keep their values in.",
        ),
        MethodDef::new(
            "builtin_types",
            "($module, module, /, *types)",
            NativeCall::Positional {
                min: 1,
                max: usize::MAX,
                call: builtin_types,
            },
            "Makes classes that stand for builtin types of a module immutable; messages call them by their full names.",
        ),
    ]],
    fill: |vm, module| {
        let magic = u32::from_le_bytes(vm.pyc_magic());
        add_int(vm, module, "pyc_magic_number", i64::from(magic))?;
        let check = match vm.config.settings.hash_check {
            HashCheck::Always => "always",
            HashCheck::Default => "default",
            HashCheck::Never => "never",
        };
        let check = vm.intern(check)?;
        module
            .dict
            .set_text(vm, "check_hash_based_pycs", check.as_object())
    },
};

fn library_code(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let text = |at: usize| args.get(at).and_then(|arg| arg.downcast::<Str>());
    let (Some(path), Some(filename)) = (text(0), text(1)) else {
        return Err(vm.type_error("library_code() takes two strings"));
    };
    match import::library_code(vm, &path.to_text(), &filename.to_text())? {
        Some(code) => Ok(code.upcast()),
        None => Ok(vm.none_ref()),
    }
}

fn source_hash(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let (Some(key), Some(source)) = (args.first(), args.get(1)) else {
        return Err(vm.type_error("source_hash() takes a key and a text"));
    };
    let key = protocol::to_i64(vm, key)? as u64;
    let hash = require_bytes(vm, source, |source| import::cache::source_hash(key, source))?;
    Ok(vm.new_bytes(&hash)?.upcast())
}

fn builtin_types(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let Some((module, classes)) = args.split_first() else {
        return Err(vm.type_error("builtin_types() needs a module"));
    };
    let file = module
        .downcast::<Str>()
        .and_then(|module| find(&format!("{}.py", module.to_text())));
    let Some(name) = file.and_then(|file| file.0.strip_suffix(".py")) else {
        return Err(vm.value_error("builtin_types(): no such module in the library"));
    };
    for class in classes {
        let Some(class) = class.downcast::<Type>() else {
            return Err(vm.type_error("builtin_types() takes classes"));
        };
        class.module.set(name);
        class.traits.set(class.traits.get() | TypeTraits::IMMUTABLE);
    }
    Ok(vm.none_ref())
}

fn library_source(vm: &Vm, _: &Object, path: &Object) -> PyResult {
    let Some(path) = path.downcast::<Str>() else {
        return Err(vm.type_error("path must be a string"));
    };
    match EMBEDDED.read(&path.to_text()) {
        Some(text) => Ok(vm.new_bytes(&text)?.upcast()),
        None => Err(vm.raise(
            &vm.exceptions.FileNotFoundError,
            &format!("no file {} in the library", path.to_text()),
        )),
    }
}

/// A file: its path, where its text is in [`PACKED`] (from, to, length unpacked), where its code is in [`CODE`], and
/// whether that asks for its own spec or loader.
type File = (&'static str, usize, usize, usize, usize, usize, bool);

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/library.rs"));
/// The modules written here, in Python.
static OWN: &[&str] = include!(concat!(env!("OUT_DIR"), "/own.rs"));
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.bin"));
static CODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/code.bin"));
/// What tells the compiler of this program from others.
const COMPILER: u64 = include!(concat!(env!("OUT_DIR"), "/compiler.rs"));

/// The library.
pub struct Embedded;

/// The one and only.
pub static EMBEDDED: Embedded = Embedded;

fn find(path: &str) -> Option<&'static File> {
    let at = FILES.binary_search_by(|file| file.0.cmp(path)).ok()?;
    FILES.get(at)
}

impl Library for Embedded {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let &(_, start, end, size, ..) = find(path)?;
        let mut text = Vec::with_capacity(size);
        flate2::read::DeflateDecoder::new(PACKED.get(start..end)?)
            .read_to_end(&mut text)
            .ok()?;
        Some(text)
    }

    fn has(&self, path: &str) -> bool {
        find(path).is_some()
    }

    fn code(&self, path: &str) -> Option<&'static [u8]> {
        let &(.., start, end, _) = find(path)?;
        CODE.get(start..end).filter(|code| !code.is_empty())
    }

    fn rest(&self) {
        viv_system::memory::leave(CODE);
    }

    fn names_spec(&self, path: &str) -> bool {
        find(path).is_some_and(|file| file.6)
    }

    fn compiler(&self) -> u64 {
        COMPILER
    }

    fn builtin_names(&self) -> &'static [&'static str] {
        OWN
    }

    fn paths(&self) -> Vec<&'static str> {
        FILES.iter().map(|file| file.0).collect()
    }

    fn why_absent(&self, name: &str) -> Option<&'static str> {
        crate::absent::why(name)
    }
}
