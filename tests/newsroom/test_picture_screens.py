"""Pictures on the screens: dropped in, told of, edited with their facts and crops, by who may."""

import gc
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.users.models import UserProfile

from dateline.newsroom import roles
from dateline.newsroom.making import PictureWork
from dateline.newsroom.picture_facts import PictureFacts
from tests.newsroom.desk import desk_of, form_of, person, url
from tests.newsroom.shots import XMP, drawing, jpeg, upload

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

DROP = "/desk/pictures/drop/"


@pytest.fixture
def pier(newsroom):
    yield Image.objects.create(title="Pier", file=upload(jpeg(xmp=XMP), "DSC_7.jpg"))
    gc.collect()


def card(desk, image):
    return desk.get(reverse("newsroom_picture_card", args=[image.pk])).json()


def edited(image, **changes):
    """What the picture's form posts."""
    facts = image.facts
    return {
        "title": image.title,
        "collection": "1",
        "description": image.description,
        "tags": "",
        "caption": facts.caption,
        "credit": facts.credit,
        "copyright_notice": facts.copyright_notice,
        "usage_terms": facts.usage_terms,
        "created_at": "2031-05-04 07:12",
        "place": facts.place,
        "source_type": facts.source_type,
        "expires_at": "",
        "crops": "{}",
        "focal_point_x": "",
        "focal_point_y": "",
        "focal_point_width": "",
        "focal_point_height": "",
        **changes,
    }


def test_a_dropped_file_comes_back_chosen_with_its_words(desk):
    told = desk.post(DROP, {"file": upload(jpeg(xmp=XMP))}).json()
    image = Image.objects.get()
    assert told["chosen"]["id"] == image.pk
    assert told["chosen"]["title"] == image.title == "Harbour at dawn"
    assert told["words"] == {
        "alt": "Cranes over still water",
        "caption": "The harbour at dawn, 4 May 2031",
        "credit": "Ivan Sad / Meridian",
    }
    assert "© 2031 Ivan Sad" in told["card"]
    assert image.uploaded_by_user.username == "editor"
    gc.collect()


def test_a_dropped_file_that_is_no_picture_says_why(desk):
    response = desk.post(DROP, {"file": upload(b"no picture")})
    assert response.status_code == 400
    assert "no picture that can be read" in response.json()["error"]
    assert not Image.objects.exists()
    assert desk.post(DROP, {}).status_code == 400


def test_a_drop_tells_of_its_twins(desk, pier):
    told = desk.post(DROP, {"file": upload(jpeg(xmp=XMP), "again.jpg")}).json()
    assert told["twins"] == ["Pier"]
    assert "Looks like" in told["card"]


def test_who_may_not_upload_cannot_drop(newsroom):
    manager = desk_of(person("manager", roles.CLIENT_MANAGER))
    assert manager.post(DROP, {"file": upload(jpeg())}).status_code in (302, 403)
    assert not Image.objects.exists()


def test_the_card_says_that_rights_are_over(desk, pier):
    assert "rights are over" not in card(desk, pier)["card"]
    PictureFacts.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert "rights are over" in card(desk, pier)["card"]


def test_the_card_shows_each_crop(desk, pier):
    shown = card(desk, pier)["card"]
    for use in ("16:9", "3:2", "1:1"):
        assert use in shown


def test_the_story_form_shows_the_card_of_its_picture(desk, draft, pier):
    draft.picture, draft.picture_alt = pier, "A pier"
    draft.save_revision()
    assert "Ivan Sad / Meridian" in desk.get(url("edit", draft.pk)).content.decode()


def test_a_picture_editor_changes_facts_and_crops(picture_editor, pier):
    desk = desk_of(picture_editor)
    PictureWork.objects.all().delete()
    crops = {"1:1": [0.25, 0.0, 0.5]}
    response = desk.post(
        reverse("wagtailimages:edit", args=[pier.pk]),
        edited(
            pier, credit="Ours", source_type="humanEdits", crops=json.dumps(crops),
            expires_at="2031-06-01 12:00",
        ),
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    facts = PictureFacts.objects.get()
    assert (facts.credit, facts.source_type, facts.crops) == ("Ours", "humanEdits", crops)
    assert facts.expires_at.year == 2031
    assert facts.caption == "The harbour at dawn, 4 May 2031"
    assert PictureWork.objects.exists()


def test_rights_end_at_the_agencys_time_whatever_zone_the_person_chose(picture_editor, pier):
    profile = UserProfile.get_for_user(picture_editor)
    profile.current_time_zone = "America/New_York"
    profile.save()
    desk = desk_of(picture_editor)
    address = reverse("wagtailimages:edit", args=[pier.pk])
    desk.post(address, edited(pier, expires_at="2031-06-01 12:00"))
    assert PictureFacts.objects.get().expires_at == datetime(2031, 6, 1, 9, tzinfo=UTC)
    assert 'value="2031-06-01 12:00"' in desk.get(address).content.decode()
    skipped = desk.post(address, edited(pier, expires_at="2031-03-30 03:30"))
    assert "does not exist" in skipped.content.decode()


def test_words_that_an_editor_empties_stay_empty(picture_editor, pier):
    desk = desk_of(picture_editor)
    desk.post(reverse("wagtailimages:edit", args=[pier.pk]), edited(pier, caption=""))
    assert PictureFacts.objects.get().caption == ""


def test_rights_that_are_renewed_are_looked_at_anew(picture_editor, pier):
    past = timezone.now() - timedelta(days=1)
    PictureFacts.objects.update(expires_at=past, left_at=timezone.now())
    desk = desk_of(picture_editor)
    later = edited(pier, expires_at="2031-06-01 12:00")
    desk.post(reverse("wagtailimages:edit", args=[pier.pk]), later)
    assert PictureFacts.objects.get().left_at is None


@pytest.mark.parametrize("crops", ["{", "[]", '{"1:1": [0, 0, 7]}', '{"4:3": [0, 0, 1]}'])
def test_crops_that_cannot_be_are_refused_and_nothing_is_changed(picture_editor, pier, crops):
    desk = desk_of(picture_editor)
    response = desk.post(
        reverse("wagtailimages:edit", args=[pier.pk]), edited(pier, crops=crops, credit="Ours")
    )
    assert response.status_code == 200
    assert "crops" in response.context["form"].errors
    assert PictureFacts.objects.get().credit == "Ivan Sad / Meridian"


def test_a_new_file_in_its_place_brings_its_own_crops(picture_editor, pier):
    desk = desk_of(picture_editor)
    other = upload(jpeg(drawing(seed=8)), "other.jpg")
    crops = json.dumps({"1:1": [0.25, 0.0, 0.5]})
    desk.post(
        reverse("wagtailimages:edit", args=[pier.pk]), edited(pier, file=other, crops=crops)
    )
    assert PictureFacts.objects.get().crops == {}


def test_the_form_of_many_asks_each_for_its_facts(desk):
    told = desk.post(
        "/desk/images/multiple/add/",
        {"title": "DSC_0042", "files[]": upload(jpeg(xmp=XMP)), "collection": "1"},
        headers={"x-requested-with": "XMLHttpRequest"},
    ).json()
    assert "Ivan Sad / Meridian" in told["form"]
    gc.collect()


def test_the_list_has_a_place_to_drop_for_who_may_upload(desk):
    assert "data-drop-place" in desk.get(reverse("wagtailimages:index")).content.decode()


def test_a_picture_without_alt_text_in_a_gallery_is_named_when_it_is_released(desk, pier):
    fields = form_of(
        **{
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "gallery",
            "body-0-id": "",
            "body-0-value-title": "",
            "body-0-value-pictures-count": "1",
            "body-0-value-pictures-0-deleted": "",
            "body-0-value-pictures-0-order": "0",
            "body-0-value-pictures-0-type": "",
            "body-0-value-pictures-0-id": "",
            "body-0-value-pictures-0-value-image": str(pier.pk),
            "body-0-value-pictures-0-value-alt": "",
            "body-0-value-pictures-0-value-caption": "",
            "body-0-value-pictures-0-value-credit": "",
            "action-publish": "action-publish",
        }
    )
    fields.pop("body-0-value")
    response = desk.post(f"{url('add')}?locale=en", fields)
    assert response.status_code == 200
    assert response.context["form"].errors["body"]
