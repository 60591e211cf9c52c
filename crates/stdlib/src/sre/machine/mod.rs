//! The matcher: runs the programs of `re._compiler` with backtracking.
//!
//! All that can be taken back lies on one stack: places to go on from (`Try`, `Alternative`, `Greedy` …) and, between them, what was
//! there before each change of a group's mark or of a loop. To backtrack is to pop until such a place comes, undoing the changes
//! on the way. Assertions, atomic groups and possessive loops run a program of their own above the stack's present top;
//! when they have matched, their places are thrown away, but not the changes.
//!
//! **Invariant.** The program has passed [`validate`](super::validate): jumps stay inside, operands are there. What is not so all
//! the same fails to match.

use rustpython_sre_engine::{MAXREPEAT, SreOpcode as Op};

use super::chars::{self, Case, NEWLINE, Unit};
use super::engine::Scope;
use super::sets::{self, Sets};

/// No position: of a mark that has not been set.
pub const NONE: usize = usize::MAX;
/// No loop is running.
const NO_LOOP: u32 = u32::MAX;
/// The greatest number of turns that stands for "any".
const ANY_NUMBER: u32 = MAXREPEAT as u32;

macro_rules! opcodes {
    ($($name:ident)+) => {
        $(pub const $name: u32 = Op::$name as u32;)+
    };
}

/// The opcodes as the program's words.
pub(super) mod op {
    use super::Op;
    opcodes! {
        FAILURE SUCCESS ANY ANY_ALL ASSERT ASSERT_NOT AT BRANCH CATEGORY GROUPREF GROUPREF_EXISTS IN INFO JUMP LITERAL MARK
        MAX_UNTIL MIN_UNTIL NOT_LITERAL REPEAT REPEAT_ONE MIN_REPEAT_ONE ATOMIC_GROUP POSSESSIVE_REPEAT
        POSSESSIVE_REPEAT_ONE GROUPREF_IGNORE IN_IGNORE LITERAL_IGNORE NOT_LITERAL_IGNORE GROUPREF_LOC_IGNORE IN_LOC_IGNORE
        LITERAL_LOC_IGNORE NOT_LITERAL_LOC_IGNORE GROUPREF_UNI_IGNORE IN_UNI_IGNORE LITERAL_UNI_IGNORE
        NOT_LITERAL_UNI_IGNORE
    }
}

/// Something on the stack.
#[derive(Clone, Copy)]
enum Entry {
    /// The alternative whose skip stands at `pc`, and those behind it.
    Alternative { pc: u32, at: usize },
    /// A loop of single characters that has taken those before `at`, but may give them back down to `least`.
    Greedy { pc: u32, at: usize, least: usize },
    /// A loop of single characters that may take one more.
    Lazy { pc: u32, at: usize, done: u32 },
    /// What follows a loop, which may be left here; `pc` is behind its end.
    Leave { turns: u32, pc: u32, at: usize },
    /// Another turn of a loop that has tried to end here; `pc` is its end.
    Again { turns: u32, pc: u32, at: usize },
    /// A mark's old position.
    Mark { slot: u32, old: usize },
    /// The group that was closed last before.
    Last { old: i32 },
    /// How often a loop had been gone through, and where the last turn began.
    Turns { turns: u32, done: u32, last: usize },
    /// The loop that was running.
    Running { turns: u32 },
    /// A loop that has been entered.
    Entered,
}

/// A loop that is running.
#[derive(Clone, Copy)]
struct Turns {
    /// Its operands.
    args: u32,
    done: u32,
    /// Where the last turn began.
    last: usize,
    /// The loop around it.
    outer: u32,
}

/// Memory of a matcher that the next one may use again.
#[derive(Default)]
pub struct Room {
    stack: Vec<Entry>,
    loops: Vec<Turns>,
    marks: Vec<usize>,
}

/// A matcher on a text.
pub struct Machine<'a, C> {
    code: &'a [u32],
    sets: &'a Sets,
    text: &'a [C],
    /// Whether a match must go to the end of the text.
    pub full: bool,
    /// A match from here to here does not count.
    pub must_leave: Option<usize>,
    /// The group that was closed last, -1 for none.
    pub last: i32,
    running: u32,
    room: Room,
}

/// What a step of the program comes to.
enum Flow {
    /// On with the instruction at this place, at this position.
    On(usize, usize),
    Fail,
}

impl Room {
    /// How much memory it is.
    pub fn bytes(&self) -> usize {
        self.stack.capacity() * size_of::<Entry>()
            + self.loops.capacity() * size_of::<Turns>()
            + self.marks.capacity() * size_of::<usize>()
    }
}

impl<'a, C: Unit> Machine<'a, C> {
    /// A matcher; `text` ends where the search is to end.
    pub fn new(scope: &Scope<'a>, text: &'a [C], mut room: Room) -> Machine<'a, C> {
        room.marks.clear();
        room.marks.resize(scope.groups * 2, NONE);
        Machine {
            code: scope.code,
            sets: scope.sets,
            text,
            full: false,
            must_leave: None,
            last: -1,
            running: NO_LOOP,
            room,
        }
    }

    /// Gives the memory back.
    pub fn into_room(self) -> Room {
        self.room
    }

    /// The marks: begin and end of each group.
    pub fn marks(&self) -> &[usize] {
        &self.room.marks
    }

    #[inline(always)]
    fn word(&self, pc: usize) -> u32 {
        self.code.get(pc).copied().unwrap_or(op::FAILURE)
    }

    /// Whether the set at a place of the program has a character.
    #[inline(always)]
    fn in_set(&self, at: usize, c: u32) -> bool {
        if c < 256
            && let Some(map) = self.sets.map(self.code, at)
        {
            return sets::holds(map, c);
        }
        chars::in_set(self.code.get(at..).unwrap_or(&[]), c)
    }

    /// The first place of a text whose character is in the set, or is not.
    #[inline(always)]
    fn position(&self, at: usize, text: &[C], wanted: bool) -> Option<usize> {
        let set = self.code.get(at..).unwrap_or(&[]);
        let Some(map) = self.sets.map(self.code, at) else {
            return text
                .iter()
                .position(|c| chars::in_set(set, c.point()) == wanted);
        };
        text.iter().position(|c| {
            let c = c.point();
            let holds = if c < 256 {
                sets::holds(map, c)
            } else {
                chars::in_set(set, c)
            };
            holds == wanted
        })
    }

    /// The first place of a text whose character is in the set at this place of the program.
    pub fn first_in(&self, at: usize, text: &[C]) -> Option<usize> {
        self.position(at, text, true)
    }

    #[inline(always)]
    fn point(&self, at: usize) -> Option<u32> {
        self.text.get(at).map(|c| c.point())
    }

    /// The end of a match of the whole program that begins here.
    #[inline]
    pub fn match_at(&mut self, pc: usize, at: usize) -> Option<usize> {
        self.room.stack.clear();
        self.room.loops.clear();
        self.running = NO_LOOP;
        // Most patterns that are searched for have no groups; a fill of nothing is still a call at each start.
        if !self.room.marks.is_empty() {
            self.room.marks.fill(NONE);
        }
        self.last = -1;
        self.run(pc, at, true)
    }

    /// Where a program begins with `.*`: how many characters that takes from a place on.
    pub fn dots(&self, pc: usize, at: usize) -> usize {
        match self.code.get(pc..).unwrap_or(&[]) {
            [op::REPEAT_ONE, _, 0, ANY_NUMBER, op::ANY | op::ANY_ALL, ..] => {
                self.count(pc + 4, at, ANY_NUMBER)
            }
            _ => 0,
        }
    }

    /// Runs the program from a place to a SUCCESS; the end of what has matched. `whole` says that it is not a part in itself.
    fn run(&mut self, pc: usize, at: usize, whole: bool) -> Option<usize> {
        let base = self.room.stack.len();
        let mut flow = Flow::On(pc, at);
        loop {
            flow = match flow {
                Flow::On(mut pc, mut at) => loop {
                    // The commonest instructions stay in this loop.
                    match self.word(pc) {
                        op::LITERAL => {
                            if self.point(at) != Some(self.word(pc + 1)) {
                                break Flow::Fail;
                            }
                            (pc, at) = (pc + 2, at + 1);
                        }
                        op::MARK => {
                            self.mark(pc, at, whole);
                            pc += 2;
                        }
                        op::IN => {
                            let skip = self.word(pc + 1) as usize;
                            let Some(c) = self.point(at) else {
                                break Flow::Fail;
                            };
                            if !self.in_set(pc + 2, c) {
                                break Flow::Fail;
                            }
                            (pc, at) = (pc + 1 + skip, at + 1);
                        }
                        op::JUMP | op::INFO => pc += 1 + self.word(pc + 1) as usize,
                        op::SUCCESS => {
                            let refused = whole
                                && (self.full && at != self.text.len()
                                    || self.must_leave == Some(at));
                            if !refused {
                                return Some(at);
                            }
                            break Flow::Fail;
                        }
                        other => match self.step(other, pc, at) {
                            Flow::On(next, position) => (pc, at) = (next, position),
                            Flow::Fail => break Flow::Fail,
                        },
                    }
                },
                Flow::Fail => {
                    if self.room.stack.len() <= base {
                        return None;
                    }
                    match self.room.stack.pop() {
                        Some(entry) => self.go_back(entry),
                        None => return None,
                    }
                }
            };
        }
    }

    /// MARK: a group begins or ends.
    #[inline(always)]
    fn mark(&mut self, pc: usize, at: usize, whole: bool) {
        let slot = self.word(pc + 1) as usize;
        // With nothing to go back to, nothing is to be undone: the next start clears all marks.
        let keep = !whole || !self.room.stack.is_empty();
        let Some(place) = self.room.marks.get_mut(slot) else {
            return;
        };
        let old = std::mem::replace(place, at);
        if keep {
            self.room.stack.push(Entry::Mark {
                slot: slot as u32,
                old,
            });
        }
        if slot & 1 != 0 {
            if keep {
                self.room.stack.push(Entry::Last { old: self.last });
            }
            self.last = (slot / 2 + 1) as i32;
        }
    }

    /// The instructions that [`run`](Self::run) does not do itself.
    #[inline]
    fn step(&mut self, opcode: u32, pc: usize, at: usize) -> Flow {
        let arg = self.word(pc + 1);
        let skip = pc + 1 + arg as usize;
        let test = |good: bool, next: usize, at: usize| {
            if good { Flow::On(next, at) } else { Flow::Fail }
        };
        match opcode {
            op::AT => test(self.stands(arg, at), pc + 2, at),
            op::BRANCH => self.branch(pc + 1, at),
            op::REPEAT_ONE => self.greedy_one(pc + 1, at),
            op::MIN_REPEAT_ONE => self.lazy_one(pc + 1, at),
            op::POSSESSIVE_REPEAT_ONE => {
                let (least, most) = (self.word(pc + 2), self.word(pc + 3));
                let taken = self.count(pc + 4, at, most);
                test(taken >= least as usize, skip, at + taken)
            }
            op::REPEAT => {
                self.room.loops.push(Turns {
                    args: pc as u32 + 1,
                    done: 0,
                    last: NONE,
                    outer: self.running,
                });
                self.running = self.room.loops.len() as u32 - 1;
                self.room.stack.push(Entry::Entered);
                Flow::On(skip, at)
            }
            op::MAX_UNTIL => self.max_until(pc, at),
            op::MIN_UNTIL => self.min_until(pc, at),
            op::POSSESSIVE_REPEAT => self.possessive(pc + 1, at),
            op::ATOMIC_GROUP => match self.part(pc + 2, at) {
                Some(end) => Flow::On(skip, end),
                None => Flow::Fail,
            },
            op::ASSERT => {
                let Some(start) = at.checked_sub(self.word(pc + 2) as usize) else {
                    return Flow::Fail;
                };
                test(self.part(pc + 3, start).is_some(), skip, at)
            }
            op::ASSERT_NOT => {
                if let Some(start) = at.checked_sub(self.word(pc + 2) as usize) {
                    let base = self.room.stack.len();
                    if self.run(pc + 3, start, false).is_some() {
                        self.undo_to(base);
                        return Flow::Fail;
                    }
                }
                Flow::On(skip, at)
            }
            op::GROUPREF => self.group_again(arg, pc, at, None),
            op::GROUPREF_IGNORE => self.group_again(arg, pc, at, Some(Case::Ascii)),
            op::GROUPREF_LOC_IGNORE => self.group_again(arg, pc, at, Some(Case::Locale)),
            op::GROUPREF_UNI_IGNORE => self.group_again(arg, pc, at, Some(Case::Unicode)),
            op::GROUPREF_EXISTS => {
                if self.group(arg).is_some() {
                    Flow::On(pc + 3, at)
                } else {
                    Flow::On(pc + 1 + self.word(pc + 2) as usize, at)
                }
            }
            op::FAILURE => Flow::Fail,
            _ => {
                let next = match opcode {
                    op::ANY | op::ANY_ALL => pc + 1,
                    op::IN_IGNORE | op::IN_LOC_IGNORE | op::IN_UNI_IGNORE => skip,
                    _ => pc + 2,
                };
                let good = self.point(at).is_some_and(|c| self.single(pc, c));
                test(good, next, at + 1)
            }
        }
    }

    /// Whether the instruction of a single character takes this one.
    #[inline(always)]
    fn single(&self, pc: usize, c: u32) -> bool {
        let arg = self.word(pc + 1);
        let set = || self.code.get(pc + 2..).unwrap_or(&[]);
        match self.word(pc) {
            op::LITERAL => c == arg,
            op::NOT_LITERAL => c != arg,
            op::ANY => c != NEWLINE,
            op::ANY_ALL => true,
            op::IN => self.in_set(pc + 2, c),
            op::CATEGORY => chars::category(arg, c),
            op::LITERAL_IGNORE => Case::Ascii.same(arg, c),
            op::NOT_LITERAL_IGNORE => !Case::Ascii.same(arg, c),
            op::IN_IGNORE => Case::Ascii.in_set(set(), c),
            op::LITERAL_UNI_IGNORE => Case::Unicode.same(arg, c),
            op::NOT_LITERAL_UNI_IGNORE => !Case::Unicode.same(arg, c),
            op::IN_UNI_IGNORE => Case::Unicode.in_set(set(), c),
            op::LITERAL_LOC_IGNORE => Case::Locale.same(arg, c),
            op::NOT_LITERAL_LOC_IGNORE => !Case::Locale.same(arg, c),
            op::IN_LOC_IGNORE => Case::Locale.in_set(set(), c),
            _ => false,
        }
    }
}

mod loops;
