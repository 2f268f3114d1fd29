"""A NewsML-G2 news item as a release: ours exactly, another producer's as far as it goes.

Any version and conformance is read, alone or first in a `newsMessage`. What a document does not
name has the Item's default: another agency's story has no number and no section of ours.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import escape
from urllib.parse import unquote

from lxml import etree

from dateline.formats import xhtml
from dateline.formats.body import blocks_of
from dateline.formats.dispatch import Dispatch, read_kind, read_urgency
from dateline.formats.newsml.words import (
    EVOLVED_FROM,
    NAR,
    NATURES,
    OWN,
    SEE_ALSO,
    SIGNALS,
    TRANSLATED_FROM,
)
from dateline.formats.nitf import reading as nitf
from dateline.formats.publication import Publication
from dateline.formats.xml import LANG, local, tidy
from dateline.items import (
    SCHEMA,
    Block,
    Byline,
    Correction,
    EntityRef,
    Former,
    Item,
    Picture,
    Place,
    Ref,
    Rendition,
    Source,
    Status,
    Subject,
)

_N = {"n": NAR}
_KINDS = {nature: kind for kind, nature in NATURES.items()}
_SIGNALLED = {signal: kind for kind, signal in SIGNALS.items()}


def dispatch_of(root: etree._Element, publication: Publication | None) -> Dispatch:
    """The release in a news item. Raises ValueError if it lacks what a story needs."""
    news = root if local(root) == "newsItem" else root.find(".//n:newsItem", _N)
    if news is None:
        raise ValueError(f"there is no `newsItem` in `{local(root)}`")
    own = dict(_own(news))
    if "kind" not in own:
        tidy(news)
    item = _item(news, own, publication)
    signals = (each.get("qcode", "") for each in news.iterfind("n:itemMeta/n:signal", _N))
    signalled = next((_SIGNALLED[each] for each in signals if each in _SIGNALLED), None)
    kind = read_kind(own.get("kind", signalled or ""), item)
    return Dispatch(item, kind, int(own.get("serial", "0")))


def _own(news: etree._Element) -> Iterator[tuple[str, str]]:
    for each in news.iterfind("n:itemMeta/n:itemMetaExtProperty", _N):
        name = each.get("reluri", "")
        if name.startswith(OWN):
            yield name.removeprefix(OWN), each.get("value", "")


def _item(news: etree._Element, own: dict[str, str], publication: Publication | None) -> Item:
    meta, content = _needed(news, "itemMeta"), news.find("n:contentMeta", _N)
    content = etree.Element("none") if content is None else content
    released_at = _time(_text(meta, "versionCreated"))
    if released_at is None:
        raise ValueError("there is no `versionCreated`")
    reasons = dict(_reasons(meta))
    shown = dict(_pictures(meta, publication))
    lead = shown.pop("lead", None)
    return Item(
        guid=news.get("guid", ""),
        number=int(own.get("number", "0")),
        version=int(news.get("version", "1")),
        edition=own.get("edition") or _language(news, content),
        section=next(_refs(content, "section"), Ref(slug="", name="")),
        headline=_headline(content) or _text(meta, "title"),
        first_released_at=_time(_text(meta, "firstCreated")) or released_at,
        released_at=released_at,
        schema=_schema(_text(meta, "profile")),
        translation_key=own.get("translationKey", ""),
        source=_source(meta),
        slugline=_text(content, "slugline"),
        summary=_summary(content),
        dateline=_dateline(content),
        bylines=tuple(_bylines(content)),
        body=_body(news, publication, tuple(shown.values())),
        topics=tuple(_refs(content, "topic")),
        urgency=read_urgency(_text(content, "urgency")),
        genre=_genre(content),
        ednote=_ednote(meta),
        picture=lead,
        corrections=tuple(_corrections(meta)),
        status=_status(meta),
        kill_reason=reasons.get("kill", ""),
        withhold_reason=reasons.get("withhold", ""),
        evolved_from=_former(meta),
        subjects=tuple(_subjects(content)),
        entities=tuple(_entities(content)),
        embargoed_until=_time(_text(meta, "embargoed")),
    )


def _needed(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(f"n:{name}", _N)
    if found is None:
        raise ValueError(f"there is no `{name}`")
    return found


def _text(parent: etree._Element, name: str) -> str:
    found = parent.find(f"n:{name}", _N)
    return "" if found is None else _all(found)


def _all(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _time(text: str) -> datetime | None:
    """A time; one that names no zone is taken as UTC."""
    if not text.strip():
        return None
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _schema(profile: str) -> int:
    schema = int(profile.removeprefix("dateline-")) if profile.startswith("dateline-") else SCHEMA
    if schema > SCHEMA:
        raise ValueError(f"its Item has schema {schema}; this Dateline reads up to {SCHEMA}")
    return schema


def _language(news: etree._Element, content: etree._Element) -> str:
    named = content.find("n:language", _N)
    return news.get(LANG, "") if named is None else named.get("tag", "")


def _status(meta: etree._Element) -> Status:
    named = meta.find("n:pubStatus", _N)
    code = "stat:usable" if named is None else named.get("qcode", "")
    return Status(code.removeprefix("stat:"))


def _headline(content: etree._Element) -> str:
    return _text(content, "headline")


def _summary(content: etree._Element) -> str:
    found = content.findall("n:description", _N)
    marked = [each for each in found if each.get("role") == "drol:summary"]
    return next((_all(each) for each in [*marked, *found]), "")


def _genre(content: etree._Element) -> str:
    named = content.find("n:genre", _N)
    if named is None:
        return ""
    return _text(named, "name") or named.get("qcode", "").partition(":")[2]


# Notes


def _ednote(meta: etree._Element) -> str:
    notes = [each for each in meta.iterfind("n:edNote", _N) if not _own_role(each)]
    return "\n".join(map(_all, notes))


def _own_role(element: etree._Element) -> str:
    role = element.get("roleuri", "")
    return role.removeprefix(OWN) if role.startswith(OWN) else ""


def _reasons(meta: etree._Element) -> Iterator[tuple[str, str]]:
    for each in meta.iterfind("n:edNote", _N):
        if (name := _own_role(each)) in ("kill", "withhold"):
            yield name, _all(each).removeprefix(f"{name.upper()}: ")


def _corrections(meta: etree._Element) -> Iterator[Correction]:
    for each in meta.iterfind("n:edNote", _N):
        at = _time(each.get("modified", ""))
        if at and _own_role(each) == "correction":
            yield Correction(at=at, note=_all(each).removeprefix("CORRECTION: "))


# Links


def _links(meta: etree._Element, rel: str) -> Iterator[etree._Element]:
    return (each for each in meta.iterfind("n:link", _N) if each.get("rel") == rel)


def _source(meta: etree._Element) -> Source | None:
    for link in _links(meta, TRANSLATED_FROM):
        if released_at := _time(_text(link, "versionCreated")):
            return Source(
                guid=link.get("residref", ""),
                number=int(_text(link, "altId") or 0),
                version=int(link.get("version", "1")),
                released_at=released_at,
            )
    return None


def _former(meta: etree._Element) -> Former | None:
    link = next(_links(meta, EVOLVED_FROM), None)
    if link is None:
        return None
    return Former(
        guid=link.get("residref", ""),
        number=int(_text(link, "altId") or 0),
        headline=_text(link, "headline"),
    )


def _pictures(
    meta: etree._Element, publication: Publication | None
) -> Iterator[tuple[str, Picture]]:
    for link in _links(meta, SEE_ALSO):
        nature = link.find("n:itemClass", _N)
        if nature is not None and nature.get("qcode") == "ninat:picture":
            yield link.get("id", ""), _picture(link, publication)


def _picture(link: etree._Element, publication: Publication | None) -> Picture:
    described = {
        _own_role(each) or each.get("role", ""): _all(each)
        for each in link.iterfind("n:description", _N)
    }
    files = tuple(_file(each, publication) for each in link.iterfind("n:remoteContent", _N))
    return Picture(
        alt=described.get("alt", ""),
        caption=described.get("drol:caption", ""),
        credit=_text(link, "creditline"),
        renditions=files,
        copyright_notice=_text(link, "copyrightNotice"),
        usage_terms=_text(link, "usageTerms"),
        created_at=_time(_text(link, "contentCreated")),
        place=_text(link, "located/n:name"),
        source_type=_source_type(link),
    )


def _source_type(link: etree._Element) -> str:
    named = link.find("n:digitalSourceType", _N)
    return "" if named is None else named.get("uri", "") or named.get("literal", "")


def _file(content: etree._Element, publication: Publication | None) -> Rendition:
    href = content.get("href", "")
    name = content.get("renditionuri", "").removeprefix(f"{OWN}rendition:")
    use, _, name = name.rpartition("/")
    return Rendition(
        name=unquote(name),
        use=unquote(use),
        href=publication.path(href) if publication else href,
        content_type=content.get("contenttype", ""),
        width=int(content.get("width", "0")),
        height=int(content.get("height", "0")),
        size_bytes=int(content.get("size", "0")),
        sha256=_text(content, "hash"),
    )


# Content


def _dateline(content: etree._Element) -> Place | None:
    place = _text(content, "located/n:name") or _text(content, "dateline")
    day = _text(content, "contentCreated")[:10]
    if content.find("n:located", _N) is None or len(day) < len("2031-05-04"):
        return None
    return Place(place=place, date=date.fromisoformat(day))


def _bylines(content: etree._Element) -> Iterator[Byline]:
    creators = content.findall("n:creator", _N)
    for each in creators:
        role = each.get("roleuri", "")
        known = role.startswith(f"{OWN}role:")
        yield Byline(
            name=_text(each, "name") or each.get("literal", ""),
            role=unquote(role.removeprefix(f"{OWN}role:")) if known else "",
        )
    if not creators and (by := _text(content, "by")):
        yield Byline(name=by)


def _refs(content: etree._Element, kind: str) -> Iterator[Ref]:
    for each in content.iterfind("n:subject", _N):
        if each.get("typeuri") == OWN + kind:
            yield Ref(slug=each.get("literal", ""), name=_text(each, "name"))


def _subjects(content: etree._Element) -> Iterator[Subject]:
    for each in content.iterfind("n:subject", _N):
        code = each.get("qcode", "")
        if code.startswith("medtop:"):
            yield Subject(code=code, name=_text(each, "name"))
        elif each.get("typeuri") == f"{OWN}about":
            yield Subject(code=each.get("literal", ""), name=_text(each, "name"))


def _entities(content: etree._Element) -> Iterator[EntityRef]:
    for each in content.iterfind("n:subject", _N):
        kind = _KINDS.get(each.get("type", ""))
        if kind and "literal" in each.attrib:
            same = each.find("n:sameAs", _N)
            wikidata = "" if same is None else same.get("qcode", "").removeprefix("wikidata:")
            yield EntityRef(
                kind=kind, slug=each.get("literal", ""), name=_text(each, "name"), wikidata=wikidata
            )


def _body(
    news: etree._Element, publication: Publication | None, pictures: tuple[Picture, ...]
) -> tuple[Block, ...]:
    contents = news.find("n:contentSet", _N)
    if contents is None:
        return ()
    for each in contents.iter():
        if local(each) == "nitf":
            return nitf.blocks_in(each, publication)
        if local(each) == "body":
            return xhtml.blocks_in(each, publication, pictures)
    return _plain(_text(contents, "inlineData"))


def _plain(text: str) -> tuple[Block, ...]:
    """Plain text, of another agency: a paragraph after each empty line."""
    parts = (part for part in text.split("\n\n") if part.strip())
    return blocks_of("".join(f"<p>{escape(part)}</p>" for part in parts))
