"""What tests of the newsroom's screens do by hand: sign in, fill in the form, break a signal."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.dispatch import Signal
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from dateline.newsroom.blocks import INLINE
from dateline.newsroom.desks import Desk, DeskMember, DeskRole
from dateline.newsroom.documents import Section
from dateline.newsroom.story import Story


def person(name: str, *groups: str, **facts: Any) -> User:
    user = User.objects.create_user(name, f"{name}@news.example", "a long password", **facts)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def desk_of(user: User) -> Client:
    """The newsroom's screens with this person signed in."""
    client = Client()
    client.force_login(user)
    return client


def seat(user: User, desk: Desk, role: DeskRole) -> None:
    """Give a person a seat on a desk. Read the person anew: what they may is kept on the object."""
    DeskMember.objects.create(desk=desk, user=user, role=role)
    vars(user).pop("_desk_roles", None)


@contextmanager
def failing(signal: Signal, error: Exception | None = None) -> Iterator[None]:
    """While this lasts, a receiver of the signal raises."""

    def fail(**_kwargs: Any) -> None:
        raise error or RuntimeError("a receiver failed")

    signal.connect(fail, sender=Story)
    try:
        yield
    finally:
        signal.disconnect(fail, sender=Story)


def url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_newsroom_story:{name}", args=args)


def form_of(story: Story | None = None, **changes: Any) -> dict[str, str]:
    """What the story form posts: this story's fields, or those of a complete new one."""
    fields: dict[str, Any] = {
        "headline": "Harvest is in",
        "summary": "",
        "section": str(Section.objects.get(edition__locale__language_code="en", slug="economy").pk),
        "slugline": "",
        "urgency": "5",
        "genre": "Current",
        "place": "",
        "dateline_date": "",
        "bylines": "",
        "topics": "",
        "subjects": "",
        "entities": "",
        "ednote": "",
        "picture": "",
        "picture_alt": "",
        "picture_caption": "",
        "picture_credit": "",
        "correction_note": "",
        "desk": "",
        "assignee": "",
        "due_at": "",
        "embargo_until": "",
        "clients_first_minutes": "",
        "go_live_at": "",
        "expire_at": "",
        **body_of(("paragraph", "<p>It is in.</p>")),
    }
    if story is not None:
        fields |= {
            "headline": story.headline,
            "section": str(story.section_id or ""),
            "topics": ", ".join(ref.name for ref in story.topic_refs()),
            "desk": str(story.desk_id or ""),
            "assignee": str(story.assignee_id or ""),
        }
    return {**fields, **changes}


def body_of(*blocks: tuple[str, str]) -> dict[str, str]:
    """The fields that a body posts. Text is plain, or HTML for a paragraph."""
    fields = {"body-count": str(len(blocks))}
    for place, (kind, value) in enumerate(blocks):
        if kind == "paragraph":
            value = ContentstateConverter(INLINE).from_database_format(value)
        fields |= {
            f"body-{place}-deleted": "",
            f"body-{place}-order": str(place),
            f"body-{place}-type": kind,
            f"body-{place}-id": "",
            f"body-{place}-value": value,
        }
    return fields


def picture_file(
    name: str = "field.png", *, size: tuple[int, int] = (1700, 900)
) -> SimpleUploadedFile:
    """A picture as a browser uploads it."""
    data = BytesIO()
    Pillow.new("RGB", size, "teal").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")
