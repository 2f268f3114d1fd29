"""The client manager's screens speak Ukrainian: every string they mark has its translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

import dateline.wire

ROOM = Path(dateline.wire.__file__).parent


def marked() -> Iterator[str]:
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and getattr(node.func, "id", "")
            if named in {"_", "gettext", "gettext_lazy"} and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
    for path in ROOM.rglob("*.html"):
        text = path.read_text()
        yield from re.findall(r"{% trans \"([^\"]*)\"", text)
        yield from re.findall(r"_\(\"([^\"]*)\"\)", text)
        for found in re.findall(r"{% blocktrans[^%]*%}(.*?){% endblocktrans", text, re.DOTALL):
            yield re.sub(r"{{ (\w+) }}", r"%(\1)s", found.partition("{% plural %}")[0])


def test_every_marked_string_is_translated():
    strings = set(marked())
    assert len(strings) > 80
    with translation.override("uk"):
        assert [text for text in sorted(strings) if translation.gettext(text) == text] == []


def test_what_is_counted_has_its_three_forms():
    with translation.override("uk"):
        one, many = "%(counter)s release", "%(counter)s releases"
        assert len({translation.ngettext(one, many, n) for n in (1, 2, 5)}) == 3
