"""XML in and out for all formats: read with entities and network off, written without a character
that XML cannot hold (XML 1.0, section 2.2)."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from dateline.formats.lexical import language_tag, xml_text

LANG = "{http://www.w3.org/XML/1998/namespace}lang"

DEEPEST = 200
"""Elements within each other. A story needs a dozen; a reader that recurses must not be led on."""


def parse(data: bytes) -> etree._Element:
    """The root element. Raises ValueError if this is no XML, or nested without sense.

    No entity of the document's own is replaced and no file or address is read, so a DOCTYPE does
    no harm. A tree deeper than libxml2's own bound of 256 is refused by it; ours is below it.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is no XML: {error}") from error
    if root is None:
        raise ValueError("it is empty")
    if _deeper_than(root, DEEPEST):
        raise ValueError(f"its elements are nested more than {DEEPEST} deep")
    return root


def begin(
    namespace: str, name: str, parent: etree._Element | None = None
) -> etree._Element:
    """An element whose namespace is the default one from here on; with a parent, its last child."""
    # lxml takes None for the default namespace; its stubs do not know.
    names: dict[Any, str] = {None: namespace}
    if parent is None:
        return etree.Element(f"{{{namespace}}}{name}", nsmap=names)
    return etree.SubElement(parent, f"{{{namespace}}}{name}", nsmap=names)


def add(
    parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str | None
) -> etree._Element:
    """A new last child, in the parent's namespace unless the tag names one. An attribute of None
    is left out; in attribute names `__` stands for `-` and `_` for `.`."""
    if not tag.startswith("{"):
        tag = f"{{{etree.QName(parent).namespace}}}{tag}"
    element = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        if value is not None:
            written = name.strip("_").replace("__", "-").replace("_", ".")
            element.set(written, xml_text(value))
    if text:
        element.text = xml_text(text)
    return element


def speak(element: etree._Element, language: str) -> None:
    """Set `xml:lang`, if the language has the form of a tag."""
    if tag := language_tag(language):
        element.set(LANG, tag)


def written(root: etree._Element) -> bytes:
    """The document in UTF-8 with its declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def tidy(root: etree._Element) -> None:
    """Take out the white space by which a producer laid out a document for eyes.

    Runs of it become one space; at both ends of an element that stands among others, and not in a
    sentence, it goes. Where it has a meaning (`pre`, plain text in `inlineData`) it stays.
    """
    for element in root.iter():
        if local(element) and not any(local(each) in _AS_IT_IS for each in _with_above(element)):
            _collapse(element)


_AS_IT_IS = frozenset({"pre", "inlineData"})
_WHITE = re.compile(r"[ \t\r\n]+")


def _with_above(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _collapse(element: etree._Element) -> None:
    element.text = _WHITE.sub(" ", element.text or "") or None
    for child in element:
        child.tail = _WHITE.sub(" ", child.tail or "") or None
    if _is_in_a_sentence(element):
        return
    element.text = (element.text or "").lstrip(" ") or None
    last = element[-1] if len(element) else None
    if last is None:
        element.text = (element.text or "").rstrip(" ") or None
    else:
        last.tail = (last.tail or "").rstrip(" ") or None


def _is_in_a_sentence(element: etree._Element) -> bool:
    parent = element.getparent()
    if parent is None:
        return False
    beside = (parent.text, *(child.tail for child in parent))
    return any(text and text.strip() for text in beside)


def _deeper_than(root: etree._Element, bound: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > bound:
            return True
    return False
