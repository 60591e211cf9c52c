//! The builtin type `super`, and the lookup that the eval loop does without making one.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::native::GetSetDef;
use crate::object::{CellObject, Slot, Str, Type, TypeTraits, kinds};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::sequence::{receiver, reject_keywords};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `super`.
#[repr(C)]
pub struct Super {
    /// The header.
    pub head: Object,
    /// `__thisclass__`
    pub class: Slot<Type>,
    /// `__self__`
    pub object: Slot,
    /// `__self_class__`
    pub object_class: Slot<Type>,
}
object_layout!(
    Super = kinds::SUPER,
    traverse | this,
    visit | {
        this.class.visit(visit);
        this.object.visit(visit);
        this.object_class.visit(visit);
    }
);

/// The type `super`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "super",
    doc: "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)\nTypical use to call a cooperative superclass method:\nclass C(B):\n    def meth(self, arg):\n        super().meth(arg)\nThis works for class methods too:\nclass C(B):\n    @classmethod\n    def cmeth(cls, arg):\n        super().cmeth(arg)\n",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.getattr.set(Some(get_attr));
        s.descr_get.set(Some(descr_get));
    },
    getset: &[
        GetSetDef::member(
            "__thisclass__",
            |vm, o| or_none(vm, own(vm, o)?.class.get().map(Ref::upcast)),
            "the class invoking super()",
        ),
        GetSetDef::member(
            "__self__",
            |vm, o| or_none(vm, own(vm, o)?.object.get()),
            "the instance invoking super(); may be None",
        ),
        GetSetDef::member(
            "__self_class__",
            |vm, o| or_none(vm, own(vm, o)?.object_class.get().map(Ref::upcast)),
            "the type of the instance invoking super(); may be None",
        ),
    ],
    ..TypeSpec::new(Super::layout, true)
};

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Super> {
    receiver(vm, object)
}

fn or_none(vm: &Vm, value: Option<Ref>) -> PyResult {
    Ok(value.unwrap_or_else(|| vm.none_ref()))
}

fn new(vm: &Vm, ty: &Type, _args: Args<'_>) -> PyResult {
    let head = Object::new(ty.type_head_of());
    let made = vm.place(Super {
        head,
        class: Slot::default(),
        object: Slot::default(),
        object_class: Slot::default(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    reject_keywords(vm, "super", args)?;
    crate::native::bind::check_count(vm, "super()", args.pos().len(), 0, 2)?;
    let own = own(vm, this)?;
    let (class, object) = match args.pos() {
        [] => {
            let (class, object) = from_frame(vm)?;
            (class, Some(object))
        }
        [class, rest @ ..] => {
            let class = class.to_ref().cast::<Type>().map_err(|other| {
                vm.type_error(format!(
                    "super() argument 1 must be a type, not {}",
                    type_name(&other)
                ))
            })?;
            (
                class,
                rest.first().filter(|o| !vm.is_none(o)).map(|o| o.to_ref()),
            )
        }
    };
    let object_class = match &object {
        Some(object) => Some(check(vm, &class, object)?),
        None => None,
    };
    own.class.set(Some(class));
    own.object.set(object);
    own.object_class.set(object_class);
    Ok(())
}

/// `__class__` and the first argument of the running function.
fn from_frame(vm: &Vm) -> PyResult<(Ref<Type>, Ref)> {
    let Some(frame) = crate::eval::current_frame(vm, 0)? else {
        return Err(vm.runtime_error("super(): no current frame"));
    };
    if frame.code.source.argcount == 0 {
        return Err(vm.runtime_error("super(): no arguments"));
    }
    let variables = frame.local_variables();
    let Some(object) = variables.first().and_then(|(_, value)| value.clone()) else {
        return Err(vm.runtime_error("super(): arg[0] deleted"));
    };
    let Some((_, cell)) = variables.iter().find(|(name, _)| name.eq_text("__class__")) else {
        return Err(vm.runtime_error("super(): __class__ cell not found"));
    };
    let class = match cell {
        Some(cell) => match cell.downcast::<CellObject>() {
            Some(cell) => cell.contents.get(),
            None => Some(cell.clone()),
        },
        None => None,
    };
    let Some(class) = class else {
        return Err(vm.runtime_error("super(): empty __class__ cell"));
    };
    let class = class.cast::<Type>().map_err(|other| {
        vm.runtime_error(format!(
            "super(): __class__ is not a type ({})",
            type_name(&other)
        ))
    })?;
    Ok((class, object))
}

/// The class in whose MRO the lookup goes: the object itself where it is a subclass, else its class.
fn check(vm: &Vm, class: &Type, object: &Object) -> PyResult<Ref<Type>> {
    if let Some(derived) = object.downcast::<Type>()
        && derived.is_subtype(class)
    {
        return Ok(Ref::of(derived));
    }
    if Type::of(object).is_subtype(class) {
        return Ok(Ref::of(Type::of(object)));
    }
    if let Some(claimed) = protocol::get_attr_opt(vm, object, &vm.names.__class__)?
        && let Some(claimed) = claimed.downcast::<Type>()
        && !claimed.is(Type::of(object))
        && claimed.is_subtype(class)
    {
        return Ok(Ref::of(claimed));
    }
    let (what, name) = match object.downcast::<Type>() {
        Some(ty) => ("type", ty.display_name()),
        None => ("instance of", type_name(object)),
    };
    let text = if what == "type" {
        format!("type {name}")
    } else {
        format!("instance of {name}")
    };
    Err(vm.type_error(format!(
        "super(type, obj): obj ({text}) is not an instance or subtype of type ({}).",
        class.display_name()
    )))
}

/// The attribute in the first class after `class` in the MRO of `start` that has it.
fn lookup_after(vm: &Vm, start: &Type, class: &Type, name: &Str) -> Option<Ref> {
    let mro = start.mro.get()?;
    mro.iter()
        .skip_while(|c| !c.is(&class.head))
        .skip(1)
        .find_map(|c| c.downcast::<Type>()?.dict(vm)?.get_str(vm, name))
}

/// `super(class, object).name`: for `method`, the function and whether the object goes before the arguments.
///
/// # Errors
/// As `super` and the attribute access.
pub fn super_lookup(
    vm: &Vm,
    class: &Object,
    object: &Object,
    name: &Str,
    method: bool,
) -> PyResult<(Ref, bool)> {
    let Some(class) = class.downcast::<Type>() else {
        return Err(vm.type_error(format!(
            "super() argument 1 must be a type, not {}",
            type_name(class)
        )));
    };
    let start = check(vm, class, object)?;
    if !name.eq_text("__class__")
        && let Some(found) = lookup_after(vm, &start, class, name)
    {
        let ty = Type::of(&found);
        let bound = !start.head.is(object);
        if method && bound && ty.has(TypeTraits::METHOD_DESCRIPTOR) {
            return Ok((found, true));
        }
        return match ty.slots.descr_get.get() {
            Some(get) => Ok((
                get(vm, &found, bound.then_some(object), Some(&start.head))?,
                false,
            )),
            None => Ok((found, false)),
        };
    }
    // What a super object itself has.
    let made = protocol::call_args(vm, &vm.types.super_.head, &[&class.head, object])?;
    Ok((super::object::generic_get_attr(vm, &made, name)?, false))
}

fn get_attr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let own = own(vm, this)?;
    if let (Some(class), Some(object), Some(start)) =
        (own.class.get(), own.object.get(), own.object_class.get())
        && !name.eq_text("__class__")
        && let Some(found) = lookup_after(vm, &start, &class, name)
    {
        return match Type::of(&found).slots.descr_get.get() {
            Some(get) => {
                let bound = !start.head.is(&object);
                get(vm, &found, bound.then_some(&object), Some(&start.head))
            }
            None => Ok(found),
        };
    }
    super::object::generic_get_attr(vm, this, name)
}

fn descr_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    _owner: Option<&Object>,
) -> PyResult {
    let own = own(vm, this)?;
    let (Some(instance), None, Some(class)) = (
        instance.filter(|o| !vm.is_none(o)),
        own.object.get(),
        own.class.get(),
    ) else {
        return Ok(this.to_ref());
    };
    protocol::call_args(vm, &Type::of(this).head, &[&class.head, instance])
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let own = own(vm, this)?;
    let class = own
        .class
        .get()
        .map_or_else(|| "NULL".to_owned(), |c| c.display_name());
    let text = match own.object_class.get() {
        Some(object) => format!(
            "<super: <class '{class}'>, <{} object>>",
            object.display_name()
        ),
        None => format!("<super: <class '{class}'>, NULL>"),
    };
    Ok(vm.new_str(&text)?.upcast())
}
