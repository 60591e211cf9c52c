//! The scanner of a pattern: match after match through one subject. `finditer` goes by it.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::engine::{self, Mode};
use super::matched;
use super::pattern::Pattern;
use crate::kinds;

/// A `_sre.SRE_Scanner`.
#[repr(C)]
pub struct Scanner {
    /// The header.
    pub head: Object,
    pattern: Ref<Pattern>,
    subject: Ref,
    /// Keeps a changeable subject from changing.
    hold: Option<Ref>,
    /// Where the next match may begin; nothing at the end.
    at: Cell<Option<usize>>,
    end: usize,
    must_advance: Cell<bool>,
}
object_layout!(
    Scanner = kinds::SRE_SCANNER,
    traverse | this,
    visit | {
        visit.visit(this.pattern.as_object());
        visit.visit(&this.subject);
        if let Some(hold) = &this.hold {
            visit.visit(hold);
        }
    },
    clear | _this | {}
);

static SPEC: TypeSpec = TypeSpec {
    name: "SRE_Scanner",
    module: "_sre",
    traits: TypeTraits::NO_NEW,
    methods: &[&[
        MethodDef::new(
            "match",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| step(vm, this, Mode::Match)),
            "",
        ),
        MethodDef::new(
            "search",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| step(vm, this, Mode::Search)),
            "",
        ),
    ]],
    getset: &[GetSetDef::member(
        "pattern",
        |vm, this| Ok(receiver::<Scanner>(vm, this)?.pattern.as_object().to_ref()),
        "",
    )],
    ..TypeSpec::new(Scanner::layout, true)
};

/// `pattern.scanner(string, pos, endpos)`
pub fn make(vm: &Vm, pattern: &Object, args: &[Option<&Object>]) -> PyResult {
    let pattern = receiver::<Pattern>(vm, pattern)?;
    let &[Some(subject), start, end] = args else {
        return Ok(vm.none_ref());
    };
    let scope = pattern.scope(vm, subject, start, end)?;
    let ty: Ref<Type> = extra_type(vm, &SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        Scanner {
            head: Object::new(ty.type_head_of()),
            pattern: Ref::of(pattern),
            subject: subject.to_ref(),
            hold: Pattern::hold(vm, subject)?,
            at: Cell::new(Some(scope.start)),
            end: scope.end,
            must_advance: Cell::new(false),
        },
    )
}

fn step(vm: &Vm, this: &Object, mode: Mode) -> PyResult {
    let this = receiver::<Scanner>(vm, this)?;
    let Some(start) = this.at.get() else {
        return Ok(vm.none_ref());
    };
    let mut scope = this.pattern.scope_of(start, this.end);
    scope.must_advance = this.must_advance.get();
    match engine::once(vm, &this.subject, scope, mode)? {
        Some(found) => {
            this.at.set(Some(found.span.1));
            this.must_advance.set(found.span.0 == found.span.1);
            matched::make(vm, &this.pattern, &this.subject, start, this.end, found)
        }
        None => {
            this.at.set(None);
            Ok(vm.none_ref())
        }
    }
}
