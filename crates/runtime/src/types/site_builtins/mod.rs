//! `exit`, `quit`, `help`, `copyright`, `credits` and `license`: what the module `site` puts beside the builtins.
//!
//! Each is an object with a dict, whose repr says how to use it, and which is called to be used.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::{Args, NamedArgs};
use crate::native::GetSetDef;
use crate::object::{Dict, Slot, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// One of the objects.
#[repr(C)]
pub struct SiteBuiltin {
    /// The header.
    pub head: Object,
    /// `__dict__`
    pub dict: Slot<Dict>,
}
object_layout!(
    SiteBuiltin = kinds::SITE_BUILTIN,
    traverse | this,
    visit | {
        this.dict.visit(visit);
    },
    clear | this | {
        this.dict.set(None);
    }
);

const MODULE: &str = "_sitebuiltins";

/// `__dict__` of all of them.
const ATTRIBUTES: &[GetSetDef] = &[GetSetDef::member(
    "__dict__",
    |vm, o| Ok(dict_of(vm, o)?.upcast()),
    "",
)];

/// What ends the program.
pub static QUITTER: TypeSpec = TypeSpec {
    name: "Quitter",
    module: MODULE,
    signature: "(name, eof)",
    traits: TypeTraits::BASE,
    dict_offset: std::mem::offset_of!(SiteBuiltin, dict) as u32,
    slots: |s| {
        s.new.set(Some(new));
        s.init
            .set(Some(|vm, this, args| keep(vm, this, args, ["name", "eof"])));
        s.repr.set(Some(|vm, this| {
            let (name, eof) = (text(vm, this, "name")?, text(vm, this, "eof")?);
            Ok(vm
                .new_str(&format!("Use {name}() or {eof} to exit"))?
                .upcast())
        }));
        s.call.set(Some(quit));
    },
    getset: ATTRIBUTES,
    ..TypeSpec::new(SiteBuiltin::layout, true)
};

/// What prints a text.
pub static PRINTER: TypeSpec = TypeSpec {
    name: "_Printer",
    module: MODULE,
    doc: "interactive prompt objects for printing the license text, a list of\n    contributors and the copyright notice.",
    signature: "(name, data)",
    traits: TypeTraits::BASE,
    dict_offset: std::mem::offset_of!(SiteBuiltin, dict) as u32,
    slots: |s| {
        s.new.set(Some(new));
        s.init
            .set(Some(|vm, this, args| keep(vm, this, args, [NAME, DATA])));
        s.repr.set(Some(|vm, this| {
            let shown = text(vm, this, DATA)?;
            if shown.lines().count() <= LONGEST {
                return Ok(vm.new_str(&shown)?.upcast());
            }
            let name = text(vm, this, NAME)?;
            Ok(vm
                .new_str(&format!("Type {name}() to see the full {name} text"))?
                .upcast())
        }));
        s.call.set(Some(|vm, this, args| {
            if !args.pos().is_empty() {
                return Err(vm.type_error(format!(
                    "_Printer.__call__() takes 1 positional argument but {} were given",
                    args.pos().len() + 1
                )));
            }
            let shown = vm.new_str(&text(vm, this, DATA)?)?;
            builtin(
                vm,
                "print",
                NamedArgs::new(&[shown.as_object()], None).args(),
            )
        }));
    },
    getset: ATTRIBUTES,
    ..TypeSpec::new(SiteBuiltin::layout, true)
};

/// `help`
pub static HELPER: TypeSpec = TypeSpec {
    name: "_Helper",
    module: MODULE,
    doc: "Define the builtin 'help'.\n\n    This is a wrapper around pydoc.help that provides a helpful message\n    when 'help' is typed at the Python interactive prompt.\n\n    Calling help() at the Python prompt starts an interactive help session.\n    Calling help(thing) prints help for the python object 'thing'.",
    traits: TypeTraits::BASE,
    dict_offset: std::mem::offset_of!(SiteBuiltin, dict) as u32,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(|vm, _| {
            Ok(vm
                .new_str(
                    "Type help() for interactive help, or help(object) for help about object.",
                )?
                .upcast())
        }));
        s.call.set(Some(|vm, _, args| {
            let pydoc = crate::modules::import::import_name(vm, "pydoc")?;
            let help = protocol::get_attr_str(vm, &pydoc, "help")?;
            protocol::call(vm, &help, args)
        }));
    },
    getset: ATTRIBUTES,
    ..TypeSpec::new(SiteBuiltin::layout, true)
};

/// Lines of a text that is its own repr.
const LONGEST: usize = 23;
const NAME: &str = "_Printer__name";
const DATA: &str = "_Printer__data";

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    let made = vm.place(SiteBuiltin {
        head: Object::new(ty.type_head_of()),
        dict: Slot::new(Some(vm.new_dict()?)),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn dict_of(vm: &Vm, object: &Object) -> PyResult<Ref<Dict>> {
    match receiver::<SiteBuiltin>(vm, object)?.dict.get() {
        Some(dict) => Ok(dict),
        None => Err(vm.system_error("object without dict")),
    }
}

/// Keeps two arguments under these names.
fn keep(vm: &Vm, this: &Object, args: Args<'_>, names: [&str; 2]) -> PyResult<()> {
    let dict = dict_of(vm, this)?;
    let [first, second] = args.pos() else {
        return Err(vm.type_error(format!(
            "{} expected 2 arguments, got {}",
            Type::of(this).display_name(),
            args.pos().len()
        )));
    };
    dict.set_text(vm, names[0], first)?;
    dict.set_text(vm, names[1], second)
}

/// `str()` of an attribute.
fn text(vm: &Vm, this: &Object, name: &str) -> PyResult<String> {
    let value = protocol::get_attr_str(vm, this, name)?;
    Ok(protocol::str(vm, &value)?.to_text().into_owned())
}

fn builtin(vm: &Vm, name: &str, args: Args<'_>) -> PyResult {
    match vm.builtins.get_text(vm, name)? {
        Some(function) => protocol::call(vm, &function, args),
        None => Err(vm.system_error(format!("builtins.{name} is gone"))),
    }
}

/// Raises SystemExit; standard input is closed, for what waits for it to end.
fn quit(vm: &Vm, _: &Object, args: Args<'_>) -> PyResult {
    let code = match (args.pos(), args.keywords().next()) {
        ([], None) => vm.none_ref(),
        ([code], None) => code.to_ref(),
        ([], Some((name, code))) if &*name.to_text() == "code" && args.keywords().count() == 1 => {
            code.to_ref()
        }
        _ => {
            return Err(vm.type_error(format!(
                "Quitter.__call__() takes from 1 to 2 positional arguments but {} were given",
                args.pos().len() + 1
            )));
        }
    };
    if let Some(stdin) = vm.sys.get_text(vm, "stdin")? {
        let closed = protocol::get_attr_str(vm, &stdin, "close")
            .and_then(|f| protocol::call_no_args(vm, &f));
        if let Err(raised) = closed {
            drop(vm.take_raised(raised));
        }
    }
    Err(vm.raise_with(&vm.exceptions.SystemExit, &[code.as_object()]))
}

/// Puts them beside the builtins.
///
/// # Errors
/// MemoryError
pub fn install(vm: &Vm) -> PyResult<()> {
    let put = |ty: &Type, name: &str, fields: &[(&str, &str)]| -> PyResult<()> {
        let object = new(vm, ty, NamedArgs::new(&[], None).args())?;
        let dict = dict_of(vm, &object)?;
        for (field, value) in fields {
            dict.set_text(vm, field, vm.new_str(value)?.as_object())?;
        }
        vm.builtins.set_text(vm, name, &object)
    };
    for name in ["exit", "quit"] {
        put(
            &vm.types.site_quitter,
            name,
            &[("name", name), ("eof", "Ctrl-D (i.e. EOF)")],
        )?;
    }
    for (name, data) in [
        ("copyright", COPYRIGHT),
        ("credits", CREDITS),
        ("license", LICENSE),
    ] {
        put(&vm.types.site_printer, name, &[(NAME, name), (DATA, data)])?;
    }
    put(&vm.types.site_helper, "help", &[])
}

const COPYRIGHT: &str = "Copyright (c) the Vivarium developers.\nPython and its standard library: Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.";
const CREDITS: &str = "Vivarium is an implementation of Python. Thanks to Guido van Rossum, the Python core developers, and a cast\nof thousands for Python itself; see www.python.org for more information.";
const LICENSE: &str = "Vivarium is distributed under the licence in the file LICENSE of its sources; the Python standard library is\ndistributed under the Python Software Foundation License, see https://docs.python.org/3/license.html.";
