//! What the sets of a pattern say of the first 256 characters, and what all its matches have: found out when it is first
//! asked, and kept with the pattern.

use std::cell::OnceCell;

use super::chars::in_set;
use super::needed::{self, Needed};

/// A bit for each of the first 256 characters.
type Map = [u64; 4];

/// The sets of a program by their places in it.
#[derive(Default)]
pub struct Sets {
    places: OnceCell<Box<[OnceCell<Box<Map>>]>>,
    needed: OnceCell<Option<Box<Needed>>>,
}

/// Whether a map has a character, which is below 256.
#[inline(always)]
pub fn holds(map: &Map, c: u32) -> bool {
    map[(c >> 6 & 3) as usize] >> (c & 63) & 1 != 0
}

impl Sets {
    /// What every match of the program has, if anything.
    #[inline]
    pub fn needed(&self, code: &[u32]) -> Option<&Needed> {
        let needed = || needed::of(code).map(Box::new);
        self.needed.get_or_init(needed).as_deref()
    }

    /// The map of the set that stands at a place of the program.
    #[inline(always)]
    pub fn map(&self, code: &[u32], at: usize) -> Option<&Map> {
        let known = self.places.get().and_then(|places| places.get(at)?.get());
        match known {
            Some(map) => Some(map),
            None => self.make(code, at),
        }
    }

    #[cold]
    #[inline(never)]
    fn make(&self, code: &[u32], at: usize) -> Option<&Map> {
        let set = code.get(at..)?;
        let places = || code.iter().map(|_| OnceCell::new()).collect();
        let place = self.places.get_or_init(places).get(at)?;
        Some(place.get_or_init(|| {
            let mut map = [0; 4];
            for c in (0..256).filter(|c| in_set(set, *c)) {
                map[(c >> 6) as usize] |= 1 << (c & 63);
            }
            Box::new(map)
        }))
    }
}
