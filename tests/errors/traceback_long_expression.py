x = {"k": 1}
y = (x["k"] + x["k"] + x["k"]
     + x["k"]
     + x["nope"])
