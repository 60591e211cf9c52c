"""Pure-Python packages from PyPI, unmodified, each unpacked once into the user's cache folder."""

import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile


# Packages whose wheels hold extensions in C: their sources work without.
SOURCES = {"markupsafe": "src"}


def cache_folder():
    """Where downloads are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "vivarium"


def package(name, version):
    """The folder to put on PYTHONPATH for one package."""
    folder = cache_folder() / "packages" / f"{name}-{version}"
    if folder.exists():
        return folder
    if name in SOURCES:
        return source(name, version, folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A platform of its own leaves only the wheels that run everywhere.
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    fetch += ["--platform", "any", "--implementation", "py", "--python-version", "3.14", "--abi", "none"]
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        subprocess.run([*fetch, "--dest", scratch, f"{name}=={version}"], check=True)
        unpacked = pathlib.Path(scratch) / "unpacked"
        for wheel in pathlib.Path(scratch).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked)
        shutil.move(unpacked, folder)
    return folder


def source(name, version, folder):
    """The same from an archive of sources."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        subprocess.run([*fetch, "--dest", scratch, f"{name}=={version}"], check=True)
        for archive in pathlib.Path(scratch).glob("*.tar.gz"):
            with tarfile.open(archive) as tar:
                tar.extractall(scratch, filter="data")
            shutil.move(pathlib.Path(scratch) / archive.name.removesuffix(".tar.gz") / SOURCES[name], folder)
    return folder
