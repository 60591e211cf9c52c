print("about to fail")
before = 1
raise ValueError("module fails")
