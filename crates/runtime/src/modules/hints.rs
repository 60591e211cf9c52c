//! "Did you mean": what a report of an exception adds for names, attributes and imports that do not exist.
//!
//! **Invariant.** As with the rest of a report, nothing here raises: what goes wrong on the way means no hint.

use viv_heap::{Object, Ref};

use crate::object::{Exception, Str, Traceback, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::exception::fields;
use crate::types::exception::{closest_name, extra};
use crate::vm::Vm;

/// The sentence after the message, if there is one.
pub(super) fn hint(vm: &Vm, exception: &Object) -> Option<String> {
    match find(vm, exception) {
        Ok(found) => found,
        Err(raised) => {
            drop(vm.take_raised(raised));
            None
        }
    }
}

fn find(vm: &Vm, exception: &Object) -> PyResult<Option<String>> {
    let Some(error) = exception.downcast::<Exception>() else {
        return Ok(None);
    };
    let class = Type::of(exception);
    if class.is_subtype(&vm.exceptions.ImportError) {
        let (Some(wanted), Some(module)) = (text_of_extra(error, 3), text_of_extra(error, 1))
        else {
            return Ok(None);
        };
        let Some(module) = vm.modules.get_text(vm, &module)? else {
            return Ok(None);
        };
        let names = attributes(vm, &module, !wanted.starts_with('_'))?;
        return Ok(closest_name(&wanted, &names).map(|best| did_you_mean(&best)));
    }
    let Some(wanted) = text_of_extra(error, fields::NAME) else {
        return Ok(None);
    };
    if class.is_subtype(&vm.exceptions.AttributeError) {
        // An `obj` that was never set is asked like None.
        let object = extra(error, fields::OBJ).unwrap_or_else(|| vm.none_ref());
        let hide = !wanted.starts_with('_') && !is_own_self(vm, error, &object)?;
        let names = attributes(vm, &object, hide)?;
        return Ok(closest_name(&wanted, &names).map(|best| did_you_mean(&best)));
    }
    if class.is_subtype(&vm.exceptions.NameError) {
        return name_hint(vm, error, &wanted);
    }
    Ok(None)
}

fn did_you_mean(best: &str) -> String {
    format!(". Did you mean: '{best}'?")
}

/// A name that no scope has.
fn name_hint(vm: &Vm, error: &Exception, wanted: &str) -> PyResult<Option<String>> {
    let best = nearest_name(vm, error, wanted)?.map(|best| did_you_mean(&best));
    let modules = vm.sys.get_text(vm, "stdlib_module_names")?;
    let is_module = match modules {
        Some(modules) => protocol::contains(vm, &modules, &vm.new_str(wanted)?.head)?,
        None => false,
    };
    Ok(match (best, is_module) {
        (Some(best), true) => Some(format!("{best} Or did you forget to import '{wanted}'?")),
        (None, true) => Some(format!(". Did you forget to import '{wanted}'?")),
        (best, false) => best,
    })
}

fn nearest_name(vm: &Vm, error: &Exception, wanted: &str) -> PyResult<Option<String>> {
    let Some(trace) = innermost(error) else {
        return Ok(None);
    };
    let Some(trace) = trace.downcast::<Traceback>() else {
        return Ok(None);
    };
    let frame = &trace.frame;
    let variables = protocol::get_attr_str(vm, frame.as_object(), "f_locals")?;
    let mut names = Vec::new();
    for space in [&*variables, &frame.globals.head, &frame.builtins.head] {
        for name in protocol::collect(vm, space)? {
            names.extend(name.downcast::<Str>().map(|n| n.to_text().into_owned()));
        }
    }
    let own = vm.intern("self")?;
    if protocol::contains(vm, &variables, &own.head)? {
        let this = protocol::get_item(vm, &variables, &own.head)?;
        let name = vm.intern(wanted)?;
        let found = match protocol::get_attr_opt(vm, &this, &name) {
            Ok(found) => found.is_some(),
            Err(raised) => {
                drop(vm.take_raised(raised));
                false
            }
        };
        if found {
            return Ok(Some(format!("self.{wanted}")));
        }
    }
    Ok(closest_name(wanted, &names))
}

/// Whether the function that raised is a method of this very object.
fn is_own_self(vm: &Vm, error: &Exception, object: &Object) -> PyResult<bool> {
    let Some(trace) = innermost(error) else {
        return Ok(false);
    };
    let Some(trace) = trace.downcast::<Traceback>() else {
        return Ok(false);
    };
    let variables = protocol::get_attr_str(vm, trace.frame.as_object(), "f_locals")?;
    let own = vm.intern("self")?;
    if !protocol::contains(vm, &variables, &own.head)? {
        return Ok(false);
    }
    Ok(protocol::get_item(vm, &variables, &own.head)?.is(object))
}

/// The last entry of the traceback.
fn innermost(error: &Exception) -> Option<Ref> {
    let mut last = error.traceback.get()?;
    while let Some(next) = last.downcast::<Traceback>().and_then(|t| t.next.get()) {
        last = next.upcast();
    }
    Some(last)
}

fn text_of_extra(error: &Exception, index: usize) -> Option<String> {
    let value = extra(error, index)?;
    value.downcast::<Str>().map(|s| s.to_text().into_owned())
}

/// What `__dir__()` of the object names, sorted.
fn attributes(vm: &Vm, object: &Object, hide_private: bool) -> PyResult<Vec<String>> {
    let of_class = |ty: &Type| -> PyResult<Ref> {
        let method = protocol::get_attr_str(vm, &ty.head, "__dir__")?;
        protocol::call_args(vm, &method, &[object])
    };
    let listed = match object.downcast::<Type>() {
        Some(class) => of_class(Type::of(&class.head))?,
        None => {
            let method = protocol::get_attr_str(vm, object, "__dir__")?;
            match protocol::call_no_args(vm, &method) {
                Ok(listed) => listed,
                Err(raised) => match vm.swallow::<Ref>(raised, &vm.exceptions.TypeError)? {
                    Some(listed) => listed,
                    None => of_class(Type::of(object))?,
                },
            }
        }
    };
    let mut names: Vec<String> = (protocol::collect(vm, &listed)?.iter())
        .filter_map(|name| name.downcast::<Str>().map(|n| n.to_text().into_owned()))
        .filter(|name| !hide_private || !name.starts_with('_'))
        .collect();
    names.sort();
    Ok(names)
}
