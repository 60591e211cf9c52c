//! Settings of the link that make the command start sooner: it lies at a fixed address, so that the system's loader has no
//! addresses to correct; the unwinder is part of it instead of a shared library that the loader would have to find; in
//! release builds, the functions of a start lie side by side (`startup.order`, see `scripts/startup-order`).

use std::env::var;

fn main() {
    let is = |name: &str, value: &str| var(name).is_ok_and(|v| v == value);
    if is("CARGO_CFG_TARGET_OS", "linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        if is("CARGO_CFG_TARGET_ENV", "gnu") {
            println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
        }
    }
    // Where the linker is known to be the one that can do it: the compiler's own, unless somebody has chosen another.
    let own_linker = is("TARGET", "x86_64-unknown-linux-gnu")
        && !var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"))
        && var("RUSTC_LINKER").is_err();
    if own_linker && is("PROFILE", "release") {
        let folder = var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={folder}/startup.order");
        println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
        println!("cargo::rustc-link-arg-bins=-Wl,-z,keep-text-section-prefix");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=startup.order");
}
