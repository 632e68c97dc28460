"""What is not built on purpose is not there: no search among faces (INV-02), no trait of a person (INV-05).

A name says what a thing is for. These tests cannot stop somebody who writes other software; they stop a change of
this one from bringing such a thing in unseen.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import mingshi
from mingshi.domain import evidence
from mingshi.files.forbidden import is_face, is_trait
from mingshi.files.format import SHEETS

SOURCE = Path(mingshi.__file__).parent
VISION = frozenset({
    "cv2", "dlib", "face_recognition", "face_recognition_models", "insightface", "deepface", "mediapipe", "onnxruntime",
    "PIL", "numpy", "torch", "torchvision", "tensorflow", "keras", "sklearn", "skimage", "faiss", "annoy", "hnswlib",
})  # fmt: skip
STRANGERS = re.compile(
    r"gallery|galleries|watch_?list|black_?list|people_?count|head_?count"
    r"|(search|identify|recogni[sz]e|lookup|cluster|dedup(licate)?|enrol|enroll|nearest)_?faces?(?!t)"
    r"|(?<![a-z])faces?_?(search|db|database|librar|gallery|index|store|cluster|track)"
    r"|one_to_many|1_to_n|rtsp|video_?stream|camera_?stream|stream_?url",
    re.IGNORECASE,
)
"""Names of what would find a stranger: 1:N search, a gallery, a watch list, a camera left open."""
DURATIONS = frozenset({"max_age", "max_age_s", "min_age_s"})
"""The age of a message or a cookie, never a person's."""


BANDS = "mingshi.domain.consent.young"
"""Whether a visitor is a child, as they or their parent say, because then a parent consents (PIPL 31)."""
ON_A_CARD = "domain/consent/young.py"
"""The one file that reckons the band from a date of birth that the desk read on a card."""
CARRIES_IT = {
    "domain/consent/receipt.py", "domain/consent/state.py", "app/consent_receipt.py", "app/consents.py", "app/facts.py",
    "app/give_consent.py",
}  # fmt: skip
"""Who hands that very word on: as a field of the closed set of bands, and as nothing else."""


def names(tree: ast.AST) -> Iterator[str]:
    """Every name a module gives, takes or uses."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.keyword(arg=str(name)):
                yield name
            case ast.Import(names=several):
                yield from (part for one in several for part in one.name.split("."))
            case ast.ImportFrom(module=str(name), names=several):
                yield from (*name.split("."), *(one.name for one in several))


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def strangers(tree: ast.AST) -> set[str]:
    return {name for name in names(tree) if STRANGERS.search(name)}


def traits(tree: ast.AST) -> set[str]:
    return {name for name in names(tree) if is_trait(name) and name not in DURATIONS}


def vision(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found & VISION


def test_nothing_is_named_after_finding_a_stranger():
    assert {path: found for path, tree in sources() if (found := strangers(tree))} == {}


def test_no_vision_library_is_imported_outside_the_face_package():
    seen = {path: found for path, tree in sources() if not path.startswith("faces/") and (found := vision(tree))}
    assert seen == {}


def handed_on(tree: ast.Module) -> int:
    """How many of a module's words `age` and `Age` are the declared band: the type of that one module, a field of that
    type (in a receipt, its text), such a field read, or handed on under its own name from such a field or `Age` itself.
    """
    known = {
        one.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == BANDS
        for one in node.names
    }
    count = 0
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module) if module == BANDS:
                count += len({"Age"} & {one.name for one in node.names})
            case ast.AnnAssign(target=ast.Name(id="age"), annotation=ast.Name(id=kind)):
                count += kind == "str" or (kind == "Age" and "Age" in known)
            case ast.Name(id="Age") if "Age" in known:
                count += 1
            case ast.Attribute(attr="age"):
                count += 1
            case ast.keyword(arg="age", value=value):
                count += any(isinstance(one, ast.Attribute) and one.attr == "age" for one in ast.walk(value))
    return count


def said_of_age(tree: ast.AST) -> int:
    return sum(name in ("age", "Age") for name in names(tree))


def test_nothing_is_named_after_a_trait_of_a_person():
    found = {path: traits(tree) for path, tree in sources()}
    assert found.pop(ON_A_CARD) == {"Age", "age", "birthday"}
    assert {path for path, of in found.items() if of} == CARRIES_IT
    assert set().union(*found.values()) == {"Age", "age"}


def test_the_declared_band_is_handed_on_as_what_it_is_and_nothing_else():
    read = {path: tree for path, tree in sources() if path in CARRIES_IT}
    assert {path: said_of_age(tree) - handed_on(tree) for path, tree in read.items()} == dict.fromkeys(CARRIES_IT, 0)
    for elsewhere in (
        "class Guest(NamedTuple):\n    age: int\n",
        "def band(age): return age",
        "age = 41",
        "from mingshi.faces import Age\nclass G:\n    age: Age\n",
        "Guess(age=41)",
    ):
        tree = ast.parse(elsewhere)
        assert said_of_age(tree) > handed_on(tree), elsewhere


def test_no_column_and_no_field_of_evidence_holds_a_trait_or_comes_from_a_face():
    columns = {(sheet.name, column.field) for sheet in SHEETS for column in sheet.columns}
    kinds = (kind for kind in vars(evidence).values() if isinstance(kind, type) and hasattr(kind, "_fields"))
    fields = {(kind.__name__, name) for kind in kinds for name in kind._fields}
    assert len(columns) > 100
    assert len(fields) > 100
    assert {(of, name) for of, name in columns | fields if is_trait(name) or is_face(name)} == set()


def test_the_scan_finds_what_it_looks_for():
    bad = ast.parse(
        "import cv2\nfrom faiss import Index\ndef search_faces(face_db): ...\nclass WatchList:\n    ethnicity: str\n"
        "def read(source): return source.rtsp_url, source.age\nfacet_index = 1\nsurface_search = 2\n"
    )
    assert strangers(bad) == {"search_faces", "face_db", "WatchList", "rtsp_url"}
    assert vision(bad) == {"cv2", "faiss"}
    assert traits(bad) == {"ethnicity", "age"}
