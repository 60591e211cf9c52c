//! The way to the matcher: subjects in their three widths, where a match can begin, and what a search gives back.
//!
//! **Invariant.** No Python code runs while the matcher works, so that it may borrow the subject.

use std::cell::RefCell;

use rustpython_sre_engine::{SreAtCode, SreInfo};
use viv_runtime::object::Str;
use viv_runtime::object::string::StrData;
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::{Object, PyResult, Vm};

use super::chars::Unit;
use super::machine::{Machine, NONE, Room, op};
use super::sets::Sets;

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
    /// What its sets say.
    pub sets: &'a Sets,
    /// How many groups it has.
    pub groups: usize,
    /// The first position.
    pub start: usize,
    /// The position behind the last.
    pub end: usize,
    /// Whether a match must not be empty at the start.
    pub must_advance: bool,
}

thread_local! {
    /// The memory of the last matcher, for the next one.
    static ROOM: RefCell<Option<Room>> = const { RefCell::new(None) };
}

const BEGINNING: u32 = SreAtCode::BEGINNING as u32;
const BEGINNING_STRING: u32 = SreAtCode::BEGINNING_STRING as u32;

/// Memory beyond this many bytes is not kept.
const KEPT: usize = 1 << 20;

/// What a program tells of where its matches begin.
enum Hint<'a> {
    /// With these characters; whether they are all of it.
    Prefix(&'a [u32], bool),
    /// With a character of the set at this place of the program.
    Set(usize),
    Nothing,
}

/// What the first instructions of a program tell of the character that a match begins with.
fn first_character(code: &[u32], body: usize) -> Hint<'_> {
    let mut rest = code.get(body..).unwrap_or(&[]);
    loop {
        rest = match rest {
            [op::MARK, _, rest @ ..] => rest,
            [
                op::REPEAT
                | op::REPEAT_ONE
                | op::MIN_REPEAT_ONE
                | op::POSSESSIVE_REPEAT_ONE
                | op::POSSESSIVE_REPEAT,
                _,
                least,
                _,
                rest @ ..,
            ] if *least > 0 => rest,
            [op::IN, _, rest @ ..] => return Hint::Set(code.len() - rest.len()),
            [op::LITERAL, rest @ ..] => {
                return rest
                    .get(..1)
                    .map_or(Hint::Nothing, |only| Hint::Prefix(only, false));
            }
            _ => return Hint::Nothing,
        };
    }
}

/// A program on a text: the matcher with what the program's INFO says.
struct Searcher<'a, C> {
    machine: Machine<'a, C>,
    scope: Scope<'a>,
    text: &'a [C],
    hint: Hint<'a>,
    /// The first instruction behind the INFO.
    body: usize,
    /// Characters that a match has at least.
    least: usize,
    /// Whether a match must begin where the text does.
    at_beginning: bool,
}

impl<'a, C: Unit> Searcher<'a, C> {
    fn new(scope: &Scope<'a>, text: &'a [C]) -> Searcher<'a, C> {
        let code = scope.code;
        let text = text.get(..scope.end).unwrap_or(text);
        let (mut hint, mut body, mut least) = (Hint::Nothing, 0, 0);
        if let [op::INFO, skip, flags, min, _, rest @ ..] = code {
            body = 1 + *skip as usize;
            least = *min as usize;
            let flags = SreInfo::from_bits_truncate(*flags);
            if flags.contains(SreInfo::PREFIX) {
                if let [len, _, rest @ ..] = rest
                    && let Some(prefix) = rest.get(..*len as usize)
                    && !prefix.is_empty()
                {
                    hint = Hint::Prefix(prefix, flags.contains(SreInfo::LITERAL));
                }
            } else if flags.contains(SreInfo::CHARSET) {
                // The set stands behind the head of the INFO: its place is what its length leaves.
                hint = Hint::Set(code.len() - rest.len());
            }
        }
        if matches!(hint, Hint::Nothing) {
            hint = first_character(code, body);
        }
        let room = ROOM.with_borrow_mut(Option::take).unwrap_or_default();
        Searcher {
            machine: Machine::new(scope, text, room),
            scope: *scope,
            text,
            hint,
            body,
            least,
            at_beginning: matches!(
                code.get(body..),
                Some([op::AT, BEGINNING | BEGINNING_STRING, ..])
            ),
        }
    }

    /// Gives the memory back for the next one.
    fn finish(self) {
        let room = self.machine.into_room();
        if room.bytes() <= KEPT {
            ROOM.with_borrow_mut(|kept| *kept = Some(room));
        }
    }

    fn found(&self, start: usize, end: usize) -> Found {
        let groups = self
            .machine
            .marks()
            .chunks_exact(2)
            .map(|pair| (pair[0] != NONE && pair[1] != NONE).then_some((pair[0], pair[1])))
            .collect();
        Found {
            span: (start, end),
            last: i64::from(self.machine.last),
            groups,
        }
    }

    /// A match that begins at `start`.
    fn match_at(&mut self, start: usize) -> Option<Found> {
        if self.text.len().checked_sub(start)? < self.least {
            return None;
        }
        let end = self.machine.match_at(self.body, start)?;
        Some(self.found(start, end))
    }

    /// The first place from `start` on where a match may begin.
    #[inline]
    fn candidate(&self, start: usize) -> Option<usize> {
        let latest = self.text.len().checked_sub(self.least)?;
        let at = match &self.hint {
            Hint::Nothing => start,
            Hint::Set(set) => {
                let rest = self.text.get(start..)?;
                start + self.machine.first_in(*set, rest)?
            }
            Hint::Prefix(prefix, _) => start + find(self.text.get(start..)?, prefix)?,
        };
        (at <= latest).then_some(at)
    }

    /// The first match that begins at `start` or behind it.
    fn search(&mut self, mut start: usize) -> Option<Found> {
        if self.at_beginning {
            // A text begins at one place only.
            return if start == 0 { self.match_at(0) } else { None };
        }
        let whole = matches!(self.hint, Hint::Prefix(_, true)) && !self.machine.full;
        // A prefix that is looked for does as much.
        let needed = match self.hint {
            Hint::Prefix(..) => None,
            _ => self.scope.sets.needed(self.scope.code),
        };
        // Where the needed characters stand next.
        let mut known = None;
        loop {
            if let Some(needed) = needed {
                let place = match known {
                    Some(place) if place >= start => place,
                    _ => start + find(self.text.get(start..)?, &needed.text)?,
                };
                known = Some(place);
                if let Some(before) = needed.before {
                    start = start.max(place.saturating_sub(before));
                }
            }
            let at = self.candidate(start)?;
            if known.is_some_and(|place| place < at) {
                start = at;
                continue;
            }
            if whole {
                let end = at + self.least;
                return Some(self.found(at, end));
            }
            if let Some(end) = self.machine.match_at(self.body, at) {
                return Some(self.found(at, end));
            }
            start = at + 1;
            if self.machine.must_leave.is_none() && !self.machine.full {
                // Where `.*` has tried every place up to the line's end, it need not begin at any of them.
                start += self.machine.dots(self.body, at);
            }
        }
    }
}

/// The first place of a text where these characters stand.
fn find<C: Unit>(text: &[C], prefix: &[u32]) -> Option<usize> {
    if let Some(bytes) = C::bytes(text) {
        let mut short = [0; 32];
        if let [only] = prefix {
            let only = u8::try_from(*only).ok()?;
            return if bytes.first() == Some(&only) {
                Some(0)
            } else {
                memchr::memchr(only, bytes)
            };
        }
        if let Some(short) = short.get_mut(..prefix.len()) {
            for (byte, c) in short.iter_mut().zip(prefix) {
                *byte = u8::try_from(*c).ok()?;
            }
            return memchr::memmem::find(bytes, short);
        }
    }
    text.windows(prefix.len())
        .position(|part| part.iter().zip(prefix).all(|(c, p)| c.point() == *p))
}

/// Work on a subject, whatever its width.
trait Task {
    type Result;
    fn on<C: Unit>(self, text: &[C]) -> Self::Result;
}

/// Runs a task on a string or on bytes.
fn with_subject<T: Task>(vm: &Vm, subject: &Object, task: T) -> PyResult<T::Result> {
    let Some(text) = subject.downcast::<Str>() else {
        return require_bytes(vm, subject, |bytes| task.on(bytes));
    };
    Ok(match text.data() {
        StrData::One(text) => task.on(text),
        StrData::Two(text) => task.on(text),
        StrData::Four(text) => task.on(text),
    })
}

struct Once<'a>(Scope<'a>, Mode);

impl Task for Once<'_> {
    type Result = Option<Found>;

    fn on<C: Unit>(self, text: &[C]) -> Option<Found> {
        let Once(scope, mode) = self;
        if scope.start > scope.end {
            return None;
        }
        let mut searcher = Searcher::new(&scope, text);
        searcher.machine.full = mode == Mode::FullMatch;
        searcher.machine.must_leave = scope.must_advance.then_some(scope.start);
        let found = if mode == Mode::Search {
            searcher.search(scope.start)
        } else {
            searcher.match_at(scope.start)
        };
        searcher.finish();
        found
    }
}

struct All<'a>(Scope<'a>, usize);

impl Task for All<'_> {
    type Result = Vec<Found>;

    fn on<C: Unit>(self, text: &[C]) -> Vec<Found> {
        let All(scope, limit) = self;
        let mut matches = Vec::new();
        if scope.start > scope.end {
            return matches;
        }
        let mut searcher = Searcher::new(&scope, text);
        let mut start = scope.start;
        while limit == 0 || matches.len() < limit {
            let Some(found) = searcher.search(start) else {
                break;
            };
            start = found.span.1;
            // Behind an empty match the next one may begin here, but not be empty again.
            searcher.machine.must_leave = (found.span.0 == start).then_some(start);
            matches.push(found);
        }
        searcher.finish();
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
