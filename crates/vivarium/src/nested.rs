//! The module `_vivarium_interpreters`: further interpreters in the process of a program, beneath `_interpreters`.
//!
//! Such an interpreter has a heap of its own and shares nothing; what goes in and out are bytes, which the Python code of
//! `_interpreters` makes and reads on both sides. It belongs to the thread that made it, and runs inside a call of that thread.
//!
//! **Invariant.** An interpreter that runs is not taken down: its handle is cloned for as long as it does.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use viv_runtime::modules::import::import_name;
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::Bytes;
use viv_runtime::vm::LIBRARY_FOLDER;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, modules, protocol};

use crate::Interpreter;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_vivarium_interpreters",
    doc: "Further interpreters in this process.",
    functions: &[FUNCTIONS, crate::queues::FUNCTIONS],
    fill: |_, _| Ok(()),
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "create",
        "($module, /)",
        NativeCall::NoArgs(create),
        "Make an interpreter; its number.",
    ),
    MethodDef::new(
        "destroy",
        "($module, number, /)",
        NativeCall::One(destroy),
        "End an interpreter; whether there was one that does not run.",
    ),
    MethodDef::new(
        "serve",
        "($module, number, request, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: serve,
        },
        "Let an interpreter's _interpreters._serve answer bytes with bytes; None where there is no such interpreter.",
    ),
    MethodDef::new(
        "current",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(CURRENT.get() as usize)),
        "The number of the running interpreter, 0 for the first.",
    ),
    MethodDef::new(
        "running",
        "($module, /)",
        NativeCall::NoArgs(running),
        "The numbers of the interpreters that run, but for the first.",
    ),
];

/// The last number that was given.
static LAST: AtomicU64 = AtomicU64::new(0);

/// The numbers of those that run.
static IN_USE: Mutex<BTreeSet<u64>> = Mutex::new(BTreeSet::new());

fn in_use() -> MutexGuard<'static, BTreeSet<u64>> {
    // Nothing is done halfway: what a thread left that gave up is good.
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

type Nested = BTreeMap<u64, Rc<Interpreter>>;

thread_local! {
    /// The interpreters of this thread. Those that nobody has ended go with the process.
    static NESTED: RefCell<ManuallyDrop<Nested>> = const { RefCell::new(ManuallyDrop::new(BTreeMap::new())) };
    /// The number of the one that runs.
    static CURRENT: Cell<u64> = const { Cell::new(0) };
}

fn create(vm: &Vm, _: &Object) -> PyResult {
    // The builder adds the library itself.
    let path = vm
        .config
        .path
        .iter()
        .filter(|folder| *folder != LIBRARY_FOLDER);
    let built = Interpreter::builder()
        .path(path.cloned().collect())
        .executable(vm.config.executable.clone())
        .flags(vm.config.flags)
        .optimize(vm.config.optimize)
        .build();
    let interpreter = built.map_err(|why| vm.raise(&vm.exceptions.RuntimeError, why.as_str()))?;
    if !interpreter.begin() {
        return Err(vm.raise(&vm.exceptions.RuntimeError, "interpreter creation failed"));
    }
    let number = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    NESTED.with_borrow_mut(|all| all.insert(number, Rc::new(interpreter)));
    vm.new_usize(number as usize)
}

fn number_of(vm: &Vm, number: &Object) -> PyResult<u64> {
    Ok(u64::try_from(protocol::to_i64(vm, number)?).unwrap_or(0))
}

fn destroy(vm: &Vm, _: &Object, number: &Object) -> PyResult {
    let number = number_of(vm, number)?;
    let found = NESTED.with_borrow_mut(|all| all.remove(&number));
    let Some(interpreter) = found else {
        return Ok(vm.bool(false));
    };
    match Rc::try_unwrap(interpreter) {
        Ok(interpreter) => {
            interpreter.end();
            Ok(vm.bool(true))
        }
        Err(running) => {
            NESTED.with_borrow_mut(|all| all.insert(number, running));
            Ok(vm.bool(false))
        }
    }
}

/// Sets the number of the running interpreter for as long as it lives.
struct Within {
    number: u64,
    outer: u64,
}

impl Within {
    fn new(number: u64) -> Within {
        in_use().insert(number);
        let outer = CURRENT.replace(number);
        Within { number, outer }
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        CURRENT.set(self.outer);
        // One that makes itself do something runs on after that.
        if self.outer != self.number {
            in_use().remove(&self.number);
        }
    }
}

fn serve(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let number = number_of(vm, args[0])?;
    let Some(request) = args[1].downcast::<Bytes>() else {
        return Err(vm.type_error("a request must be bytes"));
    };
    let request = request.as_slice().to_vec();
    let found = NESTED.with_borrow(|all| all.get(&number).cloned());
    let Some(interpreter) = found else {
        return Ok(vm.none_ref());
    };
    let answer = vm.nested(interpreter.state(), move |nested| {
        let _within = Within::new(number);
        answer(nested, &request).map_err(|raised| explain(nested, raised))
    });
    match answer {
        Ok(answer) => Ok(vm.new_bytes(&answer)?.upcast()),
        Err(text) => Err(vm.raise(&vm.exceptions.RuntimeError, text.as_str())),
    }
}

/// What the other side answers.
fn answer(vm: &Vm, request: &[u8]) -> PyResult<Vec<u8>> {
    let module = import_name(vm, "_interpreters")?;
    let serve = protocol::get_attr_str(vm, &module, "_serve")?;
    let request: Ref<Bytes> = vm.new_bytes(request)?;
    let answer = protocol::call_args(vm, &serve, &[&request.head])?;
    match answer.downcast::<Bytes>() {
        Some(answer) => Ok(answer.as_slice().to_vec()),
        None => Err(vm.type_error("an answer must be bytes")),
    }
}

/// An exception of the other side, as text.
fn explain(vm: &Vm, raised: Raised) -> String {
    let exception = vm.take_raised(raised);
    match protocol::repr(vm, &exception) {
        Ok(text) => text.to_text().into_owned(),
        Err(raised) => {
            drop(vm.take_raised(raised));
            "an exception without a text".to_owned()
        }
    }
}

fn running(vm: &Vm, _: &Object) -> PyResult {
    let numbers: Vec<u64> = in_use().iter().copied().collect();
    let list = vm.new_list(Vec::new())?;
    for number in numbers {
        list.push(vm, vm.new_usize(number as usize)?)?;
    }
    Ok(list.upcast())
}

impl Interpreter {
    /// Makes its modules ready, an empty `__main__` among them; whether that worked.
    fn begin(&self) -> bool {
        let (vm, _entered) = self.enter();
        let ready = modules::main::prepare(vm).and_then(|()| modules::main::main_module(vm, ""));
        match ready {
            Ok(_) => true,
            Err(raised) => {
                drop(vm.take_raised(raised));
                false
            }
        }
    }
}
