x = """hello
there
