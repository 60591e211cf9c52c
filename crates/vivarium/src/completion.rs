//! What an unfinished `import` may mean. Nothing is imported for that and no code runs: `sys.modules`, the library's paths and
//! the folders of `sys.path` are read.

use std::collections::BTreeSet;
use std::path::Path;

use viv_runtime::Vm;
use viv_runtime::object::{List, Str};
use viv_runtime::protocol;

use crate::session::{Session, add_names};

/// Whether a name can be that of a module.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

impl Session<'_> {
    /// The modules that `text`, a dotted name whose last part is unfinished, may mean; each stands for the last part alone.
    pub fn modules(&self, text: &str) -> Vec<String> {
        let (parent, prefix) = text.rsplit_once('.').unwrap_or(("", text));
        let mut names = self.submodules(parent);
        names.retain(|name| {
            // Private names are shown to who asks for them.
            name.starts_with(prefix) && (!prefix.is_empty() || !name.starts_with('_'))
        });
        names.into_iter().collect()
    }

    /// The names that `from module import prefix` may mean.
    pub fn importable(&self, module: &str, prefix: &str) -> Vec<String> {
        let mut names = self.submodules(module);
        names.retain(|name| name.starts_with(prefix));
        if let Ok(Some(module)) = self.vm.modules.get_text(self.vm, module)
            && let Some(dict) = protocol::attribute::module_dict(&module)
        {
            add_names(dict, prefix, &mut names);
        }
        if prefix.is_empty() {
            names.retain(|name| !name.starts_with('_'));
        }
        names.into_iter().collect()
    }

    /// The modules of a package, or those outside any for an empty name.
    fn submodules(&self, package: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let inside = if package.is_empty() {
            String::new()
        } else {
            format!("{package}.")
        };
        let mut add = |full: &str| {
            if let Some(rest) = full.strip_prefix(&inside) {
                let name = rest.split('.').next().unwrap_or_default();
                if is_name(name) && name != "__init__" && name != "__main__" {
                    names.insert(name.to_owned());
                }
            }
        };
        let mut loaded = BTreeSet::new();
        add_names(&self.vm.modules, &inside, &mut loaded);
        loaded.iter().for_each(|name| add(name));
        for &(name, _) in self.vm.native_modules.borrow().iter() {
            add(name);
        }
        if let Some(library) = self.vm.library.get() {
            library.builtin_names().iter().for_each(|name| add(name));
            for path in library.paths() {
                if let Some(path) = path.strip_suffix(".py") {
                    add(&path.replace('/', "."));
                }
            }
        }
        let inner = package.replace('.', "/");
        for folder in path(self.vm) {
            names.extend(in_folder(&Path::new(&folder).join(&inner)));
        }
        names
    }
}

/// The folders of `sys.path`.
fn path(vm: &Vm) -> Vec<String> {
    let list =
        (vm.sys.get_text(vm, "path").ok().flatten()).and_then(|path| path.cast::<List>().ok());
    let entries = list.map_or(Vec::new(), |list| list.snapshot());
    let text = |entry: &viv_runtime::Ref| Some(entry.downcast::<Str>()?.to_text().into_owned());
    entries
        .iter()
        .filter_map(text)
        .map(|folder| {
            if folder.is_empty() {
                ".".to_owned()
            } else {
                folder
            }
        })
        .collect()
}

/// The modules and packages that a folder holds.
fn in_folder(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let module = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        let name = match name.strip_suffix(".py") {
            Some(module) => module.to_owned(),
            None if entry.path().join("__init__.py").is_file() => name,
            None => return None,
        };
        (is_name(&name) && name != "__init__" && name != "__main__").then_some(name)
    };
    entries.flatten().filter_map(module).collect()
}
