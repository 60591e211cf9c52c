//! Two interpreters in one process: each has its own heap, lock, modules and signals of the eval loop, and both run Python
//! code at the same time (`benches/two_cores.rs` measures how much faster that is).

use std::sync::{Arc, Barrier};
use std::thread;

use vivarium::Interpreter;

/// What each interpreter does: everything that two of them could share by mistake.
const LIFE: &str = r#"
import builtins, gc, sys, threading
me = sys.argv[0]
assert not hasattr(builtins, "whose"), builtins.whose
builtins.whose = me
sys.setswitchinterval(1e-5)
sys.setrecursionlimit(500 + len(me))

class Node:
    def __init__(self):
        self.me = self
    def __del__(self):
        gone.append(whose)

gone = []
shared = []
def work(n):
    for i in range(400):
        shared.append((n, i))
        Node()
        text = sys.intern("name" + str(i))
        setattr(Node, text, i)
        if i % 50 == 0:
            gc.collect()
        try:
            {}[text]
        except KeyError as e:
            assert e.args == (text,)

threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
for t in threads: t.start()
for t in threads: t.join()
gc.collect()
assert len(shared) == len(set(shared)) == 1200
assert gone == [me] * 1200, len(gone)
assert sys.getrecursionlimit() == 500 + len(me)
assert builtins.whose == me
"#;

fn interpreter(name: &str) -> Interpreter {
    let built = Interpreter::builder()
        .argv(vec![name.to_owned()])
        .audit(true)
        .build();
    match built {
        Ok(interpreter) => interpreter,
        Err(why) => panic!("{why}"),
    }
}

/// Runs a script in an interpreter of its own, and takes that down; gives the exit code.
fn run(name: &str, source: &str) -> i32 {
    let interpreter = interpreter(name);
    let code = interpreter.run_source(source.as_bytes(), name);
    interpreter.finish(code)
}

#[test]
fn interpreters_share_nothing() {
    let together = Arc::new(Barrier::new(2));
    let lives: Vec<_> = ["first", "the second"]
        .into_iter()
        .map(|name| {
            let together = Arc::clone(&together);
            thread::spawn(move || {
                together.wait();
                (0..2).map(|_| run(name, LIFE)).collect::<Vec<i32>>()
            })
        })
        .collect();
    for life in lives {
        assert_eq!(life.join().ok(), Some(vec![0, 0]));
    }
}
