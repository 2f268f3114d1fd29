"""The newsroom's models, gathered for Django. Each noun has its own module."""

from dateline.newsroom.claims import Claim
from dateline.newsroom.desks import Desk, DeskMember
from dateline.newsroom.documents import Edition, Pick, PickList, Section, StandingPage, Topic
from dateline.newsroom.entities import Entity
from dateline.newsroom.letters import Letter
from dateline.newsroom.making import PictureWork
from dateline.newsroom.notes import StoryNote
from dateline.newsroom.notices import Notice
from dateline.newsroom.picture_facts import PictureFacts
from dateline.newsroom.preview_links import PreviewLink, PreviewOpening
from dateline.newsroom.punctuality import Departure, Missed
from dateline.newsroom.reviewing import DeskTask
from dateline.newsroom.story import Story, StoryEntity, StoryTopic
from dateline.newsroom.templates import StoryTemplate
from dateline.newsroom.trail import TrailEntry
from dateline.newsroom.translations import Behind

__all__ = [
    "Behind",
    "Claim",
    "Departure",
    "Desk",
    "DeskMember",
    "DeskTask",
    "Edition",
    "Entity",
    "Letter",
    "Missed",
    "Notice",
    "Pick",
    "PickList",
    "PictureFacts",
    "PictureWork",
    "PreviewLink",
    "PreviewOpening",
    "Section",
    "StandingPage",
    "Story",
    "StoryEntity",
    "StoryNote",
    "StoryTemplate",
    "StoryTopic",
    "Topic",
    "TrailEntry",
]
