//! The builtin type `super`.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::eval;
use crate::native::GetSetDef;
use crate::object::{CellObject, Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `super` object.
#[repr(C)]
pub struct Super {
    /// The header.
    pub head: Object,
    class: Slot<Type>,
    object: Slot,
    object_type: Slot<Type>,
}
object_layout!(Super = kinds::SUPER, traverse |this, visit| {
    this.class.visit(visit);
    this.object.visit(visit);
    this.object_type.visit(visit);
}, clear |this| {
    this.object.set(None);
});

/// The type `super`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "super",
    doc: "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.getattr.set(Some(get_attr));
        s.descr_get.set(Some(descr_get));
    },
    getset: &[
        GetSetDef::member("__thisclass__", |vm, o| Ok(this(vm, o)?.class.get().map_or_else(|| vm.none_ref(), Ref::upcast)), ""),
        GetSetDef::member("__self__", |vm, o| Ok(this(vm, o)?.object.get().unwrap_or_else(|| vm.none_ref())), ""),
        GetSetDef::member("__self_class__", |vm, o| Ok(this(vm, o)?.object_type.get().map_or_else(|| vm.none_ref(), Ref::upcast)), ""),
    ],
    ..TypeSpec::new(Super::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Super> {
    object.downcast::<Super>().ok_or_else(|| vm.type_error("descriptor requires a 'super' object"))
}

fn new(vm: &Vm, ty: &Type, _args: Args<'_>) -> PyResult {
    let head = Object::new(ty.type_head_of());
    let made = vm.place(Super { head, class: Slot::default(), object: Slot::default(), object_type: Slot::default() })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn init(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult<()> {
    if args.keyword_count() != 0 {
        return Err(vm.type_error("super() takes no keyword arguments"));
    }
    let target = this(vm, object)?;
    let (class, receiver) = match args.pos() {
        [] => {
            let (class, receiver) = from_frame(vm)?;
            (class, Some(receiver))
        }
        [class] => (class.to_ref(), None),
        [class, receiver] => (class.to_ref(), Some(receiver.to_ref()).filter(|r| !vm.is_none(r))),
        more => return Err(vm.type_error(format!("super expected at most 2 arguments, got {}", more.len()))),
    };
    let Ok(class) = class.clone().cast::<Type>() else {
        return Err(vm.type_error(format!("super() argument 1 must be a type, not {}", protocol::type_name(&class))));
    };
    if let Some(receiver) = receiver {
        target.object_type.set(Some(check(vm, &class, &receiver)?));
        target.object.set(Some(receiver));
    }
    target.class.set(Some(class));
    Ok(())
}

/// `__class__` and the first argument of the running function.
fn from_frame(vm: &Vm) -> PyResult<(Ref, Ref)> {
    let Some(frame) = eval::current_frame(vm, 0)? else { return Err(vm.runtime_error("super(): no current frame")) };
    if frame.code.source.argcount == 0 {
        return Err(vm.runtime_error("super(): no arguments"));
    }
    let values = frame.fast_values(vm);
    let first = match values.first().cloned().flatten() {
        Some(first) if frame.code.source.cell_locals.contains(&0) => {
            first.downcast::<CellObject>().map_or(Some(first.clone()), |c| c.contents.get())
        }
        other => other,
    };
    let Some(first) = first else { return Err(vm.runtime_error("super(): arg[0] deleted")) };
    let place = frame.code.local_names.iter().position(|n| n.downcast::<Str>().is_some_and(|n| n.eq_text("__class__")));
    let cell = place.and_then(|i| values.get(i).cloned().flatten());
    let Some(cell) = cell.as_ref().and_then(|c| c.downcast::<CellObject>()) else {
        return Err(vm.runtime_error("super(): __class__ cell not found"));
    };
    match cell.contents.get() {
        Some(class) => Ok((class, first)),
        None => Err(vm.runtime_error("super(): empty __class__ cell")),
    }
}

/// The class whose MRO is searched: that of the instance, or the class itself in class methods.
fn check(vm: &Vm, class: &Type, object: &Object) -> PyResult<Ref<Type>> {
    if let Some(as_class) = object.downcast::<Type>()
        && as_class.is_subtype(class)
    {
        return Ok(Ref::of(as_class));
    }
    let ty = Type::of(object);
    if ty.is_subtype(class) {
        return Ok(Ref::of(ty));
    }
    if let Some(claimed) = protocol::get_attr_opt(vm, object, &vm.names.__class__)?
        && let Ok(claimed) = claimed.cast::<Type>()
        && !claimed.is(ty)
        && claimed.is_subtype(class)
    {
        return Ok(claimed);
    }
    let kind = if object.downcast::<Type>().is_some() { "type" } else { "instance of" };
    Err(vm.type_error(format!(
        "super(type, obj): obj ({kind} {}) is not an instance or subtype of type ({}).",
        object.downcast::<Type>().map_or_else(|| protocol::type_name(object), Type::display_name),
        class.display_name()
    )))
}

/// What comes after `class` in the MRO of `start`, bound to `object`; for a method call, a function may come unbound.
fn find(vm: &Vm, class: &Type, start: &Type, object: &Object, name: &Str, method: bool) -> PyResult<Option<(Ref, bool)>> {
    let Some(mro) = start.mro.get() else { return Ok(None) };
    let after = mro.iter().position(|c| c.is(class)).map_or(0, |i| i + 1);
    for above in mro.iter().skip(after).filter_map(|c| c.downcast::<Type>()) {
        let Some(found) = above.dict.get().and_then(|d| d.get_str(vm, name)) else { continue };
        let is_class = object.downcast::<Type>().is_some_and(|t| t.is(start));
        if method && !is_class && Type::of(&found).has(TypeTraits::METHOD_DESCRIPTOR) {
            return Ok(Some((found, true)));
        }
        return match Type::of(&found).slots.descr_get.get() {
            Some(get) => get(vm, &found, if is_class { None } else { Some(object) }, Some(&start.head)).map(|v| Some((v, false))),
            None => Ok(Some((found, false))),
        };
    }
    Ok(None)
}

/// `super(class, object).name`: the value, and whether it is a function still to be given `object`.
///
/// # Errors
/// As `super(class, object)` and the attribute access.
pub fn super_lookup(vm: &Vm, class: &Object, object: &Object, name: &Str, method: bool) -> PyResult<(Ref, bool)> {
    let Some(class) = class.downcast::<Type>() else {
        return Err(vm.type_error(format!("super() argument 1 must be a type, not {}", protocol::type_name(class))));
    };
    let start = check(vm, class, object)?;
    if !name.eq_text("__class__")
        && let Some(found) = find(vm, class, &start, object, name, method)?
    {
        return Ok(found);
    }
    let made = protocol::call_args(vm, vm.types.super_.as_object(), &[&class.head, object])?;
    crate::types::object::generic_get_attr(vm, &made, name).map(|v| (v, false))
}

fn get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    let own = this(vm, object)?;
    if let (Some(class), Some(start), Some(receiver)) = (own.class.get(), own.object_type.get(), own.object.get())
        && !name.eq_text("__class__")
        && let Some((found, _)) = find(vm, &class, &start, &receiver, name, false)?
    {
        return Ok(found);
    }
    crate::types::object::generic_get_attr(vm, object, name)
}

fn descr_get(vm: &Vm, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let own = this(vm, object)?;
    match (instance.filter(|i| !vm.is_none(i)), own.class.get()) {
        (Some(instance), Some(class)) if own.object.is_none() => {
            protocol::call_args(vm, &Type::of(object).head, &[class.as_object(), instance])
        }
        _ => Ok(object.to_ref()),
    }
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let own = this(vm, object)?;
    let class = own.class.get().map_or_else(|| "NULL".to_owned(), |c| c.display_name());
    let text = match own.object_type.get() {
        Some(ty) => format!("<super: <class '{class}'>, <{} object>>", ty.display_name()),
        None => format!("<super: <class '{class}'>, NULL>"),
    };
    vm.new_str(&text).map(Ref::upcast)
}
