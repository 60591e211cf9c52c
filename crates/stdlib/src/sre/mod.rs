//! The module `_sre`: the objects of regular expressions (pattern, match, scanner, template) over the engine crate, which
//! runs the programs that the library's `re` compiles.

mod chars;
mod engine;
mod machine;
mod matched;
mod needed;
mod pattern;
mod replace;
mod scanner;
mod sets;
mod template;
mod validate;

use rustpython_sre_engine::string::lower_unicode;
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_sre",
    doc: "",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        add_int(vm, module, "MAGIC", rustpython_sre_engine::SRE_MAGIC as i64)?;
        add_int(
            vm,
            module,
            "CODESIZE",
            rustpython_sre_engine::CODESIZE as i64,
        )?;
        add_int(
            vm,
            module,
            "MAXREPEAT",
            rustpython_sre_engine::MAXREPEAT as i64,
        )?;
        add_int(
            vm,
            module,
            "MAXGROUPS",
            rustpython_sre_engine::MAXGROUPS as i64,
        )?;
        // The types are made at once: `re` asks for them by the objects it compiles.
        pattern::pattern_type(vm)?;
        Ok(())
    },
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "compile",
        "($module, /, pattern, flags, code, groups, groupindex, indexgroup)",
        NativeCall::Bound(pattern::compile),
        "",
    ),
    MethodDef::new(
        "template",
        "($module, pattern, template, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: template::make,
        },
        "\n\n  template\n    A list containing interleaved literal strings (str or bytes) and group\n    indices (int), as returned by re._parser.parse_template():\n        [literal1, group1, ..., literalN, groupN]",
    ),
    MethodDef::new(
        "getcodesize",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_int(rustpython_sre_engine::CODESIZE as i64)),
        "",
    ),
    one("ascii_iscased", |vm, _, c| {
        let c = character(vm, c)?;
        Ok(vm.bool(c < 0x80 && (c as u8).is_ascii_alphabetic()))
    }),
    one("unicode_iscased", |vm, _, c| {
        let c = character(vm, c)?;
        Ok(vm.bool(lower_unicode(c) != c || first_upper(c) != c))
    }),
    one("ascii_tolower", |vm, _, c| {
        let c = character(vm, c)?;
        vm.new_int(i64::from(ascii_lower(c)))
    }),
    one("unicode_tolower", |vm, _, c| {
        let c = character(vm, c)?;
        vm.new_int(i64::from(lower_unicode(c)))
    }),
];

const fn one(name: &'static str, call: fn(&Vm, &Object, &Object) -> PyResult) -> MethodDef {
    MethodDef::new(name, "($module, character, /)", NativeCall::One(call), "")
}

fn character(vm: &Vm, object: &Object) -> PyResult<u32> {
    u32::try_from(protocol::to_index(vm, object)?)
        .map_err(|_| vm.overflow_error("signed integer is greater than maximum"))
}

fn ascii_lower(c: u32) -> u32 {
    match c {
        0x41..=0x5a => c + 32,
        _ => c,
    }
}

/// The first character of the upper case: that of "ß" is "S".
fn first_upper(c: u32) -> u32 {
    char::from_u32(c)
        .and_then(|c| c.to_uppercase().next())
        .map_or(c, u32::from)
}

/// Methods that patterns and matches share: they never change, so that a copy is the object itself.
const IMMUTABLE: &[MethodDef] = &[
    MethodDef::new(
        "__copy__",
        "($self, /)",
        NativeCall::NoArgs(|_, this| Ok(this.to_ref())),
        "",
    ),
    MethodDef::new(
        "__deepcopy__",
        "($self, memo, /)",
        NativeCall::One(|_, this, _| Ok(this.to_ref())),
        "",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, item, /)",
        NativeCall::One(viv_runtime::types::class_getitem),
        "See PEP 585",
    ),
];
