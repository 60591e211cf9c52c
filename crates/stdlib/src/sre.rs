//! The module `_sre_engine`: matching of compiled regular expressions. The objects that scripts see are made of it by the
//! library's `_sre` (Python, in `python/`).
//!
//! A match is given as a tuple of ints: start, end, the last group closed (-1 for none), then start and end of each group
//! (-1 where it took no part).

use rustpython_sre_engine::{Request, SearchIter, State, StrDrive};
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::string::StrData;
use viv_runtime::object::{List, Str, kinds};
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_sre_engine",
    doc: "Matching of compiled regular expressions.",
    functions: &[FUNCTIONS],
    fill: |vm, module| add_int(vm, module, "MAGIC", rustpython_sre_engine::SRE_MAGIC as i64),
};

/// The code of a pattern.
#[repr(C)]
pub struct Program {
    /// The header.
    pub head: Object,
    code: Box<[u32]>,
}
object_layout!(Program = kinds::CAPSULE);

static SPEC: TypeSpec = TypeSpec {
    name: "Program",
    module: "_sre_engine",
    doc: "The code of a compiled regular expression.",
    ..TypeSpec::new(Program::layout, false)
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "program",
        "($module, code, /)",
        NativeCall::One(program),
        "Make a program of a list of code words.",
    ),
    MethodDef::new(
        "run",
        "",
        NativeCall::Positional {
            min: 6,
            max: 6,
            call: run,
        },
        "run(program, string, pos, endpos, mode, groups): match (0), search (1) or match all (2).",
    ),
    MethodDef::new(
        "scan",
        "",
        NativeCall::Positional {
            min: 6,
            max: 6,
            call: scan,
        },
        "scan(program, string, pos, endpos, limit, groups): all matches, at most limit if that is not 0.",
    ),
    MethodDef::new(
        "lower",
        "($module, character, ascii, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| {
                let c = character(vm, args[0])?;
                let lower = match protocol::is_true(vm, args[1])? {
                    true => ascii_lower(c),
                    false => rustpython_sre_engine::string::lower_unicode(c),
                };
                vm.new_int(i64::from(lower))
            },
        },
        "",
    ),
    MethodDef::new(
        "upper",
        "($module, character, /)",
        NativeCall::One(|vm, _, c| {
            let c = character(vm, c)?;
            vm.new_int(i64::from(rustpython_sre_engine::string::upper_unicode(c)))
        }),
        "",
    ),
];

fn character(vm: &Vm, object: &Object) -> PyResult<u32> {
    u32::try_from(protocol::to_index(vm, object)?)
        .map_err(|_| vm.value_error("character must be in range(0x110000)"))
}

fn ascii_lower(c: u32) -> u32 {
    match c {
        0x41..=0x5a => c + 32,
        _ => c,
    }
}

fn program(vm: &Vm, _: &Object, code: &Object) -> PyResult {
    let Some(list) = code.downcast::<List>() else {
        return Err(vm.type_error("code must be a list"));
    };
    let mut words = Vec::with_capacity(list.len());
    for item in list.snapshot() {
        let word = u32::try_from(protocol::to_index(vm, &item)?).map_err(|_| {
            vm.raise(
                &vm.exceptions.OverflowError,
                "regular expression code size limit exceeded",
            )
        })?;
        words.push(word);
    }
    let ty = extra_type(vm, &SPEC, &vm.types.object)?;
    let head = Object::new(ty.type_head_of());
    Ok(vm
        .place(Program {
            head,
            code: words.into(),
        })?
        .upcast())
}

/// What the engine is to do with the subject, whatever its representation.
trait Task {
    fn on<S: StrDrive>(self, subject: S) -> Vec<Vec<i64>>;
}

/// Runs a task on a string or on bytes.
fn with_subject(vm: &Vm, subject: &Object, task: impl Task) -> PyResult<Vec<Vec<i64>>> {
    let Some(text) = subject.downcast::<Str>() else {
        return require_bytes(vm, subject, |bytes| task.on(bytes));
    };
    Ok(match text.data() {
        StrData::One(bytes) => task.on(bytes),
        _ => {
            let mut owned = rustpython_wtf8::Wtf8Buf::with_capacity(text.len());
            for point in text.chars() {
                if let Some(point) = rustpython_wtf8::CodePoint::from_u32(point) {
                    owned.push(point);
                }
            }
            task.on(&*owned)
        }
    })
}

/// A finished match in numbers.
fn numbers(state: &State, groups: usize) -> Vec<i64> {
    let position = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut all = vec![
        position(state.start),
        position(state.cursor.position),
        state.marks.last_index() as i64,
    ];
    for group in 0..groups {
        let (start, end) = state.marks.get(group);
        match (start.into_option(), end.into_option()) {
            (Some(start), Some(end)) => all.extend([position(start), position(end)]),
            _ => all.extend([-1, -1]),
        }
    }
    all
}

struct Bounds<'a> {
    code: &'a [u32],
    start: usize,
    end: usize,
    groups: usize,
}

impl<'a> Bounds<'a> {
    fn of(vm: &Vm, args: &[&'a Object]) -> PyResult<Bounds<'a>> {
        let place = |object: &Object| -> PyResult<usize> {
            let n = protocol::to_index(vm, object)?;
            Ok(usize::try_from(n).unwrap_or(0))
        };
        Ok(Bounds {
            code: &receiver::<Program>(vm, args[0])?.code,
            start: place(args[2])?,
            end: place(args[3])?,
            groups: place(args[5])?,
        })
    }
}

struct Once<'a> {
    bounds: Bounds<'a>,
    mode: i64,
}

impl Task for Once<'_> {
    fn on<S: StrDrive>(self, subject: S) -> Vec<Vec<i64>> {
        let b = &self.bounds;
        if b.start > b.end {
            return Vec::new();
        }
        let request = Request::new(subject, b.start, b.end, b.code, self.mode == 2);
        let mut state = State::default();
        let found = if self.mode == 1 {
            state.search(request)
        } else {
            state.py_match(&request)
        };
        if found {
            vec![numbers(&state, b.groups)]
        } else {
            Vec::new()
        }
    }
}

struct All<'a> {
    bounds: Bounds<'a>,
    limit: usize,
}

impl Task for All<'_> {
    fn on<S: StrDrive>(self, subject: S) -> Vec<Vec<i64>> {
        let b = &self.bounds;
        let mut matches = Vec::new();
        if b.start > b.end {
            return matches;
        }
        let req = Request::new(subject, b.start, b.end, b.code, false);
        let mut iterator = SearchIter {
            req,
            state: State::default(),
        };
        while (self.limit == 0 || matches.len() < self.limit) && iterator.next().is_some() {
            matches.push(numbers(&iterator.state, b.groups));
        }
        matches
    }
}

fn tuple(vm: &Vm, values: &[i64]) -> PyResult {
    let values = values
        .iter()
        .map(|n| vm.new_int(*n))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_tuple(values)?.upcast())
}

fn run(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let task = Once {
        bounds: Bounds::of(vm, args)?,
        mode: protocol::to_index(vm, args[4])?,
    };
    match with_subject(vm, args[1], task)?.first() {
        Some(found) => tuple(vm, found),
        None => Ok(vm.none_ref()),
    }
}

fn scan(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let task = All {
        bounds: Bounds::of(vm, args)?,
        limit: usize::try_from(protocol::to_index(vm, args[4])?).unwrap_or(0),
    };
    let matches = with_subject(vm, args[1], task)?
        .iter()
        .map(|found| tuple(vm, found))
        .collect::<PyResult<Vec<Ref>>>()?;
    Ok(vm.new_list(matches)?.upcast())
}
