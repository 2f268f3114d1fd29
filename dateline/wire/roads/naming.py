"""Names of the files that a client finds: a pattern, and the facts of a release put into it."""

import re
import string
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.wire.roads.parcel import BadDestination, Field, Options

DEFAULT = "{date}-{time}-{number}-v{version}-{serial}.{suffix}"

WORDS = frozenset(
    {"date", "time", "serial", "number", "version", "kind", "edition", "section", "urgency", "guid",
     "suffix"}
)  # fmt: skip

FIELD = Field(
    "names",
    gettext_lazy("names of files"),
    gettext_lazy(
        "{date} {time} {serial} {number} {version} {kind} {edition} {section} {urgency} {guid} "
        "{suffix}. Without {version} or {serial} a newer version takes the place of the older."
    ),
    initial=DEFAULT,
)

_LONGEST = 200
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def check(options: Options) -> None:
    """Raises BadDestination if the pattern makes no file name."""
    pattern = options.get("names") or DEFAULT
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise BadDestination(_("A brace in the pattern is not closed."), field="names") from error
    unknown = [word for _text, word, _spec, _to in parts if word is not None and word not in WORDS]
    if unknown or any(spec or to for _text, _word, spec, to in parts):
        raise BadDestination(
            _("“%(word)s” is no fact of a release. There are: %(words)s.")
            % {"word": (unknown or ["!:"])[0], "words": ", ".join(sorted(WORDS))},
            field="names",
        )
    if re.search(r"[/\\\x00-\x1f]", pattern) or pattern.startswith("."):
        raise BadDestination(
            _("A file's name has no / and does not begin with a dot."), field="names"
        )


def name_of(options: Options, names: Mapping[str, str]) -> str:
    """The file's name. What no file system likes becomes a hyphen."""
    pattern = options.get("names") or DEFAULT
    safe = {word: _UNSAFE.sub("-", names.get(word, "")).strip("-") for word in WORDS}
    return pattern.format(**safe)[-_LONGEST:].lstrip(".") or safe["serial"]


def aside(name: str) -> str:
    """What a file is called while it is written: no pattern that a client looks for takes it."""
    return f".{name}.part"
