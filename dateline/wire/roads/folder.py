"""A folder of this machine, for what takes files from there: a mount, a satellite's uplink.

Always inside the data folder, so that no form can write elsewhere; a link there leads anywhere that
the operator wants. A file is written aside, brought onto the disk, and then renamed.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.wire.roads import naming
from dateline.wire.roads.parcel import (
    BadDestination,
    Field,
    Ground,
    Options,
    Parcel,
    RoadError,
    Send,
)

FIELDS = (
    Field(
        "folder",
        gettext_lazy("folder"),
        gettext_lazy("A name; the folder is made in the data folder, under deliveries/CLIENT/."),
        required=True,
        initial="wire",
    ),
    naming.FIELD,
)


def check(options: Options) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}", options.get("folder", "")):
        raise BadDestination(
            _("A folder's name is of letters, digits, dots and hyphens."), field="folder"
        )
    naming.check(options)


@contextmanager
def opened(options: Options, secrets: Mapping[str, object], ground: Ground) -> Iterator[Send]:
    folder = Path(ground.folder) / ground.client / options["folder"]

    def send(parcel: Parcel) -> str:
        name = naming.name_of(options, parcel.names)
        try:
            _written(folder, name, parcel.body)
        except OSError as error:
            raise RoadError(f"{name}: {error.strerror or error}") from error
        return name

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RoadError(f"{options['folder']}: {error.strerror or error}") from error
    yield send


def _written(folder: Path, name: str, body: bytes) -> None:
    part = folder / naming.aside(name)
    with part.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / name)
