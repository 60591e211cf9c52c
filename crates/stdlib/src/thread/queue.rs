//! The module `_queue`: a queue without bounds that threads, finalisers and signal handlers may use at any moment.

use std::cell::Cell;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Inner, Type, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::timestamp::Timestamp;
use viv_runtime::types::extra::{class_of, extra_type, keep_class};
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::{SpecNumber, TypeSpec};
use viv_runtime::vm::threads::wait::WaitQueue;
use viv_runtime::{
    HVec, HeapAlloc, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::timeout::seconds;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_queue",
    doc: "C implementation of the Python queue module.\nThis module is an implementation detail, please do not use it directly.",
    functions: &[],
    fill: |vm, module| {
        let queue = extra_type(vm, &SPEC, &vm.types.object)?;
        module.dict.set_text(vm, "SimpleQueue", queue.as_object())?;
        let bases = vm.tuple_of(&[vm.exceptions.Exception.as_object()])?;
        let body = vm.new_dict()?;
        let module_name = vm.new_str("_queue")?;
        body.set_str(vm, &vm.names.__module__, module_name.as_object())?;
        body.set_str(
            vm,
            &vm.names.__doc__,
            vm.new_str("Exception raised by Queue.get(block=0)/get_nowait().")?
                .as_object(),
        )?;
        let name = vm.new_str("Empty")?;
        if empty_class(vm).is_none() {
            let made = protocol::call_args(
                vm,
                vm.types.type_.as_object(),
                &[&name.head, &bases.head, &body.head],
            )?;
            if let Ok(class) = made.cast::<Type>() {
                keep_class(vm, &EMPTY, class, None);
            }
        }
        match empty_class(vm) {
            Some(class) => module.dict.set_text(vm, "Empty", class.as_object()),
            None => Err(vm.system_error("a class that is none")),
        }
    },
};

/// A `SimpleQueue`.
#[repr(C)]
pub struct SimpleQueue {
    /// The header.
    pub head: Object,
    /// The items; those before `first` have been taken.
    items: Inner<HVec<Option<Ref>>>,
    first: Cell<usize>,
    waiting: WaitQueue,
    weakrefs: Cell<*const Object>,
}
object_layout!(
    SimpleQueue = kinds::SIMPLE_QUEUE,
    traverse | this,
    visit | {
        this.items.read(|items| {
            for item in items.iter().flatten() {
                visit.visit(item);
            }
        });
    },
    clear | this | {
        this.first.set(0);
        let items = this
            .items
            .write(|items| std::mem::replace(items, HVec::new_in(HeapAlloc)));
        drop(items);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "SimpleQueue",
    module: "_queue",
    signature: "()",
    doc: "Simple, unbounded, reentrant FIFO queue.",
    weaklist_offset: std::mem::offset_of!(SimpleQueue, weakrefs) as u32,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            if !args.values().is_empty() && ty.is(&*extra_type(vm, &SPEC, &vm.types.object)?) {
                let what = if args.keyword_count() == 0 {
                    "positional"
                } else {
                    "keyword"
                };
                return Err(vm.type_error(format!("SimpleQueue() takes no {what} arguments")));
            }
            place_tracked(
                vm,
                SimpleQueue {
                    head: Object::new(ty.type_head_of()),
                    items: Inner::new(HVec::new_in(HeapAlloc)),
                    first: Cell::new(0),
                    waiting: WaitQueue::default(),
                    weakrefs: Cell::new(std::ptr::null()),
                },
            )
        }));
    },
    methods: &[METHODS],
    ..TypeSpec::new(SimpleQueue::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "empty",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| Ok(vm.bool(receiver::<SimpleQueue>(vm, this)?.len() == 0))),
        "Return True if the queue is empty, False otherwise (not reliable!).",
    ),
    MethodDef::new(
        "get",
        "($self, /, block=True, timeout=None)",
        NativeCall::Bound(get),
        "Remove and return an item from the queue.\n\nIf optional args 'block' is true and 'timeout' is None (the\ndefault), block if necessary until an item is available.  If\n'timeout' is a non-negative number, it blocks at most 'timeout'\nseconds and raises the Empty exception if no item was available\nwithin that time.\nOtherwise ('block' is false), return an item if one is immediately\navailable, else raise the Empty exception ('timeout' is ignored\nin that case).",
    ),
    MethodDef::new(
        "get_nowait",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            receiver::<SimpleQueue>(vm, this)?
                .take()
                .map_or_else(|| Err(empty(vm)), Ok)
        }),
        "Remove and return an item from the queue without blocking.\n\nOnly get an item if one is immediately available. Otherwise\nraise the Empty exception.",
    ),
    MethodDef::new(
        "put",
        "($self, /, item, block=True, timeout=None)",
        NativeCall::Bound(|vm, this, args| match args.first().copied().flatten() {
            Some(item) => put(vm, this, item),
            None => Ok(vm.none_ref()),
        }),
        "Put the item on the queue.\n\nThe optional 'block' and 'timeout' arguments are ignored, as this\nmethod never blocks.  They are provided for compatibility with the\nQueue class.",
    ),
    MethodDef::new(
        "put_nowait",
        "($self, /, item)",
        NativeCall::Bound(|vm, this, args| match args.first().copied().flatten() {
            Some(item) => put(vm, this, item),
            None => Ok(vm.none_ref()),
        }),
        "Put an item into the queue without blocking.\n\nThis is exactly equivalent to `put(item)` and is only provided\nfor compatibility with the Queue class.",
    ),
    MethodDef::new(
        "qsize",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| vm.new_usize(receiver::<SimpleQueue>(vm, this)?.len())),
        "Return the approximate size of the queue (not reliable!).",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(viv_runtime::types::class_getitem),
        "SimpleQueues are generic over the type of their contents",
    ),
];

impl SimpleQueue {
    fn len(&self) -> usize {
        self.items.read(|items| items.len()) - self.first.get()
    }

    /// Takes the first item.
    fn take(&self) -> Option<Ref> {
        let first = self.first.get();
        self.items.write(|items| {
            let item = items.get_mut(first)?.take();
            self.first.set(first + 1);
            // What has been taken goes when it is the larger part: so each item moves once on average.
            if self.first.get() * 2 >= items.len() {
                items.drain(..self.first.replace(0));
            }
            item
        })
    }
}

fn put(vm: &Vm, this: &Object, item: &Object) -> PyResult {
    let queue = receiver::<SimpleQueue>(vm, this)?;
    let item = item.to_ref();
    let room = queue.items.write(|items| items.try_reserve(1).is_ok());
    if !room {
        return Err(vm.no_memory());
    }
    queue.items.write(|items| items.push(Some(item)));
    queue.waiting.wake_one(false);
    Ok(vm.none_ref())
}

fn get(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let queue = receiver::<SimpleQueue>(vm, this)?;
    let arg = |i: usize| args.get(i).copied().flatten();
    let block = arg(0).map_or(Ok(true), |b| protocol::is_true(vm, b))?;
    if !block {
        return queue.take().map_or_else(|| Err(empty(vm)), Ok);
    }
    let until = match arg(1).filter(|t| !vm.is_none(t)) {
        None => None,
        Some(timeout) => {
            let timeout = seconds(vm, timeout)?;
            if timeout < Timestamp::ZERO {
                return Err(vm.value_error("'timeout' must be a non-negative number"));
            }
            timeout.deadline()
        }
    };
    match queue.waiting.until(vm, until, |_| queue.take())? {
        Some(item) => Ok(item),
        None => Err(empty(vm)),
    }
}

/// Where the interpreter keeps `Empty`: there is one, however often the module is imported anew.
static EMPTY: SpecNumber = SpecNumber::unset();

/// `_queue.Empty`, once it has been made.
fn empty_class(vm: &Vm) -> Option<Ref<Type>> {
    class_of(vm, &EMPTY)
}

/// Raises `_queue.Empty`.
fn empty(vm: &Vm) -> viv_runtime::Raised {
    match empty_class(vm) {
        Some(class) => vm.raise_with(&class, &[]),
        None => vm.system_error("_queue.Empty is missing"),
    }
}
