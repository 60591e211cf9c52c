//! The private heap of Vivarium: objects, handles, allocation, reference counts, the collector and weak references.
//!
//! The heap knows no Python. What an object *is* it learns from two things: the object's type, whose first part is a
//! [`TypeInfo`], and the [`Layout`] that the type points to, a table of functions over the payload.
//!
//! **Invariants.**
//! - An object is a block that starts (after an optional prefix) with an [`Object`] header of 16 bytes.
//! - The count of an object is the number of [`Ref`]s, raw words of the call stack and native structures that own it.
//! - A heap belongs to one interpreter; the thread that runs it has made it current ([`Heap::enter`]).

#![allow(unsafe_code)]

pub mod alloc;
mod arena;
pub mod audit;
pub mod collect;
mod guard;
pub mod handle;
pub mod heap;
pub mod instance;
pub mod layout;
mod links;
pub mod object;
mod os;
pub mod place;
pub mod pool;
mod quick;
mod raw;
pub mod release;
mod single;
pub mod stats;
pub mod teardown;
mod trial;
pub mod watch;
pub mod weak;

pub use alloc::{HVec, HeapAlloc};
pub use audit::{CensusLine, Disagreement};
pub use collect::{Debug, GENERATIONS, GenerationStats, referents};
pub use handle::{Raw, Ref};
pub use heap::{Heap, Hooks};
pub use layout::{Layout, Managed, TypeFlags, TypeInfo, Visitor};
pub use object::{Flags, Kind, Object, ObjectLayout};
pub use place::{prefix_size, size_of_object};
pub use release::Deferring;
pub use stats::{ArenaMap, ClassStats, HeapMap, HeapStats, PoolMap};
pub use teardown::Leftover;
pub use watch::{Event, Listener};
pub use weak::{WeakBody, WeakCallableProxy, WeakError, WeakProxy, WeakRef};
