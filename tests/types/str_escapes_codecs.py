# unicode_escape and raw forms.
s = "tab\t nl\n é 日 😀 \\ '\""
print(s.encode("unicode_escape"), s.encode("raw_unicode_escape"), b"\\u00e9\\n\\x41".decode("unicode_escape"))
print("é".encode("cp1252"), "€".encode("cp1252"), b"\x80".decode("cp1252"), "x".encode("utf-7"), "é".encode("punycode"), "bücher".encode("idna"))
print("a\u0301".encode(), "ﬀ".encode("utf-8"), "\x00\x7f\x80".encode(), "\ud83d".encode("utf-16-le", "surrogatepass"))
