"""What every test may use.

`db` and `transactional_db` are pytest-django's, and open all databases: the newsroom's (`default`),
the public archive's (`public`) and the wire's (`wire`). Prefer `db`: its test is rolled back.
`transactional_db` is for tests about commits, other connections or other processes; the databases
are then put back from a copy. `release`, `follow_public`, `follow_wire` and `shared` are ours.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from dateline.items import Audience, Document, Kind
from dateline.releases import log
from tests.databases import Migrated, pristine

ALL = ["default", "public", "wire"]

# Timing says nothing about behaviour, least of all with several workers on two cores.
hypothesis_settings.register_profile(
    "dateline", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("dateline")

_ROOT = Path(__file__).parent.parent


def pytest_itemcollected(item: pytest.Item) -> None:
    """Open all databases to each test that uses any."""
    mark = item.get_closest_marker("django_db")
    uses_database = {"db", "transactional_db", "release", "follow_public", "follow_wire"} & set(
        getattr(item, "fixturenames", ())
    )
    if (mark or uses_database) and not (mark and "databases" in mark.kwargs):
        kwargs = {**(mark.kwargs if mark else {}), "databases": ALL}
        item.add_marker(pytest.mark.django_db(**kwargs), append=False)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's files are in a folder of this run, and may be begun as copies (`Migrated`)."""
    return connections[log.LOG].vendor == "sqlite"


@pytest.fixture(scope="session")
def _migrated(request, django_db_keepdb) -> Migrated | None:
    return Migrated(request.config.cache.mkdir("databases")) if django_db_keepdb else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, _migrated) -> None:
    if _migrated:
        for alias in ALL:
            _migrated.copy_to(alias, Path(connections[alias].settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup, django_db_blocker, tmp_path_factory, _migrated
) -> Iterator[None]:
    """Make the databases, and after a test that committed put them back from a copy."""
    folder = tmp_path_factory.mktemp("pristine")
    with django_db_blocker.unblock():
        if _migrated:
            for alias in ALL:
                _migrated.keep(alias, Path(connections[alias].settings_dict["NAME"]))
        copies = {alias: pristine(alias, folder=folder) for alias in ALL}

    def restore(test_case: TransactionTestCase) -> None:
        for alias in test_case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            copies[alias].restore()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        yield


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language behind in its thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _the_tests_own_transaction_does_not_count(monkeypatch) -> None:
    """A test that is rolled back stands in a transaction; `append()` must ask for one beside it.

    Otherwise a route that forgot its transaction would pass here and fail in the newsroom.
    """

    def in_transaction() -> bool:
        blocks = connections[log.LOG].atomic_blocks
        return any(not block._from_testcase for block in blocks)

    monkeypatch.setattr(log, "_in_transaction", in_transaction)


@pytest.fixture
def release(db):
    """Append a document to the log, in a transaction of its own: `release(document) -> serial`."""

    def _release(
        document: Document,
        *,
        kind: Kind = Kind.NEW,
        audience: Audience = Audience.PUBLIC,
        by: str = "",
    ) -> int:
        with transaction.atomic():
            return log.append(document, kind=kind, audience=audience, by=by)

    return _release


@pytest.fixture
def follow_public(db):
    """Bring the public archive up to date with the log: `follow_public() -> serial reached`."""
    from dateline.archive.follower import PublicArchive
    from dateline.releases.following import catch_up

    def _follow_public() -> int:
        return catch_up(PublicArchive())

    return _follow_public


@pytest.fixture
def follow_wire(db):
    """Bring the wire's feed up to date with the log: `follow_wire() -> serial reached`."""
    from dateline.releases.following import catch_up
    from dateline.wire.feed import WireFeed

    def _follow_wire() -> int:
        return catch_up(WireFeed())

    return _follow_wire


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of material beside the repository; a test that needs it is skipped without it."""
    folder = _ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared, which is absent here")
    return folder
