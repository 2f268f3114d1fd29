"""The form of a picture: what it is, whose it is, until when it may be shown, and its crops.

Wagtail's own screens use it (WAGTAILIMAGES_IMAGE_FORM_BASE), so a picture that is dropped, pasted,
chosen or edited is asked the same, and a file that is no picture, or that would fill the memory, is
refused at the field with what to do instead.
"""

import json
import logging
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image as Pillow
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateTimeInput
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from dateline.newsroom import crops
from dateline.newsroom.clock import AgencyTimeField
from dateline.newsroom.likeness import likeness
from dateline.newsroom.picture_facts import PictureFacts, facts_of

logger = logging.getLogger(__name__)

WORDS = (
    "caption",
    "credit",
    "copyright_notice",
    "usage_terms",
    "created_at",
    "place",
    "source_type",
    "expires_at",
)
"""Facts that a person fills in, in the order of the form."""

_HELP: dict[str, Any] = {
    "caption": gettext_lazy("What is to be seen, who, where and when. A story may say it anew."),
    "credit": gettext_lazy("Whom readers are told it is from: Ivan Sad / Meridian"),
    "copyright_notice": gettext_lazy("As the owner writes it: © 2031 Ivan Sad"),
    "usage_terms": gettext_lazy("What we and our clients may do with it. Clients read it."),
    "source_type": gettext_lazy("How it came to be. Readers are told what was made with AI."),
    "expires_at": gettext_lazy(
        "At this moment every story that shows it is released without it. Empty: for ever."
    ),
}


class PictureFileField(WagtailImageField):
    """A file that is a whole picture, of a size that can be worked on."""

    def to_python(self, data: Any) -> Any:
        try:
            found = super().to_python(data)
            if found is not None:
                _look_through(found)
        except ValidationError as fault:
            raise self._in_words(fault) from None
        except Exception as fault:
            # Whatever a decoder raises at a file that is broken, or made to break it.
            logger.info("Refused %s: %r", getattr(data, "name", "a file"), fault)
            raise ValidationError(_BROKEN, code="invalid_image") from fault
        return found

    def _in_words(self, fault: ValidationError) -> ValidationError:
        code = str(getattr(fault, "code", "") or "")
        words = {
            "file_too_many_pixels": _(
                "This picture is too large: more than %(millions)s million pixels. Save it "
                "smaller, some 8,000 pixels at its longer side, and upload that."
            )
            % {"millions": self.max_image_pixels // 1_000_000},
            "invalid_image": _BROKEN,
            "file_too_large": _(
                "This file is larger than %(most)s. Save the picture as a JPEG and upload that."
            )
            % {"most": filesizeformat(self.max_upload_size)},
        }
        return ValidationError(str(words[code]), code=code) if code in words else fault


_BROKEN = gettext_lazy(
    "This is no picture that can be read: it may be cut short, or another kind of file under a "
    "picture's name. Open it where it comes from, save it as JPEG or PNG, and upload that."
)


def _look_through(found: Any) -> None:
    """Read it to its end, as a reader's browser would: a header alone proves nothing."""
    file = found.file if hasattr(found, "file") else found
    file.seek(0)
    with Pillow.open(file) as opened:
        likeness(opened)
    file.seek(0)


class CropsField(forms.CharField):
    """Parts of a picture by use, as JSON; empty where they follow from the focal point."""

    widget = forms.HiddenInput(attrs={"data-crops": ""})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value or {})

    def clean(self, value: Any) -> dict[str, list[float]]:
        try:
            return crops.chosen_in(json.loads(value or "{}"))
        except (ValueError, TypeError) as fault:
            raise ValidationError(_("The crops are not readable. Set them again.")) from fault


class PictureForm(BaseImageForm):
    """Wagtail's form of an image and, of one that is there, its facts."""

    crops = CropsField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._take_files_with_care()
        if "description" in self.fields:
            self.fields["description"].label = _("What it shows")
            self.fields["description"].help_text = _(
                "For readers who cannot see it (alt text). A story may say it anew."
            )
        if self.instance.pk is None:
            # Its file is yet to be read: it is asked for them once it is there.
            del self.fields["crops"]
            return
        self.facts = facts_of(self.instance)
        self.fields |= _facts_fields()
        self.initial |= {name: getattr(self.facts, name) for name in (*WORDS, "crops")}

    def save(self, commit: bool = True) -> Any:
        image = super().save(commit=commit)
        if commit and image.pk and "crops" in self.fields:
            self._save_facts()
        return image

    def _save_facts(self) -> None:
        changed = {
            name: self.cleaned_data[name]
            for name in (*WORDS, "crops")
            if name in self.changed_data and name in self.cleaned_data
        }
        if "expires_at" in changed:
            changed["left_at"] = None
        if "file" in self.changed_data:
            # Parts of another picture.
            changed.pop("crops", None)
        if changed:
            PictureFacts.objects.filter(pk=self.facts.pk).update(**changed)

    def _take_files_with_care(self) -> None:
        if "file" not in self.fields:
            return
        plain = self.fields["file"]
        careful = PictureFileField(
            label=plain.label, required=plain.required, widget=plain.widget
        )
        # What pictures a browser offers for choosing.
        careful.widget.attrs |= plain.widget.attrs
        self.fields["file"] = careful


def _facts_fields() -> dict[str, forms.Field]:
    widgets = {
        "caption": AdminAutoHeightTextInput,
        "usage_terms": AdminAutoHeightTextInput,
        "created_at": AdminDateTimeInput,
        "expires_at": AdminDateTimeInput,
    }
    fields = forms.fields_for_model(PictureFacts, fields=WORDS, widgets=widgets, help_texts=_HELP)
    for name in ("created_at", "expires_at"):
        plain = fields[name]
        fields[name] = AgencyTimeField(
            label=plain.label, help_text=plain.help_text, required=False, widget=plain.widget
        )
    for field in fields.values():
        field.label = str(field.label)[:1].upper() + str(field.label)[1:]
    return fields
