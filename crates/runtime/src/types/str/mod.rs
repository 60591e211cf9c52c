//! The builtin type `str`.

use crate::object::{Str, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `str`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "str",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    ..TypeSpec::new(Str::layout, false)
};

pub fn concat_all(vm:&crate::Vm,p:&[&crate::object::Str])->crate::PyResult<crate::Ref<crate::object::Str>>{ let t:String=p.iter().map(|s|s.to_text().into_owned()).collect(); vm.new_str(&t) }
