//! The classes that add a few attributes: StopIteration, SystemExit, NameError, AttributeError, ImportError, KeyError,
//! SyntaxError.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::GetSetDef;
use crate::native::bind::{check_keyword_count, unexpected_keyword};
use crate::object::{Dict, Exception, Int, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

use super::base::{args_of, set_args};
use super::{extend, extra, set_extra};

/// `StopIteration.value`, `SystemExit.code`
pub const VALUE: usize = 0;
/// `NameError.name`, `AttributeError.name`
pub const NAME: usize = 0;
/// `AttributeError.obj`
pub const OBJ: usize = 1;

/// Reads an attribute that stands in `extra`; None where it was never set.
pub(super) fn get<const INDEX: usize>(vm: &Vm, this: &Object) -> PyResult {
    Ok(extra(receiver::<Exception>(vm, this)?, INDEX).unwrap_or_else(|| vm.none_ref()))
}

/// Writes an attribute that stands in `extra`; deleting makes it None.
pub(super) fn set<const INDEX: usize>(
    vm: &Vm,
    this: &Object,
    value: Option<&Object>,
) -> PyResult<()> {
    set_extra(
        vm,
        receiver::<Exception>(vm, this)?,
        INDEX,
        value.map(Object::to_ref),
    )
}

/// The declaration of such an attribute.
pub(super) const fn field<const INDEX: usize>(name: &'static str, doc: &'static str) -> GetSetDef {
    GetSetDef {
        name,
        get: get::<INDEX>,
        set: Some(set::<INDEX>),
        doc,
        member: true,
    }
}

/// Sets attributes from keyword arguments; refuses the ones that the class does not know.
fn keywords(
    vm: &Vm,
    this: &Object,
    class: &str,
    args: Args<'_>,
    known: &[(&str, usize)],
) -> PyResult<()> {
    let exception = receiver::<Exception>(vm, this)?;
    check_keyword_count(vm, class, args, known.len())?;
    for (name, value) in args.keywords() {
        let text = name.to_text();
        match known.iter().find(|(known, _)| *known == text) {
            Some((_, index)) => set_extra(vm, exception, *index, Some(value.to_ref()))?,
            None => {
                let known: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                return Err(unexpected_keyword(vm, class, name, &known));
            }
        }
    }
    set_args(vm, this, args.pos())
}

fn stop_iteration_init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    super::base::init(vm, this, args)?;
    set_extra(
        vm,
        receiver(vm, this)?,
        VALUE,
        args.pos().first().map(|v| v.to_ref()),
    )
}

fn system_exit_init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    super::base::init(vm, this, args)?;
    let code = match args.pos() {
        [] => None,
        [one] => Some(one.to_ref()),
        many => Some(vm.tuple_of(many)?.upcast()),
    };
    set_extra(vm, receiver(vm, this)?, VALUE, code)
}

fn key_error_str(vm: &Vm, this: &Object) -> PyResult {
    let args = args_of(vm, receiver(vm, this)?);
    match args.as_slice() {
        [one] => Ok(protocol::repr(vm, one)?.upcast()),
        _ => super::base::str(vm, this),
    }
}

const IMPORT_FIELDS: [(&str, usize); 3] = [("name", 1), ("path", 2), ("name_from", 3)];

fn import_error_init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    // What is not given is reset: `__init__` may run again.
    for (_, field) in IMPORT_FIELDS {
        set_extra(vm, receiver(vm, this)?, field, None)?;
    }
    keywords(vm, this, "ImportError", args, &IMPORT_FIELDS)?;
    let message = if let [one] = args.pos() {
        Some(one.to_ref())
    } else {
        None
    };
    set_extra(vm, receiver(vm, this)?, 0, message)
}

/// A new dict with what another one has.
fn copy(vm: &Vm, dict: Option<&Ref<Dict>>) -> PyResult<Ref<Dict>> {
    let new = vm.new_dict()?;
    for (key, value) in dict.map_or(Vec::new(), |dict| dict.snapshot()) {
        new.set(vm, &key, &value)?;
    }
    Ok(new)
}

/// The state of an ImportError: the attributes that are set beside what is in its dict.
pub(super) fn import_state(
    vm: &Vm,
    exception: &Exception,
    dict: Option<Ref<Dict>>,
) -> PyResult<Option<Ref<Dict>>> {
    if IMPORT_FIELDS
        .iter()
        .all(|(_, field)| extra(exception, *field).is_none())
    {
        return Ok(dict);
    }
    let state = copy(vm, dict.as_ref())?;
    for (name, field) in IMPORT_FIELDS {
        if let Some(value) = extra(exception, field) {
            state.set_text(vm, name, &value)?;
        }
    }
    Ok(Some(state))
}

/// The state of an AttributeError: the object is left out.
pub(super) fn attribute_state(
    vm: &Vm,
    exception: &Exception,
    dict: Option<Ref<Dict>>,
    args: &Object,
) -> PyResult<Option<Ref<Dict>>> {
    let state = copy(vm, dict.as_ref())?;
    if let Some(name) = extra(exception, NAME) {
        state.set_text(vm, "name", &name)?;
    }
    state.set_text(vm, "args", args)?;
    Ok(Some(state))
}

fn import_error_str(vm: &Vm, this: &Object) -> PyResult {
    match extra(receiver(vm, this)?, 0) {
        Some(message) if message.downcast_exact::<Str>().is_some() => Ok(message),
        _ => super::base::str(vm, this),
    }
}

/// The indices of SyntaxError's attributes.
pub mod syntax {
    /// `msg`
    pub const MSG: usize = 0;
    /// `filename`
    pub const FILENAME: usize = 1;
    /// `lineno`
    pub const LINENO: usize = 2;
    /// `offset`
    pub const OFFSET: usize = 3;
    /// `text`
    pub const TEXT: usize = 4;
    /// `end_lineno`
    pub const END_LINENO: usize = 5;
    /// `end_offset`
    pub const END_OFFSET: usize = 6;
    /// `_metadata`: what a misspelt keyword is looked for with.
    pub const METADATA: usize = 7;
}

fn syntax_error_init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    super::no_keywords(vm, this, args)?;
    set_args(vm, this, args.pos())?;
    let exception = receiver::<Exception>(vm, this)?;
    let Some(message) = args.pos().first() else {
        return Ok(());
    };
    set_extra(vm, exception, syntax::MSG, Some(message.to_ref()))?;
    let [_, info] = args.pos() else { return Ok(()) };
    // What is not given is reset: `__init__` may run again.
    for field in syntax::FILENAME..=syntax::METADATA {
        set_extra(vm, exception, field, None)?;
    }
    let info = protocol::call_one(vm, &vm.types.tuple.head, info)?;
    let Some(info) = info.downcast::<crate::object::Tuple>() else {
        return Ok(());
    };
    if !(4..=7).contains(&info.len()) {
        let given = info.len();
        let bound = if given < 4 { "at least 4" } else { "at most 7" };
        return Err(vm.type_error(format!("function takes {bound} arguments ({given} given)")));
    }
    for field in [syntax::END_LINENO, syntax::END_OFFSET, syntax::METADATA] {
        set_extra(vm, exception, field, None)?;
    }
    for (i, value) in info.iter().enumerate() {
        set_extra(vm, exception, syntax::FILENAME + i, Some(value.to_ref()))?;
    }
    if info.len() == 5 {
        return Err(vm.type_error("end_offset must be provided when end_lineno is provided"));
    }
    Ok(())
}

fn syntax_error_str(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    let message = extra(exception, syntax::MSG).unwrap_or_else(|| vm.none_ref());
    let text = protocol::str(vm, &message)?.to_text().into_owned();
    let file = extra(exception, syntax::FILENAME)
        .and_then(|f| f.downcast::<Str>().map(|s| s.to_text().into_owned()));
    let file = file.map(|f| f.rsplit('/').next().unwrap_or(&f).to_owned());
    let line = extra(exception, syntax::LINENO).filter(|l| l.downcast_exact::<Int>().is_some());
    let line = match line {
        Some(line) => Some(protocol::str(vm, &line)?.to_text().into_owned()),
        None => None,
    };
    let whole = match (file, line) {
        (Some(file), Some(line)) => format!("{text} ({file}, line {line})"),
        (Some(file), None) => format!("{text} ({file})"),
        (None, Some(line)) => format!("{text} (line {line})"),
        (None, None) => text,
    };
    Ok(vm.new_str(&whole)?.upcast())
}

pub(super) fn finish(vm: &Vm) -> PyResult<()> {
    const STOP: &[GetSetDef] = &[field::<0>("value", "generator return value")];
    const EXIT: &[GetSetDef] = &[field::<0>("code", "exception code")];
    const NAMED: &[GetSetDef] = &[field::<0>("name", "name")];
    const ATTRIBUTE: &[GetSetDef] = &[
        field::<0>("name", "attribute name"),
        field::<1>("obj", "object"),
    ];
    const IMPORT: &[GetSetDef] = &[
        field::<0>("msg", "exception message"),
        field::<1>("name", "module name"),
        field::<2>("path", "module path"),
        field::<3>("name_from", "name imported from module"),
    ];
    const SYNTAX: &[GetSetDef] = &[
        field::<0>("msg", "exception msg"),
        field::<1>("filename", "exception filename"),
        field::<2>("lineno", "exception lineno"),
        field::<3>("offset", "exception offset"),
        field::<4>("text", "exception text"),
        field::<5>("end_lineno", "exception end lineno"),
        field::<6>("end_offset", "exception end offset"),
        field::<7>("_metadata", "exception private metadata"),
        field::<8>("print_file_and_line", "exception print_file_and_line"),
    ];
    let e = &vm.exceptions;
    extend(
        vm,
        &e.StopIteration,
        |s| s.init.set(Some(stop_iteration_init)),
        &[],
        STOP,
    )?;
    extend(
        vm,
        &e.SystemExit,
        |s| s.init.set(Some(system_exit_init)),
        &[],
        EXIT,
    )?;
    extend(
        vm,
        &e.KeyError,
        |s| s.str.set(Some(key_error_str)),
        &[],
        &[],
    )?;
    extend(
        vm,
        &e.NameError,
        |s| {
            s.init.set(Some(|vm, this, args| {
                keywords(vm, this, "NameError", args, &[("name", NAME)])
            }))
        },
        &[],
        NAMED,
    )?;
    let attribute = |s: &crate::slots::Slots| {
        s.init.set(Some(|vm, this, args| {
            keywords(
                vm,
                this,
                "AttributeError",
                args,
                &[("name", NAME), ("obj", OBJ)],
            )
        }));
    };
    extend(vm, &e.AttributeError, attribute, &[], ATTRIBUTE)?;
    let import = |s: &crate::slots::Slots| {
        s.init.set(Some(import_error_init));
        s.str.set(Some(import_error_str));
    };
    extend(vm, &e.ImportError, import, &[], IMPORT)?;
    let syntax = |s: &crate::slots::Slots| {
        s.init.set(Some(syntax_error_init));
        s.str.set(Some(syntax_error_str));
    };
    extend(vm, &e.SyntaxError, syntax, &[], SYNTAX)
}

/// Text of a value for messages, with errors dropped.
pub fn text_of(vm: &Vm, value: &Object) -> String {
    match protocol::str(vm, value) {
        Ok(text) => text.to_text().into_owned(),
        Err(raised) => {
            drop::<Ref>(vm.take_raised(raised));
            String::new()
        }
    }
}
