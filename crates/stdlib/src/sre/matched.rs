//! `re.Match`: what a search has found.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Bytes, Int, Slot, Str, Tuple, Type, TypeTraits};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::types::str;
use viv_runtime::{
    MethodDef, NativeCall, Object, ObjectLayout, PyResult, Raised, Ref, Vm, object_layout,
};

use super::engine::Found;
use super::pattern::Pattern;
use super::template;
use crate::kinds;

/// A `re.Match`.
#[repr(C)]
pub struct Match {
    /// The header.
    pub head: Object,
    /// The subject.
    pub subject: Ref,
    /// The pattern.
    pub pattern: Ref<Pattern>,
    start: usize,
    end: usize,
    found: Found,
    /// The spans of all groups, once they have been asked for.
    regs: Slot,
}
object_layout!(
    Match = kinds::SRE_MATCH,
    traverse | this,
    visit | {
        visit.visit(&this.subject);
        visit.visit(this.pattern.as_object());
        this.regs.visit(visit);
    },
    clear | this | {
        this.regs.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "Match",
    module: "re",
    doc: "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.repr.set(Some(repr));
        s.getitem.set(Some(|vm, this, group| {
            let this = own(vm, this)?;
            let n = this.number(vm, group)?;
            this.group(vm, n, vm.none())
        }));
    },
    methods: &[METHODS, super::IMMUTABLE],
    getset: &[
        GetSetDef::member(
            "string",
            |vm, this| Ok(own(vm, this)?.subject.clone()),
            "The string passed to match() or search().",
        ),
        GetSetDef::member(
            "re",
            |vm, this| Ok(own(vm, this)?.pattern.as_object().to_ref()),
            "The regular expression object.",
        ),
        GetSetDef::member(
            "pos",
            |vm, this| vm.new_usize(own(vm, this)?.start),
            "The index into the string at which the RE engine started looking for a match.",
        ),
        GetSetDef::member(
            "endpos",
            |vm, this| vm.new_usize(own(vm, this)?.end),
            "The index into the string beyond which the RE engine will not go.",
        ),
        GetSetDef::get(
            "lastindex",
            |vm, this| match own(vm, this)?.found.last {
                n if n > 0 => vm.new_int(n),
                _ => Ok(vm.none_ref()),
            },
            "The integer index of the last matched capturing group.",
        ),
        GetSetDef::get(
            "lastgroup",
            |vm, this| {
                let this = own(vm, this)?;
                let last = usize::try_from(this.found.last).ok().filter(|n| *n > 0);
                Ok(last
                    .and_then(|n| this.pattern.names.get(n))
                    .map_or_else(|| vm.none_ref(), Object::to_ref))
            },
            "The name of the last matched capturing group.",
        ),
        GetSetDef::get("regs", regs, ""),
    ],
    ..TypeSpec::new(Match::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "group",
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: group,
        },
        "group([group1, ...]) -> str or tuple.\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match.",
    ),
    optional_group(
        "start",
        start,
        "Return index of the start of the substring matched by group.",
    ),
    optional_group(
        "end",
        end,
        "Return index of the end of the substring matched by group.",
    ),
    optional_group(
        "span",
        span,
        "For match object m, return the 2-tuple (m.start(group), m.end(group)).",
    ),
    MethodDef::new(
        "groups",
        "($self, /, default=None)",
        NativeCall::Bound(|vm, this, args| {
            let this = own(vm, this)?;
            let default = args[0].unwrap_or(vm.none());
            let parts = (1..=this.pattern.groups)
                .map(|n| this.group(vm, n, default))
                .collect::<PyResult<Vec<Ref>>>()?;
            Ok(vm.new_tuple(parts)?.upcast())
        }),
        "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used for groups that did not participate in the match.",
    ),
    MethodDef::new(
        "groupdict",
        "($self, /, default=None)",
        NativeCall::Bound(group_dict),
        "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.\n\n  default\n    Is used for groups that did not participate in the match.",
    ),
    MethodDef::new(
        "expand",
        "($self, /, template)",
        NativeCall::Bound(|vm, this, args| {
            let this = own(vm, this)?;
            let source = args[0].unwrap_or(vm.none());
            let made = template::compile(vm, &this.pattern, source)?;
            template::expand(vm, &made, this)
        }),
        "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.",
    ),
];

/// Where a group begins and ends, -1 for one that took no part.
type Span = (i64, i64);

/// A method of one group, the whole match where none is given.
const fn optional_group(
    name: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(
        name,
        "($self, group=0, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call,
        },
        doc,
    )
}

fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Match> {
    receiver(vm, this)
}

/// Makes a match; a match of a subject between these bounds.
pub fn make(
    vm: &Vm,
    pattern: &Pattern,
    subject: &Object,
    start: usize,
    end: usize,
    found: Found,
) -> PyResult {
    let ty: Ref<Type> = extra_type(vm, &SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        Match {
            head: Object::new(ty.type_head_of()),
            subject: subject.to_ref(),
            pattern: Ref::of(pattern),
            start,
            end,
            found,
            regs: Slot::default(),
        },
    )
}

/// A part of a subject: a string of a string, bytes of anything else.
pub fn part(vm: &Vm, subject: &Object, start: usize, end: usize) -> PyResult {
    if let Some(text) = subject.downcast::<Str>() {
        // A subject cannot change, but the bounds may be those of another one's: a template's.
        let end = end.min(text.len());
        return Ok(str::ops::slice(vm, text, start.min(end), end)?.upcast());
    }
    if let Some(bytes) = subject.downcast_exact::<Bytes>()
        && start == 0
        && end == bytes.as_slice().len()
    {
        return Ok(subject.to_ref());
    }
    let copy = require_bytes(vm, subject, |bytes| {
        let end = end.min(bytes.len());
        bytes.get(start.min(end)..end).unwrap_or_default().to_vec()
    })?;
    Ok(vm.new_bytes(&copy)?.upcast())
}

fn pair(vm: &Vm, (start, end): Span) -> PyResult {
    let parts = vec![vm.new_int(start)?, vm.new_int(end)?];
    Ok(vm.new_tuple(parts)?.upcast())
}

impl Match {
    /// Where a group stands; nothing where it took no part.
    fn bounds(&self, n: usize) -> Option<(usize, usize)> {
        match n.checked_sub(1) {
            None => Some(self.found.span),
            Some(n) => self.found.groups.get(n).copied().flatten(),
        }
    }

    fn span(&self, n: usize) -> Span {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        self.bounds(n)
            .map_or((-1, -1), |(start, end)| (number(start), number(end)))
    }

    /// The text of a group, `default` where it took no part.
    ///
    /// # Errors
    /// MemoryError
    pub fn group(&self, vm: &Vm, n: usize, default: &Object) -> PyResult {
        match self.bounds(n) {
            Some((start, end)) => part(vm, &self.subject, start, end),
            None => Ok(default.to_ref()),
        }
    }

    /// The number of the group that an index or a name means.
    fn number(&self, vm: &Vm, group: &Object) -> PyResult<usize> {
        let none = |vm: &Vm| -> Raised { vm.index_error("no such group") };
        let known = |n: i64| {
            let n = usize::try_from(n).ok()?;
            (n <= self.pattern.groups).then_some(n)
        };
        if let Some(n) = group.downcast_exact::<Int>().and_then(|n| n.as_i64()) {
            return known(n).ok_or_else(|| none(vm));
        }
        if Type::of(group).slots.index.get().is_some() {
            let n = protocol::to_isize_clamped(vm, group)?;
            return known(n).ok_or_else(|| none(vm));
        }
        let named = match self.pattern.group_index.get(vm, group) {
            Ok(found) => found,
            Err(raised) => {
                // What cannot be a key is no group's name either.
                vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
                None
            }
        };
        let n = named.and_then(|n| n.downcast::<Int>()?.as_i64());
        n.and_then(known).ok_or_else(|| none(vm))
    }
}

fn span_of(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult<Span> {
    let this = own(vm, this)?;
    let n = match args.first() {
        Some(group) => this.number(vm, group)?,
        None => 0,
    };
    Ok(this.span(n))
}

fn start(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    vm.new_int(span_of(vm, this, args)?.0)
}

fn end(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    vm.new_int(span_of(vm, this, args)?.1)
}

fn span(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    pair(vm, span_of(vm, this, args)?)
}

fn group(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let this = own(vm, this)?;
    match args {
        [] => this.group(vm, 0, vm.none()),
        [one] => this.group(vm, this.number(vm, one)?, vm.none()),
        many => {
            let parts = many
                .iter()
                .map(|group| this.group(vm, this.number(vm, group)?, vm.none()))
                .collect::<PyResult<Vec<Ref>>>()?;
            Ok(vm.new_tuple(parts)?.upcast())
        }
    }
}

fn group_dict(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let this = own(vm, this)?;
    let default = args[0].unwrap_or(vm.none());
    let result = vm.new_dict()?;
    let mut place = 0;
    while let Some((at, name, n)) = this.pattern.group_index.next_entry(place) {
        place = at + 1;
        let n = n.downcast::<Int>().and_then(|n| n.as_i64()).unwrap_or(0);
        let part = this.group(vm, usize::try_from(n).unwrap_or(0), default)?;
        result.set(vm, &name, &part)?;
    }
    Ok(result.upcast())
}

fn regs(vm: &Vm, this: &Object) -> PyResult {
    let this = own(vm, this)?;
    if let Some(made) = this.regs.get() {
        return Ok(made);
    }
    let spans = (0..=this.pattern.groups)
        .map(|n| pair(vm, this.span(n)))
        .collect::<PyResult<Vec<Ref>>>()?;
    let made: Ref<Tuple> = vm.new_tuple(spans)?;
    this.regs.set(Some(made.clone().upcast()));
    Ok(made.upcast())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let matched = own(vm, this)?;
    let text = matched.group(vm, 0, vm.none())?;
    let (start, end) = matched.found.span;
    let mut out = TextBuilder::new();
    out.push(&format!(
        "<{} object; span=({start}, {end}), match=",
        Type::of(this).display_name()
    ));
    out.push_repr(vm, &text)?;
    out.push(">");
    Ok(out.finish(vm)?.upcast())
}
