x = false
