//! Runs LALRPOP over `grammar/python.lalrpop` at the top of the repository.

fn main() {
    println!("cargo::rerun-if-changed=../../grammar/python.lalrpop");
    println!("cargo::rerun-if-changed=build.rs");
    let run = lalrpop::Configuration::new()
        .set_in_dir("../../grammar")
        .set_out_dir(std::env::var("OUT_DIR").unwrap_or_default())
        .emit_rerun_directives(true)
        .process();
    if let Err(error) = run {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
