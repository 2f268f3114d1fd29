"""ninjs 2.2 and 1.6 from the same object as 3.1, and back (`ninjs-schema_2.2.json`, `…_1.6.json`).

2.2 has the names of 3.1 in lower case, and no `rel` in associations: what one is, its name says.
1.6 has single properties where later ones have lists (`body_html`, `description_summary`), objects
in place of lists of renditions, associations and alternative ids, and names a concept by `scheme`
and `code`. Where a concept of ours has both an address and a slug, `altids` keeps the slug:
"literal person 0" is that of the first person.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from dateline.formats.dispatch import Dispatch
from dateline.formats.ninjs.reading import dispatch_of
from dateline.formats.ninjs.shape import (
    EVOLVED_FROM,
    HTML,
    PREVIOUS_VERSION,
    TEXT,
    Concept,
    File,
    News,
    Text,
)
from dateline.formats.ninjs.writing import news_of
from dateline.formats.publication import Publication
from dateline.items import BadDocument
from dateline.vocabulary import SCHEME

Json = dict[str, Any]

_CAMEL = {
    field.encode_name.lower(): field.encode_name
    for shape in (News, Text, Concept, File)
    for field in msgspec.structs.fields(shape)
}
_RELS = {"evolved": EVOLVED_FROM, "previous": PREVIOUS_VERSION}
"""What an association is by the first part of its name, where that part is not the word itself."""

_LISTS = {
    "subjects": "subject",
    "people": "person",
    "organisations": "organisation",
    "places": "place",
}
"""Lists of concepts: their names in 3.1 and in 1.6."""

_COMPLETE = {"full": "complete", "partial": "incomplete"}
_UNFIT = re.compile("[^a-zA-Z0-9_]")


def encode_2(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as ninjs 2.2."""
    return _written(dispatch, publication, _to_2, "2.2")


def decode_2(data: bytes, publication: Publication | None = None) -> Dispatch:
    """The release in ninjs 2.x. Raises BadDocument if these bytes are none."""
    return _read(data, publication, _from_2, "2.2")


def encode_1(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as ninjs 1.6."""
    return _written(dispatch, publication, _to_1, "1.6")


def decode_1(data: bytes, publication: Publication | None = None) -> Dispatch:
    """The release in ninjs 1.x. Raises BadDocument if these bytes are none."""
    return _read(data, publication, _from_1, "1.6")


def _written(
    dispatch: Dispatch, publication: Publication, made: Callable[[Json], Json], version: str
) -> bytes:
    news = msgspec.to_builtins(news_of(dispatch, publication), builtin_types=())
    news["standard"] |= {
        "version": version,
        "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{version}.json#",
    }
    return msgspec.json.encode(made(news))


def _read(
    data: bytes, publication: Publication | None, made: Callable[[Json], Json], version: str
) -> Dispatch:
    try:
        news = msgspec.convert(made(msgspec.json.decode(data, type=Json)), News, strict=False)
        return dispatch_of(news, publication)
    # What is of another shape than it should be fails where it is asked for its parts.
    except (
        msgspec.DecodeError, ValueError, OverflowError, RecursionError, AttributeError, TypeError,
        KeyError,
    ) as error:
        raise BadDocument(f"This is not a ninjs {version} document of a story: {error}.") from error


# 2.2


def _to_2(news: Json) -> Json:
    older = {_older_name(name): _lowered(value) for name, value in news.items() if name != "rel"}
    if "associations" in news:
        older["associations"] = [_to_2(each) for each in news["associations"]]
    return older


def _older_name(name: str) -> str:
    return "embargoed" if name == "embargoedUntil" else name.lower()


def _lowered(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_lowered(each) for each in value]
    if isinstance(value, dict):
        return {name.lower(): each for name, each in value.items()}
    return value


def _from_2(older: Json) -> Json:
    news = {_newer_name(name): _raised(value) for name, value in older.items()}
    if "associations" in older:
        news["associations"] = [
            {"rel": _rel(str(each.get("name", "")))} | _from_2(each)
            for each in older["associations"]
        ]
    return news


def _newer_name(name: str) -> str:
    return "embargoedUntil" if name == "embargoed" else _CAMEL.get(name, name)


def _raised(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_raised(each) for each in value]
    if isinstance(value, dict):
        return {_CAMEL.get(name, name): each for name, each in value.items()}
    return value


def _rel(name: str) -> str:
    first = re.split("[-_]", name, maxsplit=1)[0]
    return _RELS.get(first, first)


# 1.6, written


def _to_1(news: Json) -> Json:
    older = {
        _older_name(name): value
        for name, value in news.items()
        if not isinstance(value, list | tuple | dict)
    }
    for added in ("name", "rel"):
        older.pop(added, None)
    if "by" in older:
        older["byline"] = older.pop("by")
    if "representationtype" in older:
        older["representationtype"] = _COMPLETE[older["representationtype"]]
    if "standard" in news:
        older["$standard"] = news["standard"]
    older |= dict(_words_to_1(news))
    altids = {each["role"]: each.get("value", "") for each in news.get("altIds", ())}
    for name, older_name in _LISTS.items():
        if name in news:
            older[older_name] = [
                _concept_to_1(each, f"literal {older_name} {place}", altids)
                for place, each in enumerate(news[name])
            ]
    older |= dict(_parts_to_1(news))
    return older | ({"altids": altids} if altids else {})


def _words_to_1(news: Json) -> Iterator[tuple[str, Any]]:
    for each in news.get("headlines", ())[:1]:
        yield "headline", each["value"]
    for each in news.get("descriptions", ()):
        yield f"description_{each['role']}", each["value"]
    for each in news.get("bodies", ()):
        yield "body_html" if each["contentType"] == HTML else "body_text", each["value"]
        for count in ("charCount", "wordCount"):
            if count in each:
                yield count.lower(), each[count]


def _concept_to_1(concept: Json, place: str, altids: Json) -> Json:
    """By scheme and code; a literal that is not the code goes to `altids`."""
    older = {name: concept[name] for name in ("name", "rel") if name in concept}
    address, literal = concept.get("uri", ""), concept.get("literal")
    scheme, _, code = address.rstrip("/").rpartition("/")
    if address.startswith(SCHEME):
        return older | {"scheme": SCHEME, "code": code}
    if not address or code == literal:
        scheme_known = {"scheme": f"{scheme}/"} if address else {}
        return older | scheme_known | ({} if literal is None else {"code": literal})
    if literal is not None:
        altids[place] = literal
    return older | {"scheme": f"{scheme}/", "code": code}


def _parts_to_1(news: Json) -> Iterator[tuple[str, Any]]:
    if "infoSources" in news:
        yield "infosource", [
            {
                "rel" if name == "role" else name: value
                for name, value in each.items()
                if name in ("name", "role")
            }
            for each in news["infoSources"]
        ]
    if "genres" in news:
        yield "genre", [{"name": each["name"]} for each in news["genres"]]
    if "digitalSourceType" in news:
        yield "digitalsourcetype", news["digitalSourceType"]
    if "renditions" in news:
        yield "renditions", {
            _key(place, each["name"]): _file_to_1(each)
            for place, each in enumerate(news["renditions"])
        }
    if "associations" in news:
        yield "associations", {
            each["name"].replace("-", "_"): _to_1(each) for each in news["associations"]
        }


def _key(place: int, name: str) -> str:
    """A name that 1.6 lets stand for a rendition, different for each of a picture's."""
    fit = _UNFIT.sub("_", name) or "file"
    return f"{fit}_{place}" if place else fit


def _file_to_1(file: Json) -> Json:
    names = {"name": "title", "contentType": "mimetype", "sizeInBytes": "sizeinbytes"}
    return {names.get(name, name): value for name, value in file.items()}


# 1.6, read


def _from_1(older: Json) -> Json:
    news = {
        _newer_name(name): value
        for name, value in older.items()
        if not isinstance(value, list | tuple | dict) and name != "representationtype"
    }
    if "byline" in news:
        news["by"] = news.pop("byline")
    altids = older.get("altids", {})
    news["altIds"] = [
        {"role": role, "value": value} for role, value in altids.items() if isinstance(value, str)
    ]
    news |= dict(_words_from_1(older))
    for name, older_name in _LISTS.items():
        news[name] = [
            _concept_from_1(each, altids.get(f"literal {older_name} {place}"))
            for place, each in enumerate(older.get(older_name, ()))
        ]
    return news | dict(_parts_from_1(older))


def _words_from_1(older: Json) -> Iterator[tuple[str, Any]]:
    headline = older.get("headline") or _first(older, "headline_")
    if headline is not None:
        yield "headlines", [{"value": headline, "role": "main"}]
    yield "descriptions", [
        {"value": value, "role": name.removeprefix("description_")}
        for name, value in older.items()
        if name.startswith("description_")
    ]
    yield "bodies", [
        {"value": value, "contentType": HTML if "html" in name else TEXT}
        for name, value in older.items()
        if name.startswith("body_")
    ]


def _first(older: Json, prefix: str) -> Any:
    return next((value for name, value in older.items() if name.startswith(prefix)), None)


def _concept_from_1(concept: Json, literal: str | None) -> Json:
    code = concept.get("code")
    newer: Json = {name: concept[name] for name in ("name", "rel") if name in concept}
    if code is not None:
        newer["literal"] = code if literal is None else literal
        if "scheme" in concept:
            newer["uri"] = concept["scheme"] + code
    return newer


def _parts_from_1(older: Json) -> Iterator[tuple[str, Any]]:
    yield "infoSources", [
        {"name": each.get("name", ""), "role": each.get("rel", "")}
        for each in older.get("infosource", ())
    ]
    yield "genres", [{"name": each.get("name", "")} for each in older.get("genre", ())]
    if "digitalsourcetype" in older:
        yield "digitalSourceType", older["digitalsourcetype"]
    yield "renditions", [_file_from_1(*each) for each in older.get("renditions", {}).items()]
    yield "associations", [
        {"name": name, "rel": _rel(name)} | _from_1(each)
        for name, each in older.get("associations", {}).items()
    ]


def _file_from_1(key: str, file: Json) -> Json:
    names = {"title": "name", "mimetype": "contentType", "sizeinbytes": "sizeInBytes"}
    return {"name": key} | {names.get(name, name): value for name, value in file.items()}
