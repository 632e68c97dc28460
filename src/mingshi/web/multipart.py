"""A form that brings a file: multipart/form-data (RFC 7578), read by the standard library's parser of such bodies.

The rules this module keeps: a few fields and one file; a body that is anything else, or has two files, or a field twice,
has no fields at all, so that it fails at the word against forgery before anybody looks at it.
"""

from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Final

from mingshi.web.asking import File

MULTIPART: Final = "multipart/form-data"
MOST_PARTS: Final = 8
MOST_FIELD: Final = 4 * 1024
MOST_NAME: Final = 120


def parts_of(content_type: str, body: bytes) -> tuple[dict[str, str], File | None]:
    """The fields and the file; nothing where it is no such form."""
    if len(content_type) > 200 or "\n" in content_type or "\r" in content_type:
        return {}, None
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("ascii", "replace")
    whole = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    parts = whole.get_payload() if whole.is_multipart() and not whole.defects else []
    fields: dict[str, str] = {}
    file: File | None = None
    for part in parts if isinstance(parts, list) and len(parts) <= MOST_PARTS else []:
        if not isinstance(part, Message):
            return {}, None
        name, data, filename = _named(part), _plain(part), part.get_filename()
        if name is None or data is None or name in fields or (filename is not None and file is not None):
            return {}, None
        if filename is not None:
            file = File(_shown(str(filename)), data)
        elif len(data) <= MOST_FIELD:
            fields[name] = data.decode("utf-8", "replace")
    return fields, file


def _named(part: Message) -> str | None:
    if part.get_content_disposition() != "form-data":
        return None
    name = part.get_param("name", header="content-disposition")
    return name if isinstance(name, str) and name else None


def _plain(part: Message) -> bytes | None:
    """The bytes of a part; none where it is a form within the form, or coded."""
    if part.is_multipart() or "content-transfer-encoding" in part:
        return None
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else None


def _shown(name: str) -> str:
    """The last part of a name, as it may be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:MOST_NAME] or "file"
