"""What a page says is text in every output, whatever it looks like."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.model import Audit, Coverage, NotChecked, PhotoEvidence, TextEvidence
from auditbot.present.excerpt import cell, may_link, visible
from auditbot.present.report_context import AccountEntry, ReportContext
from auditbot.report.stage import ReportFiles, write_report
from auditbot.sentences import quoted
from tests.reading import first
from tests.unit.report import report_sample as sample

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></script><svg onload=alert(1)>",
    "\"><img src=x onerror=alert(1)>' onmouseover='x",
    "<!-- --> <![CDATA[ x ]]> &amp; &lt; &#x3c;b&#x3e;",
    '=HYPERLINK("https://evil.example","x")',
    "+44 1630 000000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    " \u3000=1+1",
    "＝1+1",
    "{{ 7*7 }} {% raw %} ${7*7} #{7}",
    "{P001} {P012} {nobody}",
    "\u202egpj.exe\u202c evil \u2066x\u2069",
    "zero\u200bwidth\u00adand\ufeffmarks",
    "\x1b[31mred\x07\x00nul\x9b",
    "half \ud83d character",
    "مرحبا بالعالم עולם",
    "W" * 5000,
    "https://evil.example/" + "a/" * 900,
    "line\none\r\nline\u2028two",
    "👩‍🌾 café ﬁ Ｋｈａｎ",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "`${alert(1)}` \\u003cscript\\u003e",
]


def hostile(text: str) -> tuple[Audit, ReportContext]:
    """Return an audit and its context with ``text`` in every place that a page fills."""
    body = f"before {text} after"
    evidence = TextEvidence("text", body, 7, 7 + len(text))
    photo = sample.photo(words=body, start=7, end=7 + len(text))
    photo = PhotoEvidence(text, photo.sha256, photo.boxes, (), body, 7, 7 + len(text))
    url = f"{sample.BASE}/{text}"
    findings = (
        sample.tracked(sample.finding("a", post_url=url, evidence=evidence, explanation=f"Found {text} by {{P012}}.")),
        sample.tracked(sample.finding("b", post_url=text, evidence=photo, account=text)),
        sample.tracked(sample.finding("c", post_url=f"{url}/gone", evidence=evidence), "gone", proof=text),
        sample.tracked(sample.finding("d", post_url=url, evidence=TextEvidence(text, body, 7, 8), kind="please_read")),
    )
    coverage = (Coverage(text, "partial", 1, 1, quoted(text)),)
    left_out = tuple(NotChecked(text, f"{text}{n}", "photo", quoted(text)) for n in range(7))
    titles = {url: text, text: text, f"{url}/gone": text}
    account = AccountEntry(text, "website", text, "website", text)
    return sample.audit(findings, coverage, left_out), sample.context(titles=titles, accounts=(account,))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


Written = tuple[str, ReportFiles]
"""A hostile text, and the report of an audit full of it."""


@pytest.fixture(scope="module", params=HOSTILE, ids=range(len(HOSTILE)))
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """One hostile text and the report of an audit full of it."""
    return request.param, write_report(*hostile(request.param), tmp_path_factory.mktemp("report"))


def test_it_is_text_in_the_page(written: Written) -> None:
    text, files = written
    page = LexborHTMLParser(files.html.read_bytes())
    shown = squeezed(visible(text))
    assert shown in squeezed(first(page, "main").text())
    assert shown in squeezed(first(page, "#unchecked").text())
    assert shown in squeezed(first(page, "#gone").text())
    assert shown in squeezed(first(page, "#accounts").text())
    marks = squeezed("".join(mark.text() for mark in page.css("#finding-1 mark, #finding-2 mark")))
    assert shown[:200] in marks
    assert not page.css("script, iframe, object, embed, link, base, form, input, svg, video, audio, style ~ style")
    for node in page.css("*"):
        assert not any(name.startswith("on") or name == "style" for name in node.attributes), node.html
    assert all((node.attributes["src"] or "").startswith("data:image/jpeg;base64,") for node in page.css("img"))
    for node in page.css("a:not([href^='#'])"):
        assert may_link(node.attributes["href"] or "")
        assert node.attributes["rel"] == "noreferrer noopener"
    assert "49" not in first(page, "#findings").text() or "7*7" not in text


def test_no_hidden_or_turning_character_reaches_the_page(written: Written) -> None:
    _, files = written
    page = files.html.read_text("utf-8")
    assert not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", page
    )


def test_it_parses_back_unchanged_from_json(written: Written) -> None:
    text, files = written
    document = json.loads(files.json.read_bytes())
    first = document["findings"][0]["evidence"]
    assert first["text"][first["start"] : first["end"]] == text
    assert document["coverage"][0]["reason"] == text
    assert document["not_checked"][0]["account"] == text


def test_it_parses_back_from_csv_and_no_cell_is_a_formula(written: Written) -> None:
    text, files = written
    content = files.csv.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1 and len(rows) == 5
    for value in (value for row in rows for value in row):
        assert not re.match(r"[\s\ufeff]*[=+\-@＝＋－＠]", value) and value[:1] not in ("\t", "\r", "\n")
    account = rows[2][rows[0].index("account")]
    assert account.removeprefix("'") == re.sub("[\x00\ud800-\udfff]", lambda half: visible(half.group()), text)


@pytest.mark.parametrize(
    ("text", "is_formula"),
    [
        ("=1", True),
        ("+1", True),
        ("-1", True),
        ("@x", True),
        ("\tx", True),
        ("\rx", True),
        ("  =1", True),
        ("a=1", False),
        ("0.71", False),
        ("2026-11-19T02:30:00+00:00", False),
        ("'quoted", False),
        ("", False),
    ],
)
def test_only_a_cell_that_could_be_a_formula_gets_a_quote(text: str, is_formula: bool) -> None:
    assert cell(text) == (f"'{text}" if is_formula else text)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.larkmere.example/news/?p=1&q=2#top", True),
        ("http://www.larkmere.example:8080/", True),
        ("https://www.larkmere.example/caf%C3%A9", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//www.larkmere.example/", False),
        ("https://", False),
        ("https:///path", False),
        ("https://www.larkmere.example@evil.example/", False),
        ("https://www.larkmere.example/a b", False),
        ("https://www.larkmere.example/\u202egpj", False),
        ('https://www.larkmere.example/"onclick=', False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: str, link: bool) -> None:
    assert may_link(url) is link
