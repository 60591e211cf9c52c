//! The functions behind CALL_INTRINSIC_1 and CALL_INTRINSIC_2.

use viv_bytecode::op::{Intrinsic1, Intrinsic2};
use viv_heap::Object;

use super::regs::{Flow, Regs};
use crate::object::{Exception, Function, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::typing;
use crate::vm::Vm;

pub(super) unsafe fn call_1(vm: &Vm, r: &mut Regs, which: usize) -> Flow {
    // SAFETY: the argument is owned by the stack.
    unsafe {
        r.save(vm);
        let x = r.top(1);
        let result = match Intrinsic1::from_u8(which as u8) {
            Some(Intrinsic1::Print) => display(vm, x),
            Some(Intrinsic1::ImportStar) => import_star(vm, r, x),
            Some(Intrinsic1::StopIterationError) => stop_iteration_error(vm, r, x),
            Some(Intrinsic1::AsyncGenWrap) => crate::types::generator::wrap_async_value(vm, x),
            Some(Intrinsic1::ListToTuple) => super::control::list_to_tuple(vm, x),
            Some(Intrinsic1::TypeVar) => typing::new_type_var(vm, x, None, None),
            Some(Intrinsic1::ParamSpec) => typing::new_param_spec(vm, x),
            Some(Intrinsic1::TypeVarTuple) => typing::new_type_var_tuple(vm, x),
            Some(Intrinsic1::SubscriptGeneric) => typing::subscript_generic(vm, x),
            Some(Intrinsic1::TypeAlias) => typing::new_type_alias(vm, x),
            None => Err(vm.system_error("unknown intrinsic function")),
        };
        r.finish(1, result)
    }
}

pub(super) unsafe fn call_2(vm: &Vm, r: &mut Regs, which: usize) -> Flow {
    // SAFETY: the arguments are owned by the stack.
    unsafe {
        r.save(vm);
        let (x, y) = (r.top(2), r.top(1));
        let result = match Intrinsic2::from_u8(which as u8) {
            Some(Intrinsic2::PrepReraiseStar) => {
                crate::types::exception::prep_reraise_star(vm, x, y)
            }
            Some(Intrinsic2::TypeVarWithBound) => typing::new_type_var(vm, x, Some(y), None),
            Some(Intrinsic2::TypeVarWithConstraints) => typing::new_type_var(vm, x, None, Some(y)),
            Some(Intrinsic2::SetFunctionTypeParams) => {
                if let (Some(function), Ok(params)) =
                    (x.downcast::<Function>(), y.to_ref().cast::<Tuple>())
                {
                    function.type_params.set(Some(params));
                }
                Ok(x.to_ref())
            }
            Some(Intrinsic2::SetTypeParamDefault) => typing::set_default(vm, x, y),
            None => Err(vm.system_error("unknown intrinsic function")),
        };
        r.finish(2, result)
    }
}

fn display(vm: &Vm, value: &Object) -> PyResult {
    match vm.sys.get_str(vm, &vm.names.displayhook) {
        Some(hook) => protocol::call_one(vm, &hook, value),
        None => Err(vm.runtime_error("lost sys.displayhook")),
    }
}

unsafe fn import_star(vm: &Vm, r: &Regs, module: &Object) -> PyResult {
    // SAFETY: the mapping is owned by the frame.
    unsafe {
        let locals = (*r.frame).locals;
        if locals.is_null() {
            return Err(vm.system_error("no locals found during 'import *'"));
        }
        crate::modules::import::import_star(vm, module, locals.object())?;
        Ok(vm.none_ref())
    }
}

/// StopIteration (or StopAsyncIteration in an async generator) that leaves a generator becomes RuntimeError.
unsafe fn stop_iteration_error(vm: &Vm, r: &Regs, exception: &Object) -> PyResult {
    // SAFETY: the frame is the running one.
    let flags = unsafe { (*(*r.frame).code).flags };
    let kind = if flags.has(viv_bytecode::CodeFlags::ASYNC_GENERATOR) {
        "async generator"
    } else if flags.has(viv_bytecode::CodeFlags::COROUTINE) {
        "coroutine"
    } else {
        "generator"
    };
    let ty = Type::of(exception);
    let name = if ty.is_subtype(&vm.exceptions.StopIteration) {
        "StopIteration"
    } else if kind == "async generator" && ty.is_subtype(&vm.exceptions.StopAsyncIteration) {
        "StopAsyncIteration"
    } else {
        return Ok(exception.to_ref());
    };
    let error = vm.take_raised(vm.runtime_error(format!("{kind} raised {name}")));
    if let Some(fields) = error.downcast::<Exception>() {
        fields.cause.set(Some(exception.to_ref()));
        fields.context.set(Some(exception.to_ref()));
        fields.suppress_context.set(true);
    }
    Ok(error)
}

/// BUILD_INTERPOLATION: value, text, perhaps a format specification.
pub(super) unsafe fn build_interpolation(vm: &Vm, r: &mut Regs, operand: usize) -> Flow {
    // SAFETY: the operand says how many values the stack holds for it.
    unsafe {
        r.save(vm);
        let n = 2 + (operand & 1);
        let spec = if operand & 1 != 0 {
            Some(r.top(1))
        } else {
            None
        };
        let (value, text) = (r.top(n), r.top(n - 1));
        let conversion = match operand >> 2 {
            1 => Some('s'),
            2 => Some('r'),
            3 => Some('a'),
            _ => None,
        };
        let result = crate::types::template::new_interpolation(vm, value, text, conversion, spec);
        r.finish(n, result)
    }
}

/// BUILD_TEMPLATE: strings, interpolations.
pub(super) unsafe fn build_template(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: both tuples are owned by the stack.
    unsafe {
        r.save(vm);
        let result = crate::types::template::new_template(vm, r.top(2), r.top(1));
        r.finish(2, result)
    }
}

/// SETUP_ANNOTATIONS
pub(super) unsafe fn setup_annotations(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the mapping is owned by the frame.
    unsafe {
        r.save(vm);
        let locals = (*r.frame).locals;
        if locals.is_null() {
            return super::regs::failed(
                vm.system_error("no locals found when setting up annotations"),
            );
        }
        let name = &vm.names.__annotations__;
        let result = protocol::contains(vm, locals.object(), name).and_then(|there| {
            if there {
                return Ok(());
            }
            protocol::set_item(vm, locals.object(), name, &vm.new_dict()?.head)
        });
        super::regs::attempt!(result);
        Flow::Next
    }
}
