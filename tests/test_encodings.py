"""Which coding a reader gets, by what its browser says it takes (RFC 9110, 12.5.3)."""

import gzip

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dateline.encodings import CODINGS, chosen


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("zstd;q=0, *", "br"),
        ("*", "zstd"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("compress, x-made-up", "identity"),
        ("gzip;q=nonsense, br", "br"),
        (";;;,,,q=1", "identity"),
    ],
)
def test_the_coding_is_the_one_the_reader_likes_best_and_then_we(accepted, coding):
    assert chosen(accepted) == coding


@given(st.text(max_size=300))
def test_whatever_a_reader_sends_it_gets_a_coding_we_have(accepted):
    assert chosen(accepted) in CODINGS


UNPACK = {
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "identity": bytes,
}


@pytest.mark.parametrize("coding", CODINGS)
@given(data=st.binary(min_size=1, max_size=5_000))
def test_what_is_packed_is_unpacked_to_the_same_bytes(coding, data):
    assert UNPACK[coding](CODINGS[coding](data)) == data
