//! OSError: `errno`, `strerror`, the file names, and the subclass that an errno chooses.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::GetSetDef;
use crate::object::{Exception, Int, Tuple, Type};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

use super::base::set_args;
use super::fields::field;
use super::{extend, extra, set_extra};

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const FILENAME2: usize = 3;
const WRITTEN: usize = 4;

/// The class for an errno of Linux, where it has one of its own.
fn class_of(vm: &Vm, errno: i64) -> Option<&Type> {
    let e = &vm.exceptions;
    Some(match errno {
        11 | 114 | 115 | 35 => &e.BlockingIOError,
        10 => &e.ChildProcessError,
        32 | 108 => &e.BrokenPipeError,
        103 => &e.ConnectionAbortedError,
        111 => &e.ConnectionRefusedError,
        104 => &e.ConnectionResetError,
        17 => &e.FileExistsError,
        2 => &e.FileNotFoundError,
        21 => &e.IsADirectoryError,
        20 => &e.NotADirectoryError,
        4 => &e.InterruptedError,
        1 | 13 => &e.PermissionError,
        3 => &e.ProcessLookupError,
        110 => &e.TimeoutError,
        _ => return None,
    })
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let mut class = ty;
    if ty.is(&vm.exceptions.OSError)
        && (2..=5).contains(&args.pos().len())
        && let Some(errno) = args
            .pos()
            .first()
            .and_then(|e| e.downcast::<Int>())
            .and_then(Int::as_i64)
    {
        class = class_of(vm, errno).unwrap_or(ty);
    }
    let made = super::base::new(vm, class, args)?;
    fill(vm, &made, args)?;
    Ok(made)
}

fn fill(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let values = args.pos();
    let exception = receiver::<Exception>(vm, this)?;
    if !(2..=5).contains(&values.len()) {
        return set_args(vm, this, values);
    }
    set_extra(vm, exception, ERRNO, values.first().map(|v| v.to_ref()))?;
    set_extra(vm, exception, STRERROR, values.get(1).map(|v| v.to_ref()))?;
    let blocking = Type::of(this).is_subtype(&vm.exceptions.BlockingIOError);
    let is_count = |v: &&&Object| v.downcast::<Int>().is_some();
    let written = values.get(2).filter(|v| blocking && is_count(v));
    set_extra(vm, exception, WRITTEN, written.map(|v| v.to_ref()))?;
    let name = values
        .get(2)
        .filter(|v| !vm.is_none(v) && written.is_none());
    set_extra(vm, exception, FILENAME, name.map(|v| v.to_ref()))?;
    set_extra(
        vm,
        exception,
        FILENAME2,
        values.get(4).filter(|v| !vm.is_none(v)).map(|v| v.to_ref()),
    )?;
    set_args(vm, this, if name.is_some() { &values[..2] } else { values })
}

/// The arguments that the exception was made with: `args` leaves out the names of files.
pub(super) fn all_args(vm: &Vm, exception: &Exception, args: Ref<Tuple>) -> PyResult<Ref<Tuple>> {
    let (2, Some(name)) = (args.len(), extra(exception, FILENAME)) else {
        return Ok(args);
    };
    let mut all: Vec<Ref> = args.as_slice().to_vec();
    all.push(name);
    if let Some(second) = extra(exception, FILENAME2) {
        all.extend([vm.none_ref(), second]);
    }
    vm.new_tuple(all)
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    super::no_keywords(vm, this, args)?;
    fill(vm, this, args)
}

fn str(vm: &Vm, this: &Object) -> PyResult {
    let exception = receiver::<Exception>(vm, this)?;
    let (Some(errno), Some(message)) = (extra(exception, ERRNO), extra(exception, STRERROR)) else {
        return super::base::str(vm, this);
    };
    let mut text = TextBuilder::new();
    text.push("[Errno ");
    text.push_str(&*protocol::str(vm, &errno)?);
    text.push("] ");
    text.push_str(&*protocol::str(vm, &message)?);
    if let Some(name) = extra(exception, FILENAME) {
        text.push(": ");
        text.push_repr(vm, &name)?;
        if let Some(second) = extra(exception, FILENAME2) {
            text.push(" -> ");
            text.push_repr(vm, &second)?;
        }
    }
    Ok(text.finish(vm)?.upcast())
}

fn written(vm: &Vm, this: &Object) -> PyResult {
    match extra(receiver::<Exception>(vm, this)?, WRITTEN) {
        Some(written) => Ok(written),
        None => Err(vm.raise(&vm.exceptions.AttributeError, "characters_written")),
    }
}

fn set_written(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let exception = receiver::<Exception>(vm, this)?;
    let value = match value {
        Some(value) => Some(vm.new_int(protocol::to_i64(vm, value)?)?),
        None if extra(exception, WRITTEN).is_none() => {
            return Err(vm.raise(&vm.exceptions.AttributeError, "characters_written"));
        }
        None => None,
    };
    set_extra(vm, exception, WRITTEN, value)
}

pub(super) fn finish(vm: &Vm) -> PyResult<()> {
    const FIELDS: &[GetSetDef] = &[
        field::<0>("errno", "POSIX exception code"),
        field::<1>("strerror", "exception strerror"),
        field::<2>("filename", "exception filename"),
        field::<3>("filename2", "second exception filename"),
        GetSetDef::get_set("characters_written", written, set_written, ""),
    ];
    let slots = |s: &crate::slots::Slots| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.str.set(Some(str));
    };
    extend(vm, &vm.exceptions.OSError, slots, &[], FIELDS)
}
