//! `sys.excepthook`, `sys.displayhook`, `sys.unraisablehook`: the hooks' own behaviour, and how an uncaught exception gets
//! to them.

use viv_heap::{Object, Ref};

use crate::modules::main::complain;
use crate::modules::traceback_text::Paint;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Exception, Str, Traceback, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "excepthook",
        "($module, exctype, value, traceback, /)",
        NativeCall::Positional {
            min: 3,
            max: 3,
            call: excepthook,
        },
        "Handle an exception by displaying it with a traceback on sys.stderr.",
    ),
    MethodDef::new(
        "displayhook",
        "($module, object, /)",
        NativeCall::One(displayhook),
        "Print an object to sys.stdout and also save it in builtins._",
    ),
    MethodDef::new(
        "unraisablehook",
        "($module, unraisable, /)",
        NativeCall::One(unraisable_hook),
        "Handle an unraisable exception.\n\nThe unraisable argument has the following attributes:\n\n* exc_type: Exception type.\n* exc_value: Exception value, can be None.\n* exc_traceback: Exception traceback, can be None.\n* err_msg: Error message, can be None.\n* object: Object causing the exception, can be None.",
    ),
];

/// Hands an uncaught exception to `sys.excepthook`.
///
/// # Errors
/// SystemExit that the hook raised.
pub fn show_uncaught(vm: &Vm, exception: &Object) -> PyResult<()> {
    let class = Type::of(exception).head.to_ref();
    let traceback = match protocol::get_attr_opt(vm, exception, &vm.names.__traceback__) {
        Ok(found) => found.unwrap_or_else(|| vm.none_ref()),
        Err(raised) => {
            drop(vm.take_raised(raised));
            vm.none_ref()
        }
    };
    for (name, value) in [
        ("last_exc", exception),
        ("last_type", &*class),
        ("last_value", exception),
        ("last_traceback", &*traceback),
    ] {
        vm.sys.set_text(vm, name, value)?;
    }
    let Some(hook) = vm
        .sys
        .get_str(vm, &vm.names.excepthook)
        .filter(|h| !vm.is_none(h))
    else {
        complain(vm, "sys.excepthook is missing\n");
        print(vm, exception);
        return Ok(());
    };
    match protocol::call_args(vm, &hook, &[&class, exception, &traceback]) {
        Ok(_) => Ok(()),
        Err(raised) if vm.raised_is(&raised, &vm.exceptions.SystemExit) => Err(raised),
        Err(raised) => {
            let second = vm.take_raised(raised);
            complain(vm, "Error in sys.excepthook:\n");
            print(vm, &second);
            complain(vm, "\nOriginal exception was:\n");
            print(vm, exception);
            Ok(())
        }
    }
}

/// Prints an exception with its traceback to `sys.stderr`.
pub fn print(vm: &Vm, exception: &Object) {
    if crate::modules::main::is_silent(vm) {
        return;
    }
    let paint = if has_colors(vm) {
        Paint::Colors
    } else {
        Paint::Plain
    };
    complain(
        vm,
        &crate::modules::traceback_text::format_exception(vm, exception, paint),
    );
}

/// Whether `sys.stderr` is a terminal that shows colours, or the environment says so.
fn has_colors(vm: &Vm) -> bool {
    let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    if !vm.config.flags.ignore_environment {
        match set("PYTHON_COLORS").as_deref() {
            Some("0") => return false,
            Some("1") => return true,
            _ => {}
        }
    }
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("FORCE_COLOR").is_some() {
        return true;
    }
    if set("TERM").as_deref() == Some("dumb") {
        return false;
    }
    is_terminal(vm).unwrap_or_else(|raised| {
        drop(vm.take_raised(raised));
        false
    })
}

fn is_terminal(vm: &Vm) -> PyResult<bool> {
    let Some(file) = vm
        .sys
        .get_str(vm, &vm.names.stderr)
        .filter(|f| !vm.is_none(f))
    else {
        return Ok(false);
    };
    let isatty = protocol::get_attr_str(vm, &file, "isatty")?;
    let answer = protocol::call_no_args(vm, &isatty)?;
    protocol::is_true(vm, &answer)
}

fn excepthook(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let Some(error) = args[1].downcast::<Exception>() else {
        let given = protocol::type_name(args[1]);
        let text =
            format!("TypeError: print_exception(): Exception expected for value, {given} found\n");
        complain(vm, &text);
        return Ok(vm.none_ref());
    };
    if error.traceback.is_none() && args[2].downcast::<Traceback>().is_some() {
        error.traceback.set(Some(args[2].to_ref()));
    }
    print(vm, args[1]);
    Ok(vm.none_ref())
}

fn displayhook(vm: &Vm, _module: &Object, value: &Object) -> PyResult {
    if vm.is_none(value) {
        return Ok(vm.none_ref());
    }
    vm.builtins.set_text(vm, "_", vm.none())?;
    let Some(stdout) = vm
        .sys
        .get_str(vm, &vm.names.stdout)
        .filter(|f| !vm.is_none(f))
    else {
        return Err(vm.runtime_error("lost sys.stdout"));
    };
    let text: Ref<crate::object::Str> = protocol::repr(vm, value)?;
    match crate::modules::builtins::output::write(vm, &stdout, &text) {
        Err(raised) if vm.raised_is(&raised, &vm.exceptions.UnicodeEncodeError) => {
            drop(vm.take_raised(raised));
            write_escaped(vm, &stdout, &text)?;
        }
        done => done?,
    }
    crate::modules::builtins::output::write(vm, &stdout, &*vm.new_char(10)?)?;
    vm.builtins.set_text(vm, "_", value)?;
    Ok(vm.none_ref())
}

/// Writes a text whose characters the stream's encoding does not all have: those are escaped.
fn write_escaped(vm: &Vm, stdout: &Object, text: &Str) -> PyResult<()> {
    let name = |name: &str| vm.intern(name);
    let encoding = protocol::get_attr_str(vm, stdout, "encoding")?;
    let how = name("backslashreplace")?;
    let bytes = protocol::call_method(vm, &text.head, &*name("encode")?, &[&encoding, &how.head])?;
    match protocol::get_attr_opt(vm, stdout, &*name("buffer")?)? {
        Some(buffer) => protocol::call_method(vm, &buffer, &*name("write")?, &[&bytes]).map(drop),
        None => {
            let strict = name("strict")?;
            let decode = name("decode")?;
            let text = protocol::call_method(vm, &bytes, &decode, &[&encoding, &strict.head])?;
            protocol::call_method(vm, stdout, &*name("write")?, &[&text]).map(drop)
        }
    }
}

fn unraisable_hook(vm: &Vm, _module: &Object, args: &Object) -> PyResult {
    let fields = args
        .downcast::<Tuple>()
        .filter(|_| Type::of(args).is(&vm.types.sys_unraisable_hook_args));
    let Some([class, value, _, message, object]) = fields.map(Tuple::as_slice) else {
        return Err(vm.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
    };
    let given = |o: &Ref| (!vm.is_none(o)).then(|| o.clone());
    let message = message.downcast::<Str>().map(|m| m.to_text().into_owned());
    print_unraisable(vm, message.as_deref(), given(object).as_deref());
    if !vm.is_none(value) {
        complain(
            vm,
            &crate::modules::traceback_text::format_unraisable(vm, value),
        );
    } else if let Some(class) = class.downcast::<Type>() {
        complain(vm, &format!("{}\n", class.display_name()));
    }
    Ok(vm.none_ref())
}

/// The line before an exception that cannot go on: "Exception ignored in: object".
pub fn print_unraisable(vm: &Vm, message: Option<&str>, object: Option<&Object>) {
    let object = object.map(|o| match protocol::repr(vm, o) {
        Ok(text) => text.to_text().into_owned(),
        Err(raised) => {
            drop(vm.take_raised(raised));
            "<object repr() failed>".to_owned()
        }
    });
    let line = match (message, object) {
        (Some(message), Some(object)) => format!("{message}: {object}\n"),
        (Some(message), None) => format!("{message}:\n"),
        (None, Some(object)) => format!("Exception ignored in: {object}\n"),
        (None, None) => return,
    };
    complain(vm, &line);
}
