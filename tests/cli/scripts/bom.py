print("bom accepted")
