"""People, places and organisations: on the story form, and the screens where they are kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import CreateView, EditView

from dateline.addresses import entity_path, slug_of
from dateline.items import EntityKind
from dateline.newsroom.documents import Edition
from dateline.newsroom.entities import Entity, entity_at
from dateline.newsroom.screens.chips import (
    ChipsInput,
    Option,
    lines_in,
    query_of,
    refuse_who_writes_nothing,
    suggest,
)

MOST_ENTITIES = 20
MOST_SUGGESTIONS = 10


class EntitiesInput(ChipsInput):
    route = "newsroom_entities"
    texts = {
        "list": gettext_lazy("People, places and organisations chosen"),
        "add": gettext_lazy("Add a person, place or organisation"),
    }

    def format_value(self, value: Any) -> str:
        if isinstance(value, list):
            return "".join(f"{entity.heading} {entity.name}\n" for entity in value)
        return value or ""

    def options_in(self, text: str) -> list[Option]:
        return [self._chip(line) for line in lines_in(text)]

    def _chip(self, line: str) -> Option:
        heading, _space, name = line.partition(" ")
        if "/" not in heading:
            return Option(line, line)
        if not name:
            edition = Edition.objects.filter(locale__language_code=self.edition).first()
            found = entity_at(heading, edition=edition) if edition else None
            name = found.name if found else heading
        return Option(heading, name)


class EntitiesField(forms.Field):
    """The entities that a story names, in the editor's order. `edition` is the story's."""

    widget = EntitiesInput
    edition: Edition | None = None

    def to_python(self, value: Any) -> list[Entity]:
        """Raises ValidationError for a name that nobody has, or several."""
        if isinstance(value, list):
            return value
        found = [self._found(line) for line in lines_in(value or "")]
        if len(found) > MOST_ENTITIES:
            raise ValidationError(
                _("At most %(most)s people, places and organisations.") % {"most": MOST_ENTITIES}
            )
        return list(dict.fromkeys(found))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True

    def _found(self, line: str) -> Entity:
        assert self.edition is not None
        heading, _space, _name = line.partition(" ")
        if "/" in heading and (entity := entity_at(heading, edition=self.edition)):
            return entity
        named = Entity.objects.filter(edition=self.edition, name__iexact=line)[:2]
        if len(named) == 1:
            return named[0]
        raise ValidationError(
            _("Several are named “%(name)s”. Choose one from the list.") % {"name": line}
            if named
            else _("There is no “%(name)s” among people, places and organisations. Add it there.")
            % {"name": line}
        )


def suggestions(request: HttpRequest) -> JsonResponse:
    """Entities of an edition whose names have a word that begins with `q`."""
    refuse_who_writes_nothing(request)
    code = request.GET.get("edition", "").replace("\0", "")
    edition = get_object_or_404(
        Edition.objects.select_related("locale"), locale__language_code=code
    )
    query = query_of(request)
    return suggest([_option(each) for each in _matching(query, edition)] if query else [])


def _matching(query: str, edition: Edition) -> list[Entity]:
    # The slug holds the name in small Latin letters, word by word.
    begins = Q(name__istartswith=query)
    slug = slug_of(query, edition=edition.code)
    if slug != slug_of("", edition=edition.code):
        begins |= Q(slug__startswith=slug) | Q(slug__contains=f"-{slug}")
    found = Entity.objects.filter(begins, edition=edition).select_related("edition__locale")
    return list(found.order_by("name")[:MOST_SUGGESTIONS])


def _option(entity: Entity) -> Option:
    hint = " · ".join(filter(None, [entity.get_kind_display(), entity.description]))
    return Option(entity.heading, entity.name, hint[:160])


class EntityCreateView(CreateView):
    """A new one; with `same=` it is one of another edition, and keeps what both have in common."""

    def get_initial_form_instance(self) -> Entity:
        entity: Entity = super().get_initial_form_instance() or Entity()
        if (edition := self.request.GET.get("edition", "")).isdecimal():
            entity.edition = get_object_or_404(Edition, pk=int(edition))
        if (same := self.request.GET.get("same", "")).isdecimal():
            other = get_object_or_404(Entity, pk=int(same))
            for name in ("kind", "slug", "wikidata", "translation_key"):
                setattr(entity, name, getattr(other, name))
        return entity


class EntityEditView(EditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        entity: Entity = self.object
        path = entity_path(entity.edition.code, EntityKind(entity.kind), entity.slug)
        buttons = [
            *super().header_more_buttons,
            Button(_("Reader's page"), url=path, icon_name="view", priority=5),
        ]
        if edition := _edition_without(entity):
            add = reverse(Entity.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
            query = urlencode({"same": entity.pk, "edition": edition.pk})
            label = _("Add in %(edition)s") % {"edition": edition.name}
            buttons.append(Button(label, url=f"{add}?{query}", icon_name="globe", priority=15))
        return buttons


def _edition_without(entity: Entity) -> Edition | None:
    """An edition that does not have this person, place or organisation yet."""
    there = Entity.objects.filter(translation_key=entity.translation_key).values("edition")
    return Edition.objects.exclude(pk__in=there).first()


ENTITY_PANELS = [
    FieldPanel("edition"),
    FieldPanel("kind"),
    FieldPanel("name"),
    FieldPanel("slug"),
    FieldPanel("description"),
    FieldPanel("wikidata"),
]
