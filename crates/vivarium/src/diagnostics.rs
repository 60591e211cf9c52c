//! Switches for finding faults of the memory manager, taken from the environment.
//!
//! - `VIV_CHECK_SHUTDOWN=1`: when the interpreter has ended, nothing may be left in its heap.
//!
//! What is found is printed to standard error, and the process exits with [`FOUND`].

/// The exit code of a run in which a diagnostic has found something.
pub const FOUND: i32 = 99;

/// The switches.
#[derive(Clone, Copy, Default, Debug)]
pub struct Diagnostics {
    /// Whether the heap must be empty after the end.
    pub check_shutdown: bool,
}

impl Diagnostics {
    /// What the environment asks for.
    pub fn from_environment() -> Diagnostics {
        let on = |name: &str| std::env::var(name).is_ok_and(|v| !v.is_empty() && v != "0");
        Diagnostics {
            check_shutdown: on("VIV_CHECK_SHUTDOWN"),
        }
    }
}
