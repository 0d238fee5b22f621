"""Finds sentences that somebody should read. It quotes them, ranks them and accuses nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from auditbot.check.meaning.passages import Passage, passages_of, spans_of
from auditbot.check.meaning.reader import HEADS, LanguageModel, Scores, language_model, limits
from auditbot.check.please_read import model
from auditbot.check.please_read.conduct import HEADS as OF_STAFF
from auditbot.check.please_read.conduct import Hints, read_staff
from auditbot.check.please_read.model import RULES, THREAT, Counted, FirstLook, Vector, counted, cues, first_look
from auditbot.check.please_read.plain_rules import PLAIN_RULES, is_ordinary
from auditbot.check.please_read.text_kinds import TextKind, kind_of
from auditbot.check.prose import TITLE, Role, Span
from auditbot.sentences import Sentence, both, say

# Why a sentence is shown, in one calm sentence: without and with the kinds of words seen.

_OPENINGS: Mapping[str, tuple[Sentence, Sentence]] = {
    "commercial": (
        say("May be an offer or advertisement from which somebody gains privately. Please read."),
        say("May be an offer or advertisement from which somebody gains privately (%(seen)s). Please read."),
    ),
    "personal_campaign": (
        say("May call for support of a campaign, vote, strike or personal sponsorship. Please read."),
        say("May call for support of a campaign, vote, strike or personal sponsorship (%(seen)s). Please read."),
    ),
    "defamation_or_malicious": (
        say("May make or hint at a claim about a member of the school community. Please read."),
        say("May make or hint at a claim about a member of the school community (%(seen)s). Please read."),
    ),
    "complaint": (
        say("May be a complaint that could go through the school's own procedure. Please read."),
        say("May be a complaint that could go through the school's own procedure (%(seen)s). Please read."),
    ),
    "bullying": (
        say("May hold words that could hurt or frighten somebody. Please read."),
        say("May hold words that could hurt or frighten somebody (%(seen)s). Please read."),
    ),
    "discrimination": (
        say("May link a protected characteristic with being treated or spoken of differently. Please read."),
        say("May link a protected characteristic with being treated or spoken of differently (%(seen)s). Please read."),
    ),
    "direct_contact_with_pupil": (
        say("May address a child and could lead to private contact. Please read."),
        say("May address a child and could lead to private contact (%(seen)s). Please read."),
    ),
    "copyright": (
        say("May be about copying or sharing work, pictures or log-ins that may belong to somebody else. Please read."),
        say(
            "May be about copying or sharing work, pictures or log-ins that may belong to somebody else "
            "(%(seen)s). Please read."
        ),
    ),
}
_MENTIONED = 2


def reason(rule: str, weights: Vector, counts: Vector) -> Sentence:
    """Return the reason, naming up to two kinds of words seen that weighed most for the rule."""
    known = cues()
    weight = weights[: len(known.names)] * np.minimum(counts, 2)
    order = np.argsort(-weight, kind="stable")
    said = [known.says[known.names[i]] for i in order if weight[i] > 0 and known.names[i] in known.says][:_MENTIONED]
    plain, with_words = _OPENINGS[rule]
    return say(with_words.message, seen=both([Sentence(words) for words in said])) if said else plain


OF_THE_SCHOOL = frozenset({"school", "staff"})
ORDER = (*RULES, "conduct", "personal_use")
"""All rules, in the order in which equal scores are ranked; the last two are plain lists of words."""
UNREAD_KINDS = frozenset({"filename", "address", "author", "byline"})
PAPER_KINDS = frozenset({"post", "newsletter"})
"""Kinds of text that can be a paper: a policy, minutes, a menu, ..."""
_GRAVEST = frozenset({"direct_contact_with_pupil", THREAT})
"""What is told wherever it stands, in papers of the school too."""
_GRAVEST_HEADS, _STAFF_HEADS = (np.array([head in some for head in HEADS]) for some in (_GRAVEST, OF_STAFF))
_OF_PEOPLE = frozenset({"complaint", "bullying", "defamation_or_malicious"})
"""What people say of each other: in a long text of the school it would only find how schools write."""
LONG_TEXT = 8
"""Sentences from which a text of the school is prose, of which headings, lists and tables are no sentences."""
_LEAST_WORDS = 5
"""Words of a sentence in prose; fewer are headings and remains of tables."""
_SHORT = 50
"""Characters of a quotation that says too little by itself to be usual business."""
NEARLY = 0.7
"""A sentence is told under the rule it is most over the threshold of, and under others that are so near to that one."""
_STEEP = 2.5
"""How fast a score over its threshold nears 1."""
_UNREAD = -99.0
_BESIDE = 1.5
"""How much less than its passage's worst a sentence may score, if its own words speak for it too: what stands beside
the worst sounds a little like it."""
_NEARLY_SAID = 2.0
"""How far under its limit a sentence may score within its passage to be heard alone or with its paragraph: other news
beside it speaks against it (the demo school's posts, 2026-11-30)."""
_SURELY_NOT_GRAVE = -8.0
"""A sentence that scores less for a threat or private contact in its passage is not heard alone: of sixty grave cases
put among six ordinary sentences none does, and three in four sentences are spared a second reading (2026-11-30)."""
WORDS_TOO = 0.5
"""How much of what the first look says of a sentence's words is added to what the model says of its meaning. Of four
voices that neither learned from the mean average precision of heads and speakers is .841 for .816 (2026-12-01)."""
_MORE_ALONE = np.array([0.7 * (head == "direct_contact_with_pupil") for head in HEADS], np.float32)
"""How much surer a head has to be of a sentence heard alone: to whom "Text me on ..." is said stands beside it. Of four
schools that the model did not learn from 30 of 31 are told so, and 2 wrongly (2026-11-30)."""
_PLAIN_WORDS, _AGAINST = 0.8, 1.0
"""Words for what staff should not write that are right less often only hint: nothing is told where their sentence is so
far under the head's limit. Of authors left out conduct is right in 85 of 100 cases for 67, and as much is found
(2026-11-30)."""
_ADDRESS = re.compile(
    r"\W*(?:(?:https?:)?//|www\.)\S+\W*$|(?:[\w-]+ ){0,8}\S+\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png)$", re.IGNORECASE
)
"""An address or a file's name is no sentence."""
_LETTERS = re.compile(r"[^\W\d_]")
_SPEAKS = re.compile(
    r"\b(?:i|i['’]?(?:m|ve|d|ll)|he|she|(?:he|she|they)['’](?:s|re|ll)|you['’]?re|you (?:are|will)|you['’]?ll|u|"
    r"(?:is|are|was|were) (?:an?|such|so|not|no|all|just|the)|can['’]?t|don['’]?t|won['’]?t)\b",
    re.IGNORECASE,
)
"""Words of somebody who speaks, which titles and headings seldom have."""
_MORE_OF_TITLES = 1.0
"""How much surer the gravest has to be in a title ("Stay safe online: never meet strangers")."""


@dataclass(frozen=True, slots=True)
class PleaseRead:
    """Sentences that somebody should read, under one rule of the policy."""

    rule: str
    """The rule, for example "complaint"."""
    start: int
    """First character of the quoted sentences, in code points."""
    end: int
    """One past the last character."""
    band: Literal["review"]
    """Always review: a person decides."""
    score: float
    """0.5 at the threshold to 1; comparable between rules, the worst first."""
    reason: Sentence
    """One calm sentence on what kind of words were seen."""


@dataclass(frozen=True, slots=True)
class _About:
    """What is known of a text before it is read."""

    kind: str
    author_role: str
    paper: bool
    long: bool
    title: bool
    """A title in which nobody clearly speaks."""
    spoken_caption: bool
    """A caption in which somebody speaks: beside a photo a post says what it would say without one."""

    @property
    def own(self) -> bool:
        """Whether the school or its staff speak."""
        return self.author_role in OF_THE_SCHOOL

    def hears(self) -> Vector:
        """Which heads are listened to."""
        if self.paper or self.title:
            return _GRAVEST_HEADS
        unheard = (_OF_PEOPLE if self.long and self.own else frozenset()) | (frozenset() if self.own else {*OF_STAFF})
        return np.array([head not in unheard for head in HEADS])


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: int
    first: int
    last: int
    over: float
    """By how much the score is over the threshold."""


CAPTION = "caption"
SPOKEN_KINDS = frozenset({"post", "comment", "newsletter"})
"""Kinds of text in which somebody speaks at length: no title, caption or description."""


class PleaseReadRules:
    """Loads the language model and the first look once; raises LanguageModelMissing if the model is missing."""

    def __init__(self, look: FirstLook | None = None, model: LanguageModel | None = None) -> None:
        self._look = look or first_look()
        self._model = model or language_model()
        self._index = {word: position for position, word in enumerate(self._look.words)}

    def find(
        self, text: str, *, kind: str = "post", author_role: str = "school", text_kind: TextKind | None = None
    ) -> list[PleaseRead]:
        """Return what should be read, highest score first; at most one finding a rule and quotation.

        ``text_kind`` is told where more is known than these words, for example a document's title. Of a text longer
        than ``LONGEST`` characters the rest is not read: whoever asks has to say so.
        """
        if kind in UNREAD_KINDS:
            return []
        spans = spans_of(text)
        long = len(spans) >= LONG_TEXT
        paper = author_role in OF_THE_SCHOOL and kind in PAPER_KINDS and _is_paper(text, text_kind)
        speaks = _SPEAKS.search(text) is not None
        about = _About(kind, author_role, paper, long, kind == TITLE and not speaks, kind == CAPTION and speaks)
        numbers = [number for number, span in enumerate(spans) if _is_read(text, span, about)]
        parts = [spans[number] for number in numbers]
        known = [counted(" ".join(text[part.start : part.end].split())) for part in parts]
        over = self._over(text, numbers, known, about)
        found = [self._quoted(text, parts, hit) for hit in _joined(self._hits(over, about))]
        if author_role in OF_THE_SCHOOL:
            found = [one for one in found if not is_ordinary(one.rule, _with_what_stands_beside(text, parts, one))]
        of_all = paper or about.title
        grave = frozenset({"bullying", "direct_contact_with_pupil"}) if of_all else frozenset(ORDER)
        hints = self._hints(text, numbers, known, over, about)
        searched = parts if about.own else [one for one in spans if not _ADDRESS.match(text, one.start, one.end)]
        found += [one for one in _plain(text, searched, author_role, found, hints) if one.rule in grave]
        found = _told_together(text, found)
        if not of_all and author_role in OF_THE_SCHOOL and (not long or len(spans) == len(parts)):
            found += _of_staff(parts, known, over, hints, found, about)
        return sorted(found, key=lambda f: (-f.score, ORDER.index(f.rule), f.start))

    def scores(self, text: str, *, kind: str = "post") -> Scores:
        """Return the scores of each sentence that is read of a text of the school, for measuring: sentences × heads."""
        spans = spans_of(text)
        long = len(spans) >= LONG_TEXT
        about = _About(kind, "school", paper=False, long=long, title=False, spoken_caption=False)
        numbers = [number for number, span in enumerate(spans) if _is_read(text, span, about)]
        known = [counted(" ".join(text[spans[number].start : spans[number].end].split())) for number in numbers]
        return self._over(text, numbers, known, about) + _limit(about)

    def _hits(self, over: Scores, about: _About) -> Iterator[_Hit]:
        over = np.where(about.hears(), over, -1.0)[:, : len(RULES) + 1]
        threat = HEADS.index(THREAT)
        nearest = over >= np.max(over, axis=1, initial=-1.0, keepdims=True) - NEARLY
        nearest[:, threat] = True  # the gravest is told whatever else a sentence is
        over = np.where(nearest, over, -1.0)
        for place, head in np.argwhere(over >= 0):
            rule = RULES.index("bullying") if HEADS[head] == THREAT else int(head)
            yield _Hit(rule, int(place), int(place) + 1, float(over[place, head]))

    def _over(self, text: str, numbers: Sequence[int], known: Sequence[Counted], about: _About) -> Scores:
        """Return by how much each sentence is over each head's limit; far below zero where nothing was read."""
        over = np.full((len(known), len(HEADS)), _UNREAD, np.float32)
        if not known:
            return over
        look = self._look
        looks = np.array([look.look(one, about.kind, about.author_role, self._index) for one in known])
        worth = looks >= look.gates[0 if about.own else 1]
        wanted = {numbers[place] for place in map(int, np.flatnonzero(worth))}
        places = {number: place for place, number in enumerate(numbers)}
        chosen = [one for one in passages_of(text) if any(number in wanted for number, _, _ in one.sentences)]
        limit = _limit(about)
        words = {
            number: self._of_words(known[places[number]], about)
            for one in chosen
            for number, _, _ in one.sentences
            if number in places
        }
        may_be_grave = np.zeros(len(known), bool)
        for reading in self._model.read(chosen):
            said = [(number, scores + words.get(number, 0.0)) for number, scores in reading.rules(about.own)]
            highest = np.max([scores for _, scores in said], axis=0)
            for number, scores in said:
                if number in places:
                    place = places[number]
                    may_be_grave[place] |= (scores - limit)[_GRAVEST_HEADS].max() >= _SURELY_NOT_GRAVE
                    beside = _BESIDE if looks[place] >= 0 else 0.0
                    heard = np.where((scores >= highest - beside) | (scores < limit), scores - limit, _UNREAD)
                    over[place] = np.maximum(over[place], heard)
        likely = (over >= -_NEARLY_SAID) & ~_STAFF_HEADS
        again = (looks >= 0) & (likely.any(axis=1) | (may_be_grave & (not (about.own and about.long))))
        said_so = {numbers[place] for place in map(int, np.flatnonzero(again))}
        spans = spans_of(text)
        apart = [one for whole in chosen for one in (*whole.alone(), *whole.paragraphs(spans))]
        alone = [one for one in apart if any(number in said_so for number, _, _ in one.sentences)]
        for reading in self._model.read(alone):
            for number, scores in reading.rules(about.own):
                if number in places:
                    place = places[number]
                    heard = likely[place]
                    if len(reading.passage.sentences) == 1 and not (about.own and about.long):
                        heard = heard | _GRAVEST_HEADS  # what stands beside a threat takes nothing from it
                    surer = scores + words[number] - limit - _MORE_ALONE
                    over[place] = np.where(heard, np.maximum(over[place], surer), over[place])
        return over

    def _of_words(self, one: Counted, about: _About) -> Scores:
        """Return what the words of a sentence add to each head's score; nothing in a long text of the school."""
        if about.own and about.long:
            return np.zeros(len(HEADS), np.float32)
        said = self._look.of_heads(one, about.kind, about.author_role, self._index)
        return np.asarray(WORDS_TOO * said, np.float32)

    def _hints(self, text: str, numbers: Sequence[int], known: Sequence[Counted], over: Scores, about: _About) -> Hints:
        """Return whether words that may only hint at what staff should not write are meant so, read alone too.

        Of the school's account the model has to be sure, of conduct so in the whole ("Guess who lost a tooth?").
        """

        apart: dict[int, list[Passage]] = {}

        def meant(rule: str, right: float, place: int) -> bool:
            if about.paper or rule not in OF_STAFF or right >= _PLAIN_WORDS:
                return True
            head = HEADS.index(rule)
            if rule == "conduct" and about.author_role == "school":
                return bool(over[place][head] >= 0)
            if not apart:
                for whole in passages_of(text):
                    for one in whole.alone() if len(whole.sentences) > 1 else (whole,):
                        apart.setdefault(one.sentences[0][0], []).append(one)
            alone = self._model.read(apart.get(numbers[place], []))
            more = float(self._of_words(known[place], about)[head] - limits().school[head])
            heard = [float(scores[head]) + more for one in alone for _, scores in one.rules(about.own)]
            return max([float(over[place][head]), *heard]) >= (0.0 if about.author_role == "school" else -_AGAINST)

        return meant

    def _quoted(self, text: str, parts: Sequence[Span], hit: _Hit) -> PleaseRead:
        start, end = parts[hit.first].start, parts[hit.last - 1].end
        why = reason(RULES[hit.rule], self._look.weights[hit.rule], cues().count(model.plain(text[start:end])))
        score = 1 - 0.5 * float(np.exp(-hit.over / _STEEP))
        return PleaseRead(RULES[hit.rule], start, end, "review", round(score, 3), why)


def _limit(about: _About) -> Scores:
    if not about.own:
        return limits().others
    return (limits().long if about.long else limits().school) + (_MORE_OF_TITLES if about.title else 0)


def _of_staff(
    parts: Sequence[Span],
    known: Sequence[Counted],
    over: Scores,
    hints: Hints,
    read: Sequence[PleaseRead],
    about: _About,
) -> list[PleaseRead]:
    """Conduct and private news in a short text, beside ``read``.

    Private news that is told anyway is not told again; words that speak ill are against the code of conduct whatever
    else they are. What a head alone hints at is told of no title or caption.
    """
    columns = [HEADS.index(head) for head in OF_STAFF]
    return [
        PleaseRead(one.rule, one.span.start, one.span.end, "review", one.score, one.reason)
        for one in read_staff(
            parts,
            known,
            over[:, columns],
            hints,
            by_heads=about.kind in SPOKEN_KINDS or about.spoken_caption,
            by_school=about.author_role == "school",
        )
        if not any(
            other.start <= one.span.start < other.end and (one.rule == other.rule or one.rule != "conduct")
            for other in read
        )
    ]


def _is_paper(text: str, known: TextKind | None) -> bool:
    return (known or kind_of(text)) is not TextKind.SPEAKING


def _is_read(text: str, span: Span, about: _About) -> bool:
    """Whether these words are a sentence. In what others write four words may be the threat, however much is beside."""
    if _ADDRESS.match(text, span.start, span.end) or not _LETTERS.search(text, span.start, span.end):
        return False
    if about.long and about.own:
        return span.role is Role.PROSE and len(text[span.start : span.end].split()) >= _LEAST_WORDS
    return span.role is Role.PROSE or _SPEAKS.search(text, span.start, span.end) is not None


def _with_what_stands_beside(text: str, parts: Sequence[Span], read: PleaseRead) -> str:
    """A call as short as "Vote for us!" is understood by the sentences before and after it."""
    if read.end - read.start > _SHORT:
        return text[read.start : read.end]
    before = max((part.start for part in parts if part.end <= read.start), default=read.start)
    following = next((part.end for part in parts if part.start >= read.end), read.end)
    return text[before:following]


def _plain(
    text: str, parts: Sequence[Span], author_role: str, read: Sequence[PleaseRead], hints: Hints
) -> list[PleaseRead]:
    """Return what the plain lists of words find beside ``read``, at most one a rule and sentence."""
    found: dict[tuple[str, int], PleaseRead] = {}
    by_school = author_role in OF_THE_SCHOOL
    known = {(one.rule, part.start) for one in read for part in parts if one.start <= part.start < one.end}
    for place, part in enumerate(parts):
        sentence = " ".join(text[part.start : part.end].replace("’", "'").split())
        for rule in PLAIN_RULES:
            about = (rule.rule, part.start)
            new = by_school is not rule.of_others and about not in found.keys() | known
            if new and rule.found_in(sentence) and hints(rule.rule, rule.score, place):
                found[about] = PleaseRead(*about, part.end, "review", rule.score, rule.reason)
    return list(found.values())


def _told_together(text: str, found: Sequence[PleaseRead]) -> list[PleaseRead]:
    """Join what one rule says of neighbouring sentences, be it told by a word or by the model; the surer says why."""
    joined: list[PleaseRead] = []
    for one in sorted(found, key=lambda each: (each.rule, each.start)):
        before = joined[-1] if joined else None
        if before is not None and before.rule == one.rule and not text[before.end : one.start].strip():
            surer = max(before, one, key=lambda each: each.score)
            joined[-1] = replace(surer, start=before.start, end=max(before.end, one.end))
        else:
            joined.append(one)
    return joined


def _joined(hits: Iterator[_Hit]) -> list[_Hit]:
    """Join hits of one rule that overlap or touch."""
    joined: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: (h.rule, h.first, h.last)):
        before = joined[-1] if joined else None
        if before is not None and before.rule == hit.rule and hit.first <= before.last:
            joined[-1] = _Hit(hit.rule, before.first, max(before.last, hit.last), max(before.over, hit.over))
        else:
            joined.append(hit)
    return joined
