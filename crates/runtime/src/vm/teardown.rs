//! Taking an interpreter down to the last block: the check that nothing has leaked.

use std::collections::HashMap;
use std::rc::Rc;

use viv_heap::{Heap, Ref};

use super::Vm;
use crate::object::{Dict, Function, Type};

impl Vm {
    /// Gives up everything that the interpreter owns, after [`Vm::shutdown`], and tells what is left in its heap: a line
    /// for each type, nothing where all is well.
    pub fn take_down(self: Box<Vm>) -> Vec<String> {
        let heap = Rc::clone(&self.heap);
        let previous = heap.enter();
        self.end_other_threads();
        crate::eval::thread::give_up_others(&self);
        self.clear_left_namespaces();
        let mut types: Vec<Ref<Type>> = Vec::new();
        heap.for_each_object(&mut |object| {
            if let Some(ty) = object.downcast::<Type>() {
                types.push(Ref::of(ty));
            }
        });
        let names: HashMap<usize, String> = types
            .iter()
            .map(|ty| (ty.address(), ty.display_name()))
            .collect();
        types.retain(|ty| ty.is_immortal());
        for ty in &types {
            ty.unregister();
        }
        // Now no type looks for its bases when its turn comes.
        for ty in types {
            ty.bases.set(None);
            ty.base.set(None);
        }
        drop(self);
        let left = heap.tear_down();
        Heap::leave(previous);
        left.iter()
            .map(|line| {
                let name = names.get(&line.ty).map_or(line.layout, String::as_str);
                let (count, example) = (line.count, line.example);
                if line.ty == 0 {
                    format!(
                        "{count} blocks of {name}, one at {example:#x} of {} bytes",
                        line.refcount
                    )
                } else {
                    format!(
                        "{count} of type {name} ({}), one at {example:#x} with count {}",
                        line.layout, line.refcount
                    )
                }
            })
            .collect()
    }

    /// Empties the namespaces that functions still hold.
    ///
    /// An instance without attributes (of a class with empty `__slots__`) is not watched by the collector, here as on
    /// CPython: one that stands in its module's namespace keeps its class, whose methods keep the namespace. No collection
    /// finds such a cycle, and it is no leak of ours.
    fn clear_left_namespaces(&self) {
        let mut namespaces: Vec<Ref<Dict>> = Vec::new();
        self.heap.for_each_object(&mut |object| {
            if let Some(function) = object.downcast::<Function>()
                && !namespaces.iter().any(|known| known.is(&function.globals))
            {
                namespaces.push(function.globals.clone());
            }
        });
        for namespace in namespaces {
            // What runs meanwhile finds its names, as on CPython.
            self.clear_namespace(&namespace);
            namespace.clear();
        }
        self.heap.collect(viv_heap::GENERATIONS - 1);
    }
}
