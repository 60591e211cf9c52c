//! `sys._debugmallocstats`: the allocator's state as text, in the form of CPython's.

use std::fmt::Write;

use viv_heap::pool::{ARENA_SIZE, MAX_SMALL, POOL_SIZE};

use crate::object::{Dict, Float, List};
use crate::vm::Vm;

/// One line of a sum: a name and a number with separators.
fn line(out: &mut String, name: &str, value: usize) {
    let digits = value.to_string();
    let mut number = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i != 0 && (digits.len() - i).is_multiple_of(3) {
            number.push(',');
        }
        number.push(digit);
    }
    let _ = writeln!(out, "{name:<35}={number:>21}");
}

/// The text.
pub fn text(vm: &Vm) -> String {
    let stats = vm.heap.stats();
    let mut out = format!(
        "Small block threshold = {MAX_SMALL}, in {} size classes.\n\n",
        stats.classes.len()
    );
    out.push_str("class   size   num pools   blocks in use  avail blocks\n");
    out.push_str("-----   ----   ---------   -------------  ------------\n");
    let (mut used, mut free, mut slack) = (0, 0, 0);
    for (number, class) in stats.classes.iter().enumerate() {
        used += class.used * class.size;
        free += class.free * class.size;
        slack += class.pools * POOL_SIZE - (class.used + class.free) * class.size;
        if class.pools != 0 {
            let _ = writeln!(
                out,
                "{number:5} {:6} {:11} {:15} {:13}",
                class.size, class.pools, class.used, class.free
            );
        }
    }
    out.push('\n');
    line(
        &mut out,
        "# arenas allocated total",
        stats.arenas_mapped as usize,
    );
    line(
        &mut out,
        "# arenas reclaimed",
        (stats.arenas_mapped as usize).saturating_sub(stats.arenas),
    );
    line(&mut out, "# arenas highwater mark", stats.arenas_peak);
    line(&mut out, "# arenas allocated current", stats.arenas);
    let _ = writeln!(out, "{} arenas * {ARENA_SIZE} bytes/arena", stats.arenas);
    out.push('\n');
    line(&mut out, "# bytes in allocated blocks", used);
    line(&mut out, "# bytes in available blocks", free);
    line(
        &mut out,
        "# bytes in unused pools",
        stats.free_pools * POOL_SIZE,
    );
    line(&mut out, "# bytes lost to pool headers", slack);
    line(
        &mut out,
        "# bytes lost to arena headers",
        (stats.arenas * ARENA_SIZE).saturating_sub((stats.pools + stats.free_pools) * POOL_SIZE),
    );
    line(&mut out, "Total in arenas", stats.arenas * ARENA_SIZE);
    out.push('\n');
    line(&mut out, "# large blocks", stats.raw_blocks);
    line(&mut out, "# bytes in large blocks", stats.raw_bytes);
    line(&mut out, "Total", stats.held);
    out.push('\n');
    // A freed block goes back to its pool, whatever it was: no type keeps any.
    for (kind, size) in [
        ("PyDictObjects", size_of::<Dict>()),
        ("PyFloatObjects", size_of::<Float>()),
        ("PyListObjects", size_of::<List>()),
    ] {
        let name = format!("0 free {kind} * {size} bytes each");
        let _ = writeln!(out, "{name:>48} ={:>21}", 0);
    }
    out
}
