"""Fixtures of the archive's tests."""

import pytest
from django.db import transaction

from dateline.items import Audience, Kind
from dateline.releases import log
from dateline.releases.log import Addition


@pytest.fixture
def publish(follow_public):
    """Release documents to the public, in order, and let the archive follow."""

    def _publish(*documents, audience=Audience.PUBLIC):
        with transaction.atomic():
            log.append_many([Addition(each, Kind.NEW, audience) for each in documents])
        follow_public()

    return _publish
