"""What people paste: from Word, from a web page, right to left, with emoji. Readers get the words,
and none of the markup that came with them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agency import Agency
from tests.journeys.desk import Desk
from tests.journeys.reader import Reader

FROM_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>
<!-- p.MsoNormal {margin:0cm; font-family:"Calibri"} --></style></head><body>
<!--StartFragment--><p class=MsoNormal style='margin-left:36pt'><span lang=EN-GB
style='font-size:14pt;color:#c00000'>The <b style='mso-bidi-font-weight:normal'>harbour</b>
opens<o:p></o:p></span></p><p class=MsoNormal>at &#8220;dawn&#8221;.<o:p>&nbsp;</o:p></p>
<!--EndFragment--></body></html>"""

FROM_A_PAGE = """<meta charset="utf-8"><div style="position:fixed" onclick="alert(1)">
<h2>Ferries</h2><p>Ferries <a
href="https://ferries.example/times" class="track" onclick="alert(2)">sail
hourly</a>.<script>alert(3)</script><img src="x" onerror="alert(4)"></p>
<iframe src="https://ads.example/"></iframe></div>"""

RIGHT_TO_LEFT = "افتتاح الميناء عند الفجر"
EMOJI = "Port opens 🚢 early 👩‍🚒"

PASTE = """([target, html]) => {
    const pasted = new DataTransfer();
    pasted.setData("text/html", html);
    pasted.setData("text/plain", new DOMParser().parseFromString(html, "text/html").body.innerText);
    target.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: pasted, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def editor(window: Callable[..., Page], agency: Agency) -> Desk:
    return Desk(window(viewport={"width": 1300, "height": 900}), agency=agency, user="selma")


@pytest.mark.parametrize(
    ("html", "words", "kept"),
    [
        (FROM_WORD, ("harbour", "opens", "“dawn”."), "<b>harbour</b>"),
        (FROM_A_PAGE, ("Ferries", "hourly"), 'href="https://ferries.example/times"'),
    ],
    ids=["Word", "a web page"],
)
def test_pasted_text_keeps_its_words_and_leaves_its_markup(
    editor: Desk, window: Callable[..., Page], agency: Agency, html: str, words, kept: str
) -> None:
    page = editor.page
    page.on("dialog", lambda dialog: editor.faults.append(dialog.message))
    headline = f"Pasted: {words[0]} {words[1]}"
    editor.begin(headline, section="Economy", paragraph="It says: ")
    field = page.locator("[contenteditable=true]").first
    field.focus()
    page.keyboard.press("Control+End")
    page.evaluate(PASTE, [field.element_handle(), html])
    expect(field).to_contain_text(words[-1])
    editor.do("Release", then="Released as version 1")

    reader = Reader(window(), url=agency.url)
    reader.finds("/en/latest/", headline)
    reader.page.get_by_role("link", name=headline).first.click()
    body = reader.page.locator(".body, article").first
    for word in words:
        expect(body).to_contain_text(word)
    shown = body.inner_html()
    assert kept in shown
    for markup in ("Mso", "style=", "<o:p", "onclick", "onerror", "<script", "<iframe", "font"):
        assert markup not in shown
    assert editor.faults == []


@pytest.mark.parametrize("headline", [RIGHT_TO_LEFT, EMOJI], ids=["right to left", "emoji"])
def test_any_headline_reaches_readers_as_it_was_typed(
    headline: str, editor: Desk, window: Callable[..., Page], agency: Agency
) -> None:
    editor.begin(headline, section="Economy", paragraph=headline)
    expect(editor.page.get_by_role("textbox", name="Headline")).to_have_attribute("dir", "auto")
    editor.do("Release", then="Released as version 1")
    reader = Reader(window(), url=agency.url)
    reader.finds("/en/latest/", headline)
    reader.page.get_by_role("link", name=headline).first.click()
    expect(reader.page.locator("h1")).to_have_text(headline)
    assert editor.faults == []
