"""What a reader's address can lead to when it leads to no page."""

from dateline.archive.queries import Held
from dateline.errors import DatelineError


class Missing(DatelineError):
    """There is nothing at this address and never was."""

    code = "not-found"


class Withdrawn(DatelineError):
    """The story at this address was killed or is withheld."""

    code = "gone"

    def __init__(self, held: Held) -> None:
        super().__init__("This story was withdrawn.", number=held.item.number)
        self.held = held
