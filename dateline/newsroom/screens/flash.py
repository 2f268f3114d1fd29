"""Flash: one short form, as a dialog over any screen of the newsroom or as a page of its own."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from dateline.newsroom.documents import Edition, Section
from dateline.newsroom.flash import Flash, FlashSent, release_flash
from dateline.newsroom.screens.attempts import NotDone, all_or_nothing
from dateline.newsroom.screens.editing import reader_path, released_message
from dateline.newsroom.screens.topics import TopicsField
from dateline.newsroom.story import Story

MAY_FLASH = "newsroom.publish_story"


class FlashForm(forms.Form):
    """`token` is the guid that the story will have: sent twice, it is one flash."""

    headline = forms.CharField(
        label=gettext_lazy("Headline"),
        max_length=Story._meta.get_field("headline").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={"required": gettext_lazy("A flash is its headline: write it.")},
    )
    section = forms.ChoiceField(
        label=gettext_lazy("Section"),
        error_messages={"required": gettext_lazy("Choose the section it goes out in.")},
    )
    topics = TopicsField(
        label=gettext_lazy("Topic"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "list": "desk-flash-topics",
                "data-suggestions-url": reverse_lazy("newsroom_topics"),
            }
        ),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # Too long is said at the field; a browser that cuts what was pasted says nothing.
        self.fields["headline"].widget.attrs.pop("maxlength", None)
        self.fields["section"].choices = _sections()  # type: ignore[attr-defined]
        self.initial = {"token": uuid.uuid4(), "section": _last_section(user), **self.initial}

    def flash(self) -> Flash:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        sections = Section.objects.select_related("edition__locale")
        return Flash(
            guid=typed["token"].urn,
            headline=typed["headline"],
            section=sections.get(pk=typed["section"]),
            topics=typed["topics"],
        )

    def renewed(self) -> "FlashForm":
        """The same words under a token of their own."""
        return FlashForm({**self.data.dict(), "token": str(uuid.uuid4())}, user=self.user)  # type: ignore[attr-defined]


@never_cache
@permission_required(MAY_FLASH, raise_exception=True)
@require_http_methods(["GET", "POST"])
def flash(request: HttpRequest) -> HttpResponse:
    """The form, and its answer: in a dialog a part of a page, else a page or a redirect."""
    if request.method != "POST":
        return _shown(request, FlashForm(user=request.user))
    form = FlashForm(request.POST, user=request.user)
    if not form.is_valid():
        return _shown(request, form)
    try:
        with all_or_nothing(form.cleaned_data["headline"]):
            story = release_flash(form.flash(), by=request.user)
    except NotDone as error:
        if isinstance(error.__cause__, FlashSent):
            form = form.renewed()
        form.add_error(None, error.message)
        return _shown(request, form)
    return _released(request, story)


class FlashMenuItem(MenuItem):
    """In the sidebar for those who may release; `f` opens it anywhere (screens/keys.py)."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("New flash"),
            reverse_lazy("newsroom_flash"),
            name="flash",
            icon_name="warning",
            order=5,
            attrs={"data-flash-opens": ""},
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_FLASH)


def _shown(request: HttpRequest, form: FlashForm) -> HttpResponse:
    template = "newsroom/flash/form.html" if _in_dialog(request) else "newsroom/flash/page.html"
    return render(request, template, {"form": form})


def _released(request: HttpRequest, story: Story) -> HttpResponse:
    edit_url = reverse("wagtailsnippets_newsroom_story:edit", args=[story.pk])
    if _in_dialog(request):
        facts = {"story": story, "path": reader_path(story), "edit_url": edit_url}
        return render(request, "newsroom/flash/released.html", facts)
    said = format_html("{} {}", _("The flash is out."), released_message(story))
    messages.success(request, said, buttons=[messages.button(edit_url, _("Write on"))])
    return redirect("newsroom_flash")


def _in_dialog(request: HttpRequest) -> bool:
    return request.headers.get("x-requested-with") == "XMLHttpRequest"


def _sections() -> list[tuple[str, list[tuple[str, str]]]]:
    """Sections under their editions, after an empty choice: none is guessed for a first flash."""
    found: dict[int, list[tuple[str, str]]] = {}
    for section in Section.objects.order_by("order", "pk"):
        found.setdefault(section.edition_id, []).append((str(section.pk), section.name))
    editions = [(each.name, found.get(each.pk, [])) for each in Edition.objects.all()]
    return [("", [("", "—")]), *editions]


def _last_section(user: Any) -> str:
    """Where the person's newest story stands, which is where the next one mostly goes."""
    mine = Story.objects.filter(created_by=user, section__isnull=False)
    number = mine.order_by("-pk").values_list("section_id", flat=True).first()
    return str(number or "")
