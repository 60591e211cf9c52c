"""Trains paths and files: pathlib, os.path, walking, text and binary files."""

import fnmatch
import os
import shutil
import sys
import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath


def path_figures(seed):
    base = PurePosixPath("/srv/data") / f"year{seed}" / "../reports" / f"r{seed % 12}.tar.gz"
    other = PurePosixPath("/srv/data/reports")
    windows = PureWindowsPath(r"C:\Work\notes", f"n{seed}.TXT")
    renamed = base.with_name("summary.txt").with_suffix(".md")
    joined = os.path.join("/srv", "data", f"y{seed}", "..", "x.txt")
    head, tail = os.path.split(joined)
    root, extension = os.path.splitext(tail)
    parts = [str(renamed), base.stem, "".join(base.suffixes), windows.as_posix(), windows.drive,
             os.path.normpath(joined), os.path.relpath(joined, "/srv/other"), root + extension,
             os.path.commonpath([joined, str(base)]), base.parent.parent.name, *base.parts[-2:]]
    tests = (base.is_absolute(), base.match("*.gz"), other < base, base.is_relative_to("/srv"),
             windows == PureWindowsPath(str(windows).lower()), os.path.isabs(head),
             PurePosixPath("a/b") in {PurePosixPath("a") / "b"})
    names = fnmatch.filter([f"f{n}.{'py' if n % 3 else 'txt'}" for n in range(12)], "f?.p[xy]")
    return len("|".join(parts)) + sum(tests) * 10 + len(names) + len(other.relative_to("/srv").parts)


def fill(folder, seed):
    for group in range(3):
        place = folder / f"group{group}" / "deep"
        place.mkdir(parents=True)
        for number in range(3):
            lines = [f"{n};{n * seed % 17};{'word ' * (n % 4)}".rstrip() for n in range(20)]
            (place / f"table{number}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with open(place.parent / "raw.bin", "wb") as file:
            for n in range(10):
                file.write(bytes([n, seed & 255]) * (n + 1))


def read_tables(folder):
    total = lines = 0
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                _, value, *words = line.rstrip("\n").split(";")
                total += int(value) + len(words[0].split())
                lines += 1
    return total + lines


def walk(folder):
    figures = 0
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(where, name)
            figures += os.path.getsize(path) + len(os.path.relpath(path, folder))
            if os.path.splitext(name)[1] == ".bin":
                with open(path, "r+b") as file:
                    file.seek(4)
                    piece = file.read(6)
                    file.seek(-2, os.SEEK_END)
                    figures += sum(piece) + len(file.read()) + file.tell()
                    file.write(b"end")
    return figures


def scan(folder):
    with os.scandir(folder) as entries:
        found = sorted((entry.name, entry.is_dir()) for entry in entries)
    return sum(len(name) << is_folder for name, is_folder in found)


def change(folder, seed):
    first = folder / "group0"
    (first / "raw.bin").rename(first / "moved.bin")
    shutil.copy(first / "moved.bin", folder / "copy.bin")
    with open(folder / "notes.txt", "a+", encoding="utf-8", newline="") as file:
        print("größe", seed, sep="\t", file=file)
        file.writelines(f"line {n}\r\n" for n in range(5))
        file.flush()
        file.seek(0)
        first_line = file.readline()
        rest = file.read().splitlines()
    try:
        (folder / "missing.txt").read_bytes()
    except FileNotFoundError as error:
        rest.append(os.path.basename(error.filename))
    (folder / "copy.bin").unlink()
    return len(first_line) + len("".join(rest)) + (folder / "notes.txt").stat().st_size


def main(scale):
    total = 0
    with tempfile.TemporaryDirectory() as name:
        for seed in range(5 * scale):
            folder = Path(name, f"run{seed}")
            fill(folder, seed)
            figures = [path_figures(seed * 20 + n) for n in range(20)]
            figures += [read_tables(folder), walk(folder), scan(folder), change(folder, seed),
                        len(sorted(path.name for path in folder.glob("*/deep/*1.csv"))),
                        os.path.exists(folder / "copy.bin")]
            shutil.rmtree(folder)
            for figure in figures:
                total = (total * 79 + figure) % 1_000_003
    print("paths and files", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
