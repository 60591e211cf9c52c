//! The audit: every count recomputed by tracing, and the heap's lists checked against each other.
//!
//! Blocks of objects are found by walking pools and the raw list, so that nothing is missed that is not reachable; a
//! block's domain tells where its header is. Object pools hold nothing but objects.

use std::collections::HashMap;
use std::ptr::NonNull;

use crate::heap::Heap;
use crate::layout::Visitor;
use crate::links::Links;
use crate::object::{Flags, Object};
use crate::weak;

/// Something that does not agree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Disagreement {
    /// An object's count is not the number of its owners that were found.
    Count {
        /// Address of the object.
        address: usize,
        /// Name of its layout.
        layout: &'static str,
        /// Its count.
        counted: u32,
        /// Owners found.
        found: u32,
    },
    /// A reference to something that is no live object.
    Dangling {
        /// Address of the owner; 0 for a root.
        owner: usize,
        /// Name of the owner's layout.
        layout: &'static str,
        /// Where the reference points to.
        target: usize,
    },
    /// A list of the heap is broken.
    Broken(String),
}

/// One line of a census.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CensusLine {
    /// Name of the layout.
    pub layout: &'static str,
    /// Address of the type object.
    pub ty: usize,
    /// Objects.
    pub count: usize,
    /// Bytes of their blocks; growable payloads are not included.
    pub bytes: usize,
}

impl Heap {
    /// Calls `visit` for every live object, watched or not, in no particular order. `visit` must neither allocate nor
    /// release.
    pub fn for_each_object(&self, visit: &mut dyn FnMut(&Object)) {
        for (domain, block) in self.object_blocks() {
            // SAFETY: a block in use of an object domain holds an object behind its prefix.
            let object = unsafe { block.add(domain.prefix()).cast::<Object>().as_ref() };
            if object.raw_count() != 0 && object.flags() & Flags::RELEASING == 0 {
                visit(object);
            }
        }
    }

    /// All objects by type: count and bytes.
    pub fn census(&self) -> Vec<CensusLine> {
        let mut lines: HashMap<usize, CensusLine> = HashMap::new();
        self.for_each_object(&mut |object| {
            let ty = object.type_object().address();
            let line = lines.entry(ty).or_insert(CensusLine {
                layout: object.type_info().layout.get().name,
                ty,
                count: 0,
                bytes: 0,
            });
            line.count += 1;
            line.bytes += crate::place::size_of_object(object);
        });
        let mut lines: Vec<_> = lines.into_values().collect();
        lines.sort_by_key(|line| (std::cmp::Reverse(line.bytes), line.ty));
        lines
    }

    /// Every object, watched or not, that owns a reference to one of `targets`.
    pub fn holders(&self, targets: &[&Object]) -> Vec<NonNull<Object>> {
        let mut found = Vec::new();
        self.for_each_object(&mut |object| {
            let mut holds = false;
            object.traverse(&mut Visitor::new(&mut |child| {
                holds = holds || targets.iter().any(|t| t.is(child))
            }));
            if holds {
                found.push(NonNull::from(object));
            }
        });
        found
    }

    /// Recomputes every reference count. `roots` shows every reference that is owned from outside the heap's objects
    /// (call stacks, native structures), once for each.
    pub fn audit(&self, roots: &mut dyn FnMut(&mut Visitor<'_>)) -> Vec<Disagreement> {
        let mut found: HashMap<usize, u32> = HashMap::new();
        self.for_each_object(&mut |object| {
            found.insert(object.address(), 0);
        });
        let mut wrong = Vec::new();
        let (mut owner, mut layout) = (0, "root");
        let mut count = |owner: usize, layout: &'static str, child: &Object| match found
            .get_mut(&child.address())
        {
            Some(n) => *n += 1,
            None => wrong.push(Disagreement::Dangling {
                owner,
                layout,
                target: child.address(),
            }),
        };
        roots(&mut Visitor::new(&mut |child| count(owner, layout, child)));
        self.for_each_object(&mut |object| {
            owner = object.address();
            layout = object.type_info().layout.get().name;
            object.traverse(&mut Visitor::new(&mut |child| count(owner, layout, child)));
        });
        self.for_each_object(&mut |object| {
            let found = found.get(&object.address()).copied().unwrap_or(0);
            if !object.is_immortal() && object.raw_count() != found {
                wrong.push(Disagreement::Count {
                    address: object.address(),
                    layout: object.type_info().layout.get().name,
                    counted: object.raw_count(),
                    found,
                });
            }
        });
        if let Err(broken) = self.check_pools() {
            wrong.push(Disagreement::Broken(broken));
        }
        self.check_rings(&mut wrong);
        self.check_weakrefs(&mut wrong);
        wrong
    }

    /// Checks the collector's rings: links agree, members live and have a prefix.
    fn check_rings(&self, wrong: &mut Vec<Disagreement>) {
        let rings = self
            .collector
            .generations
            .iter()
            .map(|g| &g.ring)
            .chain([&self.collector.permanent, &self.collector.basis]);
        for (number, ring) in rings.enumerate() {
            let mut before = ring.ptr();
            for links in ring.iter() {
                // SAFETY: a member of a generation's ring.
                let object = unsafe { Links::object(links.ptr()) };
                if !std::ptr::eq(links.prev.get(), before)
                    || !object.has_links()
                    || object.raw_count() == 0
                {
                    wrong.push(Disagreement::Broken(format!(
                        "generation {number}: bad member at {:#x}",
                        object.address()
                    )));
                    return;
                }
                before = links.ptr();
            }
        }
    }

    /// Checks that every weak reference is in its target's list, and the lists hold nothing else.
    fn check_weakrefs(&self, wrong: &mut Vec<Disagreement>) {
        let mut listed = 0usize;
        let mut linked = 0usize;
        self.for_each_object(&mut |object| {
            if weak::target_address(object).is_some() {
                linked += 1;
            }
            for member in weak::members(object) {
                listed += 1;
                if weak::target_address(member) != Some(NonNull::from(object)) {
                    wrong.push(Disagreement::Broken(format!(
                        "weak reference {:#x} in a wrong list",
                        member.address()
                    )));
                }
            }
        });
        if listed != linked {
            wrong.push(Disagreement::Broken(format!(
                "{linked} weak references with targets, {listed} in lists"
            )));
        }
    }
}
