# encode and decode with error handlers.
s = "aé日😀"
print(s.encode(), s.encode("utf-8"), s.encode("utf-16-le"), s.encode("utf-16-be"), s.encode("utf-32-le"), s.encode("utf-16")[:2], "é".encode("latin-1"), "abc".encode("ascii"))
for h in ("ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace"):
    print(h, s.encode("ascii", h), s.encode("latin-1", errors=h))
for f in (lambda: s.encode("ascii"), lambda: s.encode("latin-1"), lambda: "\ud800".encode(), lambda: s.encode("nope"), lambda: s.encode("ascii", "nohandler"), lambda: s.encode(5)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
try:
    "abé".encode("ascii")
except UnicodeEncodeError as e:
    print(e.encoding, e.object, e.start, e.end, e.reason)
raw = b"a\xc3\xa9\xff\xe6\x97b"
for h in ("ignore", "replace", "backslashreplace", "surrogateescape"):
    print(h, ascii(raw.decode("utf-8", h)))
for bad in (b"\xff", b"\xc3", b"\xe6\x97", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"a\x80b", b"\xf0\x9f\x98"):
    try:
        bad.decode()
    except UnicodeDecodeError as e:
        print(e)
print("\udcff".encode("utf-8", "surrogateescape"), "\ud800".encode("utf-8", "surrogatepass"), b"\xed\xa0\x80".decode("utf-8", "surrogatepass") == "\ud800")
try:
    b"\xe9".decode("ascii")
except UnicodeDecodeError as e:
    print(e, e.object, e.start, e.end, e.reason, e.args)
print(b"\xff\xfea\x00".decode("utf-16"), b"\xef\xbb\xbfx".decode("utf-8-sig"), ascii(b"\xef\xbb\xbfx".decode()), b"\xe9".decode("latin1"), str(b"\xe9", "L1"), "x".encode("UTF8"), "x".encode("U8"))
