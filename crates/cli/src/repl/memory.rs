//! `%mem`: what each statement did to the heap.

use std::fmt::Write as _;

use vivarium::runtime::Vm;
use vivarium::session::Memory;

/// Whether statements are measured, and what was last seen.
pub struct Meter {
    on: bool,
}

impl Meter {
    /// Measures from the start if that is wanted.
    pub fn new(on: bool) -> Meter {
        Meter { on }
    }

    /// Obeys a line that begins with `%mem`; gives what to say, or nothing for another line.
    pub fn command(&mut self, vm: &Vm, line: &str) -> Option<String> {
        let argument = line.trim().strip_prefix("%mem")?;
        if !argument.is_empty() && !argument.starts_with(char::is_whitespace) {
            return None;
        }
        Some(match argument.trim() {
            "on" => {
                self.on = true;
                "each statement is followed by what it did to the heap; %mem off ends that\n"
                    .to_owned()
            }
            "off" => {
                self.on = false;
                String::new()
            }
            "" => state(&Memory::now(vm)),
            _ => "usage: %mem [on | off]\n".to_owned(),
        })
    }

    /// What the heap holds before a statement, if it is measured.
    pub fn before(&self, vm: &Vm) -> Option<Memory> {
        self.on.then(|| Memory::now(vm))
    }
}

/// What the heap holds.
fn state(now: &Memory) -> String {
    let [young, middle, old] = now.collections;
    format!(
        "{} blocks, {} bytes, {} references, {} containers; collections {young}/{middle}/{old}, {} objects collected\n",
        now.blocks, now.bytes, now.references, now.containers, now.collected
    )
}

/// The difference that a statement made, on a line of its own.
pub fn difference(before: &Memory, after: &Memory) -> String {
    let signed = |a: usize, b: usize| b as i64 - a as i64;
    let mut text = format!(
        "[mem] blocks {:+}  bytes {:+}  references {:+}  containers {:+}",
        signed(before.blocks, after.blocks),
        signed(before.bytes, after.bytes),
        after.references as i64 - before.references as i64,
        signed(before.containers, after.containers),
    );
    let ran: Vec<usize> = (before.collections.iter().zip(&after.collections))
        .map(|(a, b)| b.saturating_sub(*a))
        .collect();
    if ran.iter().any(|&n| n > 0) {
        let names: Vec<String> = ran.iter().map(usize::to_string).collect();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "  collections {} (collected {})",
            names.join("/"),
            after.collected.saturating_sub(before.collected)
        );
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_losses_and_collections() {
        let before = Memory {
            blocks: 10,
            bytes: 1000,
            references: 20,
            containers: 3,
            collections: [0, 0, 1],
            collected: 0,
        };
        let mut after = before;
        after.blocks = 8;
        after.bytes = 1064;
        after.references = 25;
        assert_eq!(
            difference(&before, &after),
            "[mem] blocks -2  bytes +64  references +5  containers +0\n"
        );
        after.collections = [0, 0, 2];
        after.collected = 5;
        assert!(difference(&before, &after).ends_with("collections 0/0/1 (collected 5)\n"));
    }
}
