"""A release as an e-mail: RFC 5322, plain text and HTML of the same story side by side.

The sender sets `To`, and `From` if another should be written from. Versions of a story make one
thread: the id of a message is made of guid and version, and each refers to the one before it, so a
client's mail program shows a correction under what it corrects. What a machine asks for stands in
headers that begin `Dateline-`.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from urllib.parse import quote, urlsplit

from dateline.formats import terminal
from dateline.formats.body import content_html
from dateline.formats.dispatch import HEADS, Dispatch, desk_note, previous_version
from dateline.formats.lexical import language_tag, rfc3339, xml_text
from dateline.formats.publication import Publication
from dateline.items import Item

CONTENT_TYPE = "message/rfc822"
SUFFIX = "eml"

_URGENT = 3
"""Up to this urgency a message is marked as important."""

# Quoted-printable keeps every line within RFC 5322's 998 bytes and seven bits, so that any server
# takes it, and text of Latin letters can still be read in it.
_ENCODING = "quoted-printable"
_POLICY = SMTP.clone(cte_type="7bit")


def encode(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as a message in seven bits, its lines ended as SMTP wants them."""
    return message(dispatch, publication).as_bytes()


def message(dispatch: Dispatch, publication: Publication) -> EmailMessage:
    """The release as a message, without `To`."""
    item = dispatch.item
    mail = EmailMessage(policy=_POLICY)
    host = _host(publication)
    mail["Subject"] = _subject(dispatch)
    mail["From"] = Address(_flat(publication.name), username="wire", domain=host)
    mail["Date"] = _date(item.released_at)
    mail["Message-ID"] = message_id(item.guid, item.version, host)
    if version := previous_version(item):
        before = message_id(item.guid, version, host)
        mail["In-Reply-To"] = before
        mail["References"] = before
    if tag := language_tag(item.edition):
        mail["Content-Language"] = tag
    if item.urgency <= _URGENT:
        mail["Importance"] = "high"
    for name, value in _facts(dispatch):
        mail[f"Dateline-{name}"] = _flat(value)
    text = terminal.encode(dispatch, publication).decode()
    mail.set_content(text, cte=_ENCODING)
    mail.add_alternative(_html(dispatch, publication), subtype="html", cte=_ENCODING)
    # Quoted-printable has no "=_" of its own (RFC 2045, section 6.7), so this is nowhere in a part,
    # and the same release is the same bytes.
    mail.set_boundary(f"=_{_digest(item.guid)}.{item.version}")
    return mail


def message_id(guid: str, version: int, host: str) -> str:
    """The id of the message that brings this version: the same whenever it is made."""
    return f"<{_digest(guid)}.{version}@{host}>"


def _digest(guid: str) -> str:
    return hashlib.sha256(guid.encode()).hexdigest()[:32]


def _host(publication: Publication) -> str:
    return (urlsplit(publication.base_url).hostname or "localhost").encode("idna").decode()


def _subject(dispatch: Dispatch) -> str:
    item, head = dispatch.item, HEADS[dispatch.kind]
    start = f"{head}: " if head else ""
    embargo = "EMBARGO " if item.embargoed_until else ""
    return _flat(f"{embargo}{start}{item.headline}")


def _flat(text: str) -> str:
    """One line: a header has no others (RFC 5322, section 2.2)."""
    return " ".join(" ".join(text.splitlines()).split(" ")).strip()


def _date(moment: datetime) -> str:
    # RFC 5322 has years of four digits or more, from 1900 on.
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0))


def _facts(dispatch: Dispatch) -> Iterator[tuple[str, str]]:
    """What a machine sorts by. Free text is percent-encoded, so that it comes back as it was."""
    item = dispatch.item
    yield "Guid", quote(item.guid, safe=":/@")
    yield "Version", str(item.version)
    yield "Kind", dispatch.kind
    yield "Status", item.status
    if dispatch.serial:
        yield "Serial", str(dispatch.serial)
    yield "Urgency", str(item.urgency)
    yield "Slugline", quote(item.slugline, safe="")
    if item.embargoed_until:
        yield "Embargoed-Until", rfc3339(item.embargoed_until)
    if item.translation_key:
        yield "Translation-Key", quote(item.translation_key, safe="")
    if item.source:
        yield "Translated-From", f"{quote(item.source.guid, safe=':/@')} {item.source.version}"
    if item.evolved_from:
        yield "Evolved-From", quote(item.evolved_from.guid, safe=":/@")
    for subject in item.subjects:
        yield "Subject", quote(subject.code, safe=":")


def _html(dispatch: Dispatch, publication: Publication) -> str:
    item = dispatch.item
    head = escape(HEADS[dispatch.kind])
    parts = [f"<p><strong>{head}</strong></p>"] if head else []
    if item.embargoed_until:
        parts.append(f"<p><strong>EMBARGO</strong> {rfc3339(item.embargoed_until)}</p>")
    if note := desk_note(item):
        parts.append(f"<pre>{escape(note)}</pre>")
    parts.append(f"<h1>{escape(item.headline)}</h1>")
    parts += [f"<p>{escape(_bylines(item))}</p>"] if item.bylines else []
    if item.dateline:
        place, day = escape(item.dateline.place), item.dateline.date.isoformat()
        parts.append(f"<p>{place}, {day}</p>")
    parts += [f"<p><em>{escape(item.summary)}</em></p>"] if item.summary else []
    parts.append(content_html(item, publication))
    parts.append(f"<hr><p>{escape(publication.name)} · {escape(item.guid)} · {item.version}</p>")
    tag = language_tag(item.edition)
    lang = f' lang="{tag}"' if tag else ""
    title = escape(item.headline)
    body = "\n".join(parts)
    return xml_text(
        f"<!DOCTYPE html>\n<html{lang}><head><meta charset=\"utf-8\"><title>{title}</title></head>"
        f"\n<body>\n{body}\n</body></html>\n"
    )


def _bylines(item: Item) -> str:
    return ", ".join(f"{each.name} ({each.role})" if each.role else each.name
                     for each in item.bylines)
