//! The builtin type `filter`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Filter, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reduce_call, reject_keywords};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `filter`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "filter",
    signature: "(function, iterable, /)",
    doc: "Return an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Filter::layout, true)
};

const METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__",
    "($self, /)",
    NativeCall::NoArgs(reduce),
    "Return state information for pickling.",
)];

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let own_init = ty.slots.init.get().is_none_or(|f| {
        vm.types
            .filter
            .slots
            .init
            .get()
            .is_some_and(|g| std::ptr::fn_addr_eq(f, g))
    });
    if ty.is(&vm.types.filter) || own_init {
        reject_keywords(vm, "filter", args)?;
    }
    check_count(vm, "filter", args.pos().len(), 2, 2)?;
    let [function, iterable] = args.pos() else {
        return Ok(vm.none_ref());
    };
    let iterator = protocol::iter(vm, iterable)?;
    place_tracked(
        vm,
        Filter {
            head: Object::new(ty.type_head_of()),
            function: function.to_ref(),
            iterator,
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Filter>(vm, this)?;
    let plain = vm.is_none(&this.function) || this.function.is(&vm.types.bool.head);
    while let Some(item) = protocol::next(vm, &this.iterator)? {
        let good = if plain {
            protocol::is_true(vm, &item)?
        } else {
            protocol::is_true(
                vm,
                protocol::call_one(vm, &this.function, &item)?.as_object(),
            )?
        };
        if good {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<Filter>(vm, this)?;
    reduce_call(
        vm,
        &Type::of(this).head,
        &[&own.function, &own.iterator],
        None,
    )
}
