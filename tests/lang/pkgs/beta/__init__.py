shared = ["beta"]
