"""What an earlier audit read in the same words is told again without reading them, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.check import c05_personal_data
from auditbot.check.c12_surnames import surname_engine
from auditbot.check.clauses import checks
from auditbot.check.personal_data.contact import OwnContacts
from auditbot.check.please_read import PleaseReadRules
from auditbot.check.read_before import kept_readings
from auditbot.check.read_before.kept_readings import ReadBefore
from auditbot.check.surnames import SurnameEngine
from auditbot.check.texts import Ours
from auditbot.check.whole_site import adults_of_site
from auditbot.model import Comment, DocumentFacts, DocumentUse, Finding, PhotoUse, PostFacts, Words
from auditbot.registers.declared import Declared
from auditbot.registers.people import StaffMember
from auditbot.store import Store
from tests.unit.check.school import TODAY, dated, declared, facts, photo, post, pupil

OAKHURST, AKINWALE = pupil("P001", name="Maya Oakhurst"), pupil("P002", name="Ben Akinwale")
KHAN = StaffMember("staff-1", "Mrs", "Farah", "Khan", "Teacher")
SCHOOL = declared([OAKHURST, AKINWALE], staff=[KHAN])
OURS = Ours(OwnContacts(numbers=("01632 960100",)), frozenset({"larkmere infant school"}))

PLAIN = "Thank you to everybody who came to the summer fair on Saturday."
NAMED = "Well done Maya Oakhurst and Ben Akinwale!"
GRAVE = "Hi sweetheart, message me on Snapchat and don't tell your mum, it is our secret."
PHONE = "Ring Maya's mum on 07700 900123."
SCHOOLS_PHONE = "Ring the office on 01632 960100."
BORN = "Maya was born on 3 May 2021."
ILL = "Maya has asthma and needs her inhaler."
ANGRY = "Nobody in the office ever replies, it is a shambles and we are fed up."
MINUTES = "Mr Akinwale opened the meeting. " * 8
SENTENCES = ("", PLAIN, NAMED, GRAVE, PHONE, SCHOOLS_PHONE, BORN, ILL, ANGRY, f"{NAMED} {ANGRY}")
PAPER = DocumentFacts("d" * 64, (MINUTES, NAMED), ())
EVERYTHING = facts(
    replace(
        post(PhotoUse("https://www.larkmere.example/maya-oakhurst.jpg", "a" * 64, NAMED, PHONE), text=f"{BORN} {ILL}"),
        comments=(Comment("A mum", GRAVE), Comment("Farah Khan", ANGRY)),
        documents=(DocumentUse("https://www.larkmere.example/minutes.pdf", PAPER.sha256, "Minutes"),),
    ),
    replace(photo("a" * 64), words=(Words("Ben", (1.0, 1.0, 9.0, 9.0), 0.9), Words("Akinwale", (1, 9, 9, 9), 0.9))),
    documents=[PAPER],
)
WAYS = ("surnames", "private data", "special data", "please read")


def found(
    *posts: PostFacts, before: ReadBefore | None = None, school: Declared = SCHOOL, ours: Ours = OURS
) -> list[Finding]:
    """Return what all checks find in posts, as a night does."""
    with_readings = replace(ours, read_before=before) if before else ours
    rules = checks(school, with_readings)
    return [finding for one in posts for rule in rules for finding in rule(one)]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how many texts are truly read in each way."""
    counted: Counter[str] = Counter()

    def counting(place: object, name: str, way: str) -> None:
        true = getattr(place, name)

        def asked(*given: object, **named: object) -> object:
            counted[way] += 1
            return true(*given, **named)

        monkeypatch.setattr(place, name, asked)

    counting(SurnameEngine, "find", "surnames")
    counting(c05_personal_data, "find_private_data", "private data")
    counting(c05_personal_data, "find_special", "special data")
    counting(PleaseReadRules, "find", "please read")
    return counted


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "auditbot.db") as opened:
        yield opened


def test_the_same_words_are_not_read_twice(tmp_path: Path, read: Counter[str]) -> None:
    alone = found(EVERYTHING)
    assert {finding.clause for finding in alone} == {"B6", "C5", "C9", "C12"}
    with Store(tmp_path / "auditbot.db") as store:
        first = found(EVERYTHING, before=store.read_texts)
        store.read_texts.drop_others()
    assert all(read[way] for way in WAYS)
    read.clear()
    with Store(tmp_path / "auditbot.db") as store:
        again = found(EVERYTHING, before=store.read_texts)
    assert not read
    assert first == alone == again


def _with_new_comment(one: PostFacts) -> PostFacts:
    return replace(one, post=replace(one.post, comments=(Comment("A dad", PLAIN), *one.post.comments)))


CHANGES = {
    "nothing": (EVERYTHING, SCHOOL, OURS, {}),
    "a refusal": (
        EVERYTHING,
        declared(
            [replace(OAKHURST, never_publish=True), replace(AKINWALE, withdrawn_on=TODAY)],
            history=dated("P002", "website", "2026-09-01 yes, 2026-10-01 no"),
            staff=[KHAN],
        ),
        OURS,
        {},
    ),
    "a day later": (EVERYTHING, replace(SCHOOL, today=date(2026, 12, 31)), OURS, {}),
    "whom pages name as adults": (EVERYTHING, SCHOOL, replace(OURS, adults=frozenset({"mayaoakhurst"})), {}),
    "a comment before the others": (
        _with_new_comment(EVERYTHING),
        SCHOOL,
        OURS,
        {"surnames": 2, "private data": 1, "special data": 1, "please read": 2},
    ),
    "another year": (EVERYTHING, replace(SCHOOL, today=date(2027, 1, 1)), OURS, {"private data"}),
    "a number of the school": (
        EVERYTHING,
        SCHOOL,
        replace(OURS, contacts=OwnContacts(numbers=("07700 900123",))),
        {"private data"},
    ),
    "a pupil joins": (
        EVERYTHING,
        declared([OAKHURST, AKINWALE, pupil("P003", name="Zoe Fairweather")], staff=[KHAN]),
        OURS,
        {"surnames", "special data"},
    ),
    "a pupil changes class": (
        EVERYTHING,
        declared([replace(OAKHURST, class_name="Owls"), AKINWALE], staff=[KHAN]),
        OURS,
        {"surnames"},
    ),
    "a teacher leaves": (  # what she signed is read as anybody's alone
        EVERYTHING,
        declared([OAKHURST, AKINWALE]),
        OURS,
        {"surnames": 15, "please read": 15},
    ),
    "a name under which the school writes": (
        EVERYTHING,
        SCHOOL,
        replace(OURS, names=OURS.names | {"farah khan"}),
        {"surnames", "please read"},
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_change_decides_is_read_again_and_nothing_else(store: Store, read: Counter[str], change: str) -> None:
    one, school, ours, expected = CHANGES[change]
    alone = found(one, school=school, ours=ours)
    read.clear()
    found(EVERYTHING, before=store.read_texts)
    before = Counter(read)
    read.clear()
    assert found(one, before=store.read_texts, school=school, ours=ours) == alone
    assert read == (expected if isinstance(expected, dict) else {way: before[way] for way in expected})


def test_changed_rules_read_everything_again(store: Store, read: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found(EVERYTHING, before=store.read_texts)
    before = Counter(read)
    monkeypatch.setattr("auditbot.check.read_before.reading.rules_version", lambda: "other rules")
    found(EVERYTHING, before=store.read_texts)
    assert read == before + before


def test_another_version_of_a_library_makes_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    now = kept_readings.rules_version.__wrapped__()
    monkeypatch.setattr(kept_readings, "version", lambda name: "0")
    assert kept_readings.rules_version.__wrapped__() != now


def test_a_document_that_many_posts_lead_to_is_read_once(store: Store, read: Counter[str]) -> None:
    one = replace(EVERYTHING, post=replace(EVERYTHING.post, comments=(), photos=()))
    other = replace(one, post=replace(one.post, url="https://www.larkmere.example/other", title="Other", text=PLAIN))
    both = found(one, other, before=store.read_texts)
    pages = len(PAPER.pages)
    assert read["please read"] < 2 * pages + 8
    read_before = read["surnames"]
    assert both == found(one, other)
    assert read["surnames"] - read_before > read_before


def test_names_of_adults_are_read_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    page = facts(post(title="Our staff", text="Mrs Sarah Akinwale, cook.\nMr John Oakhurst, caretaker."))
    engine = surname_engine(SCHOOL)
    first = adults_of_site(engine, [page], store.read_texts)
    assert first == adults_of_site(engine, [page]) == {"mrssarahakinwale", "mrjohnoakhurst"}
    monkeypatch.setattr(SurnameEngine, "people_named", None)
    assert adults_of_site(surname_engine(SCHOOL), [page], store.read_texts) == first


def test_texts_no_longer_published_leave_nothing_and_no_words_are_kept(tmp_path: Path, read: Counter[str]) -> None:
    gone = facts(post(text=GRAVE))
    with Store(tmp_path / "auditbot.db") as store:
        found(EVERYTHING, gone, before=store.read_texts)
        store.read_texts.drop_others()
        found(EVERYTHING, before=store.read_texts)
        store.read_texts.drop_others()
        read.clear()
        found(EVERYTHING, before=store.read_texts)
        assert not read
        found(gone, before=store.read_texts)
        assert all(read[way] for way in WAYS)
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir()).lower()
    for words in (b"sweetheart", b"snapchat", b"oakhurst", b"akinwale", b"07700", b"asthma"):
        assert words not in written


def test_whoever_is_forgotten_is_in_no_kept_reading(tmp_path: Path, read: Counter[str]) -> None:
    with Store(tmp_path / "auditbot.db") as store:
        found(EVERYTHING, before=store.read_texts)
        store.read_texts.drop_others()
        rows = b"".join(row[0] for row in store.read_texts._db.execute("SELECT found FROM read_texts"))
        assert b"P001" in rows
        store.forgetting.forget_entirely("P001", lambda text: False, [], "asked", datetime.now(UTC))
        store.erasure.scrub()
    assert b"full_name" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


texts = st.sampled_from(SENTENCES)
posts = st.builds(
    lambda title, text, alt, author, comment, page: facts(
        replace(
            post(
                PhotoUse("https://www.larkmere.example/1.jpg", None, alt),
                title=title,
                text=text,
                url="https://a.example/",
            ),
            comments=(Comment(author, comment),),
            documents=(DocumentUse("https://www.larkmere.example/1.pdf", "d" * 64, ""),),
        ),
        documents=[DocumentFacts("d" * 64, (page,), ())],
    ),
    st.sampled_from(("", "Minutes", "Our staff", "News")),
    texts,
    texts,
    st.sampled_from(("", "A mum", "Farah Khan", "Maya Oakhurst")),
    texts,
    texts,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(posts, min_size=2, max_size=4))
def test_posts_alike_never_answer_for_one_another(store: Store, some: list[PostFacts]) -> None:
    """Whatever was read before, each post is told exactly as if it were the first."""
    for one in some:
        assert found(one, before=store.read_texts) == found(one)
