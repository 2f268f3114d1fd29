"""The newsroom's models, gathered for Django. Each noun has its own module."""

from dateline.newsroom.documents import Edition, Pick, PickList, Section, StandingPage, Topic
from dateline.newsroom.story import Story, StoryTopic
from dateline.newsroom.trail import TrailEntry
from dateline.newsroom.translations import Behind

__all__ = [
    "Behind",
    "Edition",
    "Pick",
    "PickList",
    "Section",
    "StandingPage",
    "Story",
    "StoryTopic",
    "Topic",
    "TrailEntry",
]
