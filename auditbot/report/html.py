"""report.html: one file, no script, nothing fetched. Every value is escaped by Jinja and made visible before it is."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from auditbot.check.policy_state import PERSONAL_ACCOUNTS
from auditbot.examine.faces.trial import Trial, in_words
from auditbot.model import Audit, Finding, NotChecked, PhotoEvidence, Picture, TextEvidence
from auditbot.present import wording
from auditbot.present.cards import Card, cards, headline
from auditbot.present.excerpt import Piece, may_link, quote, spoken, visible
from auditbot.present.report_context import ReportContext
from auditbot.present.takedown import take_down_request
from auditbot.registers.risk_assessments import COLUMNS, QUESTIONS, RiskAssessment, unfinished
from auditbot.safe_files import private_folder, write_private

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
    return Environment(
        loader=_TEMPLATES,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


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


def report_html(
    audit: Audit, context: ReportContext, pictures: Mapping[str, Picture], evidence: Path, manifest: str = ""
) -> str:
    """Return the whole report as one HTML document.

    ``pictures`` holds one for each finding on a photo, by its id; their files lie in the folder ``evidence``, whose
    manifest has the SHA-256 ``manifest``.
    """
    environment = _environment(audit, context)
    made = cards(audit, context)
    left_out = _left_out(audit)
    coverage = {entry.account: entry for entry in audit.coverage}
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
        head=headline(audit),
        cards=made,
        by_severity=[(severity, [card for card in made if card.severity == severity]) for severity in wording.SEVERITY],
        overdue=[card for card in made if card.overdue],
        removed=[tracked for tracked in audit.findings if tracked.state == "gone" and tracked.proof],
        ended=[tracked for tracked in audit.findings if tracked.state == "gone" and not tracked.proof],
        left_out=left_out,
        not_asked=[account.name for account in context.accounts if account.name not in {*coverage, *left_out}],
        annex=any(len(some) > SHOWN_AT_THE_TOP for items in left_out.values() for some in items.values()),
        coverage=coverage,
        owners={account.name: account.owner for account in context.accounts},
        channels={account.name: wording.CHANNEL[account.channel] for account in context.accounts},
        personal_accounts=PERSONAL_ACCOUNTS,
    )


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
        "advice": wording,
        "wording": wording,
        "limit": SHOWN_AT_THE_TOP,
    }
    environment.filters |= {
        "moment": lambda value: wording.moment(value, zone),
        "local_day": lambda value: wording.day(value.astimezone(zone).date()),
        "day": wording.day,
        "short_date": lambda value: f"{value.day} {value:%b} {value.year}",
        "link": _link,
        "wbr": _breakable,
        "pupil": lambda pupil_id: _pupil(pupil_id, context),
        "explain": lambda explanation, finding: _named(explanation, finding, context),
        "quotes": _quotes,
        "headings": lambda card: "; ".join(dict.fromkeys(wording.heading(group.first) for group in card.groups)),
        "request": lambda card: take_down_request(card, context),
        "words_quote": lambda evidence: quote(evidence.words, [(evidence.start, evidence.end)]),
        "still_up": lambda place: wording.still_up(place.last_checked, audit.started_at, zone, place.removed),
        "plural": lambda count, one, many: one if count == 1 else many,
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
        return f"pupil {pupil_id} (no longer in the register)"
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

EMPTY = Markup('<span class="empty">(not filled in)</span>')


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
    )


def _cell(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(escape(visible(text))) if text.strip() else EMPTY


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
