"""The newsroom's addresses, under /desk/."""

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from dateline.newsroom import notices
from dateline.newsroom.screens import entities, pictures, subjects, topics
from dateline.newsroom.screens.behind import BehindView
from dateline.newsroom.screens.board import board, moves
from dateline.newsroom.screens.claiming import act_and_open, claim, live, session
from dateline.newsroom.screens.coming_up import ComingUpView
from dateline.newsroom.screens.comparing import restore
from dateline.newsroom.screens.conflicts import ConflictView
from dateline.newsroom.screens.flash import flash
from dateline.newsroom.screens.hot_list import HotListView, searched
from dateline.newsroom.screens.keys import new
from dateline.newsroom.screens.links import links
from dateline.newsroom.screens.media import media
from dateline.newsroom.screens.merging import MergeView
from dateline.newsroom.screens.notes import add_note, people
from dateline.newsroom.screens.notices import notice_list, unread
from dateline.newsroom.screens.preview_links import OpenView, PreviewLinksView, picture
from dateline.newsroom.screens.trail import TrailView
from dateline.newsroom.screens.translating import TranslateView

# Once every application is ready, and wherever there are screens.
notices.silence_wagtails()

# Signed in with a right to the newsroom, each of them.
_ours = [
    path("flash/", flash, name="newsroom_flash"),
    path("new/", new, name="newsroom_new"),
    path("topics/", topics.suggestions, name="newsroom_topics"),
    path("topics/<int:pk>/merge/", MergeView.as_view(), name="newsroom_topic_merge"),
    path("hot-list/", HotListView.as_view(), name="newsroom_hot_lists"),
    path("hot-list/<str:code>/search/", searched, name="newsroom_hot_list_search"),
    re_path(
        r"^hot-list/(?P<code>[\w-]+)/(?P<place>hot|front)/$",
        HotListView.as_view(),
        name="newsroom_hot_list",
    ),
    path("subjects/", subjects.suggestions, name="newsroom_subjects"),
    path("entities/", entities.suggestions, name="newsroom_entities"),
    path("board/", board, name="newsroom_board"),
    path("board/<slug:slug>/", board, name="newsroom_board"),
    path("board/<slug:slug>/moves/", moves, name="newsroom_board_moves"),
    path("session/", session, name="newsroom_session"),
    path("claims/<int:pk>/live/", live, name="newsroom_live"),
    path("claims/<int:pk>/<slug:act>/then/", act_and_open, name="newsroom_claim_form"),
    path("claims/<int:pk>/<slug:act>/", claim, name="newsroom_claim"),
    path(
        "stories/<int:pk>/two-saves/<int:mine>/<int:base>/",
        ConflictView.as_view(),
        name="newsroom_conflict",
    ),
    path(
        "stories/<int:pk>/versions/<int:revision>/restore/",
        restore,
        name="newsroom_restore_version",
    ),
    path("coming-up/", ComingUpView.as_view(), name="newsroom_coming_up"),
    path(
        "stories/<int:pk>/preview-links/",
        PreviewLinksView.as_view(),
        name="newsroom_preview_links",
    ),
    path("notes/<int:pk>/", add_note, name="newsroom_note"),
    path("people/", people, name="newsroom_people"),
    path("notices/", notice_list, name="newsroom_notices"),
    path("notices/unread/", unread, name="newsroom_notices_unread"),
    path("pictures/drop/", pictures.drop, name="newsroom_picture_drop"),
    path("pictures/<int:pk>/card/", pictures.card, name="newsroom_picture_card"),
    path("media/<path:path>", media, name="newsroom_media"),
    path("links/", links, name="newsroom_links"),
    path("trail/", TrailView.as_view(), name="newsroom_trail"),
    path(
        "trail/results/", TrailView.as_view(results_only=True), name="newsroom_trail_results"
    ),
    path("files/", include(wagtaildocs_urls)),
    path("behind/", BehindView.as_view(), name="newsroom_behind"),
    path(
        "behind/results/", BehindView.as_view(results_only=True), name="newsroom_behind_results"
    ),
    # In the place of Wagtail's own, which knows nothing of versions that a translation follows.
    path(
        "translation/submit/snippet/newsroom/story/<int:pk>/",
        TranslateView.as_view(),
        name="newsroom_translate",
    ),
]

outside = [
    path("<str:token>/", OpenView.as_view(), name="newsroom_preview_open"),
    path("<str:token>/<int:pk>", picture, name="newsroom_preview_picture"),
]
"""For those whom the newsroom gave a link: no sign-in, and no cookie."""

urlpatterns = [
    *decorate_urlpatterns(_ours, require_admin_access),
    path("", include(wagtailadmin_urls)),
]
