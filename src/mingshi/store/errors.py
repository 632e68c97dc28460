"""Why a site does not open, in a sentence that says what to do, in both languages."""

from typing import final


@final
class RefusedStartError(Exception):
    """The site does not start. `reason` names the cause for machines; the message is for people."""

    def __init__(self, reason: str, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")
        self.reason = reason
        self.chinese = chinese
        self.english = english


@final
class StoreFailedError(Exception):
    """A storage call failed: nothing was answered, nothing is half-done; the site must be opened again."""
