"""The words of NewsML-G2 that are written and read: namespaces, catalogue, names of our own.

Codes are of IPTC's catalogue 41, which no reader fetches. What IPTC has no code for is named by a
URI below `OWN` (no catalogue is needed for a URI).
"""

from dateline.items import EntityKind, Kind

NAR = "http://iptc.org/std/nar/2006-10-01/"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
VERSION = "2.35"

OWN = "urn:x-dateline:"
"""Before the names of what is ours: `urn:x-dateline:number`."""

TRANSLATED_FROM = "irel:translatedFrom"
EVOLVED_FROM = "irel:evolvedFrom"
PREVIOUS_VERSION = "irel:previousVersion"
SEE_ALSO = "irel:seeAlso"

SIGNALS = {Kind.CORRECTION: "sig:correction", Kind.UPDATE: "sig:update"}

NATURES = {
    EntityKind.PERSON: "cpnat:person",
    EntityKind.PLACE: "cpnat:geoArea",
    EntityKind.ORGANISATION: "cpnat:organisation",
}
"""What an entity is, by IPTC's concept natures."""

XHTML_TYPE = "application/xhtml+xml"
