"""Is this document what its standard says? Each function gives the faults, in words; none: it is.

The schemas are the standards' own and stand in `schemas/` with their licences. Each is compiled
once in a process, when the first document of its format is checked. What a schema cannot say
(lines of a text, an e-mail's headers) is said here.
"""

import json
import re
from collections.abc import Iterable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from dateline.formats.terminal import WIDTH, columns
from dateline.formats.xml import parse

_SCHEMAS = Path(__file__).parent / "schemas"
_MOST = 20
"""Faults that are told of one document: the first ones are the cause of the others."""

_GEOJSON = "https://geojson.org/schema/GeoJSON.json"


def ninjs(data: bytes, version: str = "3.1") -> list[str]:
    """Faults of a ninjs document by IPTC's JSON Schema of that version, formats included."""
    try:
        document = json.loads(data)
    except ValueError as error:
        return [f"It is no JSON: {error}."]
    faults = _ninjs_validator(version).iter_errors(document)
    return [
        f"{'/'.join(map(str, fault.instance_path)) or 'document'}: {_short(fault.message)}"
        for fault in islice(faults, _MOST)
    ]


def ninjs_2(data: bytes) -> list[str]:
    return ninjs(data, "2.2")


def ninjs_1(data: bytes) -> list[str]:
    return ninjs(data, "1.6")


def newsml(data: bytes) -> list[str]:
    """Faults by the XSD of NewsML-G2 2.35, Power conformance."""
    return _xml_faults(data, _xsd("NewsML-G2_2.35-spec-All-Power.xsd"))


def nitf(data: bytes) -> list[str]:
    """Faults by the XSD of NITF 3.6."""
    return _xml_faults(data, _xsd("nitf-3-6.xsd"))


def rss(data: bytes) -> list[str]:
    """Faults of an RSS feed, by a schema of our own of what ours may hold."""
    return _xml_faults(data, _rng("rss.rng"))


def atom(data: bytes) -> list[str]:
    """Faults of an Atom feed, by a schema of our own of what ours may hold."""
    return _xml_faults(data, _rng("atom.rng"))


def _xml_faults(data: bytes, schema: etree.XMLSchema | etree.RelaxNG) -> list[str]:
    try:
        root = parse(data)
    except ValueError as error:
        return [f"This cannot be read: {error}."]
    if schema.validate(root):
        return []
    # lxml-stubs do not say that the log is a sequence of its entries.
    log: Iterable[Any] = schema.error_log  # type: ignore[assignment]
    return [f"line {fault.line}: {_short(fault.message)}" for fault in islice(log, _MOST)]


@cache
def _xsd(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_SCHEMAS / name, etree.XMLParser(no_network=True)))


@cache
def _rng(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(_SCHEMAS / name, etree.XMLParser(no_network=True)))


@cache
def _ninjs_validator(version: str) -> Any:
    # Here, not above: a worker of the site writes formats and checks none.
    import jsonschema_rs

    kinds = {"1.6": jsonschema_rs.Draft7Validator}
    registry = jsonschema_rs.Registry([(_GEOJSON, _json("GeoJSON-schema.json"))])
    make = kinds.get(version, jsonschema_rs.Draft202012Validator)
    return make(_json(f"ninjs-schema_{version}.json"), registry=registry, validate_formats=True)


def _json(name: str) -> Any:
    return json.loads((_SCHEMAS / name).read_bytes())


def _short(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:300]}…"


# What has no schema


def terminal(data: bytes) -> list[str]:
    """Faults of a text for terminals: not UTF-8, controls in it, a line too long, no guid."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return [f"It is not UTF-8: {error}."]
    faults = [
        f"line {number}: {columns(line)} columns, more than {WIDTH}"
        for number, line in enumerate(text.split("\n"), 1)
        if columns(line) > WIDTH
    ]
    if _CONTROLS.search(text):
        faults.append("It holds control characters.")
    if "\nguid" not in text:
        faults.append("No line of it names the guid.")
    return faults[:_MOST]


def mail(data: bytes) -> list[str]:
    """Faults of an e-mail: a header that must be there is not, a part is missing, a long line."""
    message = message_from_bytes(data, policy=SMTP)
    faults = [f"There is no {name}." for name in _HEADERS if message[name] is None]
    faults += [f"{type(fault).__name__}: {fault}" for fault in message.defects]
    for kind in ("plain", "html"):
        if not isinstance(message, EmailMessage) or message.get_body((kind,)) is None:
            faults.append(f"There is no part of text/{kind}.")
    # RFC 5322, section 2.1.1.
    if any(len(line) > 998 for line in data.split(b"\r\n")):
        faults.append("A line is longer than 998 bytes.")
    if not data.isascii():
        faults.append("It is not in seven bits.")
    return faults[:_MOST]


def rtf(data: bytes) -> list[str]:
    """Faults of an RTF document: its beginning, its groups, bytes beyond ASCII."""
    faults = [] if data.startswith(rb"{\rtf1") else [r"It does not begin with {\rtf1."]
    if not data.isascii() or b"\x00" in data:
        faults.append("It is not in seven bits.")
    depth = 0
    for mark in _BRACES.findall(data):
        depth += {b"{": 1, b"}": -1}.get(mark, 0)
        if depth < 0:
            break
    if depth:
        faults.append("Its groups are not closed as they were opened.")
    return faults


_HEADERS = ("From", "Date", "Subject", "Message-ID", "Dateline-Guid", "Dateline-Kind")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BRACES = re.compile(rb"\\.|[{}]", re.DOTALL)
