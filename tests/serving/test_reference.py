"""The reference pages name every setting and every command there is."""

from pathlib import Path

import pytest

from dateline.cli import _parser
from dateline.env import SETTINGS

REFERENCE = Path(__file__).parent.parent.parent / "docs" / "reference"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_stands_in_the_reference_with_its_default_and_sentence(setting):
    default = f"`{setting.default}`" if setting.default else "empty"
    row = f"| `{setting.name}` | {default} | {setting.sentence} |"

    assert row in (REFERENCE / "settings.md").read_text()


def test_every_command_stands_in_the_reference():
    text = (REFERENCE / "commands.md").read_text()
    [commands] = [a.choices for a in _parser()._actions if isinstance(a.choices, dict)]

    assert [name for name in commands if f"`dateline {name}" not in text] == []
