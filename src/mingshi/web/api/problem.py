"""problem+json (RFC 9457) with a stable code, in both languages."""

from typing import Final

import msgspec

from mingshi.web.api.shapes import Problem
from mingshi.web.asking import Ask, Raw

KIND: Final = "application/problem+json"
_TITLES: Final = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Refused",
    413: "Too large",
    415: "Unsupported media type",
    422: "Not in form",
    429: "Too many requests",
    500: "Server error",
    503: "Not available",
}


def problem(
    ask: Ask, status: int, code: str, zh: str, en: str, *, rule: str | None = None, at: str | None = None
) -> Raw:
    """A problem. `at`: which field of the body."""
    value = Problem(
        type=f"{ask.office.address}/api/v1/problems#{code}",
        title=_TITLES[status],
        status=status,
        code=code,
        detail_zh=zh,
        detail_en=en,
        rule=rule,
        at=at,
    )
    return Raw(msgspec.json.encode(value), KIND, "", status)
