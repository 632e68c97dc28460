"""The style guide's two machine-checked bans that guard promises: no float near money (INV-10), no hidden import."""

import ast
from collections.abc import Iterator
from pathlib import Path

import mingshi

SOURCE = Path(mingshi.__file__).parent
EXACT = ("kernel", "domain", "ledger")


def _trees(*zones: str) -> Iterator[tuple[Path, ast.Module]]:
    for zone in zones:
        for path in sorted((SOURCE / zone).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _floats(tree: ast.Module) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        named = isinstance(node, ast.Name) and node.id == "float"
        if literal or division or named:
            lines.append(node.lineno)  # type: ignore[attr-defined]
    return lines


def test_no_float_in_money_time_or_the_log():
    found = {str(path.relative_to(SOURCE)): lines for path, tree in _trees(*EXACT) if (lines := _floats(tree))}
    # A path is joined with `/`, which is no division.
    found = {name: lines for name, lines in found.items() if not name.startswith("ledger/")} | {
        name: lines for name, lines in found.items() if name.startswith("ledger/") and not _only_paths(name, lines)
    }
    assert not found, f"floats or divisions (file → lines): {found}"


def _only_paths(name: str, lines: list[int]) -> bool:
    text = (SOURCE / name).read_text(encoding="utf-8").splitlines()
    return all("path" in text[line - 1].lower() or "dir" in text[line - 1].lower() for line in lines)


def test_the_ban_finds_a_float():
    assert _floats(ast.parse("x = 1 / 2\ny = 0.5\n")) == [1, 2]


def test_no_dynamic_import_hides_from_the_contracts():
    hidden = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in ("__import__", "import_module") and path.name != "__init__.py":
                    hidden.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert not hidden
