//! Reading: the opcodes that fill containers and make objects, and the memo.

use std::collections::BTreeMap;

use viv_runtime::object::{Dict, List, Set, Str, Tuple, Type};
use viv_runtime::protocol;
use viv_runtime::types::memoryview::view_of;
use viv_runtime::types::object::attributes::enter_own;
use viv_runtime::{NamedArgs, Object, PyResult, Ref, Vm};

use super::buffer::is_readonly;
use super::global::{dotted, import, renamed, renamed_module};
use super::input::Source;
use super::load::Loader;
use super::{cannot_unpickle, module_dict};

/// Numbers that leave more places empty than this are kept apart.
const GAP: usize = 4096;

/// The objects of a pickle by their numbers.
#[derive(Default)]
pub struct LoadMemo {
    dense: Vec<Option<Ref>>,
    sparse: BTreeMap<usize, Ref>,
    len: usize,
}

impl LoadMemo {
    /// A memo with room for this many objects.
    pub fn with_room(room: usize) -> LoadMemo {
        LoadMemo {
            dense: Vec::with_capacity(room),
            ..LoadMemo::default()
        }
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The object with a number.
    #[inline]
    pub fn get(&self, number: usize) -> Option<Ref> {
        match self.dense.get(number) {
            Some(Some(object)) => Some(object.clone()),
            _ => self.sparse.get(&number).cloned(),
        }
    }

    /// Gives an object a number; gives the one that had it.
    #[inline]
    pub fn put(&mut self, number: usize, object: Ref) -> Option<Ref> {
        if number == self.dense.len() && self.sparse.is_empty() {
            self.dense.push(Some(object));
            self.len += 1;
            return None;
        }
        self.put_anywhere(number, object)
    }

    fn put_anywhere(&mut self, number: usize, object: Ref) -> Option<Ref> {
        let old = if number < self.dense.len() + GAP {
            if number >= self.dense.len() {
                self.dense.resize(number + 1, None);
            }
            let apart = self.sparse.remove(&number);
            apart.or(self.dense[number].replace(object))
        } else {
            self.sparse.insert(number, object)
        };
        self.len += usize::from(old.is_none());
        old
    }

    /// Handles of all objects with their numbers.
    pub fn snapshot(&self) -> Vec<(usize, Ref)> {
        let dense = self.dense.iter().enumerate();
        let dense = dense.filter_map(|(number, object)| Some((number, object.clone()?)));
        let sparse = self
            .sparse
            .iter()
            .map(|(number, object)| (*number, object.clone()));
        dense.chain(sparse).collect()
    }

    /// The objects, for traversal.
    pub fn objects(&self) -> impl Iterator<Item = &Ref> {
        self.dense.iter().flatten().chain(self.sparse.values())
    }

    /// Bytes that the memo takes.
    pub fn bytes(&self) -> usize {
        self.dense.capacity() * size_of::<usize>()
    }
}

impl<S: Source> Loader<'_, S> {
    /// The container below the values from a place of the stack on; nothing where there are no values.
    fn container(&self, start: usize) -> PyResult<Option<Ref>> {
        if start > self.stack.len() || start <= self.fence {
            return Err(self.underflow());
        }
        if start == self.stack.len() {
            return Ok(None);
        }
        Ok(self.stack.get(start - 1).cloned())
    }

    /// `APPEND`
    pub fn append(&mut self) -> PyResult<()> {
        let start = self.stack.len().saturating_sub(1);
        self.append_from(start)
    }

    /// `APPENDS`
    pub fn appends(&mut self) -> PyResult<()> {
        let mark = self.pop_mark()?;
        self.append_from(mark)
    }

    fn append_from(&mut self, start: usize) -> PyResult<()> {
        let vm = self.vm;
        let Some(target) = self.container(start)? else {
            return Ok(());
        };
        if let Some(list) = target.downcast_exact::<List>() {
            return self.fill_list(list, start);
        }
        let extend = vm.intern("extend")?;
        let items = self.stack.split_off(start);
        if let Some(extend) = protocol::get_attr_opt(vm, &target, &extend)? {
            let items = vm.new_list(items)?;
            protocol::call_one(vm, &extend, &items)?;
            return Ok(());
        }
        let append = protocol::get_attr(vm, &target, &vm.names.append)?;
        for item in items {
            protocol::call_one(vm, &append, &item)?;
        }
        Ok(())
    }

    /// `SETITEM`
    pub fn set_item(&mut self) -> PyResult<()> {
        let start = self.stack.len().saturating_sub(2);
        self.set_from(start)
    }

    /// `SETITEMS`
    pub fn set_items(&mut self) -> PyResult<()> {
        let mark = self.pop_mark()?;
        self.set_from(mark)
    }

    fn set_from(&mut self, start: usize) -> PyResult<()> {
        let vm = self.vm;
        let Some(target) = self.container(start)? else {
            return Ok(());
        };
        if !(self.stack.len() - start).is_multiple_of(2) {
            return Err(cannot_unpickle(vm, "odd number of items for SETITEMS"));
        }
        if let Some(dict) = target.downcast_exact::<Dict>() {
            return self.fill_dict(dict, start);
        }
        let mut items = self.stack.split_off(start).into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            protocol::set_item(vm, &target, &key, &value)?;
        }
        Ok(())
    }

    /// `ADDITEMS`
    pub fn add_items(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let mark = self.pop_mark()?;
        let Some(target) = self.container(mark)? else {
            return Ok(());
        };
        let items = self.stack.split_off(mark);
        if let Some(set) = target.downcast::<Set>()
            && !set.is_frozen()
        {
            return items.iter().try_for_each(|item| set.add(vm, item));
        }
        let add = protocol::get_attr(vm, &target, &vm.names.add)?;
        for item in items {
            protocol::call_one(vm, &add, &item)?;
        }
        Ok(())
    }

    /// What a module has under a name, as the unpickler finds it.
    fn find(&self, module: &Ref<Str>, name: &Ref<Str>) -> PyResult {
        let vm = self.vm;
        match self.unpickler {
            Some(unpickler) => {
                let find = vm.intern("find_class")?;
                protocol::call_method(vm, unpickler, &find, &[module, name])
            }
            None => find_class(vm, self.protocol, self.old.fix_imports, module, name),
        }
    }

    /// `GLOBAL`
    pub fn global(&mut self) -> PyResult<()> {
        let (module, name) = (self.name_line()?, self.name_line()?);
        let found = self.find(&module, &name)?;
        self.push(found);
        Ok(())
    }

    fn name_line(&mut self) -> PyResult<Ref<Str>> {
        let line = self.line(2)?;
        Ok(viv_runtime::types::codec::utf8::decode(self.vm, &line, "strict", true)?.0)
    }

    /// `STACK_GLOBAL`
    pub fn stack_global(&mut self) -> PyResult<()> {
        let (name, module) = (self.pop()?, self.pop()?);
        if !name.is_exact::<Str>() || !module.is_exact::<Str>() {
            return Err(cannot_unpickle(self.vm, "STACK_GLOBAL requires str"));
        }
        if let (Ok(module), Ok(name)) = (module.cast::<Str>(), name.cast::<Str>()) {
            let found = self.find(&module, &name)?;
            self.push(found);
        }
        Ok(())
    }

    /// `EXT1`, `EXT2`, `EXT4`
    pub fn extension(&mut self, code: i64) -> PyResult<()> {
        let vm = self.vm;
        let number = vm.new_int(code)?;
        let cache = module_dict(vm, "copyreg", "_extension_cache")?;
        if let Some(known) = cache.get(vm, &number)? {
            self.push(known);
            return Ok(());
        }
        let Some(pair) = module_dict(vm, "copyreg", "_inverted_registry")?.get(vm, &number)? else {
            return Err(if code <= 0 {
                cannot_unpickle(vm, "EXT specifies code <= 0")
            } else {
                vm.value_error(format!("unregistered extension code {code}"))
            });
        };
        let bad = || {
            vm.value_error(format!(
                "_inverted_registry[{code}] isn't a 2-tuple of strings"
            ))
        };
        let Some([module, name]) = pair.downcast::<Tuple>().map(Tuple::as_slice) else {
            return Err(bad());
        };
        let module = module.clone().cast::<Str>().map_err(|_| bad())?;
        let name = name.clone().cast::<Str>().map_err(|_| bad())?;
        let found = self.find(&module, &name)?;
        cache.set(vm, &number, &found)?;
        self.push(found);
        Ok(())
    }

    /// `REDUCE`
    pub fn reduce(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let (args, function) = (self.pop()?, self.pop()?);
        let Some(given) = args.downcast::<Tuple>() else {
            return Err(vm.type_error("argument list must be a tuple"));
        };
        let made = call_with(vm, &function, given)?;
        self.push(made);
        Ok(())
    }

    /// `NEWOBJ`, `NEWOBJ_EX`
    pub fn new_object(&mut self, with_keywords: bool) -> PyResult<()> {
        let vm = self.vm;
        let keywords = if with_keywords {
            Some(self.pop()?)
        } else {
            None
        };
        let (args, class) = (self.pop()?, self.pop()?);
        let what = if with_keywords { "NEWOBJ_EX" } else { "NEWOBJ" };
        let bad = |part: &str, wanted: &str, given: &Object| {
            let given = protocol::type_name(given);
            cannot_unpickle(
                vm,
                format!("{what} {part} argument must be {wanted}, not {given}"),
            )
        };
        let Some(ty) = class.downcast::<Type>() else {
            return Err(bad("class", "a type", &class));
        };
        let Some(new) = ty.slots.new.get() else {
            return Err(cannot_unpickle(
                vm,
                format!(
                    "{what} class argument '{}' doesn't have __new__",
                    ty.display_name()
                ),
            ));
        };
        let Some(given) = args.downcast::<Tuple>() else {
            return Err(bad("args", "a tuple", &args));
        };
        let mut values: Vec<Ref> = given.as_slice().to_vec();
        let mut names = vm.empty_tuple.clone();
        if let Some(keywords) = &keywords {
            let Some(dict) = keywords.downcast::<Dict>() else {
                return Err(bad("kwargs", "a dict", keywords));
            };
            let (keys, rest): (Vec<Ref>, Vec<Ref>) = dict.snapshot().into_iter().unzip();
            if keys.iter().any(|key| key.downcast::<Str>().is_none()) {
                return Err(vm.type_error("keywords must be strings"));
            }
            names = vm.new_tuple(keys)?;
            values.extend(rest);
        }
        let values: Vec<&Object> = values.iter().map(Ref::as_object).collect();
        let made = new(vm, ty, NamedArgs::new(&values, Some(&names)).args())?;
        self.push(made);
        Ok(())
    }

    fn instantiate(&mut self, class: &Object, args: Vec<Ref>) -> PyResult<()> {
        let vm = self.vm;
        let plain = args.is_empty() && class.downcast::<Type>().is_some();
        let made = if plain && {
            let name = vm.intern("__getinitargs__")?;
            protocol::get_attr_opt(vm, class, &name)?.is_none()
        } {
            protocol::call_method(vm, class, &vm.names.__new__, &[class])?
        } else {
            protocol::call::call_refs(vm, class, &args)?
        };
        self.push(made);
        Ok(())
    }

    /// `INST`
    pub fn instance(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let mark = self.pop_mark()?;
        let mut name = || -> PyResult<Ref<Str>> {
            let line = self.line(2)?;
            viv_runtime::types::codec::single::decode_ascii(vm, &line, "strict")
        };
        let (module, name) = (name()?, name()?);
        let class = self.find(&module, &name)?;
        let args = self.stack.split_off(mark);
        self.instantiate(&class, args)
    }

    /// `OBJ`
    pub fn object(&mut self) -> PyResult<()> {
        let mark = self.pop_mark()?;
        if mark >= self.stack.len() {
            return Err(self.underflow());
        }
        let args = self.stack.split_off(mark + 1);
        let class = self.pop()?;
        self.instantiate(&class, args)
    }

    /// `BUILD`
    pub fn build(&mut self) -> PyResult<()> {
        let vm = self.vm;
        if self.stack.len() < self.fence + 2 {
            return Err(self.underflow());
        }
        let state = self.pop()?;
        let object = self.top()?.to_ref();
        if let Some(set) = protocol::get_attr_opt(vm, &object, &vm.names.__setstate__)? {
            protocol::call_one(vm, &set, &state)?;
            return Ok(());
        }
        let parts = state.downcast::<Tuple>().map(Tuple::as_slice);
        let (own, slots) = match parts {
            Some([own, slots]) => (own, Some(slots)),
            _ => (&state, None),
        };
        if !vm.is_none(own) {
            let Some(values) = own.downcast::<Dict>() else {
                return Err(cannot_unpickle(vm, "state is not a dictionary"));
            };
            set_state(vm, &object, values)?;
        }
        if let Some(slots) = slots.filter(|slots| !vm.is_none(slots)) {
            let Some(values) = slots.downcast::<Dict>() else {
                return Err(cannot_unpickle(vm, "slot state is not a dictionary"));
            };
            let mut at = 0;
            while let Some((place, key, value)) = values.next_entry(at) {
                let Some(name) = key.downcast::<Str>() else {
                    return Err(vm.type_error(format!(
                        "attribute name must be string, not '{}'",
                        protocol::type_name(&key)
                    )));
                };
                protocol::set_attr(vm, &object, name, &value)?;
                at = place + 1;
            }
        }
        Ok(())
    }

    /// `PERSID`, `BINPERSID`
    pub fn persistent(&mut self, id: &Object) -> PyResult<()> {
        let vm = self.vm;
        let Some(load) = self.persistent_load.clone() else {
            return Err(no_persistent_load(vm));
        };
        let found = protocol::call_one(vm, &load, id)?;
        self.push(found);
        Ok(())
    }

    /// `NEXT_BUFFER`
    pub fn next_buffer(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let Some(buffers) = &self.buffers else {
            return Err(cannot_unpickle(
                vm,
                "pickle stream refers to out-of-band data but no *buffers* argument was given",
            ));
        };
        match protocol::next(vm, buffers)? {
            Some(buffer) => {
                self.push(buffer);
                Ok(())
            }
            None => Err(cannot_unpickle(vm, "not enough out-of-band buffers")),
        }
    }

    /// `READONLY_BUFFER`
    pub fn readonly_buffer(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let view = view_of(vm, self.top()?)?;
        if !is_readonly(&view) {
            let name = vm.intern("toreadonly")?;
            let view = protocol::call_method(vm, &view, &name, &[])?;
            drop(self.pop()?);
            self.push(view);
        }
        Ok(())
    }
}

/// Raises UnpicklingError for a persistent id that nobody can find an object for.
#[cold]
pub fn no_persistent_load(vm: &Vm) -> viv_runtime::Raised {
    cannot_unpickle(
        vm,
        "A load persistent id instruction was encountered, but no persistent_load function was specified.",
    )
}

fn call_with(vm: &Vm, function: &Object, args: &Tuple) -> PyResult {
    protocol::call::call_refs(vm, function, args.as_slice())
}

/// Enters a state into the `__dict__` of an object, its names being interned.
fn set_state(vm: &Vm, object: &Object, values: &Dict) -> PyResult<()> {
    let mut dict = None;
    let mut at = 0;
    while let Some((place, key, value)) = values.next_entry(at) {
        at = place + 1;
        let key = match key.cast::<Str>() {
            Ok(name) if name.is_exact::<Str>() => {
                let name = vm.intern_str(&name)?;
                if dict.is_none() && enter_own(vm, object, &name, &value)? {
                    continue;
                }
                name.upcast()
            }
            Ok(name) => name.upcast(),
            Err(key) => key,
        };
        let target = match &dict {
            Some(dict) => dict,
            None => dict.insert(protocol::get_attr(vm, object, &vm.names.__dict__)?),
        };
        protocol::set_item(vm, target, &key, &value)?;
    }
    Ok(())
}

/// What a module has under a name.
///
/// # Errors
/// ImportError, AttributeError; whatever the module's code raises.
pub fn find_class(
    vm: &Vm,
    protocol: u8,
    fix_imports: bool,
    module: &Ref<Str>,
    name: &Ref<Str>,
) -> PyResult {
    let (mut module, mut name) = (module.clone(), name.clone());
    if protocol < 3 && fix_imports {
        if let Some(new) = renamed(vm, "NAME_MAPPING", &module, &name)? {
            (module, name) = new;
        } else if let Some(new) = renamed_module(vm, "IMPORT_MAPPING", &module)? {
            module = new;
        }
    }
    let found = import(vm, &module)?;
    if protocol < 4 {
        return protocol::get_attr(vm, &found, &name);
    }
    dotted(vm, &found, &name).map_err(|raised| {
        if name.chars().all(|c| c != u32::from('.')) {
            return raised;
        }
        let exception = vm.take_raised(raised);
        let shown = || -> PyResult<String> {
            let (name, module) = (protocol::repr(vm, &name)?, protocol::repr(vm, &module)?);
            Ok(format!(
                "Can't resolve path {} on module {}",
                name.to_text(),
                module.to_text()
            ))
        };
        let raised = match shown() {
            Ok(text) => vm.raise(&vm.exceptions.AttributeError, &text),
            Err(raised) => raised,
        };
        let new = vm.take_raised(raised);
        viv_runtime::types::exception::chain(&new, exception);
        vm.restore(new)
    })
}
