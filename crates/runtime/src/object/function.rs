//! Layouts of functions, code objects, cells, bound methods, native functions and modules.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;

use viv_bytecode::image::Names;
use viv_heap::{HVec, Object, Raw, Ref, object_layout};

use super::slot::Slot;
use super::{Dict, Str, Tuple, kinds};
use crate::native::MethodDef;

/// A Python function.
#[repr(C)]
pub struct Function {
    /// The header.
    pub head: Object,
    /// `__code__`
    pub code: Slot<Code>,
    /// `__globals__`
    pub globals: Ref<Dict>,
    /// `__builtins__`
    pub builtins: Ref<Dict>,
    /// `__name__`
    pub name: Slot<Str>,
    /// `__qualname__`
    pub qualname: Slot<Str>,
    /// `__defaults__`
    pub defaults: Slot<Tuple>,
    /// `__kwdefaults__`
    pub kwdefaults: Slot<Dict>,
    /// `__closure__`
    pub closure: Slot<Tuple>,
    /// `__doc__`
    pub doc: Slot,
    /// `__module__`
    pub module: Slot,
    /// `__annotations__`, once they exist.
    pub annotations: Slot,
    /// `__annotate__`
    pub annotate: Slot,
    /// `__type_params__`
    pub type_params: Slot<Tuple>,
    /// `__dict__`, once it exists.
    pub dict: Slot<Dict>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
    /// Changes when code, defaults or keyword defaults change; 0 where nobody has asked since.
    pub version: Cell<u32>,
}
object_layout!(
    Function = kinds::FUNCTION,
    traverse | this,
    visit | {
        this.code.visit(visit);
        visit.visit(this.globals.as_object());
        visit.visit(this.builtins.as_object());
        this.name.visit(visit);
        this.qualname.visit(visit);
        this.defaults.visit(visit);
        this.kwdefaults.visit(visit);
        this.closure.visit(visit);
        this.doc.visit(visit);
        this.module.visit(visit);
        this.annotations.visit(visit);
        this.annotate.visit(visit);
        this.type_params.visit(visit);
        this.dict.visit(visit);
    },
    clear | this | {
        this.doc.set(None);
        this.module.set(None);
        this.defaults.set(None);
        this.kwdefaults.set(None);
        this.closure.set(None);
        this.annotations.set(None);
        this.annotate.set(None);
        this.type_params.set(None);
        this.dict.set(None);
    }
);

/// The parts of a code object made by `code()` or `code.replace()` that are shown as they were given.
#[derive(Debug)]
pub struct GivenCode {
    /// `co_code`
    pub code: Box<[u8]>,
    /// `co_linetable`
    pub lines: Box<[u8]>,
    /// `co_exceptiontable`
    pub exceptions: Box<[u8]>,
    /// `co_stacksize`
    pub stack_size: u32,
    /// Which of the constants `co_consts` does not show, by place; those beyond are shown.
    pub hidden: Box<[bool]>,
}

/// A code object.
#[repr(C)]
pub struct Code {
    /// The header.
    pub head: Object,
    /// What only running code needs; empty until it is read, which happens once.
    pub(crate) body: OnceCell<CodeBody>,
    /// The first instruction: that of the body, or [`Code::unread`].
    pub(crate) start: Cell<*const Cell<u32>>,
    /// Where a call may begin if nothing waits for the eval loop to stop: behind the RESUME that the code begins with.
    pub(crate) entry: Cell<*const Cell<u32>>,
    /// The words of the constants, once the body is there.
    pub(crate) const_words: Cell<*const Raw>,
    /// The instruction `READ_BODY`, which runs where there is no body yet.
    pub(crate) unread: Cell<u32>,
    /// Where the body is to be read from.
    pub(crate) late: Cell<Option<LateBody>>,
    /// The constants that the body shares with the rest of its module, until it is read.
    pub(crate) late_constants: Slot<Tuple>,
    /// `co_consts`, once that has been asked for, where it differs from the body's constants: CPython has the ints of a byte
    /// in its instructions.
    pub(crate) shown_consts: Slot<Tuple>,
    /// `co_name`
    pub name: Ref<Str>,
    /// `co_qualname`
    pub qualname: Ref<Str>,
    /// `co_filename`
    pub filename: Ref<Str>,
    /// Number of fast locals.
    pub local_count: u32,
    /// Most values on the evaluation stack.
    pub stack_size: u32,
    /// Words that a frame must have room for, from its first local on: those two, and some to spare.
    pub(crate) frame_words: u32,
    /// The flags.
    pub flags: viv_bytecode::CodeFlags,
    /// Number of parameters where all are positional, `u32::MAX` where a call must bind its arguments by name or kind.
    pub simple_args: u32,
    /// What is kept of what the compiler made: positions, exception table, flags, counts.
    pub source: Arc<viv_bytecode::CodeInfo>,
    /// What a program gave where it has put the code object together itself.
    pub given: Option<Box<GivenCode>>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    Code = kinds::CODE,
    traverse | this,
    visit | {
        if let Some(body) = this.body.get() {
            visit.visit(body.consts.as_object());
            visit.visit(body.names.as_object());
            visit.visit(body.local_names.as_object());
        }
        this.late_constants.visit(visit);
        this.shown_consts.visit(visit);
    }
);

/// The part of a code object that only running code needs.
pub struct CodeBody {
    /// The instructions, with the caches and specialised opcodes that this interpreter has written into them.
    pub(crate) instrs: HVec<Cell<u32>>,
    /// The constants.
    pub consts: Ref<Tuple>,
    /// The names.
    pub names: Ref<Tuple>,
    /// Names of all fast locals, cells and free variables, by number.
    pub local_names: Ref<Tuple>,
}

/// Where a body that has not been read yet stands.
pub(crate) struct LateBody {
    /// The strings of the module's code, and the names made of them.
    pub names: Rc<Names<'static, Ref<Str>>>,
    /// The bytes.
    pub rest: &'static [u8],
    /// The place of the docstring among the constants plus 1, or 0.
    pub docstring: u32,
}

impl Code {
    /// The names of the fast locals; none where the code has never run.
    pub fn local_names(&self) -> &[Ref] {
        self.body
            .get()
            .map_or(&[], |body| body.local_names.as_slice())
    }

    /// The docstring, if there is one.
    pub(crate) fn docstring(&self) -> Option<Ref> {
        if !self.flags.has(viv_bytecode::CodeFlags::HAS_DOCSTRING) {
            return None;
        }
        if let Some(body) = self.body.get() {
            return body.consts.get(0).map(Object::to_ref);
        }
        let late = self.late.take();
        let place = late.as_ref().map_or(0, |late| late.docstring);
        self.late.set(late);
        let constants = self.late_constants.get()?;
        let place = (place as usize).checked_sub(1)?;
        constants.get(place).map(Object::to_ref)
    }
}

/// A cell of a closure.
#[repr(C)]
pub struct CellObject {
    /// The header.
    pub head: Object,
    /// What the variable holds.
    pub contents: Slot,
}
object_layout!(
    CellObject = kinds::CELL,
    traverse | this,
    visit | {
        this.contents.visit(visit);
    },
    clear | this | {
        this.contents.set(None);
    }
);

/// A method bound to its self.
#[repr(C)]
pub struct BoundMethod {
    /// The header.
    pub head: Object,
    /// `__func__`
    pub function: Ref,
    /// `__self__`
    pub receiver: Ref,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    BoundMethod = kinds::BOUND_METHOD,
    traverse | this,
    visit | {
        visit.visit(&this.function);
        visit.visit(&this.receiver);
    }
);

/// A native function of a module, or a native method bound to its self.
#[repr(C)]
pub struct NativeFunction {
    /// The header.
    pub head: Object,
    /// Its declaration.
    pub def: &'static MethodDef,
    /// The module, the self or the class that it is called on.
    pub receiver: Slot,
    /// `__module__`
    pub module: Slot,
    /// The parameters, read from the signature at the first call that needs them.
    pub parameters: OnceCell<Box<crate::native::bind::Parameters>>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    NativeFunction = kinds::NATIVE_FUNCTION,
    traverse | this,
    visit | {
        this.receiver.visit(visit);
        this.module.visit(visit);
    },
    clear | this | {
        this.receiver.set(None);
        this.module.set(None);
    }
);

impl NativeFunction {
    /// What the function is called on. The caller keeps the function while it uses this.
    pub fn borrowed_receiver(&self) -> Option<&Object> {
        // SAFETY: the place is written once more after the object has been made: by the collector, which has found that
        // nobody reaches the function.
        unsafe { self.receiver.peek() }
    }
}

/// A method of a builtin type as it stands in the type's dict (`method_descriptor`, `classmethod_descriptor`).
#[repr(C)]
pub struct MethodDescriptor {
    /// The header.
    pub head: Object,
    /// Its declaration.
    pub def: &'static MethodDef,
    /// The type that it belongs to.
    pub owner: Ref<super::Type>,
    /// The parameters, read from the signature at the first call that needs them.
    pub parameters: OnceCell<Box<crate::native::bind::Parameters>>,
}
object_layout!(
    MethodDescriptor = kinds::METHOD_DESCRIPTOR,
    traverse | this,
    visit | {
        visit.visit(this.owner.as_object());
    }
);

/// A computed attribute of a builtin type (`getset_descriptor`, or `member_descriptor` where the declaration says so).
#[repr(C)]
pub struct GetSetDescriptor {
    /// The header.
    pub head: Object,
    /// Its declaration.
    pub def: &'static crate::native::GetSetDef,
    /// The type that it belongs to.
    pub owner: Ref<super::Type>,
}
object_layout!(
    GetSetDescriptor = kinds::GETSET_DESCRIPTOR,
    traverse | this,
    visit | {
        visit.visit(this.owner.as_object());
    }
);

/// The descriptor of a name in `__slots__` (`member_descriptor`).
#[repr(C)]
pub struct MemberDescriptor {
    /// The header.
    pub head: Object,
    /// The name.
    pub name: Ref<Str>,
    /// The class that it belongs to.
    pub owner: Ref<super::Type>,
    /// Offset of the slot from the instance's header, in bytes.
    pub offset: u32,
}
object_layout!(
    MemberDescriptor = kinds::MEMBER_DESCRIPTOR,
    traverse | this,
    visit | {
        visit.visit(this.owner.as_object());
    }
);

/// A module.
#[repr(C)]
pub struct Module {
    /// The header.
    pub head: Object,
    /// `__dict__`
    pub dict: Ref<Dict>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    Module = kinds::MODULE,
    traverse | this,
    visit | {
        visit.visit(this.dict.as_object());
    },
    clear | this | {
        this.dict.clear();
    }
);
