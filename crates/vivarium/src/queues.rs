//! The queues that interpreters of one process pass bytes through: the store beneath `_interpqueues`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use viv_runtime::object::Bytes;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

struct Queue {
    /// How many items it takes; any number where it is not positive.
    maxsize: i64,
    /// What Python code keeps beside it.
    defaults: (i64, i64),
    /// How many queue objects stand for it.
    users: i64,
    items: VecDeque<Vec<u8>>,
}

#[derive(Default)]
struct Queues {
    last: i64,
    known: BTreeMap<i64, Queue>,
}

static QUEUES: Mutex<Queues> = Mutex::new(Queues {
    last: 0,
    known: BTreeMap::new(),
});

fn queues() -> MutexGuard<'static, Queues> {
    // Nothing is done halfway: what a thread left that gave up is good.
    QUEUES.lock().unwrap_or_else(PoisonError::into_inner)
}

const fn function(
    name: &'static str,
    signature: &'static str,
    arguments: usize,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    let call = NativeCall::Positional {
        min: arguments,
        max: arguments,
        call,
    };
    MethodDef::new(name, signature, call, doc)
}

pub(crate) const FUNCTIONS: &[MethodDef] = &[
    function(
        "queue_create",
        "($module, maxsize, first, second, /)",
        3,
        create,
        "Make a queue; its number.",
    ),
    function(
        "queue_destroy",
        "($module, number, /)",
        1,
        destroy,
        "Forget a queue; whether there was one.",
    ),
    function(
        "queue_put",
        "($module, number, item, /)",
        2,
        put,
        "Add bytes; whether there was room, or None where there is no such queue.",
    ),
    function(
        "queue_get",
        "($module, number, /)",
        1,
        get,
        "Take the first bytes; False where there are none, None where there is no such queue.",
    ),
    function(
        "queue_use",
        "($module, number, change, /)",
        2,
        change_users,
        "Count users; how many there are now, or None where there is no such queue.",
    ),
    function(
        "queue_info",
        "($module, number, /)",
        1,
        info,
        "The maxsize, the two defaults and the number of items, or None where there is no such queue.",
    ),
    function(
        "queue_list",
        "($module, /)",
        0,
        list,
        "The numbers of all queues.",
    ),
];

fn create(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let maxsize = protocol::to_i64(vm, args[0])?;
    let defaults = (
        protocol::to_i64(vm, args[1])?,
        protocol::to_i64(vm, args[2])?,
    );
    let number = {
        let mut queues = queues();
        queues.last += 1;
        let number = queues.last;
        let queue = Queue {
            maxsize,
            defaults,
            users: 0,
            items: VecDeque::new(),
        };
        queues.known.insert(number, queue);
        number
    };
    vm.new_int(number)
}

fn destroy(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let number = protocol::to_i64(vm, args[0])?;
    let found = queues().known.remove(&number);
    Ok(vm.bool(found.is_some()))
}

fn put(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let number = protocol::to_i64(vm, args[0])?;
    let Some(item) = args[1].downcast::<Bytes>() else {
        return Err(vm.type_error("an item must be bytes"));
    };
    let item = item.as_slice().to_vec();
    let mut queues = queues();
    let Some(queue) = queues.known.get_mut(&number) else {
        return Ok(vm.none_ref());
    };
    let room = queue.maxsize <= 0 || (queue.items.len() as i64) < queue.maxsize;
    if room {
        queue.items.push_back(item);
    }
    Ok(vm.bool(room))
}

fn get(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let number = protocol::to_i64(vm, args[0])?;
    let item = match queues().known.get_mut(&number) {
        Some(queue) => queue.items.pop_front(),
        None => return Ok(vm.none_ref()),
    };
    match item {
        Some(item) => Ok(vm.new_bytes(&item)?.upcast()),
        None => Ok(vm.bool(false)),
    }
}

fn change_users(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let number = protocol::to_i64(vm, args[0])?;
    let change = protocol::to_i64(vm, args[1])?;
    let users = match queues().known.get_mut(&number) {
        Some(queue) => {
            queue.users = queue.users.saturating_add(change);
            queue.users
        }
        None => return Ok(vm.none_ref()),
    };
    vm.new_int(users)
}

fn info(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let number = protocol::to_i64(vm, args[0])?;
    let known = queues().known.get(&number).map(|queue| {
        let (first, second) = queue.defaults;
        [queue.maxsize, first, second, queue.items.len() as i64]
    });
    let Some(numbers) = known else {
        return Ok(vm.none_ref());
    };
    let numbers = numbers.into_iter().map(|number| vm.new_int(number));
    Ok(vm.new_tuple(numbers.collect::<PyResult<_>>()?)?.upcast())
}

fn list(vm: &Vm, _: &Object, _: &[&Object]) -> PyResult {
    let numbers: Vec<i64> = queues().known.keys().copied().collect();
    let numbers = numbers.into_iter().map(|number| vm.new_int(number));
    Ok(vm.new_tuple(numbers.collect::<PyResult<_>>()?)?.upcast())
}
