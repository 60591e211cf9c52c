//! Who owns an object, and by which of its places.
//!
//! **Invariants.**
//! - The walk places nothing into the heap, so what it finds is what there was before.
//! - The places found are as many as the object's count says; what nobody shows is owned by native code.

use viv_heap::{Object, Ref, Visitor};

use crate::eval::stack::{StackPart, StackPlace};
use crate::object::{
    BoundMethod, CellObject, Code, Dict, Exception, Frame, Function, Generator, List, Module, Set,
    Slot, Str, Tuple, Type,
};
use crate::vm::Vm;
use crate::vm::roots::Root;

/// What a place is called.
pub enum Name {
    /// It has no name.
    None,
    /// An index.
    Index(usize),
    /// A word of the implementation.
    Word(&'static str),
    /// An object: the name of a variable or an attribute, the key of a value.
    Object(Ref),
}

/// A place that owns a reference.
pub struct Place {
    /// What kind of place it is: see the documentation of `heap.holders`.
    pub kind: &'static str,
    /// The object that the place is part of; for a place on the call stack, the function that runs there.
    pub owner: Option<Ref>,
    /// Which of the owner's places.
    pub name: Name,
    /// How many references; more than one only where places are not told apart.
    pub count: usize,
}

impl Place {
    fn new(kind: &'static str, owner: Option<Ref>, name: Name) -> Place {
        Place {
            kind,
            owner,
            name,
            count: 1,
        }
    }
}

/// The place that a root is.
pub fn root_place(root: &Root<'_>) -> Place {
    match root {
        Root::Interpreter(name) => Place::new("interpreter", None, Name::Word(name)),
        Root::Thread(name) => Place::new("thread", None, Name::Word(name)),
        Root::Stack(place) => stack_place(place),
    }
}

fn stack_place(place: &StackPlace<'_>) -> Place {
    let owner = place.function.map(|f| f.head.to_ref());
    match place.part {
        StackPart::Local(number) => Place::new("local", owner, local_name(place.code, number)),
        StackPart::Evaluation(number) => Place::new("stack", owner, Name::Index(number)),
        StackPart::Call => Place::new("call", owner, Name::None),
        StackPart::Namespace => Place::new("frame", owner, Name::Word("namespace")),
        StackPart::FrameObject => Place::new("frame", owner, Name::Word("frame object")),
        StackPart::Handled => Place::new("frame", owner, Name::Word("exception being handled")),
    }
}

/// The name of a local variable by its number.
fn local_name(code: Option<&Code>, number: usize) -> Name {
    match code.and_then(|code| code.local_names().get(number)) {
        Some(name) => Name::Object(name.to_ref()),
        None => Name::Index(number),
    }
}

/// Every place that owns a reference to the object: in objects, on the call stack, in the interpreter, in native code.
pub fn holders(vm: &Vm, target: &Object) -> Vec<Place> {
    let counted = target.refcount() as usize;
    let mut places = Vec::new();
    vm.show_roots(&mut |root, object| {
        if object.is(target) {
            places.push(root_place(root));
        }
    });
    let mut found = places.len();
    vm.heap.for_each_object(&mut |owner| {
        let n = references(owner, target);
        if n != 0 {
            found += n;
            places_in(owner, target, n, &mut places);
        }
    });
    if !target.is_immortal() && counted > found {
        places.push(Place {
            count: counted - found,
            ..Place::new("native", None, Name::None)
        });
    }
    places
}

/// How many references to `target` an object owns.
fn references(owner: &Object, target: &Object) -> usize {
    let mut n = 0;
    owner.traverse(&mut Visitor::new(&mut |child| {
        n += usize::from(child.is(target))
    }));
    n
}

/// The places by which `owner` owns its `n` references to `target`.
pub fn places_in(owner: &Object, target: &Object, n: usize, places: &mut Vec<Place>) {
    let before = places.len();
    let mut place =
        |kind: &'static str, name: Name| places.push(Place::new(kind, Some(owner.to_ref()), name));
    instance_places(owner, target, &mut place);
    payload_places(owner, target, &mut place);
    let named = places.len() - before;
    if n > named {
        places.push(Place {
            count: n - named,
            ..Place::new("field", Some(owner.to_ref()), Name::None)
        });
    }
}

/// What any object has beside its payload: slots, attribute values, `__dict__`, its class.
fn instance_places(owner: &Object, target: &Object, place: &mut dyn FnMut(&'static str, Name)) {
    let ty = Type::of(owner);
    let mut class = Some(Ref::of(ty));
    while let Some(at) = class {
        for (name, offset) in at.slot_names.borrow().iter() {
            if owner.slot(*offset).is_some_and(|value| value.is(target)) {
                place("attribute", Name::Object(name.clone().upcast()));
            }
        }
        class = at.base.get();
    }
    for (i, name) in ty.inline_names.borrow().iter().enumerate() {
        if owner.inline_value(i).is_some_and(|value| value.is(target)) {
            place("attribute", Name::Object(name.clone().upcast()));
        }
    }
    if owner
        .managed()
        .and_then(|managed| managed.dict())
        .is_some_and(|dict| dict.is(target))
    {
        place("dict", Name::None);
    }
    if ty.info.flags.get() & viv_heap::TypeFlags::HEAP_TYPE != 0 && ty.head.is(target) {
        place("class", Name::None);
    }
}

/// What the payload of the usual builtin types owns.
fn payload_places(owner: &Object, target: &Object, place: &mut dyn FnMut(&'static str, Name)) {
    if let Some(list) = owner.downcast::<List>() {
        (0..list.len())
            .filter(|i| list.get(*i).is_some_and(|item| item.is(target)))
            .for_each(|i| place("item", Name::Index(i)));
    } else if let Some(tuple) = owner.downcast::<Tuple>() {
        let items = tuple.iter().enumerate();
        items
            .filter(|(_, item)| item.is(target))
            .for_each(|(i, _)| place("item", Name::Index(i)));
    } else if let Some(dict) = owner.downcast::<Dict>() {
        dict_places(dict, target, place);
    } else if let Some(set) = owner.downcast::<Set>() {
        let mut at = 0;
        while let Some((next, element, _)) = set.next_element(at) {
            if element.is(target) {
                place("element", Name::None);
            }
            at = next + 1;
        }
    } else if let Some(cell) = owner.downcast::<CellObject>() {
        fields(place, &[("cell_contents", cell.contents.holds(target))]);
    } else if let Some(module) = owner.downcast::<Module>() {
        if module.dict.head.is(target) {
            place("dict", Name::None);
        }
    } else if let Some(generator) = owner.downcast::<Generator>() {
        generator_places(generator, target, place);
    } else if let Some(frame) = owner.downcast::<Frame>() {
        frame_places(frame, target, place);
    } else {
        field_places(owner, target, place);
    }
}

fn dict_places(dict: &Dict, target: &Object, place: &mut dyn FnMut(&'static str, Name)) {
    let mut at = 0;
    while let Some((next, key, value)) = dict.next_entry(at) {
        if key.is(target) {
            place("key", Name::None);
        }
        if value.is(target) {
            place("value", Name::Object(key));
        }
        at = next + 1;
    }
}

fn generator_places(this: &Generator, target: &Object, place: &mut dyn FnMut(&'static str, Name)) {
    let locals = this.code.local_count as usize;
    for number in this.word_numbers(target) {
        if number < locals {
            place("local", local_name(Some(&this.code), number));
        } else {
            place("stack", Name::Index(number - locals));
        }
    }
    fields(
        place,
        &[
            ("function", this.function.holds(target)),
            ("code", this.code.head.is(target)),
            ("__name__", this.name.holds(target)),
            ("__qualname__", this.qualname.holds(target)),
            ("exception being handled", this.handled.holds(target)),
            ("frame", this.frame.holds(target)),
            ("cr_origin", this.origin.holds(target)),
        ],
    );
}

fn frame_places(frame: &Frame, target: &Object, place: &mut dyn FnMut(&'static str, Name)) {
    let numbers: Vec<usize> = frame.values.read(|values| {
        let values = values.iter().enumerate();
        values
            .filter(|(_, value)| value.as_ref().is_some_and(|v| v.is(target)))
            .map(|(number, _)| number)
            .collect()
    });
    for number in numbers {
        place("local", local_name(Some(&frame.code), number));
    }
    fields(
        place,
        &[
            ("f_code", frame.code.head.is(target)),
            ("function", frame.function.holds(target)),
            ("f_globals", frame.globals.head.is(target)),
            ("f_builtins", frame.builtins.head.is(target)),
            ("f_locals", frame.locals.holds(target)),
            ("f_back", frame.back.holds(target)),
            ("f_trace", frame.trace.holds(target)),
        ],
    );
}

/// Objects whose references have names of their own.
fn field_places(owner: &Object, target: &Object, place: &mut dyn FnMut(&'static str, Name)) {
    fn held<T>(slot: &Slot<T>, target: &Object) -> bool {
        slot.holds(target)
    }
    if let Some(this) = owner.downcast::<Function>() {
        let named = [
            ("__code__", held(&this.code, target)),
            ("__globals__", this.globals.head.is(target)),
            ("__builtins__", this.builtins.head.is(target)),
            ("__name__", held(&this.name, target)),
            ("__qualname__", held(&this.qualname, target)),
            ("__defaults__", held(&this.defaults, target)),
            ("__kwdefaults__", held(&this.kwdefaults, target)),
            ("__closure__", held(&this.closure, target)),
            ("__doc__", held(&this.doc, target)),
            ("__module__", held(&this.module, target)),
            ("__annotations__", held(&this.annotations, target)),
            ("__annotate__", held(&this.annotate, target)),
            ("__type_params__", held(&this.type_params, target)),
            ("__dict__", held(&this.dict, target)),
        ];
        fields(place, &named);
    } else if let Some(this) = owner.downcast::<Code>() {
        let body = this.body.get();
        let named = [
            ("co_consts", body.is_some_and(|b| b.consts.head.is(target))),
            ("co_names", body.is_some_and(|b| b.names.head.is(target))),
            (
                "co_varnames",
                body.is_some_and(|b| b.local_names.head.is(target)),
            ),
        ];
        fields(place, &named);
    } else if let Some(this) = owner.downcast::<BoundMethod>() {
        let named = [
            ("__func__", this.function.is(target)),
            ("__self__", this.receiver.is(target)),
        ];
        fields(place, &named);
    } else if let Some(this) = owner.downcast::<Exception>() {
        let named = [
            ("args", held(&this.args, target)),
            ("__traceback__", held(&this.traceback, target)),
            ("__context__", held(&this.context, target)),
            ("__cause__", held(&this.cause, target)),
            ("__dict__", held(&this.dict, target)),
        ];
        fields(place, &named);
    } else if let Some(this) = owner.downcast::<Type>() {
        let named = [
            ("__name__", held::<Str>(&this.name, target)),
            ("__qualname__", held(&this.qualname, target)),
            ("__dict__", held(&this.namespace, target)),
            ("__bases__", held(&this.bases, target)),
            ("__base__", held(&this.base, target)),
            ("__mro__", held(&this.mro, target)),
        ];
        fields(place, &named);
    }
}

fn fields(place: &mut dyn FnMut(&'static str, Name), named: &[(&'static str, bool)]) {
    let held = named.iter().filter(|(_, holds)| *holds);
    held.for_each(|(name, _)| place("field", Name::Word(name)));
}
