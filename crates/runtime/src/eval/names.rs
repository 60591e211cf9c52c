//! Names: locals, cells, globals, builtins, imports.

use viv_bytecode::Op;
use viv_heap::{Object, Raw, Ref};

use super::regs::{Flow, Regs, attempt, failed, owned};
use crate::object::{CellObject, Dict, Int, NativeFunction, Slot, Str, Tuple};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// UnboundLocalError of an empty local, or NameError where it is a free variable.
#[cold]
#[inline(never)]
pub(super) unsafe fn unbound(vm: &Vm, r: Regs, i: usize) -> Flow {
    // SAFETY: the registers are those of the running frame.
    unsafe {
        r.save(vm);
        let code = &*(*r.frame).code;
        let name = code
            .local_names()
            .get(i)
            .and_then(|n| n.downcast::<Str>())
            .map_or_else(String::new, |n| n.to_text().into_owned());
        let free = i >= code.local_count as usize - code.source.nfreevars as usize;
        let message = if free {
            format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            )
        } else {
            format!("cannot access local variable '{name}' where it is not associated with a value")
        };
        let class = if free {
            &vm.exceptions.NameError
        } else {
            &vm.exceptions.UnboundLocalError
        };
        // Only NameError itself knows its name.
        let Raised(()) = if free {
            crate::types::exception::name_error(vm, class, &message, &name)
        } else {
            vm.raise(class, &message)
        };
        Flow::Error
    }
}

#[cold]
fn not_defined(vm: &Vm, name: &Str) -> Raised {
    let text = name.to_text();
    crate::types::exception::name_error(
        vm,
        &vm.exceptions.NameError,
        &format!("name '{text}' is not defined"),
        &text,
    )
}

unsafe fn cell<'a>(r: &Regs, i: usize) -> Option<&'a CellObject> {
    // SAFETY: the word is a local of the running frame.
    unsafe {
        let word = *r.local(i);
        if word.is_null() {
            None
        } else {
            word.object().downcast::<CellObject>()
        }
    }
}

pub(super) unsafe fn make_cell(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: the local's word moves into the cell.
    unsafe {
        let place = r.local(i);
        let old = std::mem::replace(&mut *place, Raw::NULL);
        let contents = if old.is_null() {
            None
        } else {
            Some(old.into_ref())
        };
        let made = attempt!(vm.place(CellObject {
            head: Object::new(vm.types.cell.type_head_of()),
            contents: Slot::new(contents)
        }));
        vm.heap.track(&made);
        *place = made.upcast().into_raw();
        Flow::Next
    }
}

pub(super) unsafe fn copy_free_vars(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: the function is that of the running frame; the places are its last locals.
    unsafe {
        let function = &*(*r.frame).function;
        let closure = function.closure.get();
        let cells = closure.as_deref().map_or(&[][..], Tuple::as_slice);
        if cells.len() != n {
            return failed(vm.system_error("closure of the wrong size"));
        }
        let first = (*(*r.frame).code).local_count as usize - n;
        for (i, cell) in cells.iter().enumerate() {
            *r.local(first + i) = owned(cell);
        }
        Flow::Next
    }
}

pub(super) unsafe fn load_deref(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as in `cell`.
    unsafe {
        match cell(r, i).and_then(|c| c.contents.get()) {
            Some(value) => {
                r.push_ref(value);
                Flow::Next
            }
            None => unbound(vm, *r, i),
        }
    }
}

pub(super) unsafe fn store_deref(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as in `cell`.
    unsafe {
        let value = r.pop_ref();
        r.save(vm);
        match cell(r, i) {
            Some(cell) => cell.contents.set(Some(value)),
            None => return failed(vm.system_error("variable without cell")),
        }
        Flow::Next
    }
}

pub(super) unsafe fn delete_deref(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as in `cell`.
    unsafe {
        r.save(vm);
        match cell(r, i).and_then(|c| c.contents.take()) {
            Some(old) => {
                drop(old);
                Flow::Next
            }
            None => unbound(vm, *r, i),
        }
    }
}

fn lookup_global(vm: &Vm, r: &Regs, name: &Str) -> PyResult<Option<Ref>> {
    // SAFETY: the frame keeps globals and builtins alive.
    let (globals, builtins) = unsafe { (r.globals(), r.builtins()) };
    // A subclass of dict may have its own idea of what is missing.
    if let Some(value) = lookup_mapping(vm, &globals.head, name)? {
        return Ok(Some(value));
    }
    lookup_in(vm, builtins, name)
}

fn lookup_in(vm: &Vm, dict: &Dict, name: &Str) -> PyResult<Option<Ref>> {
    if dict.is_exact::<Dict>() && dict.has_only_str_keys() {
        return Ok(dict.get_str(vm, name));
    }
    dict.get(vm, name)
}

/// A name in any mapping: nothing where it raises KeyError.
fn lookup_mapping(vm: &Vm, mapping: &Object, name: &Str) -> PyResult<Option<Ref>> {
    if let Some(dict) = mapping.downcast_exact::<Dict>() {
        return lookup_in(vm, dict, name);
    }
    match protocol::get_item(vm, mapping, name) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => vm.swallow(raised, &vm.exceptions.KeyError),
    }
}

/// LOAD_GLOBAL in its generic form: finds the name and, where both dicts are plain, caches its place.
/// With `null` it is LOAD_GLOBAL_NULL.
#[inline(never)]
pub(super) unsafe fn load_global(vm: &Vm, r: &mut Regs, i: usize, null: bool) -> Flow {
    // SAFETY: the frame keeps globals and builtins alive.
    unsafe {
        let name = r.name(i);
        let (globals, builtins) = (r.globals(), r.builtins());
        if globals.is_exact::<Dict>() && globals.has_only_str_keys() && builtins.has_only_str_keys()
        {
            if let Some(entry) = globals.find_str_entry(vm, name) {
                r.set_extra(0, globals.keys_version(vm));
                r.set_extra(2, entry as u32);
                r.respecialize(if null {
                    Op::LOAD_GLOBAL_NULL_MODULE
                } else {
                    Op::LOAD_GLOBAL_MODULE
                });
            } else if let Some(entry) = builtins.find_str_entry(vm, name) {
                r.set_extra(0, globals.keys_version(vm));
                r.set_extra(1, builtins.keys_version(vm));
                r.set_extra(2, entry as u32);
                r.respecialize(if null {
                    Op::LOAD_GLOBAL_NULL_BUILTIN
                } else {
                    Op::LOAD_GLOBAL_BUILTIN
                });
            }
        }
        r.save(vm);
        match attempt!(lookup_global(vm, r, name)) {
            Some(value) => {
                r.push_ref(value);
                if null {
                    r.push(Raw::NULL);
                }
                r.skip(Op::LOAD_GLOBAL.extra_words());
                Flow::Next
            }
            None => failed(not_defined(vm, name)),
        }
    }
}

pub(super) unsafe fn load_name(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: the mapping is owned by the frame.
    unsafe {
        let name = r.name(i);
        r.save(vm);
        let locals = (*r.frame).locals;
        if !locals.is_null()
            && let Some(value) = attempt!(lookup_mapping(vm, locals.object(), name))
        {
            r.push_ref(value);
            return Flow::Next;
        }
        match attempt!(lookup_global(vm, r, name)) {
            Some(value) => {
                r.push_ref(value);
                Flow::Next
            }
            None => failed(not_defined(vm, name)),
        }
    }
}

pub(super) unsafe fn store_name(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let name = r.name(i);
        let value = r.pop_ref();
        r.save(vm);
        let locals = (*r.frame).locals;
        if locals.is_null() {
            return failed(
                vm.system_error(format!("no locals found when storing '{}'", name.to_text())),
            );
        }
        let locals = locals.object();
        let result = match locals.downcast_exact::<Dict>() {
            Some(dict) => dict.set_str(vm, name, &value),
            None => protocol::set_item(vm, locals, name, &value),
        };
        attempt!(result);
        Flow::Next
    }
}

pub(super) unsafe fn delete_name(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        let name = r.name(i);
        r.save(vm);
        let locals = (*r.frame).locals;
        if locals.is_null() {
            return failed(
                vm.system_error(format!("no locals when deleting '{}'", name.to_text())),
            );
        }
        let result = match locals.object().downcast_exact::<Dict>() {
            Some(dict) => match dict.remove(vm, name) {
                Ok(Some(old)) => {
                    drop(old);
                    Ok(())
                }
                Ok(None) => Err(not_defined(vm, name)),
                Err(raised) => Err(raised),
            },
            None => match protocol::del_item(vm, locals.object(), name) {
                Err(raised) if vm.raised_is(&raised, &vm.exceptions.KeyError) => {
                    drop(vm.take_raised(raised));
                    Err(not_defined(vm, name))
                }
                other => other,
            },
        };
        attempt!(result);
        Flow::Next
    }
}

pub(super) unsafe fn store_global(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: the frame keeps the globals alive.
    unsafe {
        let value = r.pop_ref();
        r.save(vm);
        attempt!(r.globals().set_str(vm, r.name(i), &value));
        Flow::Next
    }
}

pub(super) unsafe fn delete_global(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let name = r.name(i);
        match attempt!(r.globals().remove(vm, name)) {
            Some(old) => {
                drop(old);
                Flow::Next
            }
            None => failed(not_defined(vm, name)),
        }
    }
}

pub(super) unsafe fn load_locals(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the mapping is owned by the frame.
    unsafe {
        let locals = (*r.frame).locals;
        if locals.is_null() {
            r.save(vm);
            return failed(vm.system_error("no locals"));
        }
        r.push(owned(locals.object()));
        Flow::Next
    }
}

/// LOAD_FROM_DICT_OR_GLOBALS and LOAD_FROM_DICT_OR_DEREF: the mapping on top first.
pub(super) unsafe fn load_from_mapping(vm: &Vm, r: &mut Regs, i: usize, deref: bool) -> Flow {
    // SAFETY: as for `load_name`; the names of locals are exact strings.
    unsafe {
        let mapping = r.pop_ref();
        r.save(vm);
        let name = if deref {
            let Some(name) = (*(*r.frame).code)
                .local_names()
                .get(i)
                .and_then(|n| n.downcast::<Str>())
            else {
                return failed(vm.system_error("variable without name"));
            };
            name
        } else {
            r.name(i)
        };
        if let Some(value) = attempt!(lookup_mapping(vm, &mapping, name)) {
            r.push_ref(value);
            return Flow::Next;
        }
        if deref {
            return load_deref(vm, r, i);
        }
        match attempt!(lookup_global(vm, r, name)) {
            Some(value) => {
                r.push_ref(value);
                Flow::Next
            }
            None => failed(not_defined(vm, name)),
        }
    }
}

pub(super) unsafe fn load_build_class(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the frame keeps the builtins alive.
    unsafe {
        r.save(vm);
        match attempt!(lookup_in(vm, r.builtins(), &vm.names.__build_class__)) {
            Some(function) => {
                r.push_ref(function);
                Flow::Next
            }
            None => failed(vm.raise(&vm.exceptions.NameError, "__build_class__ not found")),
        }
    }
}

pub(super) unsafe fn load_common(vm: &Vm, r: &mut Regs, which: usize) -> Flow {
    // SAFETY: the frame keeps the builtins alive.
    unsafe {
        let class = match which {
            0 => vm.exceptions.AssertionError.clone().upcast(),
            1 => vm.exceptions.NotImplementedError.clone().upcast(),
            2 => vm.types.tuple.clone().upcast(),
            n => {
                r.save(vm);
                let text = if n == 3 { "all" } else { "any" };
                match attempt!(vm.builtins.get_text(vm, text)) {
                    // Whatever else stands there is called as any function is.
                    Some(other)
                        if (other.downcast::<NativeFunction>())
                            .is_none_or(|f| f.def.name != text) =>
                    {
                        vm.none_ref()
                    }
                    Some(function) => function,
                    None => {
                        return failed(vm.raise(
                            &vm.exceptions.NameError,
                            &format!("name '{text}' is not defined"),
                        ));
                    }
                }
            }
        };
        r.push_ref(class);
        Flow::Next
    }
}

/// IMPORT_NAME: calls `__import__` of the builtins.
pub(super) unsafe fn import_name(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: the frame keeps globals and builtins alive.
    unsafe {
        r.save(vm);
        let (globals, builtins) = (r.globals(), r.builtins());
        let result = (|| {
            let Some(import) = lookup_in(vm, builtins, &vm.names.__import__)? else {
                return Err(vm.raise(&vm.exceptions.ImportError, "__import__ not found"));
            };
            let locals = (*r.frame).locals;
            let locals = if locals.is_null() {
                vm.none()
            } else {
                locals.object()
            };
            let (level, from) = (r.top(2), r.top(1));
            if crate::modules::builtins::is_import(&import)
                && let Some(level) = level.downcast_exact::<Int>().and_then(Int::as_i64)
                && let Some(name) = r.name(i).head.downcast_exact::<Str>()
            {
                return crate::modules::import::import_module_level(
                    vm,
                    name,
                    Some(&globals.head),
                    Some(from),
                    level,
                );
            }
            protocol::call_args(
                vm,
                &import,
                &[r.name(i), &globals.head, locals, from, level],
            )
        })();
        r.finish(2, result)
    }
}

/// IMPORT_FROM: the attribute, or the submodule of that name in `sys.modules`.
pub(super) unsafe fn import_from(vm: &Vm, r: &mut Regs, i: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let value = attempt!(crate::modules::import::import_from(vm, r.top(1), r.name(i)));
        r.push_ref(value);
        Flow::Next
    }
}
