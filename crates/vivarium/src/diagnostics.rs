//! Switches for finding faults of the memory manager, taken from the environment.
//!
//! - `VIV_CHECK_SHUTDOWN=1`: when the interpreter has ended, nothing may be left in its heap.
//! - `VIV_CHECK_COUNTS=1`: when the script has ended, every reference count is recomputed from all owners.
//! - `VIV_AUDIT_EVERY=n`: the same at the first moment between two instructions after every n allocations of containers.
//! - `VIV_COLLECT_ALWAYS=1`: a full collection after each allocation of a container, between two instructions.
//! - `VIV_FAIL_ALLOCATION=n`: the nth allocation of the script fails, and as many as `VIV_FAIL_COUNT` says (1).
//! - `VIV_SPECIALIZE=0`: no quick tier, no caches, no box used again: each instruction by its general handler.
//!
//! What is found is printed to standard error, and the process exits with [`FOUND`].

use viv_runtime::Vm;

/// The exit code of a run in which a diagnostic has found something.
pub const FOUND: i32 = 99;

/// The switches.
#[derive(Clone, Copy, Default, Debug)]
pub struct Diagnostics {
    /// Whether the heap must be empty after the end.
    pub check_shutdown: bool,
    /// Whether the counts are recomputed before the end.
    pub check_counts: bool,
    /// Every how many allocations they are recomputed, 0 for never.
    pub audit_every: u64,
    /// Whether each check of the eval breaker collects.
    pub collect_always: bool,
    /// The first allocation that fails, counted from the start of the script.
    pub fail_from: Option<u64>,
    /// How many allocations fail from there on.
    pub fail_count: u64,
    /// Whether every instruction is done by its general handler.
    pub plain: bool,
}

impl Diagnostics {
    /// What the environment asks for.
    pub fn from_environment() -> Diagnostics {
        let on = |name: &str| std::env::var(name).is_ok_and(|v| !v.is_empty() && v != "0");
        let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
        Diagnostics {
            check_shutdown: on("VIV_CHECK_SHUTDOWN"),
            check_counts: on("VIV_CHECK_COUNTS"),
            audit_every: number("VIV_AUDIT_EVERY").unwrap_or(0),
            collect_always: on("VIV_COLLECT_ALWAYS"),
            fail_from: number("VIV_FAIL_ALLOCATION"),
            fail_count: number("VIV_FAIL_COUNT").unwrap_or(1),
            plain: number("VIV_SPECIALIZE") == Some(0),
        }
    }

    /// Sets the heap up for a run of a script.
    pub(crate) fn start(&self, vm: &Vm) {
        if let Some(from) = self.fail_from {
            let to = from.saturating_add(self.fail_count);
            vm.heap.set_failing(Some((from, to)));
        }
        vm.heap.set_stress(self.collect_always, self.audit_every);
        vm.plain.set(self.plain);
    }

    /// Ends what [`start`](Self::start) began.
    pub(crate) fn end(&self, vm: &Vm) {
        vm.heap.set_stress(false, 0);
        if self.fail_from.is_some() {
            vm.heap.set_failing(None);
        }
    }

    /// Checks the counts if that was asked for; what was found. No other thread is in the midst of something.
    pub(crate) fn check(&self, vm: &Vm) -> Vec<String> {
        if self.check_counts || self.audit_every != 0 {
            vm.audit_lines()
        } else {
            Vec::new()
        }
    }
}
