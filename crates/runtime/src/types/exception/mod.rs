//! The builtin exceptions: `BaseException` here, what single classes add in [`fields`], [`oserror`], [`unicode`],
//! [`group`].
//!
//! **Invariant.** Every instance of an exception class has the layout [`Exception`]; the attributes that one class adds
//! stand in its `extra`, at the index that the class's getters name. An entry that is missing is `None` to scripts.

pub mod base;
pub mod fields;
pub mod group;
pub mod oserror;
pub mod suggest;
pub mod unicode;

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::object::{Exception, Inner, Slot, Str, Tuple, Type, TypeTraits};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::sequence::reject_keywords;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

pub use group::{group_match, prep_reraise_star};
pub use suggest::closest_name;

/// The type `BaseException`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "BaseException",
    doc: "Common base class for all exceptions.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(base::new));
        s.init.set(Some(base::init));
        s.repr.set(Some(base::repr));
        s.str.set(Some(base::str));
    },
    methods: &[base::METHODS],
    getset: base::GETSET,
    ..TypeSpec::new(Exception::layout, true)
};

/// An exception of type `ty` with nothing in it but its arguments.
pub fn place(vm: &Vm, ty: &Type, args: Ref<Tuple>) -> PyResult<Ref<Exception>> {
    let exception = Exception {
        head: Object::new(ty.type_head_of()),
        args: Slot::full(args),
        traceback: Slot::default(),
        context: Slot::default(),
        cause: Slot::default(),
        suppress_context: Cell::new(false),
        dict: Slot::default(),
        extra: Inner::new(HVec::new_in(HeapAlloc)),
    };
    exception.place(vm, ty)
}

/// Makes an exception of the given class with these arguments, as calling the class does.
pub fn new_exception(vm: &Vm, class: &Type, args: &[&Object]) -> PyResult<Ref<Exception>> {
    if base::makes_plainly(class) {
        let args = match args {
            [only] => Tuple::single(vm, only.to_ref())?,
            _ => vm.tuple_of(args)?,
        };
        return place(vm, class, args);
    }
    let args = Args::positional(args);
    let made = match class.slots.new.get() {
        Some(new) => new(vm, class, args)?,
        None => return Err(vm.system_error("an exception class without __new__")),
    };
    let ty = Type::of(&made);
    if ty.is_subtype(class)
        && let Some(init) = ty.slots.init.get()
    {
        init(vm, &made, args)?;
    }
    made.cast::<Exception>().map_err(|made| {
        vm.type_error(format!(
            "calling {} should have returned an instance of BaseException, not {}",
            protocol::repr(vm, &class.head).map_or_else(
                |r| {
                    drop(vm.take_raised(r));
                    String::new()
                },
                |t| t.to_text().into_owned()
            ),
            protocol::repr(vm, &Type::of(&made).head).map_or_else(
                |r| {
                    drop(vm.take_raised(r));
                    String::new()
                },
                |t| t.to_text().into_owned()
            )
        ))
    })
}

/// Makes an exception without arguments, where nothing but a class of the interpreter itself has a say in it.
pub fn new_plain(vm: &Vm, class: &Type) -> Option<PyResult<Ref<Exception>>> {
    if !base::makes_plainly(class) {
        return None;
    }
    Some(vm.tuple_of(&[]).and_then(|args| place(vm, class, args)))
}

/// TypeError if an exception is made or initialised with keyword arguments.
fn no_keywords(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    if args.keyword_count() == 0 {
        return Ok(());
    }
    reject_keywords(vm, &protocol::type_name(this), args)
}

/// An attribute that the exception's class adds.
pub fn extra(exception: &Exception, index: usize) -> Option<Ref> {
    exception
        .extra
        .read(|items| items.get(index).cloned().flatten())
}

/// Sets an attribute that the exception's class adds.
pub fn set_extra(vm: &Vm, exception: &Exception, index: usize, value: Option<Ref>) -> PyResult<()> {
    let old = exception.extra.write(|items| {
        let more = (index + 1).saturating_sub(items.len());
        if items.try_reserve(more).is_err() {
            return Err(value.clone());
        }
        while items.len() <= index {
            items.push(None);
        }
        Ok(std::mem::replace(&mut items[index], value.clone()))
    });
    match old {
        Ok(old) => {
            drop(old);
            Ok(())
        }
        Err(_) => Err(vm.no_memory()),
    }
}

/// Makes the exception being handled the context of one that is about to be raised. A chain that comes back to the
/// raised exception is cut there.
pub fn set_context(vm: &Vm, exception: &Object) {
    if let Some(handled) = crate::eval::control::current_exception(vm) {
        chain(exception, handled);
    }
}

/// Makes an exception that was being handled the context of another one, as [`set_context`] does.
pub fn chain(exception: &Object, handled: Ref) {
    let (Some(raised), Some(_)) = (
        exception.downcast::<Exception>(),
        handled.downcast::<Exception>(),
    ) else {
        return;
    };
    if std::ptr::eq(exception, &*handled) {
        return;
    }
    let mut at = handled.clone();
    let mut slow = handled.clone();
    let mut step = false;
    while let Some(fields) = at.downcast::<Exception>() {
        let Some(context) = fields.context.get() else {
            break;
        };
        if std::ptr::eq(&*context, exception) {
            fields.context.set(None);
            break;
        }
        at = context;
        if std::ptr::eq(&*at, &*slow) {
            break;
        }
        if step && let Some(next) = slow.downcast::<Exception>().and_then(|e| e.context.get()) {
            slow = next;
        }
        step = !step;
    }
    raised.context.set(Some(handled));
}

/// AttributeError with its `name` and `obj` set.
#[cold]
pub fn attribute_error(vm: &Vm, text: &str, object: &Object, name: &Str) -> Raised {
    let make = || -> PyResult<Ref<Exception>> {
        let text = vm.new_str(text)?;
        let made = new_exception(vm, &vm.exceptions.AttributeError, &[&text.head])?;
        set_extra(vm, &made, fields::NAME, Some(name.head.to_ref()))?;
        set_extra(vm, &made, fields::OBJ, Some(object.to_ref()))?;
        Ok(made)
    };
    match make() {
        Ok(made) => vm.raise_object(made.upcast()),
        Err(raised) => raised,
    }
}

/// Gives the AttributeError on its way a `name` and an `obj`, if it has neither.
#[cold]
pub fn name_attribute_error(vm: &Vm, object: &Object, name: &Str) {
    let Some(error) = vm.pending.get() else {
        return;
    };
    let Some(error) = error.downcast::<Exception>() else {
        return;
    };
    if extra(error, fields::NAME).is_some() || extra(error, fields::OBJ).is_some() {
        return;
    }
    let set = set_extra(vm, error, fields::NAME, Some(name.head.to_ref()))
        .and_then(|()| set_extra(vm, error, fields::OBJ, Some(object.to_ref())));
    if let Err(raised) = set {
        drop(vm.take_raised(raised));
    }
}

/// NameError (or a class derived from it) with its `name` set.
#[cold]
pub fn name_error(vm: &Vm, class: &Type, text: &str, name: &str) -> Raised {
    let make = || -> PyResult<Ref<Exception>> {
        let text = vm.new_str(text)?;
        let made = new_exception(vm, class, &[&text.head])?;
        set_extra(vm, &made, fields::NAME, Some(vm.new_str(name)?.upcast()))?;
        Ok(made)
    };
    match make() {
        Ok(made) => vm.raise_object(made.upcast()),
        Err(raised) => raised,
    }
}

/// The value of a StopIteration.
pub fn stop_iteration_value(vm: &Vm, exception: &Object) -> Ref {
    exception
        .downcast::<Exception>()
        .and_then(|e| extra(e, fields::VALUE))
        .unwrap_or_else(|| vm.none_ref())
}

/// Reports an exception that cannot go on.
pub fn report_unraisable(vm: &Vm, exception: &Object, what: &str, object: &Object) {
    let raised = vm.restore(exception.to_ref());
    vm.unraisable(raised, what, Some(object));
}

/// Gives the classes that add something their slots and attributes, and these slots to the classes below them.
pub fn finish_types(vm: &Vm) -> PyResult<()> {
    fields::finish(vm)?;
    oserror::finish(vm)?;
    unicode::finish(vm)?;
    group::finish(vm)
}

/// Sets slots of a class and of all builtin classes below it; notes methods and getters of the class itself for its
/// namespace, which is made later.
pub(super) fn extend(
    vm: &Vm,
    class: &Ref<Type>,
    slots: fn(&crate::slots::Slots),
    methods: &'static [crate::native::MethodDef],
    getset: &'static [crate::native::GetSetDef],
) -> PyResult<()> {
    for (_, _, ty, _) in vm.exceptions.all() {
        if ty.is_subtype(class) {
            slots(&ty.slots);
        }
    }
    let mut noted = vm.exception_members.borrow_mut();
    noted.push((class.clone(), methods, getset));
    Ok(())
}
