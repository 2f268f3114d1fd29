"""The newsroom's models, gathered for Django. Each noun has its own module."""

from dateline.newsroom.documents import Edition, Pick, PickList, Section, StandingPage, Topic
from dateline.newsroom.entities import Entity
from dateline.newsroom.story import Story, StoryEntity, StoryTopic
from dateline.newsroom.trail import TrailEntry
from dateline.newsroom.translations import Behind

__all__ = [
    "Behind",
    "Edition",
    "Entity",
    "Pick",
    "PickList",
    "Section",
    "StandingPage",
    "Story",
    "StoryEntity",
    "StoryTopic",
    "Topic",
    "TrailEntry",
]
