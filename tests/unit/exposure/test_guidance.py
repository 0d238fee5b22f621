"""What the guidance asks: each photo counts once, whatever it gives away."""

from __future__ import annotations

import pytest

from auditbot.exposure.exposed import Reach, exposed_photos
from auditbot.exposure.guidance import Standing, guidance
from auditbot.exposure.summary import summed
from auditbot.model import PhotoMetadata
from tests.unit.exposure.test_exposed_photos import facts, post, use

PHOTOS = 40


@pytest.mark.parametrize(
    ("telling", "standing"), [(0, Standing.MET), (4, Standing.PARTLY), (5, Standing.NOT_MET), (40, Standing.NOT_MET)]
)
def test_a_photo_with_place_time_and_device_counts_once(telling: int, standing: Standing) -> None:
    """Of forty photos, four are the tenth up to which a point is partly met."""
    names = [f"p{number}" for number in range(PHOTOS)]
    all_told = PhotoMetadata(has_position=True, has_time=True, has_device=True)
    known = {
        name: facts(name, metadata=all_told if number < telling else PhotoMetadata())
        for number, name in enumerate(names)
    }
    posts = [post(number, use(name, behind=number < telling)) for number, name in enumerate(names)]
    searched = Reach(frozenset(one.url for one in posts[:telling]))
    points = guidance(summed(exposed_photos(posts, known, searched), PHOTOS), searchable_known=True)
    stands = {point.asked: point.standing for point in points}
    for asked in (
        "Strip place, time and device from files",
        "Keep originals out of public view",
        "Keep photos out of search engines’ reach",
    ):
        assert stands[asked] is standing, asked
