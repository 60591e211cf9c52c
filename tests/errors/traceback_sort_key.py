data = [{"n": 1}, {"m": 2}]
data.sort(key=lambda d: d["n"])
