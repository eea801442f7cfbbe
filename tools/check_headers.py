#!/usr/bin/env python3
"""Checks that every header compiles on its own, so that includes may stand in any order.

Flags come from compile_commands.json of the release build, without its precompiled header, which
would hide a missing include. What passed is remembered under build/ by a hash of the header, of
all of ours that it includes, and of the flags: a second run compiles only what changed.
"""
import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tracked import tracked_files

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
DROPPED = ("-c", "-Winvalid-pch", "-fpch-preprocess", "-MD", "-MMD")
DROPPED_WITH_VALUE = ("-o", "-include", "-MF", "-MT", "-MQ")


def strip_flags(command: list[str], source: str) -> list[str]:
    """Compiler and flags of one compile command, without inputs, outputs and precompiled header."""
    start = next((i for i, word in enumerate(command)
                  if re.search(r"(?:\+\+|clang|/cc|gcc)[-\d.]*$", word)), 0)
    flags = []
    words = iter(command[start:])
    for word in words:
        if word in DROPPED_WITH_VALUE:
            next(words, None)
        elif word not in DROPPED and word != source:
            flags.append(word)
    return flags


def read_flags(commands: Path) -> dict[str, list[str]]:
    """Flags by the folder of the source that was compiled with them."""
    flags: dict[str, list[str]] = {}
    for entry in json.loads(commands.read_text()):
        words = entry.get("arguments") or shlex.split(entry["command"])
        folder = str(Path(entry["directory"], entry["file"]).parent)
        if not entry["file"].endswith("_test.cc"):
            flags.setdefault(folder, strip_flags(words, entry["file"]))
    return flags


def flags_for(header: Path, flags: dict[str, list[str]]) -> list[str]:
    """Those of a source in the same folder, else of the nearest; of equals the one with most."""
    def nearness(folder: str) -> tuple[int, int]:
        return len(os.path.commonpath([folder, header])), len(flags[folder])
    return flags[max(flags, key=nearness)]


def closure(root: Path, header: Path) -> list[Path]:
    """The header and all of ours that it includes, directly or not, in a fixed order."""
    seen: set[Path] = set()
    waiting = [header]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in INCLUDE.findall(path.read_text()):
            for candidate in (root / "src" / name, path.parent / name):
                if candidate.is_file():
                    waiting.append(candidate.resolve())
                    break
    return sorted(seen)


def key_of(root: Path, header: Path, command: list[str]) -> str:
    digest = hashlib.sha256("\0".join(command).encode())
    digest.update(str(header).encode())
    for path in closure(root, header):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compile_alone(header: Path, command: list[str]) -> str | None:
    """None if the header compiles by itself, else what the compiler said."""
    done = subprocess.run(
        [*command, "-fsyntax-only", "-x", "c++", "-"], input=f'#include "{header}"\n',
        capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stderr.strip()


def check(root: Path, build: Path, memory: Path) -> list[str]:
    """What is wrong, one text per header; remembers in `memory` what is right."""
    root = root.resolve()
    flags = read_flags(build / "compile_commands.json")
    if not flags:
        return [f"{build}/compile_commands.json names no source"]
    passed = set(json.loads(memory.read_text())) if memory.is_file() else set()
    headers = [(root / path).resolve() for path in tracked_files(root) if path.suffix == ".h"]
    jobs = []
    for header in headers:
        command = flags_for(header, flags)
        jobs.append((header, command, key_of(root, header, command)))
    todo = [job for job in jobs if job[2] not in passed]
    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = list(pool.map(lambda job: compile_alone(job[0], job[1]), todo))
    failed = {job[2] for job, answer in zip(todo, answers) if answer is not None}
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps(sorted({job[2] for job in jobs} - failed)))
    return [f"{job[0].relative_to(root)} does not compile on its own:\n{answer}"
            for job, answer in zip(todo, answers) if answer is not None]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--root", type=Path, default=root)
    parser.add_argument("--build", type=Path, default=root / "build/release")
    options = parser.parse_args()
    if not (options.build / "compile_commands.json").is_file():
        print("check_headers: no compile_commands.json in the build folder; run `make build` first")
        return 1
    problems = check(options.root, options.build, root / "build/check/headers.json")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
