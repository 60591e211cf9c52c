//! Reading the arguments of the module's functions.

use viv_runtime::native::bind::Parameters;
use viv_runtime::object::Int;
use viv_runtime::{Args, Object, PyResult, Vm, protocol};

use super::zone::is_tz_info;

/// The arguments at their parameters' places. `required` and `positional` tell how many must and may be given by position; the
/// signature, of `N` parameters, is only read for calls that are not plain.
pub fn arguments<'a, const N: usize>(
    vm: &Vm,
    name: &str,
    signature: &'static str,
    required: usize,
    positional: usize,
    args: Args<'a>,
) -> PyResult<[Option<&'a Object>; N]> {
    let mut places = [None; N];
    let given = args.pos();
    if args.keyword_count() == 0 && (required..=positional).contains(&given.len()) {
        for (place, value) in places.iter_mut().zip(given) {
            *place = Some(*value);
        }
        return Ok(places);
    }
    let bound = Parameters::of(signature).bind(vm, name, args)?;
    for (place, value) in places.iter_mut().zip(bound) {
        *place = value;
    }
    Ok(places)
}

/// A number for a C int.
///
/// # Errors
/// TypeError; OverflowError
pub fn c_int(vm: &Vm, value: &Object) -> PyResult<i64> {
    if let Some(small) = value.downcast_exact::<Int>().and_then(Int::as_i64)
        && i32::try_from(small).is_ok()
    {
        return Ok(small);
    }
    let int = protocol::index(vm, value)?;
    let Some(wide) = int.downcast::<Int>().and_then(Int::as_i64) else {
        return Err(vm.overflow_error("Python int too large to convert to C long"));
    };
    match i32::try_from(wide) {
        Ok(_) => Ok(wide),
        Err(_) if wide > 0 => Err(vm.overflow_error("signed integer is greater than maximum")),
        Err(_) => Err(vm.overflow_error("signed integer is less than minimum")),
    }
}

/// A call with too few arguments, where CPython has read those that are there by the time it misses the next one.
///
/// # Errors
/// TypeError or OverflowError of an argument.
pub fn check_few(vm: &Vm, args: Args<'_>, required: usize) -> PyResult<()> {
    if args.pos().len() >= required || args.keyword_count() != 0 {
        return Ok(());
    }
    args.pos()
        .iter()
        .try_for_each(|value| c_int(vm, value).map(drop))
}

/// As [`c_int`], or a default where nothing was given.
pub fn c_int_or(vm: &Vm, value: Option<&Object>, default: i64) -> PyResult<i64> {
    value.map_or(Ok(default), |value| c_int(vm, value))
}

/// Checks an argument `tzinfo`.
///
/// # Errors
/// TypeError
pub fn check_tz_info(vm: &Vm, value: &Object) -> PyResult<()> {
    if vm.is_none(value) || is_tz_info(value) {
        return Ok(());
    }
    Err(vm.type_error(format!(
        "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
        protocol::type_name(value)
    )))
}

/// "f() argument 1 must be str, not int"
pub fn wrong_type(
    vm: &Vm,
    function: &str,
    number: usize,
    wanted: &str,
    value: &Object,
) -> viv_runtime::Raised {
    vm.type_error(format!(
        "{function}() argument {number} must be {wanted}, not {}",
        protocol::argument_name(vm, value)
    ))
}
