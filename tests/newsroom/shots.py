"""Pictures as agencies and cameras send them, with what their files say; and bad files."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from PIL import ImageDraw

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
  xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
  xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
  xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
  photoshop:Credit="Ivan Sad / Meridian" photoshop:City="Port Alder"
  photoshop:DateCreated="2031-05-04T07:12:30+03:00">
 <photoshop:Headline>Harbour at dawn</photoshop:Headline>
 <dc:description><rdf:Alt><rdf:li xml:lang="uk">Порт на світанку</rdf:li>
  <rdf:li xml:lang="x-default">The harbour at dawn, 4 May 2031</rdf:li></rdf:Alt></dc:description>
 <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2031 Ivan Sad</rdf:li></rdf:Alt></dc:rights>
 <dc:creator><rdf:Seq><rdf:li>Ivan Sad</rdf:li></rdf:Seq></dc:creator>
 <xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">No advertising</rdf:li></rdf:Alt>
 </xmpRights:UsageTerms>
 <Iptc4xmpCore:AltTextAccessibility><rdf:Alt>
  <rdf:li xml:lang="x-default">Cranes over still water</rdf:li></rdf:Alt>
 </Iptc4xmpCore:AltTextAccessibility>
 <photoshop:Country>Meridia</photoshop:Country>
 <Iptc4xmpExt:DigitalSourceType
  >http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture</Iptc4xmpExt:DigitalSourceType>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def xmp_of(**properties: str) -> str:
    """A packet that says only this, each property by the end of its name in `XMP`."""
    inside = "".join(
        f"<Iptc4xmpExt:{name}>{value}</Iptc4xmpExt:{name}>" for name, value in properties.items()
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


GENERATED = xmp_of(
    DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
)


def drawing(*, seed: int = 1, size: tuple[int, int] = (640, 400)) -> Pillow.Image:
    """A picture with something to see: another seed looks otherwise."""
    made = Pillow.new("RGB", size, (seed * 53 % 256, 90, 160))
    pen = ImageDraw.Draw(made)
    across, down = size
    for place in range(6):
        left = (seed * 37 + place * 61) % 100 / 100 * across
        top = (seed * 71 + place * 29) % 100 / 100 * down
        light = (seed * 97 + place * 83) % 256
        where = (left, top, left + across / 3, top + down / 2)
        pen.ellipse(where, fill=(light, light, 255 - light))
    return made


def jpeg(picture: Pillow.Image | None = None, *, iim: bytes = b"", **said) -> bytes:
    """A JPEG with `xmp` (text), `exif` (Pillow's), `iim` (records) and Pillow's own options."""
    data = BytesIO()
    if "xmp" in said:
        said["xmp"] = said["xmp"].encode()
    (picture or drawing()).save(data, "JPEG", **{"quality": 90, **said})
    plain = data.getvalue()
    return plain[:2] + _app13(iim) + plain[2:] if iim else plain


def record(number: int, text: str | bytes, *, of: int = 2) -> bytes:
    """One record of IIM (IIM 4.2, chapter 3): its number, its length and what it says."""
    data = text.encode() if isinstance(text, str) else text
    return struct.pack(">BBBH", 0x1C, of, number, len(data)) + data


def _app13(records: bytes) -> bytes:
    padded = records + b"\0" * (len(records) % 2)
    block = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(records)) + padded
    body = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def upload(data: bytes, name: str = "DSC_0042.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def png_claiming(width: int, height: int, *extra: tuple[bytes, bytes]) -> bytes:
    """A small PNG whose header claims this size; `extra` chunks stand before its few pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 64)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def text_bomb() -> bytes:
    """A PNG of ten pixels with a comment that unpacks to 80 MB."""
    comment = b"Comment\0\0" + zlib.compress(b"A" * 80_000_000)
    return png_claiming(10, 10, (b"zTXt", comment))
