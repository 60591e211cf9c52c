//! The same job in two interpreters, one after the other and at the same time: what two cores make of it.
//!
//! `cargo bench -p vivarium --bench two_cores` prints the ratio, which should be 0.6 at most on two free cores. Each number is the
//! best of several rounds, for other work on the machine only makes it longer.

use std::thread;
use std::time::{Duration, Instant};

use vivarium::Interpreter;

const JOB: &str = "
n = 0
for i in range(20_000_000):
    n += i % 7
assert n
";

const ROUNDS: usize = 5;

/// Runs the job in an interpreter of its own; how long that took, and whether it ended well.
fn job() -> (Duration, bool) {
    let began = Instant::now();
    let ended = match Interpreter::builder().build() {
        Ok(interpreter) => {
            let code = interpreter.run_source(JOB.as_bytes(), "job");
            interpreter.finish(code) == 0
        }
        Err(_) => false,
    };
    (began.elapsed(), ended)
}

fn main() -> std::process::ExitCode {
    let (_, mut ended) = job();
    let (mut alone, mut together) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let (first, second) = (job(), job());
        alone = alone.min(first.0 + second.0);
        ended &= first.1 && second.1;
        let began = Instant::now();
        for thread in [thread::spawn(job), thread::spawn(job)] {
            ended &= thread.join().is_ok_and(|(_, ended)| ended);
        }
        together = together.min(began.elapsed());
    }
    if !ended {
        eprintln!("the job has failed");
        return std::process::ExitCode::FAILURE;
    }
    let ratio = together.as_secs_f64() / alone.as_secs_f64();
    println!("one after the other {alone:.2?}, together {together:.2?}: {ratio:.2}");
    std::process::ExitCode::SUCCESS
}
