"""What a product without pictures is sent."""

from hypothesis import given

from dateline.items import pictures_in
from dateline.wire.writing import without_pictures
from tests.strategies import items


@given(items())
def test_a_product_without_pictures_gets_none_of_them_in_galleries_either(item):
    bare = without_pictures(item)
    assert bare.picture is None
    assert pictures_in(bare.body) == ()
    assert bare.headline == item.headline
