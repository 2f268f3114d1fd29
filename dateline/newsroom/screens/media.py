"""The newsroom's own files: uploads and their renditions, behind its sign-in.

What readers get is published under its own address at release (`pictures.py`), so a picture that
was not released has no public address at all.
"""

import mimetypes

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"}
"""What a browser may show. Anything else, SVG and HTML first, could run a script here, in the
newsroom's own origin, so it is only downloaded."""


def media(_request: HttpRequest, path: str) -> FileResponse:
    """An uploaded file. The caller makes sure that whoever asks is signed in to the newsroom."""
    try:
        file = default_storage.open(path, "rb")
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404("There is no such file.") from error
    content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = FileResponse(
        file, content_type=content_type, as_attachment=content_type not in SHOWN
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
