# Malformed numbers.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("0777", "00", "0_7", "09", "09.5", "08e1", "01j", "0b", "0b2", "0b12", "0o", "0o8", "0o18", "0x", "0xg", "0x1g", "1_", "1__0", "0x_", "0x1_", "0b_1", "0b1__0", "1e", "1e+", "1e_5", "1_e5", "1.e5", "1._5", "1_.5", "1.5_", "1.5__5", "1e5_", "1j_", "1_j", "5x", "5abc", "0b1x", "0o7a", "0x1.5", "1.5.5", "1..5", ".5.", "1.real", "1 .real", "1.0.real", "1ab", "1_000_", "0_", "0__0", "0b0o1", "1L", "1.5e5e5", "1e5.5", "1jj", "9" * 5000, "1.", ".1", ".", "1e400", "0xF_F", "0b1_0", "1_2_3.4_5e6_7j")
