//! A script's own file that hides a module of the same name: what the messages about missing attributes and names say of it.

use std::path::{Path, PathBuf};

use viv_heap::Object;

use crate::modules::sys::stdlib_names::STDLIB_MODULE_NAMES;
use crate::object::{Module, Str};
use crate::result::PyResult;
use crate::vm::Vm;

/// What is wrong with a module that lacks something.
pub enum Lack {
    /// Its file, which has the name of a module of the standard library.
    HidesLibrary(String),
    /// Its file, which may have the name of a library; the module is not yet complete.
    MayHide(String),
    /// The module is not yet complete: imports go in a circle.
    Circular,
    /// Nothing that we know of.
    Nothing,
}

impl Lack {
    /// Looks at a module.
    ///
    /// # Errors
    /// What looking at its `__spec__` raises.
    pub fn of(vm: &Vm, module: &Object) -> PyResult<Lack> {
        let file = first_on_path(vm, module);
        let name = module
            .downcast::<Module>()
            .and_then(|module| module.dict.get_str(vm, &vm.names.__name__));
        let library = name.as_ref().and_then(|name| name.downcast::<Str>());
        let library = library.is_some_and(|name| STDLIB_MODULE_NAMES.contains(&&*name.to_text()));
        if let (Some(file), true) = (&file, library) {
            return Ok(Lack::HidesLibrary(file.clone()));
        }
        Ok(match (super::is_initializing(vm, module)?, file) {
            (true, Some(file)) => Lack::MayHide(file),
            (true, None) => Lack::Circular,
            (false, _) => Lack::Nothing,
        })
    }

    /// Advice to rename the file, in parentheses; nothing where that would not help.
    pub fn advice(&self, module: &str) -> Option<String> {
        match self {
            Lack::HidesLibrary(file) => Some(format!(
                "(consider renaming '{file}' since it has the same name as the standard library module named '{module}' and prevents importing that standard library module)"
            )),
            Lack::MayHide(file) => Some(format!(
                "(consider renaming '{file}' if it has the same name as a library you intended to import)"
            )),
            Lack::Circular | Lack::Nothing => None,
        }
    }
}

/// The file of a module that lies in the folder that is searched first: that of the script, or the current one.
fn first_on_path(vm: &Vm, module: &Object) -> Option<String> {
    if vm.config.flags.safe_path {
        return None;
    }
    let module = module.downcast::<Module>()?;
    let file = module.dict.get_str(vm, &vm.names.__file__)?;
    let file = file.downcast::<Str>()?.to_text().into_owned();
    let path = Path::new(&file);
    let mut folder = path.parent()?;
    // A package is its folder.
    if path.file_name()? == "__init__.py" {
        folder = folder.parent()?;
    }
    let first = match vm.config.path.first().map(String::as_str) {
        Some("") | None => std::env::current_dir().ok()?,
        Some(first) => PathBuf::from(first),
    };
    (folder == first).then_some(file)
}
