//! `sys.remote_exec`, and the hooks that are told of events: `sys.audit`, `sys.addaudithook`.

use viv_heap::Object;
use viv_system::remote::{self, Refusal};

use crate::modules::io::system;
use crate::native::{MethodDef, NativeCall};
use crate::object::Str;
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// The functions.
pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "is_remote_debug_enabled",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(vm.config.settings.remote_debug))),
        "Return True if remote debugging is enabled, False otherwise.",
    ),
    MethodDef::new(
        "remote_exec",
        "($module, /, pid, script)",
        NativeCall::Bound(remote_exec),
        "Executes a file containing Python code in a given remote Python process.\n\nThis function returns immediately, and the code will be executed by the\ntarget process's main thread at the next available opportunity,\nsimilarly to how signals are handled.  There is no interface to\ndetermine when the code has been executed.  The caller is responsible\nfor making sure that the file still exists whenever the remote process\ntries to read it and that it hasn't been overwritten.\n\nThe remote process must run this very program.\n\nArgs:\n     pid (int): The process ID of the target Python process.\n     script (str|bytes): The path to a file containing\n         the Python code to be executed.",
    ),
    MethodDef::new(
        "audit",
        "($module, event, /, *args)",
        NativeCall::Positional {
            min: 1,
            max: usize::MAX,
            call: audit,
        },
        "Passes the event to any hooks that are attached.",
    ),
    MethodDef::new(
        "addaudithook",
        "($module, /, hook)",
        NativeCall::Bound(add_audit_hook),
        "Adds a new audit hook callback.",
    ),
];

fn remote_exec(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(process), Some(script)] = args else {
        return Err(vm.system_error("remote_exec() lost its arguments"));
    };
    let number = protocol::to_i64(vm, &*protocol::index(vm, process)?)?;
    let Ok(number) = i32::try_from(number) else {
        return Err(vm.raise(
            &vm.exceptions.OverflowError,
            "Python int too large to convert to C int",
        ));
    };
    let path = system::path(vm, script)?;
    vm.tell_audit("sys.remote_exec", &[process, script])?;
    if !vm.config.settings.remote_debug {
        return Err(vm.raise(
            &vm.exceptions.RuntimeError,
            "Remote debugging is not enabled",
        ));
    }
    if let Err(error) = std::fs::metadata(&path) {
        return Err(match error.kind() {
            std::io::ErrorKind::NotFound => vm.raise(
                &vm.exceptions.FileNotFoundError,
                "Script file does not exist",
            ),
            std::io::ErrorKind::PermissionDenied => {
                vm.raise(&vm.exceptions.PermissionError, "Script file cannot be read")
            }
            _ => system::os_error(vm, &error, None),
        });
    }
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str());
    remote::ask(number, bytes).map_err(|refusal| refused(vm, refusal))?;
    // This process runs its own script right behind the call.
    vm.run_waiting_script();
    Ok(vm.none_ref())
}

fn refused(vm: &Vm, refusal: Refusal) -> Raised {
    match refusal {
        Refusal::System(error) => system::os_error(vm, &error, None),
        Refusal::Stranger => vm.raise(
            &vm.exceptions.RuntimeError,
            "the remote process does not run this program",
        ),
        Refusal::Disabled => vm.raise(
            &vm.exceptions.RuntimeError,
            "Remote debugging is not enabled in the remote process",
        ),
        Refusal::TooLong => vm.value_error("Script path is too long"),
    }
}

fn audit(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let Some(event) = args[0].downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "audit() argument 1 must be str, not {}",
            type_name(args[0])
        )));
    };
    vm.tell_audit(&event.to_text(), &args[1..])?;
    Ok(vm.none_ref())
}

/// A hook that is there may refuse another one, by raising an Exception, which goes no further.
fn add_audit_hook(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let Some(hook) = args.first().copied().flatten() else {
        return Err(vm.system_error("addaudithook() lost its argument"));
    };
    if let Err(raised) = vm.tell_audit("sys.addaudithook", &[]) {
        let exception = vm.take_raised(raised);
        let class = vm.exceptions.Exception.as_object();
        return match crate::types::ty::check::is_instance(vm, &exception, class)? {
            true => Ok(vm.none_ref()),
            false => Err(vm.restore(exception)),
        };
    }
    vm.audit_hooks.borrow_mut().push(hook.to_ref());
    Ok(vm.none_ref())
}
