"""The subjects of a story: IPTC Media Topics, kept as codes and named when the story is released.

The vocabulary is in memory, so nothing here asks a database.
"""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dateline.items import Subject
from dateline.vocabulary import ALIAS, RetiredSubject, UnknownSubject, media_topics

MOST_SUBJECTS = 8
"""More than any story is about; past it, somebody is tagging and not choosing."""

COLUMN_LENGTH = MOST_SUBJECTS * 9


def subject_refs(codes: str | None, *, edition: str) -> tuple[Subject, ...]:
    """The subjects of these codes, with a space between, named in an edition's language.

    One that was retired since it was chosen keeps its name: a release does not wait for it. The
    form asks for another when the story is next changed.
    """
    return tuple(
        Subject(code=f"{ALIAS}:{code}", name=name)
        for code in (codes or "").split()
        if (name := _name(code, edition))
    )


def codes_of(lines: Iterable[str]) -> str:
    """The codes of what was written: a code, with or without words after it, or a name.

    Raises UnknownSubject or RetiredSubject in the words of the person's own language.
    """
    return " ".join(dict.fromkeys(_code(line) for line in lines))


def _code(line: str) -> str:
    vocabulary = media_topics()
    first = line.split(maxsplit=1)[0]
    try:
        if first.rpartition(":")[2].isdigit():
            return vocabulary.get(first).code
        return vocabulary.named(line).code
    except RetiredSubject as error:
        instead = [f"“{name_of(code)}”" for code in error.facts["instead"]]
        raise RetiredSubject(
            _("IPTC retired “%(subject)s”. Use %(instead)s in its place.")
            % {"subject": error.facts["name"], "instead": _(" or ").join(instead)},
            **error.facts,
        ) from error
    except UnknownSubject as error:
        raise UnknownSubject(
            _("There is no subject “%(subject)s” in the list. Choose one that it suggests.")
            % {"subject": line}
        ) from error


def name_of(code: str, language: str = "") -> str:
    """A subject's name in a language, or in that of the screen."""
    return media_topics().concepts[code].name(language or get_language() or "en")


def _name(code: str, edition: str) -> str:
    vocabulary = media_topics()
    if concept := vocabulary.concepts.get(code):
        return concept.name(edition)
    gone = vocabulary.retired.get(code)
    return gone.name if gone else ""
