//! Binding arguments to the parameters of a native function, with CPython's wording of what is wrong.

use std::cell::RefCell;
use std::rc::Rc;

use viv_heap::Object;

use crate::args::{Args, NamedArgs};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Str, Type, TypeTraits};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;
use crate::vm::interp::AddressMap;

/// The parameters that a signature text declares.
pub struct Parameters {
    /// The parameters in order, without the receiver.
    pub list: Vec<Parameter>,
    /// How many may be given by position.
    positional: usize,
    /// How many of these must be given.
    required: usize,
    /// Whether some must be given by name.
    wants_keyword: bool,
}

/// As many parameters as most functions have at most.
const FEW: usize = 6;

/// The arguments of a call, each at its parameter's place.
pub type Bound<'a> = smallvec::SmallVec<[Option<&'a Object>; FEW]>;

thread_local! {
    /// The signatures that have been read, by their address.
    static READ: RefCell<AddressMap<Rc<Parameters>>> = RefCell::default();
}

/// One parameter of a native function.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it may be given by position.
    pub positional: bool,
    /// Whether it may be given by name.
    pub keyword: bool,
    /// Whether it may be left out.
    pub optional: bool,
}

/// Calls a native function: checks the arguments as its [`NativeCall`] says, then runs it.
///
/// `qualifier` is the name that messages use: `list.append`, `print` …; `parameters` caches the parsed signature.
#[inline]
pub fn call_native(
    vm: &Vm,
    def: &'static MethodDef,
    receiver: &Object,
    args: Args<'_>,
    parameters: &std::cell::OnceCell<Box<Parameters>>,
    qualifier: &dyn Fn() -> String,
) -> PyResult {
    let keywords = args.keyword_count() != 0;
    match (def.call, args.pos()) {
        (NativeCall::Raw(f), _) => f(vm, receiver, args),
        (NativeCall::Bound(f), _) => {
            let parameters = parameters.get_or_init(|| Box::new(Parameters::parse(def.signature)));
            call_bound(vm, def.name, f, receiver, args, parameters)
        }
        (NativeCall::NoArgs(f), []) if !keywords => f(vm, receiver),
        (NativeCall::One(f), [arg]) if !keywords => f(vm, receiver, arg),
        (NativeCall::Positional { min, max, call }, pos)
            if !keywords && pos.len() >= min && pos.len() <= max =>
        {
            call(vm, receiver, pos)
        }
        _ => Err(wrong_arguments(vm, def, args, qualifier)),
    }
}

/// As [`call_native`] for [`NativeCall::Bound`], where there are no keywords.
#[inline(never)]
pub(crate) fn call_positional(
    vm: &Vm,
    def: &'static MethodDef,
    function: fn(&Vm, &Object, &[Option<&Object>]) -> PyResult,
    receiver: &Object,
    args: &[&Object],
    parameters: &std::cell::OnceCell<Box<Parameters>>,
) -> PyResult {
    let parameters = parameters.get_or_init(|| Box::new(Parameters::parse(def.signature)));
    let mut bound = [None; FEW];
    match bound.get_mut(..parameters.list.len()) {
        Some(bound)
            if args.len() >= parameters.required
                && args.len() <= parameters.positional
                && !parameters.wants_keyword =>
        {
            for (place, value) in bound.iter_mut().zip(args) {
                *place = Some(*value);
            }
            function(vm, receiver, bound)
        }
        _ => call_bound(
            vm,
            def.name,
            function,
            receiver,
            Args::positional(args),
            parameters,
        ),
    }
}

/// The function whose parameters have names: apart, as the places of the arguments take room.
#[inline(never)]
fn call_bound(
    vm: &Vm,
    name: &str,
    function: fn(&Vm, &Object, &[Option<&Object>]) -> PyResult,
    receiver: &Object,
    args: Args<'_>,
    parameters: &Parameters,
) -> PyResult {
    let bound = parameters.bind(vm, name, args)?;
    function(vm, receiver, &bound)
}

/// TypeError of a call with keywords or a number of arguments that the function does not take.
#[cold]
#[inline(never)]
fn wrong_arguments(
    vm: &Vm,
    def: &MethodDef,
    args: Args<'_>,
    qualifier: &dyn Fn() -> String,
) -> Raised {
    let given = args.pos().len();
    if args.keyword_count() != 0 {
        return vm.type_error(format!("{}() takes no keyword arguments", qualifier()));
    }
    let takes = match def.call {
        NativeCall::Positional { min, max, .. } => {
            return wrong_count(vm, def.name, given, min, max);
        }
        NativeCall::One(_) => "exactly one argument",
        _ => "no arguments",
    };
    vm.type_error(format!("{}() takes {takes} ({given} given)", qualifier()))
}

/// Checks the number of positional arguments: "f expected at most 2 arguments, got 3".
pub fn check_count(vm: &Vm, name: &str, given: usize, min: usize, max: usize) -> PyResult<()> {
    if given >= min && given <= max {
        return Ok(());
    }
    Err(wrong_count(vm, name, given, min, max))
}

#[cold]
fn wrong_count(vm: &Vm, name: &str, given: usize, min: usize, max: usize) -> Raised {
    let (how, wanted) = if min == max {
        ("", min)
    } else if given < min {
        ("at least ", min)
    } else {
        ("at most ", max)
    };
    let s = if wanted == 1 { "" } else { "s" };
    vm.type_error(format!(
        "{name} expected {how}{wanted} argument{s}, got {given}"
    ))
}

impl Parameters {
    /// Reads a signature as it stands in `__text_signature__`: `($self, x, /, y=None, *, key=None)`.
    pub fn parse(signature: &'static str) -> Parameters {
        let inner = signature
            .trim()
            .trim_start_matches('(')
            .trim_end_matches(')');
        let mut list: Vec<Parameter> = Vec::new();
        let mut keyword_only = false;
        for part in split_parameters(inner) {
            let part = part.trim();
            match part {
                "" => {}
                "/" => list.iter_mut().for_each(|p| p.keyword = false),
                "*" => keyword_only = true,
                _ if part.starts_with('$') => {}
                _ => {
                    let (name, default) = part
                        .split_once('=')
                        .map_or((part, None), |(n, d)| (n.trim(), Some(d)));
                    list.push(Parameter {
                        name,
                        positional: !keyword_only,
                        keyword: true,
                        optional: default.is_some(),
                    });
                }
            }
        }
        let positional = list.iter().filter(|p| p.positional).count();
        let required = list.iter().filter(|p| p.positional && !p.optional).count();
        let wants_keyword = list.iter().any(|p| !p.positional && !p.optional);
        Parameters {
            list,
            positional,
            required,
            wants_keyword,
        }
    }

    /// As [`parse`](Self::parse), but each signature is read once.
    pub fn of(signature: &'static str) -> Rc<Parameters> {
        READ.with_borrow_mut(|read| {
            let known = read
                .entry(signature.as_ptr().addr() ^ signature.len() << 48)
                .or_insert_with(|| Rc::new(Parameters::parse(signature)));
            Rc::clone(known)
        })
    }

    /// Puts each argument to its parameter.
    ///
    /// # Errors
    /// TypeError with CPython's wording.
    pub fn bind<'a>(&self, vm: &Vm, name: &str, args: Args<'a>) -> PyResult<Bound<'a>> {
        let mut bound: Bound<'a> = smallvec::smallvec![None; self.list.len()];
        let (positional, required) = (self.positional, self.required);
        let pos = args.pos();
        if pos.len() + args.keyword_count() > self.list.len() {
            return Err(self.too_many(vm, name, args));
        }
        if pos.len() > positional {
            let how = if required == positional {
                "exactly"
            } else {
                "at most"
            };
            let s = if positional == 1 { "" } else { "s" };
            return Err(vm.type_error(format!(
                "{} takes {how} {positional} positional argument{s} ({} given)",
                called(name),
                pos.len()
            )));
        }
        let (keywords, all) = (args.keyword_count(), self.list.len());
        if pos.is_empty() && keywords > all {
            let s = if all == 1 { "" } else { "s" };
            return Err(vm.type_error(format!(
                "{} takes at most {all} keyword argument{s} ({keywords} given)",
                called(name)
            )));
        }
        for (place, value) in bound.iter_mut().zip(pos) {
            *place = Some(*value);
        }
        let mut unexpected = None;
        for (key, value) in args.keywords() {
            let Some(i) = self
                .list
                .iter()
                .position(|p| p.keyword && key.eq_text(p.name))
            else {
                // What is missing is told first.
                unexpected.get_or_insert(key);
                continue;
            };
            if bound[i].is_some() {
                return Err(vm.type_error(format!(
                    "argument for {} given by name ('{}') and position ({})",
                    called(name),
                    self.list[i].name,
                    i + 1
                )));
            }
            bound[i] = Some(value);
        }
        for (i, (place, parameter)) in bound.iter().zip(&self.list).enumerate() {
            if place.is_none() && !parameter.optional {
                if !parameter.keyword {
                    let how = if required == positional {
                        "exactly"
                    } else {
                        "at least"
                    };
                    let s = if required == 1 { "" } else { "s" };
                    return Err(vm.type_error(format!(
                        "{} takes {how} {required} positional argument{s} ({} given)",
                        called(name),
                        pos.len()
                    )));
                }
                return Err(vm.type_error(format!(
                    "{} missing required argument '{}' (pos {})",
                    called(name),
                    parameter.name,
                    i + 1
                )));
            }
        }
        if let Some(key) = unexpected {
            let keywords = self.list.iter().filter(|p| p.keyword);
            let known: Vec<&str> = keywords.map(|p| p.name).collect();
            return Err(unexpected_keyword(vm, name, key, &known));
        }
        Ok(bound)
    }
}

impl Parameters {
    /// TypeError for more arguments, keywords counted, than there are parameters.
    #[cold]
    fn too_many(&self, vm: &Vm, name: &str, args: Args<'_>) -> Raised {
        too_many_arguments(vm, name, args, self.list.len())
    }
}

/// A function as messages call it; one without a name is "function".
fn called(name: &str) -> String {
    match name {
        "" => "function".to_owned(),
        _ => format!("{name}()"),
    }
}

#[cold]
fn too_many_arguments(vm: &Vm, name: &str, args: Args<'_>, most: usize) -> Raised {
    let given = args.pos().len() + args.keyword_count();
    let keyword = if args.pos().is_empty() {
        "keyword "
    } else {
        ""
    };
    let s = if most == 1 { "" } else { "s" };
    vm.type_error(format!(
        "{} takes at most {most} {keyword}argument{s} ({given} given)",
        called(name)
    ))
}

/// Checks the number of keywords of a function that reads them itself.
///
/// # Errors
/// TypeError: "f() takes at most 2 keyword arguments (3 given)".
pub fn check_keyword_count(vm: &Vm, name: &str, args: Args<'_>, most: usize) -> PyResult<()> {
    if args.keyword_count() <= most {
        return Ok(());
    }
    let only_keywords = NamedArgs::new(&args.values()[args.pos().len()..], args.names());
    Err(too_many_arguments(vm, name, only_keywords.args(), most))
}

/// Splits at the commas that stand outside brackets and quotes.
fn split_parameters(text: &'static str) -> Vec<&'static str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0, None);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The TypeError for a keyword that a native function does not know, with the one that may have been meant.
pub fn unexpected_keyword(vm: &Vm, function: &str, keyword: &Str, known: &[&str]) -> Raised {
    if Type::of(keyword).has(TypeTraits::HEAP) {
        // One that says to be equal, but has another hash: that is not how a keyword is known.
        for name in known {
            let same = vm
                .intern(name)
                .and_then(|name| protocol::compare_eq(vm, &name, keyword));
            match same {
                Ok(false) => {}
                Ok(true) => {
                    return vm.type_error(format!("invalid keyword argument for {function}()"));
                }
                Err(raised) => return raised,
            }
        }
    }
    let known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    let keyword = keyword.to_text();
    let hint = crate::types::exception::closest_name(&keyword, &known)
        .map_or_else(String::new, |name| format!(". Did you mean '{name}'?"));
    let function = match function {
        "" => "this function".to_owned(),
        _ => called(function),
    };
    vm.type_error(format!(
        "{function} got an unexpected keyword argument '{keyword}'{hint}"
    ))
}
