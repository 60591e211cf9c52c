//! Building the text of a representation, and the guard against endless ones.

use viv_heap::{Object, Ref};

use crate::object::{Str, StrData};
use crate::result::PyResult;
use crate::vm::Vm;

/// Texts up to this length, in bytes, are collected without memory of their own.
const SHORT: usize = 128;

/// Collects text of any characters, lone surrogates included.
#[derive(Default)]
pub struct TextBuilder {
    ascii: smallvec::SmallVec<[u8; SHORT]>,
    /// Everything, once something is not ASCII.
    wide: Option<Vec<u32>>,
}

impl TextBuilder {
    /// An empty text.
    pub fn new() -> TextBuilder {
        TextBuilder::default()
    }

    /// Adds Rust text.
    pub fn push(&mut self, text: &str) {
        match &mut self.wide {
            Some(points) => points.extend(text.chars().map(u32::from)),
            None if text.is_ascii() => self.ascii.extend_from_slice(text.as_bytes()),
            None => self.widen().extend(text.chars().map(u32::from)),
        }
    }

    /// Adds bytes that are ASCII.
    #[inline]
    pub(crate) fn push_ascii(&mut self, text: &[u8]) {
        debug_assert!(text.is_ascii());
        match &mut self.wide {
            Some(points) => points.extend(text.iter().map(|&c| u32::from(c))),
            None => self.ascii.extend_from_slice(text),
        }
    }

    /// Adds a string object.
    pub fn push_str(&mut self, text: &Str) {
        if let (None, Some(ascii)) = (&self.wide, text.as_ascii()) {
            return self.ascii.extend_from_slice(ascii.as_bytes());
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
                None if point < 0x80 => self.ascii.push(point as u8),
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

    fn widen(&mut self) -> &mut Vec<u32> {
        let ascii = &mut self.ascii;
        self.wide
            .get_or_insert_with(|| std::mem::take(ascii).into_iter().map(u32::from).collect())
    }

    /// The string object.
    pub fn finish(self, vm: &Vm) -> PyResult<Ref<Str>> {
        match self.wide {
            Some(points) => vm.new_str_points(&points),
            None => vm.new_ascii(&self.ascii),
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
