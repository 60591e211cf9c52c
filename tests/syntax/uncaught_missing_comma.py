print("a", "b" "c" 5)
