"""How much a case may hold, so that a hostile file costs bounded time and memory.

The rules this module keeps:

1. Every limit is a constant with its reason; docs/formats/case.md prints them from here.
2. A limit lies well above what an office of the largest size writes in years, so that only a mistake or an
   attack meets it.
"""

from typing import Final

MIB: Final = 1 << 20

MAX_CASE_FILES: Final = 500
"""Files in one folder: 36 sheets, their maps and policies, and room for an office's own."""

MAX_FILE_BYTES: Final = 2048 * MIB
"""One CSV or workbook: ten million rows of 200 bytes."""

MAX_CSV_ROWS: Final = 5_000_000
"""Rows of one CSV file; the largest group registers about 1.6 million clients a year."""

MAX_SHEET_ROWS: Final = 1_048_576
"""Rows of one worksheet: the format itself has no more."""

MAX_COLUMNS: Final = 256
"""Columns of a table: the widest 成交台账 seen has under a hundred."""

MAX_CELL_CHARS: Final = 32_000
"""Characters of one cell: a spreadsheet keeps 32,767, and an escape needs room."""

MAX_LINE_CHARS: Final = MIB
"""Characters of one line of a CSV file; beyond, it has no line ends and is not a table."""

MAX_TOML_BYTES: Final = MIB
"""case.toml, a map or a policy: a hundred times what a person writes."""

HEADER_WITHIN: Final = 10
"""The header stands within so many rows from the top, under a title and notes."""

MAX_PARTS: Final = 2_000
"""Files inside a workbook: a few for each worksheet."""

MAX_DIRECTORY_BYTES: Final = MIB
"""The workbook's table of contents; Python keeps about ten times this in memory."""

MAX_UNPACKED_BYTES: Final = 3072 * MIB
"""All parts of a workbook unpacked: 1,048,576 rows of 30 columns take about 1.5 GiB."""

MAX_SHARED_TEXT_BYTES: Final = 512 * MIB
"""The workbook's shared texts, which are held in memory at once."""

RATIO_FROM_BYTES: Final = 8 * MIB
MAX_RATIO: Final = 200
"""Unpacked to packed, for parts above `RATIO_FROM_BYTES`: real sheets reach 60, bombs 1,000."""

MAX_SHEET_CELLS: Final = 32_000_000
"""Rows times columns of a worksheet, by its outermost cells: held in memory at once (about 1 GiB)."""

MAX_SHOWN_OF_A_KIND: Final = 20
"""Problems of one kind in one column that are listed singly; the rest are counted in one line."""
