//! The main module: what is there before a script's first line, and what is said after its last.

use viv_heap::{Object, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Module, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

use super::make;

/// Fills the builtins.
pub fn prepare(vm: &Vm) -> PyResult<()> {
    let module = make::new_module(vm, "builtins", "")?;
    for (spec, ty, _) in vm.types.all() {
        vm.builtins.set_text(vm, spec.name, &ty.head)?;
    }
    for (name, _, ty, _) in vm.exceptions.all() {
        vm.builtins.set_text(vm, name, &ty.head)?;
    }
    for def in FUNCTIONS {
        let function = make::new_function(vm, &module, "builtins", def)?;
        vm.builtins.set_text(vm, def.name, &function)?;
    }
    Ok(())
}

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new("print", "", NativeCall::Raw(print), ""),
    MethodDef::new("__build_class__", "", NativeCall::Raw(crate::types::ty::build_class), ""),
    MethodDef::new("len", "(obj, /)", NativeCall::One(|vm, _, o| vm.new_usize(protocol::len(vm, o)?)), ""),
];

fn print(vm: &Vm, _module: &Object, args: crate::Args<'_>) -> PyResult {
    let mut line = String::new();
    for (i, value) in args.pos().iter().enumerate() {
        if i > 0 {
            line.push(' ');
        }
        let text: Ref<Str> = protocol::str(vm, value)?;
        line.push_str(&text.to_text());
    }
    println!("{line}");
    Ok(vm.none_ref())
}

/// The module `__main__`.
pub fn main_module(vm: &Vm, _filename: &str) -> PyResult<Ref<Module>> {
    make::new_module(vm, "__main__", "")
}

/// Prints an exception that nobody caught; gives the exit code. SystemExit says its own code and prints only what is no
/// number.
pub fn report(vm: &Vm, exception: &Object) -> i32 {
    if let Some(fields) = exception.downcast::<crate::object::Exception>()
        && crate::object::Type::of(exception).is_subtype(&vm.exceptions.SystemExit)
    {
        return exit_code(vm, crate::types::exception::extra(fields, crate::types::exception::fields::VALUE));
    }
    flush();
    eprint!("{}", super::traceback_text::format_exception(vm, exception));
    1
}

fn exit_code(vm: &Vm, code: Option<Ref>) -> i32 {
    flush();
    let Some(code) = code.filter(|c| !vm.is_none(c)) else { return 0 };
    match code.downcast::<crate::object::Int>() {
        Some(number) => number.as_i64().map_or(-1, |n| (n & 0xff) as i32),
        None => {
            match protocol::str(vm, &code) {
                Ok(text) => eprintln!("{}", text.to_text()),
                Err(raised) => drop(vm.take_raised(raised)),
            }
            1
        }
    }
}

fn flush() {
    // A closed standard output is no reason to lose the message.
    let _ = std::io::Write::flush(&mut std::io::stdout());
}
