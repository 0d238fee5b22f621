"""One film is one thing to decide: what is found at many of its moments is told once, at the moment that shows it best.

Of each pupil who may be in it, of each surname read in it and of faces nobody could name, one finding stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditbot.check.texts import clock, labelled
from auditbot.model import DocumentUse, Finding, PhotoEvidence, PostFacts
from auditbot.model.found import finding_id
from auditbot.sentences import Sentence, say, say_n, together

MOMENTS_NAMED = 5
"""So many further moments are named in a finding; of more, only how many there are."""
_NO_NAME = "unknown_faces"


@dataclass(frozen=True, slots=True)
class _Moment:
    """A finding at one moment of a film."""

    film: DocumentUse
    """The film."""
    second: int
    """When, in seconds from the start."""
    finding: Finding
    """What was found."""


def once_per_film(facts: PostFacts, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of one post with those at moments of a film folded, all others as they are, in their order.

    A finding that is left out always says of no pupil and of no words what none of those that stay says.
    """
    films = _films(facts)
    groups: dict[tuple[str, ...], list[_Moment]] = {}
    for finding in findings:
        found = films.get(_picture(finding))
        if found:
            film, second = found
            groups.setdefault(_group(film, finding), []).append(_Moment(film, second, finding))
    told: dict[str, Finding] = {}
    for same in groups.values():
        for best, others in _fold(same):
            told[best.finding.id] = _of_film(facts, best, others)
    return [told.get(found.id, found) for found in findings if found.id in told or _picture(found) not in films]


def _films(facts: PostFacts) -> dict[str, tuple[DocumentUse, int]]:
    """By content hash of a frame: its film and when; a frame that several films show counts for the first."""
    shown: dict[str, tuple[DocumentUse, int]] = {}
    for _, use in labelled(facts.post):
        known = facts.documents.get(use.sha256 or "")
        for picture in known.pictures if known and use.kind == "video" else ():
            shown.setdefault(picture.sha256, (use, picture.page))
    return shown


def _picture(finding: Finding) -> str:
    return finding.evidence.sha256 if isinstance(finding.evidence, PhotoEvidence) else ""


def _group(film: DocumentUse, finding: Finding) -> tuple[str, ...]:
    """Name what is told together: all that names pupils, faces nobody could name, each wording."""
    about = () if finding.pupil_ids or finding.clause == "C11" else (_words(finding),)
    nameless = finding.kind if not finding.pupil_ids else ""
    return (film.sha256 or "", finding.clause, nameless, *about)


def _words(finding: Finding) -> str:
    evidence = finding.evidence
    assert isinstance(evidence, PhotoEvidence)
    return " ".join(evidence.words[evidence.start : evidence.end].casefold().split())


def _fold(same: list[_Moment]) -> Iterator[tuple[_Moment, list[_Moment]]]:
    """Yield each moment that has to be told, with those it stands for as well."""
    if not same[0].finding.pupil_ids:
        best, *others = sorted(same, key=lambda one: (-_boxes(one), -one.finding.score, one.second))
        yield best, others
        return
    covered: set[str] = set()
    ranked = sorted(same, key=lambda one: (one.finding.band != "breach", -one.finding.score, one.second))
    for best in ranked:
        pupils = set(best.finding.pupil_ids)
        if not pupils <= covered:
            covered |= pupils
            yield best, [one for one in ranked if one is not best and pupils & set(one.finding.pupil_ids)]


def _boxes(one: _Moment) -> int:
    return len(one.finding.evidence.boxes) if isinstance(one.finding.evidence, PhotoEvidence) else 0


def _of_film(facts: PostFacts, best: _Moment, others: list[_Moment]) -> Finding:
    """Say when in the film it is, and give the finding an identity that does not hang on the moment shown."""
    found, post = best.finding, facts.post
    about = found.pupil_ids or (() if found.clause == "C11" else (_words(found),))
    when = [_when(best, others)]
    if found.kind == _NO_NAME:
        moments = len({one.second for one in (best, *others)})
        if moments > 1:
            at = clock(best.second)
            words = say(
                "The moment at %(at)s is one of %(count)s at which the film shows such faces.", at=at, count=moments
            )
            when = [words]
        when.append(say("Please watch the whole film."))
    known = facts.documents[best.film.sha256 or ""]
    looked_at = len(known.pictures)
    moments_of = (
        say_n(
            "%(count)s moment of its %(length)s minutes were looked at.",
            "%(count)s moments of its %(length)s minutes were looked at.",
            looked_at,
            length=clock(int(known.seconds)),
        )
        if known.seconds >= 1
        else say_n("%(count)s moment were looked at.", "%(count)s moments were looked at.", looked_at)
    )
    return replace(
        found,
        id=finding_id(found.clause, found.kind, post.account, post.url, best.film.sha256 or "", *about),
        explanation=together(*when, found.explanation, moments_of),
    )


def _when(best: _Moment, others: list[_Moment]) -> Sentence:
    seconds = sorted({one.second for one in others} - {best.second})
    at = clock(best.second)
    if not seconds:
        return say("At %(at)s of the film.", at=at)
    if len(seconds) > MOMENTS_NAMED:
        return say("At %(at)s of the film and at %(count)s further moments.", at=at, count=len(seconds))
    *first, last = [clock(second) for second in seconds]
    if not first:
        return say("At %(at)s of the film, also at %(last)s.", at=at, last=last)
    return say("At %(at)s of the film, also at %(first)s and %(last)s.", at=at, first=", ".join(first), last=last)
