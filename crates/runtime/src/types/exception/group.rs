//! Exception groups: construction, `split`, `subgroup`, `derive`, and what `except*` needs.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Exception, List, Str, Tuple, Type};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::{receiver, reject_keywords};
use crate::vm::Vm;

use super::fields::get;
use super::{extend, extra, set_extra};

const MESSAGE: usize = 0;
const EXCEPTIONS: usize = 1;
/// The text of the sequence that was given, where it was neither list nor tuple.
const SEQUENCE_TEXT: usize = 2;

/// Whether an object is an exception group.
fn is_group(vm: &Vm, object: &Object) -> bool {
    Type::of(object).is_subtype(&vm.exceptions.BaseExceptionGroup)
}

/// The exceptions of a group.
pub fn members(group: &Object) -> Vec<Ref> {
    let items = group
        .downcast::<Exception>()
        .and_then(|g| extra(g, EXCEPTIONS));
    items
        .and_then(|i| i.downcast::<Tuple>().map(|t| t.as_slice().to_vec()))
        .unwrap_or_default()
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    reject_keywords(vm, "BaseExceptionGroup.__new__", args)?;
    let &[message, items] = args.pos() else {
        return Err(vm.type_error(format!(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
            args.pos().len()
        )));
    };
    if message.downcast::<Str>().is_none() {
        return Err(vm.type_error(format!(
            "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
            protocol::type_name(message)
        )));
    }
    if items.downcast::<Tuple>().is_none()
        && items.downcast::<List>().is_none()
        && Type::of(items).slots.getitem.get().is_none()
    {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    }
    let tuple = protocol::call_one(vm, &vm.types.tuple.head, items)?;
    let Some(list) = tuple.downcast::<Tuple>() else {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    };
    if list.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let e = &vm.exceptions;
    let mut all_plain = true;
    for (i, item) in list.iter().enumerate() {
        if item.downcast::<Exception>().is_none() {
            return Err(vm.value_error(format!(
                "Item {i} of second argument (exceptions) is not an exception"
            )));
        }
        all_plain &= Type::of(item).is_subtype(&e.Exception);
    }
    let mut class = ty;
    if ty.is(&e.BaseExceptionGroup) {
        if all_plain {
            class = &e.ExceptionGroup;
        }
    } else if !all_plain && ty.is(&e.ExceptionGroup) {
        return Err(vm.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    } else if !all_plain && ty.is_subtype(&e.Exception) {
        return Err(vm.type_error(format!(
            "Cannot nest BaseExceptions in '{}'",
            ty.display_name()
        )));
    }
    let made = super::base::new(vm, class, args)?;
    let exception = receiver::<Exception>(vm, &made)?;
    set_extra(vm, exception, MESSAGE, Some(message.to_ref()))?;
    set_extra(vm, exception, EXCEPTIONS, Some(tuple.clone()))?;
    if !items.is_exact::<Tuple>() && !items.is_exact::<List>() {
        let text = protocol::repr(vm, items)?.upcast();
        set_extra(vm, exception, SEQUENCE_TEXT, Some(text))?;
    }
    Ok(made)
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    super::no_keywords(vm, this, args)?;
    super::base::set_args(vm, this, args.pos())
}

/// `Name(message, exceptions)`, the exceptions as they are now and in the kind of sequence that was given.
fn repr(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    let mut text = TextBuilder::new();
    if let Some(name) = Type::of(this).name.get() {
        text.push_str(&name);
    }
    text.push("(");
    let none = || vm.none_ref();
    text.push_repr(vm, &extra(exception, MESSAGE).unwrap_or_else(none))?;
    text.push(", ");
    let args = super::base::args_of(vm, exception);
    let as_list = matches!(args.as_slice(), [_, items] if items.downcast::<List>().is_some());
    match extra(exception, SEQUENCE_TEXT) {
        Some(given) => text.push_str(&*protocol::str(vm, &given)?),
        None if as_list => text.push_repr(vm, &vm.new_list(members(this))?.head)?,
        None => text.push_repr(vm, &extra(exception, EXCEPTIONS).unwrap_or_else(none))?,
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn str(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    let mut text = TextBuilder::new();
    let message = extra(exception, MESSAGE).unwrap_or_else(|| vm.none_ref());
    text.push_str(&*protocol::str(vm, &message)?);
    let count = members(this).len();
    text.push(&format!(
        " ({count} sub-exception{})",
        if count == 1 { "" } else { "s" }
    ));
    Ok(text.finish(vm)?.upcast())
}

/// A group like `original` with other members, made by its `derive`, with traceback, cause, context and notes kept.
fn derive_like(vm: &Vm, original: &Object, items: Vec<Ref>) -> PyResult<Option<Ref>> {
    if items.is_empty() {
        return Ok(None);
    }
    let items = vm.new_list(items)?;
    let made = protocol::call_method(vm, original, &*vm.intern("derive")?, &[&items.head])?;
    if !is_group(vm, &made) {
        return Err(vm.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    if let (Some(from), Some(to)) = (
        original.downcast::<Exception>(),
        made.downcast::<Exception>(),
    ) {
        to.traceback.set(from.traceback.get());
        to.context.set(from.context.get());
        if let Some(cause) = from.cause.get() {
            to.cause.set(Some(cause));
        }
        to.suppress_context.set(from.suppress_context.get());
        let notes = vm.intern("__notes__")?;
        if let Some(old) = protocol::get_attr_opt(vm, original, &notes)?
            && let Some(list) = old.downcast::<List>()
        {
            let copy = vm.new_list(list.snapshot())?;
            protocol::set_attr(vm, &made, &notes, &copy.head)?;
        }
    }
    Ok(Some(made))
}

/// How members are chosen.
enum Matcher<'a> {
    /// Instances of a class or of one of a tuple's classes.
    Classes(&'a Object),
    /// What a function says yes to.
    Function(&'a Object),
    /// These very leaves.
    Leaves(&'a [Ref]),
}

impl Matcher<'_> {
    fn of<'a>(vm: &Vm, condition: &'a Object) -> PyResult<Matcher<'a>> {
        let is_class = |o: &Object| {
            o.downcast::<Type>()
                .is_some_and(|t| t.is_subtype(&vm.types.base_exception))
        };
        let classes = match condition.downcast::<Tuple>() {
            Some(tuple) => tuple.iter().all(is_class),
            None => is_class(condition),
        };
        if classes {
            return Ok(Matcher::Classes(condition));
        }
        if condition.downcast::<Type>().is_none() && protocol::is_callable(condition) {
            return Ok(Matcher::Function(condition));
        }
        Err(vm.type_error("expected an exception type, a tuple of exception types, or a callable (other than a class)"))
    }

    fn accepts(&self, vm: &Vm, exception: &Object) -> PyResult<bool> {
        match self {
            Matcher::Classes(condition) => Ok(matches_class(exception, condition)),
            Matcher::Function(function) => {
                protocol::is_true(vm, &*protocol::call_one(vm, function, exception)?)
            }
            Matcher::Leaves(leaves) => Ok(
                !is_group(vm, exception) && leaves.iter().any(|l| std::ptr::eq(&**l, exception))
            ),
        }
    }
}

fn matches_class(exception: &Object, condition: &Object) -> bool {
    let one = |c: &Object| {
        c.downcast::<Type>()
            .is_some_and(|t| Type::of(exception).is_subtype(t))
    };
    match condition.downcast::<Tuple>() {
        Some(tuple) => tuple.iter().any(one),
        None => one(condition),
    }
}

/// Splits an exception into the part that matches and the rest.
fn split_by(
    vm: &Vm,
    exception: &Object,
    matcher: &Matcher<'_>,
) -> PyResult<(Option<Ref>, Option<Ref>)> {
    let _depth = vm.enter_native(" in exception group split")?;
    if matcher.accepts(vm, exception)? {
        return Ok((Some(exception.to_ref()), None));
    }
    if !is_group(vm, exception) {
        return Ok((None, Some(exception.to_ref())));
    }
    let (mut matching, mut others) = (Vec::new(), Vec::new());
    for member in members(exception) {
        let (yes, no) = split_by(vm, &member, matcher)?;
        matching.extend(yes);
        others.extend(no);
    }
    Ok((
        derive_like(vm, exception, matching)?,
        derive_like(vm, exception, others)?,
    ))
}

fn split(vm: &Vm, this: &Object, condition: &Object) -> PyResult {
    let matcher = Matcher::of(vm, condition)?;
    let (yes, no) = split_by(vm, this, &matcher)?;
    let or_none = |r: Option<Ref>| r.unwrap_or_else(|| vm.none_ref());
    Ok(vm.new_tuple(vec![or_none(yes), or_none(no)])?.upcast())
}

fn subgroup(vm: &Vm, this: &Object, condition: &Object) -> PyResult {
    let matcher = Matcher::of(vm, condition)?;
    Ok(split_by(vm, this, &matcher)?
        .0
        .unwrap_or_else(|| vm.none_ref()))
}

fn derive(vm: &Vm, this: &Object, items: &Object) -> PyResult {
    let message = extra(receiver(vm, this)?, MESSAGE).unwrap_or_else(|| vm.none_ref());
    Ok(super::new_exception(vm, &vm.exceptions.BaseExceptionGroup, &[&message, items])?.upcast())
}

/// CHECK_EG_MATCH: what remains of an exception after an `except*` clause, and what the clause takes.
pub fn group_match(
    vm: &Vm,
    exception: &Object,
    class: &Object,
) -> PyResult<(Option<Ref>, Option<Ref>)> {
    let classes: Vec<Ref> = class
        .downcast::<Tuple>()
        .map_or_else(|| vec![class.to_ref()], |t| t.as_slice().to_vec());
    for class in &classes {
        let Some(ty) = class
            .downcast::<Type>()
            .filter(|t| t.is_subtype(&vm.types.base_exception))
        else {
            return Err(vm.type_error(
                "catching classes that do not inherit from BaseException is not allowed",
            ));
        };
        if ty.is_subtype(&vm.exceptions.BaseExceptionGroup) {
            return Err(vm.type_error(
                "catching ExceptionGroup with except* is not allowed. Use except instead.",
            ));
        }
    }
    if vm.is_none(exception) {
        return Ok((None, None));
    }
    if matches_class(exception, class) {
        if is_group(vm, exception) {
            return Ok((None, Some(exception.to_ref())));
        }
        let (message, items) = (vm.new_str("")?, vm.new_list(vec![exception.to_ref()])?);
        let wrapped = super::new_exception(
            vm,
            &vm.exceptions.BaseExceptionGroup,
            &[&message.head, &items.head],
        )?;
        wrapped.traceback.set(
            exception
                .downcast::<Exception>()
                .and_then(|e| e.traceback.get()),
        );
        return Ok((None, Some(wrapped.upcast())));
    }
    if !is_group(vm, exception) {
        return Ok((Some(exception.to_ref()), None));
    }
    let pair = protocol::call_method(vm, exception, &*vm.intern("split")?, &[class])?;
    let Some(parts) = pair.downcast::<Tuple>().map(Tuple::as_slice) else {
        return Err(vm.type_error(format!(
            "{}.split must return a tuple, not {}",
            protocol::type_name(exception),
            protocol::type_name(&pair)
        )));
    };
    let [matched, rest, ..] = parts else {
        return Err(vm.type_error(format!(
            "{}.split must return a 2-tuple, got tuple of size {}",
            protocol::type_name(exception),
            parts.len()
        )));
    };
    let some = |r: &Ref| if vm.is_none(r) { None } else { Some(r.clone()) };
    Ok((some(rest), some(matched)))
}

/// PREP_RERAISE_STAR: what is raised at the end of a `try` with `except*`, or None.
pub fn prep_reraise_star(vm: &Vm, original: &Object, raised: &Object) -> PyResult {
    let items = raised
        .downcast::<List>()
        .map(List::snapshot)
        .unwrap_or_default();
    let items: Vec<Ref> = items.into_iter().filter(|e| !vm.is_none(e)).collect();
    if items.is_empty() {
        return Ok(vm.none_ref());
    }
    if !is_group(vm, original) {
        // A naked exception was wrapped; at most one clause can have run.
        return Ok(items[0].clone());
    }
    let (again, mut fresh): (Vec<Ref>, Vec<Ref>) =
        items.into_iter().partition(|e| same_origin(e, original));
    let mut leaves = Vec::new();
    again
        .iter()
        .for_each(|group| collect_leaves(vm, group, &mut leaves));
    if !leaves.is_empty() {
        let (kept, _) = split_by(vm, original, &Matcher::Leaves(&leaves))?;
        fresh.extend(kept);
    }
    match fresh.as_slice() {
        [] => Ok(vm.none_ref()),
        [one] => Ok(one.clone()),
        _ => {
            let (message, items) = (vm.new_str("")?, vm.new_list(fresh)?);
            Ok(super::new_exception(
                vm,
                &vm.exceptions.BaseExceptionGroup,
                &[&message.head, &items.head],
            )?
            .upcast())
        }
    }
}

/// Whether a group is a part of the original that was raised again: it has the same notes, traceback, cause and context.
fn same_origin(a: &Object, b: &Object) -> bool {
    let (Some(a), Some(b)) = (a.downcast::<Exception>(), b.downcast::<Exception>()) else {
        return false;
    };
    let same = |x: Option<Ref>, y: Option<Ref>| match (x, y) {
        (Some(x), Some(y)) => std::ptr::eq(&*x, &*y),
        (None, None) => true,
        _ => false,
    };
    same(a.traceback.get(), b.traceback.get())
        && same(a.cause.get(), b.cause.get())
        && same(a.context.get(), b.context.get())
}

fn collect_leaves(vm: &Vm, exception: &Object, leaves: &mut Vec<Ref>) {
    let mut todo = vec![exception.to_ref()];
    while let Some(next) = todo.pop() {
        if is_group(vm, &next) {
            todo.extend(members(&next))
        } else {
            leaves.push(next)
        }
    }
}

/// `ExceptionGroup` is the one builtin exception with two bases.
fn add_second_base(vm: &Vm) -> PyResult<()> {
    let e = &vm.exceptions;
    let class = &e.ExceptionGroup;
    class.unregister();
    let bases = [&e.BaseExceptionGroup, &e.Exception].map(|b| b.head.to_ref());
    class.bases.set(Some(vm.new_tuple(bases.into())?));
    let mro = [
        class,
        &e.BaseExceptionGroup,
        &e.Exception,
        &vm.types.base_exception,
        &vm.types.object,
    ];
    let mro = mro.map(|b| b.head.to_ref());
    class.mro.set(Some(vm.new_tuple(mro.into())?));
    class.register_with_bases();
    Ok(())
}

pub(super) fn finish(vm: &Vm) -> PyResult<()> {
    add_second_base(vm)?;
    const METHODS: &[MethodDef] = &[
        MethodDef::new("derive", "($self, excs, /)", NativeCall::One(derive), ""),
        MethodDef::new(
            "split",
            "($self, matcher_value, /)",
            NativeCall::One(split),
            "",
        ),
        MethodDef::new(
            "subgroup",
            "($self, matcher_value, /)",
            NativeCall::One(subgroup),
            "",
        ),
        MethodDef::class(
            "__class_getitem__",
            "($type, object, /)",
            NativeCall::One(crate::types::class_getitem),
            "See PEP 585",
        ),
    ];
    const FIELDS: &[GetSetDef] = &[
        GetSetDef::member("message", get::<MESSAGE>, "exception message"),
        GetSetDef::member("exceptions", get::<EXCEPTIONS>, "nested exceptions"),
    ];
    let slots = |s: &crate::slots::Slots| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.str.set(Some(str));
        s.repr.set(Some(repr));
    };
    extend(
        vm,
        &vm.exceptions.BaseExceptionGroup,
        slots,
        METHODS,
        FIELDS,
    )
}
