"""House rule: files stay under 400 lines, functions under 50; what tires is the tail."""

import ast
import re
from pathlib import Path

from tests.contracts.sources import frontend_files, name_of, parsed, python_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LONGEST_COMPONENT = 80
"""Lines of a function that returns markup: the markup is layout, not control flow."""

_OPENS_FUNCTION = re.compile(
    r"^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b"
    r"|^\s*(?:export\s+)?(?:const|let)\s+\w+[^=]*=\s*(?:async\s*)?(?:\([^)]*\)|\w+)[^=]*=>\s*\{\s*$"
    r"|^\s+(?:(?:public|private|protected|static|async|get|set)\s+)*\w+\([^)]*\)[^;{]*\{\s*$"
)
_KEYWORD = re.compile(r"^\s*(?:if|for|while|switch|catch|else|return|do|try)\b")


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def test_files_stay_short() -> None:
    python = [
        path
        for path in python_files("amparo", "tests", "bench", "demo")
        if "versions" not in path.parts
    ]
    long = [
        f"{name_of(path)}: {count} lines"
        for path in (*python, *frontend_files(".ts", ".tsx", ".css"))
        if (count := len(lines_of(path))) >= LONGEST_FILE
    ]
    assert not long, "split by meaning:\n" + "\n".join(long)


def test_python_functions_stay_short() -> None:
    long = []
    for path in python_files("amparo", "tests", "bench", "demo"):
        if "versions" in path.parts:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length >= LONGEST_FUNCTION:
                    long.append(f"{name_of(path)}:{node.lineno} {node.name}: {length} lines")
    assert not long, "\n".join(long)


def test_typescript_functions_stay_short() -> None:
    long = [
        f"{name_of(path)}:{start} {length} lines"
        for path in frontend_files(".ts", ".tsx")
        if ".test." not in path.name
        for start, length in typescript_functions(lines_of(path))
        if length >= (LONGEST_COMPONENT if path.suffix == ".tsx" else LONGEST_FUNCTION)
    ]
    assert not long, "\n".join(long)


def typescript_functions(lines: list[str]) -> list[tuple[int, int]]:
    """(first line, length) of functions, found by the formatter's indentation.

    The formatter puts the closing brace of a block under the beginning of the line that opens it.
    """
    found = []
    for number, line in enumerate(lines):
        if not _OPENS_FUNCTION.match(line) or _KEYWORD.match(line):
            continue
        indent = line[: len(line) - len(line.lstrip())]
        closing = re.compile(rf"^{indent}\}}")
        for end in range(number, len(lines)):
            if end > number and closing.match(lines[end]):
                found.append((number + 1, end - number + 1))
                break
    return found


def test_the_finder_of_typescript_functions_finds_them() -> None:
    source = """
export function one(a: string): void {
  const two = async (b: number) => {
    if (b) {
      a()
    }
  }
}
class C {
  private three(x: string): Promise<void> {
    return x
  }
}
""".splitlines()
    assert typescript_functions(source) == [(2, 7), (3, 5), (10, 3)]
