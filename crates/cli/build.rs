//! Links the command at a fixed address: the system's loader then has no addresses to correct, which would be a good part
//! of the time that an empty script takes. In release builds, the functions of a start lie side by side (`startup.order`, see
//! `scripts/startup-order`).

use std::env::var;

fn main() {
    let is = |name: &str, value: &str| var(name).is_ok_and(|v| v == value);
    if is("CARGO_CFG_TARGET_OS", "linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    // Where the linker is known to be the one that can do it: the compiler's own, unless somebody has chosen another.
    let own_linker = is("TARGET", "x86_64-unknown-linux-gnu")
        && !var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"))
        && var("RUSTC_LINKER").is_err();
    if own_linker && is("PROFILE", "release") {
        let folder = var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={folder}/startup.order");
        println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=startup.order");
}
