//! The method resolution order: C3 linearisation.

use viv_heap::{Object, Ref};

use crate::object::{Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The MRO of a class by its bases.
///
/// # Errors
/// TypeError where the bases' orders contradict each other, or a base stands twice.
pub fn linearize(vm: &Vm, ty: &Type) -> PyResult<Vec<Ref>> {
    let bases = ty.bases.get().unwrap_or_else(|| vm.empty_tuple.clone());
    let mut lists: Vec<Vec<Ref>> = Vec::with_capacity(bases.len() + 1);
    for base in bases.iter() {
        let base = receiver::<Type>(vm, base)?;
        let mro = base.mro.get().ok_or_else(|| {
            vm.type_error(format!(
                "Cannot extend an incomplete type '{}'",
                base.display_name()
            ))
        })?;
        lists.push(mro.as_slice().to_vec());
    }
    let mut result: Vec<Ref> = vec![ty.head.to_ref()];
    if lists.len() == 1 {
        result.append(&mut lists[0]);
        return Ok(result);
    }
    for (i, base) in bases.iter().enumerate() {
        if bases.iter().take(i).any(|other| other.is(base)) {
            let name = receiver::<Type>(vm, base)?.display_name();
            return Err(vm.type_error(format!("duplicate base class {name}")));
        }
    }
    lists.push(bases.as_slice().to_vec());
    let mut heads = vec![0usize; lists.len()];
    loop {
        let open: Vec<usize> = (0..lists.len())
            .filter(|&i| heads[i] < lists[i].len())
            .collect();
        if open.is_empty() {
            return Ok(result);
        }
        let in_tail = |class: &Object| {
            open.iter()
                .any(|&i| lists[i].iter().skip(heads[i] + 1).any(|c| c.is(class)))
        };
        let next = open
            .iter()
            .map(|&i| &lists[i][heads[i]])
            .find(|c| !in_tail(c))
            .cloned();
        let Some(next) = next else {
            let mut names: Vec<(usize, String)> = Vec::new();
            for &i in &open {
                let class = &lists[i][heads[i]];
                if !names.iter().any(|(a, _)| *a == class.address()) {
                    names.push((class.address(), receiver::<Type>(vm, class)?.display_name()));
                }
            }
            let names: Vec<String> = names.into_iter().map(|(_, n)| n).collect();
            return Err(vm.type_error(format!(
                "Cannot create a consistent method resolution order (MRO) for bases {}",
                names.join(", ")
            )));
        };
        for i in open {
            if lists[i][heads[i]].is(&next) {
                heads[i] += 1;
            }
        }
        result.push(next);
    }
}

/// The MRO of a class as its metaclass wants it: by `mro()` where that is overridden.
pub fn compute(vm: &Vm, ty: &Type) -> PyResult<Ref<Tuple>> {
    let meta = Type::of(ty);
    let method = vm.type_lookup(meta, &vm.names.mro);
    let own = vm
        .types
        .type_
        .dict(vm)
        .and_then(|d| d.get_str(vm, &vm.names.mro));
    let default = meta.is(&vm.types.type_)
        || method
            .as_ref()
            .zip(own.as_ref())
            .is_none_or(|(a, b)| a.is(b));
    if default {
        return vm.new_tuple(linearize(vm, ty)?);
    }
    let result = protocol::call_method(vm, &ty.head, &vm.names.mro, &[])?;
    let items = protocol::collect(vm, &result)?;
    let solid = super::new::solid_base(ty);
    for item in &items {
        let Some(class) = item.downcast::<Type>() else {
            return Err(vm.type_error(format!(
                "mro() returned a non-class ('{}')",
                protocol::type_name(item)
            )));
        };
        if !solid.is_subtype_by_base(&super::new::solid_base(class)) {
            return Err(vm.type_error(format!(
                "mro() returned base with unsuitable layout ('{}')",
                class.display_name()
            )));
        }
    }
    vm.new_tuple(items)
}
