//! The parts of the standard library that CPython writes in C: native modules, one a file or folder, written only against
//! the public api of `viv-runtime`.
//!
//! To add one: write its file with a [`ModuleSpec`](viv_runtime::modules::make::ModuleSpec), then a row in [`modules`].

pub mod abc;
pub mod absent;
pub mod accounts;
pub mod array;
pub mod asyncio;
pub mod binascii;
pub mod bisect;
pub mod bz2;
pub mod cmath;
pub mod collections;
pub mod contextvars;
pub mod csv;
pub mod datetime;
pub mod decimal;

mod environment;
pub mod faulthandler;
pub mod fcntl;
mod fork_exec;
pub mod functools;
pub mod hashes;
pub mod heapq;
pub mod json;
pub mod kinds;
pub mod library;
pub mod locale;
pub mod marshal;
pub mod opcode;
pub mod operator;
pub mod pickle;
pub mod posix;
pub mod process;
pub mod random;
pub mod select;
pub mod signal;
pub mod socket;
pub mod sre;
pub mod statistics;
pub mod structs;
pub mod suggestions;
pub mod symtable;
pub mod termios;
pub mod test_support;
pub mod thread;
pub mod tracemalloc;
pub mod type_names;
pub mod unicodedata;
pub mod zlib;

use viv_runtime::vm::NativeModule;

/// All modules of this crate, by name.
pub fn modules() -> &'static [NativeModule] {
    &[
        ("_abc", |vm| abc::MODULE.make(vm)),
        ("array", |vm| array::MODULE.make(vm)),
        ("_asyncio", |vm| asyncio::MODULE.make(vm)),
        ("_bz2", |vm| bz2::MODULE.make(vm)),
        ("_statistics", |vm| statistics::MODULE.make(vm)),
        ("_opcode", |vm| opcode::MODULE.make(vm)),
        ("_bisect", |vm| bisect::MODULE.make(vm)),
        ("cmath", |vm| cmath::MODULE.make(vm)),
        ("unicodedata", |vm| unicodedata::MODULE.make(vm)),
        ("_collections", |vm| collections::MODULE.make(vm)),
        ("_faulthandler", |vm| faulthandler::MODULE.make(vm)),
        ("fcntl", |vm| fcntl::MODULE.make(vm)),
        ("grp", |vm| accounts::GRP.make(vm)),
        ("pwd", |vm| accounts::PWD.make(vm)),
        ("_locale", |vm| locale::MODULE.make(vm)),
        ("_symtable", |vm| symtable::MODULE.make(vm)),
        ("_suggestions", |vm| suggestions::MODULE.make(vm)),
        ("_functools", |vm| functools::MODULE.make(vm)),
        ("_heapq", |vm| heapq::MODULE.make(vm)),
        ("_operator", |vm| operator::MODULE.make(vm)),
        ("_vivarium", |vm| library::MODULE.make(vm)),
        ("_vivarium_test", |vm| test_support::MODULE.make(vm)),
        ("_posix", |vm| posix::MODULE.make(vm)),
        ("_posixsubprocess", |vm| process::MODULE.make(vm)),
        ("_termios", |vm| termios::MODULE.make(vm)),
        ("select", |vm| select::MODULE.make(vm)),
        ("_socket", |vm| socket::MODULE.make(vm)),
        ("_sre", |vm| sre::MODULE.make(vm)),
        ("_md5", |vm| hashes::MD5.make(vm)),
        ("_sha1", |vm| hashes::SHA1.make(vm)),
        ("_sha2", |vm| hashes::SHA2.make(vm)),
        ("_sha3", |vm| hashes::sha3::MODULE.make(vm)),
        ("_blake2", |vm| hashes::blake2::MODULE.make(vm)),
        ("binascii", |vm| binascii::MODULE.make(vm)),
        ("zlib", |vm| zlib::MODULE.make(vm)),
        ("_json", |vm| json::MODULE.make(vm)),
        ("_csv", |vm| csv::MODULE.make(vm)),
        ("marshal", |vm| marshal::MODULE.make(vm)),
        ("_pickle", |vm| pickle::MODULE.make(vm)),
        ("_datetime", |vm| datetime::MODULE.make(vm)),
        ("_decimal", |vm| decimal::MODULE.make(vm)),
        ("_struct", |vm| structs::MODULE.make(vm)),
        ("_random", |vm| random::MODULE.make(vm)),
        ("_types", |vm| type_names::MODULE.make(vm)),
        ("_tracemalloc", |vm| tracemalloc::MODULE.make(vm)),
        ("_signal", |vm| signal::MODULE.make(vm)),
        ("_thread", |vm| thread::MODULE.make(vm)),
        ("_contextvars", |vm| contextvars::MODULE.make(vm)),
        ("_queue", |vm| thread::queue::MODULE.make(vm)),
    ]
}
