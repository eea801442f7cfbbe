"""Reading C++ just well enough to measure it: comments and literals blanked, functions found.

This is no parser. It knows braces, and takes for a function every outermost block whose head ends
in a parameter list. That is right for code that clang-format has laid out.
"""
import re

_TOKEN = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'
    """, re.VERBOSE | re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_TEMPLATE_ARGUMENTS = re.compile(r"<[^<>()]*>")
_TYPE_HEAD = re.compile(r"^\s*(?:template\s*)*(?:export\s+)?(class|struct|union|enum|namespace)\b")


def _blank(match: re.Match) -> str:
    """Spaces instead of the match, line breaks kept, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", match.group(0))


def without_literals(text: str) -> str:
    """`text` with comments, strings and characters blanked."""
    return _TOKEN.sub(_blank, text)


def without_comments(text: str) -> str:
    """`text` with comments blanked and literals kept."""
    return _TOKEN.sub(lambda m: _blank(m) if m.group(0).startswith("/") else m.group(0), text)


def _opens_function(head: str) -> bool:
    while (shorter := _TEMPLATE_ARGUMENTS.sub("", head)) != head:
        head = shorter
    head = head.strip()
    if ")" not in head or head.count("(") != head.count(")") or _TYPE_HEAD.match(head):
        return False
    return head[-1] not in "=,("


def functions(text: str) -> list[tuple[int, int]]:
    """The first and last line (from 1) of every function body's braces, outermost only."""
    code = _DIRECTIVE.sub(_blank, without_literals(text))
    found = []
    depth = 0
    opened: tuple[int, int] | None = None  # depth and line of the function we are in
    head_start = 0
    line = 1
    for at, letter in enumerate(code):
        if letter == "\n":
            line += 1
        elif letter == "{":
            if opened is None and _opens_function(code[head_start:at]):
                opened = (depth, line)
            depth += 1
            head_start = at + 1
        elif letter == "}":
            depth -= 1
            head_start = at + 1
            if opened is not None and depth == opened[0]:
                found.append((opened[1], line))
                opened = None
        elif letter == ";":
            head_start = at + 1
    return found
