"""unicodedata: properties, names, normal forms; what Unicode 16.0 does not assign; Unicode 3.2."""

import unicodedata as u

properties = [u.category, u.bidirectional, u.combining, u.mirrored, u.east_asian_width, u.decomposition]
for c in "aÄß(\u0301\u0661½Ⅷ漢가\u200f\U0001f600\U000107bb\U00016ff2\ud800\ufffe":
    shown = [f(c) for f in properties]
    print(ascii(c), *shown, u.decimal(c, None), u.digit(c, None), u.numeric(c, None), u.name(c, None))
    print([ascii(u.normalize(form, c + "e\u0301")) for form in ("NFC", "NFD", "NFKC", "NFKD")], u.is_normalized("NFC", c))
for text in ["u.lookup('xx')", "u.name('\\x00')", "u.lookup('latin small letter a')", "u.category('ab')", "u.category(1)",
             "u.decimal('a')", "u.normalize('X', 'a')", "u.lookup('KEYCAP DIGIT ONE')", "u.unidata_version",
             "u.ucd_3_2_0.unidata_version", "u.ucd_3_2_0.category('\\u0221')", "u.category('\\u0221')",
             "u.ucd_3_2_0.name('a')"]:
    try:
        print(text, ascii(eval(text)))
    except Exception as error:
        print(text, repr(error))
