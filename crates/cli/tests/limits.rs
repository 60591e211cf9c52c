//! `--max-time`, `--max-heap`, `--audit`, and completions.

use std::process::{Command, Output};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn viv(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_viv"))
        .args(arguments)
        .output()
}

#[test]
fn time_cannot_be_swallowed() -> Outcome {
    for script in [
        "while True: pass",
        "while True:\n try:\n  while True: pass\n except BaseException: print('caught')\n finally: print('caught')",
        "def g():\n while True:\n  try: yield\n  except BaseException: print('caught')\nfor x in g(): pass",
        "import time\ntime.sleep(60)",
    ] {
        let output = viv(&["--audit", "--max-time", "0.3", "-c", script])?;
        let error = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(124), "{script}: {error}");
        assert!(output.stdout.is_empty(), "{script}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains("--max-time"), "{error}");
    }
    Ok(())
}

#[test]
fn time_that_is_enough() -> Outcome {
    let output = viv(&["--max-time=60", "-c", "print(1)"])?;
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"1\n");
    Ok(())
}

#[test]
fn too_much_memory_is_an_exception() -> Outcome {
    let script = "try:\n x = [0] * 100_000_000\nexcept MemoryError: print('caught')\nx = []\nwhile True: x.append(bytes(1000))";
    let output = viv(&["--audit", "--max-heap", "32M", "-c", script])?;
    let error = String::from_utf8(output.stderr)?;
    assert_eq!(output.stdout, b"caught\n");
    assert!(error.ends_with("MemoryError\n"), "{error}");
    assert_eq!(output.status.code(), Some(1));
    Ok(())
}

#[test]
fn wrong_limits_are_refused() -> Outcome {
    for arguments in [["--max-heap", "x"], ["--max-time", "-1"]] {
        assert_eq!(viv(&arguments)?.status.code(), Some(2));
    }
    Ok(())
}

#[test]
fn shells_complete_switches() -> Outcome {
    let output = viv(&["--completions", "bash"])?;
    assert!(String::from_utf8(output.stdout)?.contains("--max-heap"));
    Ok(())
}

#[test]
fn allocators() -> Outcome {
    let script = "import gc, heap, sys\n\
                  class Node: pass\n\
                  nodes = [Node() for _ in range(300)]\n\
                  for a, b in zip(nodes, nodes[1:]): a.next, b.prev = b, a\n\
                  table = {str(i): (i, [i]) for i in range(300)}\n\
                  print(len(heap.audit()), 'x' * 600 == 'xx' * 300)\n\
                  del nodes, a, b\n\
                  print(gc.collect() >= 300, heap.stats()['arenas'] == 0)\n";
    for (mode, no_arenas) in [
        ("malloc", "True"),
        ("debug", "False"),
        ("pymalloc", "False"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_viv"))
            .args(["-c", script])
            .env("VIVMALLOC", mode)
            .env("VIV_CHECK_SHUTDOWN", "1")
            .output()?;
        let error = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(0), "{mode}: {error}");
        let expected = format!("0 True\nTrue {no_arenas}\n");
        assert_eq!(String::from_utf8(output.stdout)?, expected, "{mode}");
    }
    Ok(())
}
