//! What is done with a warning: the filters, and the registries of what was shown.

use viv_heap::{Object, Ref};

use super::attribute;
use crate::object::{Dict, Int, List, Str, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// A filter of the default list.
pub(super) fn row(vm: &Vm, action: &str, class: &Type, module: Option<&str>) -> PyResult {
    let module = match module {
        Some(module) => vm.intern(module)?.upcast(),
        None => vm.none_ref(),
    };
    let fields = vec![
        vm.intern(action)?.upcast(),
        vm.none_ref(),
        class.head.to_ref(),
        module,
        vm.new_int(0)?,
    ];
    Ok(vm.new_tuple(fields)?.upcast())
}

/// Whether the text fits: None fits all, a string itself, a pattern what it matches.
fn fits(vm: &Vm, pattern: &Object, text: &Object) -> PyResult<bool> {
    if vm.is_none(pattern) {
        return Ok(true);
    }
    if pattern.downcast_exact::<Str>().is_some() {
        return protocol::compare_eq(vm, pattern, text);
    }
    let found = protocol::call_method(vm, pattern, &*vm.intern("match")?, &[text])?;
    protocol::is_true(vm, &found)
}

/// The action for a warning, and the filter that says so.
pub(super) fn action(
    vm: &Vm,
    category: &Object,
    text: &Object,
    line: i64,
    module: &Object,
) -> PyResult<(Ref<Str>, Option<Ref>)> {
    let filters = match attribute(vm, "filters", false)? {
        Some(filters) => {
            let filters = filters
                .cast::<List>()
                .map_err(|_| vm.value_error("_warnings.filters must be a list"))?;
            // They hold, too, when the module has lost them.
            vm.warnings.filters.set(Some(filters.clone()));
            filters
        }
        None => vm.warnings.filters(vm)?,
    };
    let mut i = 0;
    while let Some(item) = filters.get(i) {
        i += 1;
        let fields = item.downcast_exact::<Tuple>().map(Tuple::as_slice);
        let Some([action, message, class, wanted_module, wanted_line]) = fields else {
            return Err(vm.value_error(format!("_warnings.filters item {} isn't a 5-tuple", i - 1)));
        };
        let Ok(action) = action.clone().cast::<Str>() else {
            return Err(vm.type_error(format!(
                "action must be a string, not '{}'",
                protocol::type_name(action)
            )));
        };
        let wanted_line = wanted_line.downcast::<Int>().map_or_else(
            || protocol::to_i64(vm, wanted_line),
            |n| Ok(n.as_i64().unwrap_or(-1)),
        )?;
        if fits(vm, message, text)?
            && fits(vm, wanted_module, module)?
            && crate::types::ty::check::is_subclass(vm, category, class)?
            && (wanted_line == 0 || wanted_line == line)
        {
            return Ok((action, Some(item)));
        }
    }
    let default = match attribute(vm, "defaultaction", false)? {
        Some(default) => default,
        None => vm.intern("default")?.upcast(),
    };
    match default.cast::<Str>() {
        Ok(default) => Ok((default, None)),
        Err(other) => Err(vm.type_error(format!(
            "_warnings.defaultaction must be a string, not '{}'",
            protocol::type_name(&other)
        ))),
    }
}

/// The registry of the action `once`.
pub(super) fn once(vm: &Vm) -> PyResult<Ref<Dict>> {
    match attribute(vm, "onceregistry", false)? {
        Some(registry) => registry.cast::<Dict>().map_err(|other| {
            vm.type_error(format!(
                "_warnings.onceregistry must be a dict, not '{}'",
                protocol::type_name(&other)
            ))
        }),
        None => vm.warnings.once(vm),
    }
}

/// Whether the registry says that a warning was shown; it is noted there if wanted. A registry that is older than the
/// filters is emptied first.
pub(super) fn was_shown(vm: &Vm, registry: &Dict, key: &Object, note: bool) -> PyResult<bool> {
    let name = vm.intern("version")?;
    let version = vm.warnings.version.get();
    let known = registry
        .get_str(vm, &name)
        .and_then(|v| v.downcast::<Int>().and_then(Int::as_i64));
    if known != Some(version) {
        registry.clear();
        registry.set_str(vm, &name, &*vm.new_int(version)?)?;
    } else if let Some(shown) = registry.get(vm, key)?
        && protocol::is_true(vm, &shown)?
    {
        return Ok(true);
    }
    if note {
        registry.set(vm, key, &vm.bool(true))?;
    }
    Ok(false)
}
