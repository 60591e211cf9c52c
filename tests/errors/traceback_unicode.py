def größe(日本):
    return 日本["é"] + "😀"


größe({"é": 5})
