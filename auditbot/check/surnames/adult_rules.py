"""Rules that recognise adults, by titles in front, roles and works: staff, authors, historic people, relatives."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.context import Context
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.text import Gap, letters_only
from auditbot.check.surnames.verdict import Verdict, clear
from auditbot.sentences import say

_POST_REACH = 5
_CLASS_REACH = 6
_LESSON = frozenset({"about", "like", "studied", "studying", "exploring", "discovering", "meet", "met"})
# What authors and artists do as well as children.
_MAKING = frozenset({"wrote", "written", "painted", "drew", "drawn"})
_LIFE_DATES = re.compile(r"[( ,]*(?:1[5-9]|20)\d\d ?(?:-|to) ?(?:1[5-9]|20)\d\d")
_BEFORE, _AFTER = 90, 70
"""Characters that are looked at."""


def introduced_as_adult(text: str, start: int, end: int) -> bool:
    """Whether the full name at `start` to `end` of a folded text is introduced as that of an adult or an animal."""
    if _after("after").match(text, end, end + _AFTER):
        return True
    lead = _lead(text, start)
    return _before("credits").search(lead) is not None or _before("before").search(lead) is not None


def from_outside(text: str, start: int, end: int) -> bool:
    """Whether the name at `start` to `end` signs a piece of work, or its work is told: somebody from outside."""
    return _before("credits").search(_lead(text, start)) is not None or bool(
        _after("work_after").match(text, end, end + _AFTER)
    )


def _lead(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start].rstrip(" \n\"'(")


@cache
def _table() -> dict[str, list[str]]:
    source = files("auditbot") / "data" / "words" / "adults.toml"
    table: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table


@cache
def _before(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_table()[group])})$", re.IGNORECASE)


@cache
def _after(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_table()[group])})", re.IGNORECASE)


def member_of_staff(context: Context) -> Verdict | None:
    """A title, forename, initial or role shows that a member of staff is meant."""
    if not context.staff or (context.is_small and context.surname.is_word):
        return None
    title = context.title("adult_titles", "office_titles")
    if title:
        return _titled_staff(context, title)
    if context.staff_by_forename is not None:
        return _staff_by_forename(context)
    initial = context.before()
    fits = any(letters_only(adult.forename).startswith(initial) for adult in context.staff)
    return clear("staff") if len(initial) == 1 and fits and not context.own_initial else None


def _titled_staff(context: Context, title: str) -> Verdict | None:
    if context.own_forename is not None and context.staff_by_forename is None:
        return None
    children = context.children_named(context.all_pupils)
    if children and context.before(2) in group("relative_words"):
        return _relative(children)
    titles = {letters_only(adult.title) for adult in context.staff}
    same = title in titles or title not in group("adult_titles") or (title == "miss" and bool(titles & {"mrs", "ms"}))
    return clear("staff") if same or context.staff_by_forename is not None else None


def _staff_by_forename(context: Context) -> Verdict | None:
    adult = context.staff_by_forename
    if context.own_forename is None or adult is None:
        return clear("staff")
    role_words = (
        {letters_only(word) for word in adult.role.split()}
        - context.page.roster.class_words
        - {"year", "reception", "and", "of"}
    )
    if context.near("school_staff_words") or any(word in role_words for word in context.around()):
        return clear("staff")
    if context.speaks_of_child:
        return None
    return Verdict(
        "review",
        0.5,
        "staff_or_pupil",
        say("A pupil and a member of staff have this full name."),
        context.own_forename[1],
    )


def famous_or_creator(context: Context) -> Verdict | None:
    """An author, artist, historic person or character."""
    before, surname = context.before(), context.surname
    if context.own_forename is None and _has_died(context):
        return clear("remembered")
    full = f"{before} {surname.letters}"
    if f"{surname.base} {context.after()}" in lexicon.people() or _is_longer_famous_name(context, full):
        return clear("famous")
    if before:
        famous = full in lexicon.people() or f"{context.before(2)} {full}" in lexicon.people()
        by = context.own_forename is None and context.before(2) == "by"
        if (famous or by) and _speaks_of_works(context):
            return clear("famous")
        return _famous_namesake(context) if famous else None
    alike = not surname.is_distinctive and surname.letters in lexicon.surnames_of_people()
    return clear("famous") if alike and _speaks_of_works(context) else None


def _famous_namesake(context: Context) -> Verdict | None:
    """A pupil may have that name too: the words around tell, or a person must look."""
    own = context.own_forename
    if own is None or _is_taught(context, own[0].first):
        return clear("famous")
    if context.surely_child or _stands_with_child(context):
        return None
    return Verdict(
        "review", 0.5, "famous_namesake", say("A well-known person and a pupil have this full name."), own[1]
    )


def _stands_with_child(context: Context) -> bool:
    """What follows a well-known name is said of a child: a class, a deed, another pupil's forename."""
    after = context.after()
    if after in group("weak_child_signs") - _MAKING:
        return True
    following = context.words.low[
        context.site.last + 1 : min(context.site.last + 1 + _CLASS_REACH, context.sentence.stop)
    ]
    if not context.page.roster.class_words.isdisjoint(following):
        return True
    joined = context.site.last + (2 if after in ("and", "with") else 1)
    sites = context.page.sites.forenames.get(joined, ())
    return any(context.words.is_capital(site.first) and not context.is_part_of_other_name(site) for site in sites)


def _is_taught(context: Context, first: int) -> bool:
    """A word of lessons leads to the name, or other well-known names stand in the same sentence."""
    if context.widened_to(first).before() in _LESSON:
        return True
    low, sentence = context.words.low, context.sentence
    return any(
        f"{low[index]} {low[index + 1]}" in lexicon.people()
        for index in range(sentence.start, sentence.stop - 1)
        if index not in range(first - 1, context.site.last + 1)
    )


def _has_died(context: Context) -> bool:
    """The years of a life follow, or the name is held in memory."""
    end = context.words.ends[context.site.last]
    if _LIFE_DATES.match(context.words.text, end, end + 24):
        return True
    first = context.site.first
    return any(
        context.words.low[max(0, first - steps) : first][:2] in (["memory", "of"], ["death", "of"])
        for steps in range(2, 6)
    )


def _speaks_of_works(context: Context) -> bool:
    return context.near("works") or context.near("creators")


def _is_longer_famous_name(context: Context, full: str) -> bool:
    """ "Jemima Puddle-Duck": the name goes on after a hyphen."""
    following = context.words.low[context.site.last + 1 : context.site.last + 2]
    return context.hyphenated and bool(following) and f"{full} {following[0]}" in lexicon.people()


def adult_with_full_name(context: Context) -> Verdict | None:
    """Exactly a pupil's full name, but introduced as an adult ("local historian ...", "Mrs ...")."""
    own = context.own_forename
    if own is None or own[0].first > context.site.first:
        return None
    text, span = context.words.text, context.full_name_span
    told = not context.in_compound and introduced_as_adult(text, *span)
    outside = from_outside(text, *span) and not context.of_this_school
    if _has_adult_role_after(context) or told or outside:
        return Verdict(
            "review", 0.5, "adult_with_full_name", say("A pupil's full name, introduced as an adult's."), own[1]
        )
    whole = context.widened_to(own[0].first)
    lead = whole.before()
    title = whole.title("adult_titles", "office_titles")
    if title in ("miss", "") and lead not in group("creators", "jobs") - group("child_signs"):
        return None
    if not title and (set(_lead_words(whole)) & group("child_makers") or context.among_pupils):
        return None
    return Verdict("review", 0.5, "adult_with_full_name", say("A pupil's full name, introduced as an adult's."), own[1])


def _has_adult_role_after(context: Context) -> bool:
    """A role of adults follows in the same breath (", our sports coach", "(PTA treasurer)")."""
    last = context.end_with_possessive
    following = context.words.low[last + 1 : min(last + 6, context.sentence.stop)]
    in_apposition = last + 1 < len(context.words.low) and context.words.gap(last) is Gap.COMMA
    careers = group("adult_roles") | (group("jobs") - group("children_too", "child_signs"))
    return in_apposition and any(word in careers for word in following[:5])


def _lead_words(whole: Context) -> list[str]:
    return [whole.before(2), whole.before(3)]


def named_by_work(context: Context) -> Verdict | None:
    """An occupation in front of the surname like a title ("Farmer ...")."""
    before = context.before()
    outside = before in group("jobs") - group("creators") and context.words.is_capital(context.site.first - 1)
    return clear("adult_from_outside") if outside and not context.in_compound and not context.is_small else None


def titled_adult(context: Context) -> Verdict | None:
    """A title shows an adult: a relative of a pupil, or somebody from outside."""
    title = context.title("adult_titles", "office_titles")
    if not title or context.is_small:
        return None
    pupils = context.surname.pupils
    if title == "miss" and (_belongs_to_a_class(context) or context.before(2) in ("little", "young")):
        return Verdict("breach", 0.8, "child_by_surname", say("The words around the surname speak of a child."), pupils)
    children = context.children_named(context.all_pupils)
    if children and context.near("relative_words", 3):
        return _relative(children)
    famous = f"{title} {context.surname.letters}" in lexicon.people()
    if title in group("office_titles") or context.near("jobs", 4) or famous or _comes_from_outside(context):
        return clear("adult_from_outside")
    if children:
        return _relative(children)
    explanation = say("An adult who is not on the staff list has a pupil's surname.")
    return Verdict("review", 0.5, "titled_adult", explanation, pupils)


def _comes_from_outside(context: Context) -> bool:
    """A post that only adults hold is named, or the place of work ("from ... Surgery")."""
    words = context.around(_POST_REACH)
    if not (group("adult_roles") - {"volunteer"}).isdisjoint(words):
        return True
    if context.after() not in ("from", "of", "at"):
        return False
    following = context.words.low[context.site.last + 2 : min(context.site.last + 7, context.sentence.stop)]
    return not group("businesses", "buildings", "outside_signs").isdisjoint(following)


def _relative(children: tuple[int, ...]) -> Verdict:
    explanation = say("A relative's surname stands with this pupil's forename.")
    return Verdict("breach", 0.85, "relative_and_child", explanation, children)


def _belongs_to_a_class(context: Context) -> bool:
    place = context.after(2)
    of_school = place in context.page.roster.class_words or place in ("reception", "nursery", "year")
    return context.after() in ("in", "from", "of") and of_school


def somebody_else(context: Context) -> Verdict | None:
    """On a long page with no child near, or where the text gives the surname to somebody else, it is not a pupil's."""
    if context.own_forename is not None or context.surname.form is Form.PLURAL or context.is_small:
        return None
    if context.after() in group("family_nouns", "child_nouns"):
        return None
    alone = not (context.before() and (context.stranger_forename or context.other_forename or context.own_initial))
    others = alone and context.surname.letters in context.page.borne_by_others
    if others and not context.title("adult_titles", "office_titles", "child_titles"):
        return clear("somebody_else")
    return clear("somebody_else") if context.page.is_long and not context.close_to_child else None


def similar_forename(context: Context) -> Verdict | None:
    """Nearly a pupil's forename, but another real one: "Amina" is not Amira."""
    if context.is_small or not context.like_own_forename or context.title("adult_titles", "office_titles"):
        return None
    explanation = say("Nearly a pupil's forename stands with the surname; it may be somebody else.")
    return Verdict("review", 0.5, "similar_name", explanation, context.like_own_forename)


def another_forename(context: Context) -> Verdict | None:
    """The forename of another pupil, or of nobody here, stands with the surname."""
    if context.is_small or not (context.stranger_forename or context.other_forename):
        return None
    pupils = context.surname.pupils
    children = context.children_named(context.all_pupils)
    if children and (context.near("relative_words") or context.text_has("siblings", "offspring_words")):
        return _relative(children)
    outside = _works_outside(context) or (context.other_forename is None and _comes_from_outside(context))
    if outside and context.other_forename is not None and context.surely_child:
        outside = False
    if outside or (context.in_compound and context.surname.is_common_word):
        return clear("adult_from_outside_or_words")
    if context.other_forename is not None:
        both = (*pupils, *context.page.roster.forenames[context.other_forename.letters])
        explanation = say("The forename of one pupil stands with the surname of another.")
        return Verdict("review", 0.45, "mixed_name", explanation, tuple(dict.fromkeys(both)))
    if context.near("works") or (context.in_compound and not context.surname.is_distinctive):
        return clear("creator")
    return Verdict(
        "review", 0.4, "unknown_forename", say("Somebody not on the register has a pupil's surname."), pupils
    )


def _works_outside(context: Context) -> bool:
    roles = not (group("adult_roles") - {"volunteer"}).isdisjoint(context.around(_POST_REACH))
    near = context.near("jobs", 6) or context.near("creators", 6) or roles
    return near or _has_occupation(context) or from_outside(context.words.text, *context.whole_name_span)


def _has_occupation(context: Context) -> bool:
    """The word before the forename names an occupation ("mountaineer ...", "drumming teacher ...")."""
    lead = context.before(2)
    if len(lead) < 5 or not lead.endswith(
        ("er", "or", "ist", "ian", "eer", "ant", "ess", "man", "woman", "guard", "smith")
    ):
        return False
    excluded = group("no_occupation", "relative_words", "siblings", "child_signs")
    return lead in lexicon.known_words() and lead not in excluded
