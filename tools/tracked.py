#!/usr/bin/env python3
"""The files that are part of the project, and which of them are code.

    tools/tracked.py [SUFFIX ...]     prints their paths, one a line, e.g. tools/tracked.py .h .cc

In a git checkout these are the tracked files that exist; elsewhere (an unpacked archive, a test's
scratch folder) every file outside build/ and hidden folders.
"""
import argparse
import subprocess
import sys
from pathlib import Path

CODE_SUFFIXES = (".h", ".cc", ".def", ".py", ".sh", ".cmake")
CODE_NAMES = ("CMakeLists.txt", "Makefile")
SKIPPED_FOLDERS = ("build", "node_modules", "__pycache__")


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _walk(root: Path) -> list[Path]:
    found = []
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        hidden = any(p in SKIPPED_FOLDERS or p.startswith(".") for p in parts[:-1])
        if path.is_file() and not hidden:
            found.append(path.relative_to(root))
    return found


def tracked_files(root: Path) -> list[Path]:
    """Paths relative to `root`, sorted."""
    root = root.resolve()
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top.strip()).resolve() != root:
        return sorted(_walk(root))
    listed = (_git(root, "ls-files", "-z") or "").split("\0")
    return sorted(Path(name) for name in listed if name and (root / name).is_file())


def is_shell(path: Path) -> bool:
    """Whether the file is a shell script, by its suffix or its first line."""
    if path.suffix:
        return path.suffix == ".sh"
    with path.open("rb") as stream:
        first = stream.readline(80)
    return first.startswith(b"#!") and (b"bash" in first or b"/sh" in first)


def is_code(path: Path) -> bool:
    """Whether the limits for code hold for the file (absolute path)."""
    return path.suffix in CODE_SUFFIXES or path.name in CODE_NAMES or is_shell(path)


def text_of(path: Path) -> str | None:
    """The file's text, or None when it is not text."""
    data = path.read_bytes()
    if b"\0" in data[:8192]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suffixes", nargs="*", help="only files that end so")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--shell", action="store_true", help="only shell scripts")
    options = parser.parse_args()
    for path in tracked_files(options.root):
        if options.suffixes and path.suffix not in options.suffixes:
            continue
        if options.shell and not is_shell(options.root / path):
            continue
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
