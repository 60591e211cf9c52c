//! The module `_signal`: handlers of the system's signals, timers, and the mask of held-back signals.

mod constants;
mod mask;

use std::time::Duration;

use viv_runtime::modules::io::system::os_error;
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::Module;
use viv_runtime::timestamp::{Rounding, Timestamp};
use viv_runtime::vm::signals::set_disposition;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};
use viv_system::signals::{self, Disposition};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_signal",
    doc: "This module provides mechanisms to use signal handlers in Python.",
    functions: &[HANDLERS, TIMERS, mask::FUNCTIONS],
    fill,
};

const SIG_DFL: i64 = 0;
const SIG_IGN: i64 = 1;
const SIGINT: i32 = 2;

const HANDLERS: &[MethodDef] = &[
    MethodDef::positional(
        "default_int_handler",
        "($module, signalnum, frame, /)",
        2,
        2,
        |vm, _, _| Err(vm.raise_with(&vm.exceptions.KeyboardInterrupt, &[])),
        "The default handler for SIGINT installed by Python.\n\nIt raises KeyboardInterrupt.",
    ),
    MethodDef::positional(
        "signal",
        "($module, signalnum, handler, /)",
        2,
        2,
        signal,
        "Set the action for the given signal.\n\nThe action can be SIG_DFL, SIG_IGN, or a callable Python object.\nThe previous action is returned.  See getsignal() for possible return\nvalues.",
    ),
    MethodDef::new(
        "getsignal",
        "($module, signalnum, /)",
        NativeCall::One(|vm, module, number| {
            let number = signal_number(vm, number)?;
            handler_of(vm, module, number)
        }),
        "Return the current action for the given signal.\n\nThe return value can be:\n  SIG_IGN -- if the signal is being ignored\n  SIG_DFL -- if the default action for the signal is in effect\n  None    -- if an unknown handler is in effect\n  anything else -- the callable Python object used as a handler",
    ),
    MethodDef::new(
        "raise_signal",
        "($module, signalnum, /)",
        NativeCall::One(|vm, _, number| {
            let number = protocol::to_i64(vm, number)?;
            done(vm, signals::raise(i32::try_from(number).unwrap_or(-1)))?;
            vm.check_signals()?;
            Ok(vm.none_ref())
        }),
        "Send a signal to the executing process.",
    ),
    MethodDef::new(
        "strsignal",
        "($module, signalnum, /)",
        NativeCall::One(|vm, _, number| {
            let number = signal_number(vm, number)?;
            match constants::description(number) {
                Some(text) => Ok(vm.new_str(&text)?.upcast()),
                None => Ok(vm.none_ref()),
            }
        }),
        "Return the system description of the given signal.\n\nReturns the description of signal *signalnum*, such as \"Interrupt\"\nfor :const:`SIGINT`. Returns :const:`None` if *signalnum* has no\ndescription. Raises :exc:`ValueError` if *signalnum* is invalid.",
    ),
    MethodDef::new(
        "set_wakeup_fd",
        "($module, fd, /, *, warn_on_full_buffer=True)",
        NativeCall::Bound(|vm, _, args| {
            let fd = match args.first().copied().flatten() {
                Some(fd) => protocol::to_i64(vm, fd)?,
                None => -1,
            };
            if !vm.is_main_thread() {
                return Err(vm.value_error(
                    "set_wakeup_fd only works in main thread of the main interpreter",
                ));
            }
            let fd = i32::try_from(fd).unwrap_or(-1);
            if fd != -1 {
                let flags = nix::fcntl::fcntl(fd, nix::fcntl::FcntlArg::F_GETFL)
                    .map_err(|error| os_error(vm, &error.into(), None))?;
                if flags & nix::fcntl::OFlag::O_NONBLOCK.bits() == 0 {
                    return Err(vm.value_error(format!("the fd {fd} must be in non-blocking mode")));
                }
            }
            let warn = match args.get(1).copied().flatten() {
                Some(warn) => protocol::is_true(vm, warn)?,
                None => true,
            };
            let former = signals::set_wakeup(fd, warn);
            vm.new_int(i64::from(former))
        }),
        "Sets the fd to be written to (with the signal number) when a signal comes in.\n\nA library can use this to wakeup select or poll.\nThe previous fd or -1 is returned.\n\nThe fd must be non-blocking.",
    ),
    MethodDef::positional(
        "siginterrupt",
        "($module, signalnum, flag, /)",
        2,
        2,
        |vm, _, args| {
            let number = signal_number(vm, args[0])?;
            let interrupt = protocol::is_true(vm, args[1])?;
            done(vm, signals::set_restart(number, !interrupt))
        },
        "Change system call restart behaviour.\n\nIf flag is False, system calls will be restarted when interrupted by\nsignal sig, else system calls will be interrupted.",
    ),
];

const TIMERS: &[MethodDef] = &[
    MethodDef::new(
        "alarm",
        "($module, seconds, /)",
        NativeCall::One(|vm, _, seconds| {
            let seconds = protocol::to_i64(vm, seconds)?;
            vm.new_int(i64::from(signals::alarm(seconds as u32)))
        }),
        "Arrange for SIGALRM to arrive after the given number of seconds.",
    ),
    MethodDef::positional(
        "setitimer",
        "($module, which, seconds, interval=0.0, /)",
        2,
        3,
        |vm, module, args| {
            let which = protocol::to_i64(vm, args[0])?;
            let delay = time(vm, args[1])?;
            let interval = match args.get(2) {
                Some(interval) => time(vm, interval)?,
                None => Some(Duration::ZERO),
            };
            let (Some(delay), Some(interval)) = (delay, interval) else {
                return Err(timer_error(vm, module, &invalid()));
            };
            match signals::set_timer(i32::try_from(which).unwrap_or(-1), delay, interval) {
                Ok(former) => times(vm, former),
                Err(error) => Err(timer_error(vm, module, &error)),
            }
        },
        "Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).\n\nThe timer will fire after value seconds and after that every interval\nseconds.  The itimer can be cleared by setting seconds to zero.\n\nReturns old values as a tuple: (delay, interval).",
    ),
    MethodDef::new(
        "getitimer",
        "($module, which, /)",
        NativeCall::One(|vm, module, which| {
            let which = protocol::to_i64(vm, which)?;
            match signals::timer(i32::try_from(which).unwrap_or(-1)) {
                Ok(now) => times(vm, now),
                Err(error) => Err(timer_error(vm, module, &error)),
            }
        }),
        "Returns current value of given itimer.",
    ),
    MethodDef::new(
        "pause",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.allow_threads(signals::pause);
            vm.check_signals()?;
            Ok(vm.none_ref())
        }),
        "Wait until a signal arrives.",
    ),
];

fn fill(vm: &Vm, module: &Module) -> PyResult<()> {
    for (name, value) in constants::NUMBERS {
        add_int(vm, module, name, *value)?;
    }
    let info = mask::info_type(vm)?;
    module
        .dict
        .set_text(vm, "struct_siginfo", info.as_object())?;
    let bases = vm.tuple_of(&[vm.exceptions.OSError.as_object()])?;
    let body = vm.new_dict()?;
    body.set_str(vm, &vm.names.__module__, vm.new_str("signal")?.as_object())?;
    let name = vm.new_str("ItimerError")?;
    let error = protocol::call_args(
        vm,
        vm.types.type_.as_object(),
        &[&name.head, &bases.head, &body.head],
    )?;
    module.dict.set_text(vm, "ItimerError", &error)?;
    if signals::disposition(SIGINT) == Some(Disposition::Note)
        && vm.signal_handlers.get(SIGINT).is_none()
    {
        let handler = member(vm, &module.head, "default_int_handler")?;
        drop(vm.signal_handlers.replace(SIGINT, Some(handler)));
    }
    Ok(())
}

fn member(vm: &Vm, module: &Object, name: &str) -> PyResult {
    protocol::get_attr(vm, module, &*vm.intern(name)?)
}

/// A signal's number.
fn signal_number(vm: &Vm, number: &Object) -> PyResult<i32> {
    match protocol::to_i64(vm, number)? {
        number @ 1..65 => Ok(number as i32),
        _ => Err(vm.value_error("signal number out of range")),
    }
}

/// What `getsignal` says.
fn handler_of(vm: &Vm, module: &Object, number: i32) -> PyResult {
    if let Some(handler) = vm.signal_handlers.get(number) {
        return Ok(handler);
    }
    match signals::disposition(number) {
        Some(Disposition::Default) => vm.new_int(SIG_DFL),
        Some(Disposition::Ignore) => vm.new_int(SIG_IGN),
        Some(Disposition::Note) if number == SIGINT => member(vm, module, "default_int_handler"),
        _ => Ok(vm.none_ref()),
    }
}

fn signal(vm: &Vm, module: &Object, args: &[&Object]) -> PyResult {
    if !vm.is_main_thread() {
        return Err(vm.value_error("signal only works in main thread of the main interpreter"));
    }
    let number = signal_number(vm, args[0])?;
    let handler = args[1];
    let disposition = if protocol::is_callable(handler) {
        Disposition::Note
    } else {
        let known = [
            (SIG_DFL, Disposition::Default),
            (SIG_IGN, Disposition::Ignore),
        ];
        let mut found = None;
        for (value, disposition) in known {
            if protocol::compare_eq(vm, handler, &*vm.new_int(value)?)? {
                found = Some(disposition);
            }
        }
        let Some(found) = found else {
            return Err(vm.type_error(
                "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object",
            ));
        };
        found
    };
    vm.check_signals()?;
    let former = handler_of(vm, module, number)?;
    done(vm, set_disposition(vm, number, disposition))?;
    drop(vm.signal_handlers.replace(number, Some(handler.to_ref())));
    Ok(former)
}

fn done(vm: &Vm, result: std::io::Result<()>) -> PyResult {
    match result {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(os_error(vm, &error, None)),
    }
}

fn invalid() -> std::io::Error {
    std::io::Error::from_raw_os_error(nix::errno::Errno::EINVAL as i32)
}

/// A time in seconds, a whole number of microseconds; nothing for a negative one, which the system would refuse.
fn time(vm: &Vm, seconds: &Object) -> PyResult<Option<Duration>> {
    let time = Timestamp::parse(vm, seconds, Rounding::Ceiling)?;
    let micros = time.as_microseconds(Rounding::Ceiling);
    Ok(u64::try_from(micros).ok().map(Duration::from_micros))
}

fn times(vm: &Vm, (delay, interval): (Duration, Duration)) -> PyResult {
    let parts = vec![
        vm.new_float(delay.as_secs_f64())?,
        vm.new_float(interval.as_secs_f64())?,
    ];
    Ok(vm.new_tuple(parts)?.upcast())
}

/// `signal.ItimerError`
fn timer_error(vm: &Vm, module: &Object, error: &std::io::Error) -> Raised {
    let make = || -> PyResult<Ref> {
        let class = member(vm, module, "ItimerError")?;
        let number = vm.new_int(i64::from(error.raw_os_error().unwrap_or(0)))?;
        let text = error.to_string();
        let text = vm.new_str(text.split(" (os error").next().unwrap_or(""))?;
        protocol::call_args(vm, &class, &[&number, &text.head])
    };
    match make() {
        Ok(error) => vm.raise_object(error),
        Err(raised) => raised,
    }
}
