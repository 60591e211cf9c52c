//! The prompt, driven through a pseudo-terminal as a user would.

use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A folder of its own for each test: home, history.
fn home(test: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("viv-repl-{test}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let _ = std::fs::create_dir_all(&folder);
    folder
}

fn start(
    test: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<OsSession, Box<dyn std::error::Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_viv"));
    command
        .args(arguments)
        .env_clear()
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .env("HOME", home(test))
        .env("PATH", "/usr/bin:/bin")
        .envs(variables.iter().copied());
    let mut session = Session::spawn(command)?;
    session.set_expect_timeout(Some(Duration::from_secs(20)));
    // The prompt may be coloured.
    session.expect(">>> ")?;
    Ok(session)
}

/// Types a line, and waits for a text and the next prompt.
fn step(session: &mut OsSession, line: &str, answer: &str) -> Outcome {
    session.send(format!("{line}\r"))?;
    session.expect("\r\n")?;
    session.expect(answer)?;
    session.expect(">>> ")?;
    Ok(())
}

fn code(session: &OsSession) -> Result<i32, Box<dyn std::error::Error>> {
    match session.get_process().wait()? {
        WaitStatus::Exited(_, code) => Ok(code),
        other => Err(format!("{other:?}").into()),
    }
}

#[test]
fn values_and_the_last_of_them() -> Outcome {
    let mut session = start("values", &[], &[])?;
    step(&mut session, "20 + 1", "21")?;
    step(&mut session, "_ * 2", "42")?;
    step(
        &mut session,
        "1 / 0",
        "<python-input-2>\", line 1, in <module>\r\n    1 / 0\r\n    ~~^~~\r\nZeroDivisionError: division by zero",
    )?;
    step(
        &mut session,
        "import sys; sys.displayhook = lambda v: print('hook', v)",
        "",
    )?;
    step(&mut session, "5", "hook 5")?;
    step(&mut session, "sys.ps1 = '>>> ' # same", "")?;
    session.send("exit\r")?;
    session.expect(Eof)?;
    assert_eq!(code(&session)?, 0);
    Ok(())
}

#[test]
fn blocks_are_indented_and_end_with_an_empty_line() -> Outcome {
    let mut session = start("blocks", &[], &[])?;
    session.send("def f(x):\r")?;
    session.send("if x:\r")?;
    session.send("return 'yes'\r")?;
    session.send("return 'no'\r\r")?;
    session.expect("\x1b[?2004l")?;
    session.expect(">>> ")?;
    step(&mut session, "f(1), f(0)", "('yes', 'no')")?;
    session.send("for i in range(3): print('<%d>' % i)\r\r")?;
    session.expect("<0>\r\n<1>\r\n<2>")?;
    Ok(())
}

#[test]
fn a_paste_keeps_its_lines() -> Outcome {
    let mut session = start("paste", &[], &[])?;
    let mut text = String::from("total = 0\n");
    for _ in 0..1000 {
        text.push_str("if True:\n    total += 1\n");
    }
    text.push_str("print('total', total)\n");
    session.send(format!("\x1b[200~{text}\x1b[201~"))?;
    session.send("\r")?;
    session.expect("\x1b[?2004l")?;
    session.expect("total 1000\r\n")?;
    Ok(())
}

#[test]
fn completion_runs_no_code() -> Outcome {
    let mut session = start("completion", &[], &[])?;
    session.send("class A:\rcolour = 1\r@property\rdef collapse(self): print('RAN')\r\r")?;
    session.expect("\x1b[?2004l")?;
    session.expect(">>> ")?;
    step(&mut session, "a = A(); a.column = 7", "")?;
    step(&mut session, "a.colu\t", "7")?;
    session.send("a.col\t\t")?;
    let found = session.expect("column")?;
    assert!(!String::from_utf8_lossy(found.as_bytes()).contains("RAN"));
    session.send("\x03")?;
    session.expect("KeyboardInterrupt")?;
    session.expect(">>> ")?;
    step(&mut session, "isinst\t(1, int)", "True")?;
    Ok(())
}

#[test]
fn interrupts_leave_the_line_and_the_loop() -> Outcome {
    let mut session = start("interrupt", &[], &[])?;
    session.send("abc\x03")?;
    session.expect("KeyboardInterrupt")?;
    session.expect(">>> ")?;
    session.send("while True: pass\r\r")?;
    session.expect("\x1b[?2004l")?;
    std::thread::sleep(Duration::from_millis(300));
    session.send("\x03")?;
    session.expect("KeyboardInterrupt")?;
    session.expect(">>> ")?;
    step(&mut session, "'alive'.upper()", "ALIVE")?;
    session.send("\x04")?;
    session.expect(Eof)?;
    assert_eq!(code(&session)?, 0);
    Ok(())
}

#[test]
fn exit_codes() -> Outcome {
    let mut session = start("exit", &["-q"], &[])?;
    session.send("raise SystemExit(7)\r")?;
    session.expect(Eof)?;
    assert_eq!(code(&session)?, 7);
    Ok(())
}

#[test]
fn history_is_kept_for_the_next_session() -> Outcome {
    let folder = home("history-file");
    let file = folder.join("inputs");
    let name = file.to_string_lossy().into_owned();
    let mut session = start("history", &[], &[("PYTHON_HISTORY", &name)])?;
    step(&mut session, "'first'.upper()", "FIRST")?;
    session.send("\x04")?;
    session.expect(Eof)?;
    let mut session = start("history", &[], &[("PYTHON_HISTORY", &name)])?;
    session.send("\x1b[A\r")?;
    session.expect("FIRST")?;
    Ok(())
}

#[test]
fn startup_file_and_inspection() -> Outcome {
    let folder = home("startup-file");
    let file = folder.join("startup.py");
    std::fs::write(&file, "greeting = 'well' + 'come'\n")?;
    let name = file.to_string_lossy().into_owned();
    let mut session = start("startup", &[], &[("PYTHONSTARTUP", &name)])?;
    step(&mut session, "greeting", "'wellcome'")?;
    let mut session = start("inspect", &["-i", "-c", "answer = 6 * 7"], &[])?;
    step(&mut session, "answer", "42")?;
    Ok(())
}

#[test]
fn memory_after_each_statement() -> Outcome {
    let mut session = start("memory", &[], &[])?;
    step(&mut session, "%mem on", "%mem off ends that")?;
    step(&mut session, "import gc; gc.disable(); gc.collect()", "")?;
    step(
        &mut session,
        "x = [[] for i in range(10)]",
        "containers +11",
    )?;
    step(&mut session, "del x", "containers -11")?;
    step(&mut session, "n = gc.collect()", "collections 0/0/1")?;
    step(&mut session, "%mem off", "")?;
    step(&mut session, "%mem", " blocks, ")?;
    Ok(())
}

#[test]
fn memory_from_the_start() -> Outcome {
    let mut session = start("showrefcount", &["-X", "showrefcount"], &[])?;
    step(&mut session, "x = []", "references ")?;
    Ok(())
}

#[test]
fn tracebacks_show_what_was_typed() -> Outcome {
    let mut session = start("typed", &[], &[])?;
    session.send("def divide(a):\rreturn a / 0\r\r")?;
    session.expect("\x1b[?2004l")?;
    session.expect(">>> ")?;
    step(&mut session, "x = 1", "")?;
    step(
        &mut session,
        "divide(1)",
        "File \"<python-input-0>\", line 2, in divide\r\n    return a / 0\r\n           ~~^~~\r\nZeroDivisionError",
    )?;
    Ok(())
}

#[test]
fn the_history_is_searched_backwards() -> Outcome {
    let mut session = start("search", &[], &[])?;
    step(&mut session, "'needle'.upper()", "NEEDLE")?;
    step(&mut session, "'other'.upper()", "OTHER")?;
    session.send("\x12need")?;
    std::thread::sleep(Duration::from_millis(200));
    session.send("\r")?;
    session.expect("NEEDLE")?;
    Ok(())
}

#[test]
fn two_sessions_keep_both_histories() -> Outcome {
    let folder = home("two-file");
    let file = folder.join("inputs");
    let name = file.to_string_lossy().into_owned();
    let variables = [("PYTHON_HISTORY", name.as_str())];
    let mut first = start("two", &[], &variables)?;
    let mut second = start("two", &[], &variables)?;
    step(&mut first, "'one'.upper()", "ONE")?;
    step(&mut second, "'two'.upper()", "TWO")?;
    step(&mut first, "'three'.upper()", "THREE")?;
    for session in [&mut first, &mut second] {
        session.send("\x04")?;
        session.expect(Eof)?;
    }
    let kept = std::fs::read_to_string(&file)?;
    for input in ["'one'", "'two'", "'three'"] {
        assert!(kept.contains(input), "{kept}");
    }
    Ok(())
}

#[test]
fn history_in_the_state_folder() -> Outcome {
    let folder = home("state-folder");
    let name = folder.to_string_lossy().into_owned();
    let mut session = start("state", &[], &[("XDG_STATE_HOME", &name)])?;
    step(&mut session, "'kept'.upper()", "KEPT")?;
    let kept = std::fs::read_to_string(folder.join("vivarium/history"))?;
    assert!(kept.contains("'kept'"), "{kept}");
    Ok(())
}

#[test]
fn colours_as_the_environment_says() -> Outcome {
    let red = "\x1b[1;31m";
    for (variables, colored) in [
        (vec![("NO_COLOR", ""), ("PYTHON_COLORS", "1")], true),
        (vec![("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false),
        (
            vec![("NO_COLOR", ""), ("FORCE_COLOR", "1"), ("TERM", "dumb")],
            true,
        ),
        (vec![("NO_COLOR", ""), ("PYTHON_COLORS", "0")], false),
        (vec![("NO_COLOR", "")], true),
    ] {
        let mut session = start("colours", &[], &variables)?;
        session.send("1/0\r")?;
        let seen = session.expect("ZeroDivisionError")?;
        let text = String::from_utf8_lossy(seen.as_bytes()).into_owned();
        assert_eq!(text.contains(red), colored, "{variables:?} {text:?}");
    }
    Ok(())
}

#[test]
fn bare_names_of_the_site_are_commands() -> Outcome {
    let mut session = start("bare", &["-q"], &[])?;
    step(&mut session, "copyright", "All Rights Reserved")?;
    step(&mut session, "repr(exit)", "Use exit() or Ctrl-D")?;
    step(&mut session, "exit = 5", "")?;
    step(&mut session, "exit", "5")?;
    session.send("quit\r")?;
    session.expect(Eof)?;
    assert_eq!(code(&session)?, 0);
    Ok(())
}

#[test]
fn modules_and_paths_are_completed() -> Outcome {
    let mut session = start("paths", &[], &[])?;
    session.send("import builti\t\r")?;
    session.expect(">>> ")?;
    step(&mut session, "builtins.__name__", "'builtins'")?;
    step(&mut session, "'/usr/sha\t'", "'/usr/share/'")?;
    Ok(())
}

#[test]
fn mistakes_are_shown_with_advice() -> Outcome {
    let mut session = start("advice", &[], &[])?;
    step(&mut session, "print 5", "help: print is a function")?;
    Ok(())
}

#[test]
fn the_second_prompt_stands_before_further_lines() -> Outcome {
    let mut session = start("second", &[], &[])?;
    session.send("if True:\r")?;
    session.expect("... ")?;
    session.send("print('in' + 'side')\r\r")?;
    session.expect("inside\r\n")?;
    session.expect(">>> ")?;
    step(&mut session, "import sys; sys.ps2 = 'more> '", "")?;
    session.send("(1 +\r")?;
    session.expect("more> ")?;
    session.send("41)\r")?;
    session.expect("42\r\n")?;
    session.expect(">>> ")?;
    // Any object with a text.
    session.send("sys.ps1 = type('P', (), {'__str__': lambda self: 'P%d> ' % (6 * 7)})()\r")?;
    session.expect("P42> ")?;
    Ok(())
}

#[test]
fn a_block_comes_back_from_the_history_whole() -> Outcome {
    let folder = home("whole-file");
    let file = folder.join("inputs");
    let name = file.to_string_lossy().into_owned();
    let variables = [("PYTHON_HISTORY", name.as_str())];
    let mut session = start("whole", &[], &variables)?;
    session.send("for i in range(2):\rprint('<%d>' % i)\r\r")?;
    session.expect("<0>\r\n<1>\r\n")?;
    session.expect(">>> ")?;
    session.send("\x04")?;
    session.expect(Eof)?;
    assert_eq!(
        std::fs::read_to_string(&file)?,
        "for i in range(2):\r\n    print('<%d>' % i)\n"
    );
    let mut session = start("whole", &[], &variables)?;
    session.send("\x1b[A")?;
    session.expect("... ")?;
    session.send("\r\r")?;
    session.expect("<0>\r\n<1>\r\n")?;
    Ok(())
}

#[test]
fn up_goes_to_inputs_that_begin_alike() -> Outcome {
    let mut session = start("alike", &[], &[])?;
    step(&mut session, "abs(-111)", "111")?;
    step(&mut session, "bool(222)", "True")?;
    session.send("ab\x1b[A\r")?;
    session.expect("\r\n111")?;
    session.expect(">>> ")?;
    // Without a beginning it goes through all.
    session.send("\x1b[A\x1b[A\r")?;
    session.expect("\r\nTrue")?;
    Ok(())
}

#[test]
fn backspace_takes_an_indentation() -> Outcome {
    let mut session = start("dedent", &[], &[])?;
    session.send("for i in [1]:\rif not i:\rprint('yes')\r\x7felse:\rprint('n' + 'o')\r\r")?;
    session.expect("no\r\n")?;
    session.expect(">>> ")?;
    // At the start of a line it joins that with the one before.
    session.send("[5,\r\x7f 6]\r")?;
    session.expect("[5, 6]\r\n")?;
    Ok(())
}

#[test]
fn modules_that_are_not_loaded_are_completed() -> Outcome {
    let mut session = start("unloaded", &[], &[])?;
    step(
        &mut session,
        "import sys; 'fractions' in sys.modules",
        "False",
    )?;
    session.send("from fract\t import Fraction\r")?;
    session.expect(">>> ")?;
    step(&mut session, "Fraction(1, 2) * 4", "Fraction(2, 1)")?;
    session.send("import xml.do\t; xml.dom.__name__\r")?;
    session.expect("'xml.dom'\r\n")?;
    Ok(())
}

#[test]
fn help_is_paged() -> Outcome {
    let mut session = start(
        "pager",
        &[],
        &[("PAGER", "cat -n"), ("PATH", "/usr/bin:/bin")],
    )?;
    session.send("help(len)\r")?;
    session.expect("1\tHelp on built-in function len")?;
    session.expect(">>> ")?;
    Ok(())
}

#[test]
fn a_dumb_terminal_and_the_basic_prompt() -> Outcome {
    for variables in [[("TERM", "dumb")], [("PYTHON_BASIC_REPL", "1")]] {
        let mut session = start("dumb", &[], &variables)?;
        session.send("6 * 7\n")?;
        let seen = session.expect("42")?;
        assert!(!seen.as_bytes().contains(&0x1b), "{seen:?}");
        session.expect(">>> ")?;
        session.send("\x04")?;
        session.expect(Eof)?;
    }
    Ok(())
}

#[test]
fn an_event_loop_behind_the_prompt() -> Outcome {
    for variables in [&[][..], &[("PYTHON_BASIC_REPL", "1")]] {
        let mut session = start("asyncio", &["-m", "asyncio"], variables)?;
        // The first prompt is that of `import asyncio`, which the prompt's own code shows.
        session.expect(">>> ")?;
        for (line, answer) in [
            ("x = await asyncio.sleep(0, 20)", ""),
            ("x + 1", "21"),
            ("task = asyncio.create_task(asyncio.sleep(0, 40 + 2))", ""),
            ("await task", "42"),
            (
                "await asyncio.wait_for(asyncio.Event().wait(), 0.01)",
                "TimeoutError",
            ),
        ] {
            session.send(format!("{line}\r"))?;
            session.expect(answer)?;
            session.expect(">>> ")?;
        }
        session.send("await asyncio.sleep(30)\r")?;
        std::thread::sleep(Duration::from_millis(800));
        session.send("\x03")?;
        session.expect("KeyboardInterrupt")?;
        session.expect(">>> ")?;
        session.send("x * 5\r")?;
        session.expect("100")?;
        session.expect(">>> ")?;
        session.send("exit()\r")?;
        session.expect(Eof)?;
        assert_eq!(code(&session)?, 0);
    }
    Ok(())
}

#[test]
fn the_line_is_coloured_as_it_is_typed() -> Outcome {
    let mut session = start("typed", &[], &[("NO_COLOR", "")])?;
    // Keyword, builtin, number, string and comment, each before the line is entered.
    for (typed, coloured) in [
        ("if ", "\x1b[1;34mif\x1b[0m"),
        ("len", "\x1b[36mlen\x1b[0m"),
        (" or 12", "\x1b[33m12\x1b[0m"),
        (" or 'ab'", "\x1b[32m'ab'\x1b[0m"),
        (" # why", "\x1b[31m# why\x1b[0m"),
    ] {
        session.send(typed)?;
        session.expect(coloured)?;
    }
    session.send("\x03")?;
    session.expect("KeyboardInterrupt")?;
    session.expect(">>> ")?;
    // The bracket behind which the cursor stands, and its partner; not the one in the string.
    session.send("x = [1, ')', (2)]")?;
    session.expect("\x1b[1;35m[\x1b[0m")?;
    session.expect("\x1b[1;35m]\x1b[0m")?;
    Ok(())
}
