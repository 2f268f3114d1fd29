"""Trying to release or kill from a screen: all of it or nothing, and why not, in words.

Whatever goes wrong, expected or not, the transaction is rolled back and the person reads one
sentence that says what to do. The details of the unexpected go to the log.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from dateline.errors import DatelineError

logger = logging.getLogger(__name__)


class NotDone(DatelineError):
    """What a person asked for was not done, and nothing was changed; `message` says why."""

    code = "not-done"


@contextmanager
def all_or_nothing(what: Any) -> Iterator[None]:
    """Run a change in one transaction. Raises NotDone with a sentence if it fails in any way.

    `what` is named in the log: the story that was at hand.
    """
    try:
        with transaction.atomic():
            yield
    except (PermissionDenied, Http404, NotDone):
        raise
    except DatelineError as error:
        raise NotDone(error.message) from error
    except Exception as error:
        # Broad on purpose: a receiver of a signal may raise anything, and the person at the desk
        # must be told that the story did not leave, not shown an error page.
        logger.exception("Nothing was changed: %r", what)
        raise NotDone(
            _(
                "This could not be done, and nothing was changed: something failed on our side. "
                "Try again; if it fails again, tell the administrator the time and the headline."
            )
        ) from error


def attempt(action: Callable[[], Any], *, what: Any) -> Any:
    """The result of `action()`, run all or nothing."""
    with all_or_nothing(what):
        return action()
