//! Sets of signals: the mask of those held back, waiting for them, sending them.

use std::time::Instant;

use viv_runtime::modules::io::system::os_error;
use viv_runtime::modules::struct_sequence;
use viv_runtime::object::{Int, Type};
use viv_runtime::timestamp::Timestamp;
use viv_runtime::types::extra::extra_type;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm, protocol};
use viv_system::{process, signals};

use crate::thread::timeout::seconds;

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::positional(
        "pthread_sigmask",
        "($module, how, mask, /)",
        2,
        2,
        |vm, _, args| {
            let how = protocol::to_i64(vm, args[0])?;
            let wanted = numbers(vm, args[1])?;
            let former = signals::mask(i32::try_from(how).unwrap_or(-1), &wanted);
            vm.check_signals()?;
            set(vm, former)
        },
        "Fetch and/or change the signal mask of the calling thread.",
    ),
    MethodDef::new(
        "sigpending",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| set(vm, signals::held_back())),
        "Examine pending signals.\n\nReturns a set of signal numbers that are pending for delivery to\nthe calling thread.",
    ),
    MethodDef::new(
        "sigwait",
        "($module, sigset, /)",
        NativeCall::One(|vm, _, wanted| {
            let wanted = numbers(vm, wanted)?;
            match vm.allow_threads(|| signals::wait(&wanted)) {
                Ok(number) => vm.new_int(i64::from(number)),
                Err(error) => Err(os_error(vm, &error, None)),
            }
        }),
        "Wait for a signal.\n\nSuspend execution of the calling thread until the delivery of one of the\nsignals specified in the signal set sigset.  The function accepts the\nsignal and returns the signal number.",
    ),
    MethodDef::new(
        "sigwaitinfo",
        "($module, sigset, /)",
        NativeCall::One(|vm, _, wanted| {
            let wanted = numbers(vm, wanted)?;
            wait_info(vm, &wanted, None)
        }),
        "Wait synchronously until one of the signals in *sigset* is delivered.\n\nReturns a struct_siginfo containing information about the signal.",
    ),
    MethodDef::positional(
        "sigtimedwait",
        "($module, sigset, timeout, /)",
        2,
        2,
        |vm, _, args| {
            let timeout = seconds(vm, args[1])?;
            if timeout < Timestamp::ZERO {
                return Err(vm.value_error("timeout must be non-negative"));
            }
            let wanted = numbers(vm, args[0])?;
            wait_info(vm, &wanted, timeout.deadline())
        },
        "Like sigwaitinfo(), but with a timeout.\n\nThe timeout is specified in seconds, with floating-point numbers allowed.",
    ),
    MethodDef::positional(
        "pthread_kill",
        "($module, thread_id, signalnum, /)",
        2,
        2,
        |vm, _, args| {
            if args[0].downcast::<Int>().is_none() {
                return Err(vm.type_error(format!(
                    "pthread_kill() argument 1 must be int, not {}",
                    protocol::type_name(args[0])
                )));
            }
            let thread = protocol::to_i64(vm, args[0])? as u64;
            let signal = i32::try_from(protocol::to_i64(vm, args[1])?).unwrap_or(-1);
            if let Err(error) = vm.signal_thread(thread, signal) {
                return Err(os_error(vm, &error, None));
            }
            vm.check_signals()?;
            Ok(vm.none_ref())
        },
        "Send a signal to a thread.",
    ),
    MethodDef::positional(
        "pidfd_send_signal",
        "($module, pidfd, signalnum, siginfo=None, flags=0, /)",
        2,
        4,
        |vm, _, args| {
            let number = |place: usize| -> PyResult<i32> {
                match args.get(place) {
                    Some(number) => Ok(i32::try_from(protocol::to_i64(vm, number)?).unwrap_or(-1)),
                    None => Ok(0),
                }
            };
            let (fd, signal, flags) = (number(0)?, number(1)?, number(3)?);
            if args.get(2).is_some_and(|info| !vm.is_none(info)) {
                return Err(vm.type_error("siginfo must be None"));
            }
            vm.allow_threads(|| process::send_to_process(fd, signal, flags as u32))
                .map_err(|error| os_error(vm, &error, None))?;
            vm.check_signals()?;
            Ok(vm.none_ref())
        },
        "Send a signal to a process referred to by a pid file descriptor.",
    ),
    MethodDef::new(
        "valid_signals",
        "($module, /)",
        // The threads library keeps two signals for itself.
        NativeCall::NoArgs(|vm, _| set(vm, Ok((1..32).chain(34..65).collect()))),
        "Return a set of valid signal numbers on this platform.\n\nThe signal numbers returned by this function can be safely passed to\nfunctions like `pthread_sigmask`.",
    ),
];

viv_runtime::struct_sequence!(
    /// `signal.struct_siginfo`
    SIGNAL_INFO, "signal", "struct_siginfo", 0 "si_signo", 1 "si_code", 2 "si_errno", 3 "si_pid", 4 "si_uid", 5 "si_status",
    6 "si_band"
);

/// The type `struct_siginfo`.
pub fn info_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SIGNAL_INFO, &vm.types.tuple)
}

/// Waits for a signal; None where the deadline comes first. Handlers of other signals run meanwhile.
fn wait_info(vm: &Vm, wanted: &[i32], until: Option<Instant>) -> PyResult {
    loop {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        match vm.allow_threads(|| signals::wait_info(wanted, left)) {
            Ok(None) => return Ok(vm.none_ref()),
            Ok(Some(info)) => {
                // The last field shares its place with two others.
                let band = i64::from(info.uid) << 32 | i64::from(info.pid);
                let fields = [
                    i64::from(info.signal),
                    i64::from(info.code),
                    i64::from(info.errno),
                    i64::from(info.pid),
                    i64::from(info.uid),
                    i64::from(info.status),
                    band,
                ];
                let fields = fields
                    .iter()
                    .map(|n| vm.new_int(*n))
                    .collect::<PyResult<Vec<_>>>()?;
                return struct_sequence::make(vm, &*info_type(vm)?, fields);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => vm.check_signals()?,
            Err(error) => return Err(os_error(vm, &error, None)),
        }
    }
}

/// The signals of an iterable.
fn numbers(vm: &Vm, signals: &Object) -> PyResult<Vec<i32>> {
    let iterator = protocol::iter(vm, signals)?;
    let mut numbers = Vec::new();
    while let Some(number) = protocol::next(vm, &iterator)? {
        let index = protocol::index(vm, &number)?;
        match index.downcast::<Int>().and_then(Int::as_i64) {
            Some(number @ 1..65) => numbers.push(number as i32),
            _ => {
                let shown = protocol::repr(vm, &index)?;
                return Err(vm.value_error(format!(
                    "signal number {} out of range [1; 64]",
                    shown.to_text()
                )));
            }
        }
    }
    Ok(numbers)
}

fn set(vm: &Vm, numbers: std::io::Result<Vec<i32>>) -> PyResult {
    let numbers = numbers.map_err(|error| os_error(vm, &error, None))?;
    let numbers = numbers
        .into_iter()
        .map(|number| vm.new_int(i64::from(number)))
        .collect::<PyResult<Vec<_>>>()?;
    let list = vm.new_list(numbers)?;
    protocol::call_args(vm, vm.types.set.as_object(), &[&list.head])
}
