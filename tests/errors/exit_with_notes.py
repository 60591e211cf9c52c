error = SystemExit(("a", 1))
error.add_note("not shown")
raise error
