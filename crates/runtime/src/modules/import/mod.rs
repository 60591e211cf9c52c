//! The import system, natively: `sys.modules`, native modules, and source files and packages on `sys.path`.
//!
//! It does what `importlib._bootstrap` does for ordinary imports, in the place of importlib's own finders; others on
//! `sys.meta_path` are asked before or after, as they stand there.
//!
//! **Invariant.** A module stands in `sys.modules` before its code runs, and is taken out again if that fails.

pub mod cache;
pub(crate) mod shadow;

use shadow::Lack;

use std::path::{Path, PathBuf};

use viv_heap::{Object, Ref};

use self::cache::Slot;
use crate::modules::import_time;
use crate::modules::make::new_module;
use crate::object::{Code, Dict, List, Module, Str, Tuple, Type};
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
use crate::vm::{CompileMode, CompileRequest, LIBRARY_FOLDER, Vm};

/// `__import__(name, globals, locals, fromlist, level)`
///
/// # Errors
/// ImportError and its subclasses; whatever the module's code raises.
pub fn import_module_level(
    vm: &Vm,
    name: &Str,
    globals: Option<&Object>,
    from_list: Option<&Object>,
    level: i64,
) -> PyResult {
    if level < 0 {
        return Err(vm.value_error("level must be >= 0"));
    }
    let from_list = from_list.filter(|f| !vm.is_none(f));
    if level == 0
        && let Some(module) = known(vm, name, from_list)?
    {
        return Ok(module);
    }
    if name.to_utf8().is_none() {
        return import_unencodable(vm, name);
    }
    let own = name.to_text().into_owned();
    if own.is_empty() && level == 0 {
        return Err(vm.value_error("Empty module name"));
    }
    let full = if level == 0 {
        own.clone()
    } else {
        absolute_name(vm, &own, globals, level)?
    };
    let module = import_name(vm, &full)?;
    let wants_names = match from_list {
        Some(list) => protocol::is_true(vm, list)?,
        None => false,
    };
    if wants_names {
        if let Some(list) = from_list
            && protocol::get_attr_opt(vm, &module, &vm.names.__path__)?.is_some()
        {
            import_submodules(vm, &module, &full, list)?;
        }
        return Ok(module);
    }
    match own.split_once('.') {
        None => Ok(module),
        Some((first, _)) if level == 0 => import_name(vm, first),
        Some((first, _)) => import_name(vm, &full[..full.len() - (own.len() - first.len())]),
    }
}

/// What an import gives that has nothing left to do: a module that is there, without names from it that may be modules.
fn known(vm: &Vm, name: &Str, from_list: Option<&Object>) -> PyResult<Option<Ref>> {
    if !name.head.is_exact::<Str>() || import_time::is_on(vm) {
        return Ok(None);
    }
    let Some(module) = vm.modules.get_str(vm, name) else {
        return Ok(None);
    };
    let simple = match from_list {
        // The first part of the name is what is bound.
        None => name.as_ascii().is_some_and(|name| !name.contains('.')),
        Some(list) => {
            list.downcast_exact::<Tuple>()
                .is_some_and(|list| !list.is_empty())
                && protocol::get_attr_opt(vm, &module, &vm.names.__path__)?.is_none()
        }
    };
    Ok((simple && !vm.is_none(&module)).then_some(module))
}

/// A module whose name has lone surrogates: no file has such a name, but `sys.modules` may.
fn import_unencodable(vm: &Vm, name: &Str) -> PyResult {
    let shown = protocol::repr(vm, &name.head)?.to_text().into_owned();
    let plain = shown.trim_matches('\'');
    if let Some(module) = vm.modules.get(vm, &name.head)? {
        import_time::cached(vm, plain);
        return Ok(module);
    }
    let absent = || {
        let raised = not_found(vm, "", "");
        let exception = vm.take_raised(raised);
        let text = vm.new_str(&format!("No module named {shown}"))?;
        protocol::set_attr(vm, &exception, &*vm.intern("msg")?, &text.head)?;
        protocol::set_attr(vm, &exception, &vm.names.name, &name.head)?;
        Err(vm.restore(exception))
    };
    if import_time::is_on(vm) {
        import_time::timed(vm, plain, absent)
    } else {
        absent()
    }
}

/// The name that a relative import means.
fn absolute_name(vm: &Vm, name: &str, globals: Option<&Object>, level: i64) -> PyResult<String> {
    let no_parent = || {
        vm.raise(
            &vm.exceptions.ImportError,
            "attempted relative import with no known parent package",
        )
    };
    let Some(globals) = globals.and_then(|g| g.downcast::<Dict>()) else {
        return Err(vm.raise(&vm.exceptions.KeyError, "'__name__' not in globals"));
    };
    let text = |key: &Str| {
        globals
            .get_str(vm, key)
            .and_then(|v| v.cast::<Str>().ok())
            .map(|s| s.to_text().into_owned())
    };
    let package = match text(&vm.names.__package__) {
        Some(package) => package,
        None => {
            let spec = globals.get_str(vm, &vm.names.__spec__);
            if spec.is_none_or(|spec| vm.is_none(&spec)) {
                let text = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
                vm.warn(&vm.exceptions.ImportWarning, text, 1)?;
            }
            match text(&vm.names.__name__) {
                Some(own) if globals.get_str(vm, &vm.names.__path__).is_some() => own,
                Some(own) => own
                    .rsplit_once('.')
                    .map_or(String::new(), |(parent, _)| parent.to_owned()),
                None => String::new(),
            }
        }
    };
    if package.is_empty() {
        return Err(no_parent());
    }
    let mut base = package.as_str();
    for _ in 1..level {
        base = match base.rsplit_once('.') {
            Some((parent, _)) => parent,
            None => {
                return Err(vm.raise(
                    &vm.exceptions.ImportError,
                    "attempted relative import beyond top-level package",
                ));
            }
        };
    }
    Ok(if name.is_empty() {
        base.to_owned()
    } else {
        format!("{base}.{name}")
    })
}

/// Imports the submodules that `from package import names` asks for and the package does not have yet.
fn import_submodules(vm: &Vm, package: &Object, full: &str, names: &Object) -> PyResult<()> {
    for name in protocol::collect(vm, names)? {
        let Some(name) = name.downcast::<Str>() else {
            return Err(vm.type_error(format!(
                "Item in ``from list'' must be str, not {}",
                type_name(&name)
            )));
        };
        if name.eq_text("*") {
            if let Some(all) = protocol::get_attr_opt(vm, package, &vm.names.__all__)? {
                let items = protocol::collect(vm, &all)?;
                let star = |n: &Ref| n.downcast::<Str>().is_some_and(|n| n.eq_text("*"));
                let items = vm.new_list(items.into_iter().filter(|n| !star(n)).collect())?;
                import_submodules(vm, package, full, &items.head)?;
            }
            continue;
        }
        let key = vm.intern_str(name)?;
        if protocol::get_attr_opt(vm, package, &key)?.is_none() {
            let child = format!("{full}.{}", name.to_text());
            if let Err(raised) = import_name(vm, &child) {
                // Only that there is no such module is no error here: the name may be missing for other reasons.
                let absent = vm.raised_is(&raised, &vm.exceptions.ModuleNotFoundError)
                    && vm.modules.get_text(vm, &child)?.is_none();
                let exception = vm.take_raised(raised);
                let named = protocol::get_attr_opt(vm, &exception, &vm.names.name)?;
                let itself = named
                    .as_ref()
                    .and_then(|n| n.downcast::<Str>())
                    .is_some_and(|n| n.eq_text(&child));
                if !(absent && itself) {
                    return Err(vm.restore(exception));
                }
            }
        }
    }
    Ok(())
}

fn not_found(vm: &Vm, name: &str, more: &str) -> Raised {
    import_error(vm, &format!("No module named '{name}'{more}"), name)
}

/// ModuleNotFoundError about a module.
fn import_error(vm: &Vm, text: &str, name: &str) -> Raised {
    let raised = vm.raise(&vm.exceptions.ModuleNotFoundError, text);
    let exception = vm.take_raised(raised);
    let named = vm
        .new_str(name)
        .and_then(|name| protocol::set_attr(vm, &exception, &vm.names.name, &name.head));
    match named {
        Ok(()) => vm.restore(exception),
        Err(raised) => raised,
    }
}

/// Imports a module by its full name, its parents first.
///
/// # Errors
/// ModuleNotFoundError; whatever the module's code raises.
pub fn import_name(vm: &Vm, full: &str) -> PyResult {
    if let Some(module) = vm.modules.get_text(vm, full)? {
        if vm.is_none(&module) {
            return Err(import_error(
                vm,
                &format!("import of {full} halted; None in sys.modules"),
                full,
            ));
        }
        import_time::cached(vm, full);
        return Ok(module);
    }
    let _depth = vm.enter_native(" while importing a module")?;
    if import_time::is_on(vm) {
        import_time::timed(vm, full, || import_absent(vm, full))
    } else {
        import_absent(vm, full)
    }
}

/// Imports a module that is not there yet.
fn import_absent(vm: &Vm, full: &str) -> PyResult {
    let (parent, tail) = match full.rsplit_once('.') {
        Some((parent, tail)) => (Some((import_name(vm, parent)?, parent)), tail),
        None => (None, full),
    };
    // The parent's code may have imported it.
    if let Some(module) = vm.modules.get_text(vm, full)? {
        return Ok(module);
    }
    let places = match &parent {
        None => vm.sys.get_str(vm, &vm.names.path),
        Some((package, name)) => match protocol::get_attr_opt(vm, package, &vm.names.__path__)? {
            Some(path) => Some(path),
            None => return Err(not_found(vm, full, &format!("; '{name}' is not a package"))),
        },
    };
    let (before, after) = finders(vm);
    let path = places.clone().filter(|_| parent.is_some());
    let module = match ask(vm, &before, full, path.as_deref())? {
        Some(module) => module,
        None => match find_and_load(vm, full, tail, places)? {
            Some(module) => module,
            None => match ask(vm, &after, full, path.as_deref())? {
                Some(module) => module,
                None => own(vm, full)?,
            },
        },
    };
    if let Some((package, _)) = &parent {
        let name = vm.intern(tail)?;
        protocol::set_attr(vm, package, &name, &module)?;
    }
    Ok(module)
}

/// Finds a module of Rust code, or on a path, and loads it.
fn find_and_load(vm: &Vm, full: &str, tail: &str, places: Option<Ref>) -> PyResult<Option<Ref>> {
    if let Some(module) = native(vm, full)? {
        return Ok(Some(module));
    }
    let list = places.clone();
    let places = places.map_or(Ok(Vec::new()), |p| protocol::collect(vm, &p))?;
    match find(vm, &places, tail) {
        Some(Found::Source { file, package }) => load(vm, full, &file, package).map(Some),
        Some(Found::Namespace(folders)) => namespace(vm, full, &folders).map(Some),
        Some(Found::ByHook) => {
            let importlib = import_name(vm, "_frozen_importlib_external")?;
            let finder = protocol::get_attr_str(vm, &importlib, "PathFinder")?;
            ask(vm, &[finder], full, list.as_deref())
        }
        None => Ok(None),
    }
}

/// The finders on `sys.meta_path` that are not importlib's own: those before the first of these, and the others. Where
/// importlib has not been loaded, all stand before.
fn finders(vm: &Vm) -> (Vec<Ref>, Vec<Ref>) {
    let path = vm.sys.get_text(vm, "meta_path").ok().flatten();
    let all = path
        .and_then(|path| path.cast::<List>().ok())
        .map(|path| path.snapshot())
        .unwrap_or_default();
    // importlib itself comes natively.
    let loading = |name: &String| name.starts_with("_frozen_importlib");
    if all.is_empty() || vm.importing.borrow().iter().any(loading) {
        return (Vec::new(), Vec::new());
    }
    let own = |finder: &Ref| {
        let name = finder.downcast::<Type>().and_then(|ty| ty.name.get());
        name.is_some_and(|name| {
            ["BuiltinImporter", "FrozenImporter", "PathFinder"]
                .iter()
                .any(|own| name.eq_text(own))
        })
    };
    let first = all.iter().position(own).unwrap_or(all.len());
    let (mut before, mut after) = (all, Vec::new());
    after.extend(before.drain(first..).filter(|finder| !own(finder)));
    (before, after)
}

/// Asks finders for a module; importlib loads what one of them finds.
fn ask(vm: &Vm, finders: &[Ref], full: &str, path: Option<&Object>) -> PyResult<Option<Ref>> {
    if finders.is_empty() {
        return Ok(None);
    }
    let (name, find_spec) = (vm.new_str(full)?, vm.intern("find_spec")?);
    for finder in finders {
        let Some(find_spec) = protocol::get_attr_opt(vm, finder, &find_spec)? else {
            continue;
        };
        let none = vm.none();
        let args: [&Object; 3] = [&name.head, path.unwrap_or(none), none];
        let spec = protocol::call_args(vm, &find_spec, &args)?;
        if !vm.is_none(&spec) {
            let importlib = import_name(vm, "_frozen_importlib")?;
            let load = protocol::get_attr_str(vm, &importlib, "_load")?;
            return protocol::call_one(vm, &load, &spec).map(Some);
        }
    }
    Ok(None)
}

/// A module of Rust code.
fn native(vm: &Vm, full: &str) -> PyResult<Option<Ref>> {
    let registered = vm
        .native_modules
        .borrow()
        .iter()
        .find(|(name, _)| *name == full)
        .map(|(_, make)| *make);
    let module: Ref<Module> = match (registered, full) {
        (Some(make), _) => make(vm)?,
        (None, "gc") => crate::modules::gc::SPEC.make(vm)?,
        (None, "itertools") => crate::modules::itertools::MODULE.make(vm)?,
        (None, "math") => crate::modules::math::MODULE.make(vm)?,
        (None, "time") => crate::modules::time::SPEC.make(vm)?,
        (None, "atexit") => crate::modules::atexit::SPEC.make(vm)?,
        (None, "_warnings") => crate::modules::warnings::SPEC.make(vm)?,
        (None, "_weakref") => crate::modules::weakref::SPEC.make(vm)?,
        (None, "_codecs") => crate::modules::codecs::SPEC.make(vm)?,
        _ => return Ok(None),
    };
    vm.modules.set_text(vm, full, &module.head)?;
    Ok(Some(module.upcast()))
}

/// A module that is no part of Python: files of this name go first.
fn own(vm: &Vm, full: &str) -> PyResult {
    if full != "heap" {
        let why = vm.library.get().and_then(|l| l.why_absent(full));
        let why = why.map_or(String::new(), |why| format!(": {why}"));
        return Err(not_found(vm, full, &why));
    }
    let module = crate::modules::heap::SPEC.make(vm)?;
    vm.modules.set_text(vm, full, &module.head)?;
    Ok(module.upcast())
}

enum Found {
    Source {
        file: PathBuf,
        package: bool,
    },
    Namespace(Vec<PathBuf>),
    /// A place that is no folder comes first, which `sys.path_hooks` may know, or code without a source.
    ByHook,
}

/// The hooks that importlib puts into `sys.path_hooks`: for zip files, the library and folders.
const OWN_HOOKS: usize = 3;

/// Whether there are hooks for places besides importlib's own.
fn has_hooks(vm: &Vm) -> bool {
    let hooks = vm.sys.get_text(vm, "path_hooks").ok().flatten();
    (hooks.as_ref().and_then(|h| h.downcast::<List>()))
        .is_some_and(|hooks| hooks.snapshot().len() > OWN_HOOKS)
}

/// Looks for a module in folders: a package, then a source file; folders without `__init__.py` make a namespace package.
fn find(vm: &Vm, places: &[Ref], tail: &str) -> Option<Found> {
    let mut folders = Vec::new();
    // While importlib itself is imported there is nobody to ask.
    let loading = |name: &String| name.starts_with("_frozen_importlib") || name == "zipimport";
    let asks = !vm.importing.borrow().iter().any(loading) && !loading(&tail.to_owned());
    if asks && has_hooks(vm) {
        return Some(Found::ByHook);
    }
    for place in places {
        let Some(place) = place.downcast::<Str>() else {
            continue;
        };
        let text = place.to_text();
        if let Some(inner) = library_path(&text) {
            match find_in_library(vm, inner, tail) {
                Some(found) => return Some(found),
                None => continue,
            }
        }
        let base = if text.is_empty() {
            std::env::current_dir().unwrap_or_default()
        } else {
            PathBuf::from(&*text)
        };
        let folder = base.join(tail);
        let is_folder = folder.is_dir();
        if is_folder {
            let init = folder.join("__init__.py");
            if init.is_file() {
                return Some(Found::Source {
                    file: init,
                    package: true,
                });
            }
            if asks && folder.join("__init__.pyc").is_file() {
                return Some(Found::ByHook);
            }
        }
        let file = base.join(format!("{tail}.py"));
        if file.is_file() {
            return Some(Found::Source {
                file,
                package: false,
            });
        }
        // importlib knows code without a source, and what is in files.
        if asks && (base.join(format!("{tail}.pyc")).is_file() || in_file(&base)) {
            return Some(Found::ByHook);
        }
        if is_folder {
            folders.push(folder);
        }
    }
    if folders.is_empty() {
        None
    } else {
        Some(Found::Namespace(folders))
    }
}

/// The path inside the library that a path means, if it is one: `""` for the library itself.
fn library_path(path: &str) -> Option<&str> {
    // The module `site` makes all places absolute: the folder's name then stands behind the current folder's.
    let at = path.find(LIBRARY_FOLDER)?;
    let (before, rest) = (&path[..at], &path[at + LIBRARY_FOLDER.len()..]);
    if !(before.is_empty() || before.starts_with('/') && before.ends_with('/')) {
        return None;
    }
    if rest.is_empty() {
        return Some("");
    }
    rest.strip_prefix('/')
}

/// The text of a source file, on disk or in the library.
///
/// # Errors
/// What reading the file gives.
pub fn read_source(vm: &Vm, path: &Path) -> std::io::Result<Vec<u8>> {
    if let Some(inner) = path.to_str().and_then(library_path) {
        return vm
            .library
            .get()
            .and_then(|library| library.read(inner))
            .ok_or_else(|| std::io::ErrorKind::NotFound.into());
    }
    std::fs::read(path)
}

fn find_in_library(vm: &Vm, folder: &str, tail: &str) -> Option<Found> {
    let library = vm.library.get()?;
    let base = if folder.is_empty() {
        tail.to_owned()
    } else {
        format!("{folder}/{tail}")
    };
    let candidates = [
        (format!("{base}/__init__.py"), true),
        (format!("{base}.py"), false),
    ];
    let (path, package) = candidates.into_iter().find(|(path, _)| library.has(path))?;
    Some(Found::Source {
        file: Path::new(LIBRARY_FOLDER).join(path),
        package,
    })
}

/// Whether a path is that of a file, or of something in a file.
fn in_file(path: &Path) -> bool {
    path.ancestors()
        .find_map(|part| std::fs::metadata(part).ok())
        .is_some_and(|found| found.is_file())
}

fn path_list(vm: &Vm, folders: &[&Path]) -> PyResult<Ref<List>> {
    let folders = folders
        .iter()
        .map(|f| Ok(vm.new_str(&f.to_string_lossy())?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    vm.new_list(folders)
}

fn namespace(vm: &Vm, full: &str, folders: &[PathBuf]) -> PyResult {
    let module = new_module(vm, full, "")?;
    let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    module.dict.set_str(vm, &vm.names.__file__, vm.none())?;
    module
        .dict
        .set_str(vm, &vm.names.__path__, &path_list(vm, &folders)?.head)?;
    module
        .dict
        .set_str(vm, &vm.names.__package__, vm.new_str(full)?.as_object())?;
    vm.modules.set_text(vm, full, &module.head)?;
    if importlib_ready(vm)? == Some(true) {
        describe(vm, &module)?;
    }
    Ok(module.upcast())
}

/// Where the code of a module comes from.
enum Origin {
    /// It has been compiled; whether it speaks of the module's spec.
    Code(Ref<Code>, bool),
    /// It is still to be compiled, and then perhaps to be kept.
    Source(Vec<u8>, Option<Slot>),
}

impl Origin {
    fn wants_spec(&self) -> bool {
        match self {
            Origin::Code(_, wanted) => *wanted,
            Origin::Source(source, _) => wants_spec(source),
        }
    }

    fn into_code(self, vm: &Vm, filename: &str) -> PyResult<Ref<Code>> {
        match self {
            Origin::Code(code, _) => Ok(code),
            Origin::Source(source, slot) => compile(vm, &source, filename, slot),
        }
    }
}

/// The code of a file: the library's own, that in `__pycache__`, or else the text.
fn origin(vm: &Vm, file: &Path, name: &Str) -> PyResult<(Origin, Option<PathBuf>)> {
    let inner = file.to_str().and_then(library_path);
    if let Some(inner) = inner
        && let Some(code) = library_code(vm, inner, &name.to_text())?
    {
        let wants_spec = (vm.library.get()).is_some_and(|library| library.names_spec(inner));
        return Ok((Origin::Code(code, wants_spec), None));
    }
    let mut slot = match inner {
        Some(_) => None,
        None => Slot::of(vm, file)?,
    };
    let cached = slot.as_ref().map(|slot| slot.path().to_owned());
    if let Some(slot) = &mut slot
        && let Some((code, wanted)) = slot.read(vm, file)?
    {
        return Ok((Origin::Code(code, wanted), cached));
    }
    let source = read_source(vm, file)
        .map_err(|error| crate::modules::io::system::os_error(vm, &error, Some(&name.head)))?;
    Ok((Origin::Source(source, slot), cached))
}

/// The code of a file of the library, by its path there, under the name that it is to have; nothing where it has to be
/// compiled first.
///
/// # Errors
/// MemoryError
pub fn library_code(vm: &Vm, path: &str, filename: &str) -> PyResult<Option<Ref<Code>>> {
    let library = vm.library.get().filter(|_| vm.config.optimize == 0);
    match library.and_then(|library| library.code(path)) {
        Some(body) => {
            let code = crate::eval::code::embedded_code(vm, body, filename)?;
            library_was_read(vm, FILE);
            Ok(Some(code))
        }
        None => Ok(None),
    }
}

/// What reading a file of the library's code counts, where a function's body counts one.
const FILE: u32 = 8;
/// After this much the pages that were read are given back.
const READ_AT_ONCE: u32 = 64;

/// Counts what is read of the library's code, and lets it rest now and then: it is a large part of the program's file, most
/// of which is read once.
pub(crate) fn library_was_read(vm: &Vm, much: u32) {
    let read = vm.library_read.get() + much;
    vm.library_read.set(read % READ_AT_ONCE);
    if read >= READ_AT_ONCE
        && let Some(library) = vm.library.get()
    {
        library.rest();
    }
}

/// Compiles a module's text, and keeps the code.
fn compile(vm: &Vm, source: &[u8], filename: &str, slot: Option<Slot>) -> PyResult<Ref<Code>> {
    let request = CompileRequest {
        source,
        filename,
        mode: CompileMode::Exec,
        flags: 0,
        optimize: vm.config.optimize,
    };
    let code = vm.compiler.compile(vm, &request)?;
    if let Some(slot) = slot
        && cache::may_write(vm)?
    {
        slot.write(vm, source, &code);
    }
    crate::eval::make_code(vm, &code)
}

fn load(vm: &Vm, full: &str, file: &Path, package: bool) -> PyResult {
    let name = vm.new_str(&file.to_string_lossy())?;
    let (origin, cached) = origin(vm, file, &name)?;
    let module = new_module(vm, full, "")?;
    module.dict.set_str(vm, &vm.names.__file__, &name.head)?;
    if let Some(cached) = cached {
        let cached = vm.new_str(&cached.to_string_lossy())?;
        module
            .dict
            .set_str(vm, &vm.names.__cached__, &cached.head)?;
    }
    module
        .dict
        .set_str(vm, &vm.names.__builtins__, &vm.builtins.head)?;
    if package {
        let folder = file.parent().unwrap_or(Path::new(""));
        module
            .dict
            .set_str(vm, &vm.names.__path__, &path_list(vm, &[folder])?.head)?;
        module
            .dict
            .set_str(vm, &vm.names.__package__, vm.new_str(full)?.as_object())?;
    }
    vm.modules.set_text(vm, full, &module.head)?;
    let run = || -> PyResult<()> {
        match importlib_ready(vm)? {
            Some(true) => describe(vm, &module)?,
            None if origin.wants_spec() => describe(vm, &module)?,
            _ => {}
        }
        let code = origin.into_code(vm, &name.to_text())?;
        crate::eval::run_code(vm, &code, &module.dict, Some(&module.dict.head))?;
        if full == "linecache" {
            crate::modules::typed_source::tell(vm, &module)?;
        }
        Ok(())
    };
    let key = vm.new_str(full)?;
    vm.importing.borrow_mut().push(full.to_owned());
    let done = run();
    vm.importing.borrow_mut().retain(|name| name != full);
    if let Err(raised) = done {
        let exception = vm.take_raised(raised);
        if let Err(second) = vm.modules.remove(vm, &key.head) {
            drop(vm.take_raised(second));
        }
        return Err(vm.restore(exception));
    }
    // The code may have put another object in its place.
    Ok(vm
        .modules
        .get_text(vm, full)?
        .unwrap_or_else(|| module.upcast()))
}

/// Whether the code of a module has not come to its end yet.
///
/// # Errors
/// What looking at the module's `__spec__` raises.
pub fn is_initializing(vm: &Vm, module: &Object) -> PyResult<bool> {
    let Some(module) = module.downcast::<Module>() else {
        return Ok(false);
    };
    let own = |name: &Str| vm.importing.borrow().iter().any(|n| name.eq_text(n));
    let name = module.dict.get_str(vm, &vm.names.__name__);
    if name
        .as_ref()
        .and_then(|n| n.downcast::<Str>())
        .is_some_and(own)
    {
        return Ok(true);
    }
    let spec = module.dict.get_str(vm, &vm.names.__spec__);
    let Some(spec) = spec.filter(|s| !vm.is_none(s)) else {
        return Ok(false);
    };
    match protocol::get_attr_opt(vm, &spec, &*vm.intern("_initializing")?)? {
        Some(flag) => protocol::is_true(vm, &flag),
        None => Ok(false),
    }
}

/// `from module import name`
///
/// # Errors
/// ImportError with CPython's wording.
pub fn import_from(vm: &Vm, module: &Object, name: &Str) -> PyResult {
    if let Some(value) = protocol::get_attr_opt(vm, module, name)? {
        return Ok(value);
    }
    let text = |key: &Str| -> PyResult<Option<String>> {
        Ok(protocol::get_attr_opt(vm, module, key)?
            .and_then(|v| v.cast::<Str>().ok())
            .map(|s| s.to_text().into_owned()))
    };
    let package = text(&vm.names.__name__)?;
    if let Some(package) = &package
        && let Some(found) = vm
            .modules
            .get_text(vm, &format!("{package}.{}", name.to_text()))?
    {
        return Ok(found);
    }
    let file = text(&vm.names.__file__)?;
    let shown = package
        .clone()
        .unwrap_or_else(|| "<unknown module name>".to_owned());
    let place = file.as_deref().unwrap_or("unknown location");
    let name_text = name.to_text();
    let lack = Lack::of(vm, module)?;
    let text = match lack {
        Lack::Circular => format!(
            "cannot import name '{name_text}' from partially initialized module '{shown}' (most likely due to a circular import) ({place})"
        ),
        lack => {
            let more = lack.advice(&shown).unwrap_or_else(|| format!("({place})"));
            format!("cannot import name '{name_text}' from '{shown}' {more}")
        }
    };
    let raised = vm.raise(&vm.exceptions.ImportError, &text);
    let exception = vm.take_raised(raised);
    let name_from = vm.intern("name_from")?;
    protocol::set_attr(vm, &exception, &name_from, &name.head)?;
    if let Some(package) = package {
        protocol::set_attr(
            vm,
            &exception,
            &vm.names.name,
            vm.new_str(&package)?.as_object(),
        )?;
    }
    if let Some(file) = file {
        protocol::set_attr(
            vm,
            &exception,
            &vm.names.path,
            vm.new_str(&file)?.as_object(),
        )?;
    }
    Err(vm.restore(exception))
}

/// `from module import *`: puts the public names into a namespace.
///
/// # Errors
/// AttributeError, TypeError
pub fn import_star(vm: &Vm, module: &Object, namespace: &Object) -> PyResult<()> {
    let all = protocol::get_attr_opt(vm, module, &vm.names.__all__)?;
    let explicit = all.is_some();
    let names = match all {
        Some(all) => protocol::collect(vm, &all)?,
        None => match protocol::get_attr_opt(vm, module, &vm.names.__dict__)? {
            Some(dict) => match dict.downcast::<Dict>() {
                Some(dict) => dict.snapshot().into_iter().map(|(key, _)| key).collect(),
                None => protocol::collect(vm, &dict)?,
            },
            None => {
                return Err(vm.raise(
                    &vm.exceptions.ImportError,
                    "from-import-* object has no __dict__ and no __all__",
                ));
            }
        },
    };
    for name in names {
        let Some(text) = name.downcast::<Str>() else {
            let what = if explicit { "Item in" } else { "Key in" };
            let place = if explicit { "__all__" } else { "__dict__" };
            let owner = match module
                .downcast::<Module>()
                .and_then(|m| m.dict.get_str(vm, &vm.names.__name__))
            {
                Some(owner) => protocol::str(vm, &owner)?.to_text().into_owned(),
                None => String::new(),
            };
            return Err(vm.type_error(format!(
                "{what} {owner}.{place} must be str, not {}",
                type_name(&name)
            )));
        };
        if !explicit && text.char_at(0) == Some(u32::from(b'_')) {
            continue;
        }
        let key = vm.intern_str(text)?;
        let value = protocol::get_attr(vm, module, &key)?;
        protocol::set_item(vm, namespace, &name, &value)?;
    }
    Ok(())
}

/// A module that is to run as `__main__`.
pub struct MainModule {
    /// Its full name; `__main__` of a package where that was asked for.
    pub name: String,
    /// The package it is in, empty for none.
    pub package: String,
    /// Its file, or a path in the library.
    pub file: PathBuf,
    /// Where its code is kept, for `__cached__`.
    pub cached: Option<PathBuf>,
    origin: Origin,
}

impl MainModule {
    /// As [`wants_spec`].
    pub fn wants_spec(&self) -> bool {
        self.origin.wants_spec()
    }

    /// The module's code, which is kept for the next time.
    ///
    /// # Errors
    /// SyntaxError
    pub fn into_code(self, vm: &Vm) -> PyResult<Ref<Code>> {
        self.origin.into_code(vm, &self.file.to_string_lossy())
    }
}

/// Looks for a module to run, importing the packages it is in. Where it is no source file in a folder, or not there at all,
/// the library's `runpy` knows what to do, or to say.
///
/// # Errors
/// What the packages raise; OSError from reading the file.
pub fn find_main(vm: &Vm, name: &str) -> PyResult<Option<MainModule>> {
    if name.split('.').any(str::is_empty) {
        return Ok(None);
    }
    let (places, tail) = match name.rsplit_once('.') {
        None => (vm.sys.get_str(vm, &vm.names.path), name),
        Some((parent, tail)) => {
            let package = match import_name(vm, parent) {
                Ok(package) => package,
                Err(raised) if vm.raised_is(&raised, &vm.exceptions.ModuleNotFoundError) => {
                    drop(vm.take_raised(raised));
                    return Ok(None);
                }
                Err(raised) => return Err(raised),
            };
            if vm.modules.get_text(vm, name)?.is_some() {
                // It is imported already, which wants a warning.
                return Ok(None);
            }
            match protocol::get_attr_opt(vm, &package, &vm.names.__path__)? {
                Some(path) => (Some(path), tail),
                None => return Ok(None),
            }
        }
    };
    let places = places.map_or(Ok(Vec::new()), |p| protocol::collect(vm, &p))?;
    let file = match find(vm, &places, tail) {
        Some(Found::Source {
            file,
            package: false,
        }) => file,
        // A package runs its `__main__`.
        Some(Found::Source { package: true, .. }) if tail != "__main__" => {
            return find_main(vm, &format!("{name}.__main__"));
        }
        _ => return Ok(None),
    };
    let (origin, cached) = origin(vm, &file, &*vm.new_str(&file.to_string_lossy())?)?;
    Ok(Some(MainModule {
        name: name.to_owned(),
        package: name.rsplit_once('.').map_or("", |(p, _)| p).to_owned(),
        file,
        cached,
        origin,
    }))
}

/// Whether importlib has been loaded; `Some(false)` where a script has blocked it with None in `sys.modules`.
fn importlib_ready(vm: &Vm) -> PyResult<Option<bool>> {
    let known = vm.modules.get_text(vm, "_frozen_importlib_external")?;
    Ok(known.map(|module| !vm.is_none(&module)))
}

/// Whether a source speaks of what importlib knows about a module: then it must know it before the source runs. Other modules
/// get it when somebody asks.
pub fn wants_spec(source: &[u8]) -> bool {
    ["__loader__", "__spec__"]
        .iter()
        .any(|name| memchr::memmem::find(source, name.as_bytes()).is_some())
}

/// Gives a module its `__spec__` and `__loader__`, which the native importer leaves out.
///
/// # Errors
/// MemoryError
pub fn describe(vm: &Vm, module: &Module) -> PyResult<()> {
    let loading = |name: &String| name.starts_with("_frozen_importlib") || name == "zipimport";
    if vm.importing.borrow().iter().any(loading) {
        return Ok(());
    }
    // A script may have blocked it: then nobody knows more.
    if importlib_ready(vm)? == Some(false) {
        return Ok(());
    }
    let importlib = import_name(vm, "_frozen_importlib_external")?;
    let fill = protocol::get_attr_str(vm, &importlib, "fill")?;
    protocol::call_one(vm, &fill, &module.head).map(drop)
}
