"""A picture's words and rights written into its file, so that they stay with it at a client.

By the IPTC Photo Metadata Standard: XMP (ISO 16684-1) in JPEG, PNG and WebP, and in JPEG the older
IIM 4.2 beside it, which many desks' programs still read first. Bytes of the picture itself are not
touched: nothing is compressed anew. What the file said of these before is replaced.
"""

import struct
import zlib
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from dateline.errors import DatelineError
from dateline.formats.lexical import rfc3339, xml_text
from dateline.items import Picture

_JPEG, _PNG, _RIFF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF"


class UnfitPicture(DatelineError):
    """The file is no picture that words can be written into, or it is cut short."""

    code = "unfit-picture"


def embed(data: bytes, picture: Picture, *, headline: str = "", guid: str = "") -> bytes:
    """The file with the picture's words in it; `headline` and `guid` are of its story.

    Takes JPEG, PNG and WebP. Raises UnfitPicture for another format, and for a file cut short.
    """
    try:
        if data.startswith(_JPEG):
            return _in_jpeg(data, picture, headline=headline, guid=guid)
        if data.startswith(_PNG):
            return _in_png(data, _xmp(picture, headline=headline, guid=guid))
        if data.startswith(_RIFF) and data[8:12] == b"WEBP":
            return _in_webp(data, _xmp(picture, headline=headline, guid=guid))
    except (struct.error, IndexError, ValueError) as error:
        raise UnfitPicture(
            f"This picture's file is cut short or damaged: {error}. Send it without words in it, "
            "or upload it again."
        ) from error
    raise UnfitPicture(
        "Words can be written into JPEG, PNG and WebP files; this is none. Send the JPEG file of "
        "the picture."
    )


# XMP

_SPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XMP_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_XMP_END = '\n<?xpacket end="w"?>'
_XMP_MOST_BYTES = 65_000
"""A segment of a JPEG holds 65,533 bytes; longer XMP is read by few (XMP part 3, 1.1.3.1)."""


def _xmp(picture: Picture, *, headline: str, guid: str) -> bytes:
    """The packet. Texts that would make it too long for a JPEG are cut, whatever the format."""
    longest = 8_000
    while len(packet := _packet(picture, headline, guid, longest)) > _XMP_MOST_BYTES:
        longest //= 2
    return packet


def _packet(picture: Picture, headline: str, guid: str, longest: int) -> bytes:
    root = etree.Element(f"{{{_SPACES['x']}}}xmpmeta", nsmap=_SPACES)
    rdf = etree.SubElement(root, _name("rdf:RDF"))
    described = etree.SubElement(rdf, _name("rdf:Description"), {_name("rdf:about"): ""})
    for name, text in _in_languages(picture):
        if text:
            entry = etree.SubElement(
                etree.SubElement(etree.SubElement(described, _name(name)), _name("rdf:Alt")),
                _name("rdf:li"),
                {_LANG: "x-default"},
            )
            entry.text = xml_text(text)[:longest]
    for name, text in _plain(picture, headline, guid):
        if text:
            etree.SubElement(described, _name(name)).text = xml_text(text)[:longest]
    inside = etree.tostring(root, encoding="unicode")
    return f"{_XMP_BEGIN}{inside}{_XMP_END}".encode()


def _in_languages(picture: Picture) -> Iterator[tuple[str, str]]:
    yield "dc:description", picture.caption
    yield "dc:rights", picture.copyright_notice
    yield "xmpRights:UsageTerms", picture.usage_terms
    yield "Iptc4xmpCore:AltTextAccessibility", picture.alt


def _plain(picture: Picture, headline: str, guid: str) -> Iterator[tuple[str, str]]:
    yield "photoshop:Headline", headline
    yield "photoshop:Credit", picture.credit
    yield "photoshop:DateCreated", rfc3339(picture.created_at) if picture.created_at else ""
    yield "photoshop:TransmissionReference", guid
    yield "Iptc4xmpCore:Location", picture.place
    yield "Iptc4xmpExt:DigitalSourceType", picture.source_type


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


# IIM 4.2: datasets of record 2, after one of record 1 that says they are UTF-8

_UTF8 = b"\x1c\x01\x5a\x00\x03\x1b%G"
_VERSION = b"\x1c\x02\x00\x00\x02\x00\x04"
_IIM_BYTES = {105: 256, 110: 32, 116: 128, 120: 2000, 92: 32, 103: 32}
"""Datasets of text and the most bytes each may have (IIM 4.2, chapter 6): headline, credit,
copyright notice, caption, sublocation, original transmission reference."""


def _iim(picture: Picture, *, headline: str, guid: str) -> bytes:
    texts = {
        105: headline,
        103: guid,
        110: picture.credit,
        116: picture.copyright_notice,
        120: picture.caption,
        92: picture.place,
    }
    parts = [_UTF8, _VERSION]
    parts += [_dataset(number, _cut(text, _IIM_BYTES[number])) for number, text in texts.items()]
    if picture.created_at:
        parts += _created(picture.created_at)
    return b"".join(parts)


def _created(moment: datetime) -> list[bytes]:
    day = f"{moment.year:04}{moment:%m%d}"
    return [_dataset(55, day.encode()), _dataset(60, f"{moment:%H%M%S%z}".encode())]


def _dataset(number: int, value: bytes) -> bytes:
    return b"\x1c\x02" + struct.pack(">BH", number, len(value)) + value if value else b""


def _cut(text: str, most_bytes: int) -> bytes:
    """The text in UTF-8, cut to so many bytes without cutting a letter."""
    return text.encode()[:most_bytes].decode(errors="ignore").encode()


# JPEG: segments before the scan (ITU T.81, annex B)

_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_APP0, _APP1, _APP13, _SCAN = 0xE0, 0xE1, 0xED, 0xDA
_IIM_BLOCK, _IIM_DIGEST = 0x0404, 0x0425


def _in_jpeg(data: bytes, picture: Picture, *, headline: str, guid: str) -> bytes:
    start, segments = _segments(data)
    kept = [each for each in segments if not _is_xmp(*each)]
    others = b"".join(_other_blocks(body) for marker, body in kept if _is_photoshop(marker, body))
    kept = [each for each in kept if not _is_photoshop(*each)]
    iim = _block(_IIM_BLOCK, _iim(picture, headline=headline, guid=guid))
    ours = [
        (_APP1, _XMP_HEAD + _xmp(picture, headline=headline, guid=guid)),
        (_APP13, _PHOTOSHOP + (others if len(others) < _XMP_MOST_BYTES - len(iim) else b"") + iim),
    ]
    # JFIF and EXIF each want to be first; what follows has no order.
    first = [each for each in kept if each[0] == _APP0 or each[1].startswith(b"Exif\0")]
    rest = [each for each in kept if each not in first]
    head = b"".join(_segment(*each) for each in [*first, *ours, *rest])
    return _JPEG + head + data[start:]


def _segments(data: bytes) -> tuple[int, list[tuple[int, bytes]]]:
    """Where the scan begins, and the segments before it: marker and body."""
    found: list[tuple[int, bytes]] = []
    place = len(_JPEG)
    while True:
        if data[place] != 0xFF:
            raise ValueError(f"no marker at byte {place}")
        while data[place + 1] == 0xFF:
            place += 1
        marker = data[place + 1]
        if marker == _SCAN:
            return place, found
        (size,) = struct.unpack_from(">H", data, place + 2)
        body = data[place + 4 : place + 2 + size]
        if size < 2 or len(body) != size - 2:
            raise ValueError(f"the segment at byte {place} is not whole")
        found.append((marker, body))
        place += 2 + size


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _is_xmp(marker: int, body: bytes) -> bool:
    return marker == _APP1 and body.startswith((_XMP_HEAD, _XMP_MORE))


def _is_photoshop(marker: int, body: bytes) -> bool:
    return marker == _APP13 and body.startswith(_PHOTOSHOP)


def _block(number: int, body: bytes) -> bytes:
    """An image resource of Photoshop: no name, the body padded to an even length."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(body)) + body + b"\0" * (len(body) % 2)


def _other_blocks(body: bytes) -> bytes:
    """The resources that are neither IIM nor its digest; none if they cannot be told apart."""
    kept, place = [], len(_PHOTOSHOP)
    while body[place : place + 4] == b"8BIM":
        number, named = struct.unpack_from(">HB", body, place + 4)
        at = place + 7 + named + (named + 1) % 2
        (size,) = struct.unpack_from(">I", body, at)
        end = at + 4 + size + size % 2
        if number not in (_IIM_BLOCK, _IIM_DIGEST):
            kept.append(body[place:end])
        place = end
    return b"".join(kept)


# PNG: a chunk of international text (ISO 15948, 11.3.4.5)

_XMP_KEYWORD = b"XML:com.adobe.xmp\0"


def _in_png(data: bytes, xmp: bytes) -> bytes:
    chunks = list(_png_chunks(data))
    if not chunks or not chunks[0][4:].startswith(b"IHDR"):
        raise ValueError("it does not begin with its header")
    if not chunks[-1][4:].startswith(b"IEND"):
        raise ValueError("it has no end")
    body = b"iTXt" + _XMP_KEYWORD + b"\0\0\0\0" + xmp
    ours = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    kept = [chunk for chunk in chunks[1:] if not chunk[4:].startswith(b"iTXt" + _XMP_KEYWORD)]
    return _PNG + chunks[0] + ours + b"".join(kept)


def _png_chunks(data: bytes) -> Iterator[bytes]:
    place = len(_PNG)
    while place < len(data):
        (size,) = struct.unpack_from(">I", data, place)
        chunk = data[place : place + 12 + size]
        if len(chunk) != 12 + size:
            raise ValueError(f"the chunk at byte {place} is not whole")
        yield chunk
        place += 12 + size


# WebP: RIFF chunks; XMP needs the extended form (RFC 9649, section 2.7)

_HAS_XMP, _HAS_ALPHA = 0x04, 0x10


def _in_webp(data: bytes, xmp: bytes) -> bytes:
    chunks = [(name, body) for name, body in _riff_chunks(data) if name != b"XMP "]
    if chunks[0][0] == b"VP8X":
        flags = bytes([chunks[0][1][0] | _HAS_XMP])
        chunks[0] = (b"VP8X", flags + chunks[0][1][1:])
    else:
        chunks.insert(0, (b"VP8X", _extended(*chunks[0])))
    chunks.append((b"XMP ", xmp))
    body = b"".join(
        name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2)
        for name, part in chunks
    )
    return _RIFF + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    (whole,) = struct.unpack_from("<I", data, 4)
    while place < 8 + whole:
        name = data[place : place + 4]
        (size,) = struct.unpack_from("<I", data, place + 4)
        body = data[place + 8 : place + 8 + size]
        if len(body) != size:
            raise ValueError(f"the chunk at byte {place} is not whole")
        yield name, body
        place += 8 + size + size % 2


def _extended(name: bytes, body: bytes) -> bytes:
    """The header of the extended form, from the size that the picture's own header says."""
    flags = _HAS_XMP
    if name == b"VP8L":
        # One byte of signature; then 14 bits of width, 14 of height, each less one, and alpha.
        (bits,) = struct.unpack_from("<I", body, 1)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        flags |= _HAS_ALPHA if bits >> 28 & 1 else 0
    elif name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        across, down = struct.unpack_from("<HH", body, 6)
        width, height = across & 0x3FFF, down & 0x3FFF
    else:
        raise ValueError("it is of no form of WebP that is known")
    sizes = struct.pack("<II", width - 1, height - 1)
    return bytes([flags, 0, 0, 0]) + sizes[0:3] + sizes[4:7]
