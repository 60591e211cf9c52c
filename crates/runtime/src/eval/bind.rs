//! Binding the arguments of a call to the parameters of a function: in place on the call stack where the call is a plain
//! one, by lists of values where something is wrong or unusual.

use viv_bytecode::CodeFlags;
use viv_heap::{Raw, Ref};

use super::call::{push_frame, recursion};
use super::regs::{Regs, owned};
use crate::object::{Code, Dict, Function, Str, Tuple};
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// Most parameters of a function that is bound quickly.
const MOST_PARAMETERS: usize = 60;
/// Most keyword arguments of a call that is bound quickly.
const MOST_KEYWORDS: usize = 16;
/// Most keyword-only parameters that get their defaults quickly.
const MOST_KEYWORD_ONLY: usize = 8;
/// The target of a keyword argument that goes into the dict of the others.
const EXTRA: u8 = u8::MAX;

/// The parameter of each keyword argument, if each has one of its own that has no argument yet (`bound` has a bit for each
/// that has), or the function takes others.
fn targets(
    code: &Code,
    names: &Tuple,
    bound: &mut u64,
    others: bool,
) -> Option<[u8; MOST_KEYWORDS]> {
    let source = &*code.source;
    let named =
        source.posonlyargcount as usize..source.argcount as usize + source.kwonlyargcount as usize;
    let parameters = code.local_names();
    let mut targets = [EXTRA; MOST_KEYWORDS];
    for (target, name) in targets.iter_mut().zip(names.iter()) {
        // Names of parameters are interned: one that is interned as well is either the same object or another name.
        if !name.downcast_exact::<Str>()?.is_interned() {
            return None;
        }
        match named.clone().find(|&i| parameters[i].is(name)) {
            Some(i) if *bound >> i & 1 == 0 => {
                *bound |= 1 << i;
                *target = i as u8;
            }
            None if others => {}
            _ => return None,
        }
    }
    Some(targets)
}

/// The defaults of the keyword-only parameters that have no argument; nothing if one has no default.
fn keyword_defaults(
    vm: &Vm,
    function: &Function,
    code: &Code,
    bound: u64,
) -> Option<[Option<Ref>; MOST_KEYWORD_ONLY]> {
    let mut found = [const { None }; MOST_KEYWORD_ONLY];
    let positional = code.source.argcount as usize;
    for (i, place) in (positional..).zip(&mut found[..code.source.kwonlyargcount as usize]) {
        if bound >> i & 1 == 0 {
            let name = code.local_names().get(i)?.downcast_exact::<Str>()?;
            // SAFETY: nothing runs while the dict is looked at.
            *place = Some(unsafe { function.kwdefaults.peek_as() }?.get_str(vm, name)?);
        }
    }
    Some(found)
}

/// Binds the arguments of a call in place and starts the frame, if the call is right and its size usual: whether it has.
#[allow(
    clippy::too_many_arguments,
    reason = "the words of one call, which have no meaning apart"
)]
unsafe fn bind_quickly(
    vm: &Vm,
    r: &mut Regs,
    function: &Function,
    code: &Code,
    base: *mut Raw,
    first: *mut Raw,
    given: usize,
    names: Option<&Tuple>,
    flags: u32,
) -> PyResult<bool> {
    let source = &*code.source;
    let positional = source.argcount as usize;
    let keyword_only = source.kwonlyargcount as usize;
    let total = positional + keyword_only;
    let keywords = names.map_or(0, Tuple::len);
    let plain = given - keywords;
    let varargs = source.flags.has(CodeFlags::VARARGS);
    let varkeywords = source.flags.has(CodeFlags::VARKEYWORDS);
    if total > MOST_PARAMETERS
        || keywords > MOST_KEYWORDS
        || keyword_only > MOST_KEYWORD_ONLY
        || plain > positional && !varargs
    {
        return Ok(false);
    }
    let mut bound = (1 << plain.min(positional)) - 1;
    let targets = match names {
        Some(names) => match targets(code, names, &mut bound, varkeywords) {
            Some(targets) => targets,
            None => return Ok(false),
        },
        None => [EXTRA; MOST_KEYWORDS],
    };
    let defaults = function.defaults.get();
    let defaults = defaults.as_deref().map_or(&[][..], Tuple::as_slice);
    let Some(without) = positional.checked_sub(defaults.len()) else {
        return Ok(false);
    };
    let needed: u64 = (1 << without) - 1;
    if bound & needed != needed {
        return Ok(false);
    }
    let mut own = [const { None }; MOST_KEYWORD_ONLY];
    if keyword_only != 0 {
        match keyword_defaults(vm, function, code, bound) {
            Some(found) => own = found,
            None => return Ok(false),
        }
    }
    // SAFETY: the words are owned by the stack. Until all that can fail is done they stay where they are; then each ends up
    // in exactly one local or is released.
    unsafe {
        let room = code.local_count as usize + code.stack_size as usize + 8;
        if first.add(room) > vm.stack.words_end() {
            return Ok(false);
        }
        let mut given_keywords = [Raw::NULL; MOST_KEYWORDS];
        for (i, place) in given_keywords[..keywords].iter_mut().enumerate() {
            *place = *first.add(plain + i);
        }
        let others = match names {
            _ if !varkeywords => None,
            None => Some(vm.new_dict()?),
            Some(names) => {
                let dict = vm.new_dict()?;
                dict.reserve(targets[..keywords].iter().filter(|t| **t == EXTRA).count());
                for (i, name) in names.iter().enumerate() {
                    if let (EXTRA, Some(name)) = (targets[i], name.downcast_exact::<Str>()) {
                        dict.set_str(vm, name, given_keywords[i].object())?;
                    }
                }
                Some(dict)
            }
        };
        let surplus = match plain.saturating_sub(positional) {
            _ if !varargs => None,
            n => Some(Tuple::place_words(vm, first.add(positional), n)?),
        };
        for i in plain.min(positional)..total {
            *first.add(i) = Raw::NULL;
        }
        for (value, target) in given_keywords.iter().zip(targets).take(keywords) {
            if target == EXTRA {
                value.object().dec();
            } else {
                *first.add(target as usize) = *value;
            }
        }
        for (i, default) in (without..).zip(defaults) {
            if bound >> i & 1 == 0 {
                *first.add(i) = owned(default);
            }
        }
        for (i, default) in (positional..).zip(own) {
            if let Some(default) = default {
                *first.add(i) = default.into_raw();
            }
        }
        let mut count = total;
        for extra in [surplus.map(Ref::upcast), others.map(Ref::upcast)]
            .into_iter()
            .flatten()
        {
            *first.add(count) = extra.into_raw();
            count += 1;
        }
        r.sp = first.add(count);
        vm.stack.top.set(r.sp);
        push_frame(vm, r, function, code, base, first, count, flags)?;
        Ok(true)
    }
}

/// Arranges the arguments of a call as the function's locals, in place, and starts its frame, which gets `flags`.
#[allow(
    clippy::too_many_arguments,
    reason = "the words of one call, which have no meaning apart"
)]
pub(super) unsafe fn bind_in_place(
    vm: &Vm,
    r: &mut Regs,
    function: &Function,
    code: &Code,
    base: *mut Raw,
    first: *mut Raw,
    given: usize,
    names: Option<&Tuple>,
    flags: u32,
) -> PyResult<()> {
    // SAFETY: the words are owned by the stack; they are moved out, and each ends up in exactly one local or is released.
    unsafe {
        // Parameters are found by their names.
        code.ready(vm)?;
        if bind_quickly(vm, r, function, code, base, first, given, names, flags)? {
            return Ok(());
        }
        let needed = code.local_count as usize + code.stack_size as usize + 8;
        if base.add(2 + needed) > vm.stack.words_end() {
            return Err(recursion(vm));
        }
        let mut values: Vec<Option<Ref>> = Vec::with_capacity(given);
        for i in 0..given {
            values.push(Some(
                std::mem::replace(&mut *first.add(i), Raw::NULL).into_ref(),
            ));
        }
        r.sp = base.add(2);
        vm.stack.top.set(base.add(2));
        let fp = base.add(2);
        // Only the receiver of a bound call was in the place below; it has moved with the rest.
        let locals = bind(vm, function, code, values, names)?;
        let count = locals.len();
        for (i, value) in locals.into_iter().enumerate() {
            *fp.add(i) = value.map_or(Raw::NULL, Ref::into_raw);
        }
        r.sp = fp.add(count);
        vm.stack.top.set(r.sp);
        push_frame(vm, r, function, code, base, fp, count, flags)
    }
}

/// Binds arguments to the parameters of a function: a value or nothing for each parameter.
///
/// # Errors
/// TypeError with CPython's wording.
fn bind(
    vm: &Vm,
    function: &Function,
    code: &Code,
    mut values: Vec<Option<Ref>>,
    names: Option<&Tuple>,
) -> PyResult<Vec<Option<Ref>>> {
    code.ready(vm)?;
    let source = &*code.source;
    let keywords = names.map_or(0, Tuple::len);
    let keyword_values = values.split_off(values.len() - keywords);
    let given = values.len();
    let positional = source.argcount as usize;
    let total = positional + source.kwonlyargcount as usize;
    let (varargs, varkeywords) = (
        source.flags.has(CodeFlags::VARARGS),
        source.flags.has(CodeFlags::VARKEYWORDS),
    );
    let mut locals: Vec<Option<Ref>> = Vec::with_capacity(total + 2);
    let surplus = if given > positional {
        values.split_off(positional)
    } else {
        Vec::new()
    };
    locals.append(&mut values);
    locals.resize_with(total, || None);
    let extra = if varargs {
        Some(vm.new_tuple(surplus.into_iter().flatten().collect())?)
    } else {
        None
    };
    let extra_keywords = if varkeywords {
        Some(vm.new_dict()?)
    } else {
        None
    };
    if let Some(names) = names {
        for (name, value) in names.iter().zip(keyword_values) {
            let (Some(text), Some(value)) = (name.downcast::<Str>(), value) else {
                return Err(vm.type_error(format!(
                    "{}() keywords must be strings",
                    function_name(function)
                )));
            };
            bind_keyword(
                vm,
                function,
                code,
                &mut locals,
                total,
                extra_keywords.as_deref(),
                (text, names),
                value,
            )?;
        }
    }
    if given > positional && !varargs {
        return Err(too_many(vm, function, code, given, &locals));
    }
    if given < positional {
        let defaults = function.defaults.get();
        let first_default = positional - defaults.as_ref().map_or(0, |d| d.len()).min(positional);
        let missing: Vec<usize> = (given..first_default)
            .filter(|&i| locals[i].is_none())
            .collect();
        if !missing.is_empty() {
            return Err(missing_arguments(
                vm,
                function,
                code,
                &missing,
                "positional",
            ));
        }
        if let Some(defaults) = defaults {
            let skip = defaults.len() - (positional - first_default);
            let parameters = &mut locals[first_default..positional];
            for (i, local) in parameters.iter_mut().enumerate() {
                if local.is_none() {
                    *local = defaults.as_slice().get(skip + i).cloned();
                }
            }
        }
    }
    let mut missing = Vec::new();
    for (i, local) in locals.iter_mut().enumerate().take(total).skip(positional) {
        if local.is_some() {
            continue;
        }
        let default = match (function.kwdefaults.get(), code.local_names().get(i)) {
            (Some(defaults), Some(name)) => defaults.get(vm, name)?,
            _ => None,
        };
        match default {
            Some(value) => *local = Some(value),
            None => missing.push(i),
        }
    }
    if !missing.is_empty() {
        return Err(missing_arguments(
            vm,
            function,
            code,
            &missing,
            "keyword-only",
        ));
    }
    locals.extend(extra.map(|t| Some(t.upcast())));
    locals.extend(extra_keywords.map(|d| Some(d.upcast())));
    Ok(locals)
}

/// Puts a keyword argument into its parameter, or into the dict of the others.
#[allow(
    clippy::too_many_arguments,
    reason = "the state of one binding, which has no meaning apart"
)]
fn bind_keyword(
    vm: &Vm,
    function: &Function,
    code: &Code,
    locals: &mut [Option<Ref>],
    total: usize,
    extra: Option<&Dict>,
    (name, all): (&Str, &Tuple),
    value: Ref,
) -> PyResult<()> {
    let first = code.source.posonlyargcount as usize;
    let parameters = code.local_names();
    let found = (first..total)
        .find(|&i| parameters[i].is(name))
        .or_else(|| {
            (first..total).find(|&i| {
                parameters[i]
                    .downcast::<Str>()
                    .is_some_and(|p| p.eq_str(name))
            })
        });
    if let Some(i) = found {
        if locals[i].is_some() {
            return Err(vm.type_error(format!(
                "{}() got multiple values for argument '{}'",
                function_name(function),
                name.to_text()
            )));
        }
        locals[i] = Some(value);
        return Ok(());
    }
    if let Some(extra) = extra {
        return extra.set(vm, name, &value);
    }
    let given = |p: &Str| {
        all.iter()
            .any(|n| n.downcast::<Str>().is_some_and(|n| n.eq_str(p)))
    };
    let positional_only: Vec<String> = parameters[..first]
        .iter()
        .filter_map(|p| p.downcast::<Str>().filter(|p| given(p)))
        .map(|p| p.to_text().into_owned())
        .collect();
    if !positional_only.is_empty() {
        return Err(vm.type_error(format!(
            "{}() got some positional-only arguments passed as keyword arguments: '{}'",
            function_name(function),
            positional_only.join(", ")
        )));
    }
    let candidates: Vec<String> = (first..total)
        .filter_map(|i| {
            parameters[i]
                .downcast::<Str>()
                .map(|p| p.to_text().into_owned())
        })
        .collect();
    let hint = crate::types::exception::closest_name(&name.to_text(), &candidates)
        .map_or_else(String::new, |s| format!(". Did you mean '{s}'?"));
    Err(vm.type_error(format!(
        "{}() got an unexpected keyword argument '{}'{hint}",
        function_name(function),
        name.to_text()
    )))
}

fn function_name(function: &Function) -> String {
    function
        .qualname
        .get()
        .map_or_else(String::new, |n| n.to_text().into_owned())
}

#[cold]
fn missing_arguments(
    vm: &Vm,
    function: &Function,
    code: &Code,
    missing: &[usize],
    kind: &str,
) -> Raised {
    let names: Vec<String> = missing
        .iter()
        .filter_map(|&i| {
            code.local_names()
                .get(i)?
                .downcast::<Str>()
                .map(|n| format!("'{}'", n.to_text()))
        })
        .collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")),
        [] => String::new(),
    };
    let s = if missing.len() == 1 { "" } else { "s" };
    vm.type_error(format!(
        "{}() missing {} required {kind} argument{s}: {list}",
        function_name(function),
        missing.len()
    ))
}

#[cold]
fn too_many(
    vm: &Vm,
    function: &Function,
    code: &Code,
    given: usize,
    locals: &[Option<Ref>],
) -> Raised {
    let positional = code.source.argcount as usize;
    let defaults = function.defaults.get().map_or(0, |d| d.len());
    let keyword_only = locals[positional..].iter().flatten().count();
    let (takes, plural) = if defaults > 0 {
        (
            format!(
                "from {} to {positional}",
                positional.saturating_sub(defaults)
            ),
            true,
        )
    } else {
        (positional.to_string(), positional != 1)
    };
    let given_text = if keyword_only > 0 {
        let s = if given == 1 { "" } else { "s" };
        let ks = if keyword_only == 1 { "" } else { "s" };
        format!(
            "{given} positional argument{s} (and {keyword_only} keyword-only argument{ks}) were"
        )
    } else {
        format!("{given} {}", if given == 1 { "was" } else { "were" })
    };
    let s = if plural { "s" } else { "" };
    vm.type_error(format!(
        "{}() takes {takes} positional argument{s} but {given_text} given",
        function_name(function)
    ))
}
