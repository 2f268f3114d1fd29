"""Dateline: a news agency in one package. `docs/explanation/design.md` draws the rooms."""

__version__ = "0.1.0"
