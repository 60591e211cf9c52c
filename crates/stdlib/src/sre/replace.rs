//! Replacing and splitting.

use viv_runtime::object::{Bytes, Str};
use viv_runtime::protocol;
use viv_runtime::types::buffer::copy_bytes;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::str;
use viv_runtime::{Object, PyResult, Ref, Vm};

use super::engine;
use super::matched::{self, Match};
use super::pattern::Pattern;
use super::template;

/// The empty string, or empty bytes, like a part.
pub fn empty_like(vm: &Vm, part: &Object) -> PyResult {
    if part.downcast::<Str>().is_some() {
        Ok(vm.empty_str.clone().upcast())
    } else {
        Ok(vm.new_bytes(&[])?.upcast())
    }
}

/// Joins the parts of a result.
///
/// # Errors
/// TypeError for a part of the wrong kind, as `join` words it.
pub fn join(vm: &Vm, text: bool, parts: Vec<Ref>) -> PyResult {
    if text {
        let strings: Option<Vec<&Str>> = parts.iter().map(|p| p.downcast::<Str>()).collect();
        if let Some(strings) = strings {
            return Ok(match strings[..] {
                [only] => str::exact(vm, only)?.upcast(),
                _ => str::ops::concat_all(vm, &strings)?.upcast(),
            });
        }
    } else if let [only] = &parts[..]
        && only.is_exact::<Bytes>()
    {
        return Ok(only.clone());
    }
    let joiner: Ref = if text {
        vm.empty_str.clone().upcast()
    } else {
        vm.new_bytes(&[])?.upcast()
    };
    let list = vm.new_list(parts)?;
    protocol::call_method(vm, &joiner, &*vm.intern("join")?, &[list.as_object()])
}

/// What stands in the place of a match.
enum Filter {
    /// Always the same.
    Literal(Ref),
    /// What a function makes of the match.
    Call(Ref),
    /// A template.
    Template(Ref),
}

impl Filter {
    fn of(vm: &Vm, pattern: &Pattern, given: &Object) -> PyResult<Filter> {
        if protocol::is_callable(given) {
            return Ok(Filter::Call(given.to_ref()));
        }
        let plain = match given.downcast::<Str>() {
            Some(text) => !text.chars().any(|c| c == u32::from(b'\\')),
            None => copy_bytes(vm, given)?.is_some_and(|bytes| !bytes.contains(&b'\\')),
        };
        if plain {
            return Ok(Filter::Literal(given.to_ref()));
        }
        let made = template::compile(vm, pattern, given)?;
        Ok(if made.downcast::<template::Template>().is_some() {
            Filter::Template(made)
        } else {
            Filter::Literal(made)
        })
    }
}

fn substitute(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult<(Ref, usize)> {
    let pattern = receiver::<Pattern>(vm, this)?;
    let &[Some(given), Some(subject), count] = args else {
        return Ok((vm.none_ref(), 0));
    };
    let limit = match count {
        Some(count) => protocol::to_index(vm, count)?,
        None => 0,
    };
    let filter = Filter::of(vm, pattern, given)?;
    let scope = pattern.scope(vm, subject, None, None)?;
    let _hold = Pattern::hold(vm, subject)?;
    let matches = match usize::try_from(limit) {
        Ok(limit) => engine::all(vm, subject, scope, limit)?,
        Err(_) => Vec::new(),
    };
    let (mut parts, mut last, count) = (Vec::new(), 0, matches.len());
    for found in matches {
        let (start, end) = found.span;
        if last < start {
            parts.push(matched::part(vm, subject, last, start)?);
        }
        last = end;
        let part = match &filter {
            Filter::Literal(literal) => literal.clone(),
            Filter::Call(function) => {
                let made = matched::make(vm, pattern, subject, scope.start, scope.end, found)?;
                protocol::call_one(vm, function, &made)?
            }
            Filter::Template(template) => {
                let made = matched::make(vm, pattern, subject, scope.start, scope.end, found)?;
                template::expand(vm, template, receiver::<Match>(vm, &made)?)?
            }
        };
        if !vm.is_none(&part) {
            parts.push(part);
        }
    }
    if last < scope.end || parts.is_empty() {
        parts.push(matched::part(vm, subject, last, scope.end)?);
    }
    Ok((join(vm, subject.downcast::<Str>().is_some(), parts)?, count))
}

/// `pattern.sub(repl, string, count)`
pub fn sub(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    Ok(substitute(vm, this, args)?.0)
}

/// `pattern.subn(repl, string, count)`
pub fn subn(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let (result, count) = substitute(vm, this, args)?;
    Ok(vm.new_tuple(vec![result, vm.new_usize(count)?])?.upcast())
}

/// `pattern.split(string, maxsplit)`
pub fn split(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let pattern = receiver::<Pattern>(vm, this)?;
    let &[Some(subject), most] = args else {
        return Ok(vm.none_ref());
    };
    let most = match most {
        Some(most) => protocol::to_index(vm, most)?,
        None => 0,
    };
    let scope = pattern.scope(vm, subject, None, None)?;
    let matches = match usize::try_from(most) {
        Ok(most) => engine::all(vm, subject, scope, most)?,
        Err(_) => Vec::new(),
    };
    let (mut parts, mut last) = (Vec::new(), 0);
    for found in matches {
        parts.push(matched::part(vm, subject, last, found.span.0)?);
        for group in &found.groups {
            parts.push(match group {
                Some((start, end)) => matched::part(vm, subject, *start, *end)?,
                None => vm.none_ref(),
            });
        }
        last = found.span.1;
    }
    parts.push(matched::part(vm, subject, last, scope.end)?);
    Ok(vm.new_list(parts)?.upcast())
}
