//! Settings of the link that make the command start sooner: it lies at a fixed address, so that the system's loader has no
//! addresses to correct, and the unwinder is part of it instead of a shared library that the loader would have to find.

fn main() {
    let linux = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    let gnu = std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu");
    if linux && gnu {
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
    if linux {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
