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
    functions: &[SWITCHES, LOOKING, FOREIGN],
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

/// Blocks that are not the heap's: their owners tell of them.
const FOREIGN: &[MethodDef] = &[
    MethodDef::positional(
        "_track",
        "($module, domain, address, size, release_lock=False, /)",
        3,
        4,
        |vm, _, args| {
            let (domain, block) = foreign(vm, args)?;
            let size = protocol::to_i64(vm, args[2])?;
            let size =
                usize::try_from(size).map_err(|_| vm.value_error("a size cannot be negative"))?;
            let_others_run(vm, args.get(3).copied())?;
            traced(vm, vm.track_block(domain, block, size))
        },
        "Trace a block that is not the heap's own, as if it were allocated now.",
    ),
    MethodDef::positional(
        "_untrack",
        "($module, domain, address, release_lock=False, /)",
        2,
        3,
        |vm, _, args| {
            let (domain, block) = foreign(vm, args)?;
            let_others_run(vm, args.get(2).copied())?;
            traced(vm, vm.untrack_block(domain, block))
        },
        "Forget a block that is not the heap's own.",
    ),
    MethodDef::positional(
        "_get_block_traceback",
        "($module, domain, address, /)",
        2,
        2,
        |vm, _, args| {
            let (domain, block) = foreign(vm, args)?;
            match vm.trace_of_block(domain, block) {
                Some(trace) => frames(vm, &trace.lines, &mut HashMap::new()),
                None => Ok(vm.none_ref()),
            }
        },
        "Where a block was allocated; None if it is not traced.",
    ),
];

/// The domain and the address of a block.
fn foreign(vm: &Vm, args: &[&Object]) -> PyResult<(u32, usize)> {
    let domain = u32::try_from(protocol::to_i64(vm, args[0])?)
        .map_err(|_| vm.overflow_error("no such domain"))?;
    Ok((domain, protocol::to_i64(vm, args[1])? as usize))
}

/// Gives the interpreter's lock away for a moment, where that is asked for.
fn let_others_run(vm: &Vm, wanted: Option<&Object>) -> PyResult<()> {
    if let Some(wanted) = wanted
        && protocol::is_true(vm, wanted)?
    {
        vm.allow_threads(|| ());
    }
    Ok(())
}

fn traced(vm: &Vm, done: bool) -> PyResult {
    if done {
        Ok(vm.none_ref())
    } else {
        Err(vm.raise(&vm.exceptions.RuntimeError, "tracemalloc is not tracing"))
    }
}

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
            vm.new_int(i64::from(trace.domain))?,
            vm.new_usize(trace.size)?,
            frames(vm, &trace.lines, &mut made)?,
            vm.new_usize(trace.total)?,
        ];
        list.push(vm.new_tuple(values)?.upcast());
    }
    Ok(vm.new_list(list)?.upcast())
}
