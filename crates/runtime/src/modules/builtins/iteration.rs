//! The builtin functions on iterables: `iter`, `next`, `aiter`, `anext`, `all`, `any`, `min`, `max`, `sorted`.

use viv_bytecode::CompareOp;
use viv_heap::{Object, Ref};

use super::objects::check_positional;
use crate::args::Args;
use crate::native::bind::{check_keyword_count, unexpected_keyword};
use crate::native::{MethodDef, NativeCall};
use crate::object::Type;
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::iterators;
use crate::vm::Vm;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "iter",
        "",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: iter,
        },
        "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object.\nIn the first form, the argument must supply its own iterator, or be a sequence.\nIn the second form, the callable is called until it returns the sentinel.",
    ),
    MethodDef::new(
        "next",
        "",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: next,
        },
        "next(iterator[, default])\n\nReturn the next item from the iterator. If default is given and the iterator\nis exhausted, it is returned instead of raising StopIteration.",
    ),
    MethodDef::new(
        "aiter",
        "($module, async_iterable, /)",
        NativeCall::One(aiter),
        "Return an AsyncIterator for an AsyncIterable object.",
    ),
    MethodDef::new(
        "anext",
        "",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: anext,
        },
        "Return the next item from the async iterator.\n\nIf default is given and the async iterator is exhausted,\nit is returned instead of raising StopAsyncIteration.",
    ),
    MethodDef::new(
        "all",
        "($module, iterable, /)",
        NativeCall::One(|vm, _, it| Ok(vm.bool(!find_truth(vm, it, false)?))),
        "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.",
    ),
    MethodDef::new(
        "any",
        "($module, iterable, /)",
        NativeCall::One(|vm, _, it| Ok(vm.bool(find_truth(vm, it, true)?))),
        "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.",
    ),
    MethodDef::new(
        "min",
        "",
        NativeCall::Raw(|vm, _, args| extreme(vm, args, "min", CompareOp::Lt)),
        "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the smallest argument.",
    ),
    MethodDef::new(
        "max",
        "",
        NativeCall::Raw(|vm, _, args| extreme(vm, args, "max", CompareOp::Gt)),
        "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the largest argument.",
    ),
    MethodDef::new(
        "sorted",
        "($module, iterable, /, *, key=None, reverse=False)",
        NativeCall::Raw(sorted),
        "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending order.",
    ),
];

fn iter(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    match args {
        [callable, sentinel] if protocol::is_callable(callable) => {
            iterators::callable_iterator(vm, callable, sentinel)
        }
        [_, _] => Err(vm.type_error("iter(v, w): v must be callable")),
        _ => protocol::iter(vm, args[0]),
    }
}

fn next(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let Some(slot) = Type::of(args[0]).slots.next.get() else {
        return Err(vm.type_error(format!(
            "'{}' object is not an iterator",
            type_name(args[0])
        )));
    };
    let _depth = vm.enter_native("")?;
    match (slot(vm, args[0]), args.get(1)) {
        (Ok(Some(value)), _) => Ok(value),
        (Ok(None), Some(default)) => Ok(default.to_ref()),
        (Ok(None), None) => Err(vm.stop_iteration(None)),
        (Err(raised), None) => Err(raised),
        (Err(raised), Some(default)) => {
            vm.swallow::<()>(raised, &vm.exceptions.StopIteration)?;
            Ok(default.to_ref())
        }
    }
}

fn aiter(vm: &Vm, _module: &Object, iterable: &Object) -> PyResult {
    let Some(slot) = Type::of(iterable).slots.aiter.get() else {
        return Err(vm.type_error(format!(
            "'{}' object is not an async iterable",
            type_name(iterable)
        )));
    };
    let iterator = slot(vm, iterable)?;
    if Type::of(&iterator).slots.anext.get().is_none() {
        return Err(vm.type_error(format!(
            "aiter() returned not an async iterator of type '{}'",
            type_name(&iterator)
        )));
    }
    Ok(iterator)
}

fn anext(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let Some(slot) = Type::of(args[0]).slots.anext.get() else {
        return Err(vm.type_error(format!(
            "'{}' object is not an async iterator",
            type_name(args[0])
        )));
    };
    let awaitable = slot(vm, args[0])?;
    match args.get(1) {
        None => Ok(awaitable),
        Some(default) => crate::types::generator::anext::new(vm, awaitable, default),
    }
}

/// Whether some item of the iterable has this truth value.
fn find_truth(vm: &Vm, iterable: &Object, wanted: bool) -> PyResult<bool> {
    let iterator = protocol::iter(vm, iterable)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if protocol::is_true(vm, &item)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

fn extreme(vm: &Vm, args: Args<'_>, name: &str, better: CompareOp) -> PyResult {
    check_keyword_count(vm, name, args, 2)?;
    for (keyword, _) in args.keywords() {
        if !keyword.eq_text("key") && !keyword.eq_text("default") {
            return Err(unexpected_keyword(vm, name, keyword, &["key", "default"]));
        }
    }
    check_positional(vm, name, args, 1, usize::MAX)?;
    let key = args.keyword("key").filter(|k| !vm.is_none(k));
    let default = args.keyword("default");
    let mut best: Option<(Ref, Ref)> = None;
    let mut consider = |item: Ref| -> PyResult<()> {
        let measure = match key {
            Some(key) => protocol::call_one(vm, key, &item)?,
            None => item.clone(),
        };
        let wins = match &best {
            Some((_, so_far)) => protocol::compare_bool(vm, &measure, so_far, better)?,
            None => true,
        };
        if wins {
            best = Some((item, measure));
        }
        Ok(())
    };
    match args.pos() {
        [iterable] => {
            let iterator = protocol::iter(vm, iterable)?;
            while let Some(item) = protocol::next(vm, &iterator)? {
                consider(item)?;
            }
        }
        items => {
            if default.is_some() {
                return Err(vm.type_error(format!(
                    "Cannot specify a default for {name}() with multiple positional arguments"
                )));
            }
            items.iter().try_for_each(|item| consider(item.to_ref()))?;
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default.to_ref()),
        (None, None) => Err(vm.value_error(format!("{name}() iterable argument is empty"))),
    }
}

fn sorted(vm: &Vm, _module: &Object, args: Args<'_>) -> PyResult {
    check_positional(vm, "sorted", args, 1, 1)?;
    let list = protocol::collect_list(vm, args.pos()[0])?;
    // Nobody can give `list` another method of that name.
    crate::types::list::sort::sort(vm, &list.head, args.skip_first().args())?;
    Ok(list.upcast())
}
