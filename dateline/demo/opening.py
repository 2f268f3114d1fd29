"""Opening the demo agency in an empty newsroom: its editions, rubrics, pages, people and rights.

Everything here may be run again: what is there is left as it is.
"""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Locale

from dateline.demo import agency
from dateline.demo.agency import Role
from dateline.demo.lexicon import UK, Both
from dateline.demo.topics import TOPICS
from dateline.newsroom import roles
from dateline.newsroom.incoming import raw_of
from dateline.newsroom.models import Edition, PickList, Section, StandingPage, Topic

GROUPS = {
    Role.REPORTER: roles.REPORTER,
    Role.EDITOR: roles.EDITOR,
    Role.CHIEF_EDITOR: roles.CHIEF_EDITOR,
    Role.PICTURE_EDITOR: roles.PICTURE_EDITOR,
    Role.CLIENT_MANAGER: roles.CLIENT_MANAGER,
}


def said(both: Both, edition: str) -> str:
    """A text of the demo in an edition's language."""
    return str(both.uk if edition == UK else both.en)


@transaction.atomic
def open_agency() -> None:
    """Make the editions with their sections, topics, standing pages and empty picks."""
    roles.set_up()
    for order, shown in enumerate(agency.EDITIONS):
        locale, _ = Locale.objects.get_or_create(language_code=shown.code)
        edition, _ = Edition.objects.get_or_create(
            locale=locale,
            defaults={
                "name": shown.name,
                "title": shown.title,
                "strapline": shown.strapline,
                "order": order,
            },
        )
        _open_edition(edition)


def sign_ins() -> list[tuple[str, str, str]]:
    """Make the staff, and return user name, role and password of each.

    The password is made at the first start and kept in the data folder, readable by its owner
    alone; nobody else's installation has it.
    """
    password = _password(Path(settings.VAR) / "demo-password")
    for person in agency.STAFF:
        _employ(person, password)
    return [(person.username, person.role.value, password) for person in agency.STAFF]


def _open_edition(edition: Edition) -> None:
    code = edition.code
    for order, section in enumerate(agency.SECTIONS):
        Section.objects.get_or_create(
            edition=edition,
            slug=section.slug,
            defaults={
                "name": said(section.name, code),
                "description": said(section.description, code),
                "order": order,
            },
        )
    for topic in TOPICS:
        Topic.objects.get_or_create(
            edition=edition,
            slug=topic.slug,
            defaults={
                "name": said(topic.name, code),
                "description": said(topic.description, code),
            },
        )
    for order, page in enumerate(page for page in agency.PAGES if page.edition == code):
        StandingPage.objects.get_or_create(
            edition=edition,
            slug=page.slug,
            defaults={"title": page.title, "body": raw_of(page.body), "order": order},
        )
    for place in PickList.Place:
        PickList.objects.get_or_create(edition=edition, place=place)


def _password(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text()


def _employ(person: agency.DemoUser, password: str) -> None:
    users = get_user_model().objects
    if users.filter(username=person.username).exists():
        return
    first, last = person.name.en.split(" ", 1)
    user = users.create_user(
        person.username,
        f"{person.username}@tta.example",
        password,
        first_name=first,
        last_name=last,
    )
    if person.role is Role.ADMINISTRATOR:
        user.is_staff = user.is_superuser = True
        user.save()
    else:
        user.groups.add(Group.objects.get(name=GROUPS[person.role]))
