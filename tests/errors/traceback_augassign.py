total = "text"
total += 5
