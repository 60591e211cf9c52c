//! The shortest chain of owners from a root to an object.
//!
//! The search goes from the roots outwards, level by level, so the first way that reaches the object is a shortest one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use viv_heap::{Object, Ref, Visitor};

use super::walk::{Name, Place, places_in, root_place};
use crate::eval::stack::StackPart;
use crate::vm::Vm;
use crate::vm::roots::Root;

/// The object from which another was reached; nothing for those that roots own.
type Parent = Option<usize>;

/// What has been reached.
struct Reached {
    parents: HashMap<usize, Parent>,
    /// The objects of this level and of the next.
    now: Vec<Ref>,
    next: Vec<Ref>,
}

impl Reached {
    fn reach(&mut self, object: &Object, parent: Parent) {
        if let Entry::Vacant(place) = self.parents.entry(object.address()) {
            place.insert(parent);
            self.next.push(object.to_ref());
        }
    }
}

/// The places on the way from a root to the object, the root first.
pub fn to_root(vm: &Vm, target: &Object) -> Vec<Place> {
    // The roots come first. The last word of the evaluation stack that holds the object is this call's argument.
    let mut direct = Vec::new();
    let mut reached = Reached {
        parents: HashMap::new(),
        now: Vec::new(),
        next: Vec::new(),
    };
    vm.show_roots(&mut |root, object| {
        if object.is(target) {
            let evaluation = match root {
                Root::Stack(place) => matches!(place.part, StackPart::Evaluation(_)),
                _ => false,
            };
            direct.push((root_place(root), evaluation));
        } else {
            reached.reach(object, None);
        }
    });
    if let Some(argument) = direct.iter().rposition(|(_, evaluation)| *evaluation) {
        direct.remove(argument);
    }
    if let Some((place, _)) = direct.into_iter().next() {
        return vec![place];
    }
    vm.heap.for_each_object(&mut |object| {
        if object.is_immortal() && !object.is(target) {
            reached.reach(object, None);
        }
    });
    if !search(&mut reached, target) {
        return Vec::new();
    }
    trace_back(vm, &reached.parents, target)
}

/// Goes on level by level; whether the target was found.
fn search(reached: &mut Reached, target: &Object) -> bool {
    while !reached.next.is_empty() {
        reached.now = std::mem::take(&mut reached.next);
        let level = std::mem::take(&mut reached.now);
        for owner in &level {
            let parent = Some(owner.address());
            owner.traverse(&mut Visitor::new(&mut |child| reached.reach(child, parent)));
            if reached.parents.contains_key(&target.address()) {
                return true;
            }
        }
    }
    false
}

/// The places of the way that was found.
fn trace_back(vm: &Vm, parents: &HashMap<usize, Parent>, target: &Object) -> Vec<Place> {
    // From addresses back to objects: in one walk over the heap.
    let mut way = vec![target.address()];
    while let Some(Some(parent)) = way.last().and_then(|at| parents.get(at)) {
        way.push(*parent);
    }
    let mut objects: HashMap<usize, Ref> = HashMap::new();
    vm.heap.for_each_object(&mut |object| {
        if way.contains(&object.address()) {
            objects.insert(object.address(), object.to_ref());
        }
    });
    let chain: Vec<&Ref> = way.iter().rev().filter_map(|at| objects.get(at)).collect();
    let mut places = Vec::new();
    if let Some(first) = chain.first() {
        let mut root = None;
        vm.show_roots(&mut |r, object| {
            if root.is_none() && object.is(first) {
                root = Some(root_place(r));
            }
        });
        places.push(root.unwrap_or(Place {
            kind: "immortal",
            owner: None,
            name: Name::None,
            count: 1,
        }));
    }
    for (owner, child) in chain.iter().zip(chain.iter().skip(1)) {
        let mut found = Vec::new();
        places_in(owner, child, 1, &mut found);
        places.extend(found.into_iter().next());
    }
    places
}
