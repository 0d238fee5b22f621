"""What posts and registers say of a photo, and that a photo is matched again when that changes, and only then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditbot.examine.faces.enrol import Enrolled, enrol
from auditbot.examine.faces.faces import FaceWithVector, Quality
from auditbot.examine.faces.matching import PhotoContext
from auditbot.examine.photo import ExaminedPhoto
from auditbot.examine.stage import contexts_of, examine, in_batches, matched_with, siblings_of, to_fetch_again
from auditbot.examine.workers import Pool
from auditbot.machine.confinement import Folders
from auditbot.model import DocumentFacts, Face, Post, Spool
from auditbot.registers.declared import Declared
from auditbot.registers.people import Pupil
from auditbot.run import Run, local_now
from auditbot.settings import School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import declared, post
from tests.unit.check.test_check_stage import Silent
from tests.unit.examine.test_matching import drawn, face

ROBIN = Pupil("P003", "Maya", "Day", class_name="Robins", year_group="1")
WREN = Pupil("P009", "Ivy", "Day", class_name="Wrens", year_group="2", sibling_group="S1")
BROTHER = Pupil("P010", "Finn", "Day", class_name="Robins", year_group="1", sibling_group="S1")
SCHOOL = declared([ROBIN, WREN, BROTHER])
ENROLLED = ("P003", "P009", "P010")
NOW = "2026-11-01"


def test_a_photo_is_about_everybody_whom_any_of_its_posts_names() -> None:
    posts = [
        (post(text="Robins", on=NOW), ["a", "b"]),
        (post(text="Wrens", on=NOW), ["b"]),
        (post(text="Fair", on=NOW), ["c"]),
    ]
    contexts = contexts_of(posts, SCHOOL, ENROLLED)
    assert contexts == {
        "a": PhotoContext(frozenset({"P003", "P010"})),
        "b": PhotoContext(frozenset({"P003", "P009", "P010"})),
        "c": PhotoContext(),
    }
    assert contexts_of(posts, SCHOOL, {"P009"})["a"] == PhotoContext()


JOINED = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("days", "left_out"),
    [
        ([JOINED + timedelta(days=1)], False),
        ([JOINED - timedelta(days=60)], False),  # a settling-in day
        ([JOINED - timedelta(days=360)], False),  # the nursery year, if the date is that of Reception
        ([JOINED - timedelta(days=400)], True),
        ([JOINED - timedelta(days=400), JOINED], False),  # the photo was used again
        ([None], False),
        ([JOINED - timedelta(days=400), None], False),
    ],
)
def test_only_who_joined_long_after_every_post_is_left_out(days: list[date | None], left_out: bool) -> None:
    school = declared([replace(ROBIN, on_roll_from=JOINED), WREN])
    posts = [(post(on=day.isoformat() if day else ""), ["a"]) for day in days]
    assert contexts_of(posts, school, ENROLLED)["a"].absent == ({"P003"} if left_out else set())


def test_siblings_are_those_enrolled() -> None:
    assert siblings_of(SCHOOL, ENROLLED) == {"P009": {"P010"}, "P010": {"P009"}}
    assert siblings_of(SCHOOL, {"P003", "P009"}) == {}


def test_what_answers_depend_on_has_a_name_that_changes_with_it_and_with_nothing_else() -> None:
    family = siblings_of(SCHOOL, ENROLLED)
    one = PhotoContext(frozenset({"P003", "P010"}), frozenset({"P001"}))
    others = [
        (PhotoContext(frozenset({"P003"}), frozenset({"P001"})), family),
        (PhotoContext(frozenset({"P003", "P010"})), family),
        (PhotoContext(frozenset({"P001", "P003", "P010"})), family),
        (one, {}),
    ]
    names = {matched_with(context, siblings) for context, siblings in [(one, family), *others]}
    assert len(names) == 5
    assert matched_with(PhotoContext(frozenset({"P010", "P003"}), one.absent), dict(reversed(family.items()))) in names


def test_photos_of_a_post_stand_together_and_each_once() -> None:
    many = [f"m{number:02}" for number in range(50)]
    posts = [(post(), ["b", "a"]), (post(), ["a", "c", "gone"]), (post(), many)]
    batches = in_batches(["a", "b", "c", "lonely", *many], posts)
    assert batches[:2] == [["b", "a"], ["c"]]
    assert [len(batch) for batch in batches[2:-1]] == [24, 24, 2]
    assert batches[-1] == ["lonely"]
    assert sorted(sha256 for batch in batches for sha256 in batch) == sorted(["a", "b", "c", "lonely", *many])


# --- over several audits ---------------------------------------------------------------------------------------------


class Known:
    """Stands for the worker processes: says of each file what was put there for it, and notes what it was asked."""

    def __init__(self, faces: Mapping[str, tuple[FaceWithVector, ...]]) -> None:
        self.faces = faces
        self.asked: list[str] = []

    def __call__(self, settings: Settings, ends_at: float, photos: Pool | None, only: Folders) -> Known:
        return self

    def __enter__(self) -> Known:
        self.asked = []
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def map_documents(self, paths: Iterable[Path], spool: Spool) -> Iterator[DocumentFacts]:
        return iter(())

    def map_films(self, paths: Iterable[Path], spool: Spool) -> Iterator[DocumentFacts]:
        return iter(())

    def map_captions(self, paths: Iterable[Path]) -> Iterator[DocumentFacts]:
        return iter(())

    def map_photos(self, paths: Iterable[Path]) -> Iterator[ExaminedPhoto]:
        for path in reversed(list(paths)):
            self.asked.append(path.name)
            yield ExaminedPhoto(path.name, 800, 600, self.faces[path.name], ())


TWICE = face(P003=0.18)  # a name only if the class is named
SMALL = face(quality=Quality(10, 20, 5, 0))
FILES = {"a" * 64: (TWICE,), "b" * 64: (SMALL,), "c" * 64: ()}
OTHERS = {"d" * 64: (face(x=5, P030=0.8),)}


class Audits:
    """Audits of one school, one after the other, each with the posts and registers given."""

    def __init__(self, workspace: Workspace, store: Store, workers: Known) -> None:
        self.workspace, self.store, self.workers = workspace, store, workers
        self.settings = Settings(School("Larkmere"))

    def examine(self, registers: Declared, *posts: Post, at_hand: str = "abcd") -> list[str]:
        """Return the photos that were examined; only the bytes of those at hand can be had."""
        enrolled = replace(enrol(self.workspace, self.settings, registers), gallery=drawn())
        audit = self.store.audits.begin(local_now(self.settings), "all")
        run = Run(self.workspace, self.settings, registers, self.store, audit, Silent())
        for one in posts:
            self.store.published.save_post(one, run.now())
        to_fetch_again(run, enrolled)
        for sha256 in (*FILES, *OTHERS):
            run.spool.path(sha256).unlink(missing_ok=True)
            if sha256[0] in at_hand:
                run.spool.path(sha256).write_bytes(b"pixels")
        examine(run, enrolled)
        assert isinstance(enrolled, Enrolled)
        return sorted(name[0] for name in self.workers.asked)

    def face(self, name: str) -> Face:
        known = self.store.examined.photo(name * 64)
        assert known is not None
        return known.faces[0]


@pytest.fixture
def audits(fresh_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Audits]:
    workers = Known(FILES | OTHERS)
    monkeypatch.setattr("auditbot.examine.stage.ExamineWorkers", workers)
    with Store(fresh_workspace.data / "auditbot.db") as store:
        yield Audits(fresh_workspace, store, workers)


FAIR = post(*FILES, text="The summer fair.", on=NOW)


def test_an_unchanged_site_has_nothing_to_examine(audits: Audits) -> None:
    assert audits.examine(SCHOOL, replace(FAIR, text="Robins at the fair.")) == ["a", "b", "c"]
    assert audits.examine(SCHOOL) == []
    assert audits.examine(SCHOOL, replace(FAIR, text="The Robins at the fair, again.")) == []


def test_a_class_named_later_has_the_clear_faces_matched_again(audits: Audits) -> None:
    assert audits.examine(SCHOOL, FAIR) == ["a", "b", "c"]
    assert audits.face("a").outcome == "possible"
    again = post("a" * 64, text="Robins", on=NOW, url="https://www.larkmere.example/news/robins")
    assert audits.examine(SCHOOL, again) == ["a"]
    assert audits.face("a").outcome == "named"
    assert audits.face("a").candidates[0].pupil_id == "P003"
    moved = declared([replace(ROBIN, class_name="Wrens", year_group="2"), WREN, BROTHER])
    assert audits.examine(moved) == ["a"]
    assert audits.face("a").outcome == "possible"
    assert audits.examine(moved) == []


def test_a_photo_is_matched_again_only_together_with_the_others_of_its_post(audits: Audits) -> None:
    """A child may have been named because of all of them: one alone could lose the name."""
    both = post("a" * 64, "d" * 64, text="Fair", on=NOW)
    assert audits.examine(SCHOOL, both) == ["a", "d"]
    named = replace(both, text="Robins")
    assert audits.examine(SCHOOL, named, at_hand="a") == []
    assert audits.examine(SCHOOL) == ["a", "d"]
    more = replace(named, photos=(*named.photos, *post("c" * 64).photos))
    assert audits.examine(SCHOOL, more, at_hand="ac") == ["c"]
    assert audits.examine(SCHOOL) == []


def test_another_answer_about_consent_matches_nothing_again(audits: Audits) -> None:
    audits.examine(SCHOOL, FAIR)
    assert audits.examine(declared([replace(ROBIN, never_publish=True), WREN, BROTHER])) == []
