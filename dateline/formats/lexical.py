"""What may stand where: in a URI (RFC 3986), in XML text (XML 1.0, 2.2), in a language tag.

Items come here clean, but addresses in them are an editor's words and feed titles are settings.
These functions let nothing through that would make a whole feed unreadable for one bad character.
"""

import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import quote

# RFC 3986, 2.2 and 2.3, without the brackets: they may stand only in the host of an IPv6 address.
_URI_SAFE = "!$&'()*+,;=:@/?%#-._~"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_WITH_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#:@]*(:\d*)?([/?#].*)?")
_WITHOUT_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!//).+")
_WHITE = re.compile("[\t\n\r]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def uri(address: str) -> str:
    """The address with every character that RFC 3986 does not allow percent-encoded."""
    quoted = quote(_STRAY_PERCENT.sub("%25", address), safe=_URI_SAFE, errors="replace")
    before, mark, fragment = quoted.partition("#")
    return before + mark + fragment.replace("#", "%23")


def is_uri(text: str) -> bool:
    """Is this a whole URI, with a scheme and no character it may not have?"""
    if uri(text) != text:
        return False
    return bool(_WITH_AUTHORITY.fullmatch(text) or _WITHOUT_AUTHORITY.fullmatch(text))


def xml_text(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def one_line(text: str) -> str:
    """The text with a space for each tab and end of line."""
    return _WHITE.sub(" ", text)


def json_text(text: str) -> str:
    """The text without lone surrogates, which have no UTF-8."""
    return "".join(char for char in text if unicodedata.category(char) != "Cs")


def language_tag(text: str) -> str | None:
    """The text if it has the form of a language tag (BCP 47), else nothing."""
    return text if _LANGUAGE.fullmatch(text) else None


def rfc3339(moment: datetime) -> str:
    """The time in UTC as RFC 3339 has it. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"A time needs its zone: {moment.isoformat()}")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
