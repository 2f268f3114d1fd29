"""Makes `mediatopics.json` of IPTC's own export of Media Topics.

    python -m dateline.vocabulary.making cptall-en-GB.json > dateline/vocabulary/mediatopics.json

The export is what https://cv.iptc.org/newscodes/mediatopic/ gives as JSON for en-GB. Kept are
codes, what each is broader than, names, and for retired concepts what to use instead: IPTC says
so in a note in words; where it does not, it is the nearest concept above that is still in use.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from dateline.vocabulary import SCHEME

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = (
    "IPTC Media Topics, copyright International Press Telecommunications Council, "
    "https://iptc.org. Licensed under CC BY 4.0. Changed by Dateline: codes, names and the tree "
    "are kept, definitions and mappings are left out."
)
LANGUAGE = "en-GB"

Concept = dict[str, Any]


def compact(export: bytes) -> bytes:
    """The file that this package reads, of the bytes of an export."""
    whole = msgspec.json.decode(export)
    if whole["uri"] != SCHEME:
        raise ValueError(f"This is no export of Media Topics: {whole['uri']}")
    concepts = {_code(each["uri"]): each for each in whole["conceptSet"]}
    return _a_line_each(
        msgspec.json.encode(
            {
                "scheme": SCHEME,
                "release": whole["dateReleased"][:10],
                "licence": LICENCE,
                "attribution": ATTRIBUTION,
                "concepts": [
                    [code, _broader(concept), _name(concept)]
                    for code, concept in sorted(concepts.items())
                    if "retired" not in concept
                ],
                "retired": [
                    [code, _name(concept), concept["retired"][:10], _instead(code, concepts)]
                    for code, concept in sorted(concepts.items())
                    if "retired" in concept
                ],
            }
        )
    )


def _a_line_each(data: bytes) -> bytes:
    """A concept a line, so that what a new release changed can be read in a comparison."""
    return data.replace(b',["', b',\n["').replace(b':[["', b':[\n["')


def _code(reference: str) -> str:
    """The code in a URI or in a `medtop:` code: its last eight digits."""
    return reference[-8:]


def _broader(concept: Concept) -> str:
    (above,) = concept.get("broader", [""])
    return _code(above)


def _name(concept: Concept) -> str:
    return str(concept["prefLabel"][LANGUAGE])


def _instead(code: str, concepts: dict[str, Concept]) -> list[str]:
    """What to use for a retired concept: what its note names, if that is in use, else above it."""
    note = concepts[code].get("changeNote", {}).get(LANGUAGE, "")
    named = [each for each in re.findall(r"[0-9]{8}", note) if each != code and each in concepts]
    in_use = [each for one in named for each in _in_use(one, concepts)]
    return list(dict.fromkeys(in_use or _above(code, concepts)))


def _in_use(code: str, concepts: dict[str, Concept]) -> list[str]:
    """A concept itself, or what is above it if it was retired in its turn."""
    return _above(code, concepts) if "retired" in concepts[code] else [code]


def _above(code: str, concepts: dict[str, Concept]) -> list[str]:
    return [each for each in _ancestors(code, concepts) if "retired" not in concepts[each]][:1]


def _ancestors(code: str, concepts: dict[str, Concept]) -> Iterator[str]:
    while code := _broader(concepts[code]):
        yield code


if __name__ == "__main__":
    sys.stdout.buffer.write(compact(Path(sys.argv[1]).read_bytes()) + b"\n")
