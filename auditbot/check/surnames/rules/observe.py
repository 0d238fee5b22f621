"""Compute the features of a place: everything that the rules will ask about it."""

import re
from functools import cache

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Spelling
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form, PupilName, StaffName, Surname, parts_of
from auditbot.check.surnames.rules import company
from auditbot.check.surnames.rules.bearer import (
    Bearer,
    Bearers,
    plainly_joined,
    pupils_by_initial,
    pupils_nearly_called,
    reads_like_a_forename,
)
from auditbot.check.surnames.rules.features import Beside, ChildSigns, Colleague, Features, Spelled, WholeName
from auditbot.check.surnames.rules.introduced import (
    from_outside,
    holds_a_role,
    introduced_as_adult,
    is_aged_as_a_pupil,
    is_of_long_ago,
)
from auditbot.check.surnames.rules.place import Place
from auditbot.check.surnames.text import Gap, letters_only

_SHORT_TEXT = 40
_CLOSE_BY = 8
_CLASS_REACH = 6
_ROLE_REACH = 5
_MOST_STEPS = 3
_YEARS_AFTER = 12
"""Characters after the last word of a sentence in which years may stand."""
_SCHOOL = frozenset({"year", "reception", "nursery", "playground"})
_ROLE_WORDS_OF_ALL = frozenset({"year", "reception", "and", "of"})
_WOMEN = frozenset({"mrs", "ms", "miss"})
_OWNERS = frozenset({"sons", "son", "co", "daughters", "daughter", "company", "partners", "bros"})
_MAILBOX = re.compile(r"[\w.+%-]{0,64}@[\w-]{1,64}\.")
_HOUSE_NUMBER = re.compile(r"(?<![\w<£])\d{1,4}[A-Za-z]? ?$")
_LIFE_DATES = re.compile(r"[( ,]*(?:1[5-9]|20)\d\d ?(?:-|to) ?(?:1[5-9]|20)\d\d")


def features_of(place: Place, surname: Surname, bearer: Bearer, bearers: Bearers) -> Features:
    """Return the features of `surname` at `place`, borne there by `bearer` among the `bearers` of the whole text."""
    page, low, sentence = place.page, place.page.words.low, place.sentence()
    before, after = low[sentence.start : place.first][::-1], low[place.last + 1 : sentence.stop]
    beside = _beside(place)
    anybody = surname.pupils + surname.also
    children = company.children_named(place, anybody)
    among_pupils = company.stands_with_other_pupils(place, sentence, bearers.pairs)
    return Features(
        surname=surname,
        name=_spelled(place),
        beside=beside,
        whole=_whole_name(place, surname, bearer, sentence),
        initial=pupils_by_initial(place, surname),
        in_register_order=page.words.ends[place.last] in page.rows,
        similar=pupils_nearly_called(place, surname, bearer),
        mixed=_mixed(place, surname, bearer),
        stranger=bearer.stranger,
        titles=bearer.titles,
        title=bearer.title("adult_titles", "office_titles"),
        colleague=_colleague(place, surname, bearer, {*before, *after}),
        others_name=surname.letters in bearers.borne_by_others,
        introduced_from_outside=bearer.own is None and not place.in_compound and _is_introduced(place, bearer),
        formal_list=_formal_list(place, sentence),
        long_ago=is_of_long_ago(
            page.words.text[page.words.starts[sentence[0]] : page.words.ends[sentence[-1]] + _YEARS_AFTER]
        ),
        forename_of_next=company.is_forename_of_next(place, surname),
        middle_name=company.is_middle_name(place, surname),
        children=children,
        children_of_owners=tuple(i for i in children if i in surname.pupils),
        among_pupils=among_pupils,
        listed_with_others=company.listed_with_others(place, sentence, anybody),
        in_a_row=company.in_a_row(place),
        among_places=company.among_places(place),
        child=_child_signs(place, beside, before, after, named=bool(children), among_pupils=among_pupils),
        words_before=tuple(before),
        words_after=tuple(after),
        short_text=frozenset(_short(place, before, after)),
        headline=page.words.is_capital_text(sentence),
        has_capitals=page.has_capitals,
        some_capitals=page.some_capitals,
        long_page=page.is_long,
        roster_forename=surname.letters in page.roster.forenames,
        class_name=low[place.first] in page.roster.class_words,
    )


def _short(place: Place, before: list[str], after: list[str]) -> list[str]:
    """The words of a short text, or of the sentence in a long one."""
    low = place.page.words.low
    return low if len(low) <= _SHORT_TEXT else before + after


def _child_signs(
    place: Place, beside: Beside, before: list[str], after: list[str], *, named: bool, among_pupils: bool
) -> ChildSigns:
    low, classes = place.page.words.low, place.page.roster.class_words
    strong, weak = lexicon.vocabulary()["child_signs"], lexicon.vocabulary()["weak_child_signs"]
    around, short = {*before, *after}, _short(place, before, after)
    sign = not strong.isdisjoint(around)
    close = not (strong.isdisjoint(before[:_CLOSE_BY]) and strong.isdisjoint(after[:_CLOSE_BY]))
    cheered = beside.before in lexicon.vocabulary()["cheers"] and not beside.after_is_capital
    in_short = len(low) <= _SHORT_TEXT and not strong.isdisjoint(low)
    strongly = sign or cheered or beside.label_before or in_short
    of_school = not (classes.isdisjoint(short) and _SCHOOL.isdisjoint(short))
    by_words = strongly or not weak.isdisjoint(around) or of_school
    return ChildSigns(
        surely=strongly or among_pupils,
        perhaps=by_words or among_pupils,
        by_words=by_words,
        of_this_school=among_pupils or sign or not classes.isdisjoint(around),
        close=close or among_pupils or named,
    )


def _colleague(place: Place, surname: Surname, bearer: Bearer, sentence: set[str]) -> Colleague:
    adults = place.page.roster.staff_by_surname.get(surname.base, [])
    title = bearer.title("adult_titles", "office_titles")
    return Colleague(
        surname=bool(adults),
        forename=bearer.staff is not None,
        title=bool(title) and _may_be_theirs(title, adults),
        role=_names_their_role(place, bearer, sentence),
    )


def _spelled(place: Place) -> Spelled:
    words, first, last = place.page.words, place.first, place.last
    number = words.compound.get(first)
    handle = number is not None and words.text[: words.starts[words.compound_starts[number]]].endswith("@")
    joined_after = last + 1 < len(words.low) and words.gap_text(last) == "-"
    return Spelled(
        spelling=place.spelling,
        letters="".join(words.low[first : last + 1]),
        in_compound=number is not None,
        in_handle=handle,
        in_mailbox=number is not None and _MAILBOX.match(words.text, words.ends[last]) is not None,
        small=place.is_small,
        capital=words.is_capital(first),
        last_capital=words.is_capital(last),
        hyphenated=joined_after or (first > 0 and words.gap_text(first - 1) == "-"),
        possessive=place.end > last,
        after_dot=first > 0 and words.gap(first - 1) is Gap.DOT,
    )


def _beside(place: Place) -> Beside:
    words, first, end = place.page.words, place.first, place.end
    low = words.low
    before, after = [*place.before(), "", ""], [*place.after(), "", "", ""]
    labels = lexicon.vocabulary()["labels"]
    return Beside(
        before=before[0],
        before_2=before[1],
        before_is_capital=bool(before[0]) and words.is_capital(first - 1),
        before_is_forename=before[0] in place.page.roster.forenames,
        after_possessive=first > 1 and low[first - 1] == "s" and "'" in words.gap_text(first - 2),
        second_in_sentence=place.widened_to(first - 1).starts_sentence if first else True,
        after=after[0],
        after_2=after[1],
        after_3=after[2],
        after_is_capital=bool(after[0]) and place.after_is_capital,
        from_a_name=_from_a_name(place, after),
        after_2_is_class=after[1] in place.page.roster.class_words,
        after_2_is_capital=bool(after[1]) and words.is_capital(end + 2),
        capitals_after=tuple(place.capitals_after()),
        surname_after=company.reads_like_a_surname(place, place.last + 1),
        partners_after=_with_partners(place),
        label_before=not labels.isdisjoint(low[max(0, first - 3) : first]),
        memory_before=_has_died(place),
    )


def _with_partners(place: Place) -> bool:
    words, end = place.page.words, place.end
    gap = words.text[words.ends[end] : words.ends[end] + 3].strip()
    owner = end + 1 if gap == "&" else end + 2
    joined = gap == "&" or words.low[end + 1 : end + 2] == ["and"]
    if not joined or owner >= len(words.low) or words.low[owner] not in _OWNERS:
        return False
    return owner + 1 not in place.page.sites.forenames or words.is_capital(owner)


def _has_died(place: Place) -> bool:
    """The years of a life follow, or the name is held in memory."""
    words, first = place.page.words, place.first
    end = words.ends[place.last]
    if _LIFE_DATES.match(words.text, end, end + 24):
        return True
    leads = (words.low[max(0, first - steps) : first][:2] for steps in range(2, 6))
    return any(lead in (["memory", "of"], ["death", "of"]) for lead in leads)


def _is_introduced(place: Place, bearer: Bearer) -> bool:
    text, span = place.page.words.text, whole_name_span(place, bearer)
    return from_outside(text, *span) or holds_a_role(text, *span)


def _formal_list(place: Place, sentence: range) -> bool:
    low, titles = place.page.words.low, lexicon.vocabulary()["adult_titles"]
    formal = [index for index in sentence[:-2] if low[index] in titles and len(low[index + 1]) == 1]
    return len(formal) > 1


def _from_a_name(place: Place, after: list[str]) -> bool:
    words, index = place.page.words, place.end + 3
    led = after[0] in ("from", "of", "at") and after[1] == "the" and index < len(words.low)
    return led and words.is_capital(index) and words.low[index] not in place.page.roster.class_words | _SCHOOL


def _may_be_theirs(title: str, adults: list[StaffName]) -> bool:
    titles = {letters_only(adult.title) for adult in adults}
    return title in titles or title not in group("adult_titles") or (title in _WOMEN and bool(titles & _WOMEN))


def _names_their_role(place: Place, bearer: Bearer, sentence: set[str]) -> bool:
    if bearer.staff is None:
        return False
    role = {letters_only(word) for word in bearer.staff.role.split()}
    role -= place.page.roster.class_words | _ROLE_WORDS_OF_ALL
    return not sentence.isdisjoint(role | lexicon.vocabulary()["school_staff_words"])


def _mixed(place: Place, surname: Surname, bearer: Bearer) -> tuple[int, ...]:
    if bearer.other is None:
        return ()
    return tuple(dict.fromkeys((*surname.pupils, *place.page.roster.forenames[bearer.other.letters])))


def _whole_name(place: Place, surname: Surname, bearer: Bearer, sentence: range) -> WholeName:
    own, words = bearer.own, place.page.words
    if own is None:
        return _NOBODY
    whole = place.widened_to(own.first)
    text, (start, end) = words.text, full_name_span(place, bearer)
    lead = [*whole.before(), "", "", ""]
    well_known = surname.letters in lexicon.surnames_of_people()
    exact = surname.form is Form.FULL and place.spelling is not Spelling.MISSPELT
    titles = Bearer(None, (), None, "", None, tuple(whole.possible_titles()))
    return WholeName(
        pupils=bearer.own_pupils,
        forename=own.letters,
        exact=exact and "".join(words.low[own.first : own.last + 1]) == own.letters,
        comes_first=own.first <= place.first,
        is_capital=words.is_capital(own.first),
        plainly_joined=plainly_joined(place) or own.first > place.first,
        lead=(lead[0], lead[1], lead[2]),
        starts_sentence=whole.starts_sentence,
        title=titles.title("adult_titles", "office_titles"),
        numbered=_is_numbered(text, words.starts[whole.first], end),
        holds_a_role=holds_a_role(text, start, end),
        introduced=introduced_as_adult(text, start, end),
        from_outside=from_outside(text, start, end),
        aged=is_aged_as_a_pupil(text, end),
        role_after=_has_adult_role_after(place, sentence),
        other_well_known=well_known and _other_well_known(place, own.first, sentence),
        class_after=_class_after(place, sentence),
        child_after=_class_after(place, sentence) or _pupil_after(place),
    )


_NOBODY = WholeName(
    pupils=(),
    forename="",
    exact=False,
    comes_first=False,
    is_capital=False,
    plainly_joined=False,
    lead=("", "", ""),
    starts_sentence=False,
    title="",
    numbered=False,
    holds_a_role=False,
    introduced=False,
    from_outside=False,
    aged=False,
    role_after=False,
    other_well_known=False,
    class_after=False,
    child_after=False,
)


def _is_numbered(text: str, start: int, end: int) -> bool:
    """The number of a house stands right before a name, and no day after it."""
    numbered = _HOUSE_NUMBER.search(text, max(0, start - 7), start) is not None
    return numbered and not text[end : end + 2].strip(" ").isdigit()


def _has_adult_role_after(place: Place, sentence: range) -> bool:
    words, end = place.page.words, place.end
    following = words.low[end + 1 : min(end + 1 + _ROLE_REACH, sentence.stop)]
    in_apposition = end + 1 < len(words.low) and words.gap(end) is Gap.COMMA
    return in_apposition and not _careers().isdisjoint(following)


@cache
def _careers() -> frozenset[str]:
    return group("adult_roles") | (group("jobs") - group("children_too", "child_signs"))


def _other_well_known(place: Place, first: int, sentence: range) -> bool:
    low, own = place.page.words.low, range(first - 1, place.last + 1)
    pairs = (f"{low[index]} {low[index + 1]}" for index in range(sentence.start, sentence.stop - 1) if index not in own)
    return any(pair in lexicon.people() for pair in pairs)


def _class_after(place: Place, sentence: range) -> bool:
    following = place.page.words.low[place.last + 1 : min(place.last + 1 + _CLASS_REACH, sentence.stop)]
    return not place.page.roster.class_words.isdisjoint(following)


def _pupil_after(place: Place) -> bool:
    page, last = place.page, place.last
    joined = last + (2 if place.after()[:1] in (["and"], ["with"]) else 1)
    sites = page.sites.forenames.get(joined, ())
    return any(page.words.is_capital(site.first) and not company.is_part_of_other_name(place, site) for site in sites)


def full_name_span(place: Place, bearer: Bearer) -> tuple[int, int]:
    """Return where the name begins and ends in the folded text: forename, signs between and surname."""
    words, own = place.page.words, bearer.own
    first = min(place.first, own.first) if own else place.first
    last = max(place.last, own.last) if own else place.last
    return words.starts[first], words.ends[last]


def whole_name_span(place: Place, bearer: Bearer) -> tuple[int, int]:
    """Return where the name begins and ends with the title and the names in capitals that lead up to it."""
    words, index = place.page.words, place.first
    start, end = full_name_span(place, bearer)
    for _ in range(_MOST_STEPS):
        if not place.linked(index - 1, across_lines=False):
            break
        low = words.low[index - 1]
        if not words.is_capital(index - 1) and not (place.is_small and low in lexicon.forenames()):
            break
        if not (place.is_title(index - 1) or len(low) == 1 or reads_like_a_forename(place, low)):
            break
        index -= 1
    return min(start, words.starts[index]), end


def of_the_class_named(place: Place, pupils: tuple[int, ...]) -> tuple[int, ...]:
    """Return those of `pupils` whose class or year the sentence names; all of them when it names none."""
    if len(pupils) < 2:
        return pupils
    words, sentence = place.page.words, place.sentence()
    text = words.text[words.starts[sentence[0]] : words.ends[sentence[-1]] + 2].lower()
    around = {*words.low[sentence.start : place.first], *words.low[place.last + 1 : sentence.stop]}
    roster = place.page.roster
    return tuple(i for i in pupils if _in_class(roster.pupils[i], text, around)) or pupils


def _in_class(pupil: PupilName, text: str, words: set[str]) -> bool:
    named = [word for word in parts_of(pupil.class_name) if len(word) > 2]
    if named and all(word in words for word in named):
        return True
    year = pupil.year_group.strip().lower()
    return bool(year) and re.search(rf"(?<!\w){re.escape(year)}(?!\w)", text) is not None
