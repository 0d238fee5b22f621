"""report.html: one file, no script, nothing fetched. Every value is escaped by Jinja and made visible before it is."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from auditbot.check.please_read.ranking import ranked
from auditbot.check.policy_state import PERSONAL_ACCOUNTS
from auditbot.decisions.decided import State
from auditbot.examine.faces.trial import Trial, in_words
from auditbot.model import Audit, Finding, NotChecked, PhotoEvidence, Picture, TextEvidence
from auditbot.present import wording
from auditbot.present.cards import Card, Group, cards, children
from auditbot.present.excerpt import Piece, may_link, quote, spoken, visible
from auditbot.present.headline import LONGEST_LIST, Headline, headline
from auditbot.present.kinds import Risk
from auditbot.present.order import WEEKLY_SHARE
from auditbot.present.page_language import translate_pages
from auditbot.present.report_context import ReportContext
from auditbot.present.takedown import letters, requests
from auditbot.registers.risk_assessments import COLUMNS, QUESTIONS, RiskAssessment, unfinished
from auditbot.safe_files import private_folder, write_private
from auditbot.sentences import _, day_of, long_day, short_date, short_day

# The small plot of the gallery's trial: what would be named at each score, of the right children and of
# strangers.

WIDTH, HEIGHT = 480, 200
LEFT, TOP, RIGHT, BOTTOM = 44, 12, 470, 160
LOWEST, HIGHEST = 0.0, 1.0
STEPS = 50


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines in the pixels of a drawing of WIDTH x HEIGHT."""

    right: str
    """Points of the line of photos whose right child came first; empty if none could be tried."""
    strangers: str
    """Points of the line of strangers' photos."""
    bar: float
    """Where the score lies from which a face is named."""


def plot(trial: Trial) -> Plot:
    """Return the lines: at each score, the share of photos that reach it."""
    return Plot(
        right=_line(trial.right_scores, trial.tried),
        strangers=_line(trial.stranger_scores, trial.strangers),
        bar=_x(trial.named_above),
    )


def _line(scores: Sequence[float], of: int) -> str:
    if not of:
        return ""
    steps = [LOWEST + (HIGHEST - LOWEST) * step / STEPS for step in range(STEPS + 1)]
    shares = [sum(score >= at for score in scores) / of for at in steps]
    return " ".join(
        f"{_x(at):.1f},{BOTTOM - share * (BOTTOM - TOP):.1f}" for at, share in zip(steps, shares, strict=True)
    )


def _x(score: float) -> float:
    inside = min(max(score, LOWEST), HIGHEST)
    return round(LEFT + (inside - LOWEST) / (HIGHEST - LOWEST) * (RIGHT - LEFT), 1)


# What all pages share: values made visible and escaped by Jinja, and a policy that admits their own style
# alone.

_TEMPLATES = PackageLoader("auditbot.report")


def page_environment() -> Environment:
    """Return what templates are rendered with; a value that a template asks for and nobody gives is an error."""
    return translate_pages(
        Environment(loader=_TEMPLATES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    )


def style_sheet(environment: Environment, name: str) -> str:
    """Return the text of a style sheet beside the templates."""
    source, _, _ = _TEMPLATES.get_source(environment, name)
    return source


def render_page(environment: Environment, template: str, style: str, **values: object) -> str:
    """Return the page; the template puts ``style`` in, and ``style_hash`` into its content security policy."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return environment.get_template(template).render(style=Markup(style), style_hash=digest, **values)


SHOWN_AT_THE_TOP = 5
"""So many addresses of one kind of thing not checked stand at the top; the rest follow in an annex."""


EMBEDDED = 120
"""So many pictures, those of the most urgent findings, are part of the page; to others it links."""


@dataclass(frozen=True, slots=True)
class Edition:
    """How many findings, the first by risk, are told in which way."""

    whole: int
    """So many are told whole."""
    lines: float = math.inf
    """So many after them have one line each; the others are counted, and stand in the page."""


ON_PAGE = Edition(whole=1000)
"""5,000 whole ones were a page of 17 MB."""
ON_PAPER = Edition(whole=200, lines=800)
"""What a browser prints within a minute: 1,000 whole ones and 4,000 lines took it 30 s of processor time and 1.7 GB
(``tests.bench.review``), and 100,000 lines were not printed in nine minutes (``bench.school.grown``, 2026-11-30)."""


OPENED = (Risk.PROTECTED, Risk.THREAT)
"""What is open on the page from the start, with all that is new or overdue."""
DECIDED = (
    State.TO_COME_DOWN,
    State.WAITING,
    State.ASKED,
    State.GONE_ONCE,
    State.STAYS_UP,
)
"""States that have a table of their own, in this order."""


def report_html(
    audit: Audit,
    context: ReportContext,
    pictures: Mapping[str, Picture],
    evidence: Path,
    manifest: str = "",
    edition: Edition | None = None,
) -> str:
    """Return the whole report as one HTML document.

    ``pictures`` holds one for each finding on a photo, by its id; their files lie in the folder ``evidence``, whose
    manifest has the SHA-256 ``manifest``. ``edition`` takes the place of the page's own only if that does not tell
    every finding whole.
    """
    environment = _environment(audit, context)
    made = cards(audit, context)
    edition = edition if edition and len(made) > ON_PAGE.whole else ON_PAGE
    head = headline(audit, made, first_night=context.is_first_night)
    left_out = _left_out(audit)
    coverage = {entry.account: entry for entry in audit.coverage}
    read_first, read_rest = _to_read(head.to_read)
    first = head.first()
    whole = {card.number for card in made[: edition.whole]}
    told = whole | {card.number for card in made if card.number <= edition.whole + edition.lines}
    told |= {card.number for card in first[:LONGEST_LIST]}
    return render_page(
        environment,
        "report.html.j2",
        _style(environment, audit.id),
        audit=audit,
        context=context,
        pictures=pictures,
        embedded=_embedded(made, pictures, evidence),
        evidence=evidence.name,
        manifest=manifest,
        head=head,
        first=first,
        longest=LONGEST_LIST,
        opened=_opened(head),
        told_whole=edition.whole,
        whole=whole,
        told=told,
        counted=len(made) - len(told),
        many=len(made) > edition.whole,
        with_anchor=told | {card.number for card in made if card.state in DECIDED},
        by_risk=[(risk, some) for risk in Risk if (some := [card for card in head.to_decide if card.risk is risk])],
        children=children(made),
        read_first=read_first,
        read_rest=_by_heading(read_rest),
        share=WEEKLY_SHARE,
        weeks=wording.amount(max(1, math.ceil(len(head.backlog) / WEEKLY_SHARE)), "week"),
        decided=[(state, some) for state in DECIDED if (some := [card for card in made if card.state is state])],
        letters=letters(made, context),
        left_out=left_out,
        not_asked=[account.name for account in context.accounts if account.name not in {*coverage, *left_out}],
        annex=any(len(some) > SHOWN_AT_THE_TOP for items in left_out.values() for some in items.values()),
        coverage=coverage,
        account_of_most=_account_of_most(made),
        personal_accounts=PERSONAL_ACCOUNTS,
    )


def _opened(head: Headline) -> set[int]:
    """Return the numbers of the cards that are open from the start."""
    fresh = () if head.first_night else head.fresh
    urgent = [card for card in head.to_decide if card.risk in OPENED]
    return {card.number for card in (*fresh, *head.overdue, *urgent)}


def _to_read(some: Sequence[Card]) -> tuple[list[Card], list[Card]]:
    """Return the words to read that are shown in full, the worst first, and the others."""
    findings = [finding for card in some for group in card.groups for finding in group.findings]
    order = {told.finding.id: place for place, told in enumerate(ranked(findings).told)}
    places = {card.number: _place(card, order) for card in some}
    shown = [card for card in some if places[card.number] < len(order)]
    return sorted(shown, key=lambda card: places[card.number]), [card for card in some if card not in shown]


def _place(card: Card, order: Mapping[str, int]) -> int:
    return min(order.get(finding.id, len(order)) for group in card.groups for finding in group.findings)


def _by_heading(some: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    """Return cards of one kind together, those of which there are most first, each kind with its heading."""
    gathered: dict[tuple[str, bool], list[Card]] = {}
    for card in some:
        gathered.setdefault((card.first.kind, bool(wording.moment_of_film(card.first))), []).append(card)
    told = ((wording.heading(same[0].first), same) for same in gathered.values())
    return sorted(told, key=lambda entry: (-len(entry[1]), entry[0]))


def _account_of_most(made: Iterable[Card]) -> str:
    """Return the account that most findings are about: it need not be named again at each."""
    counted = Counter(place.account for card in made for place in card.places)
    return counted.most_common(1)[0][0] if counted else ""


def _steps_once(some: Iterable[Card]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what to do for these cards, once for each kind; what is told at the card itself is left out."""
    told: dict[tuple[str, ...], str] = {}
    for group in (group for card in some for group in card.groups):
        if not wording.words_of_staff(group.first):
            told.setdefault(wording.steps(group.first), wording.heading(group.first))
    return [(heading, steps) for steps, heading in told.items()]


def _needs_explaining(finding: Finding) -> bool:
    """Whether the explanation says more of a face than who it may be: which box is whom, or a look-alike."""
    evidence = finding.evidence
    several = isinstance(evidence, PhotoEvidence) and len(evidence.boxes) > 1
    return several or not set(re.findall(r"\{([^{}]*)\}", finding.explanation)) <= set(finding.pupil_ids)


def _question(subject: Card | Group, context: ReportContext) -> str:
    finding = subject.first
    names = [
        label.name if (label := context.pupils.get(name)) else _("pupil %(name)s", name=name)
        for name in finding.pupil_ids
    ]
    return wording.question(finding, names)


def _embedded(made: tuple[Card, ...], pictures: Mapping[str, Picture], folder: Path) -> dict[str, str]:
    """Return the pictures of the first findings, in the order of the cards, as ``data:`` addresses by finding id."""
    shown = (finding.id for card in made for group in card.groups for finding in group.findings)
    chosen = [name for name in shown if name in pictures and pictures[name].file_name][:EMBEDDED]
    return {name: _data_uri(folder / pictures[name].file_name) for name in chosen}


def _data_uri(picture: Path) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture.read_bytes()).decode('ascii')}"


def _environment(audit: Audit, context: ReportContext) -> Environment:
    zone = ZoneInfo(context.timezone)
    environment = page_environment()
    environment.globals |= {
        "trial_in_words": in_words,
        "trial_plot": plot,
        "short_day": short_day,
        "wording": wording,
        "limit": SHOWN_AT_THE_TOP,
    }
    environment.filters |= {
        "moment": lambda value: wording.moment(value, zone),
        "local_day": lambda value: long_day(value.astimezone(zone).date()),
        "day": long_day,
        "short_date": short_date,
        "link": _link,
        "wbr": _breakable,
        "pupil": lambda pupil_id: _pupil(pupil_id, context),
        "explain": lambda explanation, finding: _named(str(explanation), finding, context),
        "quotes": _quotes,
        "question": lambda subject: _question(subject, context),
        "needs_explaining": _needs_explaining,
        "steps_once": _steps_once,
        "request": lambda card: " ".join(request.text() for request in requests([card], context)),
        "words_quote": lambda evidence: quote(evidence.words, [(evidence.start, evidence.end)]),
        "still_up": lambda place: wording.still_up(place, audit.started_at, zone),
    }
    environment.tests |= {"photo_evidence": lambda value: isinstance(value, PhotoEvidence)}
    return environment


def _style(environment: Environment, run_id: str) -> str:
    return style_sheet(environment, "report.css").replace("RUN_ID", re.sub(r"[^A-Za-z0-9 :._-]", "", run_id))


def _link(url: str) -> Markup:
    """Return an address as a link if it is one of http or https, else as text; always written out in full."""
    shown = Markup("<bdi>{}</bdi>").format(_breakable(spoken(url)))
    if not may_link(url):
        return Markup('<span class="address">{}</span>').format(shown)
    return Markup('<a class="address" href="{}" rel="noreferrer noopener">{}</a>').format(url, shown)


def _breakable(text: str) -> Markup:
    """Return text that may break after the separators of an address, so that long ones wrap where the eye expects."""
    return Markup(re.sub(r"(&amp;|[/?=_\-.](?=\w))", r"\1<wbr>", str(escape(visible(text)))))


def _pupil(pupil_id: str, context: ReportContext) -> str:
    label = context.pupils.get(pupil_id)
    if label is None:
        return _("pupil %(pupil_id)s (no longer in the register)", pupil_id=pupil_id)
    return f"{label.name}{', ' if label.class_name else ''}{label.class_name} ({pupil_id})"


def _named(text: str, finding: Finding, context: ReportContext) -> Markup:
    """Return an explanation with each {id} of a pupil replaced by the pupil's label."""
    parts = re.split(r"\{([^{}]*)\}", text)
    out = [escape(visible(parts[0]))]
    for pupil_id, after in zip(parts[1::2], parts[2::2], strict=True):
        if pupil_id in finding.pupil_ids or pupil_id in context.pupils:
            out.append(Markup('<bdi class="pupil">{}</bdi>').format(visible(_pupil(pupil_id, context))))
        else:
            out.append(escape(visible(f"{{{pupil_id}}}")))
        out.append(escape(visible(after)))
    return Markup("").join(out)


def _quotes(findings: tuple[Finding, ...]) -> list[tuple[str, tuple[tuple[Piece, ...], ...]]]:
    """Return the texts that findings rest on, each once: which text it is, and its excerpts with the marks."""
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for finding in findings:
        evidence = finding.evidence
        if isinstance(evidence, TextEvidence) and evidence.text:
            spans.setdefault((evidence.field, evidence.text), []).append((evidence.start, evidence.end))
    return [(wording.where(field), quote(text, marks)) for (field, text), marks in spans.items()]


def _left_out(audit: Audit) -> dict[str, dict[tuple[str, str], list[NotChecked]]]:
    """Return what was not checked, by account, then by what and why; accounts that were not complete come with none."""
    left_out: dict[str, dict[tuple[str, str], list[NotChecked]]] = {}
    for entry in audit.coverage:
        if entry.status != "complete":
            left_out[entry.account] = {}
    for item in audit.not_checked:
        left_out.setdefault(item.account, {}).setdefault((item.what, item.reason), []).append(item)
    return left_out


# The policy's risk assessment form as a page to read, print and sign.


def form_html(form: RiskAssessment, school: str, today: date) -> str:
    """Return the form as one HTML document: the policy's questions and columns, in its order."""
    environment = page_environment()
    return render_page(
        environment,
        "risk_assessment.html.j2",
        style_sheet(environment, "risk_assessment.css"),
        form=form,
        school=school,
        today=today,
        questions=QUESTIONS,
        columns=COLUMNS,
        unfinished=unfinished(form, today),
        cell=_cell,
        day_of=day_of,
    )


def _cell(text: str) -> Markup:
    return (
        Markup("<bdi>{}</bdi>").format(escape(visible(text)))
        if text.strip()
        else Markup('<span class="empty">{}</span>').format(_("(not filled in)"))
    )


def print_form(
    form: RiskAssessment, name: str, folder: Path, school: str, today: date, print_pdf: Callable[[Path, Path], None]
) -> tuple[Path, Path]:
    """Write the form as NAME.html and NAME.pdf into the folder and return both paths.

    Raises BrowserMissing, BrowserUnusable or ReportNotPrinted; the page itself then stands without a PDF.
    """
    private_folder(folder)
    html, pdf = folder / f"{name}.html", folder / f"{name}.pdf"
    write_private(html, form_html(form, school, today).encode("utf-8"))
    pdf.unlink(missing_ok=True)
    pdf.touch(mode=0o600)
    print_pdf(html, pdf)
    return html, pdf
