//! The opcode table: the one place where an opcode is declared.
//!
//! In the effects, `s` is the evaluation stack, its top to the right; `locals[i]` are the frame's fast locals: first the
//! parameters and other local variables, then cells of this code's own, then cells received from outside.

use crate::instr::Instr;

/// How the operands of an instruction are laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// No operand.
    None,
    /// `w` is a count, a depth or a small code.
    Arg,
    /// `w` is an index into the constants.
    Const,
    /// `w` is an index into the names.
    Name,
    /// `w` is an index into the fast locals.
    Local,
    /// `w` is the word index of the target of a jump.
    Jump,
    /// `a` and `b` are locals.
    LocalLocal,
    /// `a` is a local, `b` a constant.
    LocalConst,
    /// `a`, `b` are counts.
    ArgArg,
    /// `a` is a local, `bx` a name.
    LocalName,
    /// `a`, `b` are locals, `c` is a [`BinaryOp`].
    LocalLocalOp,
    /// `a` is a local, `b` a constant, `c` is a [`BinaryOp`].
    LocalConstOp,
    /// `a`, `b`, `c` are locals; the result goes to local `c`.
    LocalLocalDest,
    /// `a` is a local, `b` a constant; the result goes to local `c`.
    LocalConstDest,
    /// `b` is a local operand on the right, `c` a [`BinaryOp`] where the opcode does not fix it.
    RightLocal,
    /// `b` is a constant operand on the right, `c` a [`BinaryOp`] where the opcode does not fix it.
    RightConst,
    /// `b` is a local operand on the right; the result goes to local `c`.
    RightLocalDest,
    /// `b` is a constant operand on the right; the result goes to local `c`.
    RightConstDest,
    /// `a`, `b` are operands as the opcode says, `c` is `CompareOp | 8 if the jump is taken when the result is true`;
    /// the next word is the target.
    CompareJump,
    /// `a` is a local; the next word is the target.
    LocalJump,
}

macro_rules! opcodes {
    ($( $(#[doc = $doc:literal])+ $name:ident $form:ident cache $cache:literal effect |$i:ident| ($pop:expr, $push:expr); )+) => {
        /// An opcode. The documentation of each variant is its effect.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, missing_docs)]
        #[allow(rustdoc::broken_intra_doc_links, reason = "`locals[w]` in an effect is an index, not a link")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Op { $( $(#[doc = $doc])+ $name, )+ }

        /// Every opcode in order of its number.
        pub const ALL: &[Op] = &[$(Op::$name),+];

        impl Op {
            /// The opcode's name.
            pub const fn name(self) -> &'static str {
                match self { $(Op::$name => stringify!($name)),+ }
            }
            /// How its operands are laid out.
            pub const fn form(self) -> Form {
                match self { $(Op::$name => Form::$form),+ }
            }
            /// How many words of operand and cache follow the instruction's own word.
            #[inline]
            pub const fn extra_words(self) -> usize {
                match self { $(Op::$name => $cache),+ }
            }
            /// How many values the instruction takes from the stack and how many it puts there, on the way that falls
            /// through (a jump may differ: see [`Op::jump_effect`]).
            pub fn effect(self, i: Instr) -> (usize, usize) {
                match self { $(Op::$name => { let $i = i; let _ = $i; ($pop, $push) }),+ }
            }
            /// What it does, in a line or two.
            pub const fn doc(self) -> &'static str {
                match self { $(Op::$name => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

opcodes! {
    /// Does nothing.
    NOP None cache 0 effect |i| (0, 0);
    /// Start of a function body or of the code after a yield; tests the eval breaker. `w`: 0 start, 1 after yield, 2 after `yield from`, 3 after await.
    RESUME Arg cache 0 effect |i| (0, 0);
    /// s: x → (nothing)
    POP_TOP None cache 0 effect |i| (1, 0);
    /// s: x₁ … xₙ → x₁ … xₙ x₁, counted from the top: `w` = 1 copies the top.
    COPY Arg cache 0 effect |i| (i.w(), i.w() + 1);
    /// Exchanges the top with the `w`-th value from the top.
    SWAP Arg cache 0 effect |i| (i.w(), i.w());
    /// Pushes the null word that stands for "no self" before a call.
    PUSH_NULL None cache 0 effect |i| (0, 1);

    /// s: → consts[w]
    LOAD_CONST Const cache 0 effect |i| (0, 1);
    /// s: → locals[w]; UnboundLocalError (or NameError for a cell's variable) where it is empty.
    LOAD_FAST Local cache 0 effect |i| (0, 1);
    /// s: → locals[w] or null, leaving the local empty (comprehensions inlined into their function).
    LOAD_FAST_AND_CLEAR Local cache 0 effect |i| (0, 1);
    /// s: x → ; locals[w] = x (x may be null: then the local is empty again).
    STORE_FAST Local cache 0 effect |i| (1, 0);
    /// Empties locals[w]; UnboundLocalError where it is empty.
    DELETE_FAST Local cache 0 effect |i| (0, 0);
    /// Puts a new cell that holds what locals[w] held into locals[w].
    MAKE_CELL Local cache 0 effect |i| (0, 0);
    /// Copies the `w` cells of the running function's closure into the last `w` locals.
    COPY_FREE_VARS Arg cache 0 effect |i| (0, 0);
    /// s: → the cell itself that stands in locals[w] (for closures).
    LOAD_CLOSURE Local cache 0 effect |i| (0, 1);
    /// s: → what the cell in locals[w] holds.
    LOAD_DEREF Local cache 0 effect |i| (0, 1);
    /// s: x → ; the cell in locals[w] holds x.
    STORE_DEREF Local cache 0 effect |i| (1, 0);
    /// Empties the cell in locals[w].
    DELETE_DEREF Local cache 0 effect |i| (0, 0);
    /// s: mapping → value of the variable of cell locals[w], from the mapping or else from the cell.
    LOAD_FROM_DICT_OR_DEREF Local cache 0 effect |i| (1, 1);
    /// s: mapping → value of names[w], from the mapping, the globals or the builtins.
    LOAD_FROM_DICT_OR_GLOBALS Name cache 0 effect |i| (1, 1);
    /// s: → the mapping of the frame's local names.
    LOAD_LOCALS None cache 0 effect |i| (0, 1);
    /// s: → names[w] from the frame's local mapping, the globals, the builtins.
    LOAD_NAME Name cache 0 effect |i| (0, 1);
    /// s: x → ; local mapping[names[w]] = x
    STORE_NAME Name cache 0 effect |i| (1, 0);
    /// Deletes names[w] from the local mapping.
    DELETE_NAME Name cache 0 effect |i| (0, 0);
    /// s: → names[w] from the globals or the builtins. Cache: version of globals, version of builtins, index.
    LOAD_GLOBAL Name cache 3 effect |i| (0, 1);
    /// LOAD_GLOBAL and PUSH_NULL in one: s: → names[w] null. Cache as LOAD_GLOBAL.
    LOAD_GLOBAL_NULL Name cache 3 effect |i| (0, 2);
    /// s: x → ; globals[names[w]] = x
    STORE_GLOBAL Name cache 0 effect |i| (1, 0);
    /// Deletes names[w] from the globals.
    DELETE_GLOBAL Name cache 0 effect |i| (0, 0);
    /// s: → the builtin `__build_class__`.
    LOAD_BUILD_CLASS None cache 0 effect |i| (0, 1);
    /// s: → a common object: `w` 0 AssertionError, 1 NotImplementedError, 2 tuple, 3 all, 4 any.
    LOAD_COMMON_CONSTANT Arg cache 0 effect |i| (0, 1);

    /// s: o → o.names[w]. Cache: type version, index or offset, pointer (2 words).
    LOAD_ATTR Name cache 4 effect |i| (1, 1);
    /// s: o → function o (an unbound method and its self), or attribute null. Cache as LOAD_ATTR.
    LOAD_METHOD Name cache 4 effect |i| (1, 2);
    /// s: value o → ; o.names[w] = value. Cache as LOAD_ATTR.
    STORE_ATTR Name cache 4 effect |i| (2, 0);
    /// s: o → ; del o.names[w]
    DELETE_ATTR Name cache 0 effect |i| (1, 0);
    /// s: super class self → super(class, self).names[w]; a `super` that is not the builtin is called with the two.
    LOAD_SUPER_ATTR Name cache 0 effect |i| (3, 1);
    /// As LOAD_SUPER_ATTR for `super()` without arguments: where `super` is not the builtin it is called with none.
    LOAD_ZERO_SUPER_ATTR Name cache 0 effect |i| (3, 1);
    /// s: super class self → function self, or attribute null.
    LOAD_SUPER_METHOD Name cache 0 effect |i| (3, 2);
    /// As LOAD_SUPER_METHOD for `super()` without arguments.
    LOAD_ZERO_SUPER_METHOD Name cache 0 effect |i| (3, 2);

    /// s: x y → x op y; `w` is a [`BinaryOp`].
    BINARY_OP Arg cache 0 effect |i| (2, 1);
    /// s: x y → x cmp y; `w` is a [`CompareOp`].
    COMPARE_OP Arg cache 0 effect |i| (2, 1);
    /// s: x y → x is y (`w` = 0), x is not y (`w` = 1)
    IS_OP Arg cache 0 effect |i| (2, 1);
    /// s: x y → x in y (`w` = 0), x not in y (`w` = 1)
    CONTAINS_OP Arg cache 0 effect |i| (2, 1);
    /// s: x → -x
    UNARY_NEGATIVE None cache 0 effect |i| (1, 1);
    /// s: x → +x
    UNARY_POSITIVE None cache 0 effect |i| (1, 1);
    /// s: x → ~x
    UNARY_INVERT None cache 0 effect |i| (1, 1);
    /// s: x → not x
    UNARY_NOT None cache 0 effect |i| (1, 1);
    /// s: o k → o[k]
    BINARY_SUBSCR None cache 0 effect |i| (2, 1);
    /// s: value o k → ; o[k] = value
    STORE_SUBSCR None cache 0 effect |i| (3, 0);
    /// s: o k → ; del o[k]
    DELETE_SUBSCR None cache 0 effect |i| (2, 0);
    /// s: start stop (step, if w = 3) → slice
    BUILD_SLICE Arg cache 0 effect |i| (i.w(), 1);
    /// s: o start stop → o[start:stop]
    BINARY_SLICE None cache 0 effect |i| (3, 1);
    /// s: value o start stop → ; o[start:stop] = value
    STORE_SLICE None cache 0 effect |i| (4, 0);

    /// Goes on at word `w`, which lies ahead.
    JUMP Jump cache 0 effect |i| (0, 0);
    /// Goes on at word `w`, which lies behind; tests the eval breaker.
    JUMP_BACKWARD Jump cache 0 effect |i| (0, 0);
    /// s: x → ; jumps where x is false.
    POP_JUMP_IF_FALSE Jump cache 0 effect |i| (1, 0);
    /// s: x → ; jumps where x is true.
    POP_JUMP_IF_TRUE Jump cache 0 effect |i| (1, 0);
    /// s: x → ; jumps where x is None.
    POP_JUMP_IF_NONE Jump cache 0 effect |i| (1, 0);
    /// s: x → ; jumps where x is not None.
    POP_JUMP_IF_NOT_NONE Jump cache 0 effect |i| (1, 0);
    /// s: x → x and jumps where x is false; else x → .
    JUMP_IF_FALSE_OR_POP Jump cache 0 effect |i| (1, 0);
    /// s: x → x and jumps where x is true; else x → .
    JUMP_IF_TRUE_OR_POP Jump cache 0 effect |i| (1, 0);
    /// s: x → iter(x)
    GET_ITER None cache 0 effect |i| (1, 1);
    /// s: x → x if it is a coroutine or generator, else iter(x), for `yield from`.
    GET_YIELD_FROM_ITER None cache 0 effect |i| (1, 1);
    /// s: iterator → iterator next; at its end: iterator → , and jumps.
    FOR_ITER Jump cache 0 effect |i| (1, 2);

    /// s: x₁ … xₙ → tuple
    BUILD_TUPLE Arg cache 0 effect |i| (i.w(), 1);
    /// s: x₁ … xₙ → list
    BUILD_LIST Arg cache 0 effect |i| (i.w(), 1);
    /// s: x₁ … xₙ → set
    BUILD_SET Arg cache 0 effect |i| (i.w(), 1);
    /// s: k₁ v₁ … kₙ vₙ → dict
    BUILD_MAP Arg cache 0 effect |i| (2 * i.w(), 1);
    /// s: str₁ … strₙ → their concatenation
    BUILD_STRING Arg cache 0 effect |i| (i.w(), 1);
    /// s: … list … x → … list …; the list stands `w` below the top once x is gone (1: right below x).
    LIST_APPEND Arg cache 0 effect |i| (1, 0);
    /// As LIST_APPEND, for a set.
    SET_ADD Arg cache 0 effect |i| (1, 0);
    /// s: … dict … k v → … dict …; `w` as for LIST_APPEND.
    MAP_ADD Arg cache 0 effect |i| (2, 0);
    /// s: … list … iterable → … list …
    LIST_EXTEND Arg cache 0 effect |i| (1, 0);
    /// s: … set … iterable → … set …
    SET_UPDATE Arg cache 0 effect |i| (1, 0);
    /// s: … dict … mapping → … dict … (a dict display)
    DICT_UPDATE Arg cache 0 effect |i| (1, 0);
    /// s: callable self … dict mapping → … dict (keyword arguments of a call: duplicates are a TypeError); `w` = 1: the dict is right below.
    DICT_MERGE Arg cache 0 effect |i| (1, 0);
    /// s: sequence → xₙ … x₁ (the first on top)
    UNPACK_SEQUENCE Arg cache 0 effect |i| (1, i.w());
    /// s: iterable → values after, list, values before (the first on top); `a` before, `b` after the starred one.
    UNPACK_EX ArgArg cache 0 effect |i| (1, i.a() + 1 + i.b());
    /// s: x → format(x, "")
    FORMAT_SIMPLE None cache 0 effect |i| (1, 1);
    /// s: x spec → format(x, spec)
    FORMAT_WITH_SPEC None cache 0 effect |i| (2, 1);
    /// s: x → str(x) (`w` = 1), repr(x) (2), ascii(x) (3)
    CONVERT_VALUE Arg cache 0 effect |i| (1, 1);
    /// s: value str (spec, if w & 1) → Interpolation; w >> 2 is the conversion as for CONVERT_VALUE.
    BUILD_INTERPOLATION Arg cache 0 effect |i| (2 + (i.w() & 1), 1);
    /// s: strings-tuple interpolations-tuple → Template
    BUILD_TEMPLATE None cache 0 effect |i| (2, 1);

    /// s: callable self-or-null x₁ … x_w → result
    CALL Arg cache 2 effect |i| (i.w() + 2, 1);
    /// s: callable self-or-null x₁ … x_w names → result; the last len(names) values are keyword arguments.
    CALL_KW Arg cache 0 effect |i| (i.w() + 3, 1);
    /// s: callable null args (kwargs, if w = 1) → result
    CALL_FUNCTION_EX Arg cache 0 effect |i| (3 + i.w(), 1);
    /// s: code → function
    MAKE_FUNCTION None cache 0 effect |i| (1, 1);
    /// s: value function → function; `w`: 1 defaults tuple, 2 keyword defaults dict, 4 annotations tuple or dict, 8 closure tuple, 16 annotate function.
    SET_FUNCTION_ATTRIBUTE Arg cache 0 effect |i| (2, 1);
    /// s: x → ; leaves the frame with x.
    RETURN_VALUE None cache 0 effect |i| (1, 0);
    /// Makes the generator or coroutine of this call, which starts after this instruction, and leaves the frame with it. Resumed: s: → sent value (None at first).
    RETURN_GENERATOR None cache 0 effect |i| (0, 1);
    /// s: x → sent value, once the frame is resumed; `w` = 1 where it stands in a `yield from` or an await.
    YIELD_VALUE Arg cache 0 effect |i| (1, 1);
    /// s: receiver value → receiver yielded; where the receiver returns: → receiver result, and jumps to `w`.
    SEND Jump cache 0 effect |i| (2, 2);
    /// s: receiver result → result
    END_SEND None cache 0 effect |i| (2, 1);
    /// s: receiver sent exception → null result where the exception is a StopIteration, else raises it again.
    CLEANUP_THROW None cache 0 effect |i| (3, 2);
    /// s: x → its awaitable iterator; `w`: 0 await, 1 `__aenter__`, 2 `__aexit__`, for the message.
    GET_AWAITABLE Arg cache 0 effect |i| (1, 1);
    /// s: x → x.__aiter__()
    GET_AITER None cache 0 effect |i| (1, 1);
    /// s: aiter → aiter awaitable of aiter.__anext__()
    GET_ANEXT None cache 0 effect |i| (1, 2);
    /// s: aiter exception → ; raises the exception again unless it is StopAsyncIteration.
    END_ASYNC_FOR None cache 0 effect |i| (2, 0);

    /// s: (exception (cause)) → ; raises; `w` values are on the stack.
    RAISE_VARARGS Arg cache 0 effect |i| (i.w(), 0);
    /// s: … exception → ; raises it again without touching its traceback; `w` = 1: the last instruction, as an int, stands below and sets the frame's position.
    RERAISE Arg cache 0 effect |i| (1, 0);
    /// s: exception → previous exception; the exception is now the one being handled.
    PUSH_EXC_INFO None cache 0 effect |i| (1, 2);
    /// s: previous → ; the previous exception is again the one being handled.
    POP_EXCEPT None cache 0 effect |i| (1, 0);
    /// s: exception type → exception bool
    CHECK_EXC_MATCH None cache 0 effect |i| (2, 2);
    /// s: group type → rest match (match None where nothing matches)
    CHECK_EG_MATCH None cache 0 effect |i| (2, 2);
    /// s: manager → exit-function exit-self-or-null result-of-`__enter__`
    BEFORE_WITH None cache 0 effect |i| (1, 3);
    /// As BEFORE_WITH with `__aexit__` and `__aenter__` (its result is still to be awaited).
    BEFORE_ASYNC_WITH None cache 0 effect |i| (1, 3);
    /// s: exit self-or-null lasti previous exception → the same and exit(type, exception, traceback)
    WITH_EXCEPT_START None cache 0 effect |i| (5, 6);

    /// s: level fromlist → module names[w]
    IMPORT_NAME Name cache 0 effect |i| (2, 1);
    /// s: module → module module.names[w]
    IMPORT_FROM Name cache 0 effect |i| (1, 2);
    /// s: subject → subject bool
    MATCH_MAPPING None cache 0 effect |i| (1, 2);
    /// s: subject → subject bool
    MATCH_SEQUENCE None cache 0 effect |i| (1, 2);
    /// s: subject keys → subject keys values-tuple-or-None
    MATCH_KEYS None cache 0 effect |i| (2, 3);
    /// s: subject class names → attributes tuple or None; `w` positional patterns.
    MATCH_CLASS Arg cache 0 effect |i| (3, 1);
    /// s: x → x len(x)
    GET_LEN None cache 0 effect |i| (1, 2);
    /// s: x → f(x); `w` is an [`Intrinsic1`].
    CALL_INTRINSIC_1 Arg cache 0 effect |i| (1, 1);
    /// s: x y → f(x, y); `w` is an [`Intrinsic2`].
    CALL_INTRINSIC_2 Arg cache 0 effect |i| (2, 1);
    /// Makes sure that the frame's local mapping has `__annotations__`.
    SETUP_ANNOTATIONS None cache 0 effect |i| (0, 0);

    // Super-instructions: the peephole pass puts them together from the ones above, within a basic block. Operands that
    // are locals or constants are borrowed: nothing is counted.
    /// s: → locals[a] locals[b]
    LOAD_FAST_LOAD_FAST LocalLocal cache 0 effect |i| (0, 2);
    /// s: → locals[a] consts[b]
    LOAD_FAST_LOAD_CONST LocalConst cache 0 effect |i| (0, 2);
    /// s: x → locals[b]; locals[a] = x first.
    STORE_FAST_LOAD_FAST LocalLocal cache 0 effect |i| (1, 1);
    /// s: y x → ; locals[a] = x, then locals[b] = y.
    STORE_FAST_STORE_FAST LocalLocal cache 0 effect |i| (2, 0);
    /// locals[b] = locals[a]
    MOVE_FAST LocalLocal cache 0 effect |i| (0, 0);
    /// locals[b]... = constant: locals[a] = consts[b]
    STORE_CONST_FAST LocalConst cache 0 effect |i| (0, 0);
    /// s: → locals[a] op locals[b]
    BINARY_OP_LL LocalLocalOp cache 0 effect |i| (0, 1);
    /// s: → locals[a] op consts[b]
    BINARY_OP_LC LocalConstOp cache 0 effect |i| (0, 1);
    /// s: x → x op locals[b]
    BINARY_OP_SL RightLocal cache 0 effect |i| (1, 1);
    /// s: x → x op consts[b]
    BINARY_OP_SC RightConst cache 0 effect |i| (1, 1);
    /// s: x y → x + y
    ADD None cache 0 effect |i| (2, 1);
    /// s: → locals[a] + locals[b]
    ADD_LL LocalLocal cache 0 effect |i| (0, 1);
    /// s: → locals[a] + consts[b]
    ADD_LC LocalConst cache 0 effect |i| (0, 1);
    /// s: x → x + locals[b]
    ADD_SL RightLocal cache 0 effect |i| (1, 1);
    /// s: x → x + consts[b]
    ADD_SC RightConst cache 0 effect |i| (1, 1);
    /// locals[c] = locals[a] + locals[b]
    ADD_LL_STORE LocalLocalDest cache 0 effect |i| (0, 0);
    /// locals[c] = locals[a] + consts[b]
    ADD_LC_STORE LocalConstDest cache 0 effect |i| (0, 0);
    /// s: x → ; locals[c] = x + locals[b]
    ADD_SL_STORE RightLocalDest cache 0 effect |i| (1, 0);
    /// s: x → ; locals[c] = x + consts[b]
    ADD_SC_STORE RightConstDest cache 0 effect |i| (1, 0);
    /// s: x y → ; locals[w] = x + y
    ADD_SS_STORE Local cache 0 effect |i| (2, 0);
    /// locals[c] = locals[a] += locals[b] (`__iadd__` first)
    IADD_LL_STORE LocalLocalDest cache 0 effect |i| (0, 0);
    /// locals[c] = locals[a] += consts[b]
    IADD_LC_STORE LocalConstDest cache 0 effect |i| (0, 0);
    /// s: x → ; locals[c] = locals[a] += x; `b` repeats `a`. The local is read after x was computed.
    IADD_LS_STORE LocalLocalDest cache 0 effect |i| (1, 0);
    /// locals[c] = locals[a] -= locals[b] (`__isub__` first)
    ISUB_LL_STORE LocalLocalDest cache 0 effect |i| (0, 0);
    /// locals[c] = locals[a] -= consts[b]
    ISUB_LC_STORE LocalConstDest cache 0 effect |i| (0, 0);
    /// s: x y → x - y
    SUB None cache 0 effect |i| (2, 1);
    /// s: → locals[a] - locals[b]
    SUB_LL LocalLocal cache 0 effect |i| (0, 1);
    /// s: → locals[a] - consts[b]
    SUB_LC LocalConst cache 0 effect |i| (0, 1);
    /// s: x → x - locals[b]
    SUB_SL RightLocal cache 0 effect |i| (1, 1);
    /// s: x → x - consts[b]
    SUB_SC RightConst cache 0 effect |i| (1, 1);
    /// locals[c] = locals[a] - locals[b]
    SUB_LL_STORE LocalLocalDest cache 0 effect |i| (0, 0);
    /// locals[c] = locals[a] - consts[b]
    SUB_LC_STORE LocalConstDest cache 0 effect |i| (0, 0);
    /// s: x → ; locals[c] = x - locals[b]
    SUB_SL_STORE RightLocalDest cache 0 effect |i| (1, 0);
    /// s: x y → ; locals[w] = x - y
    SUB_SS_STORE Local cache 0 effect |i| (2, 0);
    /// s: x y → x * y
    MUL None cache 0 effect |i| (2, 1);
    /// s: → locals[a] * locals[b]
    MUL_LL LocalLocal cache 0 effect |i| (0, 1);
    /// s: → locals[a] * consts[b]
    MUL_LC LocalConst cache 0 effect |i| (0, 1);
    /// s: x → x * locals[b]
    MUL_SL RightLocal cache 0 effect |i| (1, 1);
    /// s: x → x * consts[b]
    MUL_SC RightConst cache 0 effect |i| (1, 1);
    /// locals[c] = locals[a] * locals[b]
    MUL_LL_STORE LocalLocalDest cache 0 effect |i| (0, 0);
    /// s: x → ; locals[c] = x * locals[b]
    MUL_SL_STORE RightLocalDest cache 0 effect |i| (1, 0);
    /// s: x y → ; locals[w] = x * y
    MUL_SS_STORE Local cache 0 effect |i| (2, 0);
    /// s: x y → ; compares, jumps.
    COMPARE_JUMP CompareJump cache 1 effect |i| (2, 0);
    /// compares locals[a] with locals[b], jumps.
    COMPARE_JUMP_LL CompareJump cache 1 effect |i| (0, 0);
    /// compares locals[a] with consts[b], jumps.
    COMPARE_JUMP_LC CompareJump cache 1 effect |i| (0, 0);
    /// s: x → ; compares x with locals[b], jumps.
    COMPARE_JUMP_SL CompareJump cache 1 effect |i| (1, 0);
    /// s: x → ; compares x with consts[b], jumps.
    COMPARE_JUMP_SC CompareJump cache 1 effect |i| (1, 0);
    /// s: → locals[a].names[bx]. Cache as LOAD_ATTR.
    LOAD_ATTR_L LocalName cache 4 effect |i| (0, 1);
    /// s: → function self or attribute null, of locals[a].names[bx]. Cache as LOAD_ATTR.
    LOAD_METHOD_L LocalName cache 4 effect |i| (0, 2);
    /// s: value → ; locals[a].names[bx] = value. Cache as LOAD_ATTR.
    STORE_ATTR_L LocalName cache 4 effect |i| (1, 0);
    /// s: → locals[a][locals[b]]
    SUBSCR_LL LocalLocal cache 0 effect |i| (0, 1);
    /// s: → locals[a][consts[b]]
    SUBSCR_LC LocalConst cache 0 effect |i| (0, 1);
    /// s: o → o[locals[b]]
    SUBSCR_SL RightLocal cache 0 effect |i| (1, 1);
    /// s: o → o[consts[b]]
    SUBSCR_SC RightConst cache 0 effect |i| (1, 1);
    /// s: value → ; locals[a][locals[b]] = value
    STORE_SUBSCR_LL LocalLocal cache 0 effect |i| (1, 0);
    /// s: value → ; locals[a][consts[b]] = value
    STORE_SUBSCR_LC LocalConst cache 0 effect |i| (1, 0);
    /// As FOR_ITER, the next value stored in locals[a]: s: iterator → iterator; the target stands in the next word.
    FOR_ITER_STORE LocalJump cache 1 effect |i| (1, 1);
    /// Goes on at the target, which stands in the next word, if locals[a] is false.
    JUMP_IF_FALSE_L LocalJump cache 1 effect |i| (0, 0);
    /// Goes on at the target, which stands in the next word, if locals[a] is true.
    JUMP_IF_TRUE_L LocalJump cache 1 effect |i| (0, 0);
    /// Goes on at the target, which stands in the next word, if locals[a] is `None`.
    JUMP_IF_NONE_L LocalJump cache 1 effect |i| (0, 0);
    /// Goes on at the target, which stands in the next word, if locals[a] is not `None`.
    JUMP_IF_NOT_NONE_L LocalJump cache 1 effect |i| (0, 0);
    /// locals[c] = locals[a][locals[b]]
    SUBSCR_LL_STORE LocalLocalDest cache 0 effect |i| (0, 0);
    /// locals[c] = locals[a][consts[b]]
    SUBSCR_LC_STORE LocalConstDest cache 0 effect |i| (0, 0);
    /// Leaves the frame with consts[w].
    RETURN_CONST Const cache 0 effect |i| (0, 0);
    /// Leaves the frame with locals[w], which is left empty.
    RETURN_FAST Local cache 0 effect |i| (0, 0);

    // Specialised forms: the runtime writes them over the generic ones; the compiler never emits them. Each has the form
    // and the cache of what it specialises.
    /// LOAD_GLOBAL found in the globals at a cached index.
    LOAD_GLOBAL_MODULE Name cache 3 effect |i| (0, 1);
    /// LOAD_GLOBAL found in the builtins at a cached index.
    LOAD_GLOBAL_BUILTIN Name cache 3 effect |i| (0, 1);
    /// LOAD_GLOBAL_NULL found in the globals at a cached index.
    LOAD_GLOBAL_NULL_MODULE Name cache 3 effect |i| (0, 2);
    /// LOAD_GLOBAL_NULL found in the builtins at a cached index.
    LOAD_GLOBAL_NULL_BUILTIN Name cache 3 effect |i| (0, 2);
    /// LOAD_ATTR of a value kept inline in the instance.
    LOAD_ATTR_INLINE Name cache 4 effect |i| (1, 1);
    /// LOAD_ATTR of a slot.
    LOAD_ATTR_SLOT Name cache 4 effect |i| (1, 1);
    /// LOAD_ATTR of a class attribute that is no data descriptor, through an instance without its own entry.
    LOAD_ATTR_CLASS Name cache 4 effect |i| (1, 1);
    /// LOAD_ATTR of a module's global.
    LOAD_ATTR_MODULE Name cache 4 effect |i| (1, 1);
    /// LOAD_ATTR_L of a value kept inline in the instance.
    LOAD_ATTR_L_INLINE LocalName cache 4 effect |i| (0, 1);
    /// LOAD_ATTR_L of a slot.
    LOAD_ATTR_L_SLOT LocalName cache 4 effect |i| (0, 1);
    /// LOAD_ATTR_L of a class attribute that is no data descriptor, through an instance without its own entry.
    LOAD_ATTR_L_CLASS LocalName cache 4 effect |i| (0, 1);
    /// LOAD_METHOD of a function in the class.
    LOAD_METHOD_CLASS Name cache 4 effect |i| (1, 2);
    /// LOAD_METHOD_L of a function in the class.
    LOAD_METHOD_L_CLASS LocalName cache 4 effect |i| (0, 2);
    /// LOAD_METHOD on a module.
    LOAD_METHOD_MODULE Name cache 4 effect |i| (1, 2);
    /// LOAD_ATTR of a class itself.
    LOAD_ATTR_TYPE Name cache 4 effect |i| (1, 1);
    /// LOAD_METHOD of a class itself: class methods with the class as self.
    LOAD_METHOD_TYPE Name cache 4 effect |i| (1, 2);
    /// STORE_ATTR of a value kept inline in the instance.
    STORE_ATTR_INLINE Name cache 4 effect |i| (2, 0);
    /// STORE_ATTR of a slot.
    STORE_ATTR_SLOT Name cache 4 effect |i| (2, 0);
    /// STORE_ATTR_L of a value kept inline in the instance.
    STORE_ATTR_L_INLINE LocalName cache 4 effect |i| (1, 0);
    /// STORE_ATTR_L of a slot.
    STORE_ATTR_L_SLOT LocalName cache 4 effect |i| (1, 0);
    /// CALL of a Python function whose positional parameters match exactly.
    CALL_PY_EXACT Arg cache 2 effect |i| (i.w() + 2, 1);
    /// CALL of a native function.
    CALL_NATIVE Arg cache 2 effect |i| (i.w() + 2, 1);
    /// CALL of a class whose `__init__` is a Python function.
    CALL_CLASS_INIT Arg cache 2 effect |i| (i.w() + 2, 1);
    /// LOAD_ATTR of a property whose getter is a Python function.
    LOAD_ATTR_PROPERTY Name cache 4 effect |i| (1, 1);
    /// LOAD_ATTR_L of a property whose getter is a Python function.
    LOAD_ATTR_L_PROPERTY LocalName cache 4 effect |i| (0, 1);
    /// Reads the body of a code object that has not run yet, and goes on at its first instruction.
    READ_BODY None cache 0 effect |i| (0, 0);
}

impl Op {
    /// The opcode with this number.
    #[inline]
    pub fn from_u8(byte: u8) -> Option<Op> {
        ALL.get(byte as usize).copied()
    }

    /// The opcode that the compiler emits where the runtime has written this one.
    pub const fn generic(self) -> Op {
        match self {
            Op::LOAD_GLOBAL_MODULE | Op::LOAD_GLOBAL_BUILTIN => Op::LOAD_GLOBAL,
            Op::LOAD_GLOBAL_NULL_MODULE | Op::LOAD_GLOBAL_NULL_BUILTIN => Op::LOAD_GLOBAL_NULL,
            Op::LOAD_ATTR_INLINE
            | Op::LOAD_ATTR_SLOT
            | Op::LOAD_ATTR_CLASS
            | Op::LOAD_ATTR_MODULE
            | Op::LOAD_ATTR_TYPE
            | Op::LOAD_ATTR_PROPERTY => Op::LOAD_ATTR,
            Op::LOAD_ATTR_L_INLINE
            | Op::LOAD_ATTR_L_SLOT
            | Op::LOAD_ATTR_L_CLASS
            | Op::LOAD_ATTR_L_PROPERTY => Op::LOAD_ATTR_L,
            Op::LOAD_METHOD_CLASS | Op::LOAD_METHOD_MODULE | Op::LOAD_METHOD_TYPE => {
                Op::LOAD_METHOD
            }
            Op::LOAD_METHOD_L_CLASS => Op::LOAD_METHOD_L,
            Op::STORE_ATTR_INLINE | Op::STORE_ATTR_SLOT => Op::STORE_ATTR,
            Op::STORE_ATTR_L_INLINE | Op::STORE_ATTR_L_SLOT => Op::STORE_ATTR_L,
            Op::CALL_PY_EXACT | Op::CALL_NATIVE | Op::CALL_CLASS_INIT => Op::CALL,
            Op::READ_BODY => Op::NOP,
            other => other,
        }
    }

    /// What the instruction takes and puts on the way that jumps, where that differs from [`Op::effect`].
    pub fn jump_effect(self, i: Instr) -> (usize, usize) {
        match self {
            Op::FOR_ITER => (1, 0),
            Op::FOR_ITER_STORE => (1, 0),
            Op::JUMP_IF_FALSE_OR_POP | Op::JUMP_IF_TRUE_OR_POP => (1, 1),
            _ => self.effect(i),
        }
    }
}

macro_rules! numbered {
    ($(#[$meta:meta])* $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $text:literal ),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum $name { $( $(#[$vmeta])* $variant ),+ }

        impl $name {
            /// All of them in order of their number.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The one with this number.
            #[inline]
            pub fn from_u8(n: u8) -> Option<$name> {
                Self::ALL.get(n as usize).copied()
            }
            /// How it is written.
            pub const fn text(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
    };
}

numbered! {
    /// The operator of [`Op::BINARY_OP`]; an in-place operator is its plain one plus 13.
    BinaryOp {
        /// `+`
        Add = "+", /// `-`
        Sub = "-", /// `*`
        Mul = "*", /// `/`
        TrueDiv = "/", /// `//`
        FloorDiv = "//", /// `%`
        Mod = "%", /// `**`
        Pow = "**", /// `<<`
        LShift = "<<", /// `>>`
        RShift = ">>", /// `&`
        And = "&", /// `|`
        Or = "|", /// `^`
        Xor = "^", /// `@`
        MatMul = "@", /// `+=`
        IAdd = "+=", /// `-=`
        ISub = "-=", /// `*=`
        IMul = "*=", /// `/=`
        ITrueDiv = "/=", /// `//=`
        IFloorDiv = "//=", /// `%=`
        IMod = "%=", /// `**=`
        IPow = "**=", /// `<<=`
        ILShift = "<<=", /// `>>=`
        IRShift = ">>=", /// `&=`
        IAnd = "&=", /// `|=`
        IOr = "|=", /// `^=`
        IXor = "^=", /// `@=`
        IMatMul = "@=",
    }
}

numbered! {
    /// The operator of a comparison.
    CompareOp {
        /// `<`
        Lt = "<", /// `<=`
        Le = "<=", /// `==`
        Eq = "==", /// `!=`
        Ne = "!=", /// `>`
        Gt = ">", /// `>=`
        Ge = ">=",
    }
}

numbered! {
    /// The function of [`Op::CALL_INTRINSIC_1`].
    Intrinsic1 {
        /// Shows an expression statement's value through `sys.displayhook`.
        Print = "print", /// Copies a module's public names into the local mapping.
        ImportStar = "import_star", /// Turns StopIteration that leaves a generator into RuntimeError.
        StopIterationError = "stopiteration_error", /// Wraps a value yielded by an async generator.
        AsyncGenWrap = "async_gen_wrap", /// Makes a tuple of a list.
        ListToTuple = "list_to_tuple", /// Makes a TypeVar of its name.
        TypeVar = "typevar", /// Makes a ParamSpec of its name.
        ParamSpec = "paramspec", /// Makes a TypeVarTuple of its name.
        TypeVarTuple = "typevartuple", /// Makes `Generic[params]`.
        SubscriptGeneric = "subscript_generic", /// Makes a type alias of a tuple (name, type parameters or None, lazy value function).
        TypeAlias = "typealias",
    }
}

numbered! {
    /// The function of [`Op::CALL_INTRINSIC_2`].
    Intrinsic2 {
        /// (original group, list of exceptions raised or left over) → exception to raise, or None.
        PrepReraiseStar = "prep_reraise_star", /// (name, function that gives the bound) → TypeVar
        TypeVarWithBound = "typevar_with_bound", /// (name, function that gives the constraints) → TypeVar
        TypeVarWithConstraints = "typevar_with_constraints", /// (function, type parameters) → function
        SetFunctionTypeParams = "set_function_type_params", /// (type parameter, function that gives the default) → type parameter
        SetTypeParamDefault = "set_typeparam_default",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An opcode that is written over another one is known as such: the forms behind the first of them all are.
    #[test]
    fn specialised_opcodes_have_a_generic_form() {
        let specialised = &ALL[Op::LOAD_GLOBAL_MODULE as usize..];
        for op in ALL {
            let generic = op.generic();
            assert_eq!(generic != *op, specialised.contains(op), "{}", op.name());
            assert_eq!(generic.form(), op.form(), "{}", op.name());
            assert_eq!(generic.extra_words(), op.extra_words(), "{}", op.name());
        }
    }
}
