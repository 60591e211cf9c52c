a = 1
text = """
never closed
b = 2
