//! What each instruction stands for in wordcode.

use super::table::{Wire, binary_number, compare_argument};
use crate::instr::Instr;
use crate::op::{BinaryOp, Op};
use crate::verify::jump_target;

/// Where a piece jumps to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// It does not jump.
    None,
    /// To the start of a word.
    Word(usize),
    /// Over so many of the pieces that follow.
    Skip(usize),
}

/// One instruction of wordcode, before its place is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) op: Wire,
    pub(super) arg: u32,
    pub(super) target: Target,
    /// Whether it does the work: where an error is raised.
    pub(super) acts: bool,
}

/// Collects the pieces of one instruction.
struct Pieces<'a> {
    out: Vec<Piece>,
    i: Instr,
    at: usize,
    words: &'a [u32],
}

/// The pieces of the instruction at a word.
pub(super) fn expand(words: &[u32], at: usize) -> Vec<Piece> {
    let i = Instr(words[at]);
    let mut pieces = Pieces {
        out: Vec::with_capacity(4),
        i,
        at,
        words,
    };
    match i.op() {
        Some(op) => pieces.instruction(op),
        None => pieces.push(Wire::NOP, 0),
    }
    pieces.out
}

impl Pieces<'_> {
    fn push(&mut self, op: Wire, arg: usize) {
        self.out.push(Piece {
            op,
            arg: arg as u32,
            target: Target::None,
            acts: false,
        });
    }

    /// The piece that does the work.
    fn act(&mut self, op: Wire, arg: usize) {
        self.push(op, arg);
        if let Some(last) = self.out.last_mut() {
            last.acts = true;
        }
    }

    fn jump(&mut self, op: Wire, target: Target) {
        self.out.push(Piece {
            op,
            arg: 0,
            target,
            acts: false,
        });
    }

    fn op_at(&self, word: usize) -> Option<Op> {
        Instr(*self.words.get(word)?).op()
    }

    /// The word this instruction jumps to.
    fn target(&self) -> usize {
        jump_target(self.words, self.at).unwrap_or(self.at)
    }

    /// A jump under a condition; CPython has them forwards only, so that backwards the opposite one skips a jump.
    fn branch(&mut self, taken: Wire, opposite: Wire) {
        let target = self.target();
        if target > self.at {
            self.jump(taken, Target::Word(target));
            self.push(Wire::NOT_TAKEN, 0);
        } else {
            self.jump(opposite, Target::Skip(2));
            self.push(Wire::NOT_TAKEN, 0);
            self.jump(Wire::JUMP_BACKWARD, Target::Word(target));
        }
    }

    fn truth(&mut self, jump_if: bool) {
        let (taken, other) = (Wire::POP_JUMP_IF_TRUE, Wire::POP_JUMP_IF_FALSE);
        if jump_if {
            self.branch(taken, other);
        } else {
            self.branch(other, taken);
        }
    }

    fn local(&mut self, n: usize) {
        self.push(Wire::LOAD_FAST, n);
    }

    fn constant(&mut self, n: usize) {
        self.push(Wire::LOAD_CONST, n);
    }

    fn store(&mut self, n: usize) {
        self.push(Wire::STORE_FAST, n);
    }

    fn binary(&mut self, op: usize) {
        self.act(Wire::BINARY_OP, binary_number(op) as usize);
    }

    /// The operands of a super-instruction by the letters of its name: L a local, C a constant, S the stack.
    fn operands(&mut self, letters: &str) {
        let (a, b) = (self.i.a(), self.i.b());
        for (letter, n) in letters.chars().zip([a, b]) {
            match letter {
                'L' => self.local(n),
                'C' => self.constant(n),
                _ => {}
            }
        }
    }

    /// An operation on operands, its result stored where the form has a place for it.
    fn operation(&mut self, letters: &str, op: BinaryOp, store: Option<usize>) {
        self.operands(letters);
        self.binary(op as usize);
        if let Some(place) = store {
            self.store(place);
        }
    }

    fn subscript(&mut self, letters: &str) {
        self.operands(letters);
        self.act(Wire::BINARY_OP, 26);
    }

    fn compare_jump(&mut self, letters: &str) {
        self.operands(letters);
        let c = self.i.c();
        self.act(Wire::COMPARE_OP, compare_argument(c & 7) as usize | 16);
        self.truth(c & 8 != 0);
    }

    fn attribute(&mut self, name: usize, method: bool) {
        self.act(Wire::LOAD_ATTR, name << 1 | usize::from(method));
    }

    fn super_attribute(&mut self, method: bool, explicit: bool) {
        let bits = usize::from(method) | usize::from(explicit) << 1;
        self.act(Wire::LOAD_SUPER_ATTR, self.i.w() << 2 | bits);
    }

    fn enter_with(&mut self, enter: usize, exit: usize) {
        self.push(Wire::COPY, 1);
        self.push(Wire::LOAD_SPECIAL, exit);
        self.push(Wire::SWAP, 2);
        self.push(Wire::SWAP, 3);
        self.act(Wire::LOAD_SPECIAL, enter);
        self.push(Wire::CALL, 0);
    }

    fn keep_or_pop(&mut self, jump_if: bool) {
        self.push(Wire::COPY, 1);
        self.act(Wire::TO_BOOL, 0);
        self.truth(jump_if);
        self.push(Wire::POP_TOP, 0);
    }

    fn instruction(&mut self, op: Op) {
        let (w, a, b, c, bx) = (self.i.w(), self.i.a(), self.i.b(), self.i.c(), self.i.bx());
        match op {
            Op::JUMP | Op::JUMP_BACKWARD => {
                let target = self.target();
                let way = if target > self.at {
                    Wire::JUMP_FORWARD
                } else if matches!(self.op_at(target), Some(Op::SEND | Op::END_SEND)) {
                    // The wait for a value that the code waits on cannot be interrupted.
                    Wire::JUMP_BACKWARD_NO_INTERRUPT
                } else {
                    Wire::JUMP_BACKWARD
                };
                self.jump(way, Target::Word(target));
            }
            Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE => {
                self.act(Wire::TO_BOOL, 0);
                self.truth(op == Op::POP_JUMP_IF_TRUE);
            }
            Op::JUMP_IF_FALSE_L | Op::JUMP_IF_TRUE_L => {
                self.local(a);
                self.act(Wire::TO_BOOL, 0);
                self.truth(op == Op::JUMP_IF_TRUE_L);
            }
            Op::JUMP_IF_NONE_L => {
                self.local(a);
                self.branch(Wire::POP_JUMP_IF_NONE, Wire::POP_JUMP_IF_NOT_NONE);
            }
            Op::JUMP_IF_NOT_NONE_L => {
                self.local(a);
                self.branch(Wire::POP_JUMP_IF_NOT_NONE, Wire::POP_JUMP_IF_NONE);
            }
            Op::POP_JUMP_IF_NONE => {
                self.branch(Wire::POP_JUMP_IF_NONE, Wire::POP_JUMP_IF_NOT_NONE);
            }
            Op::POP_JUMP_IF_NOT_NONE => {
                self.branch(Wire::POP_JUMP_IF_NOT_NONE, Wire::POP_JUMP_IF_NONE);
            }
            Op::JUMP_IF_FALSE_OR_POP => self.keep_or_pop(false),
            Op::JUMP_IF_TRUE_OR_POP => self.keep_or_pop(true),
            Op::FOR_ITER => self.jump(Wire::FOR_ITER, Target::Word(self.target())),
            Op::FOR_ITER_STORE => {
                self.jump(Wire::FOR_ITER, Target::Word(self.target()));
                self.store(a);
            }
            Op::SEND => self.jump(Wire::SEND, Target::Word(self.target())),

            Op::BINARY_OP => self.binary(w),
            Op::BINARY_SUBSCR => self.act(Wire::BINARY_OP, 26),
            Op::COMPARE_OP => self.act(Wire::COMPARE_OP, compare_argument(w) as usize),
            Op::UNARY_POSITIVE => self.act(Wire::CALL_INTRINSIC_1, 5),
            Op::UNARY_NOT => {
                self.act(Wire::TO_BOOL, 0);
                self.push(Wire::UNARY_NOT, 0);
            }
            Op::CALL_INTRINSIC_1 => self.act(Wire::CALL_INTRINSIC_1, w + 1 + usize::from(w >= 4)),
            Op::CALL_INTRINSIC_2 => self.act(Wire::CALL_INTRINSIC_2, w + 1),
            Op::BEFORE_WITH => self.enter_with(0, 1),
            Op::BEFORE_ASYNC_WITH => self.enter_with(2, 3),
            Op::CALL_FUNCTION_EX => {
                if w == 0 {
                    self.push(Wire::PUSH_NULL, 0);
                }
                self.act(Wire::CALL_FUNCTION_EX, 0);
            }
            Op::UNPACK_EX => self.act(Wire::UNPACK_EX, b << 8 | a),
            Op::LOAD_GLOBAL | Op::LOAD_GLOBAL_MODULE | Op::LOAD_GLOBAL_BUILTIN => {
                self.act(Wire::LOAD_GLOBAL, w << 1);
            }
            Op::LOAD_GLOBAL_NULL | Op::LOAD_GLOBAL_NULL_MODULE | Op::LOAD_GLOBAL_NULL_BUILTIN => {
                self.act(Wire::LOAD_GLOBAL, w << 1 | 1);
            }
            Op::LOAD_ATTR
            | Op::LOAD_ATTR_INLINE
            | Op::LOAD_ATTR_SLOT
            | Op::LOAD_ATTR_CLASS
            | Op::LOAD_ATTR_MODULE
            | Op::LOAD_ATTR_TYPE => self.attribute(w, false),
            Op::LOAD_METHOD
            | Op::LOAD_METHOD_CLASS
            | Op::LOAD_METHOD_MODULE
            | Op::LOAD_METHOD_TYPE => self.attribute(w, true),
            Op::LOAD_ATTR_L
            | Op::LOAD_ATTR_L_INLINE
            | Op::LOAD_ATTR_L_SLOT
            | Op::LOAD_ATTR_L_CLASS => {
                self.local(a);
                self.attribute(bx, false);
            }
            Op::LOAD_METHOD_L | Op::LOAD_METHOD_L_CLASS => {
                self.local(a);
                self.attribute(bx, true);
            }
            Op::STORE_ATTR | Op::STORE_ATTR_INLINE | Op::STORE_ATTR_SLOT => {
                self.act(Wire::STORE_ATTR, w);
            }
            Op::STORE_ATTR_L | Op::STORE_ATTR_L_INLINE | Op::STORE_ATTR_L_SLOT => {
                self.local(a);
                self.act(Wire::STORE_ATTR, bx);
            }
            Op::LOAD_SUPER_ATTR => self.super_attribute(false, true),
            Op::LOAD_ZERO_SUPER_ATTR => self.super_attribute(false, false),
            Op::LOAD_SUPER_METHOD => self.super_attribute(true, true),
            Op::LOAD_ZERO_SUPER_METHOD => self.super_attribute(true, false),
            Op::CALL | Op::CALL_PY_EXACT | Op::CALL_NATIVE | Op::CALL_CLASS_INIT => {
                self.act(Wire::CALL, w);
            }
            Op::LOAD_CLOSURE => self.local(w),

            Op::LOAD_FAST_LOAD_FAST => self.operands("LL"),
            Op::LOAD_FAST_LOAD_CONST => self.operands("LC"),
            Op::STORE_FAST_LOAD_FAST => {
                self.store(a);
                self.local(b);
            }
            Op::STORE_FAST_STORE_FAST => {
                self.store(a);
                self.store(b);
            }
            Op::MOVE_FAST => {
                self.local(a);
                self.store(b);
            }
            Op::STORE_CONST_FAST => {
                self.constant(b);
                self.store(a);
            }
            Op::RETURN_CONST => {
                self.constant(w);
                self.act(Wire::RETURN_VALUE, 0);
            }
            Op::RETURN_FAST => {
                self.local(w);
                self.act(Wire::RETURN_VALUE, 0);
            }
            Op::BINARY_OP_LL | Op::BINARY_OP_LC | Op::BINARY_OP_SL | Op::BINARY_OP_SC => {
                self.operands(&op.name()[10..]);
                self.binary(c);
            }
            Op::ADD | Op::SUB | Op::MUL => self.operation("", arithmetic(op), None),
            Op::ADD_LL
            | Op::ADD_LC
            | Op::ADD_SL
            | Op::ADD_SC
            | Op::SUB_LL
            | Op::SUB_LC
            | Op::SUB_SL
            | Op::SUB_SC
            | Op::MUL_LL
            | Op::MUL_LC
            | Op::MUL_SL
            | Op::MUL_SC => {
                self.operation(&op.name()[4..6], arithmetic(op), None);
            }
            Op::ADD_LL_STORE
            | Op::ADD_LC_STORE
            | Op::ADD_SL_STORE
            | Op::ADD_SC_STORE
            | Op::SUB_LL_STORE
            | Op::SUB_LC_STORE
            | Op::SUB_SL_STORE
            | Op::MUL_LL_STORE => self.operation(&op.name()[4..6], arithmetic(op), Some(c)),
            Op::ADD_SS_STORE | Op::SUB_SS_STORE | Op::MUL_SS_STORE => {
                self.operation("", arithmetic(op), Some(w));
            }
            Op::IADD_LL_STORE | Op::ISUB_LL_STORE => {
                self.operation("LL", in_place(op), Some(c));
            }
            Op::IADD_LC_STORE | Op::ISUB_LC_STORE => {
                self.operation("LC", in_place(op), Some(c));
            }
            Op::IADD_LS_STORE => {
                self.local(a);
                self.push(Wire::SWAP, 2);
                self.operation("", BinaryOp::IAdd, Some(c));
            }
            Op::COMPARE_JUMP => self.compare_jump(""),
            Op::COMPARE_JUMP_LL => self.compare_jump("LL"),
            Op::COMPARE_JUMP_LC => self.compare_jump("LC"),
            Op::COMPARE_JUMP_SL => self.compare_jump("SL"),
            Op::COMPARE_JUMP_SC => self.compare_jump("SC"),
            Op::SUBSCR_LL => self.subscript("LL"),
            Op::SUBSCR_LC => self.subscript("LC"),
            Op::SUBSCR_LL_STORE | Op::SUBSCR_LC_STORE => {
                self.subscript(if op == Op::SUBSCR_LL_STORE {
                    "LL"
                } else {
                    "LC"
                });
                self.store(c);
            }
            Op::SUBSCR_SL => self.subscript("SL"),
            Op::SUBSCR_SC => self.subscript("SC"),
            Op::STORE_SUBSCR_LL | Op::STORE_SUBSCR_LC => {
                self.operands(&op.name()[13..]);
                self.act(Wire::STORE_SUBSCR, 0);
            }
            other => self.same(other),
        }
    }
}

fn arithmetic(op: Op) -> BinaryOp {
    match &op.name()[..3] {
        "ADD" => BinaryOp::Add,
        "SUB" => BinaryOp::Sub,
        _ => BinaryOp::Mul,
    }
}

fn in_place(op: Op) -> BinaryOp {
    match op {
        Op::ISUB_LL_STORE | Op::ISUB_LC_STORE => BinaryOp::ISub,
        _ => BinaryOp::IAdd,
    }
}

impl Pieces<'_> {
    /// The instructions that CPython has under the same name, with the same argument.
    fn same(&mut self, op: Op) {
        let wire = match op {
            Op::NOP => Wire::NOP,
            Op::RESUME => Wire::RESUME,
            Op::POP_TOP => Wire::POP_TOP,
            Op::COPY => Wire::COPY,
            Op::SWAP => Wire::SWAP,
            Op::PUSH_NULL => Wire::PUSH_NULL,
            Op::LOAD_CONST => Wire::LOAD_CONST,
            Op::LOAD_FAST => Wire::LOAD_FAST,
            Op::LOAD_FAST_AND_CLEAR => Wire::LOAD_FAST_AND_CLEAR,
            Op::STORE_FAST => Wire::STORE_FAST,
            Op::DELETE_FAST => Wire::DELETE_FAST,
            Op::MAKE_CELL => Wire::MAKE_CELL,
            Op::COPY_FREE_VARS => Wire::COPY_FREE_VARS,
            Op::LOAD_DEREF => Wire::LOAD_DEREF,
            Op::STORE_DEREF => Wire::STORE_DEREF,
            Op::DELETE_DEREF => Wire::DELETE_DEREF,
            Op::LOAD_FROM_DICT_OR_DEREF => Wire::LOAD_FROM_DICT_OR_DEREF,
            Op::LOAD_FROM_DICT_OR_GLOBALS => Wire::LOAD_FROM_DICT_OR_GLOBALS,
            Op::LOAD_LOCALS => Wire::LOAD_LOCALS,
            Op::LOAD_NAME => Wire::LOAD_NAME,
            Op::STORE_NAME => Wire::STORE_NAME,
            Op::DELETE_NAME => Wire::DELETE_NAME,
            Op::STORE_GLOBAL => Wire::STORE_GLOBAL,
            Op::DELETE_GLOBAL => Wire::DELETE_GLOBAL,
            Op::LOAD_BUILD_CLASS => Wire::LOAD_BUILD_CLASS,
            Op::LOAD_COMMON_CONSTANT => Wire::LOAD_COMMON_CONSTANT,
            Op::DELETE_ATTR => Wire::DELETE_ATTR,
            Op::IS_OP => Wire::IS_OP,
            Op::CONTAINS_OP => Wire::CONTAINS_OP,
            Op::UNARY_NEGATIVE => Wire::UNARY_NEGATIVE,
            Op::UNARY_INVERT => Wire::UNARY_INVERT,
            Op::STORE_SUBSCR => Wire::STORE_SUBSCR,
            Op::DELETE_SUBSCR => Wire::DELETE_SUBSCR,
            Op::BUILD_SLICE => Wire::BUILD_SLICE,
            Op::BINARY_SLICE => Wire::BINARY_SLICE,
            Op::STORE_SLICE => Wire::STORE_SLICE,
            Op::GET_ITER => Wire::GET_ITER,
            Op::GET_YIELD_FROM_ITER => Wire::GET_YIELD_FROM_ITER,
            Op::BUILD_TUPLE => Wire::BUILD_TUPLE,
            Op::BUILD_LIST => Wire::BUILD_LIST,
            Op::BUILD_SET => Wire::BUILD_SET,
            Op::BUILD_MAP => Wire::BUILD_MAP,
            Op::BUILD_STRING => Wire::BUILD_STRING,
            Op::LIST_APPEND => Wire::LIST_APPEND,
            Op::SET_ADD => Wire::SET_ADD,
            Op::MAP_ADD => Wire::MAP_ADD,
            Op::LIST_EXTEND => Wire::LIST_EXTEND,
            Op::SET_UPDATE => Wire::SET_UPDATE,
            Op::DICT_UPDATE => Wire::DICT_UPDATE,
            Op::DICT_MERGE => Wire::DICT_MERGE,
            Op::UNPACK_SEQUENCE => Wire::UNPACK_SEQUENCE,
            Op::FORMAT_SIMPLE => Wire::FORMAT_SIMPLE,
            Op::FORMAT_WITH_SPEC => Wire::FORMAT_WITH_SPEC,
            Op::CONVERT_VALUE => Wire::CONVERT_VALUE,
            Op::BUILD_INTERPOLATION => Wire::BUILD_INTERPOLATION,
            Op::BUILD_TEMPLATE => Wire::BUILD_TEMPLATE,
            Op::CALL_KW => Wire::CALL_KW,
            Op::MAKE_FUNCTION => Wire::MAKE_FUNCTION,
            Op::SET_FUNCTION_ATTRIBUTE => Wire::SET_FUNCTION_ATTRIBUTE,
            Op::RETURN_VALUE => Wire::RETURN_VALUE,
            Op::RETURN_GENERATOR => Wire::RETURN_GENERATOR,
            Op::YIELD_VALUE => Wire::YIELD_VALUE,
            Op::END_SEND => Wire::END_SEND,
            Op::CLEANUP_THROW => Wire::CLEANUP_THROW,
            Op::GET_AWAITABLE => Wire::GET_AWAITABLE,
            Op::GET_AITER => Wire::GET_AITER,
            Op::GET_ANEXT => Wire::GET_ANEXT,
            Op::END_ASYNC_FOR => Wire::END_ASYNC_FOR,
            Op::RAISE_VARARGS => Wire::RAISE_VARARGS,
            Op::RERAISE => Wire::RERAISE,
            Op::PUSH_EXC_INFO => Wire::PUSH_EXC_INFO,
            Op::POP_EXCEPT => Wire::POP_EXCEPT,
            Op::CHECK_EXC_MATCH => Wire::CHECK_EXC_MATCH,
            Op::CHECK_EG_MATCH => Wire::CHECK_EG_MATCH,
            Op::WITH_EXCEPT_START => Wire::WITH_EXCEPT_START,
            Op::IMPORT_NAME => Wire::IMPORT_NAME,
            Op::IMPORT_FROM => Wire::IMPORT_FROM,
            Op::MATCH_MAPPING => Wire::MATCH_MAPPING,
            Op::MATCH_SEQUENCE => Wire::MATCH_SEQUENCE,
            Op::MATCH_KEYS => Wire::MATCH_KEYS,
            Op::MATCH_CLASS => Wire::MATCH_CLASS,
            Op::GET_LEN => Wire::GET_LEN,
            Op::SETUP_ANNOTATIONS => Wire::SETUP_ANNOTATIONS,
            // All others have an arm of their own in `instruction`.
            _ => Wire::NOP,
        };
        self.act(wire, self.i.w());
    }
}
