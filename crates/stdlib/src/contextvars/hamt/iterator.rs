//! The iterators `keys`, `values` and `items` of a persistent map, which know its length.

use viv_runtime::object::{Inner, Slot, Tuple};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::Hamt;
use super::node::{Entry, Node};
use crate::kinds;

/// What an iterator gives.
#[derive(Clone, Copy)]
pub enum What {
    /// Keys.
    Keys,
    /// Values.
    Values,
    /// Pairs.
    Items,
}

/// The way to the next key: from the root down, each with the place of the entry that comes next.
pub struct Walk(Vec<(Ref<Node>, usize)>);

impl Walk {
    /// A walk over everything below a node.
    pub fn of(root: Option<Ref<Node>>) -> Walk {
        Walk(root.map(|root| (root, 0)).into_iter().collect())
    }
}

impl Iterator for Walk {
    type Item = (Ref, Ref);

    fn next(&mut self) -> Option<(Ref, Ref)> {
        loop {
            let (node, at) = self.0.last_mut()?;
            let entry = node.entry(*at);
            *at += 1;
            match entry {
                Some(Entry::Leaf(key, value)) => return Some((key, value)),
                Some(Entry::Branch(below)) => self.0.push((below, 0)),
                None => drop(self.0.pop()),
            }
        }
    }
}

/// An iterator.
#[repr(C)]
pub struct HamtIterator {
    /// The header.
    pub head: Object,
    map: Slot<Hamt>,
    what: What,
    walk: Inner<Walk>,
}
object_layout!(
    HamtIterator = kinds::HAMT_ITERATOR,
    traverse | this,
    visit | {
        this.map.visit(visit);
        this.walk.read(|walk| {
            for (node, _) in &walk.0 {
                visit.visit(node.as_object());
            }
        });
    },
    clear | this | {
        let walk = this
            .walk
            .write(|walk| std::mem::replace(walk, Walk(Vec::new())));
        drop(walk);
        this.map.set(None);
    }
);

const fn spec(name: &'static str) -> TypeSpec {
    TypeSpec {
        name,
        slots: |s| {
            s.iter.set(Some(|_, this| Ok(this.to_ref())));
            s.next.set(Some(next));
            s.len.set(Some(|vm, this| {
                let map = receiver::<HamtIterator>(vm, this)?.map.get();
                Ok(map.map_or(0, |map| map.len()))
            }));
        },
        ..TypeSpec::new(HamtIterator::layout, true)
    }
}

static KEYS: TypeSpec = spec("keys");
static VALUES: TypeSpec = spec("values");
static ITEMS: TypeSpec = spec("items");

/// An iterator over a map.
///
/// # Errors
/// MemoryError
pub fn new(vm: &Vm, map: &Hamt, what: What) -> PyResult {
    let spec = match what {
        What::Keys => &KEYS,
        What::Values => &VALUES,
        What::Items => &ITEMS,
    };
    let ty = extra_type(vm, spec, &vm.types.object)?;
    place_tracked(
        vm,
        HamtIterator {
            head: Object::new(ty.type_head_of()),
            map: Slot::full(Ref::of(map)),
            what,
            walk: Inner::new(Walk::of(map.root.get())),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<HamtIterator>(vm, this)?;
    // The walk is taken out while it goes on: what it lets go of may run code.
    let mut walk = this
        .walk
        .write(|walk| std::mem::replace(walk, Walk(Vec::new())));
    let found = walk.next();
    this.walk.write(|place| std::mem::swap(place, &mut walk));
    let Some((key, value)) = found else {
        return Ok(None);
    };
    Ok(Some(match this.what {
        What::Keys => key,
        What::Values => value,
        What::Items => Tuple::pair(vm, key, value)?.upcast(),
    }))
}
