//! The struct sequences of `sys`.

use viv_heap::Ref;

use crate::modules::struct_sequence::make;
use crate::result::PyResult;
use crate::struct_sequence;
use crate::vm::Vm;

struct_sequence!(
    /// `sys.version_info`
    VERSION_INFO, "sys", "version_info", 0 "major", 1 "minor", 2 "micro", 3 "releaselevel", 4 "serial"
);
struct_sequence!(
    /// `sys.flags`
    FLAGS, "sys", "flags", 0 "debug", 1 "inspect", 2 "interactive", 3 "optimize", 4 "dont_write_bytecode", 5 "no_user_site", 6 "no_site",
    7 "ignore_environment", 8 "verbose", 9 "bytes_warning", 10 "quiet", 11 "hash_randomization", 12 "isolated", 13 "dev_mode",
    14 "utf8_mode", 15 "warn_default_encoding", 16 "safe_path", 17 "int_max_str_digits";
    "gil" |vm, _| vm.new_int(1);
    "thread_inherit_context" |vm, _| vm.new_int(i64::from(vm.config.settings.thread_inherit_context));
    "context_aware_warnings" |vm, _| vm.new_int(i64::from(vm.config.settings.context_aware_warnings))
);
struct_sequence!(
    /// `sys.float_info`
    FLOAT_INFO, "sys", "float_info", 0 "max", 1 "max_exp", 2 "max_10_exp", 3 "min", 4 "min_exp", 5 "min_10_exp", 6 "dig", 7 "mant_dig",
    8 "epsilon", 9 "radix", 10 "rounds"
);
struct_sequence!(
    /// `sys.int_info`
    INT_INFO, "sys", "int_info", 0 "bits_per_digit", 1 "sizeof_digit", 2 "default_max_str_digits", 3 "str_digits_check_threshold"
);
struct_sequence!(
    /// `sys.hash_info`
    HASH_INFO, "sys", "hash_info", 0 "width", 1 "modulus", 2 "inf", 3 "nan", 4 "imag", 5 "algorithm", 6 "hash_bits", 7 "seed_bits", 8 "cutoff"
);
struct_sequence!(
    /// `sys.UnraisableHookArgs`
    UNRAISABLE_HOOK_ARGS, "sys", "UnraisableHookArgs", 0 "exc_type", 1 "exc_value", 2 "exc_traceback", 3 "err_msg", 4 "object"
);

struct_sequence!(
    /// `sys.asyncgen_hooks`
    ASYNCGEN_HOOKS, "sys", "asyncgen_hooks", 0 "firstiter", 1 "finalizer"
);
struct_sequence!(
    /// `sys.thread_info`
    THREAD_INFO, "sys", "thread_info", 0 "name", 1 "lock", 2 "version"
);

/// How threads are made.
pub(super) fn thread_info(vm: &Vm) -> PyResult {
    let values = vec![
        vm.new_str("pthread")?.upcast(),
        vm.new_str("semaphore")?.upcast(),
        match crate::eval::thread::library_version() {
            Some(version) => vm.new_str(&version)?.upcast(),
            None => vm.none_ref(),
        },
    ];
    make(vm, &vm.types.sys_thread_info, values)
}

fn ints(vm: &Vm, values: &[i64]) -> PyResult<Vec<Ref>> {
    values.iter().map(|n| vm.new_int(*n)).collect()
}

/// The language version that is spoken.
pub(super) const VERSION: (i64, i64, i64) = (3, 14, 0);

pub(super) fn version_info(vm: &Vm) -> PyResult {
    let level = vm.new_str("final")?.upcast();
    let mut parts = ints(vm, &[VERSION.0, VERSION.1, VERSION.2])?;
    parts.extend([level, vm.new_int(0)?]);
    make(vm, &vm.types.sys_version_info, parts)
}

pub(super) fn implementation(vm: &Vm, version: &Ref) -> PyResult {
    let attributes = [
        ("name", vm.new_str("vivarium")?.upcast()),
        ("cache_tag", vm.new_str("vivarium-314")?.upcast()),
        ("version", version.clone()),
        ("hexversion", vm.new_int(0x030e_00f0)?),
        ("_multiarch", vm.new_str("")?.upcast()),
        ("supports_isolated_interpreters", vm.bool(true)),
    ];
    crate::types::simple_namespace::new(vm, &attributes)
}

pub(super) fn flags(vm: &Vm) -> PyResult {
    let (f, config) = (&vm.config.flags, &vm.config);
    let int = |b: bool| i64::from(b);
    let mut parts = ints(
        vm,
        &[
            i64::from(f.debug),
            int(f.inspect),
            int(f.interactive),
            i64::from(config.optimize),
            int(f.dont_write_bytecode),
            int(f.no_user_site),
            int(f.no_site),
            int(f.ignore_environment),
            i64::from(f.verbose),
            i64::from(f.bytes_warning),
            int(f.quiet),
            int(config.hash_seed != Some(0)),
            int(f.isolated),
        ],
    )?;
    parts.extend([
        vm.bool(f.dev_mode),
        vm.new_int(i64::from(f.utf8_mode))?,
        vm.new_int(i64::from(config.settings.warn_default_encoding))?,
        vm.bool(f.safe_path),
        vm.new_usize(vm.int_max_str_digits.get())?,
    ]);
    make(vm, &vm.types.sys_flags, parts)
}

pub(super) fn float_info(vm: &Vm) -> PyResult {
    let parts = vec![
        vm.new_float(f64::MAX)?,
        vm.new_int(1024)?,
        vm.new_int(308)?,
        vm.new_float(f64::MIN_POSITIVE)?,
        vm.new_int(-1021)?,
        vm.new_int(-307)?,
        vm.new_int(15)?,
        vm.new_int(53)?,
        vm.new_float(f64::EPSILON)?,
        vm.new_int(2)?,
        vm.new_int(1)?,
    ];
    make(vm, &vm.types.sys_float_info, parts)
}

pub(super) fn int_info(vm: &Vm) -> PyResult {
    make(vm, &vm.types.sys_int_info, ints(vm, &[30, 4, 4300, 640])?)
}

pub(super) fn hash_info(vm: &Vm) -> PyResult {
    let mut parts = ints(vm, &[64, (1 << 61) - 1, 314_159, 0, 1_000_003])?;
    parts.push(vm.new_str("siphash13")?.upcast());
    parts.extend(ints(vm, &[64, 128, 0])?);
    make(vm, &vm.types.sys_hash_info, parts)
}
