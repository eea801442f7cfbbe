#!/usr/bin/env python3
"""Checks the law of the house: a floor uses only floors above it in the list.

The order is read from one place, the candour_floor() lines of src/CMakeLists.txt. Refused are:
an order that is not that of the list in ARCHITECTURE.md; a LINK to a floor that is not earlier; an
#include of a floor that is not earlier; a folder of src/ that is no floor; and, in demo/, tests/
and bench/, an #include of anything of ours but src/ and their own folder.
"""
import argparse
import re
import sys
from pathlib import Path

from tracked import tracked_files

FLOOR = re.compile(r"^candour_floor\(\s*(\w+)(?:\s+LINK\s+([^)]*))?\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
MARK = "<!-- floors -->"
GUESTS = ("demo", "tests", "bench")


def read_floors(root: Path) -> dict[str, list[str]]:
    """Each floor in order, with the floors it links."""
    text = re.sub(r"#.*", "", (root / "src/CMakeLists.txt").read_text())
    floors = {}
    for name, links in FLOOR.findall(text):
        floors[name] = re.findall(r"\bcandour_(\w+)", links)
    return floors


def read_architecture(root: Path) -> list[str]:
    """The floors in the order in which ARCHITECTURE.md lists them."""
    path = root / "ARCHITECTURE.md"
    text = path.read_text() if path.is_file() else ""
    if MARK not in text:
        return []
    block = text.split(MARK, 1)[1].split("```")
    return re.findall(r"^\s+(\w+)/", block[1], re.MULTILINE) if len(block) > 1 else []


def check_order(floors: dict[str, list[str]], architecture: list[str]) -> list[str]:
    if not floors:
        return ["src/CMakeLists.txt: no candour_floor() lines found"]
    if not architecture:
        return [f"ARCHITECTURE.md: no list of floors after {MARK}"]
    problems = []
    last = -1
    for name in floors:
        if name not in architecture:
            problems.append(f"ARCHITECTURE.md: the list does not name the floor {name}")
            continue
        at = architecture.index(name)
        if at < last:
            problems.append(
                f"src/CMakeLists.txt: {name} stands below {architecture[last]}, "
                "but ARCHITECTURE.md lists it above")
        last = max(last, at)
    return problems


def check_links(floors: dict[str, list[str]]) -> list[str]:
    problems = []
    earlier: set[str] = set()
    for name, links in floors.items():
        for link in links:
            if link not in earlier:
                problems.append(f"src/CMakeLists.txt: {name} links {link}, which is not above it")
        earlier.add(name)
    return problems


def check_source_file(path: Path, text: str, floors: dict[str, list[str]]) -> list[str]:
    """The includes of one file of src/."""
    order = list(floors)
    own = path.parts[1]
    if own not in order:
        return [f"{path}: src/{own} is no floor; add it to src/CMakeLists.txt"]
    problems = []
    for include in INCLUDE.findall(text):
        top = include.split("/")[0]
        if top in ("..", ".") or top in GUESTS:
            problems.append(f'{path}: #include "{include}" leaves src/')
        elif top in order and order.index(top) > order.index(own):
            problems.append(f'{path}: #include "{include}" uses {top}, which is below {own}')
    return problems


def check_guest_file(root: Path, path: Path, text: str) -> list[str]:
    """The includes of one file of demo/, tests/ or bench/."""
    home = (root / path.parts[0]).resolve()
    problems = []
    for include in INCLUDE.findall(text):
        starts = (root / "src", root, home, (root / path).parent)
        targets = [(start / include).resolve() for start in starts if (start / include).is_file()]
        if targets and not any(target.is_relative_to(folder) for target in targets
                               for folder in ((root / "src").resolve(), home)):
            problems.append(f'{path}: #include "{include}" is not of src/ nor of its own folder')
    return problems


def check(root: Path) -> list[str]:
    """Every breach of the law, as one line each."""
    floors = read_floors(root)
    problems = check_order(floors, read_architecture(root)) + check_links(floors)
    for path in tracked_files(root):
        if path.suffix not in (".h", ".cc") or len(path.parts) < 2:
            continue
        text = (root / path).read_text()
        if path.parts[0] == "src" and len(path.parts) > 2:
            problems += check_source_file(path, text, floors)
        elif path.parts[0] in GUESTS:
            problems += check_guest_file(root, path, text)
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    problems = check(parser.parse_args().root)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
