//! The module `_random`: the Mersenne Twister (Matsumoto, Nishimura 1998, MT19937).

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher, Hasher};

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Int, Tuple, Type, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Vm, object_layout};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_random",
    doc: "Module implements the Mersenne Twister random number generator.",
    functions: &[],
    fill: |vm, module| {
        module.dict.set_text(
            vm,
            "Random",
            extra_type(vm, &SPEC, &vm.types.object)?.as_object(),
        )
    },
};

const N: usize = 624;
const M: usize = 397;

/// A `_random.Random`.
#[repr(C)]
pub struct Random {
    /// The header.
    pub head: Object,
    index: Cell<usize>,
    /// The generator's words; no Python code runs while they are borrowed.
    state: RefCell<Box<[u32; N]>>,
}
object_layout!(Random = kinds::RANDOM);

static SPEC: TypeSpec = TypeSpec {
    name: "Random",
    module: "_random",
    doc: "Random() -> create a random number generator with its own internal state.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Random::layout, false)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "random",
        "($self, /)",
        NativeCall::NoArgs(random),
        "random() -> x in the interval [0, 1).",
    ),
    MethodDef::new(
        "seed",
        "($self, n=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, args| {
                seed(vm, receiver(vm, this)?, args.first().copied())?;
                Ok(vm.none_ref())
            },
        },
        "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the current time and the process identifier.",
    ),
    MethodDef::new(
        "getstate",
        "($self, /)",
        NativeCall::NoArgs(getstate),
        "getstate() -> tuple containing the current state.",
    ),
    MethodDef::new(
        "setstate",
        "($self, state, /)",
        NativeCall::One(setstate),
        "setstate(state) -> None.  Restores generator state.",
    ),
    MethodDef::new(
        "getrandbits",
        "($self, k, /)",
        NativeCall::One(getrandbits),
        "getrandbits(k) -> x.  Generates an int with k random bits.",
    ),
];

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    let head = Object::new(ty.type_head_of());
    let made = vm.place(Random {
        head,
        index: Cell::new(N),
        state: RefCell::new(Box::new([0; N])),
    })?;
    seed(vm, &made, None)?;
    Ok(made.upcast())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    if args.pos().len() > 1 {
        return Err(vm.type_error(format!(
            "Random() takes at most 1 argument ({} given)",
            args.pos().len()
        )));
    }
    seed(vm, receiver(vm, this)?, args.pos().first().copied())
}

impl Random {
    fn seed_word(&self, seed: u32) {
        let mut state = self.state.borrow_mut();
        state[0] = seed;
        for i in 1..N {
            let previous = state[i - 1];
            state[i] = 1_812_433_253u32
                .wrapping_mul(previous ^ previous >> 30)
                .wrapping_add(i as u32);
        }
        self.index.set(N);
    }

    fn seed_array(&self, key: &[u32]) {
        self.seed_word(19_650_218);
        let mut state = self.state.borrow_mut();
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let previous = state[i - 1];
            state[i] = (state[i] ^ (previous ^ previous >> 30).wrapping_mul(1_664_525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            i += 1;
            j += 1;
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
            if j >= key.len() {
                j = 0;
            }
        }
        for _ in 0..N - 1 {
            let previous = state[i - 1];
            state[i] = (state[i] ^ (previous ^ previous >> 30).wrapping_mul(1_566_083_941))
                .wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = 0x8000_0000;
    }

    /// The next 32 bits.
    fn word(&self) -> u32 {
        let mut state = self.state.borrow_mut();
        if self.index.get() >= N {
            for i in 0..N {
                let y = state[i] & 0x8000_0000 | state[(i + 1) % N] & 0x7fff_ffff;
                state[i] = state[(i + M) % N] ^ y >> 1 ^ if y & 1 == 1 { 0x9908_b0df } else { 0 };
            }
            self.index.set(0);
        }
        let mut y = state[self.index.get()];
        self.index.set(self.index.get() + 1);
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c_5680;
        y ^= y << 15 & 0xefc6_0000;
        y ^ y >> 18
    }
}

fn seed(vm: &Vm, this: &Random, n: Option<&Object>) -> PyResult<()> {
    let Some(n) = n.filter(|n| !vm.is_none(n)) else {
        // The process's own randomness, spread by its hasher.
        let random = std::hash::RandomState::new();
        let words: Vec<u32> = (0..N as u64)
            .map(|i| {
                let mut hasher = random.build_hasher();
                hasher.write_u64(i);
                hasher.finish() as u32
            })
            .collect();
        this.seed_array(&words);
        return Ok(());
    };
    let mut key: Vec<u32> = match n.downcast::<Int>() {
        Some(int) => match int.as_i64() {
            Some(small) => vec![
                small.unsigned_abs() as u32,
                (small.unsigned_abs() >> 32) as u32,
            ],
            None => int
                .limbs()
                .iter()
                .flat_map(|limb| [*limb as u32, (*limb >> 32) as u32])
                .collect(),
        },
        None => {
            let hash = protocol::hash(vm, n)? as u64;
            vec![hash as u32, (hash >> 32) as u32]
        }
    };
    while key.len() > 1 && key.last() == Some(&0) {
        key.pop();
    }
    this.seed_array(&key);
    Ok(())
}

fn random(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<Random>(vm, this)?;
    let (a, b) = (this.word() >> 5, this.word() >> 6);
    vm.new_float((f64::from(a) * 67_108_864.0 + f64::from(b)) * (1.0 / 9_007_199_254_740_992.0))
}

fn getrandbits(vm: &Vm, this: &Object, k: &Object) -> PyResult {
    let this = receiver::<Random>(vm, this)?;
    let index = protocol::index(vm, k)?;
    if index.downcast::<Int>().is_some_and(|k| k.signum() < 0) {
        return Err(vm.value_error("number of bits must be non-negative"));
    }
    let k = protocol::to_i64(vm, &index)?;
    if k == 0 {
        return vm.new_int(0);
    }
    if k <= 32 {
        return vm.new_int(i64::from(this.word() >> (32 - k)));
    }
    let mut bytes: Vec<u8> = Vec::new();
    let words = (k as u64).div_ceil(32);
    if words > 1 << 32 || bytes.try_reserve_exact(words as usize * 4).is_err() {
        return Err(vm.no_memory());
    }
    let mut left = k;
    while left > 0 {
        let word = this.word();
        bytes
            .extend_from_slice(&(if left < 32 { word >> (32 - left) } else { word }).to_le_bytes());
        left -= 32;
    }
    vm.new_int_from_le_bytes(&bytes)
}

fn getstate(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<Random>(vm, this)?;
    let words: Vec<u32> = this.state.borrow().to_vec();
    let mut items = words
        .into_iter()
        .map(|w| vm.new_int(i64::from(w)))
        .collect::<PyResult<Vec<_>>>()?;
    items.push(vm.new_usize(this.index.get())?);
    Ok(vm.new_tuple(items)?.upcast())
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<Random>(vm, this)?;
    let Some(tuple) = state.downcast::<Tuple>() else {
        return Err(vm.type_error("state vector must be a tuple"));
    };
    if tuple.len() != N + 1 {
        return Err(vm.value_error("state vector is the wrong size"));
    }
    let mut words = Box::new([0u32; N]);
    for (word, item) in words.iter_mut().zip(tuple.iter()) {
        *word = protocol::to_i64(vm, item)? as u32;
    }
    let index = tuple.get(N).map_or(Ok(0), |i| protocol::to_i64(vm, i))?;
    if !(0..=N as i64).contains(&index) {
        return Err(vm.value_error("invalid state"));
    }
    *this.state.borrow_mut() = words;
    this.index.set(index as usize);
    Ok(vm.none_ref())
}
