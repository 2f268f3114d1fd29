"""Roads: how releases reach a client's own machines, one module a kind of destination."""

from dateline.wire.roads import folder, http, mail, sftp
from dateline.wire.roads.ftp import Ftp
from dateline.wire.roads.parcel import Road

ROADS: dict[str, Road] = {
    "http": http,
    "sftp": sftp,
    "ftps": Ftp(tls=True),
    "ftp": Ftp(tls=False),
    "mail": mail,
    "folder": folder,
}
"""Kind of destination → its road. What is not in the table is sent by nobody."""

__all__ = ["ROADS", "Road"]
