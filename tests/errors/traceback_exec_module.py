code = compile("x = 1\ny = x / 0\n", "<generated>", "exec")
exec(code)
