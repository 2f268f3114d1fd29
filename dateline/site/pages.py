"""The story page and the standing page: an Item in, a page out.

`story_page` is what the newsroom calls to show a draft: the same templates and the same shape, so
a preview is the page. Every function here expects the edition's language to be active, which
`story_page` and the site's views see to.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.text import Truncator

from dateline.addresses import entity_path, item_path, section_path, topic_path
from dateline.archive import queries
from dateline.archive.changes import names_tag, rewrites_tag, story_tag, translations_tag
from dateline.archive.queries import Line, Rewrites, Shape
from dateline.formats import jsonld
from dateline.formats.body import inline_text
from dateline.formats.publication import Publication
from dateline.formats.reading import read_minutes
from dateline.items import FLASH, Correction, Edition, Item, Page, Paragraph, Picture
from dateline.site.frame import (
    Alternate,
    Frame,
    Link,
    edition_of,
    frame_of,
    og_locale,
    publication_of,
    read_in,
    render,
    unlisted,
)
from dateline.site.parts import Sheet, fill, with_topics_now
from dateline.site.rows import line_path, section_names
from dateline.site.times import When, local

DESCRIPTION_WORDS = 40
"""Words of the first paragraph that stand for a summary nobody wrote."""

@dataclass(frozen=True, slots=True)
class CorrectionNote:
    when: When
    note: str


@dataclass(frozen=True, slots=True)
class Original:
    """What happened to the source of a translation that the translation does not say yet."""

    when: When
    withdrawn: bool
    link: Link | None


def story_page(item: Item, *, shape: Shape, preview: bool = False) -> str:
    """The page of a story as HTML, with its rails as they are now.

    For the newsroom's preview: pass the draft as an Item and `queries.shape()`, with
    `preview=True`, which puts a banner over the page and keeps search engines off it. Send the
    result with `headers.secured(response, framed_by_us=True)`, as the preview stands in a frame.
    Raises Missing if the item's edition was never released.
    """
    return fill(story_sheet(item, shape=shape, preview=preview), serial=0)


def story_sheet(item: Item, *, shape: Shape, preview: bool = False) -> Sheet:
    """The page of a story, its rails' places empty. Two queries, for its translations and its
    rewrites; of a translation one more, for its source.

    Raises Missing if the item's edition was never released.
    """
    edition = edition_of(shape, item.edition)
    translations = queries.translations(item)
    rewrites = queries.rewrites(item)
    item = with_topics_now(item)
    with translation.override(edition.code):
        frame = _story_frame(item, edition, shape, translations)
        return render(
            "story",
            unlisted(frame) if preview else frame,
            tags=_tags(item),
            number=item.number,
            topics=tuple(topic.slug for topic in item.topics),
            item=item,
            preview=preview,
            share=_share(item, edition),
            section=_section_link(item, shape),
            released=When.full(item.first_released_at),
            updated=_updated(item),
            minutes=read_minutes(item),
            original=_original(item, shape),
            corrections=[_note(each) for each in reversed(item.corrections)],
            topic_links=tuple(
                Link(topic_path(item.edition, t.slug), t.name) for t in item.topics
            ),
            entity_links=tuple(
                Link(entity_path(item.edition, e.kind, e.slug), e.name) for e in item.entities
            ),
            translations=_translation_links(translations, shape),
            newer=[_story_link(line) for line in rewrites.newer],
            earlier=rewrites.earlier and _story_link(rewrites.earlier),
            more_follows=_is_headline_alone(item),
            jsonld=_jsonld(item, edition, translations, rewrites),
        )


def _tags(item: Item) -> set[str]:
    tags = {story_tag(item.number), rewrites_tag(item.number)}
    if item.topics:
        tags.add(names_tag(item.edition))
    if item.translation_key:
        tags.add(translations_tag(item.translation_key))
    if item.evolved_from:
        tags.add(story_tag(item.evolved_from.number))
    return tags


def _is_headline_alone(item: Item) -> bool:
    """A flash as it leaves: its one paragraph is its headline, which need not stand there twice."""
    match item.body:
        case (Paragraph(html=html),):
            return item.urgency == FLASH and inline_text(html) == item.headline
    return False


def standing_page(page: Page, edition: Edition, shape: Shape, path: str) -> Sheet:
    """The page of About, Contacts and their like."""
    return render("standing", frame_of(shape, edition, path), page=page)


def summary_of(item: Item) -> str:
    """The summary; where nobody wrote one, the beginning of the first paragraph, as plain text."""
    if item.summary:
        return item.summary
    for block in item.body:
        if isinstance(block, Paragraph):
            return Truncator(inline_text(block.html)).words(DESCRIPTION_WORDS, truncate="…")
    return ""


@dataclass(frozen=True, slots=True)
class ShareImage:
    """The picture on the card of a shared link. Its address is absolute."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Share:
    """The card that a shared link carries (Open Graph)."""

    description: str
    locale: str
    published: str
    modified: str
    image: ShareImage | None


def _share(item: Item, edition: Edition) -> Share:
    return Share(
        description=summary_of(item),
        locale=og_locale(edition.code),
        published=item.first_released_at.isoformat(),
        modified=item.released_at.isoformat(),
        image=_share_image(item.picture, publication_of(edition)),
    )


def _share_image(picture: Picture | None, publication: Publication) -> ShareImage | None:
    if picture is None or not picture.renditions:
        return None
    largest = picture.renditions[-1]
    return ShareImage(publication.url(largest.href), largest.width, largest.height, alt=picture.alt)


def _story_frame(
    item: Item, edition: Edition, shape: Shape, translations: list[Line]
) -> Frame:
    publication = publication_of(edition)
    path = item_path(item)
    pairs = [
        (item.edition, path),
        *((line.edition, line_path(line)) for line in translations),
    ]
    return frame_of(
        shape,
        edition,
        path,
        alternates=alternates_of(pairs, shape, publication) if translations else (),
    )


def alternates_of(
    pairs: list[tuple[str, str]], shape: Shape, publication: Publication
) -> tuple[Alternate, ...]:
    """The language versions of a page, in the editions' order; the first is also the default."""
    order = [edition.code for edition in shape.editions]
    pairs = sorted(
        (pair for pair in pairs if pair[0] in order), key=lambda pair: order.index(pair[0])
    )
    found = [Alternate(code, publication.url(path)) for code, path in pairs]
    return (*found, Alternate("x-default", found[0].url)) if found else ()


def _translation_links(translations: list[Line], shape: Shape) -> list[Link]:
    editions = {edition.code: edition for edition in shape.editions}
    return [
        Link(line_path(line), read_in(editions[line.edition]), language=line.edition)
        for line in translations
        if line.edition in editions
    ]


def _section_link(item: Item, shape: Shape) -> Link:
    """The section over the story; no address if the section is no more."""
    known = section_names(shape, item.edition)
    slug = item.section.slug
    path = section_path(item.edition, slug) if slug in known else ""
    return Link(path, known.get(slug, item.section.name))


def _updated(item: Item) -> When | None:
    if item.version < 2:
        return None
    return When.short(item.released_at, today=local(item.first_released_at).date())


def _original(item: Item, shape: Shape) -> Original | None:
    """That the source was withdrawn or corrected since the version that is followed, if so.

    A mere update is the desk's concern: the translation is as true as it was.
    """
    held = queries.story(item.source.number) if item.source else None
    if held is None or item.source is None or held.item.version <= item.source.version:
        return None
    if held.gone_at:
        return Original(When.full(held.gone_at), withdrawn=True, link=None)
    corrected = [c.at for c in held.item.corrections if c.at > item.source.released_at]
    if not corrected:
        return None
    link = Link(item_path(held.item), held.item.headline, language=held.item.edition)
    return Original(When.full(corrected[-1]), withdrawn=False, link=link)


def _note(correction: Correction) -> CorrectionNote:
    return CorrectionNote(When.full(correction.at), correction.note)


@dataclass(frozen=True, slots=True)
class StoryLink:
    """A link to the story that this one replaces, or that replaces it."""

    path: str
    headline: str
    when: When


def _story_link(line: Line) -> StoryLink:
    return StoryLink(line_path(line), line.headline, When.full(line.at))


def _jsonld(
    item: Item, edition: Edition, translations: list[Line], rewrites: Rewrites
) -> str:
    kin = [(line.edition, line_path(line)) for line in translations]
    earlier = line_path(rewrites.earlier) if rewrites.earlier else ""
    return jsonld.encode(
        item, publication_of(edition), translations=kin, earlier=earlier
    ).decode()
