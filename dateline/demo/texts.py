"""The words of the patterns, read once from `patterns/<section>.<language>.txt`.

A file is a row of patterns, each opened by `== name`. A line is one block and begins with its
kind: `h` headline, `s` summary, `p` paragraph, `u` subhead, `q speaker | text` quotation,
`l intro | entry ; entry` list, `t caption | cell ; cell | …` table, `e url | title`
embed. `?` after the kind makes the block optional. `{name}` is a fact. The two languages of a
pattern have the same blocks in the same order, so that a translation says what the original does.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from dateline.demo.lexicon import Slots, fill
from dateline.items import Block, Embed, List, Paragraph, Quotation, Subhead, Table

BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a pattern, before its facts are known."""

    kind: str
    text: str
    optional: bool = False
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A pattern's words in one language."""

    headlines: tuple[str, ...]
    summary: str
    lines: tuple[Line, ...]


@cache
def read(section: str, language: str) -> dict[str, Text]:
    """The texts of a section by pattern, its `background` paragraphs among them."""
    path = files("dateline.demo") / "patterns" / f"{section}.{language}.txt"
    texts: dict[str, Text] = {}
    for part in path.read_text(encoding="utf-8").split("== ")[1:]:
        name, *rows = part.strip().split("\n")
        texts[name] = _text([_line(row) for row in rows if row])
    return texts


def _line(row: str) -> Line:
    kind, text = row.split(" ", 1)
    speaker = ""
    if kind[0] == "q":
        speaker, text = text.split(" | ", 1)
    return Line(kind[0], text, kind.endswith("?"), speaker)


def _text(lines: list[Line]) -> Text:
    headlines = tuple(line.text for line in lines if line.kind == "h")
    summary = "".join(line.text for line in lines if line.kind == "s")
    return Text(headlines, summary, tuple(line for line in lines if line.kind not in "hs"))


def blocks_of(line: Line, slots: Slots) -> tuple[Block, ...]:
    """A line as blocks of an item: one, but two for a list with its opening words."""
    text = fill(line.text, slots)
    match line.kind:
        case "p":
            return (Paragraph(html=text),)
        case "q":
            person = slots[line.speaker]
            return (Quotation(text=text, speaker=person.name, office=person.office),)
        case "u":
            return (Subhead(text=text),)
        case "l":
            intro, entries = text.split(" | ", 1)
            return (Paragraph(html=intro), List(entries=tuple(entries.split(" ; "))))
        case "t":
            caption, *rows = text.split(" | ")
            cells = tuple(tuple(cell.strip() for cell in row.split(" ; ")) for row in rows)
            return (Table(rows=cells, caption=caption, header=True),)
        case "e":
            url, title = line.text.split(" | ")
            provider = urlsplit(url).hostname or ""
            return (Embed(url=url, title=title, provider=provider),)
    raise ValueError(f"A line of a pattern begins with {line.kind!r}, which is no kind of block.")
