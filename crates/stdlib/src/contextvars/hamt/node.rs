//! The nodes of a persistent map.
//!
//! **Invariants.** A node never changes, so that many maps share it; the collector alone empties one. An entry of a
//! bitmap node stands at the place that its bit has among the bits that are set; the entries of a collision node are keys
//! with the same 32 bits of hash. At most seven nodes lie between the root and a key: each takes five bits.

use viv_runtime::object::Inner;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    HVec, HeapAlloc, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use crate::kinds;

/// Bits of the hash that one level takes.
const STEP: u32 = 5;

/// What a node is.
#[derive(Clone, Copy)]
enum Shape {
    /// Up to 32 entries: the bits say which.
    Bitmap(u32),
    /// Keys with this hash.
    Collision(u32),
}

/// What stands in a node.
#[derive(Clone)]
pub enum Entry {
    /// A key and its value.
    Leaf(Ref, Ref),
    /// A node below.
    Branch(Ref<Node>),
}

/// A node.
#[repr(C)]
pub struct Node {
    /// The header.
    pub head: Object,
    shape: Shape,
    entries: Inner<HVec<Entry>>,
}
object_layout!(
    Node = kinds::HAMT_NODE,
    traverse | this,
    visit | {
        this.entries.read(|entries| {
            for entry in entries {
                match entry {
                    Entry::Leaf(key, value) => {
                        visit.visit(key);
                        visit.visit(value);
                    }
                    Entry::Branch(node) => visit.visit(node.as_object()),
                }
            }
        });
    },
    clear | this | {
        let entries = this
            .entries
            .write(|entries| std::mem::replace(entries, HVec::new_in(HeapAlloc)));
        drop(entries);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "hamt_node",
    ..TypeSpec::new(Node::layout, true)
};

/// What taking a key out has come to.
pub enum Removed {
    /// The key was not there.
    Nothing,
    /// It was the last one.
    All,
    /// The node without it.
    Rest(Ref<Node>),
}

/// The 32 bits of a hash that the map goes by.
///
/// # Errors
/// What `__hash__` raises.
pub fn hash(vm: &Vm, key: &Object) -> PyResult<u32> {
    let hash = protocol::hash(vm, key)? as u64;
    Ok((hash ^ (hash >> 32)) as u32)
}

fn bit(hash: u32, shift: u32) -> u32 {
    1 << ((hash >> shift) & 31)
}

impl Node {
    fn place(vm: &Vm, shape: Shape, entries: HVec<Entry>) -> PyResult<Ref<Node>> {
        let ty = extra_type(vm, &SPEC, &vm.types.object)?;
        let node = vm.place(Node {
            head: Object::new(ty.type_head_of()),
            shape,
            entries: Inner::new(entries),
        })?;
        vm.heap.track(&node);
        Ok(node)
    }

    /// A node with one key.
    ///
    /// # Errors
    /// MemoryError
    pub fn single(vm: &Vm, hash: u32, key: &Object, value: &Object) -> PyResult<Ref<Node>> {
        let mut entries = room(vm, 1)?;
        entries.push(Entry::Leaf(key.to_ref(), value.to_ref()));
        Node::place(vm, Shape::Bitmap(bit(hash, 0)), entries)
    }

    /// An entry.
    pub fn entry(&self, at: usize) -> Option<Entry> {
        self.entries.read(|entries| entries.get(at).cloned())
    }

    /// The value of this very key, if it stands in this node among the first few.
    #[inline]
    pub fn find_same(&self, key: &Object) -> Option<Ref> {
        self.entries.read(|entries| {
            entries.iter().take(4).find_map(|entry| match entry {
                Entry::Leaf(known, value) if known.is(key) => Some(value.clone()),
                _ => None,
            })
        })
    }

    fn len(&self) -> usize {
        self.entries.read(|entries| entries.len())
    }

    /// The place of a bit among those that are set.
    fn index(bits: u32, bit: u32) -> usize {
        (bits & (bit - 1)).count_ones() as usize
    }

    /// A copy of the entries, with room for more.
    fn copied(&self, vm: &Vm, more: usize) -> PyResult<HVec<Entry>> {
        let mut entries = room(vm, self.len() + more)?;
        self.entries.read(|own| {
            for entry in own.iter() {
                entries.push(entry.clone());
            }
        });
        Ok(entries)
    }

    /// A copy with another entry at a place.
    fn with(&self, vm: &Vm, at: usize, entry: Entry) -> PyResult<Ref<Node>> {
        let mut entries = self.copied(vm, 0)?;
        if let Some(place) = entries.get_mut(at) {
            *place = entry;
        }
        Node::place(vm, self.shape, entries)
    }

    /// A copy with one entry more.
    fn with_new(&self, vm: &Vm, shape: Shape, at: usize, entry: Entry) -> PyResult<Ref<Node>> {
        let mut entries = self.copied(vm, 1)?;
        entries.insert(at.min(entries.len()), entry);
        Node::place(vm, shape, entries)
    }

    /// A copy without one entry.
    fn without_entry(&self, vm: &Vm, shape: Shape, at: usize) -> PyResult<Ref<Node>> {
        let mut entries = self.copied(vm, 0)?;
        if at < entries.len() {
            drop(entries.remove(at));
        }
        Node::place(vm, shape, entries)
    }

    /// The place of a key in a collision node.
    fn position(&self, vm: &Vm, key: &Object) -> PyResult<Option<(usize, Ref)>> {
        let mut at = 0;
        while let Some(entry) = self.entry(at) {
            if let Entry::Leaf(known, value) = entry
                && protocol::compare_is_or_eq(vm, key, &known)?
            {
                return Ok(Some((at, value)));
            }
            at += 1;
        }
        Ok(None)
    }

    /// The value of a key.
    ///
    /// # Errors
    /// What comparing raises.
    pub fn find(&self, vm: &Vm, hash: u32, key: &Object) -> PyResult<Option<Ref>> {
        let mut node = Ref::of(self);
        let mut shift = 0;
        loop {
            let bits = match node.shape {
                Shape::Bitmap(bits) => bits,
                Shape::Collision(_) => {
                    return Ok(node.position(vm, key)?.map(|(_, value)| value));
                }
            };
            let bit = bit(hash, shift);
            if bits & bit == 0 {
                return Ok(None);
            }
            match node.entry(Node::index(bits, bit)) {
                Some(Entry::Leaf(known, value)) => {
                    let equal = protocol::compare_is_or_eq(vm, key, &known)?;
                    return Ok(equal.then_some(value));
                }
                Some(Entry::Branch(below)) => node = below,
                None => return Ok(None),
            }
            shift += STEP;
        }
    }

    /// The node with a key set, and whether the key is new; this node itself where nothing changes.
    ///
    /// # Errors
    /// What comparing and hashing raise; MemoryError
    pub fn set(
        &self,
        vm: &Vm,
        shift: u32,
        hash: u32,
        key: &Object,
        value: &Object,
    ) -> PyResult<(Ref<Node>, bool)> {
        let leaf = || Entry::Leaf(key.to_ref(), value.to_ref());
        let bits = match self.shape {
            Shape::Bitmap(bits) => bits,
            Shape::Collision(own) if own == hash => {
                return match self.position(vm, key)? {
                    Some((_, known)) if known.is(value) => Ok((Ref::of(self), false)),
                    Some((at, _)) => {
                        let known = match self.entry(at) {
                            Some(Entry::Leaf(known, _)) => known,
                            _ => key.to_ref(),
                        };
                        let entry = Entry::Leaf(known, value.to_ref());
                        Ok((self.with(vm, at, entry)?, false))
                    }
                    None => Ok((self.with_new(vm, self.shape, self.len(), leaf())?, true)),
                };
            }
            Shape::Collision(own) => {
                let mut entries = room(vm, 1)?;
                entries.push(Entry::Branch(Ref::of(self)));
                let outer = Node::place(vm, Shape::Bitmap(bit(own, shift)), entries)?;
                return outer.set(vm, shift, hash, key, value);
            }
        };
        let bit = bit(hash, shift);
        let at = Node::index(bits, bit);
        if bits & bit == 0 {
            return Ok((
                self.with_new(vm, Shape::Bitmap(bits | bit), at, leaf())?,
                true,
            ));
        }
        match self.entry(at) {
            Some(Entry::Leaf(known, old)) => {
                if protocol::compare_is_or_eq(vm, key, &known)? {
                    if old.is(value) {
                        return Ok((Ref::of(self), false));
                    }
                    let entry = Entry::Leaf(known, value.to_ref());
                    return Ok((self.with(vm, at, entry)?, false));
                }
                let own = self::hash(vm, &known)?;
                let below = join(
                    vm,
                    shift + STEP,
                    (own, Entry::Leaf(known, old)),
                    (hash, leaf()),
                )?;
                Ok((self.with(vm, at, Entry::Branch(below))?, true))
            }
            Some(Entry::Branch(below)) => {
                let (new, added) = below.set(vm, shift + STEP, hash, key, value)?;
                if new.is(below.as_object()) {
                    return Ok((Ref::of(self), false));
                }
                Ok((self.with(vm, at, Entry::Branch(new))?, added))
            }
            None => Err(vm.system_error("a node of a context without the entry of a bit")),
        }
    }

    /// Takes a key out.
    ///
    /// # Errors
    /// What comparing raises; MemoryError
    pub fn remove(&self, vm: &Vm, shift: u32, hash: u32, key: &Object) -> PyResult<Removed> {
        let bits = match self.shape {
            Shape::Bitmap(bits) => bits,
            Shape::Collision(own) if own != hash => return Ok(Removed::Nothing),
            Shape::Collision(_) => return self.remove_collided(vm, shift, hash, key),
        };
        let bit = bit(hash, shift);
        if bits & bit == 0 {
            return Ok(Removed::Nothing);
        }
        let at = Node::index(bits, bit);
        let without = || {
            if self.len() == 1 {
                return Ok(Removed::All);
            }
            let rest = self.without_entry(vm, Shape::Bitmap(bits & !bit), at)?;
            Ok(Removed::Rest(rest))
        };
        match self.entry(at) {
            Some(Entry::Leaf(known, _)) => {
                if !protocol::compare_is_or_eq(vm, key, &known)? {
                    return Ok(Removed::Nothing);
                }
                without()
            }
            Some(Entry::Branch(below)) => match below.remove(vm, shift + STEP, hash, key)? {
                Removed::Nothing => Ok(Removed::Nothing),
                Removed::All => without(),
                Removed::Rest(new) => {
                    // A node with one key is not worth a level.
                    let entry = match new.entry(0) {
                        Some(only @ Entry::Leaf(..)) if new.len() == 1 => only,
                        _ => Entry::Branch(new),
                    };
                    Ok(Removed::Rest(self.with(vm, at, entry)?))
                }
            },
            None => Ok(Removed::Nothing),
        }
    }

    fn remove_collided(&self, vm: &Vm, shift: u32, hash: u32, key: &Object) -> PyResult<Removed> {
        let Some((at, _)) = self.position(vm, key)? else {
            return Ok(Removed::Nothing);
        };
        let shape = match self.len() {
            1 => return Ok(Removed::All),
            2 => Shape::Bitmap(bit(hash, shift)),
            _ => self.shape,
        };
        Ok(Removed::Rest(self.without_entry(vm, shape, at)?))
    }
}

fn room(vm: &Vm, len: usize) -> PyResult<HVec<Entry>> {
    let mut entries = HVec::new_in(HeapAlloc);
    match entries.try_reserve_exact(len) {
        Ok(()) => Ok(entries),
        Err(_) => Err(vm.no_memory()),
    }
}

/// A node with two keys.
fn join(vm: &Vm, shift: u32, one: (u32, Entry), other: (u32, Entry)) -> PyResult<Ref<Node>> {
    let mut entries = room(vm, 2)?;
    if one.0 == other.0 {
        entries.push(one.1);
        entries.push(other.1);
        return Node::place(vm, Shape::Collision(one.0), entries);
    }
    let (a, b) = (bit(one.0, shift), bit(other.0, shift));
    if a == b {
        entries.push(Entry::Branch(join(vm, shift + STEP, one, other)?));
    } else if a < b {
        entries.push(one.1);
        entries.push(other.1);
    } else {
        entries.push(other.1);
        entries.push(one.1);
    }
    Node::place(vm, Shape::Bitmap(a | b), entries)
}
