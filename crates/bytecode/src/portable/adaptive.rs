//! The instructions with the caches that the runtime has filled, under the names that CPython has for such instructions.
//!
//! Only instructions that the runtime has rewritten show as specialised. Those whose handlers look at their operands' types
//! each time (arithmetic, comparisons, loops) keep no note of what they met, and show as the generic ones.

use super::Portable;
use super::table::Wire;
use crate::instr::Instr;
use crate::op::Op;

/// What the instances of a class keep their attributes in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// In places of the instance itself.
    Inline,
    /// In a dict, which is made when it is needed.
    LazyDict,
    /// In nothing but slots.
    Slots,
}

const GLOBAL_BUILTIN: u8 = 192;
const GLOBAL_MODULE: u8 = 193;
const ATTR_CLASS: u8 = 177;
const ATTR_CLASS_OF_METACLASS: u8 = 178;
const ATTR_INSTANCE_VALUE: u8 = 180;
const ATTR_METHOD_LAZY_DICT: u8 = 181;
const ATTR_METHOD_NO_DICT: u8 = 182;
const ATTR_METHOD_WITH_VALUES: u8 = 183;
const ATTR_MODULE: u8 = 184;
const ATTR_NONDESCRIPTOR_NO_DICT: u8 = 185;
const ATTR_NONDESCRIPTOR_WITH_VALUES: u8 = 186;
const ATTR_PROPERTY: u8 = 187;
const ATTR_SLOT: u8 = 188;
const STORE_INSTANCE_VALUE: u8 = 198;
const STORE_SLOT: u8 = 199;

/// The place of a cached word that is a slot's.
const SLOT: u32 = u32::MAX;

/// CPython's number of what a specialised instruction has become; nothing where CPython has no such instruction.
fn specialised(
    words: &[u32],
    at: usize,
    storage: &dyn Fn(u32) -> Option<Storage>,
) -> Option<(Wire, u8)> {
    let cache = |n: usize| words.get(at + 1 + n).copied();
    let is_slot = || cache(2) == Some(SLOT);
    let by_storage = |inline: u8, lazy: Option<u8>, slots: u8| match storage(cache(0)?)? {
        Storage::Inline => Some(inline),
        Storage::LazyDict => lazy,
        Storage::Slots => Some(slots),
    };
    let (family, number) = match Instr(words[at]).op()? {
        Op::LOAD_GLOBAL_MODULE | Op::LOAD_GLOBAL_NULL_MODULE => (Wire::LOAD_GLOBAL, GLOBAL_MODULE),
        Op::LOAD_GLOBAL_BUILTIN | Op::LOAD_GLOBAL_NULL_BUILTIN => {
            (Wire::LOAD_GLOBAL, GLOBAL_BUILTIN)
        }
        Op::LOAD_ATTR_INLINE
        | Op::LOAD_ATTR_SLOT
        | Op::LOAD_ATTR_L_INLINE
        | Op::LOAD_ATTR_L_SLOT => {
            let number = if is_slot() {
                ATTR_SLOT
            } else {
                ATTR_INSTANCE_VALUE
            };
            (Wire::LOAD_ATTR, number)
        }
        Op::LOAD_ATTR_CLASS | Op::LOAD_ATTR_L_CLASS => {
            let (inline, slots) = (ATTR_NONDESCRIPTOR_WITH_VALUES, ATTR_NONDESCRIPTOR_NO_DICT);
            (Wire::LOAD_ATTR, by_storage(inline, None, slots)?)
        }
        Op::LOAD_METHOD_CLASS | Op::LOAD_METHOD_L_CLASS => {
            let (inline, slots) = (ATTR_METHOD_WITH_VALUES, ATTR_METHOD_NO_DICT);
            let number = by_storage(inline, Some(ATTR_METHOD_LAZY_DICT), slots)?;
            (Wire::LOAD_ATTR, number)
        }
        Op::LOAD_ATTR_PROPERTY | Op::LOAD_ATTR_L_PROPERTY => (Wire::LOAD_ATTR, ATTR_PROPERTY),
        Op::LOAD_ATTR_MODULE | Op::LOAD_METHOD_MODULE => (Wire::LOAD_ATTR, ATTR_MODULE),
        Op::LOAD_ATTR_TYPE if cache(1) != Some(0) => (Wire::LOAD_ATTR, ATTR_CLASS_OF_METACLASS),
        Op::LOAD_ATTR_TYPE | Op::LOAD_METHOD_TYPE => (Wire::LOAD_ATTR, ATTR_CLASS),
        Op::STORE_ATTR_INLINE
        | Op::STORE_ATTR_SLOT
        | Op::STORE_ATTR_L_INLINE
        | Op::STORE_ATTR_L_SLOT => {
            let number = if is_slot() {
                STORE_SLOT
            } else {
                STORE_INSTANCE_VALUE
            };
            (Wire::STORE_ATTR, number)
        }
        _ => return None,
    };
    Some((family, number))
}

impl Portable {
    /// Writes the numbers of the instructions that the runtime has specialised into the bytes of the generic ones: `words` are
    /// the instructions as they are now, and `storage` tells of the class with a version what its instances have.
    pub fn specialise(
        &self,
        code: &mut [u8],
        words: &[u32],
        storage: &dyn Fn(u32) -> Option<Storage>,
    ) {
        let mut at = 0;
        while at < words.len() {
            if let Some((family, number)) = specialised(words, at, storage)
                && let Some(unit) = self.acting.get(at)
                && let Some(place) = code.get_mut(2 * *unit as usize)
                && *place == family as u8
            {
                *place = number;
            }
            at += 1 + Instr(words[at]).op().map_or(0, Op::extra_words);
        }
    }
}
