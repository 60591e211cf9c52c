# Format specifications for integers.
for spec in ["", "d", "5", "<5", ">5", "^5", "05", "+", "+05", " ", "-", "x", "X", "#x", "#X", "o", "#o", "b", "#b", "c", ",", "_", "_x", "_b", "n", "e", "f", ".2f", "g", "%", ".1%", "*^9", "=+7", "0>6", "#010x", "010,", "+,d", "=6", "^+8d", "z.0f"]:
    for n in (42, -1234567):
        try:
            print(spec, repr(format(n, spec)))
        except (ValueError, OverflowError) as e:
            print(spec, type(e).__name__, e)
for spec in ["s", "5.2d", ".3x", ",x", "5y", "<<<5", ",_", "+c", "#c", "zd", ".", "5.", "99999999999999999999d"]:
    try:
        print(spec, repr(format(65, spec)))
    except ValueError as e:
        print(spec, e)
print("%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%c|%i|%u" % (1, 2, 3, 4, 5, 6, 255, 255, 255, 8, 8, 65, 9, 10))
print("%5.3d|%.0d|%*d|%-*d|" % (7, 0, 6, 42, 6, 42))
print(format(True, "d"), format(True), format(True, "5"), f"{True:>6}", hex(-255), oct(-8), bin(-5), bin(True))
