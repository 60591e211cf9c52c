if (n := 5) > 3 and (m := n.bit_length()) and m.nothing:
    pass
