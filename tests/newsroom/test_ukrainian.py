"""The newsroom speaks Ukrainian: every string it marks has its translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

import dateline.newsroom
from tests.newsroom.desk import url

ROOM = Path(dateline.newsroom.__file__).parent

SAME = {"economy"}
"""What is alike in both languages."""


def marked() -> Iterator[str]:
    """The strings marked for translation in the room's code and templates."""
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in {"_", "gettext", "gettext_lazy"}
                and isinstance(node.args[0], ast.Constant)
            ):
                yield node.args[0].value
    for path in ROOM.rglob("*.html"):
        text = path.read_text()
        yield from re.findall(r"{% trans \"([^\"]*)\"", text)
        yield from re.findall(r"{% trans '([^']*)'", text)
        for found in re.findall(r"{% blocktrans[^%]*%}(.*?){% endblocktrans", text, re.DOTALL):
            # Of what is counted, the form for one: it is found by that.
            yield re.sub(r"{{ (\w+) }}", r"%(\1)s", found.partition("{% plural %}")[0])


def test_every_marked_string_is_translated():
    strings = set(marked()) - SAME
    assert len(strings) > 150
    with translation.override("uk"):
        assert [text for text in sorted(strings) if translation.gettext(text) == text] == []


def counted() -> Iterator[tuple[str, str]]:
    for path in ROOM.rglob("*.html"):
        for found in re.findall(r"{% blocktrans[^%]*%}(.*?){% endblocktrans", path.read_text()):
            one, plural, many = re.sub(r"{{ (\w+) }}", r"%(\1)s", found).partition("{% plural %}")
            if plural:
                yield one, many


def test_what_is_counted_has_its_three_forms():
    with translation.override("uk"):
        for one, many in counted():
            forms = {translation.ngettext(one, many, n) for n in (1, 2, 5)}
            assert len(forms) >= (2 if one.startswith("up to") else 3), one


def test_the_screens_are_in_the_persons_language(desk, released):
    headers = {"accept-language": "uk"}
    assert "Нова новина: English" in desk.get(url("list"), headers=headers).content.decode()
    page = desk.get(url("edit", released.pk), headers=headers).content.decode()
    assert "Випустити оновлення" in page
    assert "Що було не так" in page
    assert (
        "Відкликати новину"
        in desk.get(url("unpublish", released.pk), headers=headers).content.decode()
    )
