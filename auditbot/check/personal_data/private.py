"""Whether contact details are a private person's, from the words around them: schools publish many that are not."""

from __future__ import annotations

import re
from dataclasses import replace

from auditbot.check.personal_data.births import holds_forename
from auditbot.check.personal_data.contact import UNLIKELY, PersonalData, contact_words
from auditbot.check.surnames.lexicon import forenames, surnames

CERTAIN = 0.9
"""Score from which a finding stands by itself."""
_BEFORE, _AFTER = 90, 50
_NEXT = re.compile(r"(?<!\b[A-Z])[.!?…]\s+|\n")
_ORGANISATION = re.compile(rf"\b(?:{'|'.join(contact_words()['organisations'])})\b", re.IGNORECASE)
_HOME = re.compile(
    r"\b(?:we live|i live|lives? (?:at|in|on|near)|living at|where (?:(?-i:[A-Z])\w+|he|she|they|we|i) lives?|"
    r"(?:my|our|her|his|their|\w+['’]s|\w+s['’]) (?:new )?"
    r"(?:house|home|flat|address|place|mobile|phone|number|e-?mail|family)|\w+s (?:house|flat|mobile)|"
    r"(?:my|our|her|his|their) (?:own|personal|private)|home (?:address|number|phone|e-?mail)|"
    r"round (?:at )?(?:ours|mine)|at (?:ours|mine)|come to (?:ours|mine)|"
    r"neighbours? (?:of|at)|emergency contact|(?:text|whatsapp) (?:me|us|her|him))(?!\w)",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    r"\b(?:mum|dad|mummy|daddy|nan|nanny|gran|grandma|grandad|auntie|uncle|child.?s|pupil.?s)(?!\w)", re.IGNORECASE
)
_MEETING = re.compile(
    r"\b(?:(?:party|sleepover|play ?date|barbecue|bbq)(?: is| will be)?(?: now)? (?:at|on)|moved (?:in)?to|"
    r"collect(?:ed)? from|drop(?:ped)? (?:off )?at)\b",
    re.IGNORECASE,
)
"""Said of a home as of a hall: the word for a place to visit decides."""
_AT_SOMEBODYS = re.compile(
    r"\b(?:(?:at|to|from|is) )?(?!St\b)(?<!\bSt\s)(?<!\bSt\.\s)"
    r"(?P<name>[A-Z]\w+)['’]s?(?: at)?,?(?: (?:number|no\.?))?(?=\W*$)"
)
_NAME_AFTER = re.compile(r"\s?\((?:the other )?(?P<name>[A-Z]\w+)\b")
"""Whose address it is, in a list: "1 Lifeboat Row (Hector)"."""
_HOURS = re.compile(r"\b(?:after|before)[- ]school\b(?! club)", re.IGNORECASE)
_LEADS_TO_A_PLACE = re.compile(
    r"(?:^|\b(?:at|to|from|near|by|of|outside|opposite|number|no\.?)\s|[,:;|\t–—-]\s?|[.!?]\s|\n\s*)$", re.IGNORECASE
)
_OPEN_AIR = re.compile(r"\b(?:Park|Walk|Gate|Side|Common|Heath)$|^\d{4}")
_NAME_BEFORE = re.compile(r"(?:\b[A-Z][\w'’&-]*\s?(?:&\s|and\s)?){1,3},\s*$")
_CHURCH = re.compile(r"\bSt\.? [A-Z]\w+(?:['’]?s)?,\s*$")
_INN = re.compile(r"\bThe [A-Z]\w+ (?:and |& )?[A-Z]\w+,\s*$")
_INITIAL = re.compile(r"\b[A-Z]\.?\s$")
_PERSON = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|year|class|reception|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_FLAT = re.compile(r"(?:Flat|Apartment)\b")
_CLOSE_BY = 25
_JUST_BEFORE = 45
"""Characters before an address that begins a sentence or line: "Gala Theatre. 1 Millennium Place"."""
_OFFICIAL = re.compile(
    r"@(?:[\w-]+\.)*(?:gov\.uk|gov\.wales|gov\.scot|police\.uk|nhs\.uk|nhs\.net|parliament\.uk|sch\.uk|ac\.uk)$",
    re.IGNORECASE,
)
_OF_A_GROUP = re.compile(
    r"^[\w.+'-]*(?:pta|ptfa|fosa?\b|friends|school|club|nursery|infants?|primary|academy|governors?|office|scouts?|brownies|"
    r"choir|football|team|info|admin|bookings?|church|hall|centre|group|fundrais\w*|"
    r"(?:parents?|school|pupil|parish)[._-]?council|playgroup|pre-?school|committee|treasurer|secretary|volunteers?)",
    re.IGNORECASE,
)


def of_a_person(text: str, item: PersonalData) -> PersonalData | None:
    """Return the item with the weight that the words around it give it, or None where it is an organisation's."""
    if item.kind == "date_of_birth":
        return item
    if item.kind in ("postal_address", "postcode"):
        return _address(text, item)
    if item.kind == "email":
        return _email(text[item.start : item.end], item)
    around = " ¦ ".join(_around(text, item.start, item.end))
    home = any(words.search(around) for words in (_HOME, _FAMILY, _MEETING))
    return _phone(item, home, _ORGANISATION.search(around) is not None)


def _address(text: str, item: PersonalData) -> PersonalData | None:
    """Words about living there outweigh those for a place to visit, which outweigh the family and meeting."""
    before, after = _around(text, item.start, item.end)
    if not re.search(r"\w", before):
        before = _line_before(text, item.start)[-_JUST_BEFORE:]
    homes = [found.end() for found in _HOME.finditer(before)]
    theirs = _AT_SOMEBODYS.search(before)
    if theirs is not None and holds_forename(theirs["name"]):
        homes.append(theirs.end())
    listed = _NAME_AFTER.match(after)
    if listed is not None and holds_forename(listed["name"], forenames()):
        return _to_read(replace(item, score=CERTAIN))
    if item.score <= UNLIKELY:
        if (homes and len(before) - homes[-1] <= _CLOSE_BY) or _HOME.search(after[:_CLOSE_BY]):
            return replace(item, score=0.95)
        return _perhaps_a_house(text, item, before, after)
    if homes or _HOME.search(after):
        return replace(item, score=0.95)
    return _without_a_home(text, item, before, after)


def _perhaps_a_house(text: str, item: PersonalData, before: str, after: str) -> PersonalData | None:
    """ "19 Kestrel Way" with nothing that says whose: to be read where the words lead up to a place."""
    leads = _LEADS_TO_A_PLACE.search(text[max(0, item.start - _CLOSE_BY) : item.start])
    if leads is None or _OPEN_AIR.search(text[item.start : item.end]):
        return None
    if _ORGANISATION.search(_HOURS.sub("", f"{before} ¦ {after}")) or _of_a_firm(before):
        return None
    return replace(item, score=0.6)


def _of_a_firm(before: str) -> bool:
    """ "Costcutter, 5 High Street": a name in capitals leads up to it which is no person's."""
    if _CHURCH.search(before) or _INN.search(before):
        return True
    name = _NAME_BEFORE.search(before)
    if name is None or _PERSON.search(name.group()):
        return False
    if _INITIAL.search(before, 0, name.start()):
        return False
    words = [word.lower().rstrip("'’s") for word in re.findall(r"[^\W\d_]+", name.group())]
    return not any(word in forenames() or word in surnames() for word in words)


def _without_a_home(text: str, item: PersonalData, before: str, after: str) -> PersonalData | None:
    around = f"{before} ¦ {after}"
    family, meeting = _FAMILY.search(around) is not None, _MEETING.search(around) is not None
    if _ORGANISATION.search(_HOURS.sub("", around)):
        near_by = meeting and not _ORGANISATION.search(_HOURS.sub("", before))
        return _to_read(item) if (family or near_by) and item.kind == "postal_address" else None
    if family or meeting:
        return replace(item, score=0.95)
    if item.kind == "postcode" or _of_a_firm(before):
        return None
    return item if _FLAT.match(text, item.start) else _to_read(item)


def _to_read(item: PersonalData) -> PersonalData:
    return replace(item, score=min(item.score, 0.65))


def _email(address: str, item: PersonalData) -> PersonalData | None:
    if _OFFICIAL.search(address):
        return None
    return replace(item, score=0.6) if _OF_A_GROUP.match(address.split("@", maxsplit=1)[0]) else item


def _phone(item: PersonalData, home: bool, organisation: bool) -> PersonalData | None:
    mobile = item.score >= CERTAIN
    if home:
        return replace(item, score=0.95)
    if organisation:
        return replace(item, score=0.6) if mobile else None
    return item


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words of the same sentence before and after; the details themselves, like "Church Road", count not."""
    before = text[max(0, start - _BEFORE) : start]
    after = text[end : end + _AFTER]
    return _NEXT.split(before)[-1], _NEXT.split(after, maxsplit=1)[0]


def _line_before(text: str, start: int) -> str:
    """Return the sentence or line before an address that begins its own."""
    parts = [part for part in _NEXT.split(text[max(0, start - _BEFORE) : start]) if re.search(r"\w", part)]
    return parts[-1] if parts else ""
