//! Writing classes and functions by the names under which modules have them.

use viv_runtime::modules::import::{import_module_level, import_name};
use viv_runtime::object::{Dict, Str, Tuple};
use viv_runtime::protocol;
use viv_runtime::types::codec::Codec;
use viv_runtime::types::sequence::builtin_function;
use viv_runtime::{Object, PyResult, Raised, Ref, Vm};

use super::opcodes::*;
use super::save::{MANY, Saver, Seen};
use super::{cannot_pickle, module_dict};

/// Imports a module whose name comes from elsewhere.
///
/// # Errors
/// ImportError, ValueError; whatever the module's code raises.
pub fn import(vm: &Vm, name: &Str) -> PyResult {
    match name.to_utf8() {
        Some(text) if !text.is_empty() => import_name(vm, &text),
        _ => import_module_level(vm, name, None, None, 0),
    }
}

/// `object.a.b.c`
pub fn dotted(vm: &Vm, object: &Object, path: &Str) -> PyResult {
    if path.as_ascii().is_some_and(|path| !path.contains('.')) {
        return protocol::get_attr(vm, object, &*vm.intern_str(path)?);
    }
    let mut found = object.to_ref();
    for name in parts(vm, path)? {
        found = protocol::get_attr(vm, &found, &name)?;
    }
    Ok(found)
}

/// The names in a path.
fn parts(vm: &Vm, path: &Str) -> PyResult<Vec<Ref<Str>>> {
    if let Some(text) = path.as_ascii() {
        return text.split('.').map(|name| vm.intern(name)).collect();
    }
    let points: Vec<u32> = path.chars().collect();
    let names = points.split(|c| *c == u32::from('.'));
    names.map(|name| vm.new_str_points(name)).collect()
}

/// What a mapping of `_compat_pickle` has for a name of a module.
pub fn renamed(
    vm: &Vm,
    table: &str,
    module: &Str,
    name: &Str,
) -> PyResult<Option<(Ref<Str>, Ref<Str>)>> {
    let key = vm.tuple_of(&[module, name])?;
    let Some(found) = module_dict(vm, "_compat_pickle", table)?.get(vm, &key)? else {
        return Ok(None);
    };
    let pair = found.downcast::<Tuple>().map(Tuple::as_slice);
    let Some([module, name]) = pair else {
        return Err(bad_table(vm, table, "2-tuples", &found));
    };
    match (module.clone().cast::<Str>(), name.clone().cast::<Str>()) {
        (Ok(module), Ok(name)) => Ok(Some((module, name))),
        _ => Err(bad_table(vm, table, "pairs of str", &found)),
    }
}

/// What a mapping of `_compat_pickle` has for a module.
pub fn renamed_module(vm: &Vm, table: &str, module: &Str) -> PyResult<Option<Ref<Str>>> {
    let Some(found) = module_dict(vm, "_compat_pickle", table)?.get(vm, module)? else {
        return Ok(None);
    };
    match found.cast::<Str>() {
        Ok(module) => Ok(Some(module)),
        Err(other) => Err(bad_table(vm, table, "strings", &other)),
    }
}

#[cold]
fn bad_table(vm: &Vm, table: &str, wanted: &str, given: &Object) -> Raised {
    vm.runtime_error(format!(
        "_compat_pickle.{table} values should be {wanted}, not {}",
        protocol::type_name(given)
    ))
}

impl Saver<'_> {
    /// PicklingError about an object, the exception under way being its context.
    #[cold]
    fn because(
        &self,
        raised: Raised,
        object: &Object,
        why: impl FnOnce(&Object) -> PyResult<String>,
    ) -> Raised {
        let vm = self.vm;
        let exception = vm.take_raised(raised);
        let make = || -> PyResult<Raised> {
            let shown = protocol::repr(vm, object)?;
            Ok(cannot_pickle(
                vm,
                format!("Can't pickle {}: {}", shown.to_text(), why(&exception)?),
            ))
        };
        let raised = match make() {
            Ok(raised) | Err(raised) => raised,
        };
        let new = vm.take_raised(raised);
        viv_runtime::types::exception::chain(&new, exception);
        vm.restore(new)
    }

    /// The module in which an object stands under a name.
    fn which_module(&self, object: &Object, name: &Str) -> PyResult<Ref<Str>> {
        let vm = self.vm;
        let path = name.to_text();
        if path.split('.').any(|part| part == "<locals>") {
            let shown = protocol::repr(vm, object)?;
            return Err(cannot_pickle(
                vm,
                format!("Can't pickle local object {}", shown.to_text()),
            ));
        }
        let own = protocol::get_attr_opt(vm, object, &vm.names.__module__)?;
        let module = match own.filter(|module| !vm.is_none(module)) {
            Some(module) => module,
            None => self.search_modules(object, name)?,
        };
        let Ok(module) = module.cast::<Str>() else {
            let shown = protocol::repr(vm, object)?;
            return Err(cannot_pickle(
                vm,
                format!(
                    "Can't pickle {}: the name of its module is no string",
                    shown.to_text()
                ),
            ));
        };
        let imported = import(vm, &module).map_err(|raised| {
            if !vm.raised_is(&raised, &vm.exceptions.ImportError)
                && !vm.raised_is(&raised, &vm.exceptions.ValueError)
            {
                return raised;
            }
            self.because(raised, object, |exception| {
                Ok(protocol::str(vm, exception)?.to_text().into_owned())
            })
        })?;
        let found = dotted(vm, &imported, name).map_err(|raised| {
            if !vm.raised_is(&raised, &vm.exceptions.AttributeError) {
                return raised;
            }
            self.because(raised, object, |_| {
                Ok(format!("it's not found as {}.{path}", module.to_text()))
            })
        })?;
        if !found.is(object) {
            let shown = protocol::repr(vm, object)?;
            return Err(cannot_pickle(
                vm,
                format!(
                    "Can't pickle {}: it's not the same object as {}.{path}",
                    shown.to_text(),
                    module.to_text()
                ),
            ));
        }
        Ok(module)
    }

    /// The name of the imported module that has an object, else `__main__`.
    fn search_modules(&self, object: &Object, path: &Str) -> PyResult {
        let vm = self.vm;
        for (name, module) in vm.modules.snapshot() {
            let own = name.downcast::<Str>();
            let own = own.is_some_and(|n| n.eq_text("__main__") || n.eq_text("__mp_main__"));
            if own || vm.is_none(&module) {
                continue;
            }
            match dotted(vm, &module, path) {
                Ok(found) if found.is(object) => return Ok(name),
                Ok(_) => {}
                Err(raised) => {
                    vm.swallow::<()>(raised, &vm.exceptions.AttributeError)?;
                }
            }
        }
        Ok(vm.names.__main__.clone().upcast())
    }

    /// Writes an object by its name; `name` is what its `__reduce__` has given.
    pub fn save_global(&mut self, object: &Object, name: Option<&Str>) -> PyResult<()> {
        let vm = self.vm;
        self.expect_python();
        let name: Ref<Str> = match name {
            Some(name) => Ref::of(name),
            None => {
                let found = match protocol::get_attr_opt(vm, object, &vm.names.__qualname__)? {
                    Some(name) => name,
                    None => protocol::get_attr(vm, object, &vm.names.__name__)?,
                };
                found.cast::<Str>().map_err(|other| {
                    vm.type_error(format!(
                        "__qualname__ must be str, not {}",
                        protocol::type_name(&other)
                    ))
                })?
            }
        };
        let module = self.which_module(object, &name)?;
        if self.protocol >= 2 && self.save_extension(object, &module, &name)? {
            return Ok(());
        }
        if self.protocol >= 4 {
            self.save(&module, 1)?;
            self.save(&name, 1)?;
            self.out.push(&[STACK_GLOBAL]);
        } else {
            self.save_path(&module, &name)?;
        }
        self.memoize(Seen {
            object,
            fresh: false,
        });
        Ok(())
    }

    /// Writes the number that `copyreg` has given to a name, if it has.
    fn save_extension(&mut self, object: &Object, module: &Str, name: &Str) -> PyResult<bool> {
        let vm = self.vm;
        let registry: Ref<Dict> = module_dict(vm, "copyreg", "_extension_registry")?;
        if registry.is_empty() {
            return Ok(false);
        }
        let key = vm.tuple_of(&[module, name])?;
        let Some(code) = registry.get(vm, &key)? else {
            return Ok(false);
        };
        let code = protocol::to_i64(vm, &*protocol::index(vm, &code)?)?;
        let known = i32::try_from(code).ok().filter(|number| *number > 0);
        let Some(number) = known else {
            let shown = protocol::repr(vm, object)?;
            return Err(vm.runtime_error(format!(
                "Can't pickle {}: extension code {code} is out of range",
                shown.to_text()
            )));
        };
        let [a, b, c, d] = number.to_le_bytes();
        match number {
            1..=0xff => self.out.push(&[EXT1, a]),
            0x100..=0xffff => self.out.push(&[EXT2, a, b]),
            _ => self.out.push(&[EXT4, a, b, c, d]),
        }
        Ok(true)
    }

    /// Writes a name for protocols before 4: a dotted one as calls of `getattr`.
    fn save_path(&mut self, module: &Str, name: &Str) -> PyResult<()> {
        let vm = self.vm;
        let names = parts(vm, name)?;
        let (first, rest) = match &names[..] {
            [first, rest @ ..] if !rest.is_empty() => (first, rest),
            _ => return self.save_top_level(module, name),
        };
        let getattr = builtin_function(vm, "getattr")?;
        for _ in rest {
            self.save(&getattr, 1)?;
            if self.protocol < 2 {
                self.out.push(&[MARK]);
            }
        }
        self.save_top_level(module, first)?;
        for part in rest {
            self.save(part, MANY)?;
            self.out
                .push(&[if self.protocol < 2 { TUPLE } else { TUPLE2 }, REDUCE]);
        }
        Ok(())
    }

    fn save_top_level(&mut self, module: &Str, name: &Str) -> PyResult<()> {
        let vm = self.vm;
        let (mut module, mut name): (Ref<Str>, Ref<Str>) = (Ref::of(module), Ref::of(name));
        let codec = if self.protocol >= 3 {
            Codec::Utf8
        } else {
            if self.fix_imports {
                if let Some(old) = renamed(vm, "REVERSE_NAME_MAPPING", &module, &name)? {
                    (module, name) = old;
                } else if let Some(old) = renamed_module(vm, "REVERSE_IMPORT_MAPPING", &module)? {
                    module = old;
                }
            }
            Codec::Ascii
        };
        self.out.push(&[GLOBAL]);
        for (what, text) in [("module", &module), ("global", &name)] {
            let encoded = codec.encode(vm, text, "strict").map_err(|raised| {
                if !vm.raised_is(&raised, &vm.exceptions.UnicodeEncodeError) {
                    return raised;
                }
                self.unencodable(raised, what, text)
            })?;
            self.out.push_with(encoded.as_slice(), b"\n");
        }
        Ok(())
    }

    #[cold]
    fn unencodable(&self, raised: Raised, what: &str, text: &Str) -> Raised {
        let vm = self.vm;
        let exception = vm.take_raised(raised);
        let raised = match protocol::repr(vm, text) {
            Ok(shown) => cannot_pickle(
                vm,
                format!(
                    "can't pickle {what} identifier {} using pickle protocol {}",
                    shown.to_text(),
                    self.protocol
                ),
            ),
            Err(raised) => raised,
        };
        let new = vm.take_raised(raised);
        viv_runtime::types::exception::chain(&new, exception);
        vm.restore(new)
    }
}
