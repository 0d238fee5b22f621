"""The page a safeguarding lead reads: what stands in it, in which order, and that everybody can read it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.check.policy_state import ClauseState
from auditbot.examine.faces.trial import Trial
from auditbot.model import Audit, Coverage, NotChecked
from auditbot.model.counted import ExposureCounts
from auditbot.present.exposed_since import ExposureSince
from auditbot.report import html, stage
from auditbot.sentences import quoted
from tests.reading import first
from tests.unit.report import report_sample as sample
from tests.unit.report.conftest import Read, Write

FULL = (Coverage("website", "complete", 14, 30),)
DOWN = (Coverage("website", "error", 0, 0, quoted("The site did not answer.")),)
DOWN_ITEMS = (NotChecked("website", f"{sample.BASE}/", "account", quoted("The site did not answer.")),)


@pytest.fixture
def page(read: Read, kept: dict[str, Path]) -> LexborHTMLParser:
    """The report of the rich sample."""
    return read(sample.audit(), sample.context(kept))


def text(node: LexborNode) -> str:
    """Return a node's text as it is read: block elements apart, without the places where an address may break."""
    html = re.sub(r"(</(?:p|dt|dd|th|td|li|h\d|caption|div|span)>)", r" \1", (node.html or "").replace("<wbr>", ""))
    whole = f"<table>{html}</table>" if node.tag in ("tr", "th", "td") else html
    return re.sub(r"\s+", " ", LexborHTMLParser(whole).text()).strip()


def test_sections_stand_in_the_order_of_their_urgency(page: LexborHTMLParser) -> None:
    assert [node.attributes["id"] for node in page.css("main > section")] == [
        *("glance", "findings", "children", "gone", "unchecked", "accounts", "policy", "method", "annex"),
    ]


def test_the_first_box_holds_the_numbers_and_says_that_the_audit_is_incomplete(page: LexborHTMLParser) -> None:
    box = text(first(page, "#glance"))
    assert "5 new · 2 overdue · 1 to decide · 1 gone since last time · 1 in the school’s own records" in box
    assert "70 posts" not in box and "58 posts were looked at, 49 of them with no finding." in box
    assert "This audit is incomplete. 1 source not reached; 1 source reached in part." in box


def test_the_first_screen_lists_what_is_new_then_overdue_and_at_most_ten(page: LexborHTMLParser, read: Read) -> None:
    lines = [text(node) for node in page.css("#glance ol li")]
    assert lines[0].startswith("New Is this Amara O.?") and "Harvest festival" in lines[0]
    assert [line.startswith(("New", "Back")) for line in lines] == sorted(
        (line.startswith(("New", "Back")) for line in lines), reverse=True
    )
    many = tuple(
        sample.tracked(sample.finding(f"f{n}", evidence=sample.photo(f"{n:064d}"), post_url=f"{sample.BASE}/{n}/"))
        for n in range(14)
    )
    page = read(sample.audit(many), sample.context())
    assert len(page.css("#glance ol li")) == 10 and "and 4 more below" in text(first(page, "#glance"))


def test_what_was_not_checked_is_told_by_account_with_reason_and_advice(page: LexborHTMLParser) -> None:
    told = text(first(page, "#unchecked"))
    for part in ("website – reached in part", "7 photos: The file is cut short.", "and 2 more", "What to do:"):
        assert part in told
    assert "Larkmere on Facebook – not reached: closed to visitors A log-in window covers the page." in told
    assert len(page.css("#annex li")) == 7


def test_a_card_says_all_that_is_needed_to_decide(page: LexborHTMLParser) -> None:
    card = card_of(page, "Harvest festival")
    said = text(card)
    for part in (
        "New Is this Amara O.?",
        "by Thu 19 Nov",
        "Harvest festival, 5 October 2026, 15:20",
        "https://www.larkmere.example/2026/10/harvest-festival/",
        "A child without permission (C11)",
        "Amara O., Otters (P012) no (form of 3 September 2026). no (form of 3 September 2026).",
        "Likely: fewer than 1 stranger in 100 looks this alike to the program. Figure 0.71 of 1.",
        "Is one of these 2 faces a pupil without permission?",
        "If it comes down, ask: “Harvest festival”, published on 5 October 2026, 15:20, https://www.larkmere.example/",
        "take down the photo “harvest-3.jpg”.",
        "Reference f-harvest",
    ):
        assert part in said
    assert len(card.css("img")) == 2
    todo = text(first(page, "#findings .todo"))
    assert "Covering or cropping one face would point at the child." in todo


def card_of(page: LexborHTMLParser, words: str) -> LexborNode:
    """Return the card whose title line holds these words."""
    return next(card for card in page.css("article") if words in text(first(card, "summary")))


def test_a_post_that_was_not_reached_again_is_not_said_to_be_up(page: LexborHTMLParser) -> None:
    card = card_of(page, "Sports day")
    assert "It was when last reached, 10 October 2026, 02:30; not reached in this audit" in text(card)
    assert "The picture is not kept; open the post." in text(card) and not card.css("img")


def test_a_damaged_photo_is_told_and_does_not_stop_the_report(read: Read, kept: dict[str, Path]) -> None:
    kept[sample.GROUP].write_bytes(kept[sample.GROUP].read_bytes()[:2000])
    card = text(first(read(sample.audit(), sample.context(kept)), "#findings"))
    assert "The picture that was kept is damaged: it is no longer what was found. Open the post." in card


def test_evidence_marks_exactly_the_characters(page: LexborHTMLParser) -> None:
    assert {text(mark) for mark in page.css("mark")} == {"Khan", "khan", "Ellison-Grant", "empty"}


def test_copies_are_told_once_with_every_place(page: LexborHTMLParser) -> None:
    card = card_of(page, "and 1 more")
    assert "https://www.larkmere.example/gallery/autumn/" in text(card)
    assert "https://www.larkmere.example/gallery/autumn-2/" in text(card)
    assert len(card.css("img")) == 1, "the picture once, however many posts show it"


def test_a_pupil_who_left_the_register_is_shown_by_id(read: Read) -> None:
    findings = (sample.tracked(sample.finding("a", pupil_ids=("P077",), explanation="Box 1 may be {P077}.")),)
    told = text(first(read(sample.audit(findings), sample.context()), "article"))
    assert "Is this pupil P077?" in told and "pupil P077 (no longer in the register)" in told


def test_look_alikes_are_asked_about_together_and_a_look_alike_with_permission_is_named_too(read: Read) -> None:
    explained = "The face in box 1 may be {P019} or {P020}. The strictest answer counts, that of {P019}."
    findings = (sample.tracked(sample.finding("a", pupil_ids=("P019",), explanation=explained)),)
    told = text(first(read(sample.audit(findings), sample.context()), "article"))
    assert "may be Finn D., Hedgehogs (P019) or Noah D., Hedgehogs (P020). The strictest answer counts" in told
    both = (sample.tracked(sample.finding("a", pupil_ids=("P019", "P020"))),)
    assert "Is this Finn D. or Noah D.?" in text(first(read(sample.audit(both), sample.context()), "article"))


def test_overdue_findings_say_since_when(page: LexborHTMLParser) -> None:
    overdue = next(text(node) for node in page.css("#glance li") if "Our visit to the farm" in text(node))
    assert "overdue since Tue 10 Nov" in overdue


def test_only_what_the_page_no_longer_shows_counts_as_removed(page: LexborHTMLParser) -> None:
    removed, ended = text(first(page, "#removed")), text(first(page, "#ended"))
    assert "Teddy bears’ picnic" in removed and "The page answers 404 Not Found." in removed
    assert "picnic" not in ended
    assert "Harvest festival" in ended and "It may still be up" in ended
    assert "Harvest festival" not in removed


@pytest.mark.parametrize(
    ("proof", "removed", "ended"),
    [
        ("The page no longer shows this photo.", 1, 0),
        ("", 0, 1),
    ],
)
def test_without_proof_nothing_is_said_to_be_removed(read: Read, proof: str, removed: int, ended: int) -> None:
    gone = sample.tracked(sample.finding("a"), "gone", 20, gone_at=sample.STARTED, proof=proof)
    page = read(sample.audit((gone,)), sample.context())
    assert len(page.css("#removed tbody tr")) == removed and len(page.css("#ended tbody tr")) == ended
    none = "Nothing found before is known to have been taken down since."
    assert (none in text(first(page, "#gone"))) == (not removed)


def test_what_the_page_no_longer_shows_stays_a_finding_until_that_is_proved(read: Read) -> None:
    known = "The page no longer shows this photo. The file still answers at its own address."
    page = read(sample.audit((sample.tracked(sample.finding("a"), "open", 20, removal=known),)), sample.context())
    told = text(first(page, "#findings"))
    assert known in told and "that it was removed is not proved yet" in told
    assert not page.css("#removed tbody tr")


def test_every_clause_has_its_state(page: LexborHTMLParser) -> None:
    states = {
        text(first(row, "th")): tuple(text(cell) for cell in row.css("td")[-3:]) for row in page.css("#policy tbody tr")
    }
    assert states == {
        "A1": ("–", "No document is on file.", "An entry [[document]] in config/declarations.toml."),
        "B1": ("2 Sep 2026", "Declared (All staff); it stands until 2 September 2027.", "–"),
        "C2": ("19 Nov 2026", "1 finding.", "–"),
        "C11": (
            "19 Nov 2026",
            "5 findings.",
            "Not everything was reached or examined; see what could not be checked.",
        ),
        "C12": ("19 Nov 2026", "3 findings.", "–"),
        "C6": ("19 Nov 2026", "No findings in what was reached.", "–"),
    }
    assert "personal accounts are never visited" in text(first(page, "#policy"))


def test_the_method_gives_run_versions_and_thresholds(page: LexborHTMLParser) -> None:
    method = text(first(page, "#method"))
    for part in ("2026-11-19T02-30-00", "YuNet 2023mar", "Threshold named 0.527", "Pupils in the register 61"):
        assert part in method


CASES = {
    "many": (None, None, None, False, 49),
    "none": ((), FULL, (), True, 14),
    "nothing reached": ((), DOWN, DOWN_ITEMS, False, 0),
}


def case(name: str) -> Audit:
    findings, coverage, left_out, complete, without = CASES[name]
    return sample.audit(
        findings,
        **({"coverage": coverage} if coverage else {}),
        not_checked=left_out,
        complete=complete,
        posts_without_finding=without,
    )


def test_without_findings_it_promises_nothing(read: Read) -> None:
    page = read(case("none"), sample.context())
    assert "Nothing needs a decision" in text(first(page, "#glance"))
    assert "That says what was looked at, not that nothing is there." in text(first(page, "#glance"))
    assert "Not part of this audit: Larkmere on Bluesky, Larkmere on Facebook." in text(first(page, "#unchecked"))


def test_with_nothing_reached_it_says_nothing_else(read: Read) -> None:
    nothing = {"C11": replace(sample.CLAUSES["C11"], state=ClauseState(None, "Nothing was reached."))}
    page = read(case("nothing reached"), sample.context(clauses=nothing))
    assert "Nothing was reached" in text(first(page, "#glance"))
    assert "No findings" not in text(first(page, "main"))
    assert "The site did not answer." in text(first(page, "#unchecked"))


@pytest.mark.parametrize("name", CASES)
def test_it_never_uses_a_word_that_accuses_or_promises(read: Read, name: str) -> None:
    told = text(first(read(case(name), sample.context()), "body")).casefold()
    for word in ("compliant", "unlawful", "illegal", "clean", "all clear", "breach", "guilty", "is in the photo"):
        assert word not in told


@pytest.mark.parametrize("name", CASES)
def test_headings_never_skip_a_level(read: Read, name: str) -> None:
    levels = [int((node.tag or "")[1]) for node in read(case(name), sample.context()).css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("name", CASES)
def test_tables_landmarks_and_labels_are_real(read: Read, name: str) -> None:
    page = read(case(name), sample.context())
    assert first(page, "html").attributes["lang"] == "en-GB"
    assert len(page.css("main")) == 1 and page.css("header") and page.css("nav") and page.css("footer")
    for table in page.css("table"):
        assert first(table, "caption").text(strip=True)
        assert table.css("th") and all(th.attributes["scope"] in ("row", "col") for th in table.css("th"))
        assert all(row.css("th[scope=row]") for row in table.css("tbody tr"))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    targets: list[str | None] = [(node.attributes["href"] or "")[1:] for node in page.css("a[href^='#']")]
    targets += [node.attributes["aria-labelledby"] for node in page.css("[aria-labelledby]")]
    assert targets[0] == "main" and set(targets) <= set(ids)
    assert all(node.attributes.get("alt") for node in page.css("img"))


def test_the_page_forbids_everything_but_its_own_style_and_pictures(page: LexborHTMLParser) -> None:
    policy = first(page, "meta[http-equiv=Content-Security-Policy]").attributes["content"]
    style = first(page, "style").text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def _luminance(colour: str) -> float:
    whole = "".join(c * 2 for c in colour[1:]) if len(colour) == 4 else colour[1:]
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


STYLE = (Path(__file__).parents[3] / "auditbot/report/templates/report.css").read_text("utf-8")
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", part)) for part in STYLE.split(":root {")[1:3])


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "page"),
        ("ink", "wash"),
        ("mark-ink", "mark"),
        ("soft", "page"),
        ("soft", "wash"),
        ("link", "page"),
        ("link", "wash"),
        ("late", "page"),
        ("fresh-ink", "fresh"),
    ],
)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_contrasts_with_its_ground(ink: str, ground: str, colours: dict[str, str]) -> None:
    assert contrast(colours[ink], colours[ground]) >= 4.5


def test_what_is_new_is_told_in_words(page: LexborHTMLParser) -> None:
    assert {text(tag) for tag in page.css(".tag")} == {"New", "Back"}


def test_an_endless_title_is_cut_and_its_address_is_not(read: Read) -> None:
    url = f"{sample.BASE}/2026/10/harvest-festival/"
    page = read(sample.audit(), sample.context(titles={url: "Harvest\nfestival " + "and more " * 500}))
    heading = next(text(node) for node in page.css("summary") if "Harvest festival" in text(node))
    assert len(heading) < 260 and "…" in heading
    assert url in text(first(page, "#findings"))


def test_how_sure_face_matching_is_here_is_told_and_drawn_without_script_or_style(
    read: Read, kept: dict[str, Path]
) -> None:
    trial = Trial("v", 30, 23, 21, 22, 19, 0, 53, 1, 0.01, 0.6, (0.5, 0.7, 0.9), (0.1, 0.2, 0.7))
    page = read(sample.audit(), replace(sample.context(kept), face_trial=trial))
    assert "Of 23 photos that were tried" in text(first(page, "#method"))
    assert len(page.css("#method svg polyline")) == 2
    assert not page.css("script, [style], [onload]")
    assert not read(sample.audit(), sample.context(kept)).css("#method svg")


def test_how_exposed_the_photos_are_stands_by_account_beside_an_earlier_night(
    read: Read, kept: dict[str, Path]
) -> None:
    now = ExposureCounts(
        "website", datetime(2026, 11, 29, 2, tzinfo=UTC), posts=48, with_photos=40, photos=49, clear=96,
        recognisable=11, hard=16, lowest=0, named_alone=2, named_together=17, larger=37, placed=1, half=9,
        exposure=101.5,
    )  # fmt: skip
    before = replace(now, at=datetime(2026, 10, 29, 2, tzinfo=UTC), clear=108)
    page = read(sample.audit(), replace(sample.context(kept), exposure=(ExposureSince(now, before),)))
    section = text(first(page, "#exposure"))
    assert "96 of 123" in section and "12 fewer than on 29 October 2026" in section
    assert "9 of 40 posts with photos hold half of the exposure" in section
    assert not page.css("#exposure img")
    assert not read(sample.audit(), sample.context(kept)).css("#exposure")


def test_of_very_many_findings_the_first_are_told_whole_and_the_others_in_a_line(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(sample.audit(sample.many()), sample.context())
    numbers = {str(card.id) for card in whole.css("article.card")}
    assert "have one line each" not in whole.text()
    monkeypatch.setattr(html, "ON_PAGE", html.Edition(whole=2))
    page = read(sample.audit(sample.many()), sample.context())
    cards, lines = ({str(one.id) for one in page.css(what)} for what in ("article.card", "p.one"))
    assert cards == {"finding-1", "finding-2"} and cards | lines == numbers
    assert "Findings from number 3 on have one line each" in page.text()
    links = {str(link.attributes["href"]) for link in page.css("a[href^='#finding-']")}
    assert all(page.css_first(link) is not None for link in links)


def test_what_is_printed_of_very_many_findings_says_that_it_is_shorter_and_leads_nowhere(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, context = sample.audit(sample.many()), sample.context()
    assert write(audit, context).for_print is None
    monkeypatch.setattr(html, "LONGEST_LIST", 1)
    monkeypatch.setattr(stage, "ON_PAPER", html.Edition(whole=1, lines=2))
    for module in (html, stage):
        monkeypatch.setattr(module, "ON_PAGE", html.Edition(whole=2))
    files = write(audit, context)
    page, whole = LexborHTMLParser((files.for_print or str)()), LexborHTMLParser(files.html.read_bytes())
    assert [str(card.id) for card in page.css("article.card")] == ["finding-1"]
    assert {str(one.id) for one in page.css("p.one")} == {"finding-2", "finding-3"}
    told = page.css_first("header .warn")
    assert told is not None and "shorter edition" in told.text() and "report.html and findings.csv" in told.text()
    assert "are counted alone" in page.text() and not whole.css("header .warn")
    risks = [[one.text() for one in edition.css("h3.risk")] for edition in (page, whole)]
    assert risks[0] == risks[1]
    links = {str(link.attributes["href"]) for link in page.css("a[href^='#finding-']")}
    assert links and all(page.css_first(link) is not None for link in links)
