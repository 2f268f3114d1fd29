"""Topics that were merged or renamed: where the address of one leads, and moving what stood there.

Items name topics as they were at release. The archive puts a story under what they are now, so
that a list never depends on when its stories were last released.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef

from dateline.archive.changes import topic_tag
from dateline.archive.models import PUBLIC, ArchivedDocument, ArchivedTopic
from dateline.items import Document, Topic

Slug = tuple[str, str]
"""An edition and a topic's slug in it."""


def led(slug: str, leads: Mapping[str, str]) -> str:
    """Where an address leads in the end; where it leads in a circle, it stays where it is."""
    seen = {slug}
    at = slug
    while (following := leads.get(at)) is not None:
        if following in seen:
            return slug
        seen.add(following)
        at = following
    return at


def leads_among(slugs: Iterable[Slug]) -> dict[Slug, str]:
    """Of these addresses, those that lead elsewhere now, and where to in the end."""
    asked = set(slugs)
    leads = {edition: leads_of(edition) for edition in {edition for edition, _slug in asked}}
    ends = {(edition, slug): led(slug, leads[edition]) for edition, slug in asked}
    return {key: end for key, end in ends.items() if end != key[1]}


def leads_of(edition: str) -> dict[str, str]:
    """Every address of an edition's topics that leads to another: one step of the way."""
    rows = ArchivedDocument.objects.using(PUBLIC).filter(
        document_type="topic", edition=edition, live=True, leads_to__isnull=False
    )
    return {key: to for key, to in rows.values_list("key", "leads_to") if to is not None}


def move(documents: Sequence[Document]) -> set[str]:
    """Move what stands under topics that these documents merged or renamed; return the tags of
    the lists that changed. Call it when the documents are in."""
    merged = [each for each in documents if isinstance(each, Topic) and each.merged_into]
    ends = leads_among((topic.edition, topic.slug) for topic in merged)
    for (edition, slug), end in ends.items():
        rows = ArchivedTopic.objects.using(PUBLIC).filter(edition=edition)
        both = Exists(rows.filter(story=OuterRef("story"), topic=end))
        rows.filter(both, topic=slug).delete()
        rows.filter(topic=slug).update(topic=end)
    return {topic_tag(edition, end) for (edition, _slug), end in ends.items()}
