"""The one base of every error that a person or a client may see."""

from typing import Any


class DatelineError(Exception):
    """Something went wrong that a person can do something about.

    `message` is a sentence that says what happened and what to do. `code` is stable, for machines;
    each subclass has its own. `facts` are the values behind the sentence, such as `lifts_at`.
    """

    code = "error"

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts
