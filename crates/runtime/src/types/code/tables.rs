//! What a code object shows of its instructions: CPython's wordcode, its table of positions and its table of handlers.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use viv_bytecode::CodeInfo;
use viv_bytecode::portable::{Constant, Portable, Position, Storage, decode_lines, encode_lines};
use viv_heap::{Object, Ref, TypeFlags};

use crate::object::{Code, Int, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

thread_local! {
    /// The code object last asked for: what looks at one usually asks again.
    static LAST: RefCell<Option<(Arc<CodeInfo>, Rc<Portable>)>> = const { RefCell::new(None) };
}

/// The instructions as they were compiled; none where they have not been read yet.
pub(super) fn words(code: &Code) -> Vec<u32> {
    let body = code.body.get();
    body.map_or_else(Vec::new, |body| {
        viv_bytecode::instr::pristine(body.instrs.iter().map(Cell::get))
    })
}

/// The instructions of a code object as wordcode.
pub(super) fn portable(code: &Code) -> Rc<Portable> {
    let known = LAST.with_borrow(|last| match last {
        Some((source, made)) if Arc::ptr_eq(source, &code.source) => Some(made.clone()),
        _ => None,
    });
    known.unwrap_or_else(|| {
        let mut at = 0;
        let shown: Vec<Constant> = constants(code)
            .map(|(constant, hidden)| {
                let here = at;
                at += u32::from(!hidden);
                small_int(constant).map_or(Constant::At(here), Constant::Int)
            })
            .collect();
        let made = Rc::new(Portable::new(&words(code), &shown));
        let old = LAST.replace(Some((code.source.clone(), made.clone())));
        drop(old);
        made
    })
}

/// An int of a byte: CPython has it in the instruction.
fn small_int(constant: &Object) -> Option<u8> {
    let int = constant.downcast_exact::<Int>()?.as_i64()?;
    u8::try_from(int).ok()
}

/// The constants that the instructions use, and whether `co_consts` hides them: CPython takes out what its instructions do
/// not use, but for the first.
pub(super) fn constants(code: &Code) -> impl Iterator<Item = (&Ref, bool)> {
    let all = code
        .body
        .get()
        .map_or(&[][..], |body| body.consts.as_slice());
    let given = code.given.as_ref().map(|given| &given.hidden);
    all.iter().enumerate().map(move |(place, constant)| {
        let hidden = match given {
            Some(hidden) => hidden.get(place).copied().unwrap_or(false),
            None => place != 0 && small_int(constant).is_some(),
        };
        (constant, hidden)
    })
}

/// `co_consts`
pub(super) fn shown_constants(vm: &Vm, code: &Code) -> PyResult<Ref<Tuple>> {
    if let Some(shown) = code.shown_consts.get() {
        return Ok(shown);
    }
    let all = &code.ready(vm)?.consts;
    let shown: Vec<Ref> = constants(code)
        .filter(|(_, hidden)| !hidden)
        .map(|(constant, _)| constant.clone())
        .collect();
    if shown.len() == all.len() {
        return Ok(all.clone());
    }
    let shown = vm.new_tuple(shown)?;
    code.shown_consts.set(Some(shown.clone()));
    Ok(shown)
}

/// Where the instruction at a word stands in `co_code`: what `f_lasti` and `tb_lasti` tell.
pub fn offset_of(code: &Code, word: u32) -> i64 {
    let portable = portable(code);
    let unit = portable
        .acting
        .get(word as usize)
        .or(portable.acting.last());
    unit.map_or(0, |unit| i64::from(*unit) * 2)
}

/// The word that a place in `co_code` belongs to.
pub fn word_of(code: &Code, offset: i64) -> u32 {
    portable(code).word(u32::try_from(offset / 2).unwrap_or(0))
}

/// `co_code`
pub(super) fn code_bytes(code: &Code) -> Vec<u8> {
    match &code.given {
        Some(given) => given.code.to_vec(),
        None => portable(code).code.clone(),
    }
}

/// `_co_code_adaptive`: with the instructions that have been specialised.
pub(super) fn adaptive_bytes(vm: &Vm, code: &Code) -> Vec<u8> {
    let mut bytes = code_bytes(code);
    let Some(body) = code.body.get() else {
        return bytes;
    };
    let now: Vec<u32> = body.instrs.iter().map(Cell::get).collect();
    let classes: OnceCell<HashMap<u32, Storage>> = OnceCell::new();
    let storage = |version| {
        let classes = classes.get_or_init(|| storage_by_version(vm));
        classes.get(&version).copied()
    };
    portable(code).specialise(&mut bytes, &now, &storage);
    bytes
}

/// What the instances of each class have, by the class's version.
fn storage_by_version(vm: &Vm) -> HashMap<u32, Storage> {
    let mut found = HashMap::new();
    vm.heap.for_each_object(&mut |object| {
        if let Some(class) = object.downcast::<Type>()
            && let Some(version) = class.known_version()
        {
            let storage = if class.info.flags.get() & TypeFlags::INLINE_VALUES != 0 {
                Storage::Inline
            } else if class.has_lazy_dict() {
                Storage::LazyDict
            } else {
                Storage::Slots
            };
            found.insert(version, storage);
        }
    });
    found
}

/// `co_linetable`
pub(super) fn line_bytes(code: &Code) -> Vec<u8> {
    match &code.given {
        Some(given) => given.lines.to_vec(),
        None => encode_lines(&compiled_runs(code), code.source.firstlineno),
    }
}

/// `co_exceptiontable`
pub(super) fn exception_bytes(code: &Code) -> Vec<u8> {
    match &code.given {
        Some(given) => given.exceptions.to_vec(),
        None => portable(code).exceptions(&code.source.exceptions),
    }
}

/// The positions that the compiler gave.
fn compiled_runs(code: &Code) -> Vec<(u32, Position)> {
    portable(code).positions(code.name.eq_text("<module>"), &code.source.locations)
}

/// The positions of all units, as runs.
pub(super) fn position_runs(code: &Code) -> Vec<(u32, Position)> {
    match &code.given {
        Some(given) => decode_lines(&given.lines, code.source.firstlineno),
        None => compiled_runs(code),
    }
}

/// A code object whose instructions have been read.
fn ready<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Code> {
    let code = receiver::<Code>(vm, this)?;
    code.ready(vm)?;
    Ok(code)
}

fn or_none(vm: &Vm, n: Option<i64>) -> PyResult {
    n.map_or_else(|| Ok(vm.none_ref()), |n| vm.new_int(n))
}

/// `co_positions()`
pub(super) fn positions(vm: &Vm, this: &Object) -> PyResult {
    let runs = position_runs(ready(vm, this)?);
    let rows = vm.new_list(Vec::new())?;
    for (units, mut at) in runs {
        if !vm.config.settings.debug_ranges {
            at.columns = None;
            at.lines = at.lines.map(|(first, _)| (first, first));
        }
        for _ in 0..units {
            let row = [
                or_none(vm, at.lines.map(|l| l.0))?,
                or_none(vm, at.lines.map(|l| l.1))?,
                or_none(vm, at.columns.map(|c| i64::from(c.0)))?,
                or_none(vm, at.columns.map(|c| i64::from(c.1)))?,
            ];
            rows.push(vm, vm.new_tuple(row.into())?.upcast())?;
        }
    }
    protocol::iter(vm, &rows.head)
}

/// `co_lines()`
pub(super) fn lines(vm: &Vm, this: &Object) -> PyResult {
    let runs = position_runs(ready(vm, this)?);
    let rows = vm.new_list(Vec::new())?;
    let mut runs = runs
        .into_iter()
        .map(|(units, at)| (i64::from(units) * 2, at.lines.map(|l| l.0)))
        .peekable();
    let mut start = 0;
    while let Some((mut length, line)) = runs.next() {
        while let Some((more, _)) = runs.next_if(|(_, other)| *other == line) {
            length += more;
        }
        let row = [
            vm.new_int(start)?,
            vm.new_int(start + length)?,
            or_none(vm, line)?,
        ];
        rows.push(vm, vm.new_tuple(row.into())?.upcast())?;
        start += length;
    }
    protocol::iter(vm, &rows.head)
}

/// The old table of line numbers: pairs of (bytes, lines) to step over, the latter signed.
pub(super) fn old_line_table(vm: &Vm, this: &Object) -> PyResult {
    vm.warn(
        &vm.exceptions.DeprecationWarning,
        "co_lnotab is deprecated, use co_lines instead.",
        1,
    )?;
    let code = ready(vm, this)?;
    let mut table = Vec::new();
    let (mut line, mut skipped) = (i64::from(code.source.firstlineno), 0i64);
    for (units, at) in position_runs(code) {
        if let Some((here, _)) = at.lines
            && here != line
        {
            let mut step = here - line;
            line = here;
            while skipped > 254 {
                table.extend([254, 0]);
                skipped -= 254;
            }
            while !(-128..128).contains(&step) {
                let part = step.clamp(-128, 127);
                table.extend([skipped as u8, part as u8]);
                skipped = 0;
                step -= part;
            }
            table.extend([skipped as u8, step as u8]);
            skipped = 0;
        }
        skipped += i64::from(units) * 2;
    }
    Ok(vm.new_bytes(&table)?.upcast())
}

/// The bytes of a table as an object.
pub(super) fn bytes_of(vm: &Vm, this: &Object, read: impl FnOnce(&Code) -> Vec<u8>) -> PyResult {
    let bytes = read(ready(vm, this)?);
    Ok(vm.new_bytes(&bytes)?.upcast())
}

/// `co_branches()`: (instruction, what follows where it does not jump, its target) of each conditional jump.
pub(super) fn branches(vm: &Vm, this: &Object) -> PyResult {
    let bytes = code_bytes(ready(vm, this)?);
    let rows = vm.new_list(Vec::new())?;
    for (from, next, target) in viv_bytecode::portable::branches(&bytes) {
        let row: Vec<Ref> = [from, next, target]
            .into_iter()
            .map(|n| vm.new_usize(n))
            .collect::<PyResult<_>>()?;
        rows.push(vm, vm.new_tuple(row)?.upcast())?;
    }
    protocol::iter(vm, &rows.head)
}
