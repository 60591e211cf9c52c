//! Layouts of range and slice: immutable, three objects each.

use viv_heap::{Object, Ref, object_layout};

use super::kinds;

/// A `range`; all four are ints.
#[repr(C)]
pub struct Range {
    /// The header.
    pub head: Object,
    /// `start`
    pub start: Ref,
    /// `stop`
    pub stop: Ref,
    /// `step`, never zero
    pub step: Ref,
    /// The number of values.
    pub length: Ref,
}
object_layout!(
    Range = kinds::RANGE,
    traverse | this,
    visit | {
        visit.visit(&this.start);
        visit.visit(&this.stop);
        visit.visit(&this.step);
        visit.visit(&this.length);
    }
);

/// A `slice`.
#[repr(C)]
pub struct Slice {
    /// The header.
    pub head: Object,
    /// `start`
    pub start: Ref,
    /// `stop`
    pub stop: Ref,
    /// `step`
    pub step: Ref,
}
object_layout!(
    Slice = kinds::SLICE,
    traverse | this,
    visit | {
        visit.visit(&this.start);
        visit.visit(&this.stop);
        visit.visit(&this.step);
    }
);
