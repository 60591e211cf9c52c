//! The bytecode of Vivarium: the opcode table, instructions, code objects and the tools over them.
//!
//! Everything about an opcode is said once, in [`op`]: its name, the form of its operands, the cache words that
//! follow it, its stack effect and its meaning. The encoder, the disassembler, the verifier, `docs/opcodes.md` and the
//! dispatch of the runtime are derived from that table.
//!
//! **Invariant.** An instruction is one 32-bit word: the opcode in the low byte, then three 8-bit operands `a`, `b`,
//! `c`, or one 24-bit operand `w` in their place. Operand words and cache words follow it and are never executed.

pub mod asm;
pub mod code;
pub mod dis;
pub mod docs;
pub mod image;
pub mod instr;
pub mod op;
pub mod portable;
pub mod verify;

pub use code::{Code, CodeFlags, CodeInfo, Const, ExceptionEntry, Location};
pub use dis::dis;
pub use instr::Instr;
pub use op::{BinaryOp, CompareOp, Form, Intrinsic1, Intrinsic2, Op};
pub use verify::verify;
