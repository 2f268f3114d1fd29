"""Translations on screen: beginning one with one click, its source beside it, those behind.

The source stands in a side panel of the form as readers have it, with what changed since the
version that the translation follows. `translations.py` has the rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, assert_never

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.side_panels import BaseSidePanel

from dateline import items
from dateline.items import Block, Item
from dateline.newsroom import translations
from dateline.newsroom.documents import Edition
from dateline.newsroom.story import Story

MAY_TRANSLATE = "simple_translation.submit_translation"


class TranslateView(View):
    """Begins a story in another edition. A link leads to the choice, a button of the form past it:
    it sends the edition with its click."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(MAY_TRANSLATE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Story, pk=pk)
        context = {
            "story": source,
            "editions": missing_editions(source),
            "page_title": _("Translate"),
            "back_url": edit_url(source),
        }
        return TemplateResponse(request, "newsroom/translate.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Story, pk=pk)
        code = request.POST.get("edition", "")
        edition = get_object_or_404(Edition, locale__language_code=code)
        story = translations.begin(source, locale=edition.locale, by=request.user)
        messages.success(
            request, _("Begun in %(edition)s: “%(story)s”.") % {"edition": edition, "story": story}
        )
        return redirect(edit_url(story))


@dataclass(frozen=True, slots=True)
class InEditions:
    """Where a story is, and where it is not. `others`: the same story there, itself too, without
    its text; `newer`: those written anew from it, the newest first."""

    editions: list[Edition]
    others: list[Story]
    newer: list[Story]

    @property
    def missing(self) -> list[Edition]:
        there = {story.locale_id for story in self.others}
        return [edition for edition in self.editions if edition.locale_id not in there]


def in_editions(story: Story) -> InEditions:
    """Read once for a story in memory: its form shows it in four places."""
    if not hasattr(story, "_in_editions"):
        editions = list(Edition.objects.select_related("locale"))
        found = list(_kin(story)) if story.pk else []
        others = [each for each in found if each.translation_key == story.translation_key]
        newer = [each for each in reversed(found) if each.evolved_from_id == story.pk]
        story._in_editions = InEditions(editions, others, newer)
    known: InEditions = story._in_editions
    return known


def _kin(story: Story) -> QuerySet[Story]:
    """The story and its translations, and those written anew from it."""
    kin = Q(translation_key=story.translation_key) | Q(evolved_from=story.pk)
    found = Story.objects.filter(kin).select_related("latest_revision", "locale")
    return found.defer("body", "search_text", "latest_revision__content").order_by("pk")


def missing_editions(story: Story) -> list[Edition]:
    """The editions that this story is not in."""
    return in_editions(story).missing


def edit_url(story: Story) -> str:
    return reverse("wagtailsnippets_newsroom_story:edit", args=[story.pk])


# --- the source beside the translation -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the source's text: `change` is empty, `new` or `gone`, since what is followed."""

    kind: str
    html: SafeString
    change: str = ""


class SourceSidePanel(BaseSidePanel):
    """The source of a translation as it is now, and what changed since the version it follows."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Toggle source")
        icon_name = "globe"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> Any:
            context = super().get_context_data(parent_context)
            context["count"] = int(behind_of(self.panel.object) is not None)
            return context

    name = "source"
    title = gettext_lazy("Source")
    template_name = "newsroom/side_panels/source.html"
    order = 150

    class Media:
        js = ["newsroom/source.js"]

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        story: Story = self.object
        source = story.translated_from
        newest = translations.version_of(source, source.version) if source else None
        return {
            **context,
            "source": source,
            "source_url": edit_url(source) if source else "",
            "edition": source.edition if source else None,
            "behind": behind_of(story),
            "follows": story.follows_version,
            "passages": passages(newest, since=self._followed(story)) if newest else [],
        }

    @staticmethod
    def _followed(story: Story) -> Item | None:
        assert story.translated_from is not None
        if not story.follows_version or story.follows_version >= story.translated_from.version:
            return None
        return translations.version_of(story.translated_from, story.follows_version)


def behind_of(story: Story) -> translations.Behind | None:
    """That a translation is behind its source, if it is."""
    return getattr(story, "behind", None) if story.pk and story.translated_from_id else None


def passages(newest: Item, *, since: Item | None) -> list[Passage]:
    """The text passage by passage. With an older version, those that are new or gone are marked."""
    now = list(_passages(newest))
    if since is None:
        return now
    before = list(_passages(since))
    found: list[Passage] = []
    for how, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if how == "equal":
            found += now[c:d]
            continue
        found += [Passage(each.kind, each.html, "gone") for each in before[a:b]]
        found += [Passage(each.kind, each.html, "new") for each in now[c:d]]
    return found


def _passages(item: Item) -> Iterator[Passage]:
    yield Passage("headline", escape(item.headline))
    if item.summary:
        yield Passage("summary", escape(item.summary))
    for note in item.corrections:
        yield Passage("correction", escape(note.note))
    for block in item.body:
        yield Passage(str(block.__struct_config__.tag), _html(block))


def _html(block: Block) -> SafeString:
    """A block as reading matter. Inline HTML of an Item was cleaned when it was released."""
    match block:
        case items.Paragraph(html=html):
            return mark_safe(html)  # noqa: S308
        case items.List(entries=entries):
            return format_html_join("", "<li>{}</li>", ((mark_safe(e),) for e in entries))  # noqa: S308
        case items.Subhead(text=text):
            return escape(text)
        case items.Quotation(text=text, speaker=speaker):
            return escape(f"“{text}” {speaker}".strip())
        case items.Table(rows=rows):
            return format_html_join("", "<li>{}</li>", ((" · ".join(row),) for row in rows))
        case items.GalleryBlock(pictures=pictures, title=title):
            said = (title, *(each.caption or each.alt for each in pictures))
            return escape(" · ".join(filter(None, said)))
        case items.PictureBlock(picture=picture):
            return escape(picture.caption or picture.alt)
        case items.Embed(url=url, title=title):
            return escape(title or url)
    assert_never(block)
