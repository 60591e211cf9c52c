//! The module `_csv`: tables as text, field by field.

pub mod dialect;
pub mod reader;
pub mod writer;

use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::{Dict, Int, Str, Type};
use viv_runtime::types::extra::{exception_spec, extra_type};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NamedArgs, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol,
};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_csv",
    doc: "CSV parsing and writing.\n",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        for (name, value) in [
            ("QUOTE_MINIMAL", dialect::MINIMAL),
            ("QUOTE_ALL", dialect::ALL),
            ("QUOTE_NONNUMERIC", dialect::NONNUMERIC),
            ("QUOTE_NONE", dialect::NONE),
            ("QUOTE_STRINGS", dialect::STRINGS),
            ("QUOTE_NOTNULL", dialect::NOTNULL),
        ] {
            add_int(vm, module, name, value)?;
        }
        let dict = &module.dict;
        dict.set_text(vm, "_dialects", known_dialects(vm)?.as_object())?;
        dict.set_text(vm, "Dialect", dialect::own_type(vm)?.as_object())?;
        dict.set_text(vm, "Reader", reader::own_type(vm)?.as_object())?;
        dict.set_text(vm, "Writer", writer::own_type(vm)?.as_object())?;
        dict.set_text(vm, "Error", error_type(vm)?.as_object())
    },
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "reader",
        "($module, iterable, /, dialect='excel', **fmtparams)",
        NativeCall::Raw(|vm, _, args| reader::new(vm, args)),
        "Return a reader object that will process lines from the given iterable.\n\nThe \"iterable\" argument can be any object that returns a line\nof input for each iteration, such as a file object or a list.  The\noptional \"dialect\" argument defines a CSV dialect.  The function\nalso accepts optional keyword arguments which override settings\nprovided by the dialect.\n\nThe returned object is an iterator.  Each iteration returns a row\nof the CSV file (which can span multiple input lines).\n",
    ),
    MethodDef::new(
        "writer",
        "($module, fileobj, /, dialect='excel', **fmtparams)",
        NativeCall::Raw(|vm, _, args| writer::new(vm, args)),
        "Return a writer object that will write user data on the given file object.\n\nThe \"fileobj\" argument can be any object that supports the file API.\nThe optional \"dialect\" argument defines a CSV dialect.  The function\nalso accepts optional keyword arguments which override settings\nprovided by the dialect.\n",
    ),
    MethodDef::new(
        "list_dialects",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let names = protocol::collect(vm, known_dialects(vm)?.as_object())?;
            Ok(vm.new_list(names)?.upcast())
        }),
        "Return a list of all known dialect names.\n\n    names = csv.list_dialects()",
    ),
    MethodDef::new(
        "register_dialect",
        "($module, name, /, dialect='excel', **fmtparams)",
        NativeCall::Raw(register),
        "Create a mapping from a string name to a CVS dialect.\n\nThe optional \"dialect\" argument specifies the base dialect instance\nor the name of the registered dialect.  The function also accepts\noptional keyword arguments which override settings provided by the\ndialect.",
    ),
    MethodDef::new(
        "unregister_dialect",
        "($module, /, name)",
        NativeCall::Bound(|vm, _, args| {
            let name = crate::binascii::first(vm, args)?;
            match known_dialects(vm)?.remove(vm, name)? {
                Some(_) => Ok(vm.none_ref()),
                None => Err(error(vm, "unknown dialect")),
            }
        }),
        "Delete the name/dialect mapping associated with a string name.\n\n    name = csv.unregister_dialect(name)",
    ),
    MethodDef::new(
        "get_dialect",
        "($module, /, name)",
        NativeCall::Bound(|vm, _, args| find_dialect(vm, crate::binascii::first(vm, args)?)),
        "Return the dialect instance associated with name.\n\n    dialect = csv.get_dialect(name)",
    ),
    MethodDef::new(
        "field_size_limit",
        "($module, /, new_limit=<unrepresentable>)",
        NativeCall::Bound(|vm, _, args| {
            let old = field_limit(vm)?;
            if let Some(&Some(new)) = args.first() {
                if new.downcast::<Int>().is_none() {
                    return Err(vm.type_error("limit must be an integer"));
                }
                let new = protocol::to_i64(vm, new)?;
                if let Some(dict) = reader::own_type(vm)?.dict(vm) {
                    dict.set_text(vm, "_limit", &*vm.new_int(new)?)?;
                }
            }
            vm.new_int(old)
        }),
        "Sets an upper limit on parsed fields.\n\n    csv.field_size_limit([limit])\n\nReturns old limit. If limit is not given, no new limit is set and\nthe old limit is returned",
    ),
];

static ERROR: TypeSpec = exception_spec("Error", "_csv", "");

fn error_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ERROR, &vm.exceptions.Exception)
}

/// Raises `_csv.Error`.
#[cold]
pub fn error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    match error_type(vm) {
        Ok(class) => vm.raise(&class, message.as_ref()),
        Err(raised) => raised,
    }
}

/// The dialects by name. They stand in the dict of the reader's type, so that each interpreter has its own.
fn known_dialects(vm: &Vm) -> PyResult<Ref<Dict>> {
    let Some(dict) = reader::own_type(vm)?.dict(vm) else {
        return vm.new_dict();
    };
    if let Some(known) = dict.get_text(vm, "_dialects")?
        && let Ok(known) = known.cast::<Dict>()
    {
        return Ok(known);
    }
    let made = vm.new_dict()?;
    dict.set_text(vm, "_dialects", made.as_object())?;
    Ok(made)
}

/// How long a field may be.
pub fn field_limit(vm: &Vm) -> PyResult<i64> {
    let limit = match reader::own_type(vm)?.dict(vm) {
        Some(dict) => dict.get_text(vm, "_limit")?,
        None => None,
    };
    let limit = limit.as_ref().and_then(|limit| limit.downcast::<Int>());
    Ok(limit.and_then(Int::as_i64).unwrap_or(128 * 1024))
}

/// A dialect by its name.
///
/// # Errors
/// `_csv.Error` where it is not known.
pub fn find_dialect(vm: &Vm, name: &Object) -> PyResult {
    match known_dialects(vm)?.get(vm, name)? {
        Some(dialect) => Ok(dialect),
        None => Err(error(vm, "unknown dialect")),
    }
}

fn register(vm: &Vm, _: &Object, args: Args<'_>) -> PyResult {
    let (name, rest) = first_argument(vm, "register_dialect", args)?;
    if name.downcast::<Str>().is_none() {
        return Err(vm.type_error("dialect name must be a string"));
    }
    let dialect = dialect::of_arguments(vm, rest.args())?;
    known_dialects(vm)?.set(vm, name, dialect.as_object())?;
    Ok(vm.none_ref())
}

/// The first argument and the rest, which is at most one by position.
pub fn first_argument<'a>(
    vm: &Vm,
    name: &str,
    args: Args<'a>,
) -> PyResult<(&'a Object, NamedArgs<'a>)> {
    viv_runtime::native::bind::check_count(vm, name, args.pos().len(), 1, 2)?;
    match args.pos().first() {
        Some(first) => Ok((first, args.skip_first())),
        None => Err(vm.type_error("an argument is missing")),
    }
}
