"""The line under the text while it is written: counts, the headline's ruler, links checked.

The script does the counting; this says by which measures.
"""

from typing import Any

from django import forms
from wagtail.admin.panels import Panel

SEARCH_LENGTH = 60
"""Characters of a headline that a page of search results shows, about: beyond it is cut."""

WIRE_LENGTH = 69
"""Characters of a line of a wire (IPTC 7901): a longer headline takes two on a client's screen."""

WORDS_A_MINUTE = {"uk": 180}
PACE = 200
"""Words read in a minute, by edition and else; as the reader's page says it (a test compares)."""


class WritingPanel(Panel):
    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/writing.html"

        class Media:
            js = [forms.Script("newsroom/writing.js", type="module")]

        def show_panel_furniture(self) -> bool:
            return False

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            edition = self.instance.locale.language_code if self.instance.locale_id else ""
            return context | {
                "pace": WORDS_A_MINUTE.get(edition, PACE),
                "search_length": SEARCH_LENGTH,
                "wire_length": WIRE_LENGTH,
            }
