"""What holds for any text, however hostile."""

import random
import re
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.check.surnames import PupilName, StaffName, SurnameEngine, SurnameHit
from auditbot.check.surnames.engine import NOT_ON_REGISTER
from auditbot.check.surnames.text import fold

PUPILS = [
    PupilName("p1", ("Nell", "Nelly"), ("Throssell",), "Reception", "Wrens", ("May",)),
    PupilName("p2", ("Zosia",), ("Wróblewska",), "Year 2", "Herons"),
    PupilName("p3", ("Rafael",), ("Quintero-Hale", "de la Cruz"), "Year 1", "Otters"),
    PupilName("p4", ("Minh",), ("Do",), "Year 1", "Otters"),
    PupilName("p5", ("Aoife",), ("O'Dowd",), "Year 2", "Herons"),
    PupilName("p6", ("Ivy",), ("Rose",), "Nursery", ""),
]
STAFF = [StaffName("Mrs", "Paula", "Rose", "Teacher")]
KINDS = ("post", "comment", "alt_text", "filename", "hashtag", "newsletter", "ocr", "address", "author")
NAMES = "Nell Throssell nell throssell THROSSELL Wróblewska Quintero Hale de la Cruz Do O'Dowd Rose Ivy Mrs the family"
SIGNS = "'s # @ _ - . * ** &amp; &#x200b; &#0; &#55296; %20 %ff 1 0 é e\u0301 .jpg http:// 𝓝 Ｔ ᴛ т İ ß ﬁ"
INVISIBLE = ("\u200b", "\u00ad", "\u202e", "\ufe0f", "\n", " ", "  ", "\t", "")
EMOJI = ("\U0001f600", "\U0001f1e6", "\U0001f170")
FRAGMENTS = (*NAMES.split(), *SIGNS.split(), *INVISIBLE, *EMOJI)


@pytest.fixture(scope="module")
def engine() -> SurnameEngine:
    return SurnameEngine(PUPILS, STAFF, ["Wrens"], ["Rose Cottage"])


def check(text: str, hits: list[SurnameHit]) -> None:
    """Spans lie in the text, in order and apart; bands, scores and pupils are what the interface promises."""
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        assert hit.band in ("breach", "review")
        assert 0 < hit.score <= 1
        assert set(hit.pupil_ids) <= {pupil.pupil_id for pupil in PUPILS}
        assert hit.pupil_ids or hit.rule == NOT_ON_REGISTER
        assert hit.explanation.endswith(".")
        end = hit.end


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    parts=st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=6)), max_size=30), kind=st.sampled_from(KINDS)
)
def test_any_text_gives_spans_within_it(engine: SurnameEngine, parts: list[str], kind: str) -> None:
    text = "".join(parts)
    check(text, engine.find(text, kind=kind))


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    places = [folded.original_span(index, index + 1) for index in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


def test_fifty_thousand_random_strings(engine: SurnameEngine) -> None:
    rng = random.Random(20)
    blocks = [
        (0x20, 0x7E),
        (0xA0, 0x24F),
        (0x300, 0x36F),
        (0x370, 0x52F),
        (0x2000, 0x206F),
        (0x1D400, 0x1D7FF),
        (0x1F100, 0x1F9FF),
        (0, sys.maxunicode),
    ]
    for _ in range(50_000):
        if rng.random() < 0.5:
            text = "".join(rng.choices(FRAGMENTS, k=rng.randint(0, 6)))
        else:
            first, last = rng.choice(blocks)
            text = "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(0, 10)))
        check(text, engine.find(text, kind=rng.choice(KINDS)))


@pytest.mark.parametrize("name", ["Nell Throssell", "Throssell, Nell", "Rafael de la Cruz"])
@given(noise=st.text(alphabet="abc xyz.,!?\n#@0&;", max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_full_name_is_found_whatever_stands_in_the_next_paragraph(
    engine: SurnameEngine, name: str, noise: str
) -> None:
    text = f"{noise}\n\n{name} has painted a whale.\n\n{noise}"
    hits = engine.find(text)
    surname = re.search("Throssell|de la Cruz", text)
    assert surname is not None
    assert any((hit.start, hit.end) == surname.span() for hit in hits)


HOSTILE = {
    "one long word": "a",
    "joined names": "nellthrossell",
    "hashtags": "#nellthrossell",
    "forenames": "Nell ",
    "surnames": "Throssell ",
    "initials": "N ",
    "dots": "a.",
    "at signs": "a@",
    "masks": "T*",
    "digits in words": "Thr0ssell ",
    "entities": "&shy;",
    "percent": "%c3%a9",
    "file names": "a.jpg",
    "combining marks": "e\u0301\u0301\u0301",
    "emoji": "\U0001f600T",
    "line ends": "Nell\n",
    "families": "the Throssells and ",
    "zero width": "\u200b",
    "spaced letters": "T h r o s s e l l ",
}


@pytest.mark.parametrize(
    "unit, kind",
    [*((unit, "post") for unit in HOSTILE.values()), ("Throssell ", "filename"), ("nell_throssell_", "filename")],
    ids=[*HOSTILE, "surnames in a file name", "names in a file name"],
)
def test_time_grows_no_faster_than_the_text(engine: SurnameEngine, unit: str, kind: str) -> None:
    """Sixteen times the text may take at most about sixteen times as long; ten times that would be a defect."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        engine.find(text, kind=kind)
        return time.process_time() - started

    engine.find(unit * 10)
    short = max(seconds(4_000), 0.002)
    assert seconds(64_000) < 160 * short
