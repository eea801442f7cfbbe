#!/usr/bin/env python3
"""Checks the habits of the house that a formatter cannot: sizes, names, marks, and leaks of where
the work was done. Each rule is one function below; CONTRIBUTING.md says why they are there."""
import argparse
import re
import sys
from pathlib import Path
from typing import Iterator

import cpp_text
from tracked import is_code, text_of, tracked_files

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70
MAX_COLUMNS = 100
BANNED_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}
CPP = (".h", ".cc")

TYPE_NAME = re.compile(r"\b(?:class|struct|union|enum(?:\s+class)?|using|concept)\s+(\w+)")
CAMEL_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
UNFINISHED = re.compile(r"\b(?:[T]ODO|[F]IXME)\b(?!\(#[0-9]+\))")
USING_NAMESPACE = re.compile(r"\busing\s+namespace\b")
UNBREAKABLE = re.compile(r"://|[0-9A-Za-z+/=]{64}")  # an address, a digest
MACHINE_PATH = re.compile(r"(?<![\w.~*/})$-])/(?:work|root|home|Users)/\w")
REGISTRY_HOST = re.compile(
    r"\b(?:registry\.(?:npmjs|yarnpkg)\.(?:org|com)|(?:test\.)?pypi\.org|files\.pythonhosted\.org"
    r"|(?:deb|security)\.debian\.org|proxy\.golang\.org|(?:static\.|index\.)?crates\.io"
    r"|repo1?\.maven\.(?:apache\.)?org|rubygems\.org|registry-1\.docker\.io)\b"
    r"|https?://[\w.-]*(?:artifactory|nexus|verdaccio)[\w.-]*")

Problem = tuple[int, str]  # line (0: the whole file) and what is wrong


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def file_size(path: Path, text: str) -> Iterator[Problem]:
    lines = text.count("\n")
    if lines > MAX_FILE_LINES:
        yield 0, f"{lines} lines, at most {MAX_FILE_LINES}: split it by concept"


def line_length(path: Path, text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_COLUMNS and not UNBREAKABLE.search(line):
            yield number, f"{len(line)} columns, at most {MAX_COLUMNS}"


def function_length(path: Path, text: str) -> Iterator[Problem]:
    if path.suffix not in CPP:
        return
    for first, last in cpp_text.functions(text):
        if last - first + 1 > MAX_FUNCTION_LINES:
            yield first, f"function of {last - first + 1} lines, at most {MAX_FUNCTION_LINES}"


def file_name(path: Path, text: str) -> Iterator[Problem]:
    for word in re.split(r"[_.\-]", path.name.lower()):
        if word in BANNED_WORDS:
            yield 0, f'"{word}" in a file name says nothing: name the concept'


def type_names(path: Path, text: str) -> Iterator[Problem]:
    if path.suffix not in CPP:
        return
    code = cpp_text.without_literals(text)
    for match in TYPE_NAME.finditer(code):
        words = {word.lower() for word in CAMEL_WORD.findall(match.group(1))}
        if words & BANNED_WORDS and match.group(1) != "namespace":
            yield line_of(code, match.start()), f"type name {match.group(1)}: name the concept"


def unfinished(path: Path, text: str) -> Iterator[Problem]:
    for match in UNFINISHED.finditer(text):
        yield line_of(text, match.start()), "unfinished work is marked without its issue, as (#12)"


def using_namespace(path: Path, text: str) -> Iterator[Problem]:
    if path.suffix != ".h":
        return
    code = cpp_text.without_literals(text)
    for match in USING_NAMESPACE.finditer(code):
        yield line_of(code, match.start()), "using namespace in a header reaches all who include it"


def header_guard(path: Path, text: str) -> Iterator[Problem]:
    if path.suffix != ".h":
        return
    if not text.startswith(("//", "/*", "#pragma once")):
        yield 1, "a header starts with a comment or #pragma once"
    if not cpp_text.without_comments(text).lstrip().startswith("#pragma once"):
        yield 1, "#pragma once comes before anything else in a header"


def machine_paths(path: Path, text: str) -> Iterator[Problem]:
    for match in MACHINE_PATH.finditer(text):
        yield line_of(text, match.start()), "a path of somebody's machine"


def registry_hosts(path: Path, text: str) -> Iterator[Problem]:
    for match in REGISTRY_HOST.finditer(text):
        yield line_of(text, match.start()), "the host of a package registry: it is configuration"


CODE_RULES = (file_size, line_length, function_length, file_name, type_names, unfinished,
              using_namespace, header_guard)
TEXT_RULES = (machine_paths, registry_hosts)


def check(root: Path) -> list[str]:
    """Every breach, as "file:line: what"."""
    problems = []
    for path in tracked_files(root):
        text = text_of(root / path)
        if text is None:
            continue
        rules = TEXT_RULES + (CODE_RULES if is_code(root / path) else ())
        for rule in rules:
            for line, message in rule(path, text):
                problems.append(f"{path}:{line}: {message}" if line else f"{path}: {message}")
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
