//! The method resolution order: C3.

use viv_heap::Ref;

use crate::object::{Tuple, Type};
use crate::result::PyResult;
use crate::vm::Vm;

/// The linearisation of a class with these bases, the class itself left out.
///
/// # Errors
/// TypeError where the bases contradict each other, or one stands there twice.
pub fn linearize(vm: &Vm, bases: &Tuple) -> PyResult<Vec<Ref>> {
    let classes: Vec<Ref<Type>> = bases.iter().filter_map(|b| b.downcast::<Type>().map(Ref::of)).collect();
    for (i, class) in classes.iter().enumerate() {
        if classes[..i].iter().any(|c| c.is(class)) {
            return Err(vm.type_error(format!("duplicate base class {}", class.display_name())));
        }
    }
    let mut sequences: Vec<Vec<Ref>> = classes.iter().map(|c| c.mro.get().map_or_else(Vec::new, |m| m.as_slice().to_vec())).collect();
    sequences.push(bases.as_slice().to_vec());
    let mut order = Vec::new();
    loop {
        sequences.retain(|s| !s.is_empty());
        if sequences.is_empty() {
            return Ok(order);
        }
        let next = sequences.iter().map(|s| &s[0]).find(|candidate| {
            !sequences.iter().any(|s| s[1..].iter().any(|c| c.is(candidate)))
        });
        let Some(next) = next.cloned() else {
            let mut names: Vec<String> = Vec::new();
            for sequence in &sequences {
                if let Some(class) = sequence[0].downcast::<Type>() {
                    let name = class.display_name();
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            return Err(vm.type_error(format!(
                "Cannot create a consistent method resolution order (MRO) for bases {}",
                names.join(", ")
            )));
        };
        for sequence in &mut sequences {
            if sequence[0].is(&next) {
                sequence.remove(0);
            }
        }
        order.push(next);
    }
}
