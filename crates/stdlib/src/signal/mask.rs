//! Sets of signals: the mask of those held back, waiting for them, sending them.

use viv_runtime::modules::io::system::os_error;
use viv_runtime::vm::signals;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

use super::{call, signal_number};

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    call(
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
            match signals::wait(&wanted) {
                Ok(number) => vm.new_int(i64::from(number)),
                Err(error) => Err(os_error(vm, &error, None)),
            }
        }),
        "Wait for a signal.\n\nSuspend execution of the calling thread until the delivery of one of the\nsignals specified in the signal set sigset.  The function accepts the\nsignal and returns the signal number.",
    ),
    MethodDef::new(
        "valid_signals",
        "($module, /)",
        // The threads library keeps two signals for itself.
        NativeCall::NoArgs(|vm, _| set(vm, Ok((1..32).chain(34..65).collect()))),
        "Return a set of valid signal numbers on this platform.\n\nThe signal numbers returned by this function can be safely passed to\nfunctions like `pthread_sigmask`.",
    ),
];

/// The signals of an iterable.
fn numbers(vm: &Vm, signals: &Object) -> PyResult<Vec<i32>> {
    let iterator = protocol::iter(vm, signals)?;
    let mut numbers = Vec::new();
    while let Some(number) = protocol::next(vm, &iterator)? {
        numbers.push(signal_number(vm, &number)?);
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
