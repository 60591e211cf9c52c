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

/// Prints an exception that nobody caught; gives the exit code.
pub fn report(vm: &Vm, exception: &Object) -> i32 {
    let text = protocol::str(vm, exception).map_or_else(|r| { drop(vm.take_raised(r)); String::new() }, |t| t.to_text().into_owned());
    eprintln!("{}: {text}", protocol::type_name(exception));
    1
}
