"""Mutation testing: does some test notice when a rule is changed?

Takes a random sample of small changes to the judge's source (seeded, so a run can be repeated), runs the case tests
and the properties against each in a process of its own, and reports which changes nobody noticed. A survivor that
was looked at and changes nothing that a rule promises stands in `tools/mutants-explained.toml` with the reason.

    python tools/mutate.py --seed 1 --count 300 --out build/mutants.json

Nothing is written to the source tree: the changed module is compiled from its syntax tree at import.
"""

import argparse
import ast
import copy
import json
import os
import random
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final, NamedTuple, cast

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "src"
TARGETS: Final = ("mingshi/domain/judge", "mingshi/kernel/timeline.py", "mingshi/domain/moment.py")
ELSEWHERE: Final = ("flags", "patterns")
"""Signs, not rules: what they find is measured by the season's score."""
TESTS: Final = (
    "tests/cases/test_whole_rulings.py",  # they notice most, soonest
    "tests/cases",
    "tests/unit/kernel",
    "tests/unit/judge/test_asked.py",
    "tests/property/test_judge_properties.py",
)
EXPLAINED: Final = ROOT / "tools" / "mutants-explained.toml"
EXAMPLES: Final = "12"
"""Examples of each property against each mutant: a change that breaks order or language shows at once."""

COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
REPLACED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
CALLED: Final = {
    "min": "max", "max": "min", "any": "all", "all": "any", "earliest": "latest", "latest": "earliest",
    "before": "not_after", "not_after": "before", "passed": "unknown",
}  # fmt: skip
SWAPPED: Final = frozenset({"before", "not_after", "_bars", "_within", "natural_days_after"})
ENDS: Final = {"earliest": "latest", "latest": "earliest"}


class Mutation(NamedTuple):
    """One change: in whose field which node gives way to which."""

    module: str
    function: str
    line: int
    before: str
    after: str
    holder: ast.AST
    field: str
    index: int | None
    node: ast.AST

    def apply(self) -> None:
        """Change the tree."""
        if self.index is None:
            setattr(self.holder, self.field, self.node)
        else:
            getattr(self.holder, self.field)[self.index] = self.node


def modules() -> list[Path]:
    """The files to change."""
    paths = [SOURCE / target for target in TARGETS]
    files = (file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path]))
    return sorted(file for file in files if file.parent.name not in ELSEWHERE)


def enums() -> dict[str, list[str]]:
    """Every enumeration of the domain and its members."""
    found = {}
    for file in (SOURCE / "mingshi").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            bases = {getattr(base, "id", "") for base in node.bases} if isinstance(node, ast.ClassDef) else set()
            if isinstance(node, ast.ClassDef) and bases & {"Enum", "StrEnum", "IntEnum"}:
                members = [cast("ast.Name", item.targets[0]).id for item in node.body if isinstance(item, ast.Assign)]
                found[node.name] = members
    return found


def mutations(tree: ast.Module, module: str, members: dict[str, list[str]]) -> list[Mutation]:
    """Every change that may be made to a module, in the order of its text."""
    found: list[Mutation] = []

    def visit(holder: ast.AST, function: str) -> None:
        for field, value in ast.iter_fields(holder):
            if field in ("annotation", "returns", "decorator_list", "type_comment", "bases"):
                continue
            for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(node, ast.AST) or _untouched(field, node):
                    continue
                name = f"{function}.{node.name}" if isinstance(node, ast.FunctionDef | ast.ClassDef) else function
                for new in changes(node, members):
                    line = getattr(node, "lineno", getattr(holder, "lineno", 0))
                    told = (_text(node), _text(new))
                    found.append(Mutation(module, name.strip("."), line, *told, holder, field, index, new))
                visit(node, name)

    visit(tree, "")
    return found


def _untouched(field: str, node: ast.AST) -> bool:
    """Imports, assertions, names of types, and strings that stand alone: docstrings and notes under a field."""
    if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("NewType", "TypeVar"):
        return True
    return field == "body" and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _text(node: ast.AST) -> str:
    whole = ast.unparse(node).splitlines()
    return whole[0] + (" …" if len(whole) > 1 else "") if whole else "(nothing)"


def changes(node: ast.AST, members: dict[str, list[str]]) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare():
            for index, op in enumerate(node.ops):
                for other in COMPARED.get(type(op), ()):
                    yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for index in range(len(node.values)):
                rest = [*node.values[:index], *node.values[index + 1 :]]
                yield rest[0] if len(rest) == 1 else _with(node, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp():
            if type(node.op) in REPLACED:
                yield _with(node, op=REPLACED[type(node.op)]())
        case ast.Constant(value=bool() as truth):
            yield ast.Constant(not truth)
        case ast.Constant(value=int() as number):
            yield ast.Constant(number + 1)
            yield ast.Constant(number - 1)
        case ast.Constant(value=str() as word):
            yield ast.Constant(f"{word}_")
        case ast.Attribute(value=ast.Name(id=kind), attr=member) if member in members.get(kind, ()):
            all_ = members[kind]
            yield _with(node, attr=all_[(all_.index(member) + 1) % len(all_)])
        case ast.Attribute(attr="earliest" | "latest" as end):
            yield _with(node, attr=ENDS[end])
        case ast.Call(func=ast.Name(id=called)):
            if called in CALLED:
                yield _with(node, func=ast.Name(CALLED[called], ast.Load()))
            if called in SWAPPED:
                yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
        case ast.If() | ast.IfExp():
            yield _with(node, test=ast.Constant(True))
            yield _with(node, test=ast.Constant(False))
        case ast.comprehension(ifs=[_, *_]):
            yield _with(node, ifs=node.ifs[1:])
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Raise():
            yield ast.Pass()
        case _:
            return


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


class _Loader(SourceFileLoader):
    """Compiles the changed tree instead of the file."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._tree, self.get_filename(fullname), "exec")


class _Finder(MetaPathFinder):
    def __init__(self, name: str, file: Path, tree: ast.Module) -> None:
        self._name, self._file, self._tree = name, file, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname != self._name:
            return None
        loader = _Loader(fullname, str(self._file), self._tree)
        return spec_from_file_location(fullname, self._file, loader=loader)


class Listed(NamedTuple):
    """A mutation with the tree it belongs to."""

    mutation: Mutation
    tree: ast.Module
    file: Path


def everything() -> list[Listed]:
    """Every mutation of every target."""
    members, listed = enums(), []
    for file in modules():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        module = ".".join(file.relative_to(SOURCE).with_suffix("").parts)
        listed += [Listed(one, tree, file) for one in mutations(tree, module, members)]
    return listed


class _Quick:
    """A pytest plugin: properties fail as they are, without being made small, and leave nothing behind."""

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings  # noqa: PLC0415  # imported by its own plugin, not before

        settings.register_profile("mutants", database=None, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("mutants")


UNCHANGED: Final = -1


def test_one(number: int) -> int:
    """Run the tests against one mutation in this process; pytest's exit code."""
    import pytest  # noqa: PLC0415  # only the processes that test need it

    if number != UNCHANGED:
        mutation, tree, file = everything()[number]
        mutation.apply()
        ast.fix_missing_locations(tree)
        sys.meta_path.insert(0, _Finder(mutation.module, file, tree))
    return pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", *TESTS], plugins=[_Quick()])


def run(number: int, timeout_s: int) -> str:
    """`killed`, `timeout` or `survived`."""
    command = [sys.executable, str(Path(__file__)), "--one", str(number)]
    environment = os.environ | {"MINGSHI_EXAMPLES": EXAMPLES}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired:
        return "timeout"
    return "survived" if done.returncode == 0 else "killed"


def explained() -> dict[tuple[str, str, str, str], str]:
    """Mutations that were looked at and break no promise: module, function, before, after → reason."""
    if not EXPLAINED.exists():
        return {}
    rows = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("mutant", [])
    return {(row["module"], row["function"], row["before"], row["after"]): row["reason"] for row in rows}


def main() -> int:
    """Run a sample and report it; 1 if a survivor is not explained."""
    parser = argparse.ArgumentParser(description="Does some test notice when a rule is changed?")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=int, default=120, help="seconds for one mutant")
    parser.add_argument("--only", default="", help="modules whose name contains this")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "mutants.json")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        return test_one(options.one)
    listed = everything()
    numbers = [number for number, one in enumerate(listed) if options.only in one.mutation.module]
    sample = sorted(random.Random(options.seed).sample(numbers, min(options.count, len(numbers))))
    if run(UNCHANGED, options.timeout) != "survived":
        print("the tests do not pass on the unchanged source")
        return 2
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda number: run(number, options.timeout), sample))
    reasons = explained()
    rows = []
    for number, result in zip(sample, results, strict=True):
        one = listed[number].mutation
        reason = reasons.get((one.module, one.function, one.before, one.after), "")
        status = "explained" if result == "survived" and reason else result
        rows.append({
            "number": number, "module": one.module, "function": one.function, "line": one.line,
            "before": one.before, "after": one.after, "status": status, "reason": reason,
        })  # fmt: skip
    count = Counter(row["status"] for row in rows)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    report = {"seed": options.seed, "of": len(numbers), "count": dict(count), "mutants": rows}
    options.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        if row["status"] in ("survived", "timeout"):
            place = f"{row['module']}:{row['line']} {row['function']}"
            print(f"{row['status']:9} {place}: {row['before']} → {row['after']}")
    noticed = count["killed"] + count["timeout"]
    print(
        f"seed {options.seed}: {len(rows)} of {len(numbers)} mutants; {noticed} noticed ({count['timeout']} by time),"
    )
    print(f"{count['explained']} explained, {count['survived']} survived; {100 * noticed // len(rows)} % noticed")
    return 1 if count["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
