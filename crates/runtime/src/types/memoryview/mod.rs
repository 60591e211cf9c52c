//! The builtin type `memoryview`.

use crate::object::MemoryView;
use crate::result::PyResult;
use crate::vm::Vm;

/// Runs `f` on the bytes that a view sees, in the order of its items.
///
/// # Errors
/// ValueError for a released view.
pub fn with_view_bytes<R>(vm: &Vm, view: &MemoryView, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    let Some(base) = view.base.get() else {
        return Err(vm.value_error("operation forbidden on released memoryview object"));
    };
    let mut items = Vec::new();
    let mut starts = Vec::new();
    item_offsets(view, &mut starts);
    let contiguous = starts.windows(2).all(|w| matches!(w, [a, b] if *a + view.itemsize == *b));
    let count = starts.len() * view.itemsize;
    let (mut f, mut result) = (Some(f), None);
    let mut see = |all: &[u8]| {
        if contiguous {
            let part = all.get(view.offset..view.offset + count).or_else(|| all.get(starts.first().copied()?..)?.get(..count));
            result = f.take().map(|f| f(part.unwrap_or_default()));
        } else {
            for &start in &starts {
                items.extend_from_slice(all.get(start..start + view.itemsize).unwrap_or_default());
            }
            result = f.take().map(|f| f(&items));
        }
    };
    match crate::object::Type::of(&base).slots.buffer.get() {
        Some(procs) => (procs.read)(&base, &mut see),
        None => see(&[]),
    }
    result.ok_or_else(|| vm.buffer_error("the object's buffer cannot be read"))
}

/// The places of all items in the base, in order.
fn item_offsets(view: &MemoryView, out: &mut Vec<usize>) {
    let mut level = vec![view.offset];
    for (&count, &stride) in view.shape.iter().zip(view.strides.iter()) {
        level = level.iter().flat_map(|&at| (0..count).map(move |i| at.wrapping_add_signed(stride * i as isize))).collect();
    }
    out.extend(level);
}
