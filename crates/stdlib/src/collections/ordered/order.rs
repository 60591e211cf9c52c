//! The order of an `OrderedDict`'s keys: a doubly linked list whose nodes are places of a vector.
//!
//! A node owns its key beside the dict, so that the order outlives what the methods of `dict` do behind the back of
//! `OrderedDict`: a key that they have taken away is still in the order (and looking it up raises KeyError), one that they have
//! entered is not.
//!
//! **Invariants.** Node 0 is the root: `next` of it is the first key's node, `previous` the last one's. Free nodes have no key and
//! are chained by `next`. `by_place` tells the node of a place of the dict's table, 0 for none, as of the dict's count of moves that
//! `moves` remembers; a node and its place point to each other. `state` changes whenever a node comes, goes or is moved.

use std::cell::Cell;
use std::collections::HashMap;

use viv_runtime::object::{Dict, Inner, Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{HVec, HeapAlloc, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use crate::kinds;

/// The order; it stands in a slot of its `OrderedDict`.
#[repr(C)]
pub struct Order {
    /// The header.
    pub head: Object,
    links: Inner<Links>,
    /// Changes with every change of the order; never 0.
    state: Cell<u64>,
    moves: Cell<u16>,
}
object_layout!(
    Order = kinds::ORDER,
    traverse | this,
    visit | {
        this.links.read(|l| {
            for node in &l.nodes {
                if let Some(key) = &node.key {
                    visit.visit(key);
                }
            }
        });
    },
    clear | this | {
        this.clear();
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "_ordered_dict_order",
    module: "collections",
    traits: TypeTraits::NO_NEW,
    ..TypeSpec::new(Order::layout, true)
};

/// The type of orders.
pub fn order_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// The number of a node; 0 is the root.
pub type NodeId = u32;

/// No place of the dict's table.
const NOWHERE: u32 = u32::MAX;

struct Node {
    previous: NodeId,
    next: NodeId,
    /// The place of the key in the dict's table.
    place: u32,
    key: Option<Ref>,
}

struct Links {
    nodes: HVec<Node>,
    by_place: HVec<NodeId>,
    /// The first free node, 0 for none.
    free: NodeId,
}

impl Order {
    /// An empty order of a dict.
    pub fn place(vm: &Vm, dict: &Dict) -> PyResult<Ref<Order>> {
        let order = vm.place(Order {
            head: Object::new(order_type(vm)?.type_head_of()),
            links: Inner::new(Links::new()),
            state: Cell::new(1),
            moves: Cell::new(dict.moves()),
        })?;
        vm.heap.track(&order);
        Ok(order)
    }

    /// What changes with every change of the order.
    #[inline]
    pub fn state(&self) -> u64 {
        self.state.get()
    }

    fn changed(&self) {
        self.state.set(self.state.get() + 1);
    }

    /// Bytes that the nodes take.
    pub fn bytes(&self) -> usize {
        self.links.read(|l| {
            l.nodes.capacity() * size_of::<Node>() + l.by_place.capacity() * size_of::<NodeId>()
        })
    }

    /// Follows the entries of the dict to the places that they have got meanwhile.
    pub fn follow(&self, vm: &Vm, dict: &Dict) -> PyResult<()> {
        if self.moves.get() == dict.moves() {
            return Ok(());
        }
        if !self.links.write(|l| l.follow(dict)) {
            return Err(vm.no_memory());
        }
        self.moves.set(dict.moves());
        Ok(())
    }

    /// The node of a place of the dict, whose key must be the one there. The order has followed the dict.
    pub fn node_at(&self, place: usize, key: &Object) -> Option<NodeId> {
        self.links.read(|l| l.node_at(place, key))
    }

    /// Puts the key at a place of the dict behind all others, unless it is in the order already.
    pub fn append(&self, vm: &Vm, place: usize, key: &Object) -> PyResult<()> {
        if self.node_at(place, key).is_some() {
            return Ok(());
        }
        let key = key.to_ref();
        let left = self.links.write(|l| l.append(place, key));
        if left.is_some() {
            return Err(vm.no_memory());
        }
        self.changed();
        Ok(())
    }

    /// Takes a node out; gives its key, to be dropped by the caller.
    pub fn remove(&self, node: NodeId) -> Option<Ref> {
        self.changed();
        self.links.write(|l| l.remove(node))
    }

    /// Moves a node behind (or before) all others.
    pub fn move_to_end(&self, node: NodeId, last: bool) {
        if self.end(last) == node {
            return;
        }
        self.links.write(|l| {
            l.part(node);
            if last {
                l.join(l.nodes[0].previous, node, 0);
            } else {
                l.join(0, node, l.nodes[0].next);
            }
        });
        self.changed();
    }

    /// The last or first node, 0 if there is none.
    #[inline]
    pub fn end(&self, last: bool) -> NodeId {
        self.links.read(|l| match l.nodes.first() {
            Some(root) if last => root.previous,
            Some(root) => root.next,
            None => 0,
        })
    }

    /// The node behind (or before) a node, 0 at the end.
    #[inline]
    pub fn after(&self, node: NodeId, reverse: bool) -> NodeId {
        self.links.read(|l| match l.nodes.get(node as usize) {
            Some(node) if reverse => node.previous,
            Some(node) => node.next,
            None => 0,
        })
    }

    /// The key of a node.
    #[inline]
    pub fn key(&self, node: NodeId) -> Option<Ref> {
        self.links.read(|l| l.nodes.get(node as usize)?.key.clone())
    }

    /// The value of a node's key, nothing where the dict has it no more. The order has followed the dict.
    pub fn value(&self, node: NodeId, dict: &Dict) -> Option<Ref> {
        let (key, value) = dict.entry(self.place_of(node)?)?;
        let same = self.links.read(|l| {
            let own = l.nodes.get(node as usize)?.key.as_ref()?;
            Some(own.is(&key))
        });
        same.unwrap_or(false).then_some(value)
    }

    /// The place of a node's key in the dict as of its last known whereabouts.
    pub fn place_of(&self, node: NodeId) -> Option<usize> {
        self.links.read(|l| {
            let place = l.nodes.get(node as usize)?.place;
            (place != NOWHERE).then_some(place as usize)
        })
    }

    /// Takes all nodes out and gives up their keys.
    pub fn clear(&self) {
        let old = self.links.write(|l| std::mem::replace(l, Links::new()));
        self.changed();
        drop(old);
    }
}

impl Links {
    fn new() -> Links {
        Links {
            nodes: HVec::new_in(HeapAlloc),
            by_place: HVec::new_in(HeapAlloc),
            free: 0,
        }
    }

    fn node_at(&self, place: usize, key: &Object) -> Option<NodeId> {
        let node = *self.by_place.get(place)?;
        let own = self.nodes.get(node as usize)?.key.as_ref()?;
        own.is(key).then_some(node)
    }

    /// Gives the key back where there is no memory.
    fn append(&mut self, place: usize, key: Ref) -> Option<Ref> {
        let more = (place + 1).saturating_sub(self.by_place.len());
        if self.nodes.try_reserve(2).is_err()
            || self.by_place.try_reserve(more).is_err()
            || place >= NOWHERE as usize
        {
            return Some(key);
        }
        if self.nodes.is_empty() {
            self.nodes.push(Node::free(0));
        }
        if more > 0 {
            self.by_place.resize(place + 1, 0);
        }
        let lost = std::mem::replace(&mut self.by_place[place], 0);
        if lost != 0 {
            self.nodes[lost as usize].place = NOWHERE;
        }
        let id = if self.free == 0 {
            self.nodes.push(Node::free(0));
            self.nodes.len() as NodeId - 1
        } else {
            let id = self.free;
            self.free = self.nodes[id as usize].next;
            id
        };
        let node = &mut self.nodes[id as usize];
        node.key = Some(key);
        node.place = place as u32;
        self.by_place[place] = id;
        self.join(self.nodes[0].previous, id, 0);
        None
    }

    fn remove(&mut self, id: NodeId) -> Option<Ref> {
        let key = self.nodes.get_mut(id as usize)?.key.take()?;
        self.part(id);
        let place = self.nodes[id as usize].place as usize;
        if let Some(here) = self.by_place.get_mut(place)
            && *here == id
        {
            *here = 0;
        }
        self.nodes[id as usize] = Node::free(self.free);
        self.free = id;
        Some(key)
    }

    fn part(&mut self, id: NodeId) {
        let Node { previous, next, .. } = self.nodes[id as usize];
        self.nodes[previous as usize].next = next;
        self.nodes[next as usize].previous = previous;
    }

    fn join(&mut self, previous: NodeId, id: NodeId, next: NodeId) {
        self.nodes[previous as usize].next = id;
        self.nodes[next as usize].previous = id;
        let node = &mut self.nodes[id as usize];
        (node.previous, node.next) = (previous, next);
    }

    /// False where there is no memory; nothing has changed then.
    fn follow(&mut self, dict: &Dict) -> bool {
        let mut places: HVec<NodeId> = HVec::new_in(HeapAlloc);
        if places.try_reserve_exact(dict.entry_count()).is_err() {
            return false;
        }
        places.resize(dict.entry_count(), 0);
        let old = std::mem::replace(&mut self.by_place, places);
        // Entries keep their order when they move, so two pointers find each other, unless the dict was changed behind our back.
        let mut waiting = old.iter().copied().filter(|node| *node != 0).peekable();
        let mut strange = false;
        dict.for_each_place(|place, key| match waiting.peek() {
            Some(id) if self.nodes[*id as usize].has_key(key) => {
                self.nodes[*id as usize].place = place as u32;
                self.by_place[place] = *id;
                waiting.next();
            }
            _ => strange = true,
        });
        if strange || waiting.peek().is_some() {
            drop(waiting);
            self.search(dict, &old);
        }
        true
    }

    /// Looks all keys of the dict up by their identity.
    #[cold]
    fn search(&mut self, dict: &Dict, old: &[NodeId]) {
        let mut known = HashMap::new();
        dict.for_each_place(|place, key| {
            known.insert(key.address(), place);
        });
        self.by_place.fill(0);
        for id in old.iter().copied().filter(|node| *node != 0) {
            let node = &mut self.nodes[id as usize];
            let address = node.key.as_ref().map_or(0, |key| key.address());
            node.place = NOWHERE;
            if let Some(place) = known.get(&address) {
                node.place = *place as u32;
                self.by_place[*place] = id;
            }
        }
    }
}

impl Node {
    fn free(next: NodeId) -> Node {
        Node {
            previous: 0,
            next,
            place: NOWHERE,
            key: None,
        }
    }

    fn has_key(&self, key: &Object) -> bool {
        self.key.as_ref().is_some_and(|own| own.is(key))
    }
}
