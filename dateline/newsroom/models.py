"""The newsroom's models, gathered for Django. Each noun has its own module."""

from dateline.newsroom.documents import Edition, Pick, PickList, Section, StandingPage, Topic
from dateline.newsroom.story import Story, StoryTopic
from dateline.newsroom.trail import TrailEntry

__all__ = [
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
