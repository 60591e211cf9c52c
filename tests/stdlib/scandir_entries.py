# The entries of a folder.
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.mkdir(os.path.join(folder, "sub"))
    with open(os.path.join(folder, "file"), "w") as file:
        file.write("text")
    os.symlink("sub", os.path.join(folder, "to_sub"))
    os.symlink("nowhere", os.path.join(folder, "broken"))
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        print(entry, entry.path == os.path.join(folder, entry.name), os.fspath(entry) == entry.path)
        print(entry.is_dir(), entry.is_file(), entry.is_symlink(), entry.is_junction())
        print(entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False))
        print(entry.inode() == os.lstat(entry.path).st_ino)
        print(entry.stat(follow_symlinks=False).st_size == os.lstat(entry.path).st_size)
        print(entry.stat(follow_symlinks=False) is entry.stat(follow_symlinks=False))
        try:
            print(entry.stat().st_mode == os.stat(entry.path).st_mode)
        except FileNotFoundError as error:
            print(type(error).__name__, error.errno)
    print(sorted(entry.name for entry in os.scandir(os.fsencode(folder))))
    entries = os.scandir(folder)
    entries.close()
    print(list(entries))
    print(type(entries).__name__, type(found[0]).__name__, type(found[0]).__module__, os.DirEntry[str])
    entry = found[0]
    for make in (os.DirEntry, lambda: os.scandir(os.path.join(folder, "missing")), lambda: setattr(entry, "name", 1)):
        try:
            make()
        except Exception as error:
            print(type(error).__name__, str(error).replace(folder, "FOLDER"))
