"""Is this document what its standard says? Each function gives the faults, in words; none: it is.

The schemas are the standards' own and stand in `schemas/` with their licences. Each is compiled
once in a process, when the first document of its format is checked. What a schema cannot say
(lines of a text, an e-mail's headers) is said here.
"""

import json
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

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
