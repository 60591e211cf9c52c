//! `sys.monitoring`: tools may take their ids and callbacks; events are not raised by this interpreter, and asking for any
//! says so.

use viv_heap::{Object, Ref};

use crate::modules::make::{ModuleSpec, add_int};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Code, Dict, Module, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// How many ids tools can take.
const TOOLS: usize = 6;

/// The events, each with its bit.
const EVENTS: &[(&str, i64)] = &[
    ("PY_START", 1),
    ("PY_RESUME", 1 << 1),
    ("PY_RETURN", 1 << 2),
    ("PY_YIELD", 1 << 3),
    ("CALL", 1 << 4),
    ("LINE", 1 << 5),
    ("INSTRUCTION", 1 << 6),
    ("JUMP", 1 << 7),
    ("BRANCH_LEFT", 1 << 8),
    ("BRANCH_RIGHT", 1 << 9),
    ("STOP_ITERATION", 1 << 10),
    ("RAISE", 1 << 11),
    ("EXCEPTION_HANDLED", 1 << 12),
    ("PY_UNWIND", 1 << 13),
    ("PY_THROW", 1 << 14),
    ("RERAISE", 1 << 15),
    ("C_RETURN", 1 << 16),
    ("C_RAISE", 1 << 17),
    ("BRANCH", 1 << 18),
    ("NO_EVENTS", 0),
];

const fn positional(
    name: &'static str,
    signature: &'static str,
    count: usize,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
) -> MethodDef {
    let call = NativeCall::Positional {
        min: count,
        max: count,
        call,
    };
    MethodDef::new(name, signature, call, "")
}

/// The module. Its dict keeps the tools, `_tools`, and their callbacks, `_callbacks`.
static MODULE: ModuleSpec = ModuleSpec {
    name: "sys.monitoring",
    doc: "",
    functions: &[&[
        positional(
            "use_tool_id",
            "($module, tool_id, name, /)",
            2,
            |vm, this, a| {
                let id = tool_id(vm, a[0])?;
                if a[1].downcast::<Str>().is_none() {
                    return Err(vm.value_error("tool name must be a str"));
                }
                let tools = table(vm, this, "_tools")?;
                if tools.get(vm, &id)?.is_some() {
                    let message = format!("tool {} is already in use", protocol::to_i64(vm, &id)?);
                    return Err(vm.value_error(message));
                }
                tools.set(vm, &id, a[1])?;
                Ok(vm.none_ref())
            },
        ),
        positional("free_tool_id", "($module, tool_id, /)", 1, |vm, this, a| {
            clear(vm, this, a)?;
            let id = tool_id(vm, a[0])?;
            drop(table(vm, this, "_tools")?.remove(vm, &id)?);
            Ok(vm.none_ref())
        }),
        positional("clear_tool_id", "($module, tool_id, /)", 1, clear),
        positional("get_tool", "($module, tool_id, /)", 1, |vm, this, a| {
            let id = tool_id(vm, a[0])?;
            let name = table(vm, this, "_tools")?.get(vm, &id)?;
            Ok(name.unwrap_or_else(|| vm.none_ref()))
        }),
        positional(
            "register_callback",
            "($module, tool_id, event, func, /)",
            3,
            register_callback,
        ),
        positional("get_events", "($module, tool_id, /)", 1, |vm, this, a| {
            in_use(vm, this, a[0])?;
            vm.new_int(0)
        }),
        positional(
            "set_events",
            "($module, tool_id, event_set, /)",
            2,
            |vm, this, a| {
                in_use(vm, this, a[0])?;
                no_events(vm, a[1])
            },
        ),
        positional(
            "get_local_events",
            "($module, tool_id, code, /)",
            2,
            |vm, this, a| {
                code(vm, a[1])?;
                in_use(vm, this, a[0])?;
                vm.new_int(0)
            },
        ),
        positional(
            "set_local_events",
            "($module, tool_id, code, event_set, /)",
            3,
            |vm, this, a| {
                code(vm, a[1])?;
                in_use(vm, this, a[0])?;
                no_events(vm, a[2])
            },
        ),
        positional("restart_events", "($module, /)", 0, |vm, _, _| {
            Ok(vm.none_ref())
        }),
        positional("_all_events", "($module, /)", 0, |vm, _, _| {
            Ok(vm.new_dict()?.upcast())
        }),
    ]],
    fill: |vm, module| {
        for (name, value) in [
            ("DEBUGGER_ID", 0),
            ("COVERAGE_ID", 1),
            ("PROFILER_ID", 2),
            ("OPTIMIZER_ID", 5),
        ] {
            add_int(vm, module, name, value)?;
        }
        for name in ["DISABLE", "MISSING"] {
            let mark = protocol::call_no_args(vm, vm.types.object.as_object())?;
            module.dict.set_text(vm, name, &mark)?;
        }
        for name in ["_tools", "_callbacks"] {
            module.dict.set_text(vm, name, vm.new_dict()?.as_object())?;
        }
        let events = EVENTS
            .iter()
            .map(|(name, bit)| Ok((*name, vm.new_int(*bit)?)))
            .collect::<PyResult<Vec<(&str, Ref)>>>()?;
        let events = crate::types::simple_namespace::new(vm, &events)?;
        module.dict.set_text(vm, "events", &events)
    },
};

/// `sys.monitoring`, which is no module that can be imported.
pub(super) fn make(vm: &Vm) -> PyResult<Ref<Module>> {
    MODULE.make(vm)
}

fn table(vm: &Vm, module: &Object, name: &str) -> PyResult<Ref<Dict>> {
    let found = match module.downcast::<Module>() {
        Some(module) => module.dict.get_text(vm, name)?,
        None => None,
    };
    found
        .and_then(|table| table.cast::<Dict>().ok())
        .ok_or_else(|| vm.runtime_error("sys.monitoring has lost its tables"))
}

fn tool_id(vm: &Vm, id: &Object) -> PyResult {
    let id = protocol::to_index(vm, id)?;
    if !(0..TOOLS as i64).contains(&id) {
        let message = format!("invalid tool {id} (must be between 0 and 5)");
        return Err(vm.value_error(message));
    }
    vm.new_int(id)
}

fn in_use(vm: &Vm, module: &Object, id: &Object) -> PyResult {
    let id = tool_id(vm, id)?;
    if table(vm, module, "_tools")?.get(vm, &id)?.is_none() {
        let message = format!("tool {} is not in use", protocol::to_i64(vm, &id)?);
        return Err(vm.value_error(message));
    }
    Ok(id)
}

fn code(vm: &Vm, code: &Object) -> PyResult<()> {
    match code.downcast::<Code>() {
        Some(_) => Ok(()),
        None => Err(vm.type_error("code must be a code object")),
    }
}

/// Nothing but an empty set of events can be asked for.
fn no_events(vm: &Vm, events: &Object) -> PyResult {
    let events = protocol::to_index(vm, events)?;
    if !(0..1 << 19).contains(&events) {
        return Err(vm.value_error(format!("invalid event set 0x{events:x}")));
    }
    if events != 0 {
        return Err(vm.raise(
            &vm.exceptions.NotImplementedError,
            "sys.monitoring: this interpreter raises no events",
        ));
    }
    Ok(vm.none_ref())
}

/// Forgets the callbacks of a tool.
fn clear(vm: &Vm, module: &Object, args: &[&Object]) -> PyResult {
    let id = tool_id(vm, args[0])?;
    let callbacks = table(vm, module, "_callbacks")?;
    for (_, bit) in EVENTS {
        let key = vm.new_tuple(vec![id.clone(), vm.new_int(*bit)?])?;
        drop(callbacks.remove(vm, &key.head)?);
    }
    Ok(vm.none_ref())
}

fn register_callback(vm: &Vm, module: &Object, args: &[&Object]) -> PyResult {
    let id = tool_id(vm, args[0])?;
    let event = protocol::to_index(vm, args[1])?;
    if event <= 0 || event.count_ones() != 1 {
        return Err(vm.value_error("The callback can only be set for one event at a time"));
    }
    if event >= 1 << 19 {
        return Err(vm.value_error(format!("invalid event {event}")));
    }
    let key = vm.new_tuple(vec![id, vm.new_int(event)?])?;
    let callbacks = table(vm, module, "_callbacks")?;
    let before = callbacks.remove(vm, &key.head)?;
    if !vm.is_none(args[2]) {
        callbacks.set(vm, &key.head, args[2])?;
    }
    Ok(before.unwrap_or_else(|| vm.none_ref()))
}
