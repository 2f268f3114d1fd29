"""Where the newsroom's screens are registered with Wagtail, and Wagtail's own trimmed to a desk."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.images.image_operations import Operation
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from dateline.newsroom.crops import PartOperation
from dateline.newsroom.pictures import AvifSpeed
from dateline.newsroom.release import KillAction, ReleaseAction
from dateline.newsroom.saving import KEPT_ACTION
from dateline.newsroom.screens.behind import BehindMenuItem, behind_panel
from dateline.newsroom.screens.board import BoardMenuItem
from dateline.newsroom.screens.coming_up import ComingUpMenuItem, missed_panel
from dateline.newsroom.screens.desks import DesksGroup
from dateline.newsroom.screens.flash import FlashMenuItem
from dateline.newsroom.screens.home import desk_panels
from dateline.newsroom.screens.hot_list import HotListMenuItem
from dateline.newsroom.screens.keys import KeysMenuItem
from dateline.newsroom.screens.menu import in_our_words
from dateline.newsroom.screens.notices import BellMenuItem
from dateline.newsroom.screens.site import SiteGroup
from dateline.newsroom.screens.stories import StoryViewSet
from dateline.newsroom.screens.trail import TrailMenuItem
from dateline.newsroom.story import Story

register_snippet(StoryViewSet)
register_snippet(DesksGroup)
register_snippet(SiteGroup)

NOT_FOR_US = {"explorer", "help"}
"""Menu items of Wagtail's that no one here needs: there are no pages, and the help is Wagtail's."""

STYLES = tuple(
    f"newsroom/{noun}.css"
    for noun in (
        "desk",
        "board",
        "claims",
        "flash",
        "keys",
        "notes",
        "pictures",
        "translations",
        "writing",
    )
)

ADMINISTRATORS_ONLY = {"documents", "reports"}


@hooks.register("register_actions")
def release_and_kill(registry: Any) -> None:
    """Whoever asks Wagtail for a story's publish or unpublish action gets ours, with the row."""
    registry.register(Story, ReleaseAction)
    registry.register(Story, KillAction)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    label = _("Kept beside the draft")
    actions.register_action(KEPT_ACTION, label, label)


@hooks.register("register_image_operations")
def image_operations() -> list[tuple[str, type[Operation]]]:
    return [("avifspeed", AvifSpeed), ("part", PartOperation)]


@hooks.register("construct_snippet_action_menu")
def story_menu(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    if context["model"] is Story:
        in_our_words(items, request, context)


@hooks.register("register_admin_menu_item")
def board_menu_item() -> BoardMenuItem:
    return BoardMenuItem()


@hooks.register("register_admin_menu_item")
def bell_menu_item() -> BellMenuItem:
    return BellMenuItem()


@hooks.register("register_icons")
def icons(found: list[str]) -> list[str]:
    return [*found, "newsroom/icons/bell.svg"]


@hooks.register("insert_global_admin_js")
def bell_js() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("newsroom/bell.js"))


@hooks.register("register_admin_menu_item")
def hot_list_menu_item() -> HotListMenuItem:
    return HotListMenuItem()


@hooks.register("register_admin_menu_item")
def coming_up_menu_item() -> ComingUpMenuItem:
    return ComingUpMenuItem()


@hooks.register("register_admin_menu_item")
def trail_menu_item() -> TrailMenuItem:
    return TrailMenuItem()


@hooks.register("register_admin_menu_item")
def behind_menu_item() -> BehindMenuItem:
    return BehindMenuItem()


@hooks.register("construct_main_menu")
def main_menu(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [
        item
        for item in items
        if item.name not in NOT_FOR_US
        and (item.name not in ADMINISTRATORS_ONLY or request.user.is_superuser)
    ]


@hooks.register("register_admin_search_area")
def story_search() -> SearchArea:
    """The search box of the sidebar looks for stories; Wagtail's looks for pages."""
    address = reverse("wagtailsnippets_newsroom_story:list")
    return SearchArea(_("Stories"), address, name="stories", icon_name="doc-full", order=10)


@hooks.register("construct_search")
def no_pages_to_search(_request: HttpRequest, areas: list[SearchArea]) -> None:
    areas[:] = [area for area in areas if area.name != "pages"]


@hooks.register("construct_homepage_panels", order=1000)
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    mine = request.user.has_perm("newsroom.change_story")
    panels[:] = [*missed_panel(), *desk_panels(request), *behind_panel(request)] if mine else []


@hooks.register("construct_homepage_summary_items", order=1000)
def no_summary(_request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("insert_global_admin_css")
def desk_css() -> SafeString:
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(s),) for s in STYLES))


@hooks.register("register_admin_menu_item")
def keys_menu_item() -> KeysMenuItem:
    return KeysMenuItem()


@hooks.register("register_admin_menu_item")
def flash_menu_item() -> FlashMenuItem:
    return FlashMenuItem()


@hooks.register("insert_global_admin_js")
def keys_and_flash() -> SafeString:
    return format_html_join(
        "",
        '<script type="module" src="{}"></script>',
        ((static(f"newsroom/{name}.js"),) for name in ("keys", "flash")),
    )
