//! Loops, alternatives and groups of the matcher, and the way back.

use rustpython_sre_engine::SreAtCode as At;

use super::super::chars::{self, Case, NEWLINE, Unit};
use super::{ANY_NUMBER, Entry, Flow, Machine, NO_LOOP, NONE, op};

impl<C: Unit> Machine<'_, C> {
    /// Runs a part of the program by itself: what it has marked stays, its places to go back to do not.
    pub(super) fn part(&mut self, pc: usize, at: usize) -> Option<usize> {
        let base = self.room.stack.len();
        let end = self.run(pc, at, false)?;
        let mut kept = base;
        for i in base..self.room.stack.len() {
            let entry = self.room.stack[i];
            if !matches!(
                entry,
                Entry::Alternative { .. }
                    | Entry::Greedy { .. }
                    | Entry::Lazy { .. }
                    | Entry::Leave { .. }
                    | Entry::Again { .. }
            ) {
                self.room.stack[kept] = entry;
                kept += 1;
            }
        }
        self.room.stack.truncate(kept);
        Some(end)
    }

    /// Undoes all changes above a place of the stack.
    pub(super) fn undo_to(&mut self, base: usize) {
        while self.room.stack.len() > base {
            if let Some(entry) = self.room.stack.pop() {
                self.undo(entry);
            }
        }
    }

    #[inline(always)]
    fn undo(&mut self, entry: Entry) {
        match entry {
            Entry::Mark { slot, old } => {
                if let Some(place) = self.room.marks.get_mut(slot as usize) {
                    *place = old;
                }
            }
            Entry::Last { old } => self.last = old,
            Entry::Turns { turns, done, last } => {
                if let Some(turns) = self.room.loops.get_mut(turns as usize) {
                    (turns.done, turns.last) = (done, last);
                }
            }
            Entry::Running { turns } => self.running = turns,
            Entry::Entered => {
                self.running = self.room.loops.pop().map_or(NO_LOOP, |l| l.outer);
            }
            _ => {}
        }
    }

    /// Takes something back, or goes on from a place on the stack.
    #[inline(always)]
    pub(super) fn go_back(&mut self, entry: Entry) -> Flow {
        match entry {
            Entry::Alternative { pc, at } => self.branch(pc as usize, at),
            Entry::Greedy { pc, at, least } => self.give_back(pc as usize, at - 1, least),
            Entry::Lazy { pc, at, done } => self.take_more(pc as usize, at, done),
            Entry::Leave { turns, pc, at } => {
                self.leave(turns);
                Flow::On(pc as usize, at)
            }
            Entry::Again { turns, pc, at } => self.another_turn(turns, pc as usize, at),
            undone => {
                self.undo(undone);
                Flow::Fail
            }
        }
    }

    /// The first alternative from this one on whose first character fits.
    #[inline]
    fn alternative(&self, mut pc: usize, at: usize) -> Option<usize> {
        loop {
            let skip = self.word(pc) as usize;
            if skip == 0 {
                return None;
            }
            let fits = match self.word(pc + 1) {
                op::LITERAL => self.point(at) == Some(self.word(pc + 2)),
                op::IN => self.point(at).is_some_and(|c| self.in_set(pc + 3, c)),
                _ => true,
            };
            if fits {
                return Some(pc);
            }
            pc += skip;
        }
    }

    /// Goes into an alternative; the next one that may fit is kept.
    pub(super) fn branch(&mut self, pc: usize, at: usize) -> Flow {
        let Some(pc) = self.alternative(pc, at) else {
            return Flow::Fail;
        };
        if let Some(next) = self.alternative(pc + self.word(pc) as usize, at) {
            self.room.stack.push(Entry::Alternative {
                pc: next as u32,
                at,
            });
        }
        Flow::On(pc + 1, at)
    }

    /// How many characters from here on an instruction takes, `most` at the most.
    pub(super) fn count(&self, pc: usize, at: usize, most: u32) -> usize {
        let rest = self.text.get(at..).unwrap_or(&[]);
        let rest = if most == ANY_NUMBER {
            rest
        } else {
            rest.get(..most as usize).unwrap_or(rest)
        };
        let until = |stops: &dyn Fn(u32) -> bool| {
            rest.iter()
                .position(|c| stops(c.point()))
                .unwrap_or(rest.len())
        };
        let arg = self.word(pc + 1);
        match self.word(pc) {
            op::ANY_ALL => rest.len(),
            op::ANY => match C::bytes(rest) {
                Some(bytes) => memchr::memchr(b'\n', bytes).unwrap_or(rest.len()),
                None => until(&|c| c == NEWLINE),
            },
            op::NOT_LITERAL => match (C::bytes(rest), u8::try_from(arg)) {
                (Some(bytes), Ok(byte)) => memchr::memchr(byte, bytes).unwrap_or(rest.len()),
                _ => until(&|c| c == arg),
            },
            op::LITERAL => rest
                .iter()
                .position(|c| c.point() != arg)
                .unwrap_or(rest.len()),
            op::IN => self.position(pc + 2, rest, false).unwrap_or(rest.len()),
            _ => rest
                .iter()
                .position(|c| !self.single(pc, c.point()))
                .unwrap_or(rest.len()),
        }
    }

    /// REPEAT_ONE: as many as there are, given back one by one.
    pub(super) fn greedy_one(&mut self, args: usize, at: usize) -> Flow {
        let (least, most) = (self.word(args + 1) as usize, self.word(args + 2));
        if self.text.len().saturating_sub(at) < least {
            return Flow::Fail;
        }
        let taken = self.count(args + 3, at, most);
        if taken < least {
            return Flow::Fail;
        }
        self.give_back(args, at + taken, at + least)
    }

    /// Goes on behind a loop of single characters, at `at` or as little before it as what follows allows.
    fn give_back(&mut self, args: usize, at: usize, least: usize) -> Flow {
        let tail = args + self.word(args) as usize;
        let mut at = at;
        if let Some(next) = self.literal(tail) {
            let room = self.text.get(least..).unwrap_or(&[]);
            let room = room.get(..=at - least).unwrap_or(room);
            let found = match (C::bytes(room), u8::try_from(next)) {
                (Some(bytes), Ok(byte)) => memchr::memrchr(byte, bytes),
                _ => room.iter().rposition(|c| c.point() == next),
            };
            let Some(found) = found else {
                return Flow::Fail;
            };
            at = least + found;
        }
        if at > least {
            let pc = args as u32;
            self.room.stack.push(Entry::Greedy { pc, at, least });
        }
        Flow::On(tail, at)
    }

    /// The character that the program asks for first from a place on, where that is a certain one.
    #[inline]
    fn literal(&self, mut pc: usize) -> Option<u32> {
        while self.word(pc) == op::MARK {
            pc += 2;
        }
        (self.word(pc) == op::LITERAL).then(|| self.word(pc + 1))
    }

    /// MIN_REPEAT_ONE: as few as may be.
    pub(super) fn lazy_one(&mut self, args: usize, at: usize) -> Flow {
        let least = self.word(args + 1);
        let taken = if least == 0 {
            0
        } else {
            self.count(args + 3, at, least)
        };
        if taken < least as usize {
            return Flow::Fail;
        }
        self.go_on_lazily(args, at + taken, least)
    }

    fn take_more(&mut self, args: usize, at: usize, done: u32) -> Flow {
        let most = self.word(args + 2);
        let more = most == ANY_NUMBER || done < most;
        if more && self.point(at).is_some_and(|c| self.single(args + 3, c)) {
            self.go_on_lazily(args, at + 1, done.saturating_add(1))
        } else {
            Flow::Fail
        }
    }

    /// Goes on behind a lazy loop, with more characters at once where what follows asks for one that is not there.
    fn go_on_lazily(&mut self, args: usize, mut at: usize, mut done: u32) -> Flow {
        let tail = args + self.word(args) as usize;
        if let Some(next) = self.literal(tail) {
            let most = self.word(args + 2);
            while self.point(at) != Some(next) {
                let more = most == ANY_NUMBER || done < most;
                if !more || !self.point(at).is_some_and(|c| self.single(args + 3, c)) {
                    return Flow::Fail;
                }
                (at, done) = (at + 1, done.saturating_add(1));
            }
        }
        self.room.stack.push(Entry::Lazy {
            pc: args as u32,
            at,
            done,
        });
        Flow::On(tail, at)
    }

    /// The running loop goes on to the one around it.
    fn leave(&mut self, turns: u32) {
        self.room.stack.push(Entry::Running { turns });
        self.running = self
            .room
            .loops
            .get(turns as usize)
            .map_or(NO_LOOP, |l| l.outer);
    }

    /// Begins another turn of a loop.
    fn turn(&mut self, turns: u32, at: usize, noted: bool) -> Flow {
        let Some(l) = self.room.loops.get_mut(turns as usize) else {
            return Flow::Fail;
        };
        self.room.stack.push(Entry::Turns {
            turns,
            done: l.done,
            last: l.last,
        });
        l.done = l.done.saturating_add(1);
        if noted {
            l.last = at;
        }
        Flow::On(l.args as usize + 3, at)
    }

    /// The end of a greedy loop: another turn if there can be one, else on.
    pub(super) fn max_until(&mut self, pc: usize, at: usize) -> Flow {
        let turns = self.running;
        let Some(&l) = self.room.loops.get(turns as usize) else {
            return Flow::Fail;
        };
        let args = l.args as usize;
        let (least, most) = (self.word(args + 1), self.word(args + 2));
        if l.done < least {
            return self.turn(turns, at, false);
        }
        if (l.done < most || most == ANY_NUMBER) && at != l.last {
            let pc = pc as u32 + 1;
            self.room.stack.push(Entry::Leave { turns, pc, at });
            return self.turn(turns, at, true);
        }
        self.leave(turns);
        Flow::On(pc + 1, at)
    }

    /// The end of a lazy loop: on if that will do, else another turn.
    pub(super) fn min_until(&mut self, pc: usize, at: usize) -> Flow {
        let turns = self.running;
        let Some(&l) = self.room.loops.get(turns as usize) else {
            return Flow::Fail;
        };
        if l.done < self.word(l.args as usize + 1) {
            return self.turn(turns, at, false);
        }
        self.room.stack.push(Entry::Again {
            turns,
            pc: pc as u32,
            at,
        });
        self.leave(turns);
        Flow::On(pc + 1, at)
    }

    fn another_turn(&mut self, turns: u32, _end: usize, at: usize) -> Flow {
        let Some(&l) = self.room.loops.get(turns as usize) else {
            return Flow::Fail;
        };
        let most = self.word(l.args as usize + 2);
        if (l.done >= most && most != ANY_NUMBER) || at == l.last {
            return Flow::Fail;
        }
        self.turn(turns, at, true)
    }

    /// A possessive loop: each turn is final.
    pub(super) fn possessive(&mut self, args: usize, mut at: usize) -> Flow {
        let (least, most) = (self.word(args + 1), self.word(args + 2));
        let (mut done, mut last) = (0, NONE);
        while done < least || ((done < most || most == ANY_NUMBER) && at != last) {
            if done >= least {
                last = at;
            }
            match self.part(args + 3, at) {
                Some(end) => at = end,
                None if done < least => return Flow::Fail,
                None => break,
            }
            done = done.saturating_add(1);
        }
        // The skip leads to the SUCCESS of the turn.
        Flow::On(args + self.word(args) as usize + 1, at)
    }

    /// Where a group begins and ends, if it has matched.
    pub(super) fn group(&self, number: u32) -> Option<(usize, usize)> {
        let i = number as usize * 2;
        match self.room.marks.get(i..i + 2) {
            Some(&[start, end]) if start != NONE && end != NONE && start <= end => {
                Some((start, end))
            }
            _ => None,
        }
    }

    /// What a group has matched, once more.
    pub(super) fn group_again(
        &self,
        number: u32,
        pc: usize,
        at: usize,
        case: Option<Case>,
    ) -> Flow {
        let Some((start, end)) = self.group(number) else {
            return Flow::Fail;
        };
        let (Some(had), Some(has)) = (
            self.text.get(start..end),
            self.text.get(at..at + (end - start)),
        ) else {
            return Flow::Fail;
        };
        let lower = |c: &C| case.map_or(c.point(), |case| case.lower(c.point()));
        if had.iter().map(lower).eq(has.iter().map(lower)) {
            Flow::On(pc + 2, at + (end - start))
        } else {
            Flow::Fail
        }
    }

    /// Whether a position is of a kind: AT.
    pub(super) fn stands(&self, code: u32, at: usize) -> bool {
        const fn of(at: At) -> u32 {
            at as u32
        }
        const BEGINNING: u32 = of(At::BEGINNING);
        const BEGINNING_LINE: u32 = of(At::BEGINNING_LINE);
        const BEGINNING_STRING: u32 = of(At::BEGINNING_STRING);
        const BOUNDARY: u32 = of(At::BOUNDARY);
        const NON_BOUNDARY: u32 = of(At::NON_BOUNDARY);
        const END: u32 = of(At::END);
        const END_LINE: u32 = of(At::END_LINE);
        const END_STRING: u32 = of(At::END_STRING);
        const LOC_BOUNDARY: u32 = of(At::LOC_BOUNDARY);
        const LOC_NON_BOUNDARY: u32 = of(At::LOC_NON_BOUNDARY);
        const UNI_BOUNDARY: u32 = of(At::UNI_BOUNDARY);
        let len = self.text.len();
        let before = || at.checked_sub(1).and_then(|i| self.point(i));
        let boundary =
            |word: fn(u32) -> bool| before().is_some_and(word) != self.point(at).is_some_and(word);
        match code {
            BEGINNING | BEGINNING_STRING => at == 0,
            BEGINNING_LINE => before().is_none_or(|c| c == NEWLINE),
            END => at == len || at + 1 == len && self.point(at) == Some(NEWLINE),
            END_LINE => at == len || self.point(at) == Some(NEWLINE),
            END_STRING => at == len,
            BOUNDARY | LOC_BOUNDARY => boundary(chars::is_word),
            NON_BOUNDARY | LOC_NON_BOUNDARY => !boundary(chars::is_word),
            UNI_BOUNDARY => boundary(chars::is_unicode_word),
            _ => !boundary(chars::is_unicode_word),
        }
    }
}
