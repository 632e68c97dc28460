"""What stands inside a workbook, looked at before any cell is read.

The rules this module keeps:

1. Only parts that a plain table needs are let in, by a list of what is allowed. Pictures, drawings,
   objects, macros, external links, data connections and pivot tables are refused by name, with what to do
   (INV-03).
2. The reader of cells hides things: formulas show their last value, error cells show nothing, merged cells
   leave gaps, one cell far away makes it fill memory. Each is found here, in the XML itself, a block at a
   time.
3. No XML entity is ever expanded: a part that defines one, or is not UTF-8, is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, final
from xml.etree import ElementTree as ET

from mingshi.files.inflate import Container
from mingshi.files.limits import MAX_SHARED_TEXT_BYTES, MAX_SHEET_CELLS, MIB
from mingshi.files.problem import BadInputError, Problem, problem

_ALLOWED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/[\w.-]+\.xml|docMetadata/[\w./-]+\.xml|customXml/[\w./-]+\.(?:xml|rels)"
    r"|xl/(?:workbook|sharedStrings|styles|calcChain|metadata|commentsExtended)\.xml|xl/_rels/[\w.-]+\.rels"
    r"|xl/(?:worksheets|theme|tables|persons|threadedComments|richData|featurePropertyBag|comments)/[\w.-]+\.xml"
    r"|xl/comments\d*\.xml|xl/(?:worksheets|persons|richData)/_rels/[\w.-]+\.rels"
    r"|xl/drawings/(?:vml|comments)Drawing\d*\.vml|xl/printerSettings/[\w.-]+\.bin|(?:xl|docProps|_rels|xl/worksheets|xl/theme)/"
)
_MEDIA: Final = r"\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?|svg|webp|ico|heic|mp4|mp3|wav|avi|mov)$"
_PROGRAMS: Final = r"\.(?:exe|dll|js|vbs|zip|rar|7z|docx?|pptx?|pdf|html?)$"
_REFUSED: Final[tuple[tuple[str, str], ...]] = (
    ("part_media", rf"media/|cellimages|thumbnail|{_MEDIA}"),
    ("part_macro", r"vba|macrosheet|dialogsheet|customUI|userCustomization"),
    ("part_external", r"externalLink|connections\.xml|queryTable|xmlMaps|webextension|model/|customData"),
    ("part_object", rf"embeddings?/|activeX|ctrlProps|oleObject|{_PROGRAMS}"),
    ("part_pivot", r"pivot|slicer|timeline"),
    ("part_drawing", r"drawings?/|charts?/|chartsheets?/|diagrams?/|ink/"),
)  # fmt: skip
_MAX_PRINTER_SETTINGS: Final = MIB // 4
_MAX_SMALL_PART: Final = 8 * MIB
"""workbook.xml and its relations: parsed as a whole."""

_ENTITIES: Final = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_OTHER_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)
_ROW_OF_REF: Final = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]{0,3}(\d{1,10})["']""")
_COLUMN_OF_REF: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})\d""")
_CELL: Final = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_REF: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3}\d{1,7})["']""")
_MERGED: Final = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^>]*ref\s*=\s*["']([A-Z]+\d+:[A-Z]+\d+)["']""")
_HIDDEN: Final = re.compile(rb"""<(?:[\w.-]+:)?row\s[^>]*\shidden\s*=\s*["'](?:1|true)["']""")
_DATE_1904: Final = re.compile(rb"""date1904\s*=\s*["'](?:1|true)["']""")
_LONGEST_TAG: Final = MIB // 4
_SHOWN: Final = 5


@final
@dataclass(slots=True, kw_only=True)
class SheetFacts:
    """What the XML of one worksheet says, gathered block by block."""

    name: str
    part: str
    rows: int = 0
    columns: int = 0
    cells: int = 0
    formulas: int = 0
    formula_cells: list[str] = field(default_factory=list)
    errors: int = 0
    error_cells: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: bool = False

    def look_at(self, piece: bytes) -> None:
        """Count in one piece of the XML that ends with a whole tag."""
        self.cells += len(_CELL.findall(piece))
        self.rows = max((self.rows, *map(int, set(_ROW_OF_REF.findall(piece)))))
        self.columns = max((self.columns, *map(_column_number, set(_COLUMN_OF_REF.findall(piece)))))
        self.formulas += _note(_FORMULA, piece, self.formula_cells)
        self.errors += _note(_ERROR, piece, self.error_cells)
        self.merged.extend(ref.decode() for ref in _MERGED.findall(piece)[: 1000 - len(self.merged)])
        self.hidden_rows = self.hidden_rows or _HIDDEN.search(piece) is not None

    @property
    def span(self) -> int:
        """Cells that the reader of cells would hold."""
        return max(self.cells, self.rows * self.columns)


def inspect(file: BinaryIO, label: str) -> tuple[SheetFacts, ...]:
    """The worksheets of a workbook that is safe to read. Raises `BadInputError` with all that is wrong."""
    _refuse_other_formats(file, label)
    box = Container(file, label)
    problems = list(_refused_parts(box, label))
    if problems:
        raise BadInputError(problems)
    if "xl/workbook.xml" not in box.parts:
        raise BadInputError([problem(label, "not_a_workbook")])
    sheets = {part: SheetFacts(name="", part=part) for part in box.parts if part.startswith("xl/worksheets/")}
    sheets |= {part: SheetFacts(name=name, part=part) for name, part in _sheets(box, label)}
    for part in box.parts:
        if part.endswith((".xml", ".rels", ".vml")):
            facts = sheets.get(part)
            for piece in _pieces(box, part, label):
                if facts is not None:
                    facts.look_at(piece)
        else:
            for _ in box.unpacked(part):
                pass  # its size and checksum are compared
    too_large = [each for each in sheets.values() if each.span > MAX_SHEET_CELLS]
    if too_large:
        raise BadInputError(
            problem(f"{label}[{each.name}]", "sheet_too_large", rows=each.rows, columns=each.columns)
            for each in too_large
        )
    return tuple(each for each in sheets.values() if each.name)


def problems_of(facts: SheetFacts, label: str, header_row: int) -> Iterator[Problem]:
    """What forbids reading this worksheet as a table whose header ends at `header_row`."""
    if facts.formulas:
        yield problem(label, "formula_cells", count=facts.formulas, cells=" ".join(facts.formula_cells))
    if facts.errors:
        yield problem(label, "error_cells", count=facts.errors, cells=" ".join(facts.error_cells))
    below = [ref for ref in facts.merged if int(re.sub(r"\D", "", ref.partition(":")[2])) > header_row]
    if below:
        yield problem(label, "merged_cells", cells=" ".join(below[:_SHOWN]))


def _refuse_other_formats(file: BinaryIO, label: str) -> None:
    file.seek(0)
    start = file.read(MIB)
    if start.startswith(b"\xd0\xcf\x11\xe0"):  # OLE: an old workbook, or a new one behind a password
        encrypted = "EncryptedPackage".encode("utf-16-le") in start + file.read()[-MIB:]
        raise BadInputError([problem(label, "encrypted_workbook" if encrypted else "old_workbook")])
    if not start.startswith(b"PK"):
        text = start[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        disguised = text.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta"))
        raise BadInputError([problem(label, "disguised_table" if disguised else "not_a_workbook")])


def _refused_parts(box: Container, label: str) -> Iterator[Problem]:
    names = set(box.parts)
    if "xl/workbook.bin" in names:
        yield problem(label, "binary_workbook")
        return
    if "mimetype" in names and "content.xml" in names:
        yield problem(label, "ods_workbook")
        return
    for name, info in box.parts.items():
        if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name:
            yield problem(label, "part_path")
            continue
        small = info.file_size <= _MAX_PRINTER_SETTINGS or not name.endswith(".bin")
        if _ALLOWED.fullmatch(name) and small:
            continue
        code = next((code for code, what in _REFUSED if re.search(what, name, re.IGNORECASE)), "part_unknown")
        yield problem(label, code, part=name)
    types = b"".join(box.unpacked("[Content_Types].xml")) if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in types or b"macrosheet" in types:
        yield problem(label, "part_macro", part="[Content_Types].xml")
    shared = box.parts.get("xl/sharedStrings.xml")
    if shared is not None and shared.file_size > MAX_SHARED_TEXT_BYTES:
        yield problem(label, "zip_bomb", reason=f"sharedStrings {shared.file_size // MIB} MiB")


def _pieces(box: Container, part: str, label: str) -> Iterator[bytes]:
    """The XML of a part in pieces that end with a tag, so that no tag is looked at by halves."""
    rest = b""
    first = True
    for block in box.unpacked(part):
        text = rest + block
        if first:
            head = text[:200].removeprefix(b"\xef\xbb\xbf")
            if head.startswith((b"\xfe\xff", b"\xff\xfe")) or b"\0" in head or _OTHER_ENCODING.match(head):
                raise BadInputError([problem(label, "xml_entities", part=part)])
            first = False
        end = text.rfind(b">") + 1
        piece, rest = text[:end], text[end:]
        if len(rest) > _LONGEST_TAG:
            raise BadInputError([problem(label, "workbook_damaged", reason="endless tag")])
        if _ENTITIES.search(piece):
            raise BadInputError([problem(label, "xml_entities", part=part)])
        yield piece


def _sheets(box: Container, label: str) -> Iterator[tuple[str, str]]:
    """Names and parts of the worksheets."""
    book = _small(box, "xl/workbook.xml", label)
    if _DATE_1904.search(book):
        raise BadInputError([problem(label, "date_1904")])
    links = _small(box, "xl/_rels/workbook.xml.rels", label)
    try:
        relations = ET.fromstring(links)  # noqa: S314
        targets = {each.get("Id"): each.get("Target", "") for each in relations}
        if len(targets) != len(relations):
            raise BadInputError([problem(label, "workbook_damaged", reason="relations")])
        for each in ET.fromstring(book).iter():  # noqa: S314
            if each.tag.rpartition("}")[2] == "sheet":
                key = next((value for name, value in each.items() if name.rpartition("}")[2] == "id"), "")
                target = targets.get(key, "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part in box.parts:
                    yield each.get("name", ""), part
    except ET.ParseError:
        raise BadInputError([problem(label, "workbook_damaged", reason="XML")]) from None


def _small(box: Container, part: str, label: str) -> bytes:
    if part not in box.parts or box.parts[part].file_size > _MAX_SMALL_PART:
        raise BadInputError([problem(label, "workbook_damaged", reason=part)])
    return b"".join(_pieces(box, part, label))


def _note(pattern: re.Pattern[bytes], piece: bytes, cells: list[str]) -> int:
    """Count matches, and name the cells of the first few."""
    count = 0
    for match in pattern.finditer(piece):
        count += 1
        if len(cells) < _SHOWN:
            before = _REF.findall(piece[max(0, match.start() - 300) : match.end()])
            cells.append(before[-1].decode() if before else "?")
    return count


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
