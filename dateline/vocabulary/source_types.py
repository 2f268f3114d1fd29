"""IPTC Digital Source Types: how a picture came to be, and which of them readers must be told of.

From IPTC's NewsCodes `digitalsourcetype`, release of 2024-10-23 (CC BY 4.0; licence and attribution
in `LICENCE.md`). Retired ones are read from files and lead to what IPTC put in their place.
"""

from enum import StrEnum

SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"

IN_USE = (
    "digitalCapture",
    "computationalCapture",
    "negativeFilm",
    "positiveFilm",
    "print",
    "humanEdits",
    "algorithmicallyEnhanced",
    "digitalCreation",
    "dataDrivenMedia",
    "screenCapture",
    "virtualRecording",
    "composite",
    "compositeCapture",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "trainedAlgorithmicMedia",
    "algorithmicMedia",
)
"""The last parts of their URIs: photographs first, what software made last."""

_RETIRED = {
    "minorHumanEdits": "humanEdits",
    "digitalArt": "digitalCreation",
    "softwareImage": "digitalCreation",
}


class Made(StrEnum):
    """What readers are told of how a picture was made; empty of one that was not generated."""

    BY_PEOPLE = ""
    WITH_AI = "generated"
    PARTLY_WITH_AI = "partly-generated"
    BY_SOFTWARE = "computed"


_GENERATED = {
    "trainedAlgorithmicMedia": Made.WITH_AI,
    "compositeWithTrainedAlgorithmicMedia": Made.PARTLY_WITH_AI,
    "compositeSynthetic": Made.PARTLY_WITH_AI,
    "algorithmicMedia": Made.BY_SOFTWARE,
}


def uri_of(code: str) -> str:
    """`trainedAlgorithmicMedia` as IPTC's URI; nothing of nothing."""
    return SCHEME + code if code else ""


def code_in(text: str) -> str:
    """The code in a URI, a QCode (`digsrctype:print`) or by itself; empty if IPTC has no such."""
    code = text.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2]
    code = _RETIRED.get(code, code)
    return code if code in IN_USE else ""


def made(uri: str) -> Made:
    """How readers are to be told that a picture of this source type was made."""
    return _GENERATED.get(code_in(uri), Made.BY_PEOPLE)
