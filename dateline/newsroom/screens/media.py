"""The newsroom's own files: uploads and their renditions, behind its sign-in.

What readers get is published under its own address at release (`pictures.py`), so a picture that
was not released has no public address at all.
"""

import mimetypes
from pathlib import PurePath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

SHOWN = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""What a browser may show, whatever the machine's own table of types knows (Python 3.11's has no
WebP). Anything else, SVG and HTML first, could run a script here, in the newsroom's own origin, so
it is only downloaded."""


def media(_request: HttpRequest, path: str) -> FileResponse:
    """An uploaded file. The caller makes sure that whoever asks is signed in to the newsroom."""
    try:
        file = default_storage.open(path, "rb")
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404("There is no such file.") from error
    shown = SHOWN.get(PurePath(path).suffix.lower())
    content_type = shown or mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=content_type, as_attachment=shown is None)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
