//! Showing a warning.

use viv_heap::Object;

use super::{Warning, attribute};
use crate::modules::main::complain;
use crate::modules::traceback_text::source_line;
use crate::object::Type;
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// Hands the warning to `warnings._showwarnmsg`, or prints it where the library's module is not loaded.
pub(super) fn show(
    vm: &Vm,
    warning: &Warning<'_>,
    message: &Object,
    text: &Object,
    category: &Object,
) -> PyResult<()> {
    let Some(function) = attribute(vm, "_showwarnmsg", warning.source.is_some())? else {
        return print(vm, warning, text, category);
    };
    if !protocol::is_callable(&function) {
        return Err(vm.type_error("warnings._showwarnmsg() must be set to a callable"));
    }
    let Some(class) = attribute(vm, "WarningMessage", false)? else {
        return Err(vm.runtime_error("unable to get warnings.WarningMessage"));
    };
    let line = vm.new_int(warning.line)?;
    let none = vm.none();
    let made = protocol::call_args(
        vm,
        &class,
        &[
            message,
            category,
            &warning.filename.head,
            &line,
            none,
            none,
            warning.source.unwrap_or(none),
        ],
    )?;
    protocol::call_one(vm, &function, &made)?;
    Ok(())
}

fn print(vm: &Vm, warning: &Warning<'_>, text: &Object, category: &Object) -> PyResult<()> {
    let name = match category.downcast::<Type>().and_then(|t| t.name.get()) {
        Some(name) => name.to_text().into_owned(),
        None => protocol::type_name(category),
    };
    let filename = warning.filename.to_text();
    let text = protocol::str(vm, text)?;
    let mut out = format!("{filename}:{}: {name}: {}\n", warning.line, text.to_text());
    let line = match warning.source_line {
        Some(line) => Some(line.to_text().into_owned()),
        None => source_line(vm, &filename, warning.line),
    };
    if let Some(line) = line.as_deref().map(str::trim).filter(|l| !l.is_empty()) {
        out.push_str("  ");
        out.push_str(line);
        out.push('\n');
    }
    complain(vm, &out);
    Ok(())
}
