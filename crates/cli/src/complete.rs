//! Completions of the command's switches for shells, made from the switches themselves.

use std::fmt::Write as _;

use clap::{CommandFactory as _, ValueEnum};

use crate::args::Switches;

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// The Bourne-again shell.
    Bash,
    /// The Z shell.
    Zsh,
    /// The friendly interactive shell.
    Fish,
}

/// A switch: its spellings, what it does, and whether a value follows.
struct Switch {
    spellings: Vec<String>,
    help: String,
    takes_value: bool,
}

fn switches() -> Vec<Switch> {
    let mut all = vec![
        Switch {
            spellings: vec!["-c".to_owned()],
            help: "Run this text".to_owned(),
            takes_value: true,
        },
        Switch {
            spellings: vec!["-m".to_owned()],
            help: "Run a module".to_owned(),
            takes_value: true,
        },
    ];
    for argument in Switches::command().get_arguments() {
        let short = argument.get_short().map(|c| format!("-{c}"));
        let long = argument.get_long().map(|l| format!("--{l}"));
        all.push(Switch {
            spellings: short.into_iter().chain(long).collect(),
            help: argument
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default(),
            takes_value: argument.get_action().takes_values(),
        });
    }
    all
}

/// The script that a shell reads.
pub fn script(shell: Shell) -> String {
    let switches = switches();
    let mut out = String::new();
    // Writing to a string cannot fail.
    match shell {
        Shell::Bash => {
            let words: Vec<&str> = switches
                .iter()
                .flat_map(|s| s.spellings.iter().map(String::as_str))
                .collect();
            let _ = write!(
                out,
                "_viv() {{\n    local word=\"${{COMP_WORDS[COMP_CWORD]}}\"\n    if [[ $word == -* ]]; then\n        COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n    else\n        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n}}\ncomplete -o filenames -F _viv viv\n",
                words.join(" ")
            );
        }
        Shell::Zsh => {
            out.push_str("#compdef viv\n_arguments \\\n");
            for switch in &switches {
                let help = switch.help.replace('\'', "").replace(['[', ']', ':'], " ");
                let value = if switch.takes_value { ":value:" } else { "" };
                for spelling in &switch.spellings {
                    let _ = writeln!(out, "    '{spelling}[{help}]{value}' \\");
                }
            }
            out.push_str("    '*:file:_files'\n");
        }
        Shell::Fish => {
            for switch in &switches {
                out.push_str("complete -c viv");
                for spelling in &switch.spellings {
                    let _ = match spelling.strip_prefix("--") {
                        Some(long) => write!(out, " -l {long}"),
                        None => write!(out, " -s {}", &spelling[1..]),
                    };
                }
                if switch.takes_value {
                    out.push_str(" -r");
                }
                let _ = writeln!(out, " -d '{}'", switch.help.replace('\'', "\\'"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_knows_every_switch() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let script = script(shell);
            for word in ["max-heap", "audit", "completions"] {
                assert!(script.contains(word), "{script}");
            }
        }
    }
}
