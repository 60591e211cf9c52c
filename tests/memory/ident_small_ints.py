# Which ints are one object, whatever way they come about.
print([n is int(str(n)) for n in (-6, -5, -1, 0, 1, 255, 256, 257)])
print([(n + 1) is int(str(n + 1)) for n in (-7, -6, 254, 255, 256)])
print(len("x" * 200) is int("200"), 512 // 2 is int("256"), True + 1 is int("2"))
print(sum([100, 100]) is int("200"), abs(int("-5")) is int("5"), int(3.0) is int("3"), int("1_0") is int("10"))
print(ord("a") is int("97"), hash(7) is int("7"), [5, 6].index(6) is int("1"), b"\xff"[0] is int("255"))
print(int.from_bytes(b"\x05") is int("5"), round(2.4) is int("2"), max(int("3"), 2) is int("3"))
