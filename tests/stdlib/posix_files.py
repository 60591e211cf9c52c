"""The functions of os that take paths: what they give, what they refuse, and os.stat_result."""

import copy
import gc
import os
import pathlib
import pickle
import posix
import stat
import sys
import tempfile


def attempt(function, *args, **options):
    try:
        print("gives", repr(function(*args, **options)))
    except Exception as error:
        print(type(error).__name__, error)


class Path:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


folder = tempfile.mkdtemp()
os.chdir(folder)

print("fspath")
for path in ("a", b"a", Path("a"), Path(b"a"), Path(4), 4, None, bytearray(b"a")):
    attempt(os.fspath, path)

print("splitroot and normpath")
for path in ("", "/", "//", "///", "a", "/a", "//a/b", "///a/b", "/\u20ac/b", b"//a\xff", b"", Path("/x"), "//a\0b", 4, None):
    attempt(posix._path_splitroot_ex, path)
TEXTS = ["", ".", "..", "/", "//", "///", "/..", "//../a", "a/./b//c/", "a/../..", "../a/..", "a/b/../../..", "./a", "/./", "/a/.."]
TEXTS += ["///a", "//a/../b", "a/\u20ac/../\xe9", "..a/b..", "a/.../b", "x\0/../y"]
for path in TEXTS:
    print(repr(path), repr(os.path.normpath(path)), os.path.normpath(os.fsencode(path)))
attempt(os.path.normpath, Path("a//b"))
attempt(os.path.normpath, 4)

print("stat")
with open("file", "wb") as file:
    file.write(b"12345")
os.chmod("file", 0o640)
os.utime("file", ns=(1_500_000_000_123_456_789, -1_500_000_000_123_456_789))
os.symlink("file", "link")
os.symlink("nowhere", "lost")
os.mkdir("folder", 0o755)
found = os.stat("file")
print(type(found), isinstance(found, tuple), len(found), oct(found.st_mode), found.st_size, found[6], found.st_nlink)
print(found.st_atime, found.st_mtime, found.st_atime_ns, found.st_mtime_ns, found[7:9], found[7] == int(found.st_atime))
print(found.st_ino == found[1], found.st_dev == found[2], found.st_uid == found[4], found.st_gid == found[5])
print(found.st_blksize > 0, found.st_blocks >= 0, found.st_rdev, found.st_atime is found.st_atime)
print(stat.S_ISLNK(os.lstat("link").st_mode), stat.S_ISREG(os.stat("link").st_mode), os.stat("link") == found)
print(os.stat("link", follow_symlinks=False) == os.lstat("link"), gc.is_tracked(found), hash(found) == hash(tuple(found)))
with open("file") as file:
    print(os.fstat(file.fileno()) == os.stat(file.fileno()) == os.stat(b"file") == os.stat(Path("file")) == found)
for path in (1.5, None, "a\0b", "nowhere", b"nowhere", Path("nowhere"), bytearray(b"file"), 2**40, -(2**40), 999, Path(4), "lost", ""):
    attempt(os.stat, path)
attempt(os.stat)
attempt(os.stat, "file", 5)
attempt(os.stat, "file", dir_fd="x")
attempt(os.stat, 0, follow_symlinks=False)
attempt(os.lstat, 5)
attempt(os.fstat, "a")
attempt(os.fstat, -1)
attempt(os.fstat, 2**40)

print("stat_result")
kind = os.stat_result
print(kind, kind.n_fields, kind.n_sequence_fields, kind.n_unnamed_fields, kind.__match_args__)
print(kind.st_mode, kind.st_atime, kind.st_rdev)
for sequence in (range(10), range(12), range(13), range(19)):
    made = kind(sequence)
    print(made, made.st_atime, made.st_mtime, made.st_ctime, made.st_atime_ns, made.st_blocks, made.st_rdev)
made = kind(range(10), {"st_atime": 5.5, "st_blocks": []})
print(made, made.st_atime, made.st_mtime, made.st_blocks, gc.is_tracked(made))
print(made.__reduce__())
for args in ((range(9),), (range(20),), (range(10), {"x": 1}), (), (3,), (range(10), 5)):
    attempt(kind, *args)
for again in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
    print(again == found, type(again) is kind, again.st_atime_ns == found.st_atime_ns, again.st_rdev == found.st_rdev)
attempt(found.__replace__, st_mode=4)
attempt(setattr, found, "st_mode", 3)
attempt(setattr, found, "other", 3)
thing = object()
count = sys.getrefcount(thing)
held = kind([thing] * 10, {"st_blocks": thing, "st_atime": 1})
print(sys.getrefcount(thing) - count)
del held
print(sys.getrefcount(thing) - count)
cycle = []
cycle.append(kind(range(10), {"st_rdev": cycle}))
del cycle
print(gc.collect() > 0)

print("folders")
print(sorted(os.listdir()), sorted(os.listdir(b".")), sorted(os.listdir(Path(folder))) == sorted(os.listdir(folder)))
number = os.open(".", os.O_RDONLY)
print(sorted(os.listdir(number)))
os.close(number)
with os.scandir() as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        print(entry, entry.path, entry.is_dir(), entry.is_file(), entry.is_symlink(), entry.is_file(follow_symlinks=False))
        print(entry.inode() == os.lstat(entry).st_ino, entry.stat(follow_symlinks=False) == os.lstat(entry.path), os.fspath(entry))
        attempt(lambda: entry.stat() is entry.stat())
print(sorted(entry.path for entry in os.scandir(b".")), sorted(e.path[len(folder) :] for e in os.scandir(folder + "/"))[:2])
for path in (4.5, "nowhere", b"nowhere", "", 999, "file"):
    attempt(os.listdir, path)
    attempt(os.scandir, path)
entries = os.scandir()
next(entries)
entries.close()
print(list(entries))

print("changes")
for function in (os.mkdir, os.rmdir, os.unlink, os.remove, os.readlink, os.chdir):
    for path in (4.5, "a\0b", "nowhere/at/all", b"nowhere/at/all"):
        attempt(function, path)
attempt(os.mkdir, "folder")
attempt(os.mkdir, "folder", "x")
attempt(os.rmdir, "file")
attempt(os.readlink, "link")
attempt(os.readlink, b"link")
attempt(os.readlink, "file")
attempt(os.access, "file", os.R_OK)
attempt(os.access, b"nowhere", os.F_OK)
attempt(os.access, "file", "x")
attempt(os.access, 4, 4)
attempt(os.access, "a\0b", 0)
attempt(os.rename, "nowhere", b"other")
attempt(os.replace, 4, "a")
attempt(os.rename, "a", 4)
attempt(os.rename, "a\0", "b")
attempt(os.rename, "file", "other")
attempt(os.replace, b"other", Path("file"))
attempt(os.unlink, "link")
attempt(os.remove, Path("lost"))
attempt(os.rmdir, b"folder")
attempt(os.unlink, "file")
print([function.__module__ for function in (os.stat, os.fspath, os.scandir, os.mkdir)])
print(os.listdir(), list(pathlib.Path().iterdir()))
os.chdir("/")
os.rmdir(folder)

print("replaced sequences")
import time

held = []
held.append(time.gmtime(0).__replace__(tm_year=held))
print(gc.is_tracked(held[0]), gc.is_tracked(time.gmtime(0)))
del held
print(gc.collect() > 0)
