//! Building the text of a representation, and the guard against endless ones.

use viv_heap::{Object, Ref};

use crate::object::{Str, StrData};
use crate::result::PyResult;
use crate::vm::Vm;

/// Texts up to this length, in bytes, are collected without memory of their own.
const SHORT: usize = 128;

/// Collects text of any characters, lone surrogates included.
pub struct TextBuilder {
    /// What is ASCII, up to `SHORT` bytes, and their number; 0 once the text is in `long` or `wide`.
    short: [u8; SHORT],
    len: usize,
    /// ASCII beyond that.
    long: Vec<u8>,
    /// Everything, once something is not ASCII.
    wide: Option<Vec<u32>>,
}

impl Default for TextBuilder {
    fn default() -> Self {
        TextBuilder {
            short: [0; SHORT],
            len: 0,
            long: Vec::new(),
            wide: None,
        }
    }
}

impl TextBuilder {
    /// An empty text.
    pub fn new() -> TextBuilder {
        TextBuilder::default()
    }

    /// Adds Rust text.
    pub fn push(&mut self, text: &str) {
        if text.is_ascii() {
            self.push_ascii(text.as_bytes());
        } else {
            self.widen().extend(text.chars().map(u32::from));
        }
    }

    /// Adds bytes that are ASCII.
    #[inline]
    pub fn push_ascii(&mut self, text: &[u8]) {
        debug_assert!(text.is_ascii());
        if let Some(points) = &mut self.wide {
            points.extend(text.iter().map(|&c| u32::from(c)));
        } else if !self.long.is_empty() {
            self.long.extend_from_slice(text);
        } else if let Some(place) = self.short.get_mut(self.len..self.len + text.len()) {
            place.copy_from_slice(text);
            self.len += text.len();
        } else {
            self.long.reserve(4 * SHORT + text.len());
            self.long.extend_from_slice(&self.short[..self.len]);
            self.long.extend_from_slice(text);
            self.len = 0;
        }
    }

    /// Adds a string object.
    pub fn push_str(&mut self, text: &Str) {
        if let Some(ascii) = text.as_ascii() {
            return self.push_ascii(ascii.as_bytes());
        }
        let points = self.widen();
        match text.data() {
            StrData::One(d) => points.extend(d.iter().map(|&c| u32::from(c))),
            StrData::Two(d) => points.extend(d.iter().map(|&c| u32::from(c))),
            StrData::Four(d) => points.extend_from_slice(d),
        }
    }

    /// Adds code points.
    pub fn push_points(&mut self, points: impl IntoIterator<Item = u32>) {
        for point in points {
            match &mut self.wide {
                Some(wide) => wide.push(point),
                None if point < 0x80 => self.push_ascii(&[point as u8]),
                None => self.widen().push(point),
            }
        }
    }

    /// Adds `repr(object)`.
    pub fn push_repr(&mut self, vm: &Vm, object: &Object) -> PyResult<()> {
        let text = super::repr(vm, object)?;
        self.push_str(&text);
        Ok(())
    }

    /// The ASCII text so far.
    fn ascii(&self) -> &[u8] {
        if self.long.is_empty() {
            &self.short[..self.len]
        } else {
            &self.long
        }
    }

    fn widen(&mut self) -> &mut Vec<u32> {
        if self.wide.is_none() {
            self.wide = Some(self.ascii().iter().map(|&c| u32::from(c)).collect());
            self.len = 0;
            self.long = Vec::new();
        }
        self.wide.get_or_insert_default()
    }

    /// The string object.
    pub fn finish(self, vm: &Vm) -> PyResult<Ref<Str>> {
        match &self.wide {
            Some(points) => vm.new_str_points(points),
            None => vm.new_ascii(self.ascii()),
        }
    }
}

/// Says, while it lives, that the `repr` of an object is running in this thread.
pub struct ReprGuard<'a>(&'a Vm);

impl Drop for ReprGuard<'_> {
    fn drop(&mut self) {
        self.0.repr_running.borrow_mut().pop();
    }
}

impl Vm {
    /// Enters the `repr` of a container; nothing where it is running already: then the text is `[...]` or the like.
    pub fn enter_repr(&self, object: &Object) -> Option<ReprGuard<'_>> {
        let mut running = self.repr_running.borrow_mut();
        if running.contains(&object.address()) {
            return None;
        }
        running.push(object.address());
        Some(ReprGuard(self))
    }
}
