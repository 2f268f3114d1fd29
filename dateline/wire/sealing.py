"""Secrets of destinations, sealed before they reach the database.

Sealed with Fernet under a key made from the installation's secret key by HKDF (RFC 5869), so a copy
of the database alone opens nothing. What was sealed under a former secret key is read while that
key stands in DATELINE_OLD_SECRET_KEYS, and sealed anew by the sender when it starts.
"""

import base64
import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from dateline.errors import DatelineError


class SecretsLost(DatelineError):
    """Secrets were sealed under a key that this installation does not have."""

    code = "secrets-lost"


def seal(secrets: Mapping[str, object]) -> str:
    """The secrets as text that only this installation can read. Nothing is sealed as nothing."""
    if not secrets:
        return ""
    return _fernet().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unseal(text: str) -> dict[str, object]:
    """The secrets in a sealed text. Raises SecretsLost."""
    if not text:
        return {}
    try:
        found: dict[str, object] = json.loads(_fernet().decrypt(text.encode()))
    except InvalidToken as error:
        raise SecretsLost(
            "The secrets of this destination were sealed under another secret key. Put that key "
            "into DATELINE_OLD_SECRET_KEYS, or type the secrets anew."
        ) from error
    return found


def sealed_anew(text: str) -> str:
    """The same secrets under the newest key. Raises SecretsLost."""
    return seal(unseal(text))


def is_newest(text: str) -> bool:
    """Is it sealed under the secret key of today?"""
    try:
        return not text or bool(_one(settings.SECRET_KEY).decrypt(text.encode()))
    except InvalidToken:
        return False


def _fernet() -> MultiFernet:
    return MultiFernet([_one(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _one(secret_key: str) -> Fernet:
    made = HKDF(SHA256(), length=32, salt=None, info=b"dateline.wire.destinations")
    return Fernet(base64.urlsafe_b64encode(made.derive(secret_key.encode())))
