"""The blocks that a story's body is written in."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "italic", "superscript", "subscript", "link"]
"""What a sentence may contain. The same subset as `items.Paragraph`."""


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Exact words"), help_text=_("Without quotation marks"))
    speaker = blocks.CharBlock(label=_("Speaker"), required=False, max_length=120)
    office = blocks.CharBlock(
        label=_("Office"), required=False, max_length=160, help_text=_("Such as: finance minister")
    )

    class Meta:
        icon = "openquote"
        label = _("Quotation")


class EntriesBlock(blocks.StructBlock):
    ordered = blocks.BooleanBlock(label=_("Numbered"), required=False)
    entries = blocks.ListBlock(blocks.RichTextBlock(features=INLINE), label=_("Entries"))

    class Meta:
        icon = "list-ul"
        label = _("List")


class StoryPictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What it shows"),
        max_length=250,
        help_text=_("For readers who cannot see it (alt text)"),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=500)
    credit = blocks.CharBlock(label=_("Credit"), required=False, max_length=120)

    class Meta:
        icon = "image"
        label = _("Picture")


class GalleryBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=160)
    pictures = blocks.ListBlock(StoryPictureBlock(), label=_("Pictures"), min_num=1)

    class Meta:
        icon = "images"
        label = _("Gallery")


class LinkedEmbedBlock(blocks.StructBlock):
    """Shown to readers as a link: the site loads nothing from other servers."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=250)

    class Meta:
        icon = "media"
        label = _("Embed")


class BodyBlock(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(features=INLINE, icon="pilcrow", label=_("Paragraph"))
    subhead = blocks.CharBlock(icon="title", label=_("Subhead"), max_length=160)
    quotation = QuotationBlock()
    list = EntriesBlock()
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label=_("Text"), required=False))],
        icon="table",
        label=_("Table"),
    )
    picture = StoryPictureBlock()
    gallery = GalleryBlock()
    embed = LinkedEmbedBlock()
