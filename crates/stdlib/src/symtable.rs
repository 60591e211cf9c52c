//! The module `_symtable`: the compiler's table of blocks and names.

use viv_runtime::modules::builtins::symbol_blocks;
use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Slot, Tuple, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::vm::interp::SymbolBlock;
use viv_runtime::{
    MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use crate::kinds;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_symtable",
    doc: "",
    functions: &[&[MethodDef::new(
        "symtable",
        "($module, source, filename, startstr, /)",
        NativeCall::Positional {
            min: 3,
            max: 3,
            call: |vm, _, args| match args {
                [source, filename, mode] => {
                    entries(vm, &symbol_blocks(vm, &[source, filename, mode])?)
                }
                _ => Err(vm.system_error("symtable() lost its arguments")),
            },
        },
        "Return symbol and scope dictionaries used internally by compiler.",
    )]],
    fill: |vm, module| {
        for (name, value) in NUMBERS {
            add_int(vm, module, name, *value)?;
        }
        Ok(())
    },
};

/// CPython's numbers, which are those of the compiler, too.
#[rustfmt::skip]
const NUMBERS: &[(&str, i64)] = &[
    ("USE", 16), ("DEF_GLOBAL", 1), ("DEF_NONLOCAL", 8), ("DEF_LOCAL", 2), ("DEF_PARAM", 4), ("DEF_TYPE_PARAM", 1024),
    ("DEF_FREE_CLASS", 64), ("DEF_IMPORT", 128), ("DEF_BOUND", 134), ("DEF_ANNOT", 256), ("DEF_COMP_ITER", 512),
    ("DEF_COMP_CELL", 2048),
    ("TYPE_FUNCTION", 0), ("TYPE_CLASS", 1), ("TYPE_MODULE", 2), ("TYPE_ANNOTATION", 3), ("TYPE_TYPE_ALIAS", 4),
    ("TYPE_TYPE_PARAMETERS", 5), ("TYPE_TYPE_VARIABLE", 6),
    ("LOCAL", 1), ("GLOBAL_EXPLICIT", 2), ("GLOBAL_IMPLICIT", 3), ("FREE", 4), ("CELL", 5),
    ("SCOPE_OFF", 12), ("SCOPE_MASK", 15),
];

/// A block.
#[repr(C)]
pub struct Entry {
    /// The header.
    pub head: Object,
    /// Name, kind, line, whether it is nested, names, parameters, blocks inside.
    parts: Slot<Tuple>,
}
object_layout!(
    Entry = kinds::SYMBOL_TABLE_ENTRY,
    traverse | this,
    visit | {
        this.parts.visit(visit);
    },
    clear | this | {
        this.parts.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "symtable entry",
    module: "builtins",
    slots: |s| {
        s.new.set(Some(|vm, _, _| {
            Err(vm.type_error("cannot create 'symtable entry' instances"))
        }));
        s.repr.set(Some(repr));
    },
    getset: &[
        GetSetDef::get("id", |vm, this| vm.new_usize(this.address()), ""),
        GetSetDef::get("name", |vm, this| part(vm, this, 0), ""),
        GetSetDef::get("type", |vm, this| part(vm, this, 1), ""),
        GetSetDef::get("lineno", |vm, this| part(vm, this, 2), ""),
        GetSetDef::get("nested", |vm, this| part(vm, this, 3), ""),
        GetSetDef::get("symbols", |vm, this| part(vm, this, 4), ""),
        GetSetDef::get("varnames", |vm, this| part(vm, this, 5), ""),
        GetSetDef::get("children", |vm, this| part(vm, this, 6), ""),
    ],
    ..TypeSpec::new(Entry::layout, true)
};

fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn part(vm: &Vm, this: &Object, at: usize) -> PyResult {
    let parts = receiver::<Entry>(vm, this)?.parts.get();
    match parts.as_ref().and_then(|parts| parts.as_slice().get(at)) {
        Some(part) => Ok(part.clone()),
        None => Ok(vm.none_ref()),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let name = protocol::str(vm, &*part(vm, this, 0)?)?;
    let line = protocol::str(vm, &*part(vm, this, 2)?)?;
    let text = format!(
        "<symtable entry {}({}), line {}>",
        name.to_text(),
        this.address(),
        line.to_text()
    );
    Ok(vm.new_str(&text)?.upcast())
}

/// The entry of the first block, with those of the blocks inside it.
fn entries(vm: &Vm, blocks: &[SymbolBlock]) -> PyResult {
    let ty = own_type(vm)?;
    // Blocks stand behind those that they are in: from the end on, what is inside has been made.
    let mut made: Vec<Option<Ref>> = vec![None; blocks.len()];
    for (at, block) in blocks.iter().enumerate().rev() {
        let inside = block
            .children
            .iter()
            .filter_map(|child| made.get(*child)?.clone());
        let children = vm.new_list(inside.collect())?;
        let symbols = vm.new_dict()?;
        for (name, bits) in &block.symbols {
            symbols.set_text(vm, name, &*vm.new_int(i64::from(*bits))?)?;
        }
        let parameters = block
            .parameters
            .iter()
            .map(|name| Ok(vm.new_str(name)?.upcast()))
            .collect::<PyResult<Vec<Ref>>>()?;
        let parts = vm.new_tuple(vec![
            vm.new_str(&block.name)?.upcast(),
            vm.new_int(i64::from(block.kind))?,
            vm.new_int(i64::from(block.line))?,
            vm.new_int(i64::from(block.nested))?,
            symbols.upcast(),
            vm.new_list(parameters)?.upcast(),
            children.upcast(),
        ])?;
        let entry = Entry {
            head: Object::new(ty.type_head_of()),
            parts: Slot::full(parts),
        };
        made[at] = Some(place_tracked(vm, entry)?);
    }
    match made.first_mut().and_then(Option::take) {
        Some(top) => Ok(top),
        None => Err(vm.system_error("a table without blocks")),
    }
}
