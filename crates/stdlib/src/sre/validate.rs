//! Programs are checked before the engine, which trusts them, may run them: every jump stays inside, every operand is
//! there, every group number is one of the pattern's.

use rustpython_sre_engine::{MAXREPEAT, SreAtCode, SreCatCode, SreInfo, SreOpcode};

/// Whether a program is one that the engine can run.
pub fn is_valid(code: &[u32], groups: usize) -> bool {
    let Some((&last, body)) = code.split_last() else {
        return false;
    };
    last == SreOpcode::SUCCESS as u32 && check(body, groups, 0).is_some()
}

/// Deepest nesting of a program: the compiler's own recursion ends long before.
const DEEPEST: usize = 4000;

/// A part of a program, which is read word by word.
struct Words<'a> {
    code: &'a [u32],
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<u32> {
        let word = self.code.get(self.at).copied();
        self.at += 1;
        word
    }

    /// The words that an offset at this place jumps over, less those behind the part that stands for itself.
    fn skip(&mut self, tail: usize) -> Option<&'a [u32]> {
        let here = self.at;
        let skip = self.next()? as usize;
        let end = here.checked_add(skip)?.checked_sub(tail)?;
        self.code.get(self.at..end)
    }
}

fn check(code: &[u32], groups: usize, depth: usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    let mut words = Words { code, at: 0 };
    while words.at < code.len() {
        step(&mut words, groups, depth + 1)?;
    }
    Some(())
}

fn step(words: &mut Words<'_>, groups: usize, depth: usize) -> Option<()> {
    use SreOpcode as Op;
    let opcode = Op::try_from(words.next()?).ok()?;
    match opcode {
        Op::MARK => ((words.next()? as usize) < 2 * groups).then_some(()),
        Op::LITERAL
        | Op::NOT_LITERAL
        | Op::LITERAL_IGNORE
        | Op::NOT_LITERAL_IGNORE
        | Op::LITERAL_UNI_IGNORE
        | Op::NOT_LITERAL_UNI_IGNORE
        | Op::LITERAL_LOC_IGNORE
        | Op::NOT_LITERAL_LOC_IGNORE => words.next().map(drop),
        Op::SUCCESS | Op::FAILURE | Op::ANY | Op::ANY_ALL => Some(()),
        Op::AT => SreAtCode::try_from(words.next()?).ok().map(drop),
        Op::IN | Op::IN_IGNORE | Op::IN_UNI_IGNORE | Op::IN_LOC_IGNORE => {
            let set = words.skip(1)?;
            words.at += set.len();
            (words.next()? == Op::FAILURE as u32).then_some(())?;
            charset(set)
        }
        Op::INFO => info(words),
        Op::BRANCH => branch(words, groups, depth),
        Op::REPEAT_ONE | Op::MIN_REPEAT_ONE | Op::POSSESSIVE_REPEAT_ONE => {
            let end = words.at;
            let whole = words.skip(0)?;
            let (bounds, body) = whole.split_at_checked(2)?;
            repeat_bounds(bounds)?;
            let (last, body) = body.split_last()?;
            (*last == Op::SUCCESS as u32).then_some(())?;
            check(body, groups, depth)?;
            words.at = end + 1 + whole.len();
            Some(())
        }
        Op::REPEAT | Op::POSSESSIVE_REPEAT => {
            let whole = words.skip(0)?;
            let (bounds, body) = whole.split_at_checked(2)?;
            repeat_bounds(bounds)?;
            words.at += whole.len();
            let ends: &[Op] = match opcode {
                Op::REPEAT => &[Op::MAX_UNTIL, Op::MIN_UNTIL],
                _ => &[Op::SUCCESS],
            };
            let end = Op::try_from(words.next()?).ok()?;
            ends.contains(&end).then_some(())?;
            check(body, groups, depth)
        }
        Op::ATOMIC_GROUP => {
            let whole = words.skip(0)?;
            words.at += whole.len();
            let (last, body) = whole.split_last()?;
            (*last == Op::SUCCESS as u32).then_some(())?;
            check(body, groups, depth)
        }
        Op::GROUPREF | Op::GROUPREF_IGNORE | Op::GROUPREF_UNI_IGNORE | Op::GROUPREF_LOC_IGNORE => {
            ((words.next()? as usize) < groups).then_some(())
        }
        Op::GROUPREF_EXISTS => conditional(words, groups, depth),
        Op::ASSERT | Op::ASSERT_NOT => {
            let whole = words.skip(0)?;
            words.at += whole.len();
            let (back, body) = whole.split_first()?;
            (*back & 0x8000_0000 == 0).then_some(())?;
            let (last, body) = body.split_last()?;
            (*last == Op::SUCCESS as u32).then_some(())?;
            check(body, groups, depth)
        }
        _ => None,
    }
}

fn repeat_bounds(bounds: &[u32]) -> Option<()> {
    let &[min, max] = bounds else { return None };
    (min <= max && max as usize <= MAXREPEAT).then_some(())
}

fn branch(words: &mut Words<'_>, groups: usize, depth: usize) -> Option<()> {
    // Each alternative ends with a jump behind all of them.
    let mut target = None;
    loop {
        let start = words.at;
        let skip = words.code.get(start).copied()? as usize;
        if skip == 0 {
            words.at = start + 1;
            break;
        }
        let whole = words.skip(0)?;
        let (jump, body) = (whole.len().checked_sub(2)?, whole.get(..whole.len() - 2)?);
        check(body, groups, depth)?;
        (whole.get(jump).copied()? == SreOpcode::JUMP as u32).then_some(())?;
        words.at = start + 1 + whole.len();
        let place = words.at - 1 + whole.get(jump + 1).copied()? as usize;
        if *target.get_or_insert(place) != place {
            return None;
        }
    }
    // The jump may lead no further than the word behind the list.
    target.is_none_or(|place| place == words.at).then_some(())
}

fn conditional(words: &mut Words<'_>, groups: usize, depth: usize) -> Option<()> {
    ((words.next()? as usize) < groups).then_some(())?;
    let base = words.at;
    let skip = words.next()? as usize;
    // The offset counts from the word before its own; the branch for "no" begins there.
    let no = base.checked_add(skip)?.checked_sub(1)?;
    let yes = words.code.get(words.at..no)?;
    if let [body @ .., jump, over] = yes
        && *jump == SreOpcode::JUMP as u32
        && check(body, groups, depth).is_some()
    {
        let end = no.checked_sub(1)?.checked_add(*over as usize)?;
        let no_part = words.code.get(no..end)?;
        check(no_part, groups, depth)?;
        words.at = end;
        return Some(());
    }
    check(yes, groups, depth)?;
    words.at = no;
    Some(())
}

fn info(words: &mut Words<'_>) -> Option<()> {
    let start = words.at;
    let whole = words.skip(0)?;
    words.at = start + 1 + whole.len();
    let [flags, min, max, rest @ ..] = whole else {
        return None;
    };
    (min <= max || *max as usize == MAXREPEAT).then_some(())?;
    let flags = SreInfo::from_bits(*flags)?;
    if flags.contains(SreInfo::PREFIX) {
        // A prefix of n characters and the table of overlaps, each below n.
        let [len, _, rest @ ..] = rest else {
            return None;
        };
        let len = *len as usize;
        (rest.len() == 2 * len).then_some(())?;
        return rest
            .get(len..)?
            .iter()
            .all(|n| (*n as usize) < len.max(1))
            .then_some(());
    }
    if flags.contains(SreInfo::CHARSET) {
        let (last, set) = rest.split_last()?;
        (*last == SreOpcode::FAILURE as u32).then_some(())?;
        return charset(set);
    }
    Some(())
}

fn charset(set: &[u32]) -> Option<()> {
    use SreOpcode as Op;
    let mut words = Words { code: set, at: 0 };
    while words.at < set.len() {
        match Op::try_from(words.next()?).ok()? {
            Op::NEGATE => {}
            Op::LITERAL => words.next().map(drop)?,
            Op::RANGE | Op::RANGE_UNI_IGNORE => {
                words.next()?;
                words.next()?;
            }
            Op::CHARSET => words.at += 8,
            Op::BIGCHARSET => {
                let blocks = words.next()? as usize;
                let table = set.get(words.at..words.at.checked_add(64)?)?;
                let highest = table.iter().flat_map(|w| w.to_ne_bytes()).max()?;
                (usize::from(highest) < blocks).then_some(())?;
                words.at = words.at.checked_add(64 + blocks.checked_mul(8)?)?;
            }
            Op::CATEGORY => SreCatCode::try_from(words.next()?).ok().map(drop)?,
            _ => return None,
        }
        if words.at > set.len() {
            return None;
        }
    }
    Some(())
}
