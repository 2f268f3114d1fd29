"""What a picture's file says of it: IPTC IIM, XMP and EXIF read into one record.

Names and places of the fields are those of the IPTC Photo Metadata Standard 2024.1: XMP is asked
first, then IIM, then EXIF, which says least. Nothing here trusts a file: a packet that is broken,
hostile or too long reads as nothing, and the picture is taken all the same. Pillow finds the
packets; XML is read by lxml with entities, DTDs and network off.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import IO, Any

from lxml import etree
from msgspec import Struct
from PIL import Image as Pillow
from PIL import ImageFile, IptcImagePlugin

from dateline.vocabulary import source_types

LONGEST_PACKET_BYTES = 2 * 1024 * 1024
"""An XMP packet that is longer is left unread: the standard's own fields fill some kilobytes."""


class Embedded(Struct, frozen=True, kw_only=True):
    """What the file says, by IPTC's names; what it does not say is empty."""

    title: str = ""
    headline: str = ""
    description: str = ""
    alt: str = ""
    creator: str = ""
    credit_line: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    created_at: datetime | None = None
    place: str = ""
    source_type: str = ""

    @property
    def credit(self) -> str:
        """As readers are told: the credit line, else who made it."""
        return self.credit_line or self.creator


_XMP, _IIM, _EXIF = "xmp", "iim", "exif"
_Said = dict[str, str]
"""What one packet says: text by the name of a field of Embedded."""


def read(file: IO[bytes], *, zone: tzinfo) -> Embedded:
    """What a picture's file says. A time without a zone is one of `zone`.

    Never raises because of what is in the file: what cannot be read is not there.
    """
    try:
        with Pillow.open(file) as opened:
            packets = [_quietly(look, opened) for look in (_in_xmp, _in_iim, _in_exif)]
    except Exception:  # noqa: BLE001 - whatever a file makes a decoder raise, it says nothing
        return Embedded()
    first = {
        name: next((said[name] for said in packets if said.get(name)), "")
        for name in Embedded.__struct_fields__
    }
    created = next(
        (at for said in packets if (at := _moment(said.get("created_at", ""), zone))), None
    )
    first["source_type"] = source_types.code_in(first["source_type"])
    return Embedded(**{**first, "created_at": created})  # type: ignore[arg-type]


def _quietly(look: Callable[[Pillow.Image], _Said], opened: Pillow.Image) -> _Said:
    try:
        return {name: _one_line(text) for name, text in look(opened).items()}
    except Exception:  # noqa: BLE001 - one broken packet must not hide the others
        return {}


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())


# XMP: XML in RDF (ISO 16684-1), its properties as attributes or as elements

_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_RDF = "{" + _SPACES["rdf"] + "}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_XMP_NAMES = {
    "title": "dc:title",
    "headline": "photoshop:Headline",
    "description": "dc:description",
    "alt": "Iptc4xmpCore:AltTextAccessibility",
    "creator": "dc:creator",
    "credit_line": "photoshop:Credit",
    "copyright_notice": "dc:rights",
    "usage_terms": "xmpRights:UsageTerms",
    "created_at": "photoshop:DateCreated",
    "source_type": "Iptc4xmpExt:DigitalSourceType",
}
_XMP_PLACE = (
    "Iptc4xmpCore:Location",
    "photoshop:City",
    "photoshop:State",
    "photoshop:Country",
)


def _in_xmp(opened: Pillow.Image) -> _Said:
    packet = opened.info.get("xmp") or opened.info.get("XML:com.adobe.xmp") or b""
    data = packet.encode() if isinstance(packet, str) else bytes(packet)
    if not data or len(data) > LONGEST_PACKET_BYTES:
        return {}
    root = _xml(data.strip(b"\0 \r\n\t"))
    properties = dict(_properties(root))
    said = {name: properties.get(_clark(key), "") for name, key in _XMP_NAMES.items()}
    said["place"] = _joined([properties.get(_clark(key), "") for key in _XMP_PLACE])
    return said


def _xml(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    root = etree.fromstring(data, parser)
    if root is None:
        raise ValueError("no XML")
    return root


def _properties(root: etree._Element) -> Iterator[tuple[str, str]]:
    for described in root.iter(_RDF + "Description"):
        yield from ((str(name), str(value)) for name, value in described.attrib.items())
        for child in described:
            if isinstance(child.tag, str) and (text := _value(child)):
                yield child.tag, text


def _value(element: etree._Element) -> str:
    """A property's text: of a list, all of it; of texts in languages, the default one."""
    entries = list(element.iter(_RDF + "li"))
    if not entries:
        return element.get(_RDF + "resource") or _text(element)
    by_language = {each.get(_LANGUAGE): _text(each) for each in entries if each.get(_LANGUAGE)}
    if by_language:
        return by_language.get("x-default") or next(iter(by_language.values()))
    return ", ".join(text for each in entries if (text := _text(each)))


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _clark(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def _joined(parts: list[str]) -> str:
    """Parts of a place, each once, from the smallest to the largest."""
    return ", ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


# IIM: records of the Information Interchange Model 4.2, in a JPEG's or a TIFF's own segment

_CHARACTER_SET = (1, 90)
_UTF8 = b"\x1b%G"
_IIM_NAMES = {
    "title": (2, 5),
    "headline": (2, 105),
    "description": (2, 120),
    "creator": (2, 80),
    "credit_line": (2, 110),
    "copyright_notice": (2, 116),
}
_IIM_PLACE = ((2, 92), (2, 90), (2, 95), (2, 101))
_IIM_DATE, _IIM_TIME = (2, 55), (2, 60)


def _in_iim(opened: Pillow.Image) -> _Said:
    if not isinstance(opened, ImageFile.ImageFile):
        return {}
    records: dict[tuple[int, int], Any] = IptcImagePlugin.getiptcinfo(opened) or {}
    utf8 = _first(records.get(_CHARACTER_SET)) == _UTF8

    def text(key: tuple[int, int]) -> str:
        return _decoded(_first(records.get(key)), utf8=utf8)

    said = {name: text(key) for name, key in _IIM_NAMES.items()}
    said["place"] = _joined([text(key) for key in _IIM_PLACE])
    said["created_at"] = f"{text(_IIM_DATE)} {text(_IIM_TIME)}".strip()
    return said


def _first(value: Any) -> bytes:
    if isinstance(value, list):
        value = value[0] if value else b""
    return bytes(value or b"")


def _decoded(data: bytes, *, utf8: bool) -> str:
    """Text of a record: as the file says, else UTF-8 if it is that, else the old Western set."""
    try:
        return data.decode("utf-8", errors="replace" if utf8 else "strict")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


# EXIF 3.0

_EXIF_DETAILS = 0x8769
_DESCRIPTION, _ARTIST, _COPYRIGHT = 0x010E, 0x013B, 0x8298
_TAKEN_AT, _TAKEN_ZONE = 0x9003, 0x9011


def _in_exif(opened: Pillow.Image) -> _Said:
    exif = opened.getexif()
    details = exif.get_ifd(_EXIF_DETAILS)
    taken = f"{_exif_text(details.get(_TAKEN_AT))}{_exif_text(details.get(_TAKEN_ZONE))}"
    return {
        "description": _exif_text(exif.get(_DESCRIPTION)),
        "creator": _exif_text(exif.get(_ARTIST)),
        "copyright_notice": _exif_text(exif.get(_COPYRIGHT)),
        "created_at": taken,
    }


def _exif_text(value: Any) -> str:
    if isinstance(value, bytes):
        return _decoded(value, utf8=False).strip("\0 ")
    if not isinstance(value, str):
        return ""
    # Pillow reads these as Latin-1, and cameras and agencies write UTF-8.
    try:
        return value.encode("latin-1").decode("utf-8").strip("\0 ")
    except UnicodeError:
        return value.strip("\0 ")


# Times: of XMP (a part of ISO 8601), of IIM (20310504 123000+0200), of EXIF (2031:05:04 12:30:00)

_DATE = r"(?P<year>\d{4})[-:]?(?P<month>\d\d)[-:]?(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?(?:\.\d+)?"
_OFFSET = r"(?P<offset>Z|[-+]\d\d:?\d\d)?"
_WRITTEN = re.compile(rf"{_DATE}(?:[T ]{_TIME}{_OFFSET})?")


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """A day without an hour is its midnight. None if it is no time: cameras write 0000:00:00."""
    found = _WRITTEN.match(text.strip())
    if found is None:
        return None
    part = found.groupdict()
    written = (
        f"{part['year']}-{part['month']}-{part['day']}T"
        f"{part['hour'] or '00'}:{part['minute'] or '00'}:{part['second'] or '00'}"
        f"{part['offset'] or ''}"
    )
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)
