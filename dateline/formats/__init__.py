"""Item to and from the trade's formats. Pure: bytes in, bytes out; no database, no network."""
