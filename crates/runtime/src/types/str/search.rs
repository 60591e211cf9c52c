//! Finding strings in strings.

use std::borrow::Cow;
use std::cell::OnceCell;

use memchr::memmem;

use crate::object::{Str, StrData};

/// The bytes of `needle` at the width of `haystack`; nothing where it holds wider characters, and so cannot occur.
fn at_width<'a>(haystack: &Str, needle: &'a Str) -> Option<Cow<'a, [u8]>> {
    let (width, own) = (haystack.width(), needle.width());
    if own > width || (haystack.is_ascii() && !needle.is_ascii()) {
        return None;
    }
    if own == width {
        return Some(Cow::Borrowed(needle.as_bytes()));
    }
    let wide = match width {
        2 => needle
            .chars()
            .flat_map(|c| (c as u16).to_ne_bytes())
            .collect(),
        _ => needle.chars().flat_map(u32::to_ne_bytes).collect(),
    };
    Some(Cow::Owned(wide))
}

/// A search for one string in parts of another one.
pub struct Searcher<'a> {
    haystack: &'a [u8],
    width: usize,
    needle: Option<Cow<'a, [u8]>>,
    /// Made when a part is long enough to be worth it.
    finder: OnceCell<memmem::Finder<'a>>,
}

/// Shorter parts are searched without preparation.
const SHORT: usize = 64;

impl<'a> Searcher<'a> {
    /// Prepares a search.
    pub fn new(haystack: &'a Str, needle: &'a Str) -> Searcher<'a> {
        Searcher {
            haystack: haystack.as_bytes(),
            width: haystack.width(),
            needle: at_width(haystack, needle),
            finder: OnceCell::new(),
        }
    }

    fn finder(&self) -> Option<&memmem::Finder<'a>> {
        let needle = self.needle.as_ref()?;
        Some(self.finder.get_or_init(|| match needle {
            Cow::Borrowed(needle) => memmem::Finder::new(*needle),
            Cow::Owned(needle) => memmem::Finder::new(needle).into_owned(),
        }))
    }

    /// The first place in `start..end` where the needle stands.
    pub fn find(&self, start: usize, end: usize) -> Option<usize> {
        let needle = self.needle.as_deref()?;
        if end < start {
            return None;
        }
        let part = self.haystack.get(start * self.width..end * self.width)?;
        if needle.is_empty() {
            return Some(start);
        }
        if needle.len() > part.len() {
            return None;
        }
        if self.width == 1 {
            if let [byte] = needle {
                return memchr::memchr(*byte, part).map(|i| start + i);
            }
            return if part.len() < SHORT {
                memmem::find(part, needle)
            } else {
                self.finder()?.find(part)
            }
            .map(|i| start + i);
        }
        // A match of bytes counts only where a character begins.
        let finder = self.finder()?;
        let mut from = 0;
        while let Some(i) = finder.find(part.get(from..)?) {
            let at = from + i;
            if at.is_multiple_of(self.width) {
                return Some(start + at / self.width);
            }
            from = at + 1;
        }
        None
    }

    /// The last place in `start..end` where the needle stands.
    pub fn rfind(&self, start: usize, end: usize) -> Option<usize> {
        let needle = self.needle.as_deref()?;
        if end < start {
            return None;
        }
        let part = self.haystack.get(start * self.width..end * self.width)?;
        if needle.is_empty() {
            return Some(end);
        }
        if needle.len() > part.len() {
            return None;
        }
        let finder = memmem::FinderRev::new(needle);
        let mut to = part.len();
        while let Some(at) = finder.rfind(part.get(..to)?) {
            if at.is_multiple_of(self.width) {
                return Some(start + at / self.width);
            }
            to = (at + needle.len()).checked_sub(1)?;
        }
        None
    }

    /// Number of places in `start..end` where the needle stands, without overlaps.
    pub fn count(&self, start: usize, end: usize) -> usize {
        let Some(needle) = self.needle.as_deref() else {
            return 0;
        };
        if end < start {
            return 0;
        }
        if needle.is_empty() {
            return end - start + 1;
        }
        if self.width == 1
            && let Some(part) = self.haystack.get(start..end)
        {
            return match needle {
                [byte] => memchr::memchr_iter(*byte, part).count(),
                _ => self.finder().map_or(0, |f| f.find_iter(part).count()),
            };
        }
        let step = needle.len() / self.width;
        let (mut from, mut count) = (start, 0);
        while let Some(i) = self.find(from, end) {
            count += 1;
            from = i + step;
        }
        count
    }
}

/// The first place in `start..end` of `haystack` where `needle` stands.
pub fn find(haystack: &Str, needle: &Str, start: usize, end: usize) -> Option<usize> {
    if let (StrData::One(bytes), 1) = (haystack.data(), needle.len())
        && let Some(c) = needle.char_at(0)
    {
        let byte = u8::try_from(c).ok()?;
        return bytes
            .get(start..end)
            .and_then(|part| memchr::memchr(byte, part))
            .map(|i| start + i);
    }
    Searcher::new(haystack, needle).find(start, end)
}

/// Whether `needle` stands at place `at` of `haystack`.
pub fn stands_at(haystack: &Str, needle: &Str, at: usize) -> bool {
    let Some(wide) = at_width(haystack, needle) else {
        return false;
    };
    let from = at * haystack.width();
    haystack
        .as_bytes()
        .get(from..from + wide.len())
        .is_some_and(|part| part == &*wide)
}
