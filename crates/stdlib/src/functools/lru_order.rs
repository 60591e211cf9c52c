//! The order of use of a bounded `lru_cache`'s results: a doubly linked list whose nodes are places of a vector.
//!
//! **Invariant.** Node 0 is the root: `next` of it is the least recently used, `previous` the most. A link that is in the
//! list knows its place; one that is not has the place 0. Free places are chained by `next`.

use std::cell::Cell;

use viv_runtime::object::{Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{HVec, HeapAlloc, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use crate::kinds;

/// A `functools._lru_list_elem`: a result with its key.
#[repr(C)]
pub struct Link {
    /// The header.
    pub head: Object,
    /// The key under which it stands in the dict.
    pub key: Ref,
    /// The result of the call.
    pub result: Ref,
    /// The key's hash.
    pub hash: i64,
    place: Cell<u32>,
}
object_layout!(Link = kinds::LRU_LINK);

static SPEC: TypeSpec = TypeSpec {
    name: "_lru_list_elem",
    module: "functools",
    traits: TypeTraits::NO_NEW | TypeTraits::IMMUTABLE,
    ..TypeSpec::new(Link::layout, false)
};

/// The type of links.
pub fn link_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

impl Link {
    /// A link that is in no list.
    pub fn place(
        vm: &Vm,
        ty: &Type,
        key: &Object,
        hash: i64,
        result: &Object,
    ) -> PyResult<Ref<Link>> {
        vm.place(Link {
            head: Object::new(ty.type_head_of()),
            key: key.to_ref(),
            result: result.to_ref(),
            hash,
            place: Cell::new(0),
        })
    }
}

struct Node {
    previous: u32,
    next: u32,
    link: Option<Ref<Link>>,
}

/// The list.
pub struct Order {
    nodes: HVec<Node>,
    /// The first free place, 0 for none.
    free: u32,
}

impl Default for Order {
    fn default() -> Order {
        Order {
            nodes: HVec::new_in(HeapAlloc),
            free: 0,
        }
    }
}

impl Order {
    /// Empties the list; the old one is to be dropped by the caller.
    pub fn take(&mut self) -> Order {
        for node in &self.nodes {
            if let Some(link) = &node.link {
                link.place.set(0);
            }
        }
        std::mem::take(self)
    }

    /// Calls a function with each link.
    pub fn each(&self, mut function: impl FnMut(&Link)) {
        for link in self.nodes.iter().filter_map(|node| node.link.as_ref()) {
            function(link);
        }
    }

    /// Makes a link the most recently used. False where there is no memory.
    pub fn append(&mut self, link: &Ref<Link>) -> bool {
        if self.nodes.try_reserve(2).is_err() {
            return false;
        }
        if self.nodes.is_empty() {
            self.nodes.push(Node {
                previous: 0,
                next: 0,
                link: None,
            });
        }
        let place = if self.free == 0 {
            self.nodes.push(Node {
                previous: 0,
                next: 0,
                link: None,
            });
            self.nodes.len() as u32 - 1
        } else {
            let free = self.free;
            self.free = self.nodes[free as usize].next;
            free
        };
        self.nodes[place as usize].link = Some(link.clone());
        link.place.set(place);
        self.join_last(place);
        true
    }

    /// Makes a link of the list the most recently used.
    pub fn renew(&mut self, link: &Link) {
        let place = link.place.get();
        if place != 0 && self.nodes[0].previous != place {
            self.part(place);
            self.join_last(place);
        }
    }

    /// Takes out the least recently used.
    pub fn take_oldest(&mut self) -> Option<Ref<Link>> {
        let place = self.nodes.first()?.next;
        if place == 0 {
            return None;
        }
        self.part(place);
        let free = self.free;
        let node = &mut self.nodes[place as usize];
        node.next = free;
        self.free = place;
        let link = node.link.take()?;
        link.place.set(0);
        Some(link)
    }

    fn part(&mut self, place: u32) {
        let Node { previous, next, .. } = self.nodes[place as usize];
        self.nodes[previous as usize].next = next;
        self.nodes[next as usize].previous = previous;
    }

    fn join_last(&mut self, place: u32) {
        let last = std::mem::replace(&mut self.nodes[0].previous, place);
        self.nodes[last as usize].next = place;
        let node = &mut self.nodes[place as usize];
        (node.previous, node.next) = (last, 0);
    }
}
