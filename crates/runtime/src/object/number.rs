//! Layouts of int, float and complex.

use dashu_int::{IBig, Sign, UBig, Word};
use viv_heap::{Flags, Object, Ref, object_layout};

use super::kinds;
use crate::result::PyResult;
use crate::vm::Vm;

/// An `int` (or `bool`). A value of 64 bits stands in the struct; a larger one as limbs in the block's tail.
#[repr(C)]
pub struct Int {
    /// The header.
    pub head: Object,
    /// The value, or for a big one the number of limbs with the sign of the value.
    value: i64,
}
object_layout!(Int = kinds::INT);

const BIG: u32 = 1 << Flags::KIND_BITS_SHIFT;

impl Int {
    pub(crate) fn small(head: Object, value: i64) -> Int {
        Int { head, value }
    }

    /// Whether the value has limbs.
    #[inline]
    pub fn is_big(&self) -> bool {
        self.flags() & BIG != 0
    }

    /// The value where it fits 64 bits.
    #[inline]
    pub fn as_i64(&self) -> Option<i64> {
        if self.is_big() {
            None
        } else {
            Some(self.value)
        }
    }

    /// The value field as it is; only meaningful where the int is not big.
    #[inline]
    pub(crate) fn raw_value(&self) -> i64 {
        self.value
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i64 {
        self.value.signum()
    }

    /// The value as a big integer.
    pub fn to_big(&self) -> IBig {
        if !self.is_big() {
            return IBig::from(self.value);
        }
        let magnitude = UBig::from_words(self.limbs());
        IBig::from_parts(
            if self.value < 0 {
                Sign::Negative
            } else {
                Sign::Positive
            },
            magnitude,
        )
    }

    /// The limbs of a big value, least first; empty for a small one.
    pub fn limbs(&self) -> &[Word] {
        if !self.is_big() {
            return &[];
        }
        // SAFETY: a big int is placed with this many limbs behind the struct.
        unsafe {
            let tail = (self as *const Int).add(1).cast::<Word>();
            std::slice::from_raw_parts(tail, self.value.unsigned_abs() as usize)
        }
    }

    /// Places an int of type `ty` (which is `int` or a subclass).
    pub fn place(vm: &Vm, ty: &super::Type, value: i64) -> PyResult<Ref<Int>> {
        vm.place(Int {
            head: Object::new(ty.type_head_of()),
            value,
        })
    }

    /// Places an int of the type `int` itself.
    #[inline(always)]
    pub fn place_exact(vm: &Vm, value: i64) -> PyResult<Ref<Int>> {
        // SAFETY: `int` is the builtin type of this layout; it has no prefixes.
        let placed = unsafe {
            let head = Object::exact::<Int>(vm.types.int.type_head_of());
            vm.heap.place_exact(Int { head, value })
        };
        placed.map_err(|_| vm.no_memory())
    }

    /// Places an int of the type `int` itself, where its bin has a free block at hand.
    #[inline(always)]
    pub(crate) fn place_quick(vm: &Vm, value: i64) -> Option<viv_heap::Raw> {
        // SAFETY: as for `place_exact`.
        unsafe {
            let head = Object::exact::<Int>(vm.hot.int());
            vm.hot.heap().place_quick(Int { head, value })
        }
    }

    /// Changes the value: only the eval loop does, of boxes that nobody else has.
    #[inline(always)]
    pub(crate) fn set_in_place(&mut self, value: i64) {
        self.value = value;
    }

    /// An int of the type `int` itself from its sign and limbs, least first; zeros may lead.
    pub fn from_limbs(vm: &Vm, negative: bool, limbs: &[Word]) -> PyResult {
        let count = limbs.iter().rposition(|l| *l != 0).map_or(0, |i| i + 1);
        let limbs = &limbs[..count];
        match *limbs {
            [] => return vm.new_int(0),
            [one] if one <= i64::MAX as u64 => {
                let value = one as i64;
                return vm.new_int(if negative { -value } else { value });
            }
            [one] if negative && one == 1 << 63 => return vm.new_int(i64::MIN),
            _ => {}
        }
        Int::place_limbs(vm, &vm.types.int, negative, limbs).map(Ref::upcast)
    }

    /// Places a big int of type `ty`; a value that fits 64 bits is stored as a small one.
    pub fn place_big(vm: &Vm, ty: &super::Type, value: &IBig) -> PyResult<Ref<Int>> {
        if let Ok(small) = i64::try_from(value) {
            return Int::place(vm, ty, small);
        }
        let (sign, words) = value.as_sign_words();
        Int::place_limbs(vm, ty, sign == Sign::Negative, words)
    }

    /// Places a big int: the last limb is not zero, and the value does not fit 64 bits.
    fn place_limbs(
        vm: &Vm,
        ty: &super::Type,
        negative: bool,
        words: &[Word],
    ) -> PyResult<Ref<Int>> {
        let count = words.len() as i64;
        let head = Object::new(ty.type_head_of());
        head.set_flags(BIG);
        let int = Int {
            head,
            value: if negative { -count } else { count },
        };
        let int = vm.place_var(int, size_of_val(words))?;
        // SAFETY: the tail was allocated for this many words, and nobody else has the object yet.
        unsafe {
            let tail = (&*int as *const Int).add(1).cast_mut().cast::<Word>();
            std::ptr::copy_nonoverlapping(words.as_ptr(), tail, words.len());
        }
        Ok(int)
    }
}

/// A `float`.
#[repr(C)]
pub struct Float {
    /// The header.
    pub head: Object,
    /// The value; changed only by the eval loop's reuse in place of temporaries nobody else has.
    pub(crate) value: f64,
}
object_layout!(Float = kinds::FLOAT);

impl Float {
    /// Places a float of the type `float` itself.
    #[inline(always)]
    pub fn place_exact(vm: &Vm, value: f64) -> PyResult<Ref<Float>> {
        // SAFETY: `float` is the builtin type of this layout; it has no prefixes.
        let placed = unsafe {
            let head = Object::exact::<Float>(vm.types.float.type_head_of());
            vm.heap.place_exact(Float { head, value })
        };
        placed.map_err(|_| vm.no_memory())
    }

    /// The value.
    #[inline]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Places a float of the type `float` itself, where its bin has a free block at hand.
    #[inline(always)]
    pub(crate) fn place_quick(vm: &Vm, value: f64) -> Option<viv_heap::Raw> {
        // SAFETY: as for `place_exact`.
        unsafe {
            let head = Object::exact::<Float>(vm.hot.float());
            vm.hot.heap().place_quick(Float { head, value })
        }
    }

    /// Places a float of type `ty` (`float` or a subclass).
    pub fn place(vm: &Vm, ty: &super::Type, value: f64) -> PyResult<Ref<Float>> {
        vm.place(Float {
            head: Object::new(ty.type_head_of()),
            value,
        })
    }
}

/// A `complex`.
#[repr(C)]
pub struct Complex {
    /// The header.
    pub head: Object,
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}
object_layout!(Complex = kinds::COMPLEX);
