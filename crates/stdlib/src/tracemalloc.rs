//! The module `_tracemalloc`: traces of allocations, under `tracemalloc`.

use std::collections::HashMap;
use std::sync::Arc;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::Int;
use viv_runtime::protocol;
use viv_runtime::vm::tracer::{FRAMES_MAX, Line};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_tracemalloc",
    doc: "Debug module to trace memory blocks allocated by Python.",
    functions: &[SWITCHES, LOOKING],
    fill: |vm, _| {
        vm.complete_types();
        Ok(())
    },
};

const SWITCHES: &[MethodDef] = &[
    MethodDef::new(
        "start",
        "($module, nframe=1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: start,
        },
        "Start tracing Python memory allocations.\n\nAlso set the maximum number of frames stored in the traceback of a\ntrace to nframe.",
    ),
    MethodDef::new(
        "stop",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.stop_tracing();
            Ok(vm.none_ref())
        }),
        "Stop tracing Python memory allocations.\n\nAlso clear traces of memory blocks allocated by Python.",
    ),
    MethodDef::new(
        "clear_traces",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.clear_traces();
            Ok(vm.none_ref())
        }),
        "Clear traces of memory blocks allocated by Python.",
    ),
    MethodDef::new(
        "reset_peak",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.reset_traced_peak();
            Ok(vm.none_ref())
        }),
        "Set the peak size of memory blocks traced by tracemalloc to the current size.\n\nDo nothing if the tracemalloc module is not tracing memory allocations.",
    ),
];

const LOOKING: &[MethodDef] = &[
    MethodDef::new(
        "is_tracing",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(vm.is_tracing()))),
        "Return True if the tracemalloc module is tracing Python memory allocations.",
    ),
    MethodDef::new(
        "get_traceback_limit",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.trace_limit())),
        "Get the maximum number of frames stored in the traceback of a trace.\n\nBy default, a trace of an allocated memory block only stores\nthe most recent frame: the limit is 1.",
    ),
    MethodDef::new(
        "get_traced_memory",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let (current, peak) = vm.traced_memory();
            let values = vec![vm.new_usize(current)?, vm.new_usize(peak)?];
            Ok(vm.new_tuple(values)?.upcast())
        }),
        "Get the current size and peak size of memory blocks traced by tracemalloc.\n\nReturns a tuple: (current: int, peak: int).",
    ),
    MethodDef::new(
        "get_tracemalloc_memory",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.tracer_bytes())),
        "Get the memory usage in bytes of the tracemalloc module.\n\nThis memory is used internally to trace memory allocations.",
    ),
    MethodDef::new(
        "_get_object_traceback",
        "($module, obj, /)",
        NativeCall::One(|vm, _, object| match vm.trace_of_object(object) {
            Some(trace) => frames(vm, &trace.lines, &mut HashMap::new()),
            None => Ok(vm.none_ref()),
        }),
        "Get the traceback where the Python object obj was allocated.\n\nReturn a tuple of (filename: str, lineno: int) tuples.\nReturn None if the tracemalloc module is disabled or did not\ntrace the allocation of the object.",
    ),
    MethodDef::new(
        "_get_traces",
        "($module, /)",
        NativeCall::NoArgs(get_traces),
        "Get traces of all memory blocks allocated by Python.\n\nReturn a list of (size: int, traceback: tuple) tuples.\ntraceback is a tuple of (filename: str, lineno: int) tuples.\n\nReturn an empty list if the tracemalloc module is disabled.",
    ),
];

fn start(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let limit = match args.first() {
        Some(limit) => {
            let index = protocol::index(vm, limit)?;
            let index = index.downcast::<Int>().and_then(Int::as_i64);
            index
                .and_then(|index| i32::try_from(index).ok())
                .ok_or_else(|| vm.overflow_error("Python int too large to convert to C int"))?
        }
        None => 1,
    };
    match usize::try_from(limit) {
        Ok(limit) if (1..=FRAMES_MAX).contains(&limit) => vm.start_tracing(limit),
        _ => {
            return Err(vm.value_error(format!(
                "the number of frames must be in range [1; {FRAMES_MAX}]"
            )));
        }
    }
    Ok(vm.none_ref())
}

/// The objects of lines and tracebacks that have been made: equal ones are shared.
type Made = HashMap<Vec<(usize, u32)>, Ref>;

fn frames(vm: &Vm, lines: &[Line], made: &mut Made) -> PyResult {
    let key: Vec<(usize, u32)> = lines
        .iter()
        .map(|(file, line)| (Arc::as_ptr(file).cast::<u8>().addr(), *line))
        .collect();
    if let Some(known) = made.get(&key) {
        return Ok(known.clone());
    }
    let unknown: [Line; 1] = [(Arc::from("<unknown>"), 0)];
    let lines = if lines.is_empty() { &unknown } else { lines };
    let mut tuples = Vec::with_capacity(lines.len());
    for (file, line) in lines {
        let values = vec![vm.intern(file)?.upcast(), vm.new_usize(*line as usize)?];
        tuples.push(vm.new_tuple(values)?.upcast());
    }
    let traceback: Ref = vm.new_tuple(tuples)?.upcast();
    made.insert(key, traceback.clone());
    Ok(traceback)
}

fn get_traces(vm: &Vm, _module: &Object) -> PyResult {
    let mut list = Vec::new();
    let mut made = HashMap::new();
    for trace in vm.traces() {
        let values = vec![
            vm.new_int(0)?,
            vm.new_usize(trace.size)?,
            frames(vm, &trace.lines, &mut made)?,
            vm.new_usize(trace.total)?,
        ];
        list.push(vm.new_tuple(values)?.upcast());
    }
    Ok(vm.new_list(list)?.upcast())
}
