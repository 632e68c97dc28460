"""Uploaded tables, each read by a child that may do nothing else (`files.small_child`).

The rules this module keeps:

1. The bytes stand in memory and in no file: a memory file is handed to the child and is gone with it.
2. Two at once, each at most fifteen seconds; then it is ended and its owner told. A child that dies, of whatever the
   file does to it, is a file that could not be read, and nothing else.
3. What the child says is checked for its shape and taken as text.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final, final

from mingshi.kernel.canonical import Json, integer, mapping, sequence
from mingshi.web.ports import NotRead, Read, Row, Uploaded

WALL_S: Final = 15
AT_ONCE: Final = 2
MOST_SAID: Final = 4 * 1024 * 1024
_BUSY: Final = NotRead(
    (("正在读别人的文件，请过一会儿再传。", "Other files are being read; send it again in a moment."),)
)
_UNREADABLE: Final = NotRead(
    (
        (
            "这个文件读不出来，什么也没有报备。请用 Excel 或 WPS 打开，另存为“CSV UTF-8”或 .xlsx，再传一次。",
            "This file could not be read; nothing was registered. Save it as CSV UTF-8 or .xlsx and send it again.",
        ),
    )
)


@final
class LimitedReader:
    """`web.ports.Tables`."""

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    def read(self, name: str, body: bytes, labels: Mapping[str, str], most: int) -> Uploaded:
        """The rows of a table."""
        if not self._slots.acquire(timeout=WALL_S):
            return _BUSY
        try:
            said = _asked(json.dumps({"name": name, "labels": dict(labels), "most": most}), body)
        finally:
            self._slots.release()
        if said is None or len(said) > MOST_SAID:
            return _UNREADABLE
        try:
            return _told(json.loads(said))
        except (ValueError, KeyError, TypeError, AssertionError):
            return _UNREADABLE


def _asked(question: str, body: bytes) -> bytes | None:
    handle = os.memfd_create("upload", os.MFD_CLOEXEC)
    with os.fdopen(handle, "w+b") as file:
        file.write(body)
        file.seek(0)
        command = [sys.executable, "-I", "-B", "-m", "mingshi.files.small_child", question]
        child = subprocess.Popen(  # noqa: S603  # our own module; the question is data on its command line
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )
        with child:
            try:
                said, _ = child.communicate(timeout=WALL_S)
            except subprocess.TimeoutExpired:
                child.kill()
                return None
    return said if child.returncode == 0 else None


def _told(said: Json) -> Uploaded:
    told = mapping(said)
    if "problems" in told:
        problems = [mapping(one) for one in sequence(told["problems"])]
        return NotRead(tuple((str(one["zh"]), str(one["en"])) for one in problems))
    rows = [sequence(row) for row in sequence(told["rows"])]
    return Read(
        tuple(
            Row(integer(number), {str(name): str(text) for name, text in mapping(cells).items()})
            for number, cells in rows
        ),
        tuple(str(name) for name in sequence(told["traits"])),
    )
