//! The way to the engine crate: subjects in their three widths, and what a search gives back.
//!
//! **Invariant.** No Python code runs while the engine works, so that it may borrow the subject.

use rustpython_sre_engine::{Request, SearchIter, State, StrDrive};
use rustpython_wtf8::{CodePoint, Wtf8Buf};
use viv_runtime::object::Str;
use viv_runtime::object::string::StrData;
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::{Object, PyResult, Vm};

/// What is asked of the engine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A match that begins at the start.
    Match,
    /// The first match anywhere.
    Search,
    /// A match from the start to the end.
    FullMatch,
}

/// A match in numbers.
#[derive(Clone)]
pub struct Found {
    /// Where it begins and ends.
    pub span: (usize, usize),
    /// The last group that was closed, -1 for none.
    pub last: i64,
    /// Where each group begins and ends; nothing for those that took no part.
    pub groups: Box<[Option<(usize, usize)>]>,
}

/// Where to look.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The program.
    pub code: &'a [u32],
    /// How many groups it has.
    pub groups: usize,
    /// The first position.
    pub start: usize,
    /// The position behind the last.
    pub end: usize,
    /// Whether a match must not be empty at the start.
    pub must_advance: bool,
}

/// A finished match in numbers.
fn found(state: &State, groups: usize) -> Found {
    let groups = (0..groups)
        .map(|group| {
            let (start, end) = state.marks.get(group);
            start.into_option().zip(end.into_option())
        })
        .collect();
    Found {
        span: (state.start, state.cursor.position),
        last: state.marks.last_index() as i64,
        groups,
    }
}

/// Work on a subject, whatever its width.
trait Task {
    type Result;
    fn on<S: StrDrive>(self, subject: S) -> Self::Result;
}

/// Runs a task on a string or on bytes.
fn with_subject<T: Task>(vm: &Vm, subject: &Object, task: T) -> PyResult<T::Result> {
    let Some(text) = subject.downcast::<Str>() else {
        return require_bytes(vm, subject, |bytes| task.on(bytes));
    };
    Ok(match text.data() {
        StrData::One(bytes) => task.on(bytes),
        _ => {
            // The engine knows wide characters only in the form of UTF-8 with lone surrogates.
            let owned: Wtf8Buf = text.chars().filter_map(CodePoint::from_u32).collect();
            task.on(&*owned)
        }
    })
}

struct Once<'a>(Scope<'a>, Mode);

impl Task for Once<'_> {
    type Result = Option<Found>;

    fn on<S: StrDrive>(self, subject: S) -> Option<Found> {
        let Once(scope, mode) = self;
        if scope.start > scope.end {
            return None;
        }
        let full = mode == Mode::FullMatch;
        let mut request = Request::new(subject, scope.start, scope.end, scope.code, full);
        request.must_advance = scope.must_advance;
        let mut state = State::default();
        let matched = if mode == Mode::Search {
            state.search(request)
        } else {
            state.py_match(&request)
        };
        matched.then(|| found(&state, scope.groups))
    }
}

struct All<'a>(Scope<'a>, usize);

impl Task for All<'_> {
    type Result = Vec<Found>;

    fn on<S: StrDrive>(self, subject: S) -> Vec<Found> {
        let All(scope, limit) = self;
        let mut matches = Vec::new();
        if scope.start > scope.end {
            return matches;
        }
        let mut iterator = SearchIter {
            req: Request::new(subject, scope.start, scope.end, scope.code, false),
            state: State::default(),
        };
        while (limit == 0 || matches.len() < limit) && iterator.next().is_some() {
            matches.push(found(&iterator.state, scope.groups));
        }
        matches
    }
}

/// One match.
///
/// # Errors
/// TypeError for a subject that has no buffer.
pub fn once(vm: &Vm, subject: &Object, scope: Scope<'_>, mode: Mode) -> PyResult<Option<Found>> {
    with_subject(vm, subject, Once(scope, mode))
}

/// All matches that do not overlap, at most `limit` unless that is zero.
///
/// # Errors
/// TypeError for a subject that has no buffer.
pub fn all(vm: &Vm, subject: &Object, scope: Scope<'_>, limit: usize) -> PyResult<Vec<Found>> {
    with_subject(vm, subject, All(scope, limit))
}
