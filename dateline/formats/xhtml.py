"""A story's body as XHTML elements inside other XML, and such elements as HTML again."""

import lxml.html
from lxml import etree

from dateline.formats.body import blocks_html, blocks_of
from dateline.formats.lexical import xml_text
from dateline.formats.publication import Publication
from dateline.formats.xml import begin, local
from dateline.items import Block, GalleryBlock, Item, Picture, PictureBlock

NAMESPACE = "http://www.w3.org/1999/xhtml"


def body_of(item: Item, publication: Publication) -> etree._Element:
    """The blocks of the story as children of a `body` element."""
    markup = xml_text(blocks_html(item.body, publication))
    root = lxml.html.fragment_fromstring(f"<div>{markup}</div>", create_parent="div")[0]
    body = begin(NAMESPACE, "body")
    body.text = root.text
    for child in list(root):
        body.append(child)
    for element in body.iterdescendants():
        if isinstance(element.tag, str):
            element.tag = f"{{{NAMESPACE}}}{element.tag}"
    return body


def blocks_in(
    body: etree._Element, publication: Publication | None, pictures: tuple[Picture, ...] = ()
) -> tuple[Block, ...]:
    """The blocks in an element of XHTML, whatever its namespace.

    XHTML holds one file of a picture: `pictures` are those of the text in order, in full.
    """
    for element in body.iter():
        if isinstance(element.tag, str):
            element.tag = local(element)
            etree.cleanup_namespaces(element)
    inner = xml_text(body.text or "").replace("&", "&amp;").replace("<", "&lt;")
    parts = (etree.tostring(child, encoding="unicode", method="html") for child in body)
    blocks = blocks_of(inner + "".join(map(str, parts)), publication)
    return with_pictures(blocks, pictures)


def with_pictures(body: tuple[Block, ...], pictures: tuple[Picture, ...]) -> tuple[Block, ...]:
    """The body with its pictures, in order, as they are described in full elsewhere."""
    known = iter(pictures)

    def whole(block: Block) -> Block:
        match block:
            case PictureBlock(picture=picture):
                return PictureBlock(picture=next(known, picture))
            case GalleryBlock(pictures=shown, title=title):
                return GalleryBlock(
                    pictures=tuple(next(known, picture) for picture in shown), title=title
                )
        return block

    return tuple(map(whole, body))
